"""A figure before and after a start, and where the line before it would have led: no counterfactual."""

import altair as alt

from dashboard.board.effect_drawings import Interrupted
from dashboard.charts.axis import month_axis, upright_axis
from dashboard.charts.marks import Layer, Row, extent, inline
from dashboard.charts.theme import Palette

HEIGHT = 220


def interrupted(drawing: Interrupted, palette: Palette) -> alt.LayerChart:
    """Draw the months as dots, the two fitted lines, and the first of them carried on, dashed."""
    rows: list[Row] = [
        {
            "month": place,
            "value": value,
            "fitted": drawing.found.fitted[place],
            "expected": drawing.found.expected[place],
            "kind": "before" if place < drawing.start else "after",
        }
        for place, value in enumerate(drawing.values)
    ]
    everything = [row[name] for row in rows for name in ("value", "fitted", "expected")]
    low, high = extent(everything, from_zero=False, room=0.06)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    axis = alt.Axis(**upright_axis(low, high, drawing.unit, drawing.board))
    last = len(drawing.months) - 1
    x = alt.X(
        "month:Q",
        axis=alt.Axis(**month_axis(drawing.months, drawing.board.locale)),
        scale=alt.Scale(domain=[-0.5, last + 0.5], nice=False),
    )
    colour = palette.line(drawing.side)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=axis, scale=scale)

    after = inline(rows[drawing.start :])
    known = inline([row for row in rows if row["value"] is not None])
    start = Layer(inline([{"month": drawing.start - 0.5}])).mark_rule(color=palette.target, strokeDash=[4, 3])
    layers = [
        start.encode(x=x),
        Layer(after).mark_line(color=palette.muted, strokeDash=[5, 4]).encode(x=x, y=y("expected")),
        Layer(inline(rows))
        .mark_line(color=colour, strokeWidth=2)
        .encode(x=x, y=y("fitted"), detail=alt.Detail("kind:N")),
        Layer(known)
        .mark_point(filled=True, size=36, opacity=1, stroke=colour, strokeWidth=1.2)
        .encode(
            x=x,
            y=y("value"),
            fill=alt.FillValue(palette.paper).condition(test="datum.kind == 'after'", value=colour),
        ),
    ]
    return alt.LayerChart(layer=layers, width="container", height=HEIGHT)
