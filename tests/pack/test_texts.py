"""Voices and the gate in a pack: the same texts on slide, sheet and page, and none of them a formula."""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from pptx import Presentation

from dashboard.board.panels import ExhibitPanel
from dashboard.pack.data import csv_files
from dashboard.pack.model import BoardPack
from dashboard.pack.slides.deck import deck
from dashboard.pack.workbook.making import workbook
from tests.board.spoken import answers, opened
from tests.pack.packed import bound, with_panels

HOSTILE = "=HYPERLINK(1) it took long"


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ExhibitPanel, ExhibitPanel]]:
    with opened(tmp_path_factory.mktemp("spoken")) as company:
        company.measure([row | {"said": HOSTILE} for row in answers()])
        yield company.exhibit("heard"), company.exhibit("review")


@pytest.fixture(scope="module")
def pack(panels: tuple[ExhibitPanel, ExhibitPanel], tmp_path_factory: pytest.TempPathFactory) -> BoardPack:
    return with_panels(bound(tmp_path_factory.mktemp("company")), panels)


def test_a_workbook_has_them_as_texts(pack: BoardPack) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(pack)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    said = [cell for cell in cells if HOSTILE in str(cell.value)]
    assert len(said) == 6  # on the sheet of the page, and among all figures
    assert all(cell.data_type in ("s", "inlineStr") for cell in said)
    assert any("Report on 200 interviews" in str(cell.value) for cell in cells)


def test_slides_have_them_in_tables(pack: BoardPack) -> None:
    slides = Presentation(io.BytesIO(deck(pack, None))).slides
    told = [
        cell.text
        for slide in slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    assert told.count(HOSTILE) == 3
    assert "Report on 200 interviews" in told


def test_csv_files_have_them_without_a_formula(pack: BoardPack) -> None:
    found = [content.decode() for content in csv_files(pack).values()]
    assert any(f"'{HOSTILE}" in text for text in found)
    assert not any(f",{HOSTILE}" in text for text in found)
