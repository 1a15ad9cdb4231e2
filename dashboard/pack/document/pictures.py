"""The charts of a document: the same drawings as on the screen, as vector pictures of a fixed width."""

import json
import re
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


def draw_panels(panels: tuple[Exhibited, ...]) -> tuple[PanelPictures, ...]:
    """Draw every panel; while one is drawn, the next is described. The pictures are in the panels' order.

    What several panels draw alike, such as a metric that is the neighbour of many, is drawn once.
    """
    drawings: dict[str, Future[bytes]] = {}

    def drawn(spec: dict[str, Any]) -> Future[bytes]:
        key = json.dumps(spec)
        if key not in drawings:
            drawings[key] = drawers.submit(svg, spec)
        return drawings[key]

    with ThreadPoolExecutor(DRAWERS) as drawers, unchecked():
        found = [
            [None if each is None else (drawn(each[0]), each[1]) for each in _specs(panel)]
            for panel in panels
        ]
    return tuple(PanelPictures(tuple(_picture(each) for each in panel)) for panel in found)


def _picture(drawn: tuple[Future[bytes], str] | None) -> Picture | None:
    return None if drawn is None else Picture(drawn[0].result().decode(), drawn[1])


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
    chart = trend(reading, PAPER, domain=domain, width=width).properties(height=HEIGHT)
    # Altair's check of its own output would take longer than the drawing; the charts' tests make it.
    return {**chart.to_dict(validate=False), "config": vega_config(PAPER)}


def drawable(reading: Reading) -> bool:
    """Whether there is a point to draw: a chart without one would show an axis that nothing stands on."""
    has_points = any(point.figure.value is not None for point in reading.points)
    return has_points and reading.state is not State.TOO_SMALL
