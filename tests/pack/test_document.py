"""The document: what it says, how it is tagged, and that nothing in a name can break it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any

import pypdf
import pytest
import typst

from dashboard.board.panels import FailedPanel, LockedPanel, PairPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.board.wording import change_text, headline_text
from dashboard.ledger.notes import Place
from dashboard.pack.document.compiling import document, manuscript, pdf, sheets
from dashboard.pack.document.contents import contents
from dashboard.pack.document.fonts import BUILT_IN, built_in_fonts, typefaces
from dashboard.pack.document.pictures import draw_pages, drawable
from dashboard.pack.model import BoardPack
from tests.pack.packed import bound, exhibit, readings, restated, with_exhibit, with_panels


def text_of(content: bytes) -> str:
    """All text of a PDF in one line, without the marks at which long words may be broken."""
    pages = (page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def tags(content: bytes) -> list[tuple[str, dict[str, Any]]]:
    """The structure elements in reading order, by the name of their tag."""

    def walk(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                yield from walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                yield str(node["/S"]), node
            yield from walk(node.get("/K", []))

    return list(walk(pypdf.PdfReader(BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]["/K"]))


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> BoardPack:
    return restated(bound(tmp_path_factory.mktemp("company")))


@pytest.fixture(scope="module")
def made(pack: BoardPack) -> bytes:
    return document(pack)


def test_every_figure_of_the_page_is_in_the_document(pack: BoardPack, made: bytes) -> None:
    told = squeezed(text_of(made))
    figures = readings(pack)
    assert len(figures) >= 4
    for reading in figures:
        assert squeezed(headline_text(reading)) in told
        assert squeezed(change_text(reading) or "") in told
    statement = exhibit(pack, "statement-revenue_bridge")
    for row in statement.sheet.rows:
        for field in row:
            assert squeezed(field.text) in told


def test_the_order_is_cover_summary_pages_and_appendices(pack: BoardPack, made: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(made))
    assert [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)] == [
        "Summary",
        *(page.shown.page.question for page in pack.pages),
        "What was restated",
        "What the figures mean",
        "How it is done",
    ]
    cover = reader.pages[0].extract_text()
    for part in (pack.spec.cover.title, pack.spec.cover.text, pack.spec.recipients, pack.period_text):
        assert squeezed(part) in squeezed(cover)


def test_every_sheet_has_its_origin_and_its_number(pack: BoardPack, made: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(made))
    count = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        told = squeezed(page.extract_text())
        assert squeezed(pack.origin) in told
        assert f"page{number}of{count}" in told


def test_the_summary_is_one_sheet_and_leads_to_the_pages(pack: BoardPack, made: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(made))
    summary = reader.pages[1].extract_text()
    for page in pack.pages:
        assert squeezed(page.shown.page.question) in squeezed(summary)
    assert pack.pages[0].shown.page.question in reader.pages[2].extract_text().replace("\n", " ")
    links = [note.get_object() for note in reader.pages[1]["/Annots"]]
    assert len(links) >= len(pack.pages)


def test_it_is_tagged_as_pdf_ua_asks(made: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(made))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    found = tags(made)
    count = Counter(name for name, _ in found)
    assert count["/Figure"] >= 8
    assert all(len(str(node.get("/Alt", ""))) > 20 for name, node in found if name == "/Figure")
    assert count["/Table"] >= 2
    assert count["/TH"] >= 6
    levels = [int(name[2:]) for name, _ in found if name in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_charts_are_vectors(made: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(made))
    assert not [image for page in reader.pages for image in page.images]


def test_equal_packs_give_equal_bytes_dated_as_of_the_figures(pack: BoardPack, made: bytes) -> None:
    assert document(pack) == made
    told = pypdf.PdfReader(BytesIO(made)).metadata
    assert told is not None
    assert told.creation_date == pack.known.astimezone(UTC).replace(microsecond=0)
    assert document(replace(pack, known=datetime(2026, 11, 1, tzinfo=UTC))) != made


HOSTILE = {
    "markup": '#import "x": y; $ x $ *bold* _it_ = head @ref <label> `code` \\ // /* [a](b) ~ -- \'',
    "formula": "=cmd|' /C calc'!A0",
    "right to left": "קבוצה צפונית مجموعة الشمال",
    "emoji": "North 🎉🫨",
    "controls": "a\x00b\x01c\x1bd\ufffee\u202ef\u200b\ud800",
    "unassigned": "x\u0378y",
    "long": "Supercalifragilistic" * 10,
    "long words": "a member of a rather long name " * 7,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_a_text(pack: BoardPack, name: str) -> None:
    text = HOSTILE[name]
    content = document(with_exhibit(pack, "statement-revenue_bridge", sentence=text, text=text, label=text))
    if name in ("markup", "formula", "long words"):
        assert squeezed(text_of(content)).count(squeezed(text)) >= 2
    if name == "emoji":
        assert "[party popper]" in text_of(content) or "🎉" in text_of(content)
    if name == "long":
        assert squeezed(text) in squeezed(text_of(content))
        assert max(len(line.replace("\u200b", "")) for line in lines(content)) < 150


def lines(content: bytes) -> list[str]:
    """The lines of a document as they are set."""
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return [line for page in pages for line in page.extract_text().splitlines()]


def test_a_sign_without_a_glyph_is_named_and_told(pack: BoardPack) -> None:
    made = manuscript(with_exhibit(pack, "statement-revenue_bridge", sentence="x\u0378y"))
    assert made.notes == ("No font on this machine has U+0378; in the document their names stand for them.",)
    assert "x[u+0378]y" in text_of(pdf(made))


def test_an_absent_font_is_told_and_another_taken(pack: BoardPack) -> None:
    faces = typefaces(built_in_fonts())
    assert (faces.text, faces.heading) == (BUILT_IN, BUILT_IN)
    made = manuscript(pack, fonts=built_in_fonts())
    assert made.notes == (
        "None of the fonts Source Sans 3, Source Sans Pro, Source Sans, Liberation Sans, Arial, Noto Sans, "
        "DejaVu Sans is on this machine; the document is set in Libertinus Serif. Install one of them to "
        "have it without serifs.",
    )
    told = text_of(pdf(made))
    assert "the document is set in Libertinus Serif" in told


def test_a_locked_and_a_failed_panel_are_stated(pack: BoardPack) -> None:
    panels = (LockedPanel("a", "Store visits", ("visits",)), FailedPanel("b", "Broken", "It could not be."))
    told = text_of(document(with_panels(pack, panels)))
    assert "Locked. This exhibit opens as soon as this data is measured: visits." in told
    assert "Store visits: not measured yet." in told
    assert "It could not be." in told


@pytest.mark.parametrize("count", [1, 400])
def test_a_chart_of_one_or_of_many_points(pack: BoardPack, count: int) -> None:
    reading = readings(pack)[0]
    points = (reading.points * (count // len(reading.points) + 1))[:count]
    long = replace(reading, points=points, marks=())
    assert drawable(long)
    panel = next(panel for page in pack.pages for panel in page.shown.panels if isinstance(panel, PairPanel))
    content = document(with_panels(pack, (replace(panel, readings=(long, long)),)))
    assert f"Line chart of {count} months" in "".join(
        str(node.get("/Alt", "")) for name, node in tags(content) if name == "/Figure"
    )


def test_long_texts_beside_it_leave_the_first_column_its_words(pack: BoardPack) -> None:
    heads = ("Step", "Evidence", "Owner", "Figure", "Target")
    told = ("Perceived and documented roles were compared", "Role survey of September 2025")
    row = tuple(map(Field, (*told, "Chief Customer Officer, with all others", "0.75", "0.85, not reached")))
    sheet = Sheet(tuple(map(Column, heads)), (row,) * 3)
    found = exhibit(pack, "statement-revenue_bridge")
    content = document(with_panels(pack, (replace(found, sheet=sheet, drawing=None),)))
    assert [line for line in lines(content) if line.startswith("Perceived and documented")]


def test_a_long_table_runs_on_with_its_heads(pack: BoardPack) -> None:
    rows = tuple((Field(f"Line {number}"), Field(f"{number}", float(number))) for number in range(200))
    sheet = Sheet((Column("What"), Column("The amount")), rows)
    content = document(with_exhibit(pack, "statement-revenue_bridge", sheet=sheet))
    heads = [page.extract_text().count("The amount") for page in pypdf.PdfReader(BytesIO(content)).pages]
    assert sum(heads) >= 4
    assert "Line 199" in text_of(content)


def test_commentary_is_set_with_its_styles_and_its_author(pack: BoardPack) -> None:
    noted = pack.pages[0].notes_of("")
    assert noted
    assert noted[0].note.place == Place("loyalty", "", "2026-Q2")
    parts = json.dumps(contents(pack, draw_pages(pack.pages)), ensure_ascii=False)
    assert '{"text": "North", "bold": true, "slanted": false}' in parts
    told = text_of(document(pack))
    assert "The rise is the North's" in told.replace("’", "'")
    assert "#1 stays a text" in told
    assert "Ann Lee, 15 October 2026" in told


def test_each_sheet_can_be_looked_at_before_it_is_printed(pack: BoardPack, made: bytes) -> None:
    pictures = sheets(manuscript(pack), ppi=30)
    assert len(pictures) == len(pypdf.PdfReader(BytesIO(made)).pages)
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_a_figure_without_words_would_be_refused() -> None:
    """The check that every other test relies on: typst refuses what PDF/UA-1 does."""
    empty = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    source = f'#set document(title: [x])\n#image(bytes("{empty}"), format: "svg")'.encode()
    with pytest.raises(typst.TypstError, match="PDF/UA-1 error"):
        typst.compile(source, format="pdf", pdf_standards=["ua-1"])
