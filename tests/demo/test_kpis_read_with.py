"""What pages draw beside the KPIs: the time that steps take, and cash to date, against SQL by hand."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboard.board.masking import read_masked
from dashboard.ledger.figures import figure
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import month_of
from tests.demo.conftest import opened
from tests.demo.kpis import Measured, quarter_of

SEPTEMBER = date(2026, 9, 1)
STEPS = """
    SELECT journey_key, step_no, label, quantile_cont(days, 0.5), quantile_cont(days, 0.9) FROM (
        SELECT journey_key, step_no, label, extract('epoch' FROM ended_at - started_at) / 86400 AS days
        FROM journey_event JOIN journey USING (journey_key, step_no)
        WHERE outcome = 'done' AND started_at >= '2026-07-01'::TIMESTAMPTZ
          AND started_at < '2026-10-01'::TIMESTAMPTZ)
    GROUP BY ALL
"""
CASH = """
    SELECT title, sum(coalesce(measured_benefit, claimed_benefit, 0) - cost)
    FROM initiative_period JOIN initiative USING (initiative_key)
    WHERE due <= '2026-09-30' GROUP BY 1
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company(whole_company: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(whole_company) as connection:
        yield connection


def told(whole: Measured, metric: str, cut: str, *, quarter: bool) -> dict[str, float]:
    """The metric by member, as a page reads it from the ledger."""
    catalog, asked = whole.catalog, whole.catalog.metric(metric)
    period = quarter_of(whole, SEPTEMBER) if quarter else month_of(SEPTEMBER)
    with Ledger(f"sqlite:///{whole.company.with_suffix('.sqlite')}") as ledger:
        book = read_masked(catalog, ledger, [asked], [(), (cut,)], scope=EVERYTHING)
    found = {
        member[0]: figure(catalog, book, asked, period, (cut,), member).value
        for member in book.members((cut,))
    }
    return {name: value for name, value in found.items() if value is not None}


def test_steps_take_as_long_as_sql_says(whole: Measured, company: duckdb.DuckDBPyConnection) -> None:
    by_hand = {
        f"{key[0].upper()}{key[1:].replace('_', ' ')} {number}: {label}": (half, most)
        for key, number, label, half, most in company.execute(STEPS).fetchall()
    }
    assert len(by_hand) == 21
    for place, metric in enumerate(("step_time_median", "step_time_p90")):
        wanted = {step: pytest.approx(times[place], rel=1e-6) for step, times in by_hand.items()}
        assert told(whole, metric, "step", quarter=True) == wanted


def test_cash_to_date_is_what_sql_says(whole: Measured, company: duckdb.DuckDBPyConnection) -> None:
    wanted = {title: pytest.approx(float(cash)) for title, cash in company.execute(CASH).fetchall()}
    assert told(whole, "initiative_cash", "initiative", quarter=False) == wanted
