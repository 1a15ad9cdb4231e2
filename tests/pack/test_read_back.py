"""The pack of the demo, read back from its files: the figures of the page stand on slide, paper and sheet."""

import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from dashboard.board.drawings import Role, Step
from dashboard.board.panels import Exhibited, ExhibitPanel, PairPanel, TrendPanel
from dashboard.board.wording import change_text, headline_text, signal_label
from dashboard.charts.exhibit import chart_spec
from dashboard.charts.forms import drawing_spec, unchecked
from dashboard.charts.theme import LIGHT
from dashboard.commands.place import demo_place
from dashboard.definitions.model import PanelKind
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.data import FIELD, figure_rows
from dashboard.pack.document.compiling import document
from dashboard.pack.document.pictures import drawable
from dashboard.pack.model import BoardPack, PackPage
from dashboard.pack.slides.deck import deck
from dashboard.pack.slides.plan import Cover, Rooms
from dashboard.pack.slides.planning import panel_slides
from dashboard.pack.slides.template import open_template
from dashboard.pack.workbook.making import workbook
from dashboard.pack.workbook.names import sheet_name
from dashboard.units import LARGEST
from tests.pack.number_reading import shown

pytestmark = pytest.mark.slow

PAGE, SLIDE, PAPER = "page", "slide", "paper"
EVERYWHERE = frozenset({PAGE, SLIDE, PAPER})
POINTED_AT = frozenset({SLIDE, PAPER})  # the page tells it to those who point at it

# What a drawing knows and is not written in these places, though it stands in the table of the workbook.
NOT_WRITTEN = {
    ("Matrix", "cells.n_text"): (EVERYWHERE, "a field of a matrix has room for its figure alone"),
    ("DotPlot", "overall.n_text"): (
        EVERYWHERE,
        "the line of all carries its figure; n is that of the groups",
    ),
    ("Butterfly", "gaps.gap_text"): (EVERYWHERE, "the two lie back to back, to be compared by length"),
    ("Dumbbell", "gaps.left_text"): (frozenset({PAPER}), "a point on the axis; the gap is written beside"),
    ("Dumbbell", "gaps.right_text"): (frozenset({PAPER}), "a point on the axis; the gap is written beside"),
    ("Bullets", "rows.text"): (frozenset({PAPER}), "a bar on the axis; the badge is written beside"),
    ("Bullets", "rows.target_text"): (frozenset({PAPER}), "a mark on the axis; the badge is written beside"),
    ("Register", "rows.text"): (POINTED_AT, "r is written without its lag, which the table has"),
    ("Effects", "rows.text"): (POINTED_AT, "the verdict in words; the effect is written beside its interval"),
}
# Columns of the tables of drawings that write no figures, of which the drawing makes no line and no point.
NOT_DRAWN = {
    ("Survival", "At risk"): "how many stand behind a step of the curve",
    ("Survival", "Lost"): "how many a step of the curve is",
    ("Correlogram", "r before the filter"): "never judged: told for comparison in the table alone",
    ("Correlogram", "r of the figures as they are (never judged)"): "told for comparison in the table alone",
}


@dataclass(frozen=True)
class Files:
    """The pack, and what was read from its files."""

    pack: BoardPack
    slides: Mapping[str, Sequence[Any]]  # by title
    rooms: Rooms
    paper: str
    book: Any

    def panels(self) -> Iterator[tuple[PackPage, Exhibited]]:
        for page in self.pack.pages:
            for panel in page.shown.panels:
                assert isinstance(panel, Exhibited), panel.key
                yield page, panel


@pytest.fixture(scope="module")
def files(demo_home: Path) -> Files:
    deployment = demo_place({**os.environ, "BOARDSEAT_HOME": str(demo_home)}).deployment()
    catalog = deployment.catalog
    with Ledger(deployment.ledger_url) as ledger:
        request = Request(catalog.pack(), catalog.board.calendar.parse("2026-Q2"))
        pack = bind(catalog, ledger, request, now=deployment.now())
    slides: dict[str, list[Any]] = {}
    for slide in Presentation(io.BytesIO(deck(pack, None))).slides:
        slides.setdefault(slide.shapes.title.text_frame.text, []).append(slide)
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document(pack))).pages)
    book = openpyxl.load_workbook(io.BytesIO(workbook(pack)))
    return Files(pack, slides, open_template(None).rooms, close(paper), book)


def close(text: str) -> str:
    """A text without spaces and the marks of broken words: programs differ in where they break lines."""
    return re.sub(r"[\s\u200b\u2060]+", "", text)


def shapes_of(files: Files, page: PackPage, panel: Exhibited) -> Iterator[Any]:
    """The shapes on the slides of a panel, which are found by their titles."""
    planned = panel_slides(files.pack, page, panel, files.rooms)
    for title in {each.title.text for each in planned if not isinstance(each, Cover)}:
        for slide in files.slides[title]:
            yield from slide.shapes


def data_of(shape: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
    return list(book["Data"].iter_rows(values_only=True))


def on_slides(files: Files, page: PackPage, panel: Exhibited) -> tuple[str, list[float]]:
    """The texts and the numbers of charts on the slides of a panel; of a picture those of the notes."""
    texts: list[str] = []
    numbers: list[float] = []
    for shape in shapes_of(files, page, panel):
        if shape.has_text_frame:
            texts.append(shape.text_frame.text)
        if shape.has_table:
            texts += [cell.text for row in shape.table.rows for cell in row.cells]
        if shape.has_chart:
            texts += [each.text or "" for each in shape.chart._chartSpace.iter("{*}t")]
            numbers += [
                float(each) for row in data_of(shape) for each in row if isinstance(each, int | float)
            ]
        if shape.shape_type is MSO_SHAPE_TYPE.PICTURE:
            texts.append(shape.part.slide.notes_slide.notes_text_frame.text)
    return close("\n".join(texts)), numbers


def written(drawing: Any, path: str = "") -> Iterator[tuple[str, str, float | None]]:
    """Every figure that a drawing writes: where it stands in it, its text, and the number behind it."""
    if isinstance(drawing, tuple):
        for each in drawing:
            yield from written(each, path)
    elif is_dataclass(drawing) and not isinstance(drawing, type):
        for field in fields(drawing):
            value, place = getattr(drawing, field.name), f"{path}.{field.name}".removeprefix(".")
            if isinstance(value, str) and field.name.endswith("text") and value:
                yield place, value, behind(drawing, field.name)
            elif field.name != "board":
                yield from written(value, place)


def behind(item: Any, name: str) -> float | None:
    if isinstance(item, Step):
        return item.end if item.role is Role.TOTAL else item.end - item.start
    found = getattr(item, name.removesuffix("text").removesuffix("_") or "value", None)
    return found if isinstance(found, float) else None


def unwritten(panel: ExhibitPanel, path: str) -> frozenset[str]:
    return NOT_WRITTEN.get((type(panel.drawing).__name__, path), (frozenset(), ""))[0]


def on_page(panel: ExhibitPanel) -> str:
    """The drawing as the browser gets it."""
    with unchecked():
        return close(json.dumps(drawing_spec(panel.drawing, LIGHT, checked=False), ensure_ascii=False))


def near(value: float, numbers: Sequence[float]) -> bool:
    """Whether a chart holds it; a bar to the left is as long as one to the right."""
    return any(abs(value) == pytest.approx(abs(each), rel=1e-9) for each in numbers)


def test_every_kind_of_panel_is_read_back(files: Files) -> None:
    kinds = {panel.kind for _, panel in files.panels() if isinstance(panel, ExhibitPanel)}
    assert kinds >= set(PanelKind) - {PanelKind.PAIR, PanelKind.TREND, PanelKind.NOTE}
    assert {type(panel) for _, panel in files.panels()} == {PairPanel, TrendPanel, ExhibitPanel}


def test_figures_that_a_drawing_writes_stand_on_page_slide_and_paper(files: Files) -> None:
    lacking, seen = [], 0
    for page, panel in files.panels():
        if not isinstance(panel, ExhibitPanel) or panel.drawing is None:
            continue
        screen, (texts, numbers) = on_page(panel), on_slides(files, page, panel)
        for path, text, value in written(panel.drawing):
            there = {
                PAGE: close(text) in screen,
                SLIDE: near(value, numbers) if numbers and value is not None else close(text) in texts,
                PAPER: close(text) in files.paper,
            }
            places = [place for place in there if not there[place] and place not in unwritten(panel, path)]
            lacking += [(panel.key, path, text, place) for place in places]
            seen += 1
    assert not lacking
    assert seen > 500


def test_lines_and_points_without_figures_are_those_of_their_table(files: Files) -> None:
    """Curves, stems and studies; on paper they are the drawing of the page, which writes no figure."""
    lacking, seen = [], 0
    for page, panel in files.panels():
        if not isinstance(panel, ExhibitPanel) or panel.drawing is None or any(written(panel.drawing)):
            continue
        texts, numbers = on_slides(files, page, panel)
        for place, column in enumerate(panel.sheet.columns):
            if (type(panel.drawing).__name__, column.name) in NOT_DRAWN:
                continue
            for field in (row[place] for row in panel.sheet.rows):
                if field.value is not None:
                    times = 100 if field.text.endswith(" points") else 1  # between two percentages
                    there = near(times * field.value, numbers) or close(field.text) in texts
                    lacking += [] if there else [(panel.key, column.name, field.text)]
                    seen += 1
    assert not lacking
    assert seen > 500


def test_tables_say_the_same_on_slide_and_paper(files: Files) -> None:
    """Statements, checklists, practices and voices are tables on the page, and are tables here."""
    lacking, seen = [], 0
    for page, panel in files.panels():
        if not isinstance(panel, ExhibitPanel) or panel.drawing is not None:
            continue
        slide = on_slides(files, page, panel)[0]
        for text in (field.text for row in panel.sheet.rows for field in row if field.text):
            told = close(text)
            lacking += [(panel.key, text, SLIDE)] if told not in slide else []
            lacking += [(panel.key, text, PAPER)] if told not in files.paper else []
            seen += 1
    assert not lacking
    assert seen > 300


def test_readings_say_the_same_on_page_slide_and_paper(files: Files) -> None:
    for page, panel in files.panels():
        if isinstance(panel, ExhibitPanel):
            continue
        texts, _ = on_slides(files, page, panel)
        columns = series_on_slides(files, page, panel)
        for reading in panel.readings:
            for text in (headline_text(reading), change_text(reading), signal_label(reading)):
                assert close(text or "") in texts, (panel.key, text)
                assert close(text or "") in files.paper, (panel.key, text)
            months = tuple(point.figure.value for point in reading.points)
            if drawable(reading):
                assert months in columns, (panel.key, reading.metric.id)
                rows = json.dumps(chart_spec(reading, LIGHT))
                assert all(json.dumps(value) in rows for value in months), panel.key


def series_on_slides(files: Files, page: PackPage, panel: Exhibited) -> set[tuple[float | None, ...]]:
    """The columns of the workbooks behind the charts of a panel, as PowerPoint opens them."""
    found = set()
    for shape in shapes_of(files, page, panel):
        if shape.has_chart:
            head, *rows = data_of(shape)
            found |= {tuple(row[place] for row in rows) for place in range(1, len(head))}
    return found


def test_the_workbook_has_every_table_with_numbers_that_read_as_on_the_page(files: Files) -> None:
    seen = 0
    for page, panel in files.panels():
        if not isinstance(panel, ExhibitPanel) or panel.kind is PanelKind.NOTE:
            continue
        sheet = files.book[sheet_name(page.shown.page.title, ())]
        rows = table_under(sheet, panel)
        for row, wanted in zip(rows, panel.sheet.rows, strict=True):
            for cell, column, field in zip(row, panel.sheet.columns, wanted, strict=False):
                if (column.unit or field.unit) is None or field.value is None:
                    assert close(str(cell.value or "")) == close(field.text), (panel.key, field)
                    continue
                assert cell.value == pytest.approx(field.value, rel=1e-12), (panel.key, field)
                seen += 1
    assert seen > 1000


def table_under(sheet: Any, panel: ExhibitPanel) -> list[Any]:
    """The rows of a panel's table: under its message, its notices and the heads of its columns."""
    heads = [column.name for column in panel.sheet.columns]
    starts = [row[0].row for row in sheet.iter_rows() if row[0].value == panel.sentence]
    for start in starts:
        first = start + 1 + len(panel.notices)
        if [cell.value for cell in sheet[first][: len(heads)]] == heads:
            rows = sheet.iter_rows(first + 1, first + len(panel.sheet.rows), 1, len(heads))
            return list(rows) if panel.sheet.rows else []
    raise AssertionError(f"{panel.key} is not on its sheet")


def test_the_workbook_has_every_reading_and_every_month(files: Files) -> None:
    rows = list(files.book["All figures"].iter_rows(min_row=2))
    told = figure_rows(files.pack)
    assert len(rows) == len(told)
    for row, wanted in zip(rows, told, strict=True):
        value, text = row[9], row[10]
        assert (text.value or "") == wanted.text
        if wanted.value is None:
            assert value.value is None
            continue
        assert value.value == pytest.approx(wanted.value, rel=1e-12)
        if wanted.kind != FIELD and abs(wanted.value) < LARGEST:
            assert wanted.text.startswith(shown(value.value, value.number_format)), wanted
