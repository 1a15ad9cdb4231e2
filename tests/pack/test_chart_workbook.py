"""The workbook behind a chart, read back: texts are texts, figures have their formats, months are months."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl

from dashboard.pack.slides.chart_table import MONTH_CODE, ChartTable, Column
from dashboard.pack.slides.chart_workbook import table_workbook

TEXTS = ("=1+1", "a & <b>", "_x0041_ stays", "https://example.org", " twice ", " twice ", "−é✓")


def sheet(table: ChartTable) -> Any:
    return openpyxl.load_workbook(io.BytesIO(table_workbook(table)))["Data"]


def test_texts_stay_texts() -> None:
    table = ChartTable("@corner", TEXTS, (Column("=SUM(A1)", (1.0,) * len(TEXTS)),))
    read = sheet(table)
    assert [cell.value for cell in read["A"]] == ["@corner", *(text.strip() for text in TEXTS)]
    assert {cell.data_type for cell in read["A"]} == {"s"}
    assert (read["B1"].value, read["B1"].data_type, read["B1"].font.b) == ("=SUM(A1)", "s", True)


def test_figures_have_their_formats_and_missing_ones_no_cell() -> None:
    columns = (
        Column("share", (0.25, None, 1 / 3), '0.0%;"−"0.0%'),
        Column("plain", (1e15 / 3, -2.0, 1e-7)),
        Column("share again", (None, 0.5, None), '0.0%;"−"0.0%'),
        Column("ends of lines", (1.0, 2.0, None, 4.0), "0.0"),
    )
    read = sheet(ChartTable("n", ("a", "b", "c"), columns))
    for letter, column in zip("BCDE", columns, strict=True):
        cells = read[letter][1 : 1 + len(column.values)]
        assert tuple(cell.value for cell in cells) == column.values
        assert {cell.number_format for cell in cells if cell.value is not None} == {column.code}
    assert (read.dimensions, read.freeze_panes) == ("A1:E5", "B2")


def test_months_are_dates() -> None:
    months = (date(2026, 1, 1), date(2026, 2, 1))
    read = sheet(ChartTable("Month", ("Jan 26", "Feb 26"), (Column("churn", (0.1, 0.2)),), months))
    told = [(cell.value, cell.number_format, cell.alignment.horizontal) for cell in read["A"][1:]]
    assert told == [(datetime(each.year, each.month, 1), MONTH_CODE, "left") for each in months]  # noqa: DTZ001


def test_what_workbooks_share_takes_nothing_from_one_to_the_next() -> None:
    one, other = (ChartTable("n", (name,), (Column(name, (1.0,), "0.00"),)) for name in ("one", "other"))
    first = table_workbook(one)
    assert [cell.value for cell in sheet(other)["A"]] == ["n", "other"]
    assert table_workbook(one) == first
