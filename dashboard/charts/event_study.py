"""Before and after the start of an initiative: how much farther the units that had it have moved."""

from typing import Literal

import altair as alt

from dashboard.analysis.difference_in_differences import Experiment
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
    width: int | Literal["container"] = "container",
) -> alt.LayerChart:
    """Draw the difference by period, each with its interval; before the start it should lie about zero.

    Args:
        unit: of the metric.
        period: what the axis counts: `months`.
    """
    rows: list[Row] = [
        {
            "relative": each.relative,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "kind": "before" if each.relative < 0 else "after",
        }
        for each in found.events
    ]
    low, high = extent(
        [0.0, *(row[end] for row in rows for end in ("value", "low", "high"))], from_zero=False
    )
    places = [row["relative"] for row in rows] or [0]
    x = alt.X(
        "relative:Q",
        title=f"{period.capitalize()} since the start ({found.treated} treated, {found.controls} controls)",
        axis=signed_axis(min(places), max(places)),
        scale=alt.Scale(domain=[min(places) - 0.7, max(places) + 0.7], nice=False),
    )
    axis = value_axis(low, high, unit, board)
    axis.title = f"Difference, {unit.value.replace('_', ' ')}"
    y = alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=[low, high], nice=False, zero=False))
    base = Layer(inline(rows))
    zero = Layer(inline([{"value": 0.0}])).mark_rule(color=palette.muted).encode(y=y)
    start = Layer(inline([{"relative": -0.5}])).mark_rule(color=palette.target, strokeDash=[4, 3]).encode(x=x)
    spans = base.transform_filter("datum.low != null && datum.high != null").mark_rule(
        color=palette.customer, strokeWidth=1.6
    )
    heads = base.mark_point(filled=True, size=62, opacity=1, stroke=palette.customer, strokeWidth=1.4).encode(
        x=x,
        y=y,
        fill=alt.condition("datum.kind == 'after'", alt.value(palette.customer), alt.value(palette.paper)),
    )
    layers = [zero, start, spans.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")), heads]
    return alt.LayerChart(layer=layers, width=width, height=HEIGHT)
