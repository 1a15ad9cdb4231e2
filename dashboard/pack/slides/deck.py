"""The planned slides drawn into a template's layouts, and saved so that equal packs are equal files."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pptx.util import Emu, Pt

from dashboard.pack.model import BoardPack
from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.fitting import Room, Words, fit, words
from dashboard.pack.slides.layouts import COVER, EXHIBIT, TEXT
from dashboard.pack.slides.plan import APART, Charts, Cover, Exhibit, Grid, Picture, Slide, Text
from dashboard.pack.slides.planning import slides
from dashboard.pack.slides.saving import saved
from dashboard.pack.slides.sections import link_tables, mark_sections
from dashboard.pack.slides.template import Template, open_template
from dashboard.pack.slides.writing import add_chart, add_picture, add_table, describe, write, write_lines

GAP = 12  # points between charts of one slide
Place = tuple[int, int, int, int]


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
        foot = drawn.shapes_by_name["Footer"]
        write(foot.text_frame, fit([words(footer, 9, muted=True)], drawn.room("Footer")).here)
        describe(foot, "Footer", "Period, moment, run and definitions of the figures")
        write_lines(drawn.slide.notes_slide.notes_text_frame, each.notes)
    mark_sections(template.presentation, planned)
    link_tables(template.presentation, planned)
    _sign(pack, template.presentation)
    return saved(template.presentation.part.package)


class _Drawn:
    """A slide with the placeholders of its layout, by their names there."""

    def __init__(self, template: Template, layout: str) -> None:
        self.slide = template.presentation.slides.add_slide(template.layouts[layout])
        self._slots = template.slots[layout]
        by_index = self._by_index()
        missing = [slot.source for slot in self._slots.values() if slot.index not in by_index]
        for source in missing:  # feet and numbers are not copied by themselves
            self.slide.shapes.clone_placeholder(source)
        by_index = self._by_index() if missing else by_index
        self.shapes_by_name = {name: by_index[slot.index] for name, slot in self._slots.items()}

    def _by_index(self) -> dict[int, Any]:
        return {each.placeholder_format.idx: each for each in self.slide.placeholders}

    def room(self, name: str) -> Room:
        """The size of a placeholder."""
        return self._slots[name].room

    def say(self, name: str, paragraphs: Sequence[Words], description: str) -> None:
        """Write into a placeholder; an empty one is taken away, for it would ask to be clicked."""
        shape = self.shapes_by_name[name]
        if not paragraphs:
            shape._element.getparent().remove(shape._element)
            return
        write(shape.text_frame, paragraphs)
        describe(shape, name, description)

    def put(self, name: str, make: Callable[[Place], Sequence[Any]]) -> None:
        """Put shapes where a placeholder lies, and in its place in the order of reading."""
        shape = self.shapes_by_name[name]
        place = self._slots[name].place
        for made in make(place):
            shape._element.addprevious(made._element)
        shape._element.getparent().remove(shape._element)

    def put_above(self, name: str, make: Callable[[Place], Sequence[Any]], points: float) -> None:
        """Put shapes at the top of a placeholder, which keeps what is left of its place under them."""
        shape = self.shapes_by_name[name]
        place = self._slots[name].place
        for made in make(place):
            shape._element.addprevious(made._element)
        left, top, width, height = place
        shape.left, shape.top = Emu(left), Emu(top + int(Pt(points)))
        shape.width, shape.height = Emu(width), Emu(max(0, height - int(Pt(points))))


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
    drawn.put("Exhibit", lambda place: _body(drawn.slide, body, place))
    drawn.say("Figures", exhibit.figures, "Figures, their change and whether it is a signal")
    drawn.say("Why", exhibit.why, "Why it is measured, and commentary")
    return drawn


def _text(template: Template, found: Text) -> _Drawn:
    drawn = _Drawn(template, TEXT)
    _head(drawn, template, found.title, found.question)
    body = found.body
    if isinstance(body, Grid) and found.under:
        drawn.put_above("Text", lambda place: _body(drawn.slide, body, place), sum(body.heights) + APART)
        drawn.say("Text", found.under, "Text")
    elif isinstance(body, Grid):
        drawn.put("Text", lambda place: _body(drawn.slide, body, place))
    else:
        drawn.say("Text", body, "Text")
    return drawn


def _head(drawn: _Drawn, template: Template, title: Words, question: str) -> None:
    shape = drawn.shapes_by_name["Title"]
    write(shape.text_frame, [title], keep_size=title.size == template.rooms.title_size)
    describe(shape, "Title", "What the slide says")
    asked = fit([words(question, 13, muted=True)], drawn.room("Question"))
    drawn.say("Question", asked.here, "The question of the page")


def _body(slide: Any, body: Charts | Picture | Grid, place: Place) -> list[Any]:
    if isinstance(body, Grid):
        return [add_table(slide, body, place)]
    if isinstance(body, Picture):
        return [add_picture(slide, body, place, io.BytesIO(body.png))]
    return [
        add_chart(slide, chart, part)
        for chart, part in zip(body.charts, _parted(place, len(body.charts), body.columns), strict=True)
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
