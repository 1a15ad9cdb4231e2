"""Slides and notes are copied as python-pptx makes them, one by one."""

from typing import Any

import pytest
from lxml import etree

from dashboard.pack.slides.layouts import PLACEHOLDERS
from dashboard.pack.slides.prototypes import add_notes, add_slide
from dashboard.pack.slides.template import open_template
from dashboard.pack.slides.writing import write_lines

NOTES = "What is asked next?\n\n=1+1 & <so on>"


def canonical(element: Any) -> bytes:
    return bytes(etree.tostring(element, method="c14n"))


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_copied_slide_is_one_that_python_pptx_makes(name: str) -> None:
    template = open_template(None)
    made = template.prototypes[name]
    copied = add_slide(template.presentation, made).slide
    usual = template.presentation.slides.add_slide(made.layout)
    assert canonical(copied.element) == canonical(usual.element)
    placed = {each: copied.shapes.element[place] for each, place in made.places.items()}
    indices = {each.element: each.placeholder_format.idx for each in copied.placeholders}
    assert {each: indices[placed[each]] for each in placed} == {
        each: slot.index for each, slot in template.slots[name].items()
    }


def test_notes_are_as_python_pptx_writes_them() -> None:
    template = open_template(None)
    layout = next(iter(template.prototypes.values()))
    first, second = (add_slide(template.presentation, layout) for _ in range(2))
    add_notes(first, template.notes, NOTES)
    usual = second.slide.notes_slide
    write_lines(usual.notes_placeholder.element, NOTES)
    written = next(each for each in first.rels.values() if each.reltype.endswith("/notesSlide")).target_part
    assert canonical(etree.fromstring(written.blob)) == canonical(usual.element)
    ours, theirs = ([each.reltype for each in part.rels.values()] for part in (written, usual.part))
    assert ours == theirs


def test_slides_that_were_made_to_be_copied_are_not_saved() -> None:
    package = open_template(None).presentation.part.package
    names = [str(part.partname) for part in package.iter_parts()]
    assert [name for name in names if "/slides/" in name or "/notesSlides/" in name] == []
