"""The ledger's answer to a page: some measures and slices, as one viewer knew them at one moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import fsum
from typing import Any

from dashboard.definitions.model import Slice
from dashboard.ledger import months
from dashboard.ledger.months import Span
from dashboard.periods import Grain, Period

Member = tuple[str, ...]
Track = Mapping[Span, tuple[float | None, int | None]]


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


@dataclass(frozen=True)
class Book:
    """Observations by measure, slice and member. Built by the ledger; it can be pickled and is never changed.

    `measured` holds, for each measure, the spans in which its dataset has rows at all, whatever the viewer
    may see. `exact` names the measures that were asked at every grain, because their months do not add up.
    `readable` holds the (measure, slice) pairs that have values for this viewer, `hidden` those that the
    scope keeps back.
    """

    run: int | None
    tracks: Mapping[tuple[str, Slice, Member], Track]
    measured: Mapping[str, frozenset[Span]]
    exact: frozenset[str]
    readable: frozenset[tuple[str, Slice]]
    hidden: frozenset[tuple[str, Slice]]
    states: Mapping[str, DatasetState]
    coverages: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)  # worked out once

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
        track = self.tracks.get((measure, slice, member))
        if track is None:
            return None
        start, end = months.span(period)
        found = track.get((start, end))
        if found is not None:
            return Observation(*found)
        if period.grain is Grain.MONTH or measure in self.exact:
            return None
        parts = [track[month, month + 1] for month in range(start, end) if (month, month + 1) in track]
        return added(parts) if parts else None

    def members(self, slice: Slice) -> tuple[Member, ...]:  # noqa: A002
        """The members that any measure has in the slice, in alphabetical order."""
        return tuple(sorted({member for _, cut, member in self.tracks if cut == slice}))


def added(parts: Iterable[tuple[float | None, int | None]]) -> Observation:
    """The sum of values, and of their n; missing where all are missing."""
    pairs = tuple(parts)
    values = [value for value, _ in pairs if value is not None]
    counts = [n for _, n in pairs if n is not None]
    return Observation(rounded(fsum(values)) if values else None, sum(counts) if counts else None)


def rounded(value: float) -> float:
    """To 12 significant digits, as measured values are: a quarter read or added up is the same number."""
    return float(f"{value:.12g}")
