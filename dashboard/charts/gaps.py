"""Two figures of the same items: as a dumbbell on one scale, or back to back as a butterfly."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.board.drawings import Butterfly, Dumbbell
from dashboard.charts.marks import Layer, Row, figures_axis, height, inline, items_axis
from dashboard.charts.theme import Palette

LEGEND_LETTERS = 24  # of both names, that a narrow card has room for in one line


def dumbbell(drawing: Dumbbell, palette: Palette) -> alt.LayerChart:
    """Draw two dots an item and the line between them; round is the first side, square the second."""
    dots, spans = _dots(drawing), _spans(drawing)
    labels = [gap.label for gap in drawing.gaps]
    y = items_axis(labels)
    x = figures_axis([row["value"] for row in dots], drawing.unit, drawing.board, from_zero=False)
    line = (
        Layer(inline(spans))
        .mark_rule(color=palette.muted, strokeWidth=2)
        .encode(x=x.at("from"), x2=alt.X2("to:Q"), y=y)
    )
    told = (
        Layer(inline(spans))
        .mark_text(align="left", baseline="middle", dx=10, color=palette.ink, fontSize=12)
        .encode(x=x.at("right"), y=y, text=alt.Text("text:N"))
    )
    names = [drawing.left_name, drawing.right_name]
    shapes = alt.Scale(domain=names, range=["circle", "square"])
    colours = alt.Scale(domain=names, range=[palette.financial, palette.customer])
    marks = (
        Layer(inline(dots))
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=x.at(),
            y=y,
            shape=alt.Shape("who:N", scale=shapes, legend=_legend(names)),
            color=alt.Color("who:N", scale=colours, legend=_legend(names)),
            tooltip=[
                alt.Tooltip("label:N", title="Item"),
                alt.Tooltip("who:N", title="Who"),
                alt.Tooltip("text:N", title="Figure"),
            ],
        )
    )
    return alt.LayerChart(layer=[line, marks, told], width="container", height=height(labels))


def _dots(drawing: Dumbbell) -> list[Row]:
    """A row for each figure that there is."""
    return [
        {"item": place, "value": value, "who": who, "label": gap.label, "text": text}
        for place, gap in enumerate(drawing.gaps)
        for value, who, text in (
            (gap.left, drawing.left_name, gap.left_text),
            (gap.right, drawing.right_name, gap.right_text),
        )
        if value is not None
    ]


def _spans(drawing: Dumbbell) -> list[Row]:
    """A row for each item that has both figures."""
    return [
        {
            "item": place,
            "from": gap.left,
            "to": gap.right,
            "right": max(gap.left, gap.right),
            "text": gap.gap_text,
        }
        for place, gap in enumerate(drawing.gaps)
        if gap.left is not None and gap.right is not None
    ]


def butterfly(drawing: Butterfly, palette: Palette) -> alt.LayerChart:
    """Draw bars to the left and to the right of one line, on one scale."""
    names = (drawing.left_name, drawing.right_name)
    rows: list[Row] = [
        {"item": place, "value": sign * value, "zero": 0, "who": who, "label": gap.label, "text": text}
        for place, gap in enumerate(drawing.gaps)
        for sign, value, who, text in (
            (-1, gap.left, names[0], gap.left_text),
            (1, gap.right, names[1], gap.right_text),
        )
        if value is not None
    ]
    most = max((abs(row["value"]) for row in rows), default=1.0) * 1.25
    labels = [gap.label for gap in drawing.gaps]
    y = items_axis(labels)
    x = alt.X(
        "value:Q",
        axis=alt.Axis(values=[0], labels=False, title=f"{names[0]}  |  {names[1]}"),
        scale=alt.Scale(domain=[-most, most], nice=False),
    )
    bars = (
        Layer(inline(rows))
        .mark_bar(height=16)
        .encode(
            x=x,
            x2=alt.X2("zero:Q"),
            y=y,
            color=alt.Color(
                "who:N",
                scale=alt.Scale(domain=list(names), range=[palette.financial, palette.customer]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("label:N", title="Item"),
                alt.Tooltip("who:N", title="Share of"),
                alt.Tooltip("text:N", title="Figure"),
            ],
        )
    )
    left, right = (inline([row for row in rows if row["who"] == who]) for who in names)
    told: dict[str, Any] = {"baseline": "middle", "color": palette.ink, "fontSize": 12}
    texts = [
        Layer(left).mark_text(align="right", dx=-6, **told).encode(x=x, y=y, text=alt.Text("text:N")),
        Layer(right).mark_text(align="left", dx=6, **told).encode(x=x, y=y, text=alt.Text("text:N")),
    ]
    return alt.LayerChart(layer=[bars, *texts], width="container", height=height(labels))


def _legend(names: Sequence[str]) -> alt.Legend:
    """Both names in one line, or below each other where a narrow card would cut the second one."""
    long = sum(map(len, names)) > LEGEND_LETTERS
    return alt.Legend(orient="top", title=None, labelLimit=0, columns=1 if long else 2)
