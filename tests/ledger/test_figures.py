"""Values, statuses and reasons of figures, read back from a ledger."""

from collections.abc import Callable
from datetime import date

import pytest

from dashboard.definitions.model import Catalog, Side
from dashboard.ledger.book import Book
from dashboard.ledger.figures import Figure, Status, covered, figure, parts
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell
from dashboard.periods import FiscalCalendar, Grain, Period
from dashboard.units import Unit
from tests.ledger.company import metric
from tests.ledger.frames import book, cell, company_read, month, record

YEAR = FiscalCalendar(4)
Fill = Callable[..., Book]


@pytest.fixture
def fill(company: Catalog, file_ledger: Ledger) -> Fill:
    """fill(cells, until=...) records readings and gives back the book."""

    def recorded(*cells: Cell, until: date | None = date(2026, 7, 1)) -> Book:
        by_dataset: dict[str, list[Cell]] = {}
        for each in cells:
            by_dataset.setdefault(each.measure.partition(".")[0], []).append(each)
        record(file_ledger, *(company_read(company, *found, until=until) for found in by_dataset.values()))
        return book(company, file_ledger, ("segment",), ("region",))

    return recorded


def survey(period: str, promoters: int, detractors: int, answers: int, **where: object) -> list[Cell]:
    """Cells of one month of the survey."""
    return [
        cell(f"survey.{name}", period, float(count), count, **where)  # type: ignore[arg-type]
        for name, count in (("promoters", promoters), ("detractors", detractors), ("answers", answers))
    ]


def quarter(text: str) -> Period:
    return YEAR.containing(Grain.QUARTER, month(text).start)


def revenue(start: str, *values: float | None) -> list[Cell]:
    first = month(start)
    cells = (cell("accounts.revenue", first.shifted(n), value) for n, value in enumerate(values))
    return [each for each in cells if each.value is not None]


def test_a_ratio_is_the_ratio_of_the_sums(company: Catalog, fill: Fill) -> None:
    found = fill(
        *survey("2026-04", 60, 20, 100), *survey("2026-05", 10, 20, 40), *survey("2026-06", 40, 5, 60)
    )
    nps = company.metric("nps")
    assert figure(company, found, nps, month("2026-04")) == Figure(
        month("2026-04"), 40.0, 100.0, Status.OK, None
    )
    assert figure(company, found, nps, quarter("2026-05")) == Figure(
        quarter("2026-05"), 32.5, 200.0, Status.OK, None
    )
    assert parts(company, found, nps, quarter("2026-05")) == (110.0, 45.0, 200.0)


def test_a_period_that_the_data_has_not_passed_is_open(company: Catalog, fill: Fill) -> None:
    found = fill(*survey("2026-05", 60, 20, 100), *survey("2026-06", 60, 20, 100), until=date(2026, 6, 18))
    nps = company.metric("nps")
    june = figure(company, found, nps, month("2026-06"))
    assert (june.value, june.status, june.reason) == (40.0, Status.OPEN, "The data ends on 17 June 2026.")
    assert figure(company, found, nps, month("2026-05")).status is Status.OK
    assert figure(company, found, nps, month("2026-05").shifted(2)) == Figure(
        month("2026-07"), None, None, Status.MISSING, "The data ends on 17 June 2026."
    )


def test_data_up_to_the_first_day_after_a_period_has_passed_it(company: Catalog, fill: Fill) -> None:
    found = fill(*survey("2026-06", 60, 20, 100), until=date(2026, 7, 1))
    assert figure(company, found, company.metric("nps"), month("2026-06")).status is Status.OK


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        ((5,), "No rows in May 2026."),
        ((4, 5), "No rows in Apr–May 2026."),
        ((4, 6), "No rows in Apr 2026, Jun 2026."),
    ],
)
def test_a_longer_span_over_a_gap_is_partial(
    company: Catalog, fill: Fill, gone: tuple[int, ...], reason: str
) -> None:
    months = [n for n in (3, 4, 5, 6) if n not in gone]
    found = fill(*(each for n in months for each in survey(f"2026-0{n}", 60, 20, 100)))
    spring = figure(company, found, company.metric("nps"), quarter("2026-05"))
    assert (spring.value, spring.status, spring.reason) == (40.0, Status.PARTIAL, reason)
    assert spring.n == 100.0 * (3 - len(gone))


def test_a_month_without_rows_is_missing(company: Catalog, fill: Fill) -> None:
    found = fill(*survey("2026-04", 60, 20, 100), *survey("2026-06", 60, 20, 100))
    assert figure(company, found, company.metric("nps"), month("2026-05")) == Figure(
        month("2026-05"), None, None, Status.MISSING, "No rows in May 2026."
    )
    assert (
        figure(company, found, company.metric("nps"), quarter("2026-01")).reason == "No rows in Jan–Mar 2026."
    )


def test_a_member_without_rows_where_the_dataset_has_some_counts_zero(company: Catalog, fill: Fill) -> None:
    found = fill(
        *survey("2026-05", 60, 20, 100),
        *survey("2026-06", 60, 20, 100),
        *survey("2026-05", 60, 20, 100, by=("segment",), member=("home",)),
    )
    count = metric(company, "survey.answers")
    by_home = (("segment",), ("home",))
    assert figure(company, found, count, month("2026-05"), *by_home).value == 100.0
    assert figure(company, found, count, month("2026-06"), *by_home).value == 0.0
    assert figure(company, found, count, month("2026-04"), *by_home).value is None
    empty = figure(company, found, company.metric("nps"), month("2026-06"), *by_home)
    assert (empty.value, empty.n, empty.status) == (None, 0.0, Status.MISSING)
    assert empty.reason == "Division by zero."


def test_a_slice_that_a_dataset_lacks_is_missing_not_zero(company: Catalog, fill: Fill) -> None:
    found = fill(*revenue("2026-06", 5.0), *survey("2026-06", 60, 20, 100))
    shown = figure(company, found, company.metric("revenue"), month("2026-06"), ("region",), ("north",))
    assert (shown.status, shown.reason) == (Status.MISSING, "accounts is not measured by region.")


def test_an_average_is_the_sum_over_n_at_every_length(company: Catalog, fill: Fill) -> None:
    scores = [
        cell("survey.score", f"2026-0{n}", total, n * 10) for n, total in ((4, 300.0), (5, 450.0), (6, 0.0))
    ]
    found = fill(*scores)
    score = metric(company, "survey.score", side=Side.CUSTOMER)
    assert figure(company, found, score, month("2026-04")) == Figure(
        month("2026-04"), 7.5, 40.0, Status.OK, None
    )
    assert figure(company, found, score, quarter("2026-04")).value == 5.0
    assert figure(company, found, score, quarter("2026-04")).n == 150.0


def test_an_average_of_nothing_is_missing(company: Catalog, fill: Fill) -> None:
    found = fill(cell("survey.score", "2026-06", None, 0), cell("survey.answers", "2026-06", 3.0, 3))
    shown = figure(company, found, metric(company, "survey.score"), month("2026-06"))
    assert (shown.value, shown.status, shown.reason) == (None, Status.MISSING, "No value was recorded.")


def test_distinct_counts_are_read_at_their_own_length(company: Catalog, fill: Fill) -> None:
    spans = [(month("2026-06"), 7.0), (quarter("2026-06"), 15.0)]
    spans += [(YEAR.containing(Grain.TWELVE_MONTHS, date(2026, 6, 1)), 30.0)]
    spans += [(YEAR.containing(Grain.YEAR_TO_DATE, date(2026, 6, 1)), 15.0)]
    spans += [(month(f"2026-0{n}"), 9.0) for n in (4, 5)]
    found = fill(*(cell("survey.customers", span, value, 50) for span, value in spans))
    for formula, period, expected in (
        ("survey.customers", month("2026-06"), 7.0),
        ("survey.customers", quarter("2026-06"), 15.0),
        ("trailing(survey.customers, 12)", month("2026-06"), 30.0),
        ("trailing(survey.customers, 3)", month("2026-06"), 15.0),
        ("trailing(survey.customers, 2)", month("2026-06"), None),
        ("to_date(survey.customers)", month("2026-06"), 15.0),
    ):
        assert figure(company, found, metric(company, formula), period).value == expected, formula
    two_months = figure(company, found, metric(company, "trailing(survey.customers, 2)"), month("2026-06"))
    assert two_months.reason == "survey.customers cannot be added up over 2 months."


@pytest.mark.parametrize(
    ("answers", "status"),
    [(0, Status.MISSING), (1, Status.SUPPRESSED), (9, Status.SUPPRESSED), (10, Status.OK)],
)
def test_small_groups_are_not_shown(company: Catalog, fill: Fill, answers: int, status: Status) -> None:
    found = fill(*survey("2026-06", answers, 0, answers))
    shown = figure(company, found, company.metric("nps"), month("2026-06"))
    assert shown.status is status
    if status is Status.SUPPRESSED:
        assert (shown.value, shown.n, shown.reason) == (
            None,
            None,
            "Not shown, to protect groups of fewer than 10.",
        )
        assert parts(company, found, company.metric("nps"), month("2026-06")) == (None, None, None)


@pytest.mark.parametrize(
    ("side", "unit", "hidden"),
    [
        (Side.CUSTOMER, Unit.COUNT, True),
        (Side.PEOPLE, Unit.COUNT, True),
        (Side.FINANCIAL, Unit.COUNT, False),
        (Side.CUSTOMER, Unit.ITEMS, False),
        (Side.CUSTOMER, Unit.RATIO, False),
    ],
)
def test_a_count_of_people_is_its_own_group(
    company: Catalog, fill: Fill, side: Side, unit: Unit, hidden: bool
) -> None:
    found = fill(*survey("2026-06", 3, 0, 3))
    shown = figure(company, found, metric(company, "survey.answers", side=side, unit=unit), month("2026-06"))
    assert (shown.status is Status.SUPPRESSED) is hidden


def test_an_average_over_few_people_is_not_shown(company: Catalog, fill: Fill) -> None:
    found = fill(cell("survey.score", "2026-06", 27.0, 3), cell("survey.middle", "2026-06", 9.0, 3))
    for formula in ("survey.score", "survey.middle"):
        shown = figure(company, found, metric(company, formula, side=Side.CUSTOMER), month("2026-06"))
        assert shown.status is Status.SUPPRESSED, formula


def test_a_quarterly_dataset_is_known_by_quarter_only(company: Catalog, fill: Fill) -> None:
    plan = metric(company, "plan.revenue")
    found = fill(*(cell("plan.revenue", quarter(f"2026-0{n}"), float(n)) for n in (1, 4)))
    assert figure(company, found, plan, quarter("2026-04")) == Figure(
        quarter("2026-04"), 4.0, None, Status.OK, None
    )
    for period in (month("2026-05"), YEAR.containing(Grain.TWELVE_MONTHS, date(2026, 5, 1))):
        shown = figure(company, found, plan, period)
        assert (shown.status, shown.reason) == (Status.MISSING, "plan is known by quarter only.")
    assert figure(company, found, plan, quarter("2025-10")).reason == "No rows in Oct–Dec 2025."


def test_what_was_never_read_says_so(company: Catalog, fill: Fill) -> None:
    found = fill(*revenue("2026-06", 5.0), cell("survey.answers", "2026-06", 9.0))
    shown = figure(company, found, metric(company, "plan.revenue"), quarter("2026-04"))
    assert (shown.status, shown.reason) == (Status.MISSING, "plan has not been read yet.")
    shown = figure(company, found, metric(company, "survey.middle"), month("2026-06"))
    assert shown.reason == "survey.middle has not been read yet as it is defined now."


def test_covered_is_what_all_parts_have(company: Catalog, fill: Fill) -> None:
    found = fill(*revenue("2025-11", 1.0, 1.0), *survey("2026-01", 1, 1, 9))
    both = metric(company, "accounts.revenue / survey.answers")
    assert covered(company, found, both) == (date(2026, 1, 1), date(2026, 7, 1))
    assert covered(company, found, company.metric("revenue")) == (date(2025, 11, 1), date(2026, 7, 1))
    assert covered(company, found, metric(company, "plan.revenue")) is None


def test_covered_begins_with_the_first_month_that_has_rows_whatever_longer_spans_begin_before(
    company: Catalog, fill: Fill
) -> None:
    year = YEAR.containing(Grain.TWELVE_MONTHS, date(2026, 5, 1))
    found = fill(cell("survey.middle", "2026-05", 8.0), cell("survey.middle", year, 8.0))
    assert covered(company, found, metric(company, "survey.middle")) == (date(2026, 5, 1), date(2026, 7, 1))


def test_a_gap_in_what_the_base_shares_is_noted(company: Catalog, fill: Fill) -> None:
    found = fill(*revenue("2026-04", 20.0, None, 30.0))
    shown = figure(company, found, metric(company, "revenue * 2", base="revenue"), quarter("2026-05"))
    assert (shown.value, shown.n, shown.reason) == (100.0, 50.0, "No rows in May 2026.")


def test_a_month_that_has_begun_without_rows_is_open_not_a_gap(company: Catalog, fill: Fill) -> None:
    found = fill(*revenue("2026-04", 20.0, 30.0), until=date(2026, 6, 18))
    june = figure(company, found, company.metric("revenue"), month("2026-06"))
    assert (june.value, june.reason) == (None, "The data ends on 17 June 2026.")
    spring = figure(company, found, company.metric("revenue"), quarter("2026-05"))
    assert (spring.value, spring.status) == (50.0, Status.OPEN)


def test_a_median_of_a_member_without_rows_is_missing_not_zero(company: Catalog, fill: Fill) -> None:
    home = {"by": ("segment",), "member": ("home",)}
    found = fill(
        *(cell("survey.middle", f"2026-0{n}", 7.0, 20) for n in (5, 6)),
        cell("survey.middle", "2026-05", 8.0, 20, **home),  # type: ignore[arg-type]
    )
    middle = metric(company, "survey.middle")
    assert figure(company, found, middle, month("2026-05"), ("segment",), ("home",)).value == 8.0
    assert figure(company, found, middle, month("2026-06"), ("segment",), ("home",)).value is None


def test_a_gap_in_the_base_alone_does_not_make_the_value_partial(company: Catalog, fill: Fill) -> None:
    found = fill(*revenue("2026-04", 1.0, 2.0, 3.0), *survey("2026-04", 9, 0, 50))
    shown = figure(
        company, found, metric(company, "accounts.revenue", base="survey.answers"), quarter("2026-05")
    )
    assert (shown.value, shown.n, shown.status) == (6.0, 50.0, Status.OK)
