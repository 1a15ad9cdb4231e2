"""ChartTable -> the workbook that PowerPoint opens with "Edit data".

A pack has hundreds of them, alike in all but their cells. What they share XlsxWriter writes once for each set
of number formats; the cells, and the texts that they point to, are written here.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.chart_table import MONTH_CODE, SHEET, ChartTable

LONGEST = 32_000  # characters that a cell holds
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a constant, so that equal data gives equal bytes
CELLS, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
BOLD, MONTH, FIRST = 1, 2, 3  # where the formats of cells stand in the frame
WIDE, USUAL = 30.7109375, 14.7109375  # widths of the labels and the figures as XlsxWriter writes 30 and 14
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_VIEW = (
    '<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" '
    'activePane="bottomRight" state="frozen"/><selection pane="topRight" activeCell="B1" sqref="B1"/>'
    '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/><selection pane="bottomRight"/></sheetView>'
    '</sheetViews><sheetFormatPr defaultRowHeight="15"/>'
)
_MARGINS = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
_BY_NUMBER, _AS_TEXT = re.compile("(_x[0-9a-fA-F]{4}_)"), r"_x005F\1"


def table_workbook(table: ChartTable) -> bytes:
    """The table as an XLSX file. Texts are written as texts: none becomes a formula or a link."""
    heads = tuple(_held(text) for text in (table.corner, *(column.name for column in table.columns)))
    labels = () if table.dates else tuple(_held(label) for label in table.labels)
    texts = _numbered((*heads, *labels))
    codes = tuple(dict.fromkeys(column.code for column in table.columns))
    out = io.BytesIO(_frame(codes))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_entry(CELLS), _sheet(table, heads, labels, texts))
        file.writestr(_entry(TEXTS), _shared(tuple(texts)))
    return out.getvalue()


def _held(text: str) -> str:
    return single_line(text)[:LONGEST]


def _numbered(found: Iterable[str]) -> dict[str, int]:
    """The places of what is listed once each, in the order in which it is met."""
    return {each: place for place, each in enumerate(dict.fromkeys(found))}


@lru_cache(256)  # of the sets of formats that a pack has; there are some thirty
def _frame(codes: tuple[str, ...]) -> bytes:
    """A workbook with these number formats, without its cells and their texts."""
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet(SHEET)
    sheet.write_string(0, 0, "", book.add_format({"bold": True}))
    sheet.write_number(0, 1, 0, book.add_format({"num_format": MONTH_CODE, "align": "left"}))
    for place, code in enumerate(codes, start=2):  # a format is numbered when a cell is first written in it
        sheet.write_number(0, place, 0, book.add_format({"num_format": code}))
    book.close()
    out = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in (CELLS, TEXTS):
                new.writestr(_entry(name), old.read(name))
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _sheet(
    table: ChartTable, heads: tuple[str, ...], labels: tuple[str, ...], texts: Mapping[str, int]
) -> str:
    """The part of the sheet; `texts` are the numbers of the texts that its cells point to."""
    letters = [xl_col_to_name(place) for place in range(len(heads))]
    first = (
        f'<c r="{letter}1" s="{BOLD}" t="s"><v>{texts[head]}</v></c>'
        for letter, head in zip(letters, heads, strict=True)
    )
    under = (
        [f' s="{MONTH}"><v>{day}' for day in table.days]
        if table.dates
        else [f' t="s"><v>{texts[label]}' for label in labels]
    )
    rows = _rows(table, letters, under)
    cells = "".join(f'<row r="{row}">{told}</row>' for row, told in enumerate(rows, start=2) if told)
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><dimension ref="A1:{letters[-1]}{len(rows) + 1}"/>{_VIEW}'
        f'<cols><col min="1" max="1" width="{WIDE}" customWidth="1"/>'
        f'<col min="2" max="{max(2, len(heads))}" width="{USUAL}" customWidth="1"/></cols>'
        f'<sheetData><row r="1">{"".join(first)}</row>{cells}</sheetData>{_MARGINS}</worksheet>'
    )


def _rows(table: ChartTable, letters: Sequence[str], under: Sequence[str]) -> list[str]:
    """The cells of each row under the headings; `under` are the insides of those of the first column."""
    rows = [""] * max((len(under), *(len(column.values) for column in table.columns)))
    for place, label in enumerate(under):
        rows[place] = f'<c r="A{place + 2}"{label}</v></c>'
    styles = _numbered(column.code for column in table.columns)
    for letter, column in zip(letters[1:], table.columns, strict=True):
        style = FIRST + styles[column.code]
        for place, value in enumerate(column.values):
            if value is not None:
                rows[place] += f'<c r="{letter}{place + 2}" s="{style}"><v>{value:.16G}</v></c>'
    return rows


def _shared(texts: tuple[str, ...]) -> str:
    """The part of the texts. What looks like a sign written by its number is kept from being read as one."""
    items = "".join(f"<si><t>{escape(_BY_NUMBER.sub(_AS_TEXT, each))}</t></si>" for each in texts)
    return f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">{items}</sst>'
