"""Initiatives in a row each, on one axis of points: what each did, with the interval of it."""

import altair as alt

from dashboard.board.effect_drawings import Effects
from dashboard.charts.marks import Layer, Row, figures_axis, height, inline, items_axis
from dashboard.charts.theme import Palette
from dashboard.units import Unit

SHAPES = {True: "circle", False: "diamond"}
TEXT_ROOM = 0.4  # behind the last interval, which may be most of the axis on a narrow screen


def effects(drawing: Effects, palette: Palette) -> alt.LayerChart:
    """Draw the effects: round where groups were compared, filled where the interval leaves zero out."""
    rows = _rows(drawing)
    labels = [row.label for row in drawing.rows]
    y = items_axis(labels)
    ends = [0.0, *(end for row in drawing.rows for end in (row.value, row.low, row.high))]
    x = figures_axis(ends, Unit.POINTS, drawing.board, from_zero=False, room=TEXT_ROOM)
    x.axis.title = "Effect in points"
    known = inline([row for row in rows if row["value"] is not None])
    spans = inline([row for row in rows if row["low"] is not None and row["high"] is not None])
    shape = alt.Shape("shape:N", scale=None, legend=None)
    tooltip = [
        alt.Tooltip("label:N", title="Initiative"),
        alt.Tooltip("metric:N", title="Metric"),
        alt.Tooltip("text:N", title="Verdict"),
    ]
    layers = [
        Layer(inline([{"value": 0.0}])).mark_rule(color=palette.muted).encode(x=x.at()),
        Layer(spans)
        .mark_rule(color=palette.customer, strokeWidth=1.6)
        .encode(x=x.at("low"), x2=alt.X2("high:Q"), y=y),
        Layer(known)
        .mark_point(filled=True, size=80, opacity=1, stroke=palette.customer, strokeWidth=1.6)
        .encode(
            x=x.at(),
            y=y,
            shape=shape,
            fill=alt.FillValue(palette.paper).condition(test="datum.counts", value=palette.customer),
            tooltip=tooltip,
        ),
        Layer(inline(rows))
        .mark_text(align="left", baseline="middle", dx=9, color=palette.ink, fontSize=12)
        .encode(x=x.at("right"), y=y, text=alt.Text("figure:N")),
    ]
    return alt.LayerChart(layer=layers, width="container", height=height(labels))


def _rows(drawing: Effects) -> list[Row]:
    return [
        {
            "item": place,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "right": max(0.0, *(end for end in (row.value, row.high) if end is not None), 0.0),
            "shape": SHAPES[row.compared],
            "counts": row.counts,
            "label": row.label,
            "metric": row.metric,
            "text": row.text,
            "figure": row.figure,
        }
        for place, row in enumerate(drawing.rows)
    ]
