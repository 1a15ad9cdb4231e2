"""Names and numbers that nobody thought of: nothing is cut, nothing becomes a formula, every file opens."""

import io
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation

from dashboard.board.drawings import Dot, DotPlot
from dashboard.board.panels import ExhibitPanel, PairPanel, TrendPanel
from dashboard.definitions.model import Side
from dashboard.ledger.figures import Status
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.model import BoardPack
from dashboard.pack.slides.deck import deck
from dashboard.pack.slides.fitting import Room, fit, fits, height_of, words
from dashboard.pack.slides.grids import MARGIN, grids
from dashboard.pack.slides.plan import Cell
from dashboard.pack.slides.template import open_template
from dashboard.pack.workbook.making import workbook
from dashboard.periods import add_months, month_of
from dashboard.units import Unit
from tests.pack.company import NOW, deployed, measured, written
from tests.pack.conftest import Made
from tests.pack.package_rules import faults
from tests.pack.test_slides import texts

LONG = "Rheinland-Pfalz und die angrenzenden Gemeinden jenseits des Flusses " * 3
AWKWARD = {
    "North": LONG[:200],
    "South": "=cmd|' /C calc'!A0",
    "West": "\u0645\u0646\u0637\u0642\u0629 \u0627\u0644\u063a\u0631\u0628",
    "Centre": "\U0001f3d9\ufe0f<Centre> & \x07\x0b\u2028co",
}


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    home = written(tmp_path_factory.mktemp("awkward"), names=AWKWARD)
    deployment = deployed(home)
    with Ledger(deployment.ledger_url) as ledger:
        measured(deployment, ledger)
        catalog = deployment.catalog
        request = Request(catalog.pack(), catalog.board.calendar.parse("2026-Q2"))
        return deck(bind(catalog, ledger, request, now=NOW), None)


def test_awkward_names_make_a_sound_file(awkward: bytes) -> None:
    assert faults(awkward) == []


def test_a_long_name_stands_somewhere_in_full(awkward: bytes) -> None:
    told = "\n".join(texts(slide) for slide in Presentation(io.BytesIO(awkward)).slides)
    assert "[1] " + LONG[:200].strip() in told


def test_a_name_that_looks_like_a_formula_stays_a_text(awkward: bytes) -> None:
    seen = 0
    for slide in Presentation(io.BytesIO(awkward)).slides:
        for shape in slide.shapes:
            if not shape.has_chart:
                continue
            blob = shape.chart.part.chart_workbook.xlsx_part.blob
            for row in openpyxl.load_workbook(io.BytesIO(blob))["Data"].iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    seen += isinstance(cell.value, str) and cell.value.startswith("=cmd")
    assert seen >= 3


def ranked(made: Made, count: int) -> BoardPack:
    """The pack with nothing but a ranking of so many."""
    page = made.pack.pages[1]
    panel = page.shown.panels[0]
    assert isinstance(panel, ExhibitPanel)
    dots = tuple(Dot(f"Group {n}", float(n), f"{n}.0", n - 1.0, n + 1.0, "20") for n in range(1, count + 1))
    drawing = DotPlot(dots, None, Unit.POINTS, made.pack.board, Side.CUSTOMER)
    shown = replace(page.shown, panels=(replace(panel, drawing=drawing),))
    return replace(made.pack, pages=(replace(page, shown=shown),))


@pytest.mark.parametrize("count", [1, 400])
def test_charts_of_one_and_of_four_hundred_groups(made: Made, count: int) -> None:
    blob = deck(ranked(made, count), None)
    assert faults(blob) == []
    names = [
        series.text
        for slide in Presentation(io.BytesIO(blob)).slides
        for shape in slide.shapes
        if shape.has_chart
        for series in shape.chart._chartSpace.iter("{*}t")
    ]
    assert [f"Group {n} (n 20)" in names for n in range(1, count + 1)] == [True] * count


@pytest.mark.parametrize("count", [1, 400])
def test_trends_of_one_and_of_four_hundred_months(made: Made, count: int) -> None:
    page = made.pack.pages[0]
    panel = page.shown.panels[2]
    assert isinstance(panel, TrendPanel)
    points = panel.readings[0].points
    start = points[-1].period.start
    months = tuple(
        replace(points[-1 - place % len(points)], period=month_of(add_months(start, -place)))
        for place in reversed(range(count))
    )
    reading = replace(panel.readings[0], points=months, marks=())
    shown = replace(page.shown, panels=(replace(panel, readings=(reading,)),))
    pack = replace(made.pack, pages=(replace(page, shown=shown),))
    blob = deck(pack, None)
    assert faults(blob) == []
    values = [point.figure.value for point in months]
    charts = [
        shape.chart
        for slide in Presentation(io.BytesIO(blob)).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    [data] = [
        openpyxl.load_workbook(io.BytesIO(each.part.chart_workbook.xlsx_part.blob))["Data"] for each in charts
    ]
    assert values in [[cell.value for cell in column[1:]] for column in data.iter_cols()]
    series = openpyxl.load_workbook(io.BytesIO(workbook(pack)))["Loyalty series"]
    held = [sum(isinstance(cell.value, int | float) for cell in column) for column in series.iter_cols()]
    closed = [point for point in months if point.figure.status is not Status.OPEN]  # an open one stands apart
    assert max(1, len(closed)) in held


def test_a_message_of_a_thousand_letters_is_told_under_the_title(made: Made) -> None:
    page = made.pack.pages[0]
    panel = page.shown.panels[0]
    sentence = "Net Promoter Score " + "really " * 150 + "improved."
    assert isinstance(panel, PairPanel)
    shown = replace(page.shown, panels=(replace(panel, sentence=sentence),))
    blob = deck(replace(made.pack, pages=(replace(page, shown=shown),)), None)
    opened = list(Presentation(io.BytesIO(blob)).slides)[2:]  # after cover and summary
    slides = [slide for slide in opened if "What the exhibits say" not in texts(slide)]
    assert slides[0].shapes.title.text_frame.text == "Loyalty"
    told = " ".join(texts(slide) for slide in slides).split()
    assert told.count("really") == 150


def test_words_that_do_not_fit_go_on_and_none_is_lost() -> None:
    room = Room(200, 120)
    left = (words("word " * 400, 12), words("last", 12))
    told = []
    while left:
        fitted = fit(left, room)
        assert fits(fitted.here, room)
        told += [each.text for each in fitted.here]
        left = fitted.rest
    assert " ".join(told).split() == ["word"] * 400 + ["last"]


def test_no_heading_is_broken_inside_a_word() -> None:
    """Bold letters of Arial, from its own table of widths: thin ones gain more than others."""
    known = (722, 611, 667, 556, 278, 278, 611, 611, 611, 389, 333, 611, 556)
    widths = dict(zip("BFPeilgnortuy", known, strict=True))
    wordy = Cell("a long practice that is told in many words " * 2)
    for head in ("Figure", "Priority", "Billing"):
        rows = [(wordy, wordy, wordy, Cell("1", figure=True))] * 3
        [grid] = grids(("Practice", "Evidence", "Owner", head), rows, Room(500, 400), "")
        true = sum(widths[letter] for letter in head) * grid.size / 1000
        assert grid.widths[3] * 500 >= true * 1.03 + MARGIN


def test_a_word_wider_than_its_line_is_counted_in_lines() -> None:
    assert height_of(words("x" * 400, 10), 100) == 20 * 10 * 1.2


def test_the_built_in_layouts_have_room_for_every_place() -> None:
    rooms = open_template(None).rooms
    assert min(rooms.figures.width, rooms.why.width) > 250
    assert rooms.title_size == 24.0
