"""The charts of a document: the same drawings as on the screen, as vector pictures of a fixed width."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from dashboard.board.panels import Exhibited, ExhibitPanel, TrendPanel
from dashboard.board.reading import Reading, State
from dashboard.board.wording import text_equivalent
from dashboard.charts.forms import drawing_spec, unchecked
from dashboard.charts.images import svg
from dashboard.charts.theme import LIGHT, Palette, vega_config
from dashboard.charts.trend import Domain, domain_of, trend
from dashboard.pack.model import PackPage

PAPER: Palette = replace(LIGHT, paper="#FFFFFF")
HALF, WHOLE = 270, 600  # pixels of a chart of months that stands beside another, and of one that has the page
HEIGHT = 118
DRAWING = 520  # pixels of the plot of an exhibit
TALLEST = 1.15  # heights of the text's width: what is taller than that is made smaller, to stay on one sheet
_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')
DRAWERS = 2


@dataclass(frozen=True)
class Picture:
    """A chart as SVG text, with its words for those who hear it."""

    svg: str
    alt: str

    @property
    def width(self) -> float:
        """Its width on the sheet, in percent of its column."""
        found = _SIZE.search(self.svg)
        if found is None:
            return 100.0
        return round(min(1.0, TALLEST * float(found[1]) / float(found[2])) * 100, 1)


@dataclass(frozen=True)
class PanelPictures:
    """The pictures of a panel, one for each reading, or the one of an exhibit; None: nothing to draw."""

    pictures: tuple[Picture | None, ...]


@dataclass(frozen=True)
class Described:
    """A chart that is to be drawn, as the JSON text of a Vega-Lite specification, with its words."""

    spec: str
    alt: str


PageCharts = Mapping[str, tuple[Described | None, ...]]  # what each panel of a page draws, by its key
PagePictures = Mapping[str, PanelPictures]


def page_charts(page: PackPage) -> PageCharts:
    """Describe the charts of every panel of a page."""
    with unchecked():
        return {
            each.key: tuple(_described(each)) for each in page.shown.panels if isinstance(each, Exhibited)
        }


def page_pictures(charts: PageCharts, drawn: Mapping[str, bytes]) -> PagePictures:
    """The pictures of a page, whose charts are among the `drawn` specifications."""
    return {
        key: PanelPictures(
            tuple(None if each is None else Picture(drawn[each.spec].decode(), each.alt) for each in panel)
        )
        for key, panel in charts.items()
    }


def draw_pages(pages: Iterable[PackPage]) -> tuple[PagePictures, ...]:
    """Draw the charts of every page; while those of one are drawn, those of the next are described.

    What several panels draw alike, such as a metric that is the neighbour of many, is drawn once.
    """
    drawings: dict[str, Future[bytes]] = {}
    charts: list[PageCharts] = []
    with ThreadPoolExecutor(DRAWERS) as drawers:
        for page in pages:
            charts.append(page_charts(page))
            for spec in specs(charts[-1]):
                if spec not in drawings:
                    drawings[spec] = drawers.submit(svg, json.loads(spec))
    drawn = {spec: drawing.result() for spec, drawing in drawings.items()}
    return tuple(page_pictures(each, drawn) for each in charts)


def specs(charts: PageCharts) -> Iterator[str]:
    """The specifications of a page's charts."""
    return (each.spec for panel in charts.values() for each in panel if each is not None)


def _described(panel: Exhibited) -> Iterator[Described | None]:
    for found in _specs(panel):
        yield None if found is None else Described(json.dumps(_still(found[0])), found[1])


def _still(spec: dict[str, Any]) -> dict[str, Any]:
    """A chart without what is told of each of its points: on paper nobody points at one.

    This is a quarter of the work of drawing it, and a third of the drawing.
    """
    layers = [
        {**layer, "encoding": {name: each for name, each in layer["encoding"].items() if name != "tooltip"}}
        for layer in spec["layer"]
    ]
    return {**spec, "layer": layers, "config": {**spec["config"], "aria": False}}


def _specs(panel: Exhibited) -> list[tuple[dict[str, Any], str] | None]:
    """What is to be drawn, as Vega-Lite specifications with their alternative texts."""
    if isinstance(panel, ExhibitPanel):
        if panel.drawing is None:
            return [None]
        spec = drawing_spec(panel.drawing, PAPER, width=DRAWING, checked=False)
        return [(spec, panel.text or panel.sentence)]
    shared = domain_of(panel.readings) if isinstance(panel, TrendPanel) and panel.readings else None
    width = HALF if len(panel.readings) > 1 else WHOLE
    return [
        (_trend(reading, shared, width), text_equivalent(reading)) if drawable(reading) else None
        for reading in panel.readings
    ]


def _trend(reading: Reading, domain: Domain | None, width: int) -> dict[str, Any]:
    chart = trend(reading, PAPER, domain=domain, width=width, height=HEIGHT)
    return {**chart, "config": vega_config(PAPER)}


def drawable(reading: Reading) -> bool:
    """Whether there is a point to draw: a chart without one would show an axis that nothing stands on."""
    has_points = any(point.figure.value is not None for point in reading.points)
    return has_points and reading.state is not State.TOO_SMALL
