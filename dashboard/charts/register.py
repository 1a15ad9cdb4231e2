"""Beliefs in a row each: the strongest correlation of its window, and the band that chance rarely leaves."""

import altair as alt

from dashboard.board.drawings import Register
from dashboard.charts.axis import value_axis
from dashboard.charts.marks import Layer, Row, height, inline, items_axis
from dashboard.charts.theme import Palette
from dashboard.units import Unit

# In lines that fit under the half of a phone that the labels leave.
TITLE = ("Strongest r of the declared lags", "grey: as chance would have it")
RIGHT = 1.35  # room for the figure beside a dot at 1


def register(drawing: Register, palette: Palette) -> alt.LayerChart:
    """Draw the register: a filled dot counts, a hollow one does not; one without a dot was not tested."""
    labels = [row.label for row in drawing.rows]
    y = items_axis(labels)
    axis = value_axis(-1.0, 1.0, Unit.RATIO, drawing.board)
    axis.title = list(TITLE)
    scale = alt.Scale(domain=[-1.0, RIGHT], nice=False, zero=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=axis, scale=scale)

    tested = inline([row for row in _rows(drawing) if row["r"] is not None])
    tooltip = [
        alt.Tooltip("belief:N", title="Belief"),
        alt.Tooltip("expected:N", title="Declared"),
        alt.Tooltip("text:N", title="r"),
    ]
    layers = [
        Layer(tested)
        .mark_rect(color=palette.muted, opacity=0.18)
        .encode(x=x("low"), x2=alt.X2("high:Q"), y=items_axis(labels, "top"), y2=alt.Y2("bottom:Q")),
        Layer(inline([{"zero": 0.0}])).mark_rule(color=palette.muted).encode(x=x("zero")),
        Layer(tested)
        .mark_rule(color=palette.customer, strokeWidth=1.6)
        .encode(x=x("zero"), x2=alt.X2("r:Q"), y=y),
        Layer(tested)
        .mark_point(filled=True, size=70, opacity=1, stroke=palette.customer, strokeWidth=1.6)
        .encode(
            x=x("r"),
            y=y,
            fill=alt.FillValue(palette.paper).condition(test="datum.counts", value=palette.customer),
            tooltip=tooltip,
        ),
        Layer(tested)
        .mark_text(align="left", baseline="middle", dx=9, color=palette.ink, fontSize=12)
        .encode(x=x("beside"), y=y, text=alt.Text("figure:N")),
    ]
    return alt.LayerChart(layer=layers, width="container", height=height(labels))


def _rows(drawing: Register) -> list[Row]:
    return [
        {
            "item": place,
            "top": place - 0.26,
            "bottom": place + 0.26,
            "r": row.r,
            "low": None if row.band is None else -row.band,
            "high": row.band,
            "counts": row.counts,
            "belief": row.label,
            "expected": row.expected,
            "text": row.text,
            "beside": max(row.r or 0.0, 0.0),
            "figure": row.r_text,
            "zero": 0.0,
        }
        for place, row in enumerate(drawing.rows)
    ]
