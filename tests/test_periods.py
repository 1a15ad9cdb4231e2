"""The fiscal calendar: what a period contains, how it is named and read."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import UnknownNameError
from dashboard.periods import CALENDAR_GRAINS, FiscalCalendar, Grain, month_of

APRIL = FiscalCalendar(4)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
CALENDARS = st.integers(1, 12).map(FiscalCalendar)


@pytest.mark.parametrize(
    ("grain", "start", "end"),
    [
        (Grain.MONTH, date(2026, 2, 1), date(2026, 3, 1)),
        (Grain.QUARTER, date(2026, 1, 1), date(2026, 4, 1)),
        (Grain.YEAR, date(2025, 4, 1), date(2026, 4, 1)),
        (Grain.YEAR_TO_DATE, date(2025, 4, 1), date(2026, 3, 1)),
        (Grain.TWELVE_MONTHS, date(2025, 3, 1), date(2026, 3, 1)),
    ],
)
def test_a_fiscal_year_from_april(grain: Grain, start: date, end: date) -> None:
    period = APRIL.containing(grain, date(2026, 2, 28))
    assert (period.start, period.end) == (start, end)


def test_a_year_that_begins_in_february_has_quarters_of_its_own() -> None:
    quarter = FiscalCalendar(2).containing(Grain.QUARTER, date(2026, 1, 31))
    assert (quarter.start, quarter.end) == (date(2025, 11, 1), date(2026, 2, 1))


@given(CALENDARS, st.sampled_from(list(Grain)), DAYS)
def test_every_day_lies_in_its_period_and_a_period_reads_back(
    calendar: FiscalCalendar, grain: Grain, day: date
) -> None:
    period = calendar.containing(grain, day)
    assert period.start <= day < period.end
    if grain in CALENDAR_GRAINS:
        assert calendar.parse(calendar.code(period)) == period


@given(CALENDARS, st.sampled_from(CALENDAR_GRAINS), DAYS, st.integers(0, 900))
def test_calendar_periods_follow_one_another_without_a_gap(
    calendar: FiscalCalendar, grain: Grain, first: date, length: int
) -> None:
    last = date.fromordinal(first.toordinal() + length)
    periods = list(calendar.between(grain, first, last))
    assert periods[0].start <= first
    assert periods[-1].end > last
    assert all(a.end == b.start for a, b in pairwise(periods))


def test_the_overlapping_spans_end_with_every_month() -> None:
    ends = [period.end for period in APRIL.between(Grain.TWELVE_MONTHS, date(2026, 1, 5), date(2026, 3, 1))]
    assert ends == [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]


def test_months_and_shifts_know_the_leap_day() -> None:
    february = month_of(date(2024, 2, 29))
    assert february.last_day == date(2024, 2, 29)
    assert february.shifted(12).last_day == date(2025, 2, 28)
    assert [month.start.month for month in APRIL.parse("2026-Q2").months] == [7, 8, 9]


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-Q5", "Q2 2026", "26", "0000", "", "2026-0", "2026-00", "٢٠٢٦x"]
)
def test_what_is_no_period_is_refused_with_the_three_forms(text: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        APRIL.parse(text)
    assert str(caught.value) == (
        f"{text!r} is no period. "
        "Write a month as 2026-09, a fiscal quarter as 2026-Q2, a fiscal year as 2026."
    )
