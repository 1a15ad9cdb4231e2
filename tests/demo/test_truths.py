"""What the truths say is in the data: measured on the tables with plain SQL, at the size the demo has."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import numpy as np
import pytest

from dashboard.demo import truths
from dashboard.demo.timeline import Floats
from tests.demo.conftest import opened
from tests.demo.series import RIGHT, company_series, detected

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company(whole_company: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(whole_company) as connection:
        yield connection


@pytest.fixture(scope="module")
def series(company: duckdb.DuckDBPyConnection) -> Mapping[str, Floats]:
    return company_series(company)


def step(series: Floats, shift: truths.Shift, until: int = 60) -> float:
    """Mean after the shift is complete, less the mean before it."""
    return float(series[shift.month - 2 + shift.ramp : until].mean() - series[: shift.month - 1].mean())


def test_the_billing_change_raised_complaints_and_redress(series: Mapping[str, Floats]) -> None:
    change = truths.BILLING_CHANGE
    assert step(series["complaints_per_1000"], change) == pytest.approx(change.size, abs=0.5)
    assert step(series["redress_paid"], change) > 0.3 * series["redress_paid"][: change.month - 1].mean()


def test_the_billing_change_stands_out_within_two_months(series: Mapping[str, Floats]) -> None:
    """Natural process limits of the months before it: mean and 2.66 times the mean moving range."""
    start = truths.BILLING_CHANGE.month - 1
    before = series["complaints_per_1000"][:start]
    upper = before.mean() + 2.66 * np.abs(np.diff(before)).mean()
    assert (series["complaints_per_1000"][start : start + 2] > upper).any()
    assert (before < upper).all()


def test_the_programme_raised_right_first_time(series: Mapping[str, Floats]) -> None:
    programme = truths.RIGHT_FIRST_TIME_PROGRAMME
    assert step(series["right_first_time_rate"], programme) == pytest.approx(programme.size, abs=0.006)


def test_customers_recommend_six_points_more(series: Mapping[str, Floats]) -> None:
    assert step(series["net_promoter_score"], truths.NPS_RISE) == pytest.approx(truths.NPS_RISE.size, abs=1.5)


def test_fewer_customers_choose_to_leave(series: Mapping[str, Floats]) -> None:
    churn, team = series["voluntary_churn_rate"], truths.RENEWALS_TEAM
    assert step(churn, team) / churn[: team.month - 1].mean() == pytest.approx(team.size, abs=0.06)


def test_a_retired_policy_blocks_nobody(company: duckdb.DuckDBPyConnection) -> None:
    blocked = company.execute(f"""
        SELECT "at" >= '{truths.POLICY_RETIRED.start}'::TIMESTAMPTZ, count(*) FROM contact
        WHERE policy_blocked AND policy_ref LIKE 'P-05%' GROUP BY 1
    """).fetchall()
    assert [after for after, _ in blocked] == [False]


@pytest.mark.parametrize("level", truths.LEVELS, ids=lambda level: level.subject)
def test_what_has_not_changed_has_not_changed(series: Mapping[str, Floats], level: truths.Level) -> None:
    values = series[level.subject]
    scale = 1.0 if values.max() <= 1 else 100.0
    assert values.mean() / scale == pytest.approx(level.level / scale, abs=0.02)
    halves = values[30:].mean() - values[:30].mean()
    spread = values.std(ddof=1) * np.sqrt(2 / 30)
    assert abs(halves) < 3 * spread


@pytest.mark.parametrize("lead", truths.LEADS, ids=lambda lead: lead.follower)
def test_what_leads_is_found_at_its_lag_and_at_no_other(
    series: Mapping[str, Floats], lead: truths.Lead
) -> None:
    found = detected(series[lead.leader], series[lead.follower])
    assert [*found] == [lead.lag_months]
    assert np.sign(found[lead.lag_months]) == (1 if lead.sign == "plus" else -1)


@pytest.mark.parametrize("pair", truths.UNRELATED, ids=lambda pair: pair.customer)
def test_what_is_unrelated_is_not_detected(series: Mapping[str, Floats], pair: truths.Unrelated) -> None:
    assert detected(series[pair.customer], series[pair.financial]) == {}


def test_what_cover_costs_follows_absence_in_the_same_month(series: Mapping[str, Floats]) -> None:
    assert [*detected(series["absent_hours"], series["cover_cost"])] == [0]


_SUCCESS = {
    truths.ONE_CALL: (
        "(FROM contact JOIN customer USING (customer_key) WHERE repeated_within_7_days IS NOT NULL)",
        '"at"',
        "NOT repeated_within_7_days",
    ),
    truths.SECOND_INSPECTION: (
        "(FROM purchase JOIN customer USING (customer_key) WHERE delivered_at IS NOT NULL)",
        "delivered_at",
        f"coalesce({RIGHT}, false)",
    ),
}


@pytest.mark.parametrize("trial", _SUCCESS, ids=lambda trial: trial.verdict)
def test_difference_in_differences_finds_what_an_initiative_did(
    company: duckdb.DuckDBPyConnection, trial: truths.Trial
) -> None:
    """24 months before and all months after, in treated groupings and controls; binomial standard error."""
    effect, error = _difference_in_differences(company, trial, 24)
    assert effect == pytest.approx(trial.effect, abs=0.004)
    assert (abs(effect) > 1.96 * error) == (trial.effect != 0)


def test_before_it_began_the_working_initiative_had_no_effect(company: duckdb.DuckDBPyConnection) -> None:
    effect, error = _difference_in_differences(company, truths.ONE_CALL, 24, shift_months=-12, until_months=0)
    assert abs(effect) < 1.96 * error


def _difference_in_differences(
    company: duckdb.DuckDBPyConnection,
    trial: truths.Trial,
    before: int,
    *,
    shift_months: int = 0,
    until_months: int = 60,
) -> tuple[float, float]:
    rows, when, good = _SUCCESS[trial]
    start = f"(DATE '{trial.start}' + INTERVAL ({shift_months}) MONTH)"
    cells = company.execute(f"""
        SELECT arm = 'treated', {when} >= {start}, avg(({good})::INT), count(*)
        FROM {rows} JOIN initiative_unit ON unit = grouping_key AND initiative_key = '{trial.initiative}'
        WHERE {when} >= {start} - INTERVAL {before} MONTH
          AND {when} < DATE '{trial.start}' + INTERVAL ({until_months}) MONTH
        GROUP BY 1, 2
    """).fetchall()
    assert len(cells) == 4
    share = {(treated, after): (p, n) for treated, after, p, n in cells}
    effect = sum(
        (1 if treated else -1) * (1 if after else -1) * p for (treated, after), (p, _) in share.items()
    )
    return effect, float(np.sqrt(sum(p * (1 - p) / n for p, n in share.values())))


def test_what_came_to_everyone_has_nothing_to_compare_with(company: duckdb.DuckDBPyConnection) -> None:
    arms = company.execute(
        "SELECT DISTINCT arm FROM initiative_unit WHERE initiative_key = 'I-07'"
    ).fetchall()
    designs = company.execute(
        "SELECT design, control_ref FROM initiative WHERE initiative_key = 'I-07'"
    ).fetchall()
    assert (arms, designs) == ([("treated",)], [("none", None)])


def test_managers_think_better_of_the_company_than_customers_do(company: duckdb.DuckDBPyConnection) -> None:
    gap = truths.KNOWS_WHAT_I_NEED
    said = dict(
        company.execute(f"""
            SELECT respondent_type, avg((score >= 4)::INT) FROM survey_response
            JOIN survey_question USING (question_key) WHERE item_id = '{gap.item}' GROUP BY 1
        """).fetchall()
    )
    assert said["manager"] == pytest.approx(gap.company, abs=0.04)
    assert said["customer"] == pytest.approx(gap.customers, abs=0.01)


def test_plain_counting_flatters_satisfaction_and_the_weights_put_it_right(
    series: Mapping[str, Floats],
) -> None:
    weighted, plain = series["customer_satisfaction"].mean(), series["satisfaction_unweighted"].mean()
    assert weighted == pytest.approx(truths.SATISFACTION.level, abs=0.01)
    assert 0.03 < plain - weighted < 0.05


def test_long_standing_customers_answer_three_times_as_often(company: duckdb.DuckDBPyConnection) -> None:
    skew = truths.SATISFACTION_SKEW
    [(base, answered)] = company.execute(f"""
        SELECT (SELECT avg((datediff('month', first_active, month) >= {skew.tenure_months})::INT)
                FROM customer_month JOIN customer USING (customer_key) WHERE active),
               (SELECT avg((datediff('month', first_active, answered_at::DATE)
                            >= {skew.tenure_months})::INT)
                FROM survey_response JOIN customer USING (customer_key)
                WHERE question_key = '{skew.question}')
    """).fetchall()
    odds = answered / (1 - answered) / (base / (1 - base))
    assert odds == pytest.approx(skew.odds, rel=0.1)


def test_interviews_find_less_price_than_was_entered(company: duckdb.DuckDBPyConnection) -> None:
    recoding = truths.PRICE_RECODED
    [(entered, found)] = company.execute("""
        SELECT (SELECT avg((agent_reason = 'price')::INT) FROM (
                    SELECT DISTINCT case_key, agent_reason FROM exit_case
                    WHERE verified_by = 'interview' AND agent_reason NOT IN ('payment default',
                    'closed or deceased'))),
               (SELECT sum(weight) FILTER (WHERE reason = 'price') / sum(weight) FROM exit_case
                WHERE verified_by = 'interview' AND kind = 'former_customer')
    """).fetchall()
    assert entered == pytest.approx(recoding.entered, abs=0.03)
    assert float(found) == pytest.approx(recoding.found, abs=0.03)
