"""The arithmetic of formulas: what is missing stays missing, and time functions look where they should."""

from datetime import date

import pytest

from dashboard.definitions.model import Catalog
from dashboard.ledger.figures import figure
from dashboard.ledger.store import Ledger
from dashboard.periods import FiscalCalendar, Grain, Period
from tests.ledger.company import metric
from tests.ledger.frames import book, cell, company_read, month, record

YEAR = FiscalCalendar(4)
FIRST = month("2024-01")


@pytest.fixture
def value(company: Catalog, file_ledger: Ledger):  # type: ignore[no-untyped-def]
    """Revenue is 1 in January 2024 and grows by 1 a month; cost is 2, but 0 in June 2026."""
    cells = [cell("accounts.revenue", FIRST.shifted(n), float(n + 1)) for n in range(30)]
    cells += [cell("accounts.cost", FIRST.shifted(n), 0.0 if n == 29 else 2.0) for n in range(30)]
    cells += [cell("survey.score", "2026-06", None, 0), cell("survey.answers", "2026-06", 4.0)]
    record(
        file_ledger,
        company_read(company, *cells[:60]),
        company_read(company, *cells[60:]),
    )
    found = book(company, file_ledger)
    return lambda formula, period: figure(company, found, metric(company, formula), period).value


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("accounts.revenue", 30.0),
        ("accounts.revenue + 2 * 3 - 1", 35.0),
        ("-accounts.revenue / 4", -7.5),
        ("accounts.revenue / accounts.cost", None),
        ("accounts.revenue / nullif(accounts.cost, 0)", None),
        ("coalesce(accounts.revenue / accounts.cost, 5)", 5.0),
        ("coalesce(survey.score, accounts.cost, 7)", 0.0),
        ("nullif(accounts.revenue, 30)", None),
        ("nullif(accounts.revenue, survey.score)", 30.0),
        ("abs(0 - accounts.revenue)", 30.0),
        ("round(accounts.revenue / 7)", 4.0),
        ("round(accounts.revenue / 7, 2)", 4.29),
        ("survey.score + 1", None),
        ("1 - accounts.revenue / 40", 0.25),
        ("case when accounts.revenue > 10 then 1 else 2 end", 1.0),
        ("case when survey.score > 10 then 1 else 2 end", 2.0),
        ("case when not survey.score > 10 then 1 else 2 end", 2.0),
        ("case when survey.score > 10 or accounts.revenue >= 30 then 1 else 2 end", 1.0),
        ("case when survey.score > 10 and accounts.revenue >= 30 then 1 else 2 end", 2.0),
        ("case when not (survey.score > 10 and accounts.revenue > 30) then 1 else 2 end", 1.0),
        ("case when accounts.revenue < 10 then 1 end", None),
        ("revenue * 2", 60.0),
        ("prior(accounts.revenue)", 29.0),
        ("year_ago(accounts.revenue)", 18.0),
        ("prior(prior(accounts.revenue))", 28.0),
        ("year_ago(revenue)", 18.0),
        ("trailing(accounts.revenue, 1)", 30.0),
        ("trailing(accounts.revenue, 3)", 87.0),
        ("trailing(accounts.revenue, 12)", sum(range(19, 31))),
        ("trailing(accounts.revenue, 24)", sum(range(7, 31))),
        ("prior(trailing(accounts.revenue, 3))", 84.0),
        ("trailing(prior(accounts.revenue), 3)", 25.0 + 26.0 + 27.0),
        ("trailing(prior(accounts.revenue), 4)", 23.0 + 24.0 + 25.0 + 26.0),
        ("to_date(accounts.revenue)", 28.0 + 29.0 + 30.0),
        ("year_ago(trailing(accounts.revenue, 12))", sum(range(7, 19))),
        ("100000000000000000000000 * accounts.revenue * 0", 0.0),
    ],
)
def test_formulas_in_a_month(value, formula: str, expected: float | None) -> None:  # type: ignore[no-untyped-def]
    assert value(formula, month("2026-06")) == expected


@pytest.mark.parametrize(
    ("formula", "period", "expected"),
    [
        ("accounts.revenue", YEAR.parse("2026-Q1"), 28.0 + 29 + 30),
        ("prior(accounts.revenue)", YEAR.parse("2026-Q1"), 25.0 + 26 + 27),
        ("year_ago(accounts.revenue)", YEAR.parse("2026-Q1"), 16.0 + 17 + 18),
        ("trailing(accounts.revenue, 12)", YEAR.parse("2025-Q4"), sum(range(16, 28))),
        ("accounts.revenue", YEAR.parse("2025"), sum(range(16, 28))),
        ("prior(accounts.revenue)", YEAR.parse("2025"), sum(range(4, 16))),
        ("to_date(accounts.revenue)", YEAR.parse("2025-Q2"), sum(range(16, 22))),
        ("accounts.revenue", YEAR.containing(Grain.YEAR_TO_DATE, date(2026, 5, 9)), 57.0),
        ("prior(accounts.revenue)", YEAR.containing(Grain.YEAR_TO_DATE, date(2026, 5, 9)), 33.0),
        (
            "prior(accounts.revenue)",
            YEAR.containing(Grain.TWELVE_MONTHS, date(2026, 5, 9)),
            sum(range(6, 18)),
        ),
    ],
)
def test_formulas_in_longer_spans(value, formula: str, period: Period, expected: float) -> None:  # type: ignore[no-untyped-def]
    assert value(formula, period) == expected


def test_no_figure_is_infinite(value) -> None:  # type: ignore[no-untyped-def]
    assert value("1e200 * 1e200 * accounts.revenue", month("2026-06")) is None
