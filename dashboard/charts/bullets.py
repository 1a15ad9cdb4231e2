"""Measured against planned, one line an item on one scale: built to replace gauges."""

import altair as alt

from dashboard.board.drawings import Bullets
from dashboard.charts.marks import Layer, Row, figures_axis, height, inline, items_axis
from dashboard.charts.theme import Palette


def bullets(drawing: Bullets, palette: Palette) -> alt.LayerChart:
    """Draw a bar for the measured, a stroke for the planned, and a thin line for the interval."""
    rows: list[Row] = [
        {
            "item": place,
            "value": row.value,
            "zero": 0,
            "target": row.target,
            "low": row.low,
            "high": row.high,
            "label": row.label,
            "text": row.text,
            "planned": row.target_text,
            "badge": row.badge,
        }
        for place, row in enumerate(drawing.rows)
    ]
    ends = [value for row in drawing.rows for value in (row.value, row.target, row.low, row.high)]
    labels = [row.label for row in drawing.rows]
    y = items_axis(labels)
    x = figures_axis(ends, drawing.unit, drawing.board, from_zero=True)
    tooltip = [
        alt.Tooltip("label:N", title="Item"),
        alt.Tooltip("text:N", title=drawing.value_name),
        alt.Tooltip("planned:N", title=drawing.target_name),
        alt.Tooltip("badge:N", title="How it is known"),
    ]
    measured = inline([row for row in rows if row["value"] is not None])
    planned = inline([row for row in rows if row["target"] is not None])
    spans = inline([row for row in rows if row["low"] is not None and row["high"] is not None])
    layers = [
        Layer(measured)
        .mark_bar(height=12, color=palette.customer)
        .encode(x=x.at(), x2=alt.X2("zero:Q"), y=y, tooltip=tooltip),
        Layer(spans)
        .mark_rule(color=palette.ink, strokeWidth=1.4)
        .encode(x=x.at("low"), x2=alt.X2("high:Q"), y=y),
        Layer(planned)
        .mark_tick(color=palette.target, thickness=3, size=20)
        .encode(x=x.at("target"), y=y, tooltip=tooltip),
    ]
    return alt.LayerChart(layer=layers, width="container", height=height(labels))
