"""The ledger's answer to a page: some measures and slices, as one viewer knew them at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import fsum
from typing import Any

from dashboard.definitions.model import Slice
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

    def members(self, slice: Slice) -> tuple[Member, ...]:  # noqa: A002
        """The members that any measure has in the slice, in alphabetical order."""
        return tuple(sorted({member for _, cut, member in self.tracks if cut == slice}))


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
