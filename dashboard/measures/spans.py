"""Months put together to the periods that were asked for."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dashboard.periods import CALENDAR_GRAINS, FiscalCalendar, Grain, Period, add_months


@dataclass(frozen=True)
class Asked:
    """Which periods are wanted: those that end after `since`, overlapping ones with month `last` at most.

    `covers` is the length that a row stands for: no period is shorter, none begins or ends inside one.
    """

    calendar: FiscalCalendar
    since: date | None
    last: int
    covers: Grain | None

    def holds(self, period: Period) -> bool:
        """Whether the period is wanted."""
        wanted = self.since is None or period.end > self.since
        ended = period.grain in CALENDAR_GRAINS or number(period.end) - 1 <= self.last
        return wanted and ended and _whole(self.calendar, self.covers, period)

    def periods(self, grain: Grain, months: Sequence[int]) -> Sequence[tuple[Period, int, int]]:
        """Wanted periods of `grain` with some of `months` (ascending), from which place to before which."""
        return _periods(self, grain, tuple(months))

    def additive_grains(self) -> tuple[Grain, ...]:
        """The grains at which sums and counts are given: months add up to the others, longer rows do not."""
        return (Grain.MONTH,) if self.covers in (None, Grain.MONTH) else tuple(Grain)


@lru_cache(maxsize=512)  # many members have rows in the same months
def _periods(asked: Asked, grain: Grain, months: tuple[int, ...]) -> Sequence[tuple[Period, int, int]]:
    found = []
    for ending in _endings(asked.calendar, grain, months, asked.last):
        period = period_of(asked.calendar, grain, ending)
        if asked.holds(period):
            start, end = bisect_left(months, number(period.start)), bisect_right(months, ending)
            if start < end:
                found.append((period, start, end))
    return tuple(found)


def number(day: date) -> int:
    """The month of a day as SQL numbers it: 12 * year + month - 1."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The day a numbered month begins with."""
    return date(month // 12, month % 12 + 1, 1)


@lru_cache(maxsize=8192)
def period_of(calendar: FiscalCalendar, grain: Grain, month: int) -> Period:
    """The period of `grain` that contains the month; for the overlapping grains, ends with it."""
    return calendar.containing(grain, first_day(month))


def first_asked(calendar: FiscalCalendar, grains: Sequence[Grain], since: date | None) -> date | None:
    """The first day of all periods of `grains` that end after `since`; None for the beginning."""
    return None if since is None else min(calendar.containing(grain, since).start for grain in grains)


def _endings(calendar: FiscalCalendar, grain: Grain, months: Sequence[int], last: int) -> Iterator[int]:
    """The last months of all periods of `grain` that may hold one of `months`, each once, ascending."""
    if grain in CALENDAR_GRAINS:
        yield from dict.fromkeys(number(period_of(calendar, grain, month).end) - 1 for month in months)
        return
    ending = -1
    for month in months:
        until = month + 11  # no window is longer than a year
        yield from range(max(month, ending + 1), min(until, last) + 1)
        ending = max(ending, until)


@lru_cache(maxsize=8192)
def _whole(calendar: FiscalCalendar, covers: Grain | None, period: Period) -> bool:
    if covers in (None, Grain.MONTH):
        return True
    first = calendar.containing(covers or Grain.MONTH, period.start)
    last = calendar.containing(covers or Grain.MONTH, add_months(period.end, -1))
    return first.start == period.start and last.end == period.end
