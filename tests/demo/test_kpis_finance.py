"""The financial neighbours, against SQL by hand."""

import pytest

from tests.demo.kpis import Kpi, Measured, assert_months, assert_quarters, assert_told

BOOKED = "FROM financial_month WHERE scenario = 'AC'"
# Customers as the mean of those at the beginning and at the end of the month.
MEAN = """
    ends AS (SELECT {g} AS g, month, count(*) AS customers
             FROM customer_month JOIN customer USING (customer_key) WHERE active GROUP BY ALL),
    mean AS (SELECT now.g, now.month, (now.customers + before.customers) / 2 AS customers
             FROM ends AS now JOIN ends AS before
               ON before.g = now.g AND before.month = now.month - INTERVAL 1 MONTH)
"""

KPIS = {
    # Revenue of the month by that of the month a year before, less one.
    "revenue_growth": Kpi(
        """WITH month_by_month AS (
               SELECT {g} AS g, month, sum(revenue) AS revenue
               FROM customer_month JOIN customer USING (customer_key) GROUP BY ALL)
           SELECT now.g, now.month, now.revenue - ago.revenue, ago.revenue
           FROM month_by_month AS now JOIN month_by_month AS ago
             ON ago.g = now.g AND ago.month = now.month - INTERVAL 1 YEAR"""
    ),
    "gross_margin_pct": Kpi(
        f"""SELECT {{entity}}, month,
                   sum(CASE account_group WHEN 'revenue' THEN amount WHEN 'cogs' THEN -amount END),
                   sum(amount) FILTER (WHERE account_group = 'revenue')
            {BOOKED} AND entity <> 'Group' GROUP BY ALL""",
        cuts=("segment",),
    ),
    # Operating profit is revenue less every cost; receivables are no cost.
    "operating_margin_pct": Kpi(
        f"""SELECT {{entity}}, month,
                   sum(CASE WHEN account_group = 'revenue' THEN amount
                            WHEN account_group = 'working_capital' THEN 0 ELSE -amount END),
                   sum(amount) FILTER (WHERE account_group = 'revenue')
            {BOOKED} GROUP BY ALL""",
        cuts=(),
    ),
    # Service and delivery as the accounts have them.
    "cost_to_serve_per_customer": Kpi(
        f"""WITH {MEAN}, cost AS (
                SELECT {{entity}} AS g, month, sum(amount) AS cost
                {BOOKED} AND account_group IN ('service', 'delivery') GROUP BY ALL)
            SELECT g, month, cost, customers FROM cost JOIN mean USING (g, month)""",
        cuts=("segment",),
    ),
    "cost_of_poor_quality_ratio": Kpi(
        f"""SELECT {{entity}}, month,
                   sum(amount) FILTER (WHERE account_group IN ('internal_failure', 'external_failure')),
                   sum(amount) FILTER (WHERE account_group = 'revenue')
            {BOOKED} AND entity <> 'Group' GROUP BY ALL""",
        cuts=("segment",),
    ),
    # What was spent on winning customers, by those whose first month ever it is.
    "customer_acquisition_cost": Kpi(
        f"""WITH won AS (
                SELECT {{g}} AS g, date_trunc('month', first_active)::DATE AS month, count(*) AS customers
                FROM customer WHERE first_active >= DATE '2021-10-01' GROUP BY ALL),
             spent AS (
                SELECT {{entity}} AS g, month, sum(amount) AS amount
                {BOOKED} AND account_group = 'acquisition' AND entity <> 'Group' GROUP BY ALL)
            SELECT g, month, amount, customers FROM spent JOIN won USING (g, month)""",
        cuts=("segment",),
    ),
    # Twelve times the revenue of each customer, times the share of the customers of its segment who paid in
    # the same month a year ago and pay nothing now.
    "revenue_at_risk": Kpi(
        """WITH paid AS (
               SELECT customer_key, month, segment, revenue
               FROM customer_month JOIN customer USING (customer_key) WHERE revenue > 0),
             chance AS (
               SELECT ago.segment, (ago.month + INTERVAL 1 YEAR)::DATE AS month,
                      1 - count(now.customer_key) / count(*) AS lost
               FROM paid AS ago LEFT JOIN paid AS now
                 ON now.customer_key = ago.customer_key AND now.month = ago.month + INTERVAL 1 YEAR
               WHERE ago.month < DATE '2025-10-01' GROUP BY ALL)
           SELECT {g}, paid.month, sum((12 * paid.revenue * chance.lost)::DOUBLE), 1
           FROM paid JOIN chance USING (segment, month) JOIN customer USING (customer_key) GROUP BY ALL""",
        over="stock",
    ),
    "promotion_to_operations_ratio": Kpi(
        f"""SELECT {{entity}}, month, sum(amount) FILTER (WHERE account_group = 'promotion'),
                   sum(amount) FILTER (WHERE account_group IN ('quality', 'service', 'delivery'))
            {BOOKED} GROUP BY ALL""",
        cuts=(),
    ),
}
# Cost to serve is recorded by customer, too, and so by region; there the accounts cannot be asked.
BY_REGION = {
    "revenue_growth": KPIS["revenue_growth"],
    "revenue_at_risk": KPIS["revenue_at_risk"],
    "cost_to_serve_per_customer": Kpi(
        f"""WITH {MEAN}, cost AS (
                SELECT {{g}} AS g, month, sum(cost_to_serve) AS cost
                FROM customer_month JOIN customer USING (customer_key) GROUP BY ALL)
            SELECT g, month, cost, customers FROM cost JOIN mean USING (g, month)"""
    ),
}
TOTALS = {
    "revenue": Kpi(
        f"SELECT 'all', month, sum(amount), 1 {BOOKED} AND account_group = 'revenue' GROUP BY ALL"
    ),
    "operating_profit": Kpi(
        f"""SELECT 'all', month, 2 * sum(amount) FILTER (WHERE account_group = 'revenue') - sum(amount), 1
            {BOOKED} AND account_group <> 'working_capital' GROUP BY ALL"""
    ),
    "working_capital_days": Kpi(
        f"""SELECT 'all', month, 365 * sum(amount) FILTER (WHERE account_group = 'working_capital'),
                   12 * sum(amount) FILTER (WHERE account_group = 'revenue')
            {BOOKED} GROUP BY ALL"""
    ),
    "gross_margin_per_customer": Kpi(
        f"""WITH {MEAN}, margin AS (
                SELECT {{g}} AS g, month, sum(gross_margin) AS amount
                FROM customer_month JOIN customer USING (customer_key) GROUP BY ALL)
            SELECT g, month, amount, customers FROM margin JOIN mean USING (g, month)"""
    ),
    "contact_cost": Kpi(
        """SELECT 'all', date_trunc('month', "at")::DATE, sum(cost), count(*)
           FROM contact WHERE direction = 'in' GROUP BY ALL"""
    ),
}


@pytest.mark.parametrize("metric", KPIS)
def test_months_are_what_sql_says(small: Measured, metric: str) -> None:
    assert_months(small, metric, KPIS[metric], "", least=48)


@pytest.mark.parametrize("metric", [name for name, kpi in KPIS.items() if "segment" in kpi.cuts])
def test_segments_are_what_sql_says(small: Measured, metric: str) -> None:
    assert_months(small, metric, KPIS[metric], "segment", least=0)


@pytest.mark.parametrize("metric", BY_REGION)
def test_regions_are_what_sql_says(small: Measured, metric: str) -> None:
    assert_months(small, metric, BY_REGION[metric], "region", least=48)


@pytest.mark.parametrize("metric", TOTALS)
def test_figures_beside_the_kpis_are_what_sql_says(small: Measured, metric: str) -> None:
    assert_months(small, metric, TOTALS[metric], "", least=48)


@pytest.mark.parametrize("metric", KPIS)
def test_quarters_are_made_of_their_months(small: Measured, metric: str) -> None:
    assert_quarters(small, metric, KPIS[metric])


@pytest.mark.parametrize("metric", [*KPIS, *TOTALS])
def test_the_last_quarter_is_told(small: Measured, metric: str) -> None:
    assert_told(small, metric)


@pytest.mark.slow
@pytest.mark.parametrize("metric", KPIS)
def test_the_whole_company_is_what_sql_says(whole: Measured, metric: str) -> None:
    for cut in ("", *KPIS[metric].cuts):
        if cut != "region":
            assert_months(whole, metric, KPIS[metric], cut, least=48 if metric != "revenue_growth" else 36)
    if metric in BY_REGION:
        assert_months(whole, metric, BY_REGION[metric], "region", least=48)
    assert_told(whole, metric)
