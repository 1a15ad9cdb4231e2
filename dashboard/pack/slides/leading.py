"""The slides that lead: a summary, what changed since the last pack, and the answers of each page."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from dashboard.analysis.change import Signal
from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, Panel
from dashboard.board.reading import Reading
from dashboard.board.wording import signal_label
from dashboard.charts.theme import LIGHT
from dashboard.pack.model import BoardPack, PackPage, SinceLast
from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.fitting import height_of, words
from dashboard.pack.slides.grids import grids
from dashboard.pack.slides.headings import heading, question_of
from dashboard.pack.slides.notes import panel_notes
from dashboard.pack.slides.plan import APART, Cell, Rooms, Text

SUMMARY = "Summary"
SINCE = "What changed since the last pack"
LONGEST = 320  # letters of a sentence in a table; it stands in full on the slide that the table leads to
MOST_CHANGED = 60  # the others are in document and workbook
_COLOURS = {Signal.IMPROVED: LIGHT.improvement, Signal.WORSENED: LIGHT.concern}
_UNKNOWN = 999  # as wide as any number that will stand there


@dataclass(frozen=True)
class Leads:
    """Slides that stand before all pages, and those that stand before each."""

    front: tuple[Text, ...]
    openers: tuple[tuple[Text, ...], ...]


def leading(pack: BoardPack, rooms: Rooms, panels: Sequence[Sequence[int]], notes: Sequence[int]) -> Leads:
    """The leading slides; `panels` counts the slides of each page's panels, `notes` those of its notes."""
    since = () if pack.since is None else tuple(_since(pack, pack.since, rooms))
    blank = [[_UNKNOWN] * len(counts) for counts in panels]
    sizes = [
        len(tuple(_opener(pack, page, rooms, places))) for page, places in zip(pack.pages, blank, strict=True)
    ]
    before = 1 + len(tuple(_summary(pack, rooms, [_UNKNOWN] * len(pack.pages)))) + len(since)
    firsts, openers = [], []
    for page, size, own, counts in zip(pack.pages, sizes, notes, panels, strict=True):
        firsts.append(before + 1)
        places = list(accumulate(counts, initial=before + size + own + 1))
        openers.append(tuple(_opener(pack, page, rooms, places[:-1])))
        before = places[-1] - 1
    return Leads((*_summary(pack, rooms, firsts), *since), tuple(openers))


def _summary(pack: BoardPack, rooms: Rooms, firsts: Sequence[int]) -> Iterator[Text]:
    """The answer of each page, and where it begins."""
    heads = ("Page", "Answer", "Slide")
    rows = [
        (
            Cell(single_line(page.shown.page.title), bold=True, to=first),
            Cell(textwrap.shorten(single_line(_answer(page)), LONGEST, placeholder=" …")),
            Cell(str(first), figure=True, to=first),
        )
        for page, first in zip(pack.pages, firsts, strict=True)
    ]
    notes = "\n".join((pack.origin, pack.state_text))
    told = f"{pack.period_text} · {pack.group}"
    yield from _tables(SUMMARY, told, heads, rows, notes, SUMMARY, rooms)


def _opener(pack: BoardPack, page: PackPage, rooms: Rooms, places: Sequence[int]) -> Iterator[Text]:
    """The page's answer, and what each of its exhibits says."""
    shown = page.shown
    heads = ("What the exhibits say", "Signal", "Slide")
    rows = [
        (
            Cell(textwrap.shorten(single_line(_sentence(panel)), LONGEST, placeholder=" …")),
            _signal(panel),
            Cell(str(place), figure=True, to=place),
        )
        for panel, place in zip(shown.panels, places, strict=True)
    ]
    notes = panel_notes(pack, page, (), ())
    title = _answer(page)
    yield from _tables(title, question_of(page), heads, rows, notes, shown.page.title, rooms)


def _answer(page: PackPage) -> str:
    return page.shown.answer or page.shown.page.question


def _sentence(panel: Panel) -> str:
    if isinstance(panel, LockedPanel):
        return f"{panel.title}: not connected yet"
    return f"{panel.title}: could not be made" if isinstance(panel, FailedPanel) else panel.sentence


def _signal(panel: Panel) -> Cell:
    """The signals of the panel's figures in words; in colour, where they are of one kind."""
    if isinstance(panel, LockedPanel | FailedPanel | ExhibitPanel):
        return Cell("")
    told = [reading for reading in panel.readings if _has_signal(reading)]
    kinds = {reading.signal for reading in told}
    colour = _COLOURS.get(next(iter(kinds))) if len(kinds) == 1 else None
    return Cell(", ".join(dict.fromkeys(signal_label(each) for each in told)), colour=colour, bold=bool(told))


def _has_signal(reading: Reading) -> bool:
    changed = (Signal.IMPROVED, Signal.WORSENED, Signal.SHIFTED_UP, Signal.SHIFTED_DOWN)
    return reading.signal in changed and reading.figure.value is not None


def _since(pack: BoardPack, since: SinceLast, rooms: Rooms) -> Iterator[Text]:
    heads = ("Figure", "Group", "Page", "Last pack", "Now")
    rows = [
        (
            *(Cell(single_line(text)) for text in (each.figure, each.group, each.page)),
            *(Cell(text, figure=True) for text in (each.then, each.now)),
        )
        for each in since.changed[:MOST_CHANGED]
    ]
    more = len(since.changed) - MOST_CHANGED
    told = since.line + (
        f" The first {MOST_CHANGED} stand here, all in document and workbook." if more > 0 else ""
    )
    if rows:
        yield from _tables(SINCE, told, heads, rows, pack.origin, SUMMARY, rooms, again=SINCE)
        return
    title = heading(SINCE, SINCE, rooms)[0]
    yield Text(title, told, (words("Every figure is as it was.", 14),), pack.origin, SUMMARY)


def _tables(
    title: str,
    question: str,
    heads: tuple[str, ...],
    rows: Sequence[tuple[Cell, ...]],
    notes: str,
    section: str,
    rooms: Rooms,
    *,
    again: str = "",
) -> Iterator[Text]:
    """A table on as many slides as it needs; `again` is the title of those that follow, else the section."""
    found, under = heading(title, section, rooms)
    taken = sum(height_of(each, rooms.text.width) + APART for each in under)
    room = replace(rooms.text, height=rooms.text.height - taken)
    for place, grid in enumerate(grids(heads, rows, room, f"{section}: a table of {len(rows)} rows.")):
        above = heading(f"{again or section} (continued)", section, rooms)[0] if place else found
        yield Text(above, question, grid, notes, section, () if place else under)
