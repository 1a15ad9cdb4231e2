"""The workbook, read back: figures, formats, charts on their series, and texts that stay texts."""

import zipfile
from dataclasses import replace
from datetime import UTC
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.board.drawings import DotPlot
from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.board.wording import headline_text, signal_label
from dashboard.pack.data import csv_files, figure_rows
from dashboard.pack.model import BoardPack
from dashboard.pack.workbook.making import workbook
from dashboard.pack.workbook.names import sheet_name
from dashboard.units import Unit
from tests.pack.number_reading import shown
from tests.pack.packed import bound, changed, exhibit, exhibits, readings, restated, with_exhibit, with_panels

HOSTILE = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "@x",
    "http://example.org",
    "a\x00b\x1b",
    "קבוצה 🎉",
    "x" * 200,
)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> BoardPack:
    return restated(bound(tmp_path_factory.mktemp("company")))


@pytest.fixture(scope="module")
def made(pack: BoardPack) -> bytes:
    return workbook(pack)


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def cells(content: bytes) -> list[Any]:
    return [
        cell
        for sheet in opened(content)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def row_of(sheet: Any, label: str, *, after: int = 0) -> list[Any]:
    return next(list(row) for row in sheet.iter_rows(min_row=after + 1) if row[0].value == label)


def test_a_sheet_for_each_page_and_one_for_each_kind_of_proof(pack: BoardPack, made: bytes) -> None:
    assert opened(made).sheetnames == [
        "Summary",
        *("Loyalty", "Loyalty series", "Voices", "Voices series", "Customer asset", "Customer asset series"),
        *("All figures", "Definitions", "Lineage", "Restatements", "Method"),
    ]


def test_headlines_are_numbers_in_the_formats_of_the_page(pack: BoardPack, made: bytes) -> None:
    sheet = opened(made)["Loyalty"]
    nps, revenue = readings(pack)[:2]
    row = row_of(sheet, "Net Promoter Score")
    assert row[1].value == nps.figure.value
    assert row[1].number_format.startswith("#,##0.0")
    assert row[2].value == nps.change
    assert row[4].value == signal_label(nps)
    assert row[5].value == nps.figure.n
    assert nps.interval is not None
    assert [row[6].value, row[7].value] == [
        pytest.approx(end) for end in (nps.interval.low, nps.interval.high)
    ]
    assert row[8].value == nps.target
    money = row_of(sheet, "Revenue")[1]
    assert money.value == revenue.figure.value
    assert money.number_format == '"€"#,##0.0,,"M";"−""€"#,##0.0,,"M"'
    assert headline_text(revenue) == "€3.2M"


def test_a_percentage_is_a_fraction_in_a_format_of_percent(pack: BoardPack, made: bytes) -> None:
    dumbbell = next(panel for panel in exhibits(pack) if panel.key.startswith("dumbbell"))
    column = next(place for place, each in enumerate(dumbbell.sheet.columns) if each.unit is Unit.PERCENT)
    sheet = opened(made)["Voices"]
    start = next(row[0].row for row in sheet.iter_rows() if row[0].value == dumbbell.sentence)
    first = dumbbell.sheet.rows[0]
    found = row_of(sheet, first[0].text, after=start)[column]
    assert found.value == pytest.approx(first[column].value)
    assert found.number_format == '#,##0.0%;"−"#,##0.0%'


def test_statements_have_their_numbers_and_say_what_is_missing(pack: BoardPack, made: bytes) -> None:
    statement = exhibit(pack, "statement-revenue_bridge")
    sheet = opened(made)["Customer asset"]
    last = [row for row in sheet.iter_rows(values_only=True) if row[0] == "Opening"][-1]
    assert [value if value != "n/a" else None for value in last[1 : len(statement.sheet.columns)]] == [
        pytest.approx(field.value) for field in statement.sheet.rows[0][1:]
    ]


def test_figures_of_several_units_in_a_column_are_numbers_in_the_formats_of_each(pack: BoardPack) -> None:
    columns = (Column("Practice"), Column("Figure"))
    fields = (Field("67.8%", 0.678, Unit.PERCENT), Field("€6,953", 6953.0, Unit.CURRENCY), Field("n/a"))
    rows = tuple((Field(f"Practice {place}"), field) for place, field in enumerate(fields))
    told = with_exhibit(pack, "statement-revenue_bridge", sheet=Sheet(columns, rows))
    sheet = opened(workbook(told))["Customer asset"]
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Practice 0")
    cells = [sheet.cell(first + place, 2) for place in range(3)]
    assert [cell.value for cell in cells] == [0.678, 6953, "n/a"]
    assert ["%" in cell.number_format for cell in cells] == [True, False, False]
    assert "€" in cells[1].number_format


def test_a_probability_is_told_to_three_decimals_and_never_as_nothing(pack: BoardPack) -> None:
    columns = (Column("Belief"), Column("p", Unit.RATIO, probability=True))
    rows = tuple((Field(f"Belief {p}"), Field("told", p)) for p in (0.0004, 0.0123))
    told = with_exhibit(pack, "statement-revenue_bridge", sheet=Sheet(columns, rows))
    sheet = opened(workbook(told))["Customer asset"]
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Belief 0.0004")
    cells = [sheet.cell(first + place, 2) for place in range(2)]
    assert [cell.value for cell in cells] == [0.0004, 0.0123]
    assert [shown(cell.value, cell.number_format) for cell in cells] == ["< 0.001", "0.012"]


def test_all_figures_are_in_one_table_and_equal_those_of_the_csv_files(pack: BoardPack, made: bytes) -> None:
    rows = list(opened(made)["All figures"].iter_rows(min_row=2, values_only=True))
    told = figure_rows(pack)
    assert [row[9] for row in rows] == [pytest.approx(row.value) for row in told]
    assert [row[10] or "" for row in rows] == [row.text for row in told]
    nps = csv_files(pack)["loyalty-pair-net_promoter_score.csv"].decode("utf-8-sig").splitlines()
    months = [row for row in rows if row[1] == "pair-net_promoter_score" and row[2] == "month"]
    assert len(months) == len(nps) - 1
    assert [float(line.split(",")[4]) for line in nps[1:]] == [pytest.approx(row[9]) for row in months]


def test_each_chart_stands_on_series_in_the_sheet_beside_it(pack: BoardPack, made: bytes) -> None:
    book = opened(made)
    for name in ("Loyalty", "Voices", "Customer asset"):
        charts = book[name]._charts
        assert charts
        for chart in charts:
            for series in chart.series:
                place = (series.val or series.yVal).numRef.f
                assert f"{name} series" in place.replace("'", "")
    first = book["Loyalty"]._charts[0]
    nps = readings(pack)[0]
    closed = [point.figure.value for point in nps.points if point.figure.status.value != "open"]
    series = next(each for each in first.series if len(_numbers(book, each.val.numRef.f)) == len(closed))
    assert _numbers(book, series.val.numRef.f) == [pytest.approx(value) for value in closed]


def _numbers(book: Any, place: str) -> list[float]:
    name, _, span = place.rpartition("!")
    found = [cell.value for row in book[name.strip("'")][span.replace("$", "")] for cell in row]
    return [value for value in found if value is not None]


def test_every_form_that_a_spreadsheet_has_is_a_native_chart(pack: BoardPack, made: bytes) -> None:
    kinds = [
        type(chart).__name__
        for name in ("Loyalty", "Voices", "Customer asset")
        for chart in opened(made)[name]._charts
    ]
    assert kinds.count("LineChart") == 5
    assert kinds.count("BarChart") == 4
    assert kinds.count("ScatterChart") == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_never_becomes_a_formula_or_a_link(pack: BoardPack, text: str) -> None:
    hostile = with_exhibit(pack, "statement-revenue_bridge", sentence=text, label=text, text=text)
    hostile = changed(hostile, lambda page: _renamed(page, text))
    content = workbook(hostile)
    clean = text.replace("\x00", "").replace("\x1b", "")
    found = [cell for cell in cells(content) if cell.value == clean]
    assert len(found) >= 2
    assert all(cell.data_type == "s" for cell in cells(content) if isinstance(cell.value, str))
    assert not [cell for cell in cells(content) if cell.hyperlink]
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name) and "worksheets" in name]
        assert not [name for name in parts.namelist() if "externalLink" in name]


def _renamed(page: Any, text: str) -> Any:
    """Its page is called so, and so are the groups of its trends."""
    panels = tuple(
        replace(panel, labels=tuple(f"{text}{place}" for place, _ in enumerate(panel.labels)))
        if getattr(panel, "labels", ())
        else panel
        for panel in page.panels
    )
    return replace(page, panels=panels, page=replace(page.page, title=text))


def test_locked_and_failed_panels_are_stated(pack: BoardPack) -> None:
    panels = (LockedPanel("a", "Store visits", ("visits",)), FailedPanel("b", "Broken", "It could not be."))
    told = [cell.value for cell in cells(workbook(with_panels(pack, panels)))]
    assert "Locked. This exhibit opens as soon as this data is measured: visits." in told
    assert "It could not be." in told


def test_the_workbook_says_what_it_is_of(pack: BoardPack, made: bytes) -> None:
    book = opened(made)
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row[1]}
    assert summary["Period"] == "2026-Q2 (Jul–Sept 2026)"
    assert summary["Definitions"] == pack.version
    assert summary["Run"] == "1"
    assert pack.origin[:100] in book["Loyalty"].oddFooter.left.text
    assert book.properties.created == pack.known.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    assert [cell.value for cell in book["Restatements"][2]][:2] == ["2026-Q1 (Apr–Jun 2026)", "Revenue"]
    lineage = list(book["Lineage"].iter_rows(min_row=2, values_only=True))
    assert ("Revenue", "purchases.revenue", "sum(amount)", "purchases") in [row[:4] for row in lineage]


def test_equal_packs_give_equal_workbooks(pack: BoardPack, made: bytes) -> None:
    assert workbook(pack) == made


@given(st.lists(st.text(max_size=60), max_size=12))
def test_sheets_have_names_that_every_spreadsheet_takes(wanted: list[str]) -> None:
    taken: list[str] = []
    for text in [*wanted, "History", "'quoted'", "a" * 60, "a" * 60]:
        name = sheet_name(text, taken, ending=" series" if len(taken) % 2 else "")
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.lower() != "history"
        assert name.lower() not in [each.lower() for each in taken]
        taken.append(name)


def test_exhibits_without_a_drawing_are_their_table(pack: BoardPack) -> None:
    assert any(isinstance(panel, ExhibitPanel) and panel.drawing is None for panel in exhibits(pack))


def test_a_bridge_is_labelled_as_on_the_page_and_intervals_are_drawn_in_full(
    pack: BoardPack, made: bytes
) -> None:
    with zipfile.ZipFile(BytesIO(made)) as parts:
        charts = [
            parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")
        ]
    bridge = next(chart for chart in charts if 'grouping val="stacked"' in chart)
    assert "<a:t>−€3.2M</a:t>" in bridge
    assert "<a:t>+€15.6K</a:t>" in bridge
    dots = next(panel.drawing for panel in exhibits(pack) if isinstance(panel.drawing, DotPlot)).dots
    book = opened(made)
    ranking = next(chart for chart in book["Voices"]._charts if type(chart).__name__ == "ScatterChart")
    ends = [end for dot in dots for end in (dot.low, dot.high)]
    assert [pytest.approx(end) for end in ends] in [
        _numbers(book, series.xVal.numRef.f) for series in ranking.series
    ]
