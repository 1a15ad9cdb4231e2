"""The ledger's answer to a page: some measures and slices, as one viewer knew them at one moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from math import fsum
from typing import Any, Protocol

from dashboard.definitions.model import Catalog, Slice
from dashboard.ledger import months
from dashboard.ledger.months import Span
from dashboard.periods import Period

Member = tuple[str, ...]
Recorded = tuple[float | None, int | None]  # value and n
Track = Mapping[Span, Recorded]


@dataclass(frozen=True)
class Observation:
    """A measured value and the number of rows behind it. Of an average the value is the sum: divide by n."""

    value: float | None
    n: int | None


@dataclass(frozen=True)
class DatasetState:
    """What is known of a dataset's readings: of the newest that went well, and of a failure since then.

    `last_ok_at` None: it was never read. `failed_at` None: the newest reading went well.
    """

    version: str
    source: str
    last_ok_at: datetime | None
    data_until: date | None
    rows: int
    warnings: tuple[str, ...]
    failed_at: datetime | None
    failure: str | None
    mark: str = ""  # of the files that were read then; empty where there is none
    lacking: tuple[str, ...] = ()  # not connected: without these it was read in part, or not at all


class Mask(Protocol):
    """Which figures are kept back, so that no group below the minimum can be worked out from the others."""

    def hides(self, metric: str, slice: Slice, member: Member, start: int, end: int) -> bool:  # noqa: A002
        """Whether the metric's figure over the months from `start` to before `end` is kept back."""


@dataclass(frozen=True)
class Book:
    """Observations by measure, slice and member. Built by the ledger, and never changed.

    `measured` holds, for each measure, the spans in which its dataset has rows at all, whatever the viewer
    may see. `exact` names the measures that were asked at every grain, because their months do not add up.
    `readable` holds the (measure, slice) pairs that have values for this viewer, `hidden` those that the
    scope keeps back. `closed` are the periods that are closed, in the order of their closing.
    `mask` says which figures are kept back besides those of small groups; the ledger itself gives none.
    `beside` holds what stands beside the figures: targets, scenarios and annotations.
    """

    run: int | None
    tracks: Mapping[tuple[str, Slice, Member], Track]
    measured: Mapping[str, frozenset[Span]]
    exact: frozenset[str]
    readable: frozenset[tuple[str, Slice]]
    hidden: frozenset[tuple[str, Slice]]
    states: Mapping[str, DatasetState]
    mask: Mask | None = None
    closed: tuple["ClosedBook", ...] = ()
    beside: "Book | None" = None
    coverages: dict[str, dict[tuple[str, Span], Any]] = field(
        default_factory=dict, compare=False, repr=False
    )  # worked out once

    def observation(
        self,
        measure: str,
        period: Period,
        slice: Slice = (),  # noqa: A002
        member: Member = (),
    ) -> Observation | None:
        """What was recorded for the period; None where nothing was.

        A longer span of a measure that adds up is the sum of those of its months that have a value.
        """
        start, end = months.span(period)
        found = self.recorded(measure, slice, member, start, end)
        return None if found is None else Observation(*found)

    def recorded(self, measure: str, slice: Slice, member: Member, start: int, end: int) -> Recorded | None:  # noqa: A002
        """Value and n over the months from `start` to before `end`, as `observation` gives them."""
        track = self.tracks.get((measure, slice, member))
        if track is None:
            return None
        found = track.get((start, end))
        if found is not None or end - start == 1 or measure in self.exact:
            return found
        parts = [part for month in range(start, end) if (part := track.get((month, month + 1))) is not None]
        return added(parts) if parts else None

    def closed_at(self, period: Period) -> "ClosedBook | None":
        """Of the closed periods in which the last month of `period` lies, the one that was closed last.

        The rule is that of a board pack: what ends in a closed period (a month of it, the year up to then,
        the twelve months until then) was shown when that was closed, and stays as it was shown.
        """
        last = months.span(period)[1] - 1
        return next((each for each in reversed(self.closed) if each.span[0] <= last < each.span[1]), None)

    def members(self, slice: Slice) -> tuple[Member, ...]:  # noqa: A002
        """The members that any measure has in the slice, in alphabetical order."""
        return tuple(sorted({member for _, cut, member in self.tracks if cut == slice}))


@dataclass(frozen=True)
class ClosedBook:
    """A closed period: `read` gives what the run knew that closed it, and how everything was defined then.

    It is called once, when a figure of the period is asked for; a recorded run never changes.
    """

    span: Span
    run: int
    read: Callable[[], tuple[Catalog, Book]] = field(compare=False, repr=False)

    @cached_property
    def known(self) -> tuple[Catalog, Book]:
        """What `read` gave."""
        return self.read()


def added(parts: Sequence[Recorded]) -> Recorded:
    """The sum of values, and of their n; missing where all are missing."""
    values, counts = zip(*parts, strict=True)
    if None in values:
        values = tuple(value for value in values if value is not None)
    if None in counts:
        counts = tuple(n for n in counts if n is not None)
    return rounded(fsum(values)) if values else None, sum(counts) if counts else None


def rounded(value: float) -> float:
    """To 12 significant digits, as measured values are: a quarter read or added up is the same number."""
    return float(f"{value:.12g}")
