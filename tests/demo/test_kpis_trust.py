"""Where do we break promises, and are we trusted? The KPIs of this question, against SQL by hand."""

import pytest

from tests.demo.kpis import Kpi, Measured, assert_months, assert_quarters, assert_told

# The accounts are closed to the end of September 2026; what falls due later is not due yet.
_OVER = "TIMESTAMPTZ '2026-10-01 00:00:00 Europe/Amsterdam'"

KPIS = {
    # Received, per 1,000 of the mean of those active at the end of the month before and at its own end.
    "complaints_per_1000": Kpi(
        """WITH closing AS (
               SELECT {g} AS g, month, count(*) FILTER (WHERE active) AS active
               FROM customer_month JOIN customer USING (customer_key) GROUP BY ALL),
             mean AS (
               SELECT g, month, (active + lag(active) OVER (PARTITION BY g ORDER BY month)) / 2 AS active
               FROM closing),
             received AS (
               SELECT {g} AS g, date_trunc('month', received_at)::DATE AS month, count(*) AS complaints
               FROM complaint JOIN customer USING (customer_key) GROUP BY ALL)
           SELECT g, month, 1000 * coalesce(complaints, 0), mean.active
           FROM mean LEFT JOIN received USING (g, month) WHERE mean.active IS NOT NULL"""
    ),
    # Closed by the day they were due, of all that were due: open ones count against us.
    "complaint_on_time_rate": Kpi(
        f"""SELECT {{g}}, date_trunc('month', due_at)::DATE,
                   sum(CASE WHEN closed_at IS NULL OR closed_at > due_at THEN 0 ELSE 1 END), count(*)
            FROM complaint JOIN customer USING (customer_key) WHERE due_at < {_OVER} GROUP BY ALL"""
    ),
    # Upheld, of those decided one way or the other, by the day of the decision.
    "complaint_uphold_rate": Kpi(
        """SELECT {g}, date_trunc('month', closed_at)::DATE, sum(upheld::INT), count(upheld)
           FROM complaint JOIN customer USING (customer_key) WHERE closed_at IS NOT NULL GROUP BY ALL"""
    ),
    # The root cause had been marked as fixed before the complaint came in.
    "complaint_recurrence_rate": Kpi(
        """WITH fixed AS (
               SELECT root_cause, min(cause_fixed_at) AS at FROM complaint
               WHERE cause_fixed_at IS NOT NULL GROUP BY ALL)
           SELECT {g}, date_trunc('month', received_at)::DATE, count(*) FILTER (WHERE received_at > fixed.at),
                  count(*)
           FROM complaint JOIN customer USING (customer_key) LEFT JOIN fixed USING (root_cause)
           GROUP BY ALL"""
    ),
    # Where others can see it: public channels, the regulator and the ombudsman.
    "public_complaint_share": Kpi(
        """SELECT {g}, date_trunc('month', received_at)::DATE,
                  count(*) FILTER (WHERE channel_key IN ('social', 'ombudsman')), count(*)
           FROM complaint JOIN customer USING (customer_key) GROUP BY ALL"""
    ),
    "trust_score": Kpi(
        """SELECT {g}, date_trunc('month', answered_at)::DATE,
                  count(*) FILTER (WHERE score IN (4, 5)), count(*)
           FROM survey_response JOIN customer USING (customer_key)
           WHERE question_key = 'trust_straight' GROUP BY ALL"""
    ),
    # Met by the date first given; one that was given another date is broken.
    "promise_kept_rate": Kpi(
        f"""SELECT {{g}}, date_trunc('month', promised_at)::DATE,
                   sum(CASE WHEN redated THEN 0 WHEN met_at <= promised_at THEN 1 ELSE 0 END), count(*)
            FROM promise JOIN customer USING (customer_key) WHERE promised_at < {_OVER} GROUP BY ALL"""
    ),
    # Customers' own contacts that named the policy in the way.
    "policy_blocked_rate": Kpi(
        """SELECT {g}, date_trunc('month', "at")::DATE, count(policy_ref), count(*)
           FROM contact JOIN customer USING (customer_key) WHERE direction = 'in' GROUP BY ALL"""
    ),
}


@pytest.mark.parametrize("cut", ["", "segment", "region"])
@pytest.mark.parametrize("metric", KPIS)
def test_months_and_members_are_what_sql_says(small: Measured, metric: str, cut: str) -> None:
    assert_months(small, metric, KPIS[metric], cut, least=0 if cut else 20)


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
    assert_months(whole, metric, KPIS[metric], cut, least=24)
    assert_told(whole, metric)
