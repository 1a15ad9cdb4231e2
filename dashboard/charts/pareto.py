"""Causes by size, the largest first. What they add up to is written, not drawn on a second axis."""

import altair as alt

from dashboard.board.drawings import Pareto
from dashboard.charts.marks import Layer, Row, figures_axis, height, inline, items_axis
from dashboard.charts.theme import Palette


def pareto(drawing: Pareto, palette: Palette) -> alt.LayerChart:
    """Draw the causes; the rest and the unknown are outlined, and never left out."""
    rows: list[Row] = [
        {
            "item": place,
            "value": share.value,
            "zero": 0,
            "rest": share.rest,
            "label": share.label,
            "text": f"{share.text} · {share.cumulative_text}",
            "shown": share.text,
            "cumulative": share.cumulative_text,
        }
        for place, share in enumerate(drawing.shares)
    ]
    labels = [share.label for share in drawing.shares]
    y = items_axis(labels)
    values = [share.value for share in drawing.shares]
    largest = max([value * 1.25 for value in values], default=1.0)  # room for the text behind the bar
    x = figures_axis([*values, largest], drawing.unit, drawing.board, from_zero=True)
    colour = palette.line(drawing.side)
    bars = (
        Layer(inline(rows))
        .mark_bar(height=18, stroke=colour, strokeWidth=1.2)
        .encode(
            x=x.at(),
            x2=alt.X2("zero:Q"),
            y=y,
            fill=alt.FillValue(colour).condition(test="datum.rest", value=palette.paper),
            tooltip=[
                alt.Tooltip("label:N", title="Cause"),
                alt.Tooltip("shown:N", title="Figure"),
                alt.Tooltip("cumulative:N", title="With all above"),
            ],
        )
    )
    texts = (
        Layer(inline(rows))
        .mark_text(align="left", baseline="middle", dx=6, color=palette.ink, fontSize=12)
        .encode(x=x.at(), y=y, text=alt.Text("text:N"))
    )
    return alt.LayerChart(layer=[bars, texts], width="container", height=height(labels))
