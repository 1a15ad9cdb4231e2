"""Texts that the ledger keeps: which it knew of for some months, as they were recorded or closed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dashboard.board.desk import Desk
from dashboard.board.lines import derivation_title, line_metric
from dashboard.definitions.derivation import TEXTS, Derivation
from dashboard.definitions.model import Metric, Slice
from dashboard.ledger import months
from dashboard.ledger.book import Book, Member
from dashboard.periods import Period
from dashboard.units import Unit


@dataclass(frozen=True)
class Picked:
    """A text and its month; `value` is what the rule recorded beside it, `n` the rows of its group."""

    month: Period
    member: Member
    value: float
    n: int


def text_metric(derivation: Derivation) -> Metric:
    """How many texts there are, as a metric that nobody configures; it is no figure of people."""
    title = derivation_title(derivation)
    return replace(
        line_metric(derivation, TEXTS),
        name=title,
        question=f"{title}: what do they say?",
        why="Behind every figure is somebody who chooses to stay or to go.",
        no_neighbour="It is a text.",
        unit=Unit.COUNT,
    )


def picked(desk: Desk, derivation: Derivation, cut: Slice, start: int, end: int) -> Iterator[Picked]:
    """The texts of the months from `start` to before `end`, as the page's period was closed or is known."""
    key = derivation.measures[TEXTS].key
    for (measure, found, member), track in _book(desk).tracks.items():
        if measure == key and found == cut:
            for span, (value, n) in track.items():
                if start <= span[0] < end:
                    yield Picked(months.as_period(span), member, value or 0.0, n or 0)


def counted(desk: Desk, derivation: Derivation, cut: Slice, member: Member) -> tuple[int, int]:
    """How many texts there are in the page's period, and among how many rows."""
    found = _book(desk).observation(derivation.measures[TEXTS].key, desk.period, cut, member)
    return (0, 0) if found is None else (int(found.value or 0), found.n or 0)


def is_hidden(desk: Desk, derivation: Derivation, cut: Slice) -> bool:
    """Whether the viewer's access is limited by something that the texts are not drawn by."""
    return (derivation.measures[TEXTS].key, cut) in _book(desk).hidden


def _book(desk: Desk) -> Book:
    closed = desk.book.closed_at(desk.period)
    return desk.book if closed is None else closed.known[1]
