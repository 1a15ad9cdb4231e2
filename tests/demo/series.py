"""Monthly figures of the company by plain SQL, and the short computations that find its truths."""

from collections.abc import Mapping

import duckdb
import numpy as np
from scipy.stats import norm
from statsmodels.tsa.ar_model import ar_select_order

from dashboard.demo.timeline import Floats

CHOSEN = "reason NOT IN ('payment default', 'closed or deceased')"
RIGHT = "on_time AND complete AND undamaged AND billed_right AND NOT rework"


def monthly(company: duckdb.DuckDBPyConnection, table: str, when: str, value: str) -> Floats:
    """One value for each of the 60 months, in order."""
    rows = company.execute(f"""
        SELECT date_trunc('month', {when}) AS m, ({value})::DOUBLE FROM {table}
        WHERE {when} IS NOT NULL GROUP BY m ORDER BY m
    """).fetchall()
    assert len(rows) == 60
    return np.array([value for _, value in rows])


def company_series(company: duckdb.DuckDBPyConnection) -> Mapping[str, Floats]:
    """The figures that the truths speak of."""

    def said(question: str, least: int, weight: str = "1.0") -> Floats:
        answers = f"(FROM survey_response WHERE question_key = '{question}')"
        share = f"sum({weight}) FILTER (WHERE score >= {least}) / sum({weight})"
        return monthly(company, answers, "answered_at", share)

    def booked(*groups: str) -> Floats:
        names = ", ".join(f"'{group}'" for group in groups)
        return monthly(
            company,
            f"(FROM financial_month WHERE scenario = 'AC' AND account_group IN ({names}))",
            "month",
            "sum(amount)",
        )

    def customers(count: str) -> Floats:
        return monthly(company, "customer_month", "month", count)

    active = customers("count(*) FILTER (WHERE active)")
    won = customers("count(*) FILTER (WHERE status = 'new')")
    opening = customers("count(*) FILTER (WHERE status IN ('continuing', 'lost'))")
    revenue = customers("sum(revenue)")
    left = monthly(
        company,
        "(FROM exit_case WHERE kind = 'former_customer')",
        "left_at",
        f"sum(weight) FILTER (WHERE {CHOSEN})",
    )
    return {
        "net_promoter_score": 100 * (said("nps_recommend", 9) - (1 - said("nps_recommend", 7))),
        "employee_net_promoter_score": 100 * (said("enps_recommend", 9) - (1 - said("enps_recommend", 7))),
        "trust_score": said("trust_straight", 4),
        "customer_effort_score": said("ces_easy", 5),
        "customer_satisfaction": said("csat_overall", 4, "weight"),
        "satisfaction_unweighted": said("csat_overall", 4),
        "customers_acquired": won,
        "customer_acquisition_cost": booked("acquisition") / won,
        "attrition_cost": booked("hiring_training"),
        "cover_cost": booked("overtime", "agency"),
        "absent_hours": monthly(company, "employee_month", "month", "sum(absent_unsched_h)"),
        "voluntary_churn_rate": left / opening,
        "complaints_per_1000": 1000 * monthly(company, "complaint", "received_at", "count(*)") / active,
        "redress_paid": monthly(company, "complaint", "closed_at", "sum(redress)"),
        "right_first_time_rate": monthly(
            company, "purchase", "delivered_at", f"count(*) FILTER (WHERE {RIGHT}) / count(*)"
        ),
        "cost_of_poor_quality_ratio": booked("internal_failure", "external_failure") / revenue,
        "cost_to_serve_per_customer": booked("service", "delivery") / active,
        "complaints_board_fees": monthly(
            company,
            "(FROM financial_month WHERE scenario = 'AC' AND account LIKE '%complaints board')",
            "month",
            "sum(amount)",
        ),
        "revenue_growth": revenue[12:] / revenue[:-12] - 1,
        "earned_growth_rate": earned_growth(company),
    }


def earned_growth(company: duckdb.DuckDBPyConnection) -> Floats:
    """Revenue of those who paid a year ago, and of earned new customers, by revenue a year ago, less 1."""
    rows = company.execute("""
        WITH paid AS (SELECT customer_key, month, revenue FROM customer_month WHERE revenue > 0),
             total AS (SELECT month + INTERVAL 1 YEAR AS month, sum(revenue) AS base FROM paid GROUP BY 1),
             kept AS (
                SELECT now.month, sum(now.revenue) AS revenue
                FROM paid now LEFT JOIN paid ago
                  ON ago.customer_key = now.customer_key AND ago.month = now.month - INTERVAL 1 YEAR
                JOIN customer ON customer.customer_key = now.customer_key
                WHERE ago.month IS NOT NULL OR acquisition_source = 'earned' GROUP BY 1)
        SELECT (revenue / base)::DOUBLE - 1 FROM kept JOIN total USING (month) ORDER BY month
    """).fetchall()
    assert len(rows) == 48
    return np.array([value for (value,) in rows])


def detected(leader: Floats, follower: Floats, lags: range = range(13)) -> Mapping[int, float]:
    """The lags at which the differenced and prewhitened series are correlated, after Bonferroni.

    The leader's autoregression (order by AIC) filters both; a lag is in months that it leads.
    The series end together; at least 36 values must remain after differencing.
    """
    count = min(len(leader), len(follower))
    lead, follow = np.diff(leader[-count:]), np.diff(follower[-count:])
    assert len(lead) >= 36
    chosen = ar_select_order(lead, 6, ic="aic")
    order = list(chosen.ar_lags or [])
    weights = chosen.model.fit().params[1:] if order else []
    white = [_filtered(series, order, weights) for series in (lead, follow)]
    limit = norm.ppf(1 - 0.05 / (2 * len(lags)))
    size = len(white[0])
    found = {lag: float(np.corrcoef(white[0][: size - lag], white[1][lag:])[0, 1]) for lag in lags}
    return {lag: r for lag, r in found.items() if abs(r) > limit / np.sqrt(size - lag)}


def _filtered(series: Floats, order: list[int], weights: Floats | list[float]) -> Floats:
    centred = series - series.mean()
    start = max(order, default=0)
    past = sum(
        (
            weight * centred[start - lag : len(centred) - lag]
            for lag, weight in zip(order, weights, strict=True)
        ),
        np.zeros(len(centred) - start),
    )
    return centred[start:] - past
