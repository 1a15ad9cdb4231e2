"""Is our customer asset growing? The KPIs of this question, against SQL by hand."""

import pytest

from tests.demo.kpis import Kpi, Measured, assert_months, assert_quarters, assert_told

KPIS = {
    # Distinct customers who are active at the end of the month.
    "active_customers": Kpi(
        """SELECT {g}, month, count(DISTINCT customer_key), 1
           FROM customer_month JOIN customer USING (customer_key) WHERE active GROUP BY ALL""",
        over="stock",
    ),
    # Customers whose first active month ever is this one; who was there before the data began is not new.
    "customers_acquired": Kpi(
        """WITH first AS (
               SELECT customer_key, min(month) AS month FROM customer_month WHERE active GROUP BY 1)
           SELECT {g}, month, count(*), 1 FROM first JOIN customer USING (customer_key)
           WHERE first_active >= DATE '2021-10-01' GROUP BY ALL""",
        over="total",
    ),
    # Of those active at the end of the month before, who is active at the end of this one.
    "customer_retention_rate": Kpi(
        """SELECT {g}, (opening.month + INTERVAL 1 MONTH)::DATE, count(closing.customer_key), count(*)
           FROM customer_month AS opening JOIN customer USING (customer_key)
           LEFT JOIN customer_month AS closing
             ON closing.customer_key = opening.customer_key AND closing.active
            AND closing.month = opening.month + INTERVAL 1 MONTH
           WHERE opening.active AND opening.month < DATE '2026-09-01' GROUP BY ALL"""
    ),
    # Of the same, who chose to leave; a case with two reasons counts by their weights.
    "voluntary_churn_rate": Kpi(
        """WITH opening AS (
               SELECT {g} AS g, (month + INTERVAL 1 MONTH)::DATE AS month, count(*) AS customers
               FROM customer_month JOIN customer USING (customer_key)
               WHERE active AND month < DATE '2026-09-01' GROUP BY ALL),
             chose AS (
               SELECT {g} AS g, date_trunc('month', left_at)::DATE AS month, sum(weight) AS cases
               FROM exit_case JOIN customer USING (customer_key)
               WHERE kind = 'former_customer' AND reason NOT IN ('payment default', 'closed or deceased')
               GROUP BY ALL)
           SELECT g, month, cases, customers FROM opening LEFT JOIN chose USING (g, month)"""
    ),
}


@pytest.mark.parametrize("cut", ["", "segment", "region"])
@pytest.mark.parametrize("metric", KPIS)
def test_months_and_members_are_what_sql_says(small: Measured, metric: str, cut: str) -> None:
    assert_months(small, metric, KPIS[metric], cut, least=0 if cut else 48)


@pytest.mark.parametrize("metric", KPIS)
def test_quarters_are_made_of_their_months(small: Measured, metric: str) -> None:
    assert_quarters(small, metric, KPIS[metric])


@pytest.mark.parametrize("metric", KPIS)
def test_the_last_quarter_is_told(small: Measured, metric: str) -> None:
    assert_told(small, metric)


@pytest.mark.slow
@pytest.mark.parametrize("cut", ["", "segment", "region"])
@pytest.mark.parametrize("metric", KPIS)
def test_the_whole_company_is_what_sql_says(whole: Measured, metric: str, cut: str) -> None:
    assert_months(whole, metric, KPIS[metric], cut, least=48)
    assert_told(whole, metric)
