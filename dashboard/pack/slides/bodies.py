"""Drawing -> what stands on slides in its place: native charts, native tables, else a picture."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.board.drawings import (
    Ages,
    Bullets,
    Butterfly,
    Correlogram,
    DotPlot,
    Drawing,
    Dumbbell,
    Matrix,
    Pareto,
    Register,
    Survival,
    Waterfall,
)
from dashboard.board.effect_drawings import Effects, EventStudy, Interrupted
from dashboard.board.panels import ExhibitPanel, PairPanel, TrendPanel
from dashboard.charts.forms import drawing_spec, unchecked
from dashboard.charts.images import rasterised, svg
from dashboard.charts.marks import LABEL_LETTERS, broken
from dashboard.charts.theme import LIGHT
from dashboard.definitions.model import PanelKind
from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.chart_model import NativeChart, Plot
from dashboard.pack.slides.fitting import Room
from dashboard.pack.slides.grids import ages_cells, grids, matrix_cells, sheet_cells
from dashboard.pack.slides.native_bars import bullets_chart, butterfly_chart, pareto_chart, waterfall_chart
from dashboard.pack.slides.native_effects import effects_chart, event_study_chart, interrupted_chart
from dashboard.pack.slides.native_evidence import correlogram_chart, register_chart
from dashboard.pack.slides.native_scatter import dumbbell_chart, ranking_chart, survival_chart
from dashboard.pack.slides.native_trend import natural_domain, trend_chart
from dashboard.pack.slides.plan import Charts, Grid, Picture

TWO = 2
UNDER = 32.0  # points left for the small print under a table that has the slide
ROW, LINE = 24.0, 14.0  # points that an item takes, and each further line of its name
PICTURE_WIDTH = 640
ACROSS = (0, 1, 1, 1, 2, 2, 2)  # charts in a row, by how many there are
SMALL_PLOT = Plot(0.13, 0.16, 0.78, 0.66)
SMALLEST_PLOT = Plot(0.13, 0.24, 0.78, 0.54)  # of three rows: the highest label of the axis clears the title
SMALL_DOTS = 0.6
FLAT_PLOT = Plot(0.09, 0.2, 0.84, 0.58)  # of three under one another


@dataclass(frozen=True)
class Body:
    """The slides of one drawing. `in_full` are names that are shortened on them.

    A `whole` one takes the place of the words beside it, too.
    """

    parts: tuple[Charts | Picture | Grid, ...]
    in_full: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class _Form:
    """A drawing of items: the field that holds them, and its native chart."""

    items: str
    chart: Callable[..., NativeChart]


_FORMS: Mapping[type[Any], _Form] = {
    Waterfall: _Form("steps", waterfall_chart),
    Pareto: _Form("shares", pareto_chart),
    Butterfly: _Form("gaps", butterfly_chart),
    Bullets: _Form("rows", bullets_chart),
    DotPlot: _Form("dots", ranking_chart),
    Dumbbell: _Form("gaps", dumbbell_chart),
    Register: _Form("rows", register_chart),
    Effects: _Form("rows", effects_chart),
}
_CURVES: Mapping[type[Any], Callable[[Any, str, str], NativeChart]] = {
    Survival: survival_chart,
    Correlogram: correlogram_chart,
    EventStudy: event_study_chart,
    Interrupted: interrupted_chart,
}
_GRIDS: Mapping[type[Any], Callable[[Any], Any]] = {Matrix: matrix_cells, Ages: ages_cells}


def readings_body(panel: PairPanel | TrendPanel) -> Body:
    """A line chart for each reading: of a pair one above the other, on the same months."""
    readings = panel.readings
    if not readings:
        return Body(())
    shared = natural_domain(readings) if isinstance(panel, TrendPanel) else None
    across = ACROSS[min(len(readings), len(ACROSS) - 1)]
    charts = []
    for place, reading in enumerate(readings):
        label = panel.labels[place] if panel.labels and reading.view.slice else ""
        named = label or f"{reading.metric.name} · {reading.metric.side.value}"
        title = textwrap.shorten(single_line(named), 96 // across, placeholder=" …")
        dots = SMALL_DOTS if across > 1 else 1.0
        chart = trend_chart(reading, name=f"Chart of {named}", title=title, domain=shared, dots=dots)
        if len(readings) > TWO:
            small = SMALL_PLOT if len(readings) <= TWO * across else SMALLEST_PLOT
            chart = replace(chart, plot=FLAT_PLOT if across == 1 else small)
        charts.append(chart)
    return Body((Charts(tuple(charts), across),))


def exhibit_body(panel: ExhibitPanel, room: Room, whole: Room) -> Body:
    """What an exhibit is drawn as: tables fit `room` beside the figures, or stand in `whole` slides."""
    drawing = panel.drawing
    if drawing is None:
        if panel.kind is PanelKind.NOTE or not panel.sheet.rows:
            return Body(())  # its words stand beside
        heads, rows = sheet_cells(panel.sheet)
        return _table(heads, rows, panel.text, room, whole)
    if type(drawing) in _GRIDS:
        heads, rows = _GRIDS[type(drawing)](drawing)
        return _table(heads, rows, panel.text, room, whole)
    if type(drawing) in _CURVES:
        chart = _CURVES[type(drawing)](drawing, f"Chart of {panel.key}", panel.text)
        return Body((Charts((chart,)),))
    form = _FORMS.get(type(drawing))
    if form is None:
        return Body((_picture(drawing, panel.text),))
    return _items(drawing, form, panel, room)


def _items(drawing: Drawing, form: _Form, panel: ExhibitPanel, room: Room) -> Body:
    """Charts with a line an item, as many slides as the items need, all on the scale of the whole."""
    items = getattr(drawing, form.items)
    names, in_full = short_names([_label(item) for item in items])
    lines = max((name.count("\n") + 1 for name in names), default=1)
    most = max(3, int(room.height * 0.85 // (ROW + LINE * (lines - 1))))
    chart_name = f"Chart of {panel.key}"
    scale = form.chart(drawing, names, chart_name, panel.text).scale
    parts = []
    slides = max(1, -(-len(items) // most))
    each = max(1, -(-len(items) // slides))  # as many on each slide, not two on the last
    for first in range(0, max(1, len(items)), each):
        part = replace(drawing, **{form.items: items[first : first + each]})
        chart = form.chart(part, names[first : first + each], chart_name, panel.text, scale)
        parts.append(Charts((_lowered(chart, most),)))
    return Body(tuple(parts), in_full)


def _lowered(chart: NativeChart, most: int) -> NativeChart:
    """A chart of few items is not stretched: bars as thick as bricks tell no more."""
    share = min(1.0, max(6, len(chart.table.labels)) / most * 1.7)
    return replace(chart, plot=replace(chart.plot, height=chart.plot.height * share))


def _label(item: Any) -> str:
    n_text = getattr(item, "n_text", "")
    return f"{item.label} (n {n_text})" if n_text else str(item.label)


def short_names(labels: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names in at most three lines, as on the screen; what is shortened has a number, and is told in full."""
    names: list[str] = []
    in_full: list[str] = []
    for label in labels:
        clean = single_line(label)
        lines = broken(clean, LABEL_LETTERS)
        if lines and lines[-1].endswith("…"):
            in_full.append(f"[{len(in_full) + 1}] {clean}")
            lines = broken(clean, LABEL_LETTERS - 3)
            lines[-1] += f" [{len(in_full)}]"
        names.append("\n".join(lines))
    return tuple(names), tuple(in_full)


def _table(heads: tuple[str, ...], rows: Any, description: str, room: Room, whole: Room) -> Body:
    beside = grids(heads, rows, room, description)
    if len(beside) == 1:
        return Body(beside)
    room = replace(whole, height=whole.height - UNDER)
    return Body(grids(heads, rows, room, description), whole=True)


def _picture(drawing: Drawing, description: str) -> Picture:
    with unchecked():
        spec = drawing_spec(drawing, LIGHT, width=PICTURE_WIDTH, checked=False)
    vector = svg(spec)
    return Picture(vector, rasterised(vector), description, _ratio(vector))


def _ratio(vector: bytes) -> float:
    """Height by width, as the picture itself says."""
    head = vector[:400].decode(errors="replace")
    box = head.partition('viewBox="')[2].partition('"')[0].split()
    return float(box[3]) / float(box[2])
