"""BoardPack -> slides: cover, a slide or more for each panel, commentary, and the appendices."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, Panel
from dashboard.board.provenance import Provenance
from dashboard.definitions.pack import Appendix
from dashboard.pack.model import BoardPack, PackPage
from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.bodies import Body, exhibit_body, readings_body
from dashboard.pack.slides.figures import BODY, NAME, SMALL, commentary_words, figure_words, why_words
from dashboard.pack.slides.fitting import Fitted, Words, fit, fits, words
from dashboard.pack.slides.grids import grids
from dashboard.pack.slides.notes import definition_text, panel_notes
from dashboard.pack.slides.plan import Cell, Cover, Exhibit, Grid, Picture, Rooms, Slide, Text
from dashboard.units import format_period

CONTINUED = " (continued)"
TITLE_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6)
TEXT = 14.0
RESTATED_HEADS = ("Period", "Figure", "When closed", "Now", "Difference", "Cause", "Closed as of run")


def slides(pack: BoardPack, rooms: Rooms) -> tuple[Slide, ...]:
    """All slides in order."""
    return (
        _cover(pack),
        *(slide for page in pack.pages for slide in page_slides(pack, page, rooms)),
        *(_appendices(pack, rooms)),
    )


def _cover(pack: BoardPack) -> Cover:
    locale = pack.board.locale
    lines = [
        words(pack.board.organisation, 20, bold=True),
        words(f"{format_period(pack.period, locale=locale)} · {pack.code}", 16, before=6),
        words(f"As of {pack.known_text}. {pack.state_text}", 14, muted=True, before=6),
    ]
    if pack.view.slice:
        lines.insert(2, words(pack.group, 16, before=4))
    lines += [words(text, 14, before=14) for text in (pack.spec.cover.text,) if text]
    lines += [words(text, 12, bold=True, before=14) for text in (pack.spec.recipients,) if text]
    listed = [f"{place}. {page.shown.page.title}" for place, page in enumerate(pack.pages, start=1)]
    return Cover(pack.spec.cover.title, tuple(lines), "\n".join((pack.origin, "", "Pages:", *listed)))


def page_slides(pack: BoardPack, page: PackPage, rooms: Rooms) -> Iterator[Slide]:
    """The slides of one page: its own commentary first, then its panels."""
    own = page.notes_of("")
    if own:
        notes = panel_notes(pack, page, (), own)
        yield from _texts(page, page.shown.page.title, commentary_words(own, TEXT), notes, rooms)
    for panel in page.shown.panels:
        yield from panel_slides(pack, page, panel, rooms)


def panel_slides(pack: BoardPack, page: PackPage, panel: Panel, rooms: Rooms) -> Iterator[Slide]:
    """The slides of one panel; one that is locked or failed is stated, not left out."""
    if isinstance(panel, LockedPanel | FailedPanel):
        yield from _stated(pack, page, panel, rooms)
        return
    remarks = page.notes_of(panel.key)
    notes = panel_notes(pack, page, panel.about, remarks, text=getattr(panel, "text", ""))
    body = (
        exhibit_body(panel, rooms.exhibit, rooms.text)
        if isinstance(panel, ExhibitPanel)
        else readings_body(panel)
    )
    beside = (*figure_words(panel), *(words(name, SMALL, before=3) for name in body.in_full))
    below = (*why_words(panel.about), *commentary_words(remarks))
    if not body.parts:
        yield from _texts(page, panel.sentence, (*beside, *below), notes, rooms)
        return
    if isinstance(body.parts[0], Picture) and isinstance(panel, ExhibitPanel):
        notes = panel_notes(pack, page, panel.about, remarks, text=panel.text, sheet=panel.sheet)
    yield from _exhibits(page, panel.sentence, body, (beside, below), notes, rooms)


def _exhibits(
    page: PackPage,
    sentence: str,
    body: Body,
    told: tuple[tuple[Words, ...], tuple[Words, ...]],
    notes: str,
    rooms: Rooms,
) -> Iterator[Slide]:
    """The drawing on as many slides as it needs; words stand on the first, and go on behind the last."""
    question, section = _question(page), page.shown.page.title
    title, spare = _title(sentence, section, rooms)
    beside, below = fit(told[0], rooms.figures), fit((*spare, *told[1]), rooms.why)
    if len(body.parts) > 1 and isinstance(body.parts[0], Grid):  # full slides, with no place for words
        beside, below = Fitted((), told[0]), Fitted((), (*spare, *told[1]))
    for place, part in enumerate(body.parts):
        again = _title(sentence + CONTINUED, section + CONTINUED, rooms)[0] if place else title
        if isinstance(part, Grid) and len(body.parts) > 1:
            yield Text(again, question, part, notes, section)
        else:
            yield Exhibit(
                again,
                question,
                part,
                beside.here if not place else (),
                below.here if not place else (),
                notes,
                section,
            )
    rest = (*beside.rest, *below.rest)
    if rest:
        again = _title(sentence + CONTINUED, section + CONTINUED, rooms)[0]
        yield from _text_slides(again, question, rest, notes, section, rooms)


def _stated(
    pack: BoardPack, page: PackPage, panel: LockedPanel | FailedPanel, rooms: Rooms
) -> Iterator[Slide]:
    if isinstance(panel, LockedPanel):
        title = f"{panel.title}: not connected yet"
        told = f"It needs data that is not connected: {', '.join(panel.datasets)}."
    else:
        title = f"{panel.title}: could not be made"
        told = panel.message
    notes = panel_notes(pack, page, (), page.notes_of(panel.key), text=told)
    body = (words(told, TEXT), *commentary_words(page.notes_of(panel.key)))
    yield from _texts(page, title, body, notes, rooms)


def _texts(page: PackPage, sentence: str, body: Sequence[Words], notes: str, rooms: Rooms) -> Iterator[Slide]:
    section = page.shown.page.title
    title, spare = _title(sentence, section, rooms)
    yield from _text_slides(title, _question(page), (*spare, *body), notes, section, rooms)


def _text_slides(
    title: Words, question: str, body: Sequence[Words], notes: str, section: str, rooms: Rooms
) -> Iterator[Slide]:
    """Words on as many slides as they need."""
    left = tuple(body)
    first = True
    while left or first:
        fitted = fit(left, rooms.text)
        shown = title if first else _continued(title)
        yield Text(shown, question, fitted.here, notes, section)
        left, first = fitted.rest, False


def _continued(title: Words) -> Words:
    if title.text.endswith(CONTINUED):
        return title
    run = title.runs[-1]
    return replace(title, runs=(*title.runs[:-1], replace(run, text=run.text + CONTINUED)))


def _title(sentence: str, short: str, rooms: Rooms) -> tuple[Words, tuple[Words, ...]]:
    """The title in the largest size that fits; one too long gives way to `short` and is told below."""
    clean = single_line(sentence)
    for scale in TITLE_SCALES:
        found = words(clean, round(rooms.title_size * scale, 1), bold=True)
        if fits([found], rooms.title):
            return found, ()
    told = words(clean, NAME, bold=True)
    brief = fit([words(single_line(short), rooms.title_size, bold=True)], rooms.title).here
    return brief[0], (told,)


def _question(page: PackPage) -> str:
    return single_line(f"{page.shown.page.title} · {page.shown.page.question}")


def _appendices(pack: BoardPack, rooms: Rooms) -> Iterator[Slide]:
    makers = {
        Appendix.DEFINITIONS: _definitions,
        Appendix.RESTATEMENTS: _restatements,
        Appendix.METHOD_NOTES: _methods,
    }
    for appendix in pack.spec.appendices:
        yield from makers[appendix](pack, rooms)


def _definitions(pack: BoardPack, rooms: Rooms) -> Iterator[Slide]:
    heads = ("Figure", "Formula", "n", "Owner", "Sources", "Version")
    rows = [
        (
            Cell(single_line(about.metric.name), bold=True),
            Cell(single_line(about.metric.formula_text)),
            Cell(single_line(about.metric.base_text or "")),
            Cell(single_line(about.metric.owner)),
            Cell(single_line(_origins(about))),
            Cell(about.metric.version),
        )
        for about in pack.definitions
    ]
    notes = "\n\n".join((pack.origin, *(definition_text(about) for about in pack.definitions)))
    yield from _table("Definitions", "How each figure is calculated", heads, rows, notes, rooms)


def _origins(about: Provenance) -> str:
    return "; ".join(dict.fromkeys(f"{each.origin} in {each.source}" for each in about.ingredients))


def _restatements(pack: BoardPack, rooms: Rooms) -> Iterator[Slide]:
    question = "What was known otherwise when its period was closed"
    if not pack.restated:
        title = words("No figure has been restated", rooms.title_size, bold=True)
        yield from _text_slides(
            title, question, [words(pack.state_text, TEXT)], pack.origin, "Restatements", rooms
        )
        return
    rows = [
        (
            Cell(each.period),
            Cell(single_line(each.metric)),
            Cell(each.then, figure=True),
            Cell(each.now, figure=True),
            Cell(each.difference, figure=True),
            Cell(each.causes),
            Cell(str(each.run), figure=True),
        )
        for each in pack.restated
    ]
    yield from _table("Restatements", question, RESTATED_HEADS, rows, pack.origin, rooms)


def _methods(pack: BoardPack, rooms: Rooms) -> Iterator[Slide]:
    body = [
        part
        for note in pack.methods
        for part in (words(note.title, NAME, bold=True, before=8), words(note.text, BODY + 1))
    ]
    title = words("How the figures are made and judged", rooms.title_size, bold=True)
    yield from _text_slides(title, "Method notes", body, pack.origin, "Method notes", rooms)


def _table(
    name: str,
    question: str,
    heads: tuple[str, ...],
    rows: Sequence[tuple[Cell, ...]],
    notes: str,
    rooms: Rooms,
) -> Iterator[Slide]:
    for place, grid in enumerate(grids(heads, rows, rooms.text, f"{name}: a table of {len(rows)} rows.")):
        title = words(name + (CONTINUED if place else ""), rooms.title_size, bold=True)
        yield Text(title, question, grid, notes, name)
