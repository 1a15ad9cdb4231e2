"""New slides and their notes, copied from ones that python-pptx made.

It asks layout and master anew for each placeholder of each slide; a pack has hundreds of slides on three
layouts.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.parts.slide import SlidePart

from dashboard.pack.slides.layouts import Slot
from dashboard.pack.slides.writing import paragraphs_of, write_lines

_MARK = "notes"


@dataclass(frozen=True)
class Prototype:
    """A slide with the placeholders of its layout: where each stands in the tree of shapes, by name."""

    layout: Any
    element: Any
    places: Mapping[str, int]


@dataclass(frozen=True)
class NotesPrototype:
    """The notes of a slide, before and behind the paragraphs of their text."""

    master: Any
    head: bytes
    tail: bytes


def prototype(presentation: Any, layout: Any, slots: Mapping[str, Slot]) -> Prototype:
    """An empty slide of a layout."""
    slide = _apart(presentation, layout)
    slide.shapes.clone_layout_placeholders(layout)
    there = _by_index(slide.placeholders)
    for slot in slots.values():  # feet and numbers are not copied by themselves
        if slot.index not in there:
            slide.shapes.clone_placeholder(slot.source)
    there = _by_index(slide.placeholders)
    tree = slide.shapes.element
    return Prototype(
        layout, slide.element, {name: tree.index(there[slot.index]) for name, slot in slots.items()}
    )


def _apart(presentation: Any, layout: Any) -> Any:
    """A slide without shapes, which the presentation has no longer, and which is not saved with it."""
    relation, slide = presentation.part.add_slide(layout)
    presentation.part.drop_rel(relation)
    return slide


def _by_index(placeholders: Iterable[Any]) -> dict[int, Any]:
    return {each.placeholder_format.idx: each.element for each in placeholders}


def notes_prototype(presentation: Any, layout: Any) -> NotesPrototype:
    """The notes of a slide; a presentation without a master of notes is given one."""
    notes = _apart(presentation, layout).notes_slide
    write_lines(notes.notes_placeholder.element, _MARK)
    written = etree.tostring(notes.element, encoding="UTF-8", standalone=True)
    head, _, tail = written.partition(paragraphs_of(_MARK).encode())
    return NotesPrototype(notes.part.notes_master.part, head, tail)


def add_slide(presentation: Any, made: Prototype) -> SlidePart:
    """A copy of the prototype as the last slide."""
    package = presentation.part.package
    name = package.next_partname("/ppt/slides/slide%d.xml")
    part = SlidePart(name, CONTENT_TYPE.PML_SLIDE, package, deepcopy(made.element))
    part.relate_to(made.layout.part, RELATIONSHIP_TYPE.SLIDE_LAYOUT)
    relation = presentation.part.relate_to(part, RELATIONSHIP_TYPE.SLIDE)
    presentation.element.get_or_add_sldIdLst().add_sldId(relation)
    return part


def add_notes(slide: SlidePart, made: NotesPrototype, text: str) -> None:
    """The notes of a slide, as they are written into the file: nobody reads them back here."""
    package = slide.package
    name = package.next_partname("/ppt/notesSlides/notesSlide%d.xml")
    written = made.head + paragraphs_of(text).encode() + made.tail
    notes = Part(name, CONTENT_TYPE.PML_NOTES_SLIDE, package, written)
    notes.relate_to(made.master, RELATIONSHIP_TYPE.NOTES_MASTER)
    notes.relate_to(slide, RELATIONSHIP_TYPE.SLIDE)
    slide.relate_to(notes, RELATIONSHIP_TYPE.NOTES_SLIDE)
