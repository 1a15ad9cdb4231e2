"""How many customers are still here by age: a falling staircase with its band, and who is at risk below."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import altair as alt

from dashboard.analysis.survival import SurvivalCurve
from dashboard.board.drawings import Curve
from dashboard.charts.axis import nice_ticks, value_axis
from dashboard.charts.marks import Layer, Row, inline, pinned
from dashboard.charts.theme import Palette
from dashboard.definitions.model import Board
from dashboard.units import Unit, format_count

HEIGHT = 190
LABEL_GAP = 0.085  # of the axis, about the height of a line
LINE = 15
BELOW = 9  # from the axis to the first customers at risk, who would else touch its 0 %

# Curves are told apart by their dash as well as by their colour.
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4], [1, 3])


def survival(
    curves: Sequence[Curve],
    palette: Palette,
    board: Board,
    *,
    age: str,
    width: int | Literal["container"] = "container",
) -> alt.LayerChart:
    """Draw retention by age, at most six groups, on an axis from 0 to 100 %.

    Below the axis stand the customers at risk of each group: the farther right, the fewer tell of it.

    Args:
        curves: in the order of their legend.
        age: what the axis of ages counts: `Months since joining`.
    """
    shown = list(curves)[: len(_DASHES)]
    end = max((each.curve.ends_at for each in shown), default=1.0) or 1.0
    ticks = nice_ticks(0.0, end, most=7)
    x = alt.X(
        "age:Q",
        title=f"{age} (below the axis: customers at risk)",
        axis=alt.Axis(values=list(ticks), labelPadding=BELOW - 1 + LINE * len(shown), titlePadding=8),
        scale=alt.Scale(domain=[0.0, end * 1.2], nice=False),
    )
    shares = value_axis(0.0, 1.0, Unit.PERCENT, board)
    shares.title = "Still here"
    y = _SharesAxis(shares)
    ends = _apart([_rows(each.curve)[-1]["share"] for each in shown])
    layers: list[alt.Chart] = []
    for place, (each, dash, colour) in enumerate(zip(shown, _DASHES, _colours(palette), strict=False)):
        label = f"{each.label} (n {format_count(each.curve.customers, locale=board.locale)})"
        layers += _staircase(_rows(each.curve), x, y, dash, colour)
        layers.append(_label(label, each.curve, ends[place], x, y, colour))
        layers.append(_at_risk(each.curve, ticks, x, place, colour, board))
    return alt.LayerChart(layer=layers, width=width, height=HEIGHT)


@dataclass(frozen=True)
class _SharesAxis:
    """From 0 to 100 %: every layer stands on the same one."""

    axis: alt.Axis

    def at(self, field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=self.axis, scale=alt.Scale(domain=[0.0, 1.0], nice=False))


def _colours(palette: Palette) -> tuple[str, ...]:
    return (
        *(palette.customer, palette.financial, palette.people),
        *(palette.neutral, palette.ink, palette.muted),
    )


def _staircase(
    rows: Sequence[Row], x: alt.X, y: _SharesAxis, dash: Sequence[int], colour: str
) -> tuple[alt.Chart, alt.Chart]:
    """The band of a curve, and the curve upon it."""
    band = (
        Layer(inline([row for row in rows if row["low"] is not None]))
        .mark_area(interpolate="step-after", color=colour, opacity=0.14)
        .encode(x=x, y=y.at("low"), y2=alt.Y2("high:Q"))
    )
    line = (
        Layer(inline(rows))
        .mark_line(interpolate="step-after", color=colour, strokeDash=list(dash), strokeWidth=1.8)
        .encode(x=x, y=y.at("share"))
    )
    return band, line


def _label(text: str, curve: SurvivalCurve, share: float, x: alt.X, y: _SharesAxis, colour: str) -> alt.Chart:
    """What a curve is called, beside its end."""
    chart: alt.Chart = (
        Layer(inline([{"age": curve.ends_at, "share": share, "text": text}]))
        .mark_text(align="left", baseline="middle", dx=6, color=colour, fontSize=11)
        .encode(x=x, y=y.at("share"), text=alt.Text("text:N"))
    )
    return chart


def _apart(ends: Sequence[float]) -> list[float]:
    """Where labels stand beside the ends of curves: as near as can be, and none upon another."""
    order = sorted(range(len(ends)), key=lambda place: -ends[place])
    found = list(ends)
    for above, below in pairwise(order):
        found[below] = min(found[below], found[above] - LABEL_GAP)
    low = min(found, default=0.0)
    return [place - min(low, 0.0) for place in found]


def _rows(curve: SurvivalCurve) -> list[Row]:
    rows: list[Row] = [{"age": 0.0, "share": 1.0, "low": 1.0, "high": 1.0}]
    rows += [
        {"age": step.age, "share": step.survival, "low": step.low, "high": step.high} for step in curve.steps
    ]
    return [*rows, {**rows[-1], "age": curve.ends_at}]


def _at_risk(
    curve: SurvivalCurve, ticks: Sequence[float], x: alt.X, place: int, colour: str, board: Board
) -> alt.Chart:
    """The customers at risk at each tick: those of the first loss from there on."""
    rows: list[Row] = []
    for tick in ticks:
        found = next((step.at_risk for step in curve.steps if step.age >= tick), None)
        if found is not None:
            rows.append({"age": tick, "n": format_count(found, locale=board.locale)})
    numbers: alt.Chart = (
        Layer(inline(rows))
        .mark_text(baseline="top", dy=BELOW + LINE * place, color=colour, fontSize=10)
        .encode(x=x, y=pinned(HEIGHT), text=alt.Text("n:N"))
    )
    return numbers
