"""Effects in a pack: native charts of all initiatives and of each, in files that break no schema."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from dashboard.board.panels import BoardPage, ExhibitPanel
from dashboard.charts.theme import LIGHT
from dashboard.pack.data import csv_files
from dashboard.pack.model import BoardPack, PackPage
from dashboard.pack.one_panel import of_panel, panel_document, panel_presentation
from dashboard.pack.slides.bodies import exhibit_body
from dashboard.pack.slides.chart_model import Form, NativeChart
from dashboard.pack.slides.fitting import Room
from dashboard.pack.slides.plan import Charts
from dashboard.pack.workbook.making import workbook
from dashboard.screens.cards import card
from tests.board.initiatives import in_points_alone, opened
from tests.board.practices import NOW
from tests.pack.test_validity import breaches

ROOM = Room(600, 380)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardPage]:
    with opened(tmp_path_factory.mktemp("initiatives")) as company:
        yield company.page("initiatives")


def of(page: BoardPage, choice: str) -> ExhibitPanel:
    return next(each for each in page.panels if isinstance(each, ExhibitPanel) and each.choice == choice)


def pack(page: BoardPage, choice: str) -> BoardPack:
    return of_panel(page, of(page, choice), (), known=NOW, version="1")


def chart(panel: ExhibitPanel) -> NativeChart:
    [part] = exhibit_body(panel, ROOM, ROOM).parts
    assert isinstance(part, Charts)
    [found] = part.charts
    return found


def test_effects_are_a_chart_with_a_series_for_each_way_to_know(page: BoardPage) -> None:
    found = chart(of(page, ""))
    names = [column.name for column in found.table.columns]
    assert found.form is Form.SCATTER
    assert "Effect, groups compared, interval without zero" in names
    assert "Effect, before against after, not told from none" in names
    assert found.table.labels == (
        "One call (randomised)", "Second look (DiD)", "New rota (ITS)", "New platform (none)",
    )  # fmt: skip


def test_a_study_has_its_months_hollow_before_and_filled_after(page: BoardPage) -> None:
    table = {column.name: column.values for column in chart(of(page, "One call")).table.columns}
    assert table["Months since the start"] == tuple(float(month) for month in range(-24, 12, 3))
    assert [value is None for value in table["With it"]] == [True] * 8 + [False] * 4
    assert table["Before"][7] == 0


def test_months_before_and_after_have_a_line_each_and_one_that_is_carried_on(page: BoardPage) -> None:
    found = chart(of(page, "Smaller vans"))
    table = {column.name: column.values for column in found.table.columns}
    assert found.form is Form.LINE
    assert len(found.table.labels) == 36
    assert [value is None for value in table["As the line before led"]] == [True] * 15 + [False] * 21


@pytest.mark.parametrize("choice", ["", "One call", "Smaller vans"])
def test_slides_and_sheets_break_no_schema(
    page: BoardPage, choice: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, made = tmp_path_factory.mktemp("pack"), pack(page, choice)
    slides = panel_presentation(made)
    assert breaches(folder, "one.pptx", slides) == []
    shapes = [shape for slide in Presentation(io.BytesIO(slides)).slides for shape in slide.shapes]
    assert sum(shape.has_chart for shape in shapes) == 1
    assert breaches(folder, "one.xlsx", workbook(made)) == []
    assert panel_document(made).startswith(b"%PDF")


def test_every_initiative_has_its_figures_in_a_file(page: BoardPage) -> None:
    whole = pack(page, "")
    files = csv_files(replace(whole, pages=(PackPage(page, ()),)))
    assert {"initiatives-effects-one_call.csv", "initiatives-study-smaller_vans.csv"} <= set(files)
    assert b"One call,raised by 4.7 points,randomised,4.6" in files["initiatives-effects-one_call.csv"]


def test_a_unit_that_all_share_is_told_once_in_the_files_and_on_the_page(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with opened(tmp_path_factory.mktemp("points")) as company:
        panel, page = in_points_alone(company), company.page("initiatives")
    heads = ["Effect, points", "95% from", "95% to"]
    made = of_panel(replace(page, panels=(panel,)), panel, (), known=NOW, version="1")
    table = load_workbook(io.BytesIO(workbook(made)))[page.page.title]
    row = next(row for row in table.iter_rows() if row[0].value == "Initiative")
    assert [cell.value for cell in row[3:6]] == heads
    first = [table.cell(row[0].row + 1, column) for column in (4, 5, 6)]
    assert [f"{cell.value:+.1f}" for cell in first] == [field.text for field in panel.sheet.rows[0][3:6]]
    shown = card(panel, LIGHT).table
    assert shown is not None
    assert [column.name for column in shown.columns[3:6]] == heads
    assert "points" not in "".join(field.text for row in shown.rows for field in row[3:6])
    assert f',"{heads[0]}",95% from,95% to,'.encode() in panel.sheet.csv_bytes()
