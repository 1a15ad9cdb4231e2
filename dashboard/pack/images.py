"""Each panel of a pack as a picture with its message and its origin: SVG, and PNG of twice the pixels."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, Panel
from dashboard.charts.exhibit import panel_spec
from dashboard.charts.forms import unchecked
from dashboard.charts.images import rasterised, svg
from dashboard.charts.theme import LIGHT
from dashboard.pack.data import file_stem
from dashboard.pack.model import BoardPack

SCALE = 2.0
DRAWERS = 2


def images(pack: BoardPack, *kinds: str) -> Mapping[str, bytes]:
    """The pictures of these kinds, svg or png, by file name; each is drawn once for all of its kinds.

    A panel without a drawing has none: its table stands in its CSV file.
    """
    panels = {
        file_stem(page, panel.key): panel
        for page in pack.pages
        for panel in page.shown.panels
        if not isinstance(panel, LockedPanel | FailedPanel) and _has_drawing(panel)
    }
    with ThreadPoolExecutor(DRAWERS) as drawers, unchecked():
        drawn = {
            stem: drawers.submit(_drawn, panel_spec(panel, LIGHT, footer=pack.origin, checked=False), kinds)
            for stem, panel in panels.items()
        }
    return {f"{stem}.{kind}": made.result()[kind] for kind in kinds for stem, made in drawn.items()}


def _drawn(spec: dict[str, Any], kinds: Sequence[str]) -> dict[str, bytes]:
    vector = svg(spec)
    return {kind: vector if kind == "svg" else rasterised(vector, scale=SCALE) for kind in kinds}


def _has_drawing(panel: Panel) -> bool:
    if isinstance(panel, ExhibitPanel):
        return panel.drawing is not None
    return not isinstance(panel, LockedPanel | FailedPanel) and bool(panel.readings)
