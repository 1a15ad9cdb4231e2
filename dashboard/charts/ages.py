"""Cohorts by age: a row for those who joined together, the share that was there in each field."""

import altair as alt

from dashboard.board.drawings import Ages
from dashboard.charts.marks import LINE_HEIGHT, Row, height, inline, items_axis, most_lines, written
from dashboard.charts.theme import Palette

COLUMN_LETTERS = 6
PALEST, DARKEST = 0.05, 0.56  # the ink stays readable on both


def ages(drawing: Ages, palette: Palette) -> alt.LayerChart:
    """Draw the grid. A field without a figure is empty, and says why when it is pointed at."""
    known = [cell.value for cell in drawing.cells if cell.value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    rows: list[Row] = []
    for cell in drawing.cells:
        depth = 0.5 if high == low else ((cell.value or 0.0) - low) / (high - low)
        rows.append(
            {
                **{"item": cell.row, "top": cell.row - 0.5, "bottom": cell.row + 0.5},
                **{"left": cell.column - 0.5, "right": cell.column + 0.5, "middle": cell.column},
                "shade": 0.0 if cell.value is None else PALEST + (DARKEST - PALEST) * depth,
                **{"cohort": drawing.rows[cell.row], "age": drawing.columns[cell.column]},
                **{"text": cell.text, "why": cell.why},
            }
        )
    across = alt.Scale(domain=[-0.5, len(drawing.columns) - 0.5], nice=False, zero=False)
    heads = alt.Axis(
        **written(drawing.columns, range(len(drawing.columns)), COLUMN_LETTERS),
        orient="top",
        labelAngle=0,
        title=f"{drawing.column_name} (share there, %)",
        labelBaseline="bottom",
        labelPadding=6 + LINE_HEIGHT * (most_lines(drawing.columns, COLUMN_LETTERS) - 1),
    )
    fields = (
        alt.Chart(inline(rows))
        .mark_rect(color=palette.customer, stroke=palette.rule)
        .encode(
            x=alt.X("left:Q", axis=heads, scale=across),
            x2="right:Q",
            y=items_axis(drawing.rows, "top"),
            y2="bottom:Q",
            opacity=alt.Opacity("shade:Q", scale=None),
            tooltip=[
                alt.Tooltip("cohort:N", title=drawing.row_name),
                alt.Tooltip("age:N", title=drawing.column_name),
                alt.Tooltip("why:N", title="Share there"),
            ],
        )
    )
    texts = (
        alt.Chart(inline(rows))
        .mark_text(color=palette.ink, fontSize=11)
        .encode(
            x=alt.X("middle:Q", axis=heads, scale=across),
            y=items_axis(drawing.rows),
            text="text:N",
        )
    )
    return alt.LayerChart(layer=[fields, texts], width="container", height=height(drawing.rows))
