"""A sheet that writes its cells itself writes what XlsxWriter would."""

import io
import re
import zipfile
from typing import Any

import xlsxwriter

from dashboard.pack.workbook.quick_sheet import QuickSheet


def written(kind: type[Any] | None) -> str:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Data", kind)
    percent, bold = book.add_format({"num_format": "0.0%"}), book.add_format({"bold": True})
    for row, value in enumerate((0.1, 1 / 3, -2, 1e15 / 7, 1e-7, 45_000, 0)):
        sheet.write_string(row, 0, f"text {row % 2} & <more>", bold)
        sheet.write_number(row, 27, value, percent)
        sheet.write_number(row, 28, value)
    sheet.write_string(9, 3, "no format")
    sheet.write_formula(9, 4, "=1+1", bold, 2)
    sheet.write_blank(9, 5, None, bold)
    sheet.write_boolean(9, 6, True, bold)
    book.close()
    with zipfile.ZipFile(out) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def test_cells_are_written_as_xlsxwriter_writes_them() -> None:
    usual = written(None)
    assert '<row r="1" spans="1:29">' in usual
    assert written(QuickSheet) == re.sub(' spans="[0-9:]+"', "", usual)
