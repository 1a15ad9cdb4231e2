"""Worksheets of XlsxWriter that write a hundred and fifty thousand cells in less time and memory.

XlsxWriter lets one choose the class of a sheet, but has no public way to write a cell as XML: the methods
with an underscore are its own, overridden. They write what XlsxWriter writes, but for the spans of rows.
"""

from math import isfinite
from typing import Any, Literal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet


class QuickSheet(Worksheet):
    """A sheet whose numbers and texts are written without a list of attributes for each.

    XlsxWriter looks through every attribute for signs to escape, of which references and numbers have none.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell).__name__
        if cell.format is None or kind not in ("Number", "String"):
            super()._write_cell(row, col, cell)
            return
        written = _number if kind == "Number" else _text
        out: Any = self.fh
        out.write(written(row, col, cell[0], cell.format))

    def _calculate_spans(self) -> None:
        """Rows go without the columns they span: these may be left out, as XlsxWriter also does itself."""


class PlainSheet(QuickSheet):
    """A sheet that no chart stands on, so that its cells need not be read: they are kept as they are written.

    As texts they are no work for the collection of garbage, which else goes through all of them often.
    """

    def _write_string(
        self, row: int, col: int, string: str, cell_format: Format | None = None
    ) -> Literal[0, -1, -2]:
        if cell_format is None or self._check_dimensions(row, col):
            return super()._write_string(row, col, string, cell_format)
        texts: Any = self.str_table
        place = texts._get_shared_string_index(string)
        self.table[row][col] = _text(row, col, place, cell_format)
        return 0

    def _write_number(
        self, row: int, col: int, number: Any, cell_format: Format | None = None
    ) -> Literal[0, -1]:
        if cell_format is None or not isfinite(number) or self._check_dimensions(row, col):
            return super()._write_number(row, col, number, cell_format)
        self.table[row][col] = _number(row, col, number, cell_format)
        return 0

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if isinstance(cell, str):
            out: Any = self.fh
            out.write(cell)
        else:
            super()._write_cell(row, col, cell)


def _number(row: int, col: int, number: float, look: Any) -> str:
    return f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{look._get_xf_index()}"><v>{number:.16G}</v></c>'


def _text(row: int, col: int, place: int, look: Any) -> str:
    return f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{look._get_xf_index()}" t="s"><v>{place}</v></c>'
