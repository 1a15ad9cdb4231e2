"""The Export screen as Streamlit draws it, and what a pack marks since the last."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from dashboard.board.panels import PairPanel
from dashboard.definitions.model import Catalog
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.delivery import enter, files_of
from dashboard.pack.document.compiling import document
from dashboard.pack.one_panel import of_panel, panel_document, panel_presentation
from dashboard.pack.renderers import Choices
from dashboard.pack.since_last import last_pack, marked
from dashboard.pack.slides.deck import deck
from dashboard.pack.workbook.making import workbook
from dashboard.screens.about import _alone
from dashboard.screens.export_page import MADE, PREVIEW
from dashboard.service import Service
from tests.pack import company


@dataclass
class Screen:
    home: Path
    service: Service
    ledger: Ledger

    def open(self) -> AppTest:
        app = AppTest.from_function(_script, args=(self.service, company.NOW), default_timeout=60)
        return app.run()

    @property
    def catalog(self) -> Catalog:
        return self.service.opened[0]

    @property
    def request(self) -> Request:
        return Request(self.catalog.pack(), self.catalog.board.calendar.parse("2026-Q2"))


def _script(service, moment) -> None:  # type: ignore[no-untyped-def]  # its text runs alone, without imports
    from dashboard.screens.export_page import show_export

    show_export(service, now=lambda: moment)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    deployment = company.deployed(company.written(tmp_path))
    with Ledger(deployment.ledger_url) as ledger:
        company.measured(deployment, ledger)
        service = Service(company.CONFIGURATION, company.environ(tmp_path))
        yield Screen(tmp_path, service, ledger)
        service.close()


def told(app: AppTest) -> str:
    found = [*app.title, *app.markdown, *app.success, *app.error]
    return "\n".join(element.value.replace("\\", "") for element in found)


def pressed(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def test_what_may_be_chosen(screen: Screen) -> None:
    app = screen.open()
    assert not app.exception
    assert app.selectbox[0].value == "2026-Q2"
    assert app.pills[0].value == ["loyalty", "voices", "customer_asset"]
    assert app.pills[1].value == ["pptx", "pdf", "xlsx"]
    assert "Consumer" in app.selectbox[1].options


def test_the_files_are_made_entered_and_given_out(screen: Screen) -> None:
    app = screen.open()
    app.pills[0].set_value(["loyalty"])
    app.pills[1].set_value(["pdf", "xlsx", "csv"])
    app.text_input[0].set_value("Secretary")
    app = pressed(app, "Make the pack")
    assert not app.exception
    assert "6 files of board-2026-Q2 are ready." in told(app)
    with zipfile.ZipFile(io.BytesIO(app.session_state[MADE].archive)) as archive:
        names = archive.namelist()
        content = archive.read("board-2026-Q2.pdf")
    assert names == [
        *("board-2026-Q2.pdf", "board-2026-Q2.xlsx"),
        *("data/loyalty-pair-net_promoter_score.csv", "data/loyalty-trend-net_promoter_score-by-segment.csv"),
        *("data/loyalty-trend-complaints.csv", "manifest.json"),
    ]
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert "Would our customers recommend us" in " ".join(page.extract_text() for page in pages)
    entered = screen.ledger.exports.newest(10)
    assert {each.what for each in entered} == {f"pack {name}" for name in names[:-1]}
    assert {(each.author, each.period) for each in entered} == {("Secretary", "2026-Q2")}
    assert "pack board-2026-Q2.pdf · 2026-Q2, run 1, by Secretary" in told(app)


def test_a_pack_is_signed(screen: Screen) -> None:
    app = pressed(screen.open(), "Make the pack")
    assert "A pack is signed. Write your name." in told(app)
    assert screen.ledger.exports.newest(10) == ()


def test_what_cannot_be_packed_is_told(screen: Screen) -> None:
    app = screen.open()
    app.pills[1].set_value([])
    app.text_input[0].set_value("Secretary")
    assert "Choose at least one format." in told(pressed(app, "Make the pack"))
    app.pills[0].set_value([])
    assert "Choose at least one page." in told(app.run())


def test_sheets_are_shown_before_they_are_printed(screen: Screen) -> None:
    app = pressed(screen.open(), "Preview the sheets")
    assert not app.exception
    assert "This is the first pack of its period." in told(app)
    assert app.slider[0].max >= 8
    preview = app.session_state[PREVIEW]
    assert len(preview.pictures) == app.slider[0].max
    assert all(picture.startswith(b"\x89PNG") for picture in preview.pictures)
    app.slider[0].set_value(3)
    assert not app.run().exception


def test_the_group_that_is_chosen_is_the_group_of_the_pack(screen: Screen) -> None:
    app = screen.open()
    app.pills[0].set_value(["loyalty"])
    app.pills[1].set_value(["parquet"])
    app.selectbox[1].set_value("segment:Consumer")
    app.text_input[0].set_value("Secretary")
    app = pressed(app, "Make the pack")
    assert [file.name for file in app.session_state[MADE].files] == [
        "data/board-2026-Q2-segment-consumer.parquet",
        "manifest.json",
    ]


def test_the_first_pack_marks_nothing(screen: Screen) -> None:
    pack = bind(screen.catalog, screen.ledger, screen.request, now=company.NOW)
    assert last_pack(screen.ledger, "2026-Q2") is None
    assert marked(screen.catalog, screen.ledger, screen.request, pack, now=company.NOW) == pack


def test_the_next_pack_marks_what_changed(screen: Screen) -> None:
    catalog, ledger, request = screen.catalog, screen.ledger, screen.request
    first = bind(catalog, ledger, request, now=company.NOW)
    later = company.NOW + timedelta(hours=1)
    files = files_of(first, ["parquet"], Choices())
    enter(ledger, first, files[:-1], author="Ann Lee", now=later)
    unchanged = marked(catalog, ledger, request, first, now=later)
    assert unchanged.since is not None
    assert (
        unchanged.since.line == "Since the pack of 15 October 2026, 11:00, by Ann Lee: no figure has changed."
    )
    more = (screen.home / "answers.csv").read_text() + "2026-09-05,North,Consumer,10\n" * 50
    (screen.home / "answers.csv").write_text(more)
    company.measured(replace(company.deployed(screen.home)), ledger)
    now = later + timedelta(hours=1)
    second = marked(catalog, ledger, request, bind(catalog, ledger, request, now=now), now=now)
    assert second.since is not None
    nps = next(
        each for each in second.since.changed if each.figure == "Net Promoter Score" and not each.group
    )
    assert (nps.page, nps.then, nps.now) == ("Loyalty", "16.5", "20.3")
    assert not [each for each in second.since.changed if each.figure == "Revenue"]
    changed = second.since.changed
    assert len(set(changed)) == len(changed)  # the same figure stands in several panels
    assert "Net Promoter Score: n" in [each.figure for each in changed]
    assert "n" not in [each.figure for each in changed]
    told_there = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document(second))).pages)
    assert "What changed since the last pack" in told_there
    assert workbook(second).startswith(b"PK")
    third = Presentation(io.BytesIO(deck(second, None))).slides[2]
    assert third.shapes.title.text_frame.text == "What changed since the last pack"
    table = next(shape.table for shape in third.shapes if shape.has_table)
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert ["Net Promoter Score", "", "Loyalty", "16.5", "20.3"] in rows


def test_a_panel_alone_is_a_slide_and_a_sheet(screen: Screen) -> None:
    pack = bind(screen.catalog, screen.ledger, screen.request, now=company.NOW)
    shown = pack.pages[0].shown
    panel = shown.panels[0]
    assert isinstance(panel, PairPanel)
    alone = of_panel(shown, panel, (), known=pack.known, version=pack.version)
    assert alone.origin == pack.origin
    slides = Presentation(io.BytesIO(panel_presentation(alone))).slides
    assert len(slides) == 1
    assert [shape for shape in slides[0].shapes if shape.has_chart]
    sheets_ = pypdf.PdfReader(io.BytesIO(panel_document(alone))).pages
    assert len(sheets_) == 1
    told = " ".join(sheets_[0].extract_text().split())
    assert panel.sentence in told
    assert "page 1 of 1" in told
    assert "Summary" not in told


def test_the_menu_of_a_panel_offers_its_slide_and_its_sheet(screen: Screen) -> None:
    pack = bind(screen.catalog, screen.ledger, screen.request, now=company.NOW)
    shown = pack.pages[0].shown
    for panel in shown.panels:
        if isinstance(panel, PairPanel):
            alone = _alone(panel, shown, screen.service)
            assert alone.known == screen.ledger.runs(1)[0].finished_at
            assert alone.pages[0].shown.panels == (panel,)
