"""Every lag between two series, so that none is picked out: stems, and the band that chance rarely leaves."""

from collections.abc import Iterator, Sequence
from typing import Literal

import altair as alt

from dashboard.analysis.lead_lag import LagCorrelation, LeadLag
from dashboard.charts.axis import signed_axis, value_axis
from dashboard.charts.marks import Layer, Row, inline
from dashboard.charts.theme import Palette
from dashboard.definitions.model import Board
from dashboard.units import MINUS, Unit

HEIGHT = 190
ROOM = 1.3  # for the label above or below the longest stem
BESIDE = 13  # how far a label is from the head of its stem, in pixels


def correlogram(
    found: LeadLag,
    palette: Palette,
    board: Board,
    *,
    period: str,
    width: int | Literal["container"] = "container",
) -> alt.LayerChart:
    """Draw the prewhitened correlations; those of the declared window are filled, the others hollow.

    Args:
        period: what a lag counts: `months`.
    """
    rows = [_row(each) for each in found.correlations]
    first, last = found.correlations[0].lag, found.correlations[-1].lag
    reach = ROOM * max(0.3, *(abs(row["r"]) for row in rows), *(row["band"] for row in rows))
    lags = signed_axis(first, last)
    lags.title = f"Lag in {period} (right of 0: the customer metric comes first)"
    places = alt.Scale(domain=[first - 0.7, last + 0.7], nice=False)
    x = alt.X("lag:Q", axis=lags, scale=places)
    edge = alt.X("left:Q", axis=lags, scale=places)
    axis = value_axis(-min(reach, 1.0), min(reach, 1.0), Unit.RATIO, board)
    axis.title = f"Correlation r (n {found.pairs})"
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    y = alt.Y("r:Q", axis=axis, scale=scale)
    ground = alt.Y("zero:Q", axis=axis, scale=scale)
    base = Layer(inline(rows))
    band = base.mark_rect(color=palette.muted, opacity=0.16).encode(
        x=edge, x2=alt.X2("right:Q"), y=alt.Y("below:Q", axis=axis, scale=scale), y2=alt.Y2("band:Q")
    )
    zero = base.mark_rule(color=palette.muted).encode(x=edge, x2=alt.X2("right:Q"), y=ground)
    stems = base.mark_rule(color=palette.customer, strokeWidth=1.6).encode(x=x, y=ground, y2=alt.Y2("r:Q"))
    heads = base.mark_point(filled=True, size=62, opacity=1, stroke=palette.customer, strokeWidth=1.4).encode(
        x=x,
        y=y,
        fill=alt.FillValue(palette.paper).condition(test="datum.kind == 'tested'", value=palette.customer),
        tooltip=[alt.Tooltip("lag:Q", title="Lag"), alt.Tooltip("r:Q", title="r", format=".2f")],
    )
    texts = [
        Layer(inline(named))
        .mark_text(dy=offset, baseline="middle", color=palette.ink, fontSize=11)
        .encode(x=x, y=y, text=alt.Text("text:N"))
        for offset, named in _named(rows)
    ]
    return alt.LayerChart(layer=[band, zero, stems, heads, *texts], width=width, height=HEIGHT)


def _named(rows: Sequence[Row]) -> Iterator[tuple[int, list[Row]]]:
    """The lags that are told: above a stem that rises, below one that falls, so never upon it."""
    told = [row for row in rows if row["text"]]
    yield -BESIDE, [row for row in told if row["r"] >= 0]
    yield BESIDE, [row for row in told if row["r"] < 0]


def _row(each: LagCorrelation) -> Row:
    return {
        "lag": each.lag,
        "r": each.r,
        "zero": 0.0,
        "kind": "tested" if each.tested else "shown",
        "text": f"{each.lag:+d}: {each.r:.2f}".replace("-", MINUS)
        if each.tested and each.significant
        else "",
        "left": each.lag - 0.5,
        "right": each.lag + 0.5,
        "band": each.band,
        "below": -each.band,
    }
