"""Months as numbers: the ledger's compact way to write a period."""

from datetime import date
from functools import lru_cache

from dashboard.periods import FiscalCalendar, Grain, Period

Span = tuple[int, int]  # the number of the first month, and of the month after the last


def number(day: date) -> int:
    """Months from January of the year 0 to the month of `day`."""
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=4096)
def first_day(month: int) -> date:
    """The day that `number` gave the month for."""
    return date(month // 12, month % 12 + 1, 1)


def span(period: Period) -> Span:
    """The period as two numbers."""
    start, end = period.start, period.end
    return start.year * 12 + start.month - 1, end.year * 12 + end.month - 1


@lru_cache(maxsize=4096)
def period_of(calendar: FiscalCalendar, start: int, end: int) -> Period:
    """The months from `start` to `end` as a period of the calendar.

    A span that is no period of any grain is given the grain TWELVE_MONTHS, of which it has not the length.
    """
    last = first_day(end - 1)
    for grain in Grain:
        period = calendar.containing(grain, last)
        if span(period) == (start, end):
            return period
    return Period(first_day(start), first_day(end), Grain.TWELVE_MONTHS)
