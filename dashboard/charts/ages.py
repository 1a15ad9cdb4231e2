"""Cohorts by age: a row for those who joined together, the share that was there in each field."""

import altair as alt

from dashboard.board.drawings import Ages
from dashboard.charts.grid import column_axis, field, grid, shades
from dashboard.charts.theme import Palette

COLUMN_LETTERS = 6


def ages(drawing: Ages, palette: Palette) -> alt.LayerChart:
    """Draw the grid. A field without a figure is empty, and says why when it is pointed at."""
    rows = [
        {
            **field(cell.row, cell.column, shade),
            **{"cohort": drawing.rows[cell.row], "age": drawing.columns[cell.column]},
            **{"text": cell.text, "why": cell.why},
        }
        for cell, shade in zip(drawing.cells, shades([each.value for each in drawing.cells]), strict=True)
    ]
    tooltip = [
        alt.Tooltip("cohort:N", title=drawing.row_name),
        alt.Tooltip("age:N", title=drawing.column_name),
        alt.Tooltip("why:N", title="Share there"),
    ]
    return grid(
        rows,
        column_axis(drawing.columns, f"{drawing.column_name} (share there, %)", COLUMN_LETTERS),
        drawing.rows,
        drawing.columns,
        tooltip,
        colour=palette.customer,
        palette=palette,
        font_size=11,
    )
