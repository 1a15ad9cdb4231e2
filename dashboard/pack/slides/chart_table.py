"""The data behind a chart: one table, in the workbook that PowerPoint opens with "Edit data"."""

import io
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from dashboard.pack.plain_text import single_line

SHEET = "Data"
LONGEST = 32_000  # characters that a cell holds
EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
MONTH_CODE = "mmm yy"
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a constant, so that equal data gives equal bytes


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

    def workbook(self) -> bytes:
        """The table as an XLSX file. Texts are written as texts: none becomes a formula or a link."""
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True})
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, max(1, len(self.columns)), 14)
        sheet.freeze_panes(1, 1)
        sheet.write_string(0, 0, single_line(self.corner)[:LONGEST], bold)
        month = book.add_format({"num_format": MONTH_CODE, "align": "left"})
        for row, label in enumerate(self.labels):
            if self.dates:
                sheet.write_number(row + 1, 0, self.days[row], month)
            else:
                sheet.write_string(row + 1, 0, single_line(label)[:LONGEST])
        for place, column in enumerate(self.columns):
            sheet.write_string(0, place + 1, single_line(column.name)[:LONGEST], bold)
            style = book.add_format({"num_format": column.code})
            for row, value in enumerate(column.values):
                if value is not None:
                    sheet.write_number(row + 1, place + 1, value, style)
        book.close()
        return out.getvalue()
