"""What customers are worth: the model's own tests are elsewhere; here it meets the tables of the demo."""

from datetime import date

import duckdb
import pytest

from dashboard.definitions.derivation import EQUITY_LINES
from tests.demo.kpis import MONTHS, Kpi, Measured, assert_told

KPIS = ("customer_lifetime_value", "customer_equity", "customer_equity_change")
CENT = 0.005
LATE = MONTHS[36:]
ACTIVE = """SELECT {g}, month, count(*), 1
            FROM customer_month JOIN customer USING (customer_key) WHERE active GROUP BY ALL"""


def line(found: Measured, name: str, month: int, segment: str = "") -> float:
    cut = (("segment",), (segment,)) if segment else ((), ())
    seen = found.book.observation(f"customer_value.{name}", MONTHS[month], *cut)
    assert seen is not None
    assert seen.value is not None
    return seen.value


@pytest.mark.parametrize("metric", KPIS)
def test_the_last_quarter_is_told(small: Measured, metric: str) -> None:
    assert_told(small, metric)


def test_everybody_who_is_active_is_valued(small: Measured) -> None:
    for (_, month), (customers, _) in small.by_hand(Kpi(ACTIVE)).items():
        if month >= LATE[0].start:
            assert line(small, "equity_customers", _place(month)) == customers


def test_value_per_customer_is_equity_by_customers(small: Measured) -> None:
    for place in range(36, 60):
        equity = small.figure("customer_equity", MONTHS[place]).value
        each = small.figure("customer_lifetime_value", MONTHS[place]).value
        assert each == pytest.approx(equity / line(small, "equity_customers", place), rel=1e-9)


def test_the_lines_of_the_statement_are_the_movement(small: Measured) -> None:
    for place in range(36, 60):
        moved = small.figure("customer_equity_change", MONTHS[place]).value
        assert sum(line(small, name, place) for name in EQUITY_LINES) == pytest.approx(moved, abs=CENT)


def test_segments_add_up_to_the_company(small: Measured) -> None:
    segments = {group for group, _ in small.by_hand(Kpi(ACTIVE), "segment")}
    assert len(segments) == 3
    for place in range(36, 60):
        whole = small.figure("customer_equity", MONTHS[place]).value
        parts = sum(line(small, "equity", place, segment) for segment in segments)
        assert parts == pytest.approx(whole, abs=4 * CENT)  # each is rounded to the cent by itself


@pytest.mark.slow
def test_a_lifetime_is_worth_about_its_margin_times_the_multiple(whole: Measured) -> None:
    """Margin by retention over one plus the discount less retention, with the retention of three years.

    The multiple takes retention as constant, which values customers too low: those who stayed stay longer.
    """
    with duckdb.connect(str(whole.company), read_only=True) as connection:
        [(margin, retention)] = connection.execute("""
            SELECT (sum(gross_margin) FILTER (WHERE active AND month = DATE '2026-09-01')
                    / count(*) FILTER (WHERE active AND month = DATE '2026-09-01'))::DOUBLE,
                   count(*) FILTER (WHERE status = 'continuing')
                    / count(*) FILTER (WHERE status IN ('continuing', 'lost'))
            FROM customer_month WHERE month > DATE '2023-09-01'""").fetchall()
    discount = 1.10 ** (1 / 12)
    by_hand = margin * retention / (discount - retention)
    told = whole.figure("customer_lifetime_value", MONTHS[-1]).value
    assert told is not None
    assert 1.0 < told / by_hand < 1.4


def _place(month: date) -> int:
    return next(place for place, each in enumerate(MONTHS) if each.start == month)
