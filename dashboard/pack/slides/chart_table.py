"""The data behind a chart: one table, and where its columns stand in a workbook."""

from dataclasses import dataclass
from datetime import date

from xlsxwriter.utility import xl_col_to_name

SHEET = "Data"
EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
MONTH_CODE = "mmm yy"


@dataclass(frozen=True)
class Column:
    """A column of figures under its heading; `code` is their number format."""

    name: str
    values: tuple[float | None, ...]
    code: str = "General"


@dataclass(frozen=True)
class ChartTable:
    """Labels in the first column, figures in the others; of each column one (or None) for each label.

    `dates` stand in the place of the labels where they are months; a column of ends of lines may be longer.
    """

    corner: str
    labels: tuple[str, ...]
    columns: tuple[Column, ...]
    dates: tuple[date, ...] = ()

    @property
    def days(self) -> tuple[int, ...]:
        """The dates as a spreadsheet counts them."""
        return tuple((each - EPOCH).days for each in self.dates)

    @property
    def labels_place(self) -> str:
        """Where the labels stand, as a formula writes it."""
        return f"{SHEET}!$A$2:$A${len(self.labels) + 1}"

    def place(self, column: int) -> str:
        """Where the figures of a column stand."""
        letter, last = xl_col_to_name(column + 1), len(self.columns[column].values) + 1
        return f"{SHEET}!${letter}$2:${letter}${last}"

    def heading_place(self, column: int) -> str:
        """Where the heading of a column stands."""
        return f"{SHEET}!${xl_col_to_name(column + 1)}$1"
