"""Two categories, one magnitude: shade for the eye, the figure in the field for the reader."""

import altair as alt

from dashboard.board.drawings import Matrix
from dashboard.charts.marks import LINE_HEIGHT, Row, height, inline, items_axis, most_lines, written
from dashboard.charts.theme import Palette

COLUMN_LETTERS = 11
PALEST, DARKEST = 0.06, 0.56  # the ink stays readable on both


def matrix(drawing: Matrix, palette: Palette) -> alt.LayerChart:
    """Draw the matrix. A field without a figure says why in place of one and has no shade."""
    known = [abs(cell.value) for cell in drawing.cells if cell.value is not None]
    most = max(known, default=0.0) or 1.0
    rows: list[Row] = []
    for cell in drawing.cells:
        row, column = drawing.rows.index(cell.row), drawing.columns.index(cell.column)
        shade = 0.0 if cell.value is None else PALEST + (DARKEST - PALEST) * abs(cell.value) / most
        rows.append(
            {
                **{"item": row, "left": column - 0.5, "right": column + 0.5, "middle": column},
                **{"top": row - 0.5, "bottom": row + 0.5, "shade": shade},
                **{"row": cell.row, "column": cell.column, "text": cell.text, "n": cell.n_text},
            }
        )
    across = alt.Scale(domain=[-0.5, len(drawing.columns) - 0.5], nice=False, zero=False)
    heads = alt.Axis(
        **written(drawing.columns, range(len(drawing.columns)), COLUMN_LETTERS),
        orient="top",
        labelAngle=0,
        title=drawing.column_name,
        labelBaseline="bottom",
        labelPadding=6 + LINE_HEIGHT * (most_lines(drawing.columns, COLUMN_LETTERS) - 1),
    )
    y = items_axis(drawing.rows)
    tooltip = [
        alt.Tooltip("row:N", title=drawing.row_name),
        alt.Tooltip("column:N", title=drawing.column_name),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("n:N", title="n"),
    ]
    fields = (
        alt.Chart(inline(rows))
        .mark_rect(color=palette.line(drawing.side), stroke=palette.rule)
        .encode(
            x=alt.X("left:Q", axis=heads, scale=across),
            x2="right:Q",
            y=items_axis(drawing.rows, "top"),
            y2="bottom:Q",
            opacity=alt.Opacity("shade:Q", scale=None),
            tooltip=tooltip,
        )
    )
    texts = (
        alt.Chart(inline(rows))
        .mark_text(color=palette.ink, fontSize=12)
        .encode(x=alt.X("middle:Q", axis=heads, scale=across), y=y, text="text:N")
    )
    return alt.LayerChart(layer=[fields, texts], width="container", height=height(drawing.rows))
