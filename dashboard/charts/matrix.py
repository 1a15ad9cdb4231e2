"""Two categories, one magnitude: a field for each pair, as dark as its figure is high."""

import altair as alt

from dashboard.board.drawings import Matrix
from dashboard.charts.grid import column_axis, field, grid, shades
from dashboard.charts.theme import Palette

COLUMN_LETTERS = 11


def matrix(drawing: Matrix, palette: Palette) -> alt.LayerChart:
    """Draw the matrix. A field without a figure says why in place of one and has no shade."""
    rows = [
        {
            **field(drawing.rows.index(cell.row), drawing.columns.index(cell.column), shade),
            **{"row": cell.row, "column": cell.column, "text": cell.text, "n": cell.n_text},
        }
        for cell, shade in zip(drawing.cells, shades([each.value for each in drawing.cells]), strict=True)
    ]
    tooltip = [
        alt.Tooltip("row:N", title=drawing.row_name),
        alt.Tooltip("column:N", title=drawing.column_name),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("n:N", title="n"),
    ]
    return grid(
        rows,
        column_axis(drawing.columns, drawing.column_name, COLUMN_LETTERS),
        drawing.rows,
        drawing.columns,
        tooltip,
        colour=palette.line(drawing.side),
        palette=palette,
    )
