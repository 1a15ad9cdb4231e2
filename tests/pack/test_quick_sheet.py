"""Sheets that write their cells themselves write what XlsxWriter would."""

import io
import re
import zipfile
from typing import Any

import pytest
import xlsxwriter

from dashboard.pack.workbook.quick_sheet import PlainSheet, QuickSheet


def written(kind: type[Any] | None) -> tuple[str, str]:
    """A sheet of all that a pack writes and some more, and its texts."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Data", kind)
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
    for row, value in enumerate((0.1, 1 / 3, -2, 1e15 / 7, 1e-7, 45_000, 0)):
        sheet.write_string(row, 0, f"text {row % 2} & <more>", bold)
        sheet.write_number(row, 27, value, percent)
        sheet.write_number(row, 28, value)
    sheet.set_row(1, 30)
    sheet.write_string(9, 3, "no format")
    sheet.write_string("E10", "a place", bold)
    sheet.write_formula(9, 5, "=1+1", bold, 2)
    sheet.write_blank(9, 6, None, bold)
    sheet.write_boolean(9, 7, True, bold)
    book.close()
    with zipfile.ZipFile(out) as package:
        sheet, texts = (package.read(f"xl/{part}.xml") for part in ("worksheets/sheet1", "sharedStrings"))
    return sheet.decode(), texts.decode()


@pytest.mark.parametrize("kind", [QuickSheet, PlainSheet])
def test_cells_are_written_as_xlsxwriter_writes_them(kind: type[Any]) -> None:
    usual, texts = written(None)
    assert '<row r="1" spans="1:29">' in usual
    assert written(kind) == (re.sub(' spans="[0-9:]+"', "", usual), texts)


@pytest.mark.parametrize("kind", [None, QuickSheet, PlainSheet])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(kind: type[Any] | None, value: float) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    with pytest.raises(TypeError, match="NAN/INF not supported"):
        book.add_worksheet("Data", kind).write_number(0, 0, value, book.add_format({"bold": True}))


@pytest.mark.parametrize("kind", [None, QuickSheet, PlainSheet])
def test_a_cell_beyond_the_last_row_is_refused(kind: type[Any] | None) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    sheet, look = book.add_worksheet("Data", kind), book.add_format({"bold": True})
    assert (sheet.write_number(1 << 20, 0, 1, look), sheet.write_string(1 << 20, 0, "a", look)) == (-1, -1)
