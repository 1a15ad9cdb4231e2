"""Time as a board counts it: months, quarters and years of a fiscal calendar, and longer spans."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile

from dashboard.errors import UnknownNameError


class Grain(StrEnum):
    """The lengths a figure is measured over. The last two end with any month and overlap one another."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    YEAR_TO_DATE = "year_to_date"
    TWELVE_MONTHS = "twelve_months"


CALENDAR_GRAINS = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` (included) to `end` (not included), both the first of a month."""

    start: date
    end: date
    grain: Grain

    def shifted(self, months: int) -> "Period":
        """The same span, `months` later (or earlier, if negative)."""
        return Period(add_months(self.start, months), add_months(self.end, months), self.grain)

    @property
    def months(self) -> tuple["Period", ...]:
        """The calendar months inside, in order."""
        starts = (add_months(self.start, n) for n in range(0, 1200))
        return tuple(month_of(start) for start in takewhile(lambda day: day < self.end, starts))

    @property
    def last_month(self) -> "Period":
        """The month that the span ends with."""
        return month_of(add_months(self.end, -1))

    @property
    def last_day(self) -> date:
        """The last day inside: what a heading names ("quarter ended 30 September 2026")."""
        return date.fromordinal(self.end.toordinal() - 1)


@dataclass(frozen=True)
class FiscalCalendar:
    """A year that begins in `first_month` (1 to 12); it is named by the calendar year it begins in."""

    first_month: int = 1

    def containing(self, grain: Grain, day: date) -> Period:
        """The period of `grain` in which `day` lies; of overlapping ones, that which ends with its month."""
        month = month_of(day)
        if grain is Grain.MONTH:
            return month
        if grain is Grain.TWELVE_MONTHS:
            return Period(add_months(month.end, -12), month.end, grain)
        into_year = (day.month - self.first_month) % 12
        year_start = add_months(month.start, -into_year)
        if grain is Grain.YEAR_TO_DATE:
            return Period(year_start, month.end, grain)
        if grain is Grain.YEAR:
            return Period(year_start, add_months(year_start, 12), grain)
        start = add_months(year_start, into_year // 3 * 3)
        return Period(start, add_months(start, 3), grain)

    def between(self, grain: Grain, first: date, last: date) -> Iterator[Period]:
        """Every period of `grain` that contains a day from `first` to `last`, in order of their ends."""
        period = self.containing(grain, first)
        overlapping = grain not in CALENDAR_GRAINS
        while period.last_month.start <= last if overlapping else period.start <= last:
            yield period
            period = self.containing(grain, period.end)

    def year_to_date(self, period: Period) -> Period:
        """From the beginning of the fiscal year to the end of `period`."""
        return self.containing(Grain.YEAR_TO_DATE, period.last_month.start)

    def parse(self, text: str) -> Period:
        """`2026-09`, `2026-Q2` or `2026`: a month, a fiscal quarter or year. UnknownNameError otherwise."""
        head, _, tail = text.strip().partition("-")
        if head.isdecimal() and len(head) == 4 and int(head) > 0:
            year_start = date(int(head), self.first_month, 1)
            if not tail:
                return self.containing(Grain.YEAR, year_start)
            if len(tail) == 2 and tail[0] in "Qq" and tail[1] in "1234":
                return self.containing(Grain.QUARTER, add_months(year_start, 3 * (int(tail[1]) - 1)))
            if tail.isdecimal() and 1 <= int(tail) <= 12:
                return month_of(date(int(head), int(tail), 1))
        raise UnknownNameError(
            f"{text!r} is no period. "
            "Write a month as 2026-09, a fiscal quarter as 2026-Q2, a fiscal year as 2026."
        )

    def code(self, period: Period) -> str:
        """The short name that `parse` reads; the overlapping grains by the month they end with."""
        if period.grain is Grain.YEAR:
            return f"{period.start.year}"
        if period.grain is Grain.QUARTER:
            year = self.containing(Grain.YEAR, period.start).start
            return f"{year.year}-Q{(period.start.month - self.first_month) % 12 // 3 + 1}"
        return f"{period.last_month.start:%Y-%m}"


def month_of(day: date) -> Period:
    """The calendar month of `day`."""
    start = day.replace(day=1)
    return Period(start, add_months(start, 1), Grain.MONTH)


def add_months(day: date, months: int) -> date:
    """The first of the month that lies `months` after the month of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
