"""The planned slides drawn into a template's layouts, and saved so that equal packs are equal files."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.pack.model import BoardPack
from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.fitting import Room, Words, fit, words
from dashboard.pack.slides.layouts import COVER, EXHIBIT, TEXT
from dashboard.pack.slides.plan import APART, Charts, Cover, Exhibit, Grid, Picture, Slide, Text
from dashboard.pack.slides.planning import slides
from dashboard.pack.slides.prototypes import add_notes, add_slide
from dashboard.pack.slides.saving import saved
from dashboard.pack.slides.sections import link_tables, mark_sections
from dashboard.pack.slides.shapes import Place, add_chart, add_picture, add_table
from dashboard.pack.slides.template import Template, open_template
from dashboard.pack.slides.writing import describe, move, write

GAP = 12  # points between charts of one slide


def deck(
    pack: BoardPack, template: Path | None, progress: Callable[[str, float], None] = lambda what, share: None
) -> bytes:
    """The pack as a .pptx file; TemplateError where the template cannot be used."""
    opened = open_template(template)
    return draw(pack, opened, slides(pack, opened.rooms), progress)


def draw(
    pack: BoardPack, template: Template, planned: Sequence[Slide], progress: Callable[[str, float], None]
) -> bytes:
    """The slides in order, each with its foot and its notes."""
    for place, each in enumerate(planned):
        progress(f"slide {place + 1} of {len(planned)}", place / len(planned))
        footer = pack.footer(place + 1, len(planned))
        match each:
            case Cover():
                drawn = _cover(template, each)
            case Exhibit():
                drawn = _exhibit(template, each)
            case Text():
                drawn = _text(template, each)
        told = fit([words(footer, 9, muted=True)], drawn.room("Footer")).here
        drawn.say("Footer", told, "Period, moment, run and definitions of the figures")
        add_notes(drawn.part, template.notes, each.notes)
    mark_sections(template.presentation, planned)
    link_tables(template.presentation, planned)
    _sign(pack, template.presentation)
    return saved(template.presentation.part.package)


class _Drawn:
    """A slide with the elements of the placeholders of its layout, by their names there."""

    def __init__(self, template: Template, layout: str) -> None:
        made = template.prototypes[layout]
        self.part = add_slide(template.presentation, made)
        self._slots = template.slots[layout]
        self._tree = self.part.slide.shapes.element
        self.shapes = {name: self._tree[place] for name, place in made.places.items()}

    def free_number(self) -> int:
        """A number that no shape of the slide has, nor any number above it."""
        return 1 + max(int(each.get("id")) for each in self._tree.iterfind("*/*/" + qn("p:cNvPr")))

    def room(self, name: str) -> Room:
        """The size of a placeholder."""
        return self._slots[name].room

    def say(self, name: str, paragraphs: Sequence[Words], description: str) -> None:
        """Write into a placeholder; an empty one is taken away, for it would ask to be clicked."""
        shape = self.shapes[name]
        if not paragraphs:
            self._tree.remove(shape)
            return
        write(shape, paragraphs)
        describe(shape, name, description)

    def put(self, name: str, make: Callable[[Place], Sequence[Any]]) -> None:
        """Put shapes where a placeholder lies, and in its place in the order of reading."""
        self._put(name, make)
        self._tree.remove(self.shapes[name])

    def put_above(self, name: str, make: Callable[[Place], Sequence[Any]], points: float) -> None:
        """Put shapes at the top of a placeholder, which keeps what is left of its place under them."""
        self._put(name, make)
        left, top, width, height = self._slots[name].place
        above = int(Pt(points))
        move(self.shapes[name], (left, top + above, width, max(0, height - above)))

    def _put(self, name: str, make: Callable[[Place], Sequence[Any]]) -> None:
        for made in make(self._slots[name].place):
            self.shapes[name].addprevious(made)


def _cover(template: Template, cover: Cover) -> _Drawn:
    drawn = _Drawn(template, COVER)
    title = fit([words(single_line(cover.title), 40, bold=True)], drawn.room("Title"))
    drawn.say("Title", title.here, "Title of the pack")
    drawn.say("Text", fit(cover.lines, template.rooms.cover).here, "Whose pack, of which period, as of when")
    return drawn


def _exhibit(template: Template, exhibit: Exhibit) -> _Drawn:
    drawn = _Drawn(template, EXHIBIT)
    _head(drawn, template, exhibit.title, exhibit.question)
    body = exhibit.body
    drawn.put("Exhibit", lambda place: _body(drawn, body, place))
    drawn.say("Figures", exhibit.figures, "Figures, their change and whether it is a signal")
    drawn.say("Why", exhibit.why, "Why it is measured, and commentary")
    return drawn


def _text(template: Template, found: Text) -> _Drawn:
    drawn = _Drawn(template, TEXT)
    _head(drawn, template, found.title, found.question)
    body = found.body
    if isinstance(body, Grid) and found.under:
        drawn.put_above("Text", lambda place: _body(drawn, body, place), sum(body.heights) + APART)
        drawn.say("Text", found.under, "Text")
    elif isinstance(body, Grid):
        drawn.put("Text", lambda place: _body(drawn, body, place))
    else:
        drawn.say("Text", body, "Text")
    return drawn


def _head(drawn: _Drawn, template: Template, title: Words, question: str) -> None:
    shape = drawn.shapes["Title"]
    write(shape, [title], keep_size=title.size == template.rooms.title_size)
    describe(shape, "Title", "What the slide says")
    asked = fit([words(question, 13, muted=True)], drawn.room("Question"))
    drawn.say("Question", asked.here, "The question of the page")


def _body(drawn: _Drawn, body: Charts | Picture | Grid, place: Place) -> list[Any]:
    if isinstance(body, Picture):
        return [add_picture(drawn.part, body, place, io.BytesIO(body.png))]
    first = drawn.free_number()
    if isinstance(body, Grid):
        return [add_table(body, place, first)]
    parts = _parted(place, len(body.charts), body.columns)
    return [
        add_chart(drawn.part, chart, part, number)
        for number, (chart, part) in enumerate(zip(body.charts, parts, strict=True), start=first)
    ]


def _parted(place: Place, count: int, columns: int) -> list[Place]:
    """A place cut into equal parts, row by row."""
    left, top, width, height = place
    rows = -(-count // columns)
    gap = int(Pt(GAP))
    wide, high = (width - gap * (columns - 1)) // columns, (height - gap * (rows - 1)) // rows
    return [
        (left + (index % columns) * (wide + gap), top + (index // columns) * (high + gap), wide, high)
        for index in range(count)
    ]


def _sign(pack: BoardPack, presentation: Any) -> None:
    """The properties of the document; their times are that of the figures."""
    properties = presentation.core_properties
    moment = pack.known.replace(microsecond=0, tzinfo=None)
    properties.title = single_line(f"{pack.spec.cover.title} · {pack.period_text}")[:255]
    properties.author = properties.last_modified_by = single_line(pack.board.organisation)[:255]
    properties.subject = single_line(pack.origin)[:255]
    properties.created = properties.modified = moment
    properties.revision = 1
    properties.language = pack.board.locale.replace("_", "-")
    properties.keywords = properties.comments = properties.category = ""
