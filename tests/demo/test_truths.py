"""What the truths say is in the data: measured on the tables with plain SQL, at the size the demo has."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from dashboard.demo import truths
from dashboard.demo.build import build
from dashboard.demo.timeline import Floats

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path: Path = tmp_path_factory.mktemp("meridian") / "full.duckdb"
    build(path)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def monthly(company: duckdb.DuckDBPyConnection, table: str, when: str, value: str) -> Floats:
    """One value for each of the 60 months, in order."""
    rows = company.execute(f"""
        SELECT date_trunc('month', {when}) AS m, ({value})::DOUBLE FROM {table}
        WHERE {when} IS NOT NULL GROUP BY m ORDER BY m
    """).fetchall()
    assert len(rows) == 60
    return np.array([value for _, value in rows])


def step(series: Floats, shift: truths.Shift, until: int = 60) -> float:
    """Mean after the shift is complete, less the mean before it."""
    return float(series[shift.month - 2 + shift.ramp : until].mean() - series[: shift.month - 1].mean())


@pytest.fixture(scope="module")
def series(company: duckdb.DuckDBPyConnection) -> dict[str, Floats]:
    def said(question: str, least: int) -> Floats:
        asked = f"question_key = '{question}'"
        share = f"count(*) FILTER (WHERE {asked} AND score >= {least}) / count(*) FILTER (WHERE {asked})"
        return monthly(company, "survey_response", "answered_at", share)

    active = monthly(company, "customer_month", "month", "count(*) FILTER (WHERE active)")
    opening = monthly(
        company, "customer_month", "month", "count(*) FILTER (WHERE status IN ('continuing', 'lost'))"
    )
    chosen = "reason NOT IN ('payment default', 'closed or deceased')"
    right = "on_time AND complete AND undamaged AND billed_right AND NOT rework"
    group = "sum(amount) FILTER (WHERE scenario = 'AC' AND account_group IN ({}))"
    revenue = monthly(company, "customer_month", "month", "sum(revenue)")
    failure = monthly(
        company, "financial_month", "month", group.format("'internal_failure', 'external_failure'")
    )
    serving = monthly(company, "financial_month", "month", group.format("'service', 'delivery'"))
    won = "count(*) FILTER (WHERE status = 'new')"
    left = monthly(company, "exit_case", "left_at", f"sum(weight) FILTER (WHERE {chosen})")
    delivered = f"count(*) FILTER (WHERE {right}) / count(*)"
    return {
        "net_promoter_score": 100 * (said("nps_recommend", 9) - (1 - said("nps_recommend", 7))),
        "employee_net_promoter_score": 100 * (said("enps_recommend", 9) - (1 - said("enps_recommend", 7))),
        "trust_score": said("trust_straight", 4),
        "customer_effort_score": said("ces_easy", 5),
        "customer_satisfaction": said("csat_overall", 4),
        "customers_acquired": monthly(company, "customer_month", "month", won),
        "voluntary_churn_rate": left / opening,
        "complaints_per_1000": 1000 * monthly(company, "complaint", "received_at", "count(*)") / active,
        "redress_paid": monthly(company, "complaint", "closed_at", "sum(redress)"),
        "right_first_time_rate": monthly(company, "purchase", "delivered_at", delivered),
        "cost_of_poor_quality_ratio": failure / revenue,
        "cost_to_serve_per_customer": serving / active,
        "revenue": revenue,
    }


def test_the_billing_change_raised_complaints_and_redress(series: dict[str, Floats]) -> None:
    change = truths.BILLING_CHANGE
    assert step(series["complaints_per_1000"], change) == pytest.approx(change.size, abs=0.5)
    assert step(series["redress_paid"], change) > 0.3 * series["redress_paid"][: change.month - 1].mean()


def test_the_programme_raised_right_first_time(series: dict[str, Floats]) -> None:
    programme = truths.RIGHT_FIRST_TIME_PROGRAMME
    assert step(series["right_first_time_rate"], programme) == pytest.approx(programme.size, abs=0.006)


def test_customers_recommend_six_points_more(series: dict[str, Floats]) -> None:
    assert step(series["net_promoter_score"], truths.NPS_RISE) == pytest.approx(truths.NPS_RISE.size, abs=1.5)


def test_fewer_customers_choose_to_leave(series: dict[str, Floats]) -> None:
    churn, team = series["voluntary_churn_rate"], truths.RENEWALS_TEAM
    assert step(churn, team) / churn[: team.month - 1].mean() == pytest.approx(team.size, abs=0.06)


@pytest.mark.parametrize("level", [truths.EMPLOYEE_NPS, truths.TRUST, truths.EFFORT, truths.SATISFACTION])
def test_what_has_not_changed_has_not_changed(series: dict[str, Floats], level: truths.Level) -> None:
    values = series[level.subject]
    scale = 1.0 if values.max() <= 1 else 100.0
    assert values.mean() / scale == pytest.approx(
        level.level if scale == 1.0 else level.level / 100, abs=0.02
    )
    halves = values[30:].mean() - values[:30].mean()
    spread = values.std(ddof=1) * np.sqrt(2 / 30)
    assert abs(halves) < 3 * spread


@pytest.mark.parametrize("lead", [truths.FAILURE_TO_QUALITY_COST, truths.FAILURE_TO_COST_TO_SERVE])
def test_failures_cost_money_one_quarter_later(series: dict[str, Floats], lead: truths.Lead) -> None:
    found = _strongest_lag(np.diff(series[lead.leader]), np.diff(series[lead.follower]))
    assert found == (lead.lag_months, -1)


def test_what_customers_say_leads_revenue_growth_by_three_quarters(series: dict[str, Floats]) -> None:
    lead = truths.NPS_TO_REVENUE_GROWTH
    growth = series["revenue"][12:] / series["revenue"][:-12] - 1
    score = series[lead.leader][12:]
    assert _strongest_lag(np.diff(score), np.diff(growth)) == (lead.lag_months, 1)


def test_satisfaction_does_not_move_new_sales(series: dict[str, Floats]) -> None:
    said, sold = series["customer_satisfaction"], series["customers_acquired"]
    found = [abs(np.corrcoef(said[: 60 - lag], sold[lag:])[0, 1]) for lag in range(7)]
    assert max(found) < 0.39  # 2.7 standard errors: seven lags looked at


def _strongest_lag(leader: Floats, follower: Floats) -> tuple[int, int]:
    """The lag, 0 to 12 months, of the strongest correlation, and its sign."""
    count = len(leader)
    found = [np.corrcoef(leader[: count - lag], follower[lag:])[0, 1] for lag in range(13)]
    strongest = int(np.argmax(np.abs(found)))
    return strongest, int(np.sign(found[strongest]))
