"""A bridge from opening to closing, from top to bottom: movements hang between the totals."""

from itertools import pairwise

import altair as alt

from dashboard.board.drawings import Role, Waterfall
from dashboard.charts.marks import Layer, Row, figures_axis, height, inline, items_axis
from dashboard.charts.theme import Palette

BREAK = 0.06  # how far from its beginning a broken bar is cut, as a share of the axis
TEXT_ROOM = 0.34  # an amount beside the longest bar takes a third of a narrow drawing


def waterfall(drawing: Waterfall, palette: Palette) -> alt.LayerChart:
    """Draw a bridge. What adds is solid and blue, what takes away pale and orange.

    Where the axis does not begin at zero, the totals are drawn broken.
    """
    steps = drawing.steps
    rows = _rows(drawing)
    ends = [drawing.drawn(level) for step in steps for level in (step.start, step.end)]
    labels = [step.label for step in steps]
    y = items_axis(labels)
    x = figures_axis(ends, drawing.unit, drawing.board, from_zero=not drawing.begins, room=TEXT_ROOM)
    roles = [role.value for role in Role]
    colours = [palette.line(drawing.side), palette.improvement, palette.concern]
    bars = (
        Layer(inline(rows))
        .mark_bar(height=18, strokeWidth=1.5)
        .encode(
            x=x.at("from"),
            x2=alt.X2("to:Q"),
            y=y,
            fill=alt.Fill("role:N", scale=alt.Scale(domain=roles, range=colours), legend=None),
            fillOpacity=alt.FillOpacityValue(1).condition(test="datum.role == 'fall'", value=0.35),
            stroke=alt.Stroke("role:N", scale=alt.Scale(domain=roles, range=colours), legend=None),
            tooltip=[alt.Tooltip("label:N", title="Line"), alt.Tooltip("text:N", title="Amount")],
        )
    )
    texts = (
        Layer(inline(rows))
        .mark_text(align="left", baseline="middle", dx=6, color=palette.ink, fontSize=12)
        .encode(x=x.at("right"), y=y, text=alt.Text("text:N"))
    )
    links = [
        {"item": place, "below": place + 1, "at": above.end}
        for place, (above, _) in enumerate(pairwise(steps))
    ]
    linking = (
        Layer(inline(links))
        .mark_rule(color=palette.muted, strokeWidth=0.8)
        .encode(x=x.at("at"), y=y, y2=alt.Y2("below:Q"))
    )
    layers = [linking, bars, texts]
    if drawing.begins:
        layers.append(_breaks(drawing, palette, max(ends)).encode(x=x.at("cut"), y=y))
    return alt.LayerChart(layer=layers, width="container", height=height(labels))


def _rows(drawing: Waterfall) -> list[Row]:
    return [
        {
            "item": place,
            "from": drawing.drawn(step.start),
            "to": step.end,
            "right": max(step.start, step.end),
            "role": step.role.value,
            "label": step.label,
            "text": step.text,
        }
        for place, step in enumerate(drawing.steps)
    ]


def _breaks(drawing: Waterfall, palette: Palette, longest: float) -> alt.Chart:
    """A cut through each total, near where the broken axis begins."""
    cut = drawing.begins + BREAK * (longest - drawing.begins)
    totals: list[Row] = [
        {"item": place, "cut": cut} for place, step in enumerate(drawing.steps) if step.role is Role.TOTAL
    ]
    slashes: alt.Chart = Layer(inline(totals)).mark_point(
        shape="M-0.4,1.2L0.4,-1.2", size=260, stroke=palette.paper, strokeWidth=5, opacity=1
    )
    return slashes
