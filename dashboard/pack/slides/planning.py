"""BoardPack -> slides: cover, summary, a slide or more for each panel, commentary, and the appendices."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, Panel
from dashboard.board.provenance import Provenance
from dashboard.definitions.pack import Appendix
from dashboard.pack.model import BoardPack, PackPage
from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.bodies import Body, exhibit_body, readings_body
from dashboard.pack.slides.figures import BODY, NAME, SMALL, commentary_words, figure_words, why_words
from dashboard.pack.slides.fitting import SCALES, Fitted, Room, Words, fit, fits, flow, height_of, words
from dashboard.pack.slides.grids import grids
from dashboard.pack.slides.headings import heading, question_of
from dashboard.pack.slides.leading import leading
from dashboard.pack.slides.notes import definition_text, panel_notes
from dashboard.pack.slides.plan import APART, Cell, Cover, Exhibit, Grid, Picture, Rooms, Slide, Text
from dashboard.units import format_period

CONTINUED = " (continued)"
TEXT = 14.0
READABLE = 0.84  # of the size: words that need be smaller take the room of others instead
RESTATED_HEADS = ("Period", "Figure", "When closed", "Now", "Difference", "Cause", "Closed as of run")


def slides(pack: BoardPack, rooms: Rooms) -> tuple[Slide, ...]:
    """All slides in order; those that lead to others know the numbers of these."""
    bodies = [
        [list(panel_slides(pack, page, panel, rooms)) for panel in page.shown.panels] for page in pack.pages
    ]
    notes = [list(own_commentary(pack, page, rooms)) for page in pack.pages]
    leads = leading(
        pack, rooms, [[len(panel) for panel in page] for page in bodies], [len(each) for each in notes]
    )
    found: list[Slide] = [_cover(pack), *leads.front]
    for opener, own, panels in zip(leads.openers, notes, bodies, strict=True):
        found += [*opener, *own, *(slide for panel in panels for slide in panel)]
    return (*found, *_appendices(pack, rooms))


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


def own_commentary(pack: BoardPack, page: PackPage, rooms: Rooms) -> Iterator[Slide]:
    """What was written about a page as a whole."""
    own = page.notes_of("")
    if own:
        notes = panel_notes(pack, page, (), own)
        yield from _texts(page, page.shown.page.title, commentary_words(own, TEXT), notes, rooms)


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
    question, section = question_of(page), page.shown.page.title
    title, spare = heading(sentence, section, rooms)
    beside, below = _beside(told[0], (*spare, *told[1]), rooms)
    if body.whole:
        beside, below = Fitted((), told[0]), Fitted((), (*spare, *told[1]))
    for place, part in enumerate(body.parts):
        again = heading(sentence + CONTINUED, section + CONTINUED, rooms)[0] if place else title
        if isinstance(part, Grid) and body.whole:
            last = place == len(body.parts) - 1
            under = _under(part, (*beside.rest, *below.rest), rooms) if last else Fitted((), ())
            if under.here:
                beside, below = Fitted((), ()), Fitted((), under.rest)
            yield Text(again, question, part, notes, section, under.here)
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
        again = heading(sentence + CONTINUED, section + CONTINUED, rooms)[0]
        yield from _text_slides(again, question, rest, notes, section, rooms)


def _beside(told: tuple[Words, ...], why: tuple[Words, ...], rooms: Rooms) -> tuple[Fitted, Fitted]:
    """What stands in the column beside a drawing: without a gap, where both have room in the first place.

    Where one of the places holds its words only in small print, or not at all, both share what room there is.
    """
    both = (
        *told,
        *(replace(each, before=max(each.before, APART)) for each in why[:1] if told),
        *why[bool(told) :],
    )
    if fits(both, rooms.figures):
        return Fitted(both, ()), Fitted((), ())
    apart = fit(told, rooms.figures), fit(why, rooms.why)
    if all(not each.rest and each.scale >= READABLE for each in apart):
        return apart
    return flow(both, rooms.figures, rooms.why)


def _under(grid: Grid, told: tuple[Words, ...], rooms: Rooms) -> Fitted:
    """The words that stand under a table, and those for which there is no room."""
    left = rooms.text.height - sum(grid.heights) - APART
    least = max((height_of(each.scaled(SCALES[-1]), rooms.text.width) for each in told[:2]), default=0.0)
    return fit(told, Room(rooms.text.width, left)) if left > least else Fitted((), told)


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
    title, spare = heading(sentence, section, rooms)
    yield from _text_slides(title, question_of(page), (*spare, *body), notes, section, rooms)


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
