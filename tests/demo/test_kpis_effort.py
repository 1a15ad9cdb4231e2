"""Is it easy, and right first time? The KPIs of this question, against SQL by hand."""

import pytest

from tests.demo.kpis import Kpi, Measured, assert_months, assert_quarters, assert_told

KPIS = {
    # 5 to 7 of 7, of those who answered the question that has seven steps.
    "customer_effort_score": Kpi(
        """SELECT {g}, date_trunc('month', answered_at)::DATE,
                  count(*) FILTER (WHERE score IN (5, 6, 7)), count(*)
           FROM survey_response JOIN customer USING (customer_key)
           WHERE question_key = 'ces_easy' GROUP BY ALL"""
    ),
    # No new contact by that customer about that reason in seven days; the last seven days are not judged.
    "first_contact_resolution": Kpi(
        """WITH issue AS (
               SELECT *, timezone('Europe/Amsterdam', "at") AS clock FROM contact WHERE direction = 'in'),
             told AS (
               SELECT *, min(clock) OVER (
                   PARTITION BY customer_key, reason ORDER BY clock
                   RANGE BETWEEN INTERVAL 1 MICROSECOND FOLLOWING AND INTERVAL 7 DAY FOLLOWING) AS again
               FROM issue)
           SELECT {g}, date_trunc('month', clock)::DATE, count(*) FILTER (WHERE again IS NULL), count(*)
           FROM told JOIN customer USING (customer_key)
           WHERE clock < TIMESTAMP '2026-09-24 00:00:00' GROUP BY ALL"""
    ),
    # Every flag set right, and no contact about a failed order in 30 days; the last 30 days are not judged.
    "right_first_time_rate": Kpi(
        """WITH delivered AS (
               SELECT *, timezone('Europe/Amsterdam', delivered_at) AS clock FROM purchase
               WHERE delivered_at IS NOT NULL),
             judged AS (
               SELECT *, EXISTS (
                   FROM contact WHERE contact.customer_key = delivered.customer_key
                   AND contact.reason = 'order' AND contact.demand = 'failure'
                   AND timezone('Europe/Amsterdam', contact."at") BETWEEN clock AND clock + INTERVAL 30 DAY
               ) AS called
               FROM delivered WHERE clock < TIMESTAMP '2026-09-01 00:00:00')
           SELECT {g}, date_trunc('month', clock)::DATE,
                  sum(CASE WHEN on_time AND complete AND undamaged AND billed_right AND rework = false
                           AND NOT called THEN 1 ELSE 0 END), count(*)
           FROM judged JOIN customer USING (customer_key) GROUP BY ALL"""
    ),
    # Contacts that a failure caused, of those that somebody classified.
    "failure_demand_share": Kpi(
        """SELECT {g}, date_trunc('month', "at")::DATE, sum((demand = 'failure')::INT), count(*)
           FROM contact JOIN customer USING (customer_key)
           WHERE direction = 'in' AND demand <> 'unknown' GROUP BY ALL"""
    ),
    # The time from order to delivery that nine in ten do not exceed, in days on the company's clocks.
    "cycle_time_p90": Kpi(
        """SELECT {g}, date_trunc('month', delivered_at)::DATE,
                  quantile_cont((epoch(timezone('Europe/Amsterdam', delivered_at))
                                 - epoch(timezone('Europe/Amsterdam', ordered_at)))::BIGINT, 0.9), 86400
           FROM purchase JOIN customer USING (customer_key) WHERE delivered_at IS NOT NULL GROUP BY ALL""",
        over="own",
    ),
}


@pytest.mark.parametrize("cut", ["", "segment", "region"])
@pytest.mark.parametrize("metric", KPIS)
def test_months_and_members_are_what_sql_says(small: Measured, metric: str, cut: str) -> None:
    assert_months(small, metric, KPIS[metric], cut, least=0 if cut else 24)


@pytest.mark.parametrize("metric", [name for name, kpi in KPIS.items() if kpi.over != "own"])
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
