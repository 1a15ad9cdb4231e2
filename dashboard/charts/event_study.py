"""Before and after the start of an initiative: how much farther the units that had it have moved."""

from typing import Literal

import altair as alt

from dashboard.analysis.difference_in_differences import EventPoint, Experiment
from dashboard.charts.axis import signed_axis, value_axis
from dashboard.charts.marks import Layer, Row, extent, inline
from dashboard.charts.theme import Palette
from dashboard.definitions.model import Board
from dashboard.units import Unit

HEIGHT = 190


def event_study(
    found: Experiment,
    palette: Palette,
    board: Board,
    *,
    unit: Unit,
    period: str,
    span: int = 1,
    width: int | Literal["container"] = "container",
) -> alt.LayerChart:
    """Draw the difference by period, each with its interval; before the start it should lie about zero.

    Args:
        unit: of the metric; differences of percentages are drawn in points.
        period: what the axis counts: `months`.
        span: how many of them each point is.
    """
    times, unit = (100.0, Unit.POINTS) if unit is Unit.PERCENT else (1.0, unit)
    rows = [_row(each, span, times) for each in found.events]
    low, high = extent(
        [0.0, *(row[end] for row in rows for end in ("value", "low", "high"))], from_zero=False
    )
    places = [row["relative"] for row in rows] or [0]
    x = alt.X(
        "relative:Q",
        title=f"{period.capitalize()} since the start ({found.treated} treated, {found.controls} controls)",
        axis=signed_axis(min(places), max(places), step=span),
        scale=alt.Scale(domain=[min(places) - 0.7 * span, max(places) + 0.7 * span], nice=False),
    )
    axis = value_axis(low, high, unit, board)
    axis.title = f"Difference, {unit.value.replace('_', ' ')}"
    y = alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=[low, high], nice=False, zero=False))
    zero = Layer(inline([{"value": 0.0}])).mark_rule(color=palette.muted).encode(y=y)
    start = (
        Layer(inline([{"relative": -0.5 * span}]))
        .mark_rule(color=palette.target, strokeDash=[4, 3])
        .encode(x=x)
    )
    layers = [zero, start, *_differences(rows, x, y, palette)]
    return alt.LayerChart(layer=layers, width=width, height=HEIGHT)


def _differences(rows: list[Row], x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """The interval of each period, where it has one, behind its difference."""
    base = Layer(inline(rows))
    spans = base.transform_filter("datum.low != null && datum.high != null").mark_rule(
        color=palette.customer, strokeWidth=1.6
    )
    heads = base.mark_point(filled=True, size=62, opacity=1, stroke=palette.customer, strokeWidth=1.4).encode(
        x=x,
        y=y,
        fill=alt.FillValue(palette.paper).condition(test="datum.kind == 'after'", value=palette.customer),
    )
    return [spans.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")), heads]


def _row(event: EventPoint, span: int, times: float) -> Row:
    """A point at its place in periods, its values as many `times` as their unit is drawn."""
    return {
        "relative": event.relative * span,
        "value": event.value * times,
        "low": None if event.low is None else event.low * times,
        "high": None if event.high is None else event.high * times,
        "kind": "before" if event.relative < 0 else "after",
    }
