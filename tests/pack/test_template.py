"""A company's own template: used where it is right, and refused with all that is wrong with it."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches

from dashboard.errors import DashboardError
from dashboard.pack.slides.deck import deck
from dashboard.pack.slides.template import open_template
from tests.pack.conftest import Made
from tests.pack.package_rules import faults


@pytest.fixture
def own(made: Made, tmp_path: Path) -> Path:
    """A pack as somebody saved it: its slides still in it, and a title of another size."""
    path = tmp_path / "house.pptx"
    presentation = Presentation(io.BytesIO(made.blob))
    layout = next(each for each in presentation.slide_layouts if each.name == "Boardseat exhibit")
    exhibit = next(each for each in layout.placeholders if each.name == "Exhibit")
    exhibit.left = Inches(1)
    presentation.save(str(path))
    return path


def changed(path: Path, change: Any) -> Path:
    presentation = Presentation(str(path))
    change(presentation)
    presentation.save(str(path))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(DashboardError) as caught:
        open_template(path)
    return str(caught.value)


def rezipped(path: Path, old: bytes, new: bytes, part: str) -> Path:
    parts = {}
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content.replace(old, new) if name == part else content)
    return path


def test_a_pack_is_a_template_for_the_next(made: Made, own: Path) -> None:
    blob = deck(made.pack, own)
    assert faults(blob) == []
    slides = list(Presentation(io.BytesIO(blob)).slides)
    assert len(slides) == len(made.slides)
    frame = next(shape for shape in slides[3].shapes if shape.has_chart)
    assert frame.left == Inches(1)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "none.pptx"
    assert refusal(path) == (
        f"The template {path} cannot be read: No such file or directory. Name another file with --template."
    )


@pytest.mark.parametrize("content", [b"", b"Dear all", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_presentation(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "house.pptx"
    path.write_bytes(content)
    assert refusal(path) == "The template house.pptx is no PowerPoint presentation. Save it as .pptx."


def test_a_workbook_is_no_presentation(tmp_path: Path, made: Made) -> None:
    path = tmp_path / "house.pptx"
    with zipfile.ZipFile(io.BytesIO(made.blob)) as package:
        name = next(name for name in package.namelist() if name.endswith(".xlsx"))
        path.write_bytes(package.read(name))
    assert refusal(path) == "The template house.pptx is no PowerPoint presentation. Save it as .pptx."


def test_a_protected_file(tmp_path: Path) -> None:
    path = tmp_path / "house.pptx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    assert refusal(path) == (
        "The template house.pptx is protected by a password, or of the old kind .ppt. "
        "Save it as .pptx without a password."
    )


def test_a_file_that_may_not_be_changed(own: Path) -> None:
    rezipped(own, b"</p:presentation>", b"<p:modifyVerifier/></p:presentation>", "ppt/presentation.xml")
    assert refusal(own) == (
        "The template house.pptx is protected against changes, and so would be every pack made with it. "
        "Take the protection off: File, Save As, Tools, General Options."
    )


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("presentationml.template.main", "a template of the kind .potx"),
        ("presentationml.slideshow.main", "a slide show"),
        ("presentationml.macroEnabled.main", "a presentation with macros"),
    ],
)
def test_another_kind_of_presentation(own: Path, kind: str, told: str) -> None:
    rezipped(own, b"presentationml.presentation.main", kind.encode(), "[Content_Types].xml")
    assert refusal(own) == f"The template house.pptx is {told}. Save it as .pptx."


def test_everything_that_it_lacks_is_told_at_once(own: Path) -> None:
    def change(presentation: Any) -> None:
        for layout in presentation.slide_layouts:
            if layout.name == "Boardseat text":
                layout.name = "Two columns"
            for each in layout.placeholders:
                if each.name == "Why":
                    each.name = "Reason"

    assert refusal(changed(own, change)) == (
        "The layout 'Boardseat exhibit' of the template house.pptx has no placeholder called 'Why'. "
        "It has: Title, Question, Exhibit, Figures, Reason, Footer. "
        "Insert one in the slide master, and name it in the selection pane.\n"
        "The template house.pptx has no layout called 'Boardseat text'. "
        "It has: Boardseat cover, Boardseat exhibit, Two columns. "
        "Name one so in the slide master (View, Slide Master, Rename Layout)."
    )


def test_a_placeholder_that_was_never_drawn(own: Path) -> None:
    def change(presentation: Any) -> None:
        layout = next(each for each in presentation.slide_layouts if each.name == "Boardseat exhibit")
        why = next(each for each in layout.placeholders if each.name == "Why")
        for each in (why, *presentation.slide_master.placeholders):  # it would take the master's
            each._element.spPr.remove(each._element.spPr.find(qn("a:xfrm")))

    assert refusal(changed(own, change)) == (
        "The placeholder 'Why' of the layout 'Boardseat exhibit' of the template house.pptx has no size. "
        "Draw it in the slide master."
    )


def test_a_template_without_a_place_for_notes(own: Path) -> None:
    def change(presentation: Any) -> None:
        for each in list(presentation.notes_master.placeholders):
            each._element.getparent().remove(each._element)

    assert refusal(changed(own, change)) == (
        "The notes master of the template house.pptx has no place for notes. Restore it."
    )


def test_a_template_without_layouts(own: Path) -> None:
    def change(presentation: Any) -> None:
        for entry in list(presentation.slides._sldIdLst):
            presentation.part.drop_rel(entry.rId)
            presentation.slides._sldIdLst.remove(entry)
        for layout in list(presentation.slide_layouts):
            presentation.slide_layouts.remove(layout)

    assert refusal(changed(own, change)) == (
        "The template house.pptx has no layouts. "
        "Add Boardseat cover, Boardseat exhibit, Boardseat text in the slide master."
    )
