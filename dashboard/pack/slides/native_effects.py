"""Drawings of effects: initiatives in a row each, the study of one by groups, and months before and after."""

from dashboard.board.effect_drawings import Effects, EventStudy, Interrupted
from dashboard.charts.theme import LIGHT
from dashboard.pack.number_formats import value_code
from dashboard.pack.slides.chart_model import (
    Fill,
    Form,
    Marker,
    NativeChart,
    Plot,
    Scale,
    Series,
    Stroke,
)
from dashboard.pack.slides.chart_table import ChartTable, Column
from dashboard.pack.slides.native_scatter import behind_a_dot, names_at, pieces, texts_at
from dashboard.pack.slides.scales import of_items, of_places, rounded
from dashboard.units import MINUS, Unit, format_month_tick

EFFECTS_PLOT = Plot(0.28, 0.1, 0.7, 0.78)
STUDY_PLOT = Plot(0.09, 0.1, 0.88, 0.74)
TEXT_ROOM = 0.3  # of the axis, for the figures behind the intervals
SPAN = Stroke(LIGHT.customer, 1.5)
START = Stroke(LIGHT.target, 1.0, "dash")
SIGNED = f'"+"0;"{MINUS}"0;0'


def effects_chart(
    drawing: Effects, names: tuple[str, ...], name: str, description: str, scale: Scale | None = None
) -> NativeChart:
    """Round where groups were compared, a diamond elsewhere; filled where the interval leaves zero out."""
    rows, board = drawing.rows, drawing.board
    ends = [end for row in rows for end in (row.value, row.low, row.high)]
    scale = scale or _roomy(of_items([0.0, *ends], Unit.POINTS, board, from_zero=False))
    code = value_code(max(abs(scale.low), abs(scale.high)), Unit.POINTS, board)
    right = tuple(
        behind_a_dot(max(0.0, *(end or 0.0 for end in (row.value, row.high))), scale) for row in rows
    )
    columns = [
        Column("Place", tuple(float(place) for place in range(1, len(rows) + 1))),
        *pieces("95% interval", [(row.low, row.high) for row in rows], code),
        Column("Right end", right, code),
        Column("Name at", tuple(scale.low for _ in rows), code),
        Column("No effect", tuple(0.0 for _ in rows), code),
    ]
    series = [
        Series(5, along=0, stroke=Stroke(LIGHT.muted, 1.0)),
        Series(1, along=2, stroke=SPAN),
    ]
    for compared, told in ((True, "groups compared"), (False, "before against after")):
        for counts, clear in ((True, "interval without zero"), (False, "not told from none")):
            found = [row.value if (row.compared, row.counts) == (compared, counts) else None for row in rows]
            if any(value is not None for value in found):
                columns.append(Column(f"Effect, {told}, {clear}", tuple(found), code))
                marker = _marker("circle" if compared else "diamond", filled=counts)
                series.append(Series(len(columns) - 1, along=0, marker=marker, in_legend=True))
    series += [texts_at([row.figure for row in rows], 3), names_at(names, 4)]
    return NativeChart(
        name=name,
        form=Form.SCATTER,
        table=ChartTable("Initiative", tuple(row.label for row in rows), tuple(columns)),
        series=tuple(series),
        scale=scale,
        places=of_places(len(rows)),
        plot=EFFECTS_PLOT,
        description=description,
    )


def _roomy(scale: Scale) -> Scale:
    high = scale.high + TEXT_ROOM * (scale.high - scale.low)
    return Scale(scale.low, float(f"{high:.4g}"), scale.step, scale.code, title="Effect in points")


def _marker(symbol: str, *, filled: bool) -> Marker:
    return Marker(symbol, 9, Fill(LIGHT.customer if filled else LIGHT.rule), Stroke(LIGHT.customer, 1.25))


def event_study_chart(drawing: EventStudy, name: str, description: str) -> NativeChart:
    """The differences by spans of months, hollow before the start; zero is what no effect looks like."""
    found, span = drawing.found, drawing.span
    times, unit = (100.0, Unit.POINTS) if drawing.unit is Unit.PERCENT else (1.0, drawing.unit)
    code = value_code(1.0, unit, drawing.board)
    at = [float(each.relative * span) for each in found.events]
    values = [each.value * times for each in found.events]
    ends: list[float | None] = []
    places: list[float | None] = []
    for place, each in zip(at, found.events, strict=True):
        if each.low is not None and each.high is not None:
            ends += [each.low * times, each.high * times, None]
            places += [place, place, None]
    known = [0.0, *values, *(end for end in ends if end is not None)]
    down = rounded(min(known), max(known), unit, drawing.board)
    first, last = min(at, default=0.0) - span, max(at, default=0.0) + span
    columns = (
        Column("Months since the start", tuple(at), SIGNED),
        Column("Before", tuple(v if p < 0 else None for p, v in zip(at, values, strict=True)), code),
        Column("With it", tuple(v if p >= 0 else None for p, v in zip(at, values, strict=True)), code),
        Column("Interval at", tuple(places[:-1]), SIGNED),
        Column("95% intervals", tuple(ends[:-1]), code),
        Column("Ends of the axis", (first, last), SIGNED),
        Column("No difference", (0.0, 0.0), code),
        Column("Start at", (-span / 2, -span / 2)),
        Column("Start", (down.low, down.high), code),
    )
    series = (
        Series(5, along=6, named=6, stroke=Stroke(LIGHT.muted, 1.0)),
        Series(7, along=8, named=8, stroke=START, in_legend=True),
        Series(3, along=4, named=4, stroke=SPAN),
        Series(0, along=1, named=1, marker=_marker("circle", filled=False), in_legend=True),
        Series(0, along=2, named=2, marker=_marker("circle", filled=True), in_legend=True),
    )
    title = f"Months since the start ({found.treated} treated, {found.controls} controls)"
    return NativeChart(
        name=name,
        form=Form.SCATTER,
        table=ChartTable("Months", tuple(str(int(place)) for place in at), columns),
        series=series,
        scale=Scale(first, last, float(span), SIGNED, title=title),
        places=down,
        plot=STUDY_PLOT,
        description=description,
    )


def interrupted_chart(drawing: Interrupted, name: str, description: str) -> NativeChart:
    """The months as dots, the lines that fit them, and where that before the start would have led."""
    start, found = drawing.start, drawing.found
    code = value_code(1.0, drawing.unit, drawing.board)
    known = [value for value in drawing.values if value is not None]
    scale = rounded(
        min(*known, *found.fitted, *found.expected),
        max(*known, *found.fitted, *found.expected),
        drawing.unit,
        drawing.board,
    )
    count = len(drawing.months)

    def part(values: tuple[float | None, ...], first: int, last: int) -> tuple[float | None, ...]:
        return tuple(value if first <= place < last else None for place, value in enumerate(values))

    columns = (
        Column("Before", part(drawing.values, 0, start), code),
        Column("With it", part(drawing.values, start, count), code),
        Column("Line before", part(found.fitted, 0, start), code),
        Column("Line with it", part(found.fitted, start, count), code),
        Column("As the line before led", part(found.expected, start, count), code),
    )
    colour = LIGHT.line(drawing.side)
    outline = Stroke(colour, 1.0)
    series = (
        Series(2, stroke=Stroke(colour, 2.0)),
        Series(3, stroke=Stroke(colour, 2.0)),
        Series(4, stroke=Stroke(LIGHT.muted, 1.5, "dash"), in_legend=True),
        Series(0, marker=Marker("circle", 6, Fill(LIGHT.rule), outline), in_legend=True),
        Series(1, marker=Marker("circle", 6, Fill(colour), outline), in_legend=True),
    )
    dates = tuple(month.start for month in drawing.months)
    labels = tuple(format_month_tick(month, locale=drawing.board.locale) for month in drawing.months)
    return NativeChart(
        name=name,
        form=Form.LINE,
        table=ChartTable("Month", labels, columns, dates),
        series=series,
        scale=scale,
        plot=STUDY_PLOT,
        description=description,
        label_every=6,
    )
