"""Months as numbers: the ledger's compact way to write a period, and quick to reckon with."""

from datetime import date
from functools import lru_cache

from dashboard.periods import Grain, Period

Span = tuple[int, int]  # the number of the first month, and of the month after the last


def number(day: date) -> int:
    """Months from January of the year 0 to the month of `day`."""
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=4096)
def first_day(month: int) -> date:
    """The first day of the month that `number` gave."""
    return date(month // 12, month % 12 + 1, 1)


def span(period: Period) -> Span:
    """The period as two numbers."""
    start, end = period.start, period.end
    return start.year * 12 + start.month - 1, end.year * 12 + end.month - 1


def as_period(months: Span) -> Period:
    """A month, or a span of no calendar grain."""
    start, end = months
    return Period(first_day(start), first_day(end), Grain.MONTH if end - start == 1 else Grain.TWELVE_MONTHS)
