"""Members in order, each a dot with its interval: a ranking that shows how little of it may be real."""

from collections.abc import Iterator
from typing import Any

import altair as alt

from dashboard.board.drawings import DotPlot
from dashboard.charts.marks import FiguresAxis, Layer, Row, figures_axis, height, inline, items_axis, pinned
from dashboard.charts.theme import Palette


def dots(drawing: DotPlot, palette: Palette) -> alt.LayerChart:
    """Draw a ranking; the figure of everything is a line through all members."""
    rows = _rows(drawing)
    overall = drawing.overall
    ends = [value for dot in drawing.dots for value in (dot.value, dot.low, dot.high)]
    labels = [f"{dot.label} (n {dot.n_text})" if dot.n_text else dot.label for dot in drawing.dots]
    y = items_axis(labels)
    x = figures_axis(
        [*ends, overall.value if overall else None], drawing.unit, drawing.board, from_zero=False
    )
    colour = palette.line(drawing.side)
    layers: list[alt.Chart] = []
    if overall is not None:
        whole = inline([{"value": overall.value, "text": f"All: {overall.text}"}])
        layers.append(Layer(whole).mark_rule(color=palette.muted, strokeDash=[3, 3]).encode(x=x.at()))
        told = Layer(whole).mark_text(baseline="bottom", dy=-3, fontSize=11, color=palette.muted)
        layers.append(told.encode(x=x.at(), y=pinned(0), text=alt.Text("text:N")))
    spans = inline([row for row in rows if row["low"] is not None and row["high"] is not None])
    layers.append(
        Layer(spans).mark_rule(color=colour, strokeWidth=1.6).encode(x=x.at("low"), x2=alt.X2("high:Q"), y=y)
    )
    layers.append(
        Layer(inline(rows))
        .mark_point(filled=True, size=70, color=colour, opacity=1)
        .encode(
            x=x.at(),
            y=y,
            tooltip=[
                alt.Tooltip("label:N", title="Group"),
                alt.Tooltip("text:N", title="Figure"),
                alt.Tooltip("n:N", title="n"),
            ],
        )
    )
    layers += _figures(rows, x, y, palette)
    return alt.LayerChart(layer=layers, width="container", height=height(labels))


def _rows(drawing: DotPlot) -> list[Row]:
    return [
        {
            "item": place,
            "value": dot.value,
            "low": dot.low,
            "high": dot.high,
            "right": dot.value if dot.high is None else dot.high,
            "label": dot.label,
            "text": dot.text,
            "n": dot.n_text,
        }
        for place, dot in enumerate(drawing.dots)
    ]


def _figures(rows: list[Row], x: FiguresAxis, y: alt.Y, palette: Palette) -> Iterator[alt.Chart]:
    """Each figure twice: the broad one below keeps the line of all from striking the other through."""
    written: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 9, "color": palette.ink}
    for style in ({**written, "stroke": palette.paper, "strokeWidth": 4}, written):
        text = Layer(inline(rows)).mark_text(fontSize=12, **style)
        yield text.encode(x=x.at("right"), y=y, text=alt.Text("text:N"))
