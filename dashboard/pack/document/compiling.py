"""BoardPack -> PDF/UA-1, or a picture of each of its sheets: the same pack gives the same bytes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typst

from dashboard.charts.engines import begin
from dashboard.pack.document.contents import contents
from dashboard.pack.document.fonts import system_fonts, typefaces
from dashboard.pack.document.glyphs import named, unusual, without_glyphs
from dashboard.pack.document.pictures import PagePictures, draw_pages
from dashboard.pack.model import BoardPack
from dashboard.pack.plain_text import plain_text

TEMPLATE = Path(__file__).with_name("template.typ")
PREVIEW_PPI = 90


@dataclass(frozen=True)
class Manuscript:
    """A pack ready to be set. `notes` say what had to be made otherwise, such as an absent font."""

    pack: BoardPack
    data: str
    fonts: typst.Fonts
    notes: tuple[str, ...]

    @property
    def moment(self) -> datetime:
        """The date of the document: that of its figures, in whole seconds, as PDF counts them."""
        return self.pack.known.astimezone(UTC).replace(microsecond=0)


def manuscript(
    pack: BoardPack,
    *,
    pictures: Sequence[PagePictures] | None = None,
    fonts: typst.Fonts | None = None,
    whole: bool = True,
) -> Manuscript:
    """Gather all texts and the pictures of each page, which are drawn here, if none are given.

    `fonts` are those of this machine, if none are given. Without cover and summary unless it is `whole`.
    """
    there = fonts or system_fonts()
    faces = typefaces(there)
    drawn = draw_pages(pack.pages) if pictures is None else pictures
    data = _plain(contents(pack, drawn, whole=whole))
    missing = without_glyphs(unusual(data), faces, there)
    notes = [faces.note] if faces.note else []
    if missing:
        signs = " ".join(f"U+{ord(sign):04X}" for sign in sorted(missing))
        notes.append(f"No font on this machine has {signs}; in the document their names stand for them.")
    data = {**named(data, missing), "fonts": {"text": faces.text, "heading": faces.heading}, "notes": notes}
    return Manuscript(pack, json.dumps(data, ensure_ascii=False), there, tuple(notes))


def document(pack: BoardPack, pictures: Sequence[PagePictures] | None = None) -> bytes:
    """The pack as PDF/UA-1; the pictures of its pages are drawn here, if none are given."""
    return pdf(manuscript(pack, pictures=pictures))


def pdf(made: Manuscript) -> bytes:
    """Set a manuscript as PDF/UA-1."""
    begin()
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=made.fonts,
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"pack": made.data},
        timestamp=made.moment,
    )


def sheets(made: Manuscript, *, ppi: float = PREVIEW_PPI) -> tuple[bytes, ...]:
    """Each sheet of a manuscript as a PNG picture, just as it will be printed."""
    begin()
    drawn = typst.compile(
        TEMPLATE.read_bytes(),
        format="png",
        ppi=ppi,
        font_paths=made.fonts,
        ignore_system_fonts=True,
        sys_inputs={"pack": made.data},
        timestamp=made.moment,
    )
    return tuple(drawn) if isinstance(drawn, list) else (drawn,)


def _plain(value: object) -> object:
    """Every text without characters that no document may hold."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
