"""What did we spend on customers, and what came back? The KPIs of this question, against SQL by hand."""

import pytest

from tests.demo.kpis import Kpi, Measured, assert_months, assert_quarters, assert_told

_MONTHS = """month AS (SELECT unnest(generate_series(
        DATE '2022-11-01', DATE '2026-09-01', INTERVAL 1 MONTH))::DATE AS month)"""
# The 90 days that are over by the end of each month, with what they brought: measured, or else claimed.
_PAST = f"""WITH {_MONTHS}, past AS (
        SELECT month, initiative_period.*, start, CASE WHEN measured_benefit IS NULL THEN claimed_benefit
               ELSE measured_benefit END AS benefit
        FROM month JOIN initiative_period ON due < month + INTERVAL 1 MONTH
        JOIN initiative USING (initiative_key))"""

KPIS = {
    # Cash flows to date at 10 % a year, the first of each initiative at its start.
    "initiative_npv": Kpi(
        f"{_PAST} SELECT 'all', month, sum((benefit - cost) * exp(-ln(1.1) * (period - start) / 365.0)), 1"
        " FROM past GROUP BY ALL",
        over="stock",
    ),
    "initiative_roi": Kpi(
        f"{_PAST} SELECT 'all', month, sum(benefit) - sum(cost), sum(cost) FROM past GROUP BY ALL",
        over="stock",
    ),
    # Of what was measured, what was planned for the same time.
    "benefit_realisation_rate": Kpi(
        f"""{_PAST} SELECT 'all', month, sum(measured_benefit), sum(planned_benefit) FROM past
            WHERE measured_benefit IS NOT NULL GROUP BY ALL""",
        over="stock",
    ),
    # Met on the day it was due or before, of those due in the month.
    "ninety_day_plan_completion": Kpi(
        """SELECT 'all', date_trunc('month', due)::DATE,
                  count(*) FILTER (WHERE timezone('Europe/Amsterdam', met_at)::DATE <= due), count(*)
           FROM initiative_period WHERE due < DATE '2026-10-01' GROUP BY ALL"""
    ),
    # Of those begun twelve months before the end of the month or earlier, not given up.
    "initiative_persistence": Kpi(
        f"""WITH {_MONTHS}
            SELECT 'all', month,
                   count(*) - count(*) FILTER (
                       WHERE "end" < month + INTERVAL 1 MONTH AND end_reason <> 'achieved'), count(*)
            FROM month JOIN initiative ON start <= last_day(month) - INTERVAL 12 MONTH GROUP BY ALL""",
        over="stock",
    ),
    # Day by day a ninetieth of the cost of each 90 days, and of which most of the benefit comes after a year.
    "long_horizon_share": Kpi(
        """WITH plan AS (
               SELECT *, 2 * sum(CASE WHEN due > start + INTERVAL 1 YEAR THEN planned_benefit ELSE 0 END)
                             OVER (PARTITION BY initiative_key)
                         > sum(planned_benefit) OVER (PARTITION BY initiative_key) AS far
               FROM initiative_period JOIN initiative USING (initiative_key)),
             day AS (
               SELECT unnest(generate_series(period, due - 1, INTERVAL 1 DAY))::DATE AS day,
                      cost / 90.0 AS cost, far
               FROM plan)
           SELECT 'all', date_trunc('month', day)::DATE, sum(cost) FILTER (WHERE far), sum(cost)
           FROM day WHERE day < DATE '2026-10-01' GROUP BY ALL"""
    ),
}


@pytest.mark.parametrize("metric", KPIS)
def test_months_are_what_sql_says(small: Measured, metric: str) -> None:
    assert_months(small, metric, KPIS[metric], "", least=20)


@pytest.mark.parametrize("metric", KPIS)
def test_quarters_are_made_of_their_months(small: Measured, metric: str) -> None:
    assert_quarters(small, metric, KPIS[metric])


@pytest.mark.parametrize("metric", KPIS)
def test_the_last_quarter_is_told(small: Measured, metric: str) -> None:
    assert_told(small, metric)


def test_the_discount_rate_of_the_query_is_the_board_s(small: Measured) -> None:
    assert small.catalog.board.discount_rate == 0.10


@pytest.mark.slow
@pytest.mark.parametrize("metric", KPIS)
def test_the_whole_company_is_what_sql_says(whole: Measured, metric: str) -> None:
    assert_months(whole, metric, KPIS[metric], "", least=20)
    assert_quarters(whole, metric, KPIS[metric])
    assert_told(whole, metric)
