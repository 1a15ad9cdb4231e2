"""Do we pay, measure and free our people to do what we say? The KPIs of it, against SQL by hand."""

import pytest

from dashboard.definitions.model import Side
from dashboard.ledger.figures import Status
from dashboard.periods import month_of
from tests.demo.conftest import Ask
from tests.demo.kpis import (
    CONFIG,
    LAST_DAY,
    Kpi,
    Measured,
    assert_months,
    assert_quarters,
    assert_told,
    quarter_of,
)

_MONTHS = """month AS (SELECT unnest(generate_series(
        DATE '2021-10-01', DATE '2026-09-01', INTERVAL 1 MONTH))::DATE AS month)"""
# What each KPI is paid in a month: fiscal years begin in April, and each has weights of its own.
_PAY = f"""WITH {_MONTHS}, pay AS (
        SELECT month, incentive_weight.* FROM month JOIN incentive_weight
        ON valid_from <= month AND month < valid_from + INTERVAL 1 YEAR)"""

KPIS = {
    "customer_linked_incentive_share": Kpi(
        f"{_PAY} SELECT 'all', month, sum(target_pay) FILTER (WHERE is_customer), sum(target_pay) FROM pay"
        " GROUP BY ALL",
        over="stock",
        cuts=(),
    ),
    # 1 less half the distance between what is stated and what is paid for, since the statements of June 2025.
    "statement_metric_alignment": Kpi(
        f"""{_PAY},
            total AS (SELECT month, sum(target_pay) AS target_pay FROM pay GROUP BY ALL),
            share AS (
               SELECT month, statement_key, sum(pay.target_pay) / any_value(total.target_pay) AS w
               FROM pay JOIN total USING (month) GROUP BY ALL)
            SELECT 'all', month, 1 - 0.5 * sum(abs(priority_share - coalesce(w, 0))), 1
            FROM (SELECT month, statement_key, priority_share FROM month, statement
                  WHERE month >= '2025-06-01')
            LEFT JOIN share USING (month, statement_key) GROUP BY ALL""",
        over="stock",
        cuts=(),
    ),
    # Told, measured and targeted, of those who are there at the end of the month.
    "line_of_sight_rate": Kpi(
        """SELECT {g}, month, sum((told AND measured AND targeted)::INT), count(*)
           FROM employee_month WHERE left_flag = false GROUP BY ALL""",
        over="stock",
        cuts=("department",),
    ),
    # Each September; the mean over people of what two descriptions of the hours have in common.
    "role_priority_alignment": Kpi(
        """WITH person AS (
               SELECT employee_key, as_of, sum(least(perceived_share, documented_share)) AS common
               FROM role_priority GROUP BY ALL),
             place AS (SELECT employee_key, month, department_key FROM employee_month)
           SELECT {g}, date_trunc('month', as_of)::DATE, sum(common), count(*)
           FROM person LEFT JOIN place
                ON place.employee_key = person.employee_key AND year(month) = year(as_of) AND month(month) = 9
           GROUP BY ALL""",
        over="own",
        cuts=("department",),
    ),
    # 4 or 5 of 5, of the staff of the departments that meet customers, without their managers.
    "frontline_belief_score": Kpi(
        """SELECT {g}, date_trunc('month', answered_at)::DATE, count(*) FILTER (WHERE score > 3), count(*)
           FROM survey_response
           WHERE question_key = 'frontline_belief' AND respondent_type = 'employee' AND department_key IN
                 ('customer_service', 'field_operations', 'retail_stores', 'business_sales') GROUP BY ALL""",
        cuts=("department",),
    ),
    # 9 and 10 less 0 to 6, of all staff.
    "employee_net_promoter_score": Kpi(
        """SELECT {g}, date_trunc('month', answered_at)::DATE,
                  100 * sum(CASE WHEN score > 8 THEN 1 WHEN score < 7 THEN -1 ELSE 0 END), count(*)
           FROM survey_response WHERE question_key = 'enps_recommend' GROUP BY ALL""",
        cuts=("department",),
    ),
    "absence_rate": Kpi(
        "SELECT {g}, month, sum(absent_unsched_h), sum(scheduled_h) FROM employee_month GROUP BY ALL",
        cuts=("department",),
    ),
    # Leavers at the rate of a year, of the mean of those there at the end of the month before and of this.
    "frontline_attrition_rate": Kpi(
        """WITH front AS (
               SELECT {g} AS g, month, count(*) FILTER (WHERE left_flag) AS gone,
                      count(*) FILTER (WHERE NOT left_flag) AS there
               FROM employee_month WHERE level = 'front' AND customer_facing GROUP BY ALL)
           SELECT g, month, 12 * gone, (there + lag(there) OVER (PARTITION BY g ORDER BY month)) / 2
           FROM front""",
        over="own",
        cuts=("department",),
    ),
    # Roles whose newest inspection is at most twelve months old at the end of the month.
    "protocol_inspection_rate": Kpi(
        f"""WITH {_MONTHS}, role AS (SELECT DISTINCT role FROM protocol_review WHERE role <> 'Company'),
            newest AS (
               SELECT month, role.role, max(review_date) AS day FROM month CROSS JOIN role
               LEFT JOIN protocol_review ON protocol_review.role = role.role AND status = 'done'
                         AND review_date < month + INTERVAL 1 MONTH GROUP BY ALL)
            SELECT 'all', month, count(*) FILTER (WHERE day > last_day(month) - INTERVAL 12 MONTH), count(*)
            FROM newest GROUP BY ALL""",
        over="stock",
        cuts=(),
    ),
    # The sum of squared shares of initiatives under way and of targets of customer KPIs in force.
    "owner_concentration": Kpi(
        f"""WITH {_MONTHS}, action AS (
               SELECT month, owner FROM month JOIN initiative
               ON start < month + INTERVAL 1 MONTH AND coalesce("end" >= month + INTERVAL 1 MONTH, true)
               UNION ALL
               SELECT month, arg_max(owner, valid_from) FROM month JOIN target
               ON valid_from < month + INTERVAL 1 MONTH
               WHERE kpi_id NOT IN (
                   'employee_net_promoter_score', 'revenue_growth', 'cost_to_serve_per_customer',
                   'cost_of_poor_quality_ratio', 'customer_acquisition_cost', 'contact_cost')
               GROUP BY month, kpi_id, scope),
             owned AS (SELECT month, owner, count(*) AS n FROM action GROUP BY ALL)
            SELECT 'all', month, sum(n * n), sum(n) ** 2 FROM owned GROUP BY ALL""",
        over="stock",
        cuts=(),
    ),
    "board_customer_airtime": Kpi(
        """SELECT 'all', date_trunc('month', meeting_date)::DATE,
                  sum(is_customer::INT * minutes), sum(minutes)
           FROM board_item GROUP BY ALL""",
        cuts=(),
    ),
}
CUT = [(metric, cut) for metric, kpi in KPIS.items() for cut in ("", *kpi.cuts)]
LEAST = {"role_priority_alignment": 4, "statement_metric_alignment": 16}  # months that there are at all
PULSE = ("frontline_belief_score", "employee_net_promoter_score")  # few answers at the size of the tests


@pytest.mark.parametrize(("metric", "cut"), CUT)
def test_months_and_members_are_what_sql_says(small: Measured, metric: str, cut: str) -> None:
    least = 0 if cut or metric in PULSE else LEAST.get(metric, 24)
    assert_months(small, metric, KPIS[metric], cut, least=least)


@pytest.mark.parametrize(
    "metric", [name for name, kpi in KPIS.items() if kpi.over != "own" and name not in (*LEAST, *PULSE)]
)
def test_quarters_are_made_of_their_months(small: Measured, metric: str) -> None:
    assert_quarters(small, metric, KPIS[metric])


@pytest.mark.parametrize("metric", [name for name in KPIS if name not in PULSE])
def test_the_last_quarter_is_told(small: Measured, metric: str) -> None:
    assert_told(small, metric)


def test_attrition_over_a_quarter_has_the_mean_of_four_counts(small: Measured, ask: Ask) -> None:
    [(gone, mean)] = ask("""
        SELECT 4 * count(*) FILTER (WHERE left_flag AND month >= DATE '2026-07-01'),
               count(*) FILTER (WHERE NOT left_flag) / 4
        FROM employee_month WHERE level = 'front' AND customer_facing AND month >= DATE '2026-06-01'""")
    told = small.figure("frontline_attrition_rate", quarter_of(small, LAST_DAY))
    assert told.value == pytest.approx(gone / mean)


def test_no_answer_of_a_small_department_is_shown(small: Measured, ask: Ask) -> None:
    for department, month, answers in ask("""
        SELECT department_key, date_trunc('month', answered_at)::DATE, count(*) FROM survey_response
        WHERE question_key = 'enps_recommend' GROUP BY ALL HAVING count(*) < 10"""):
        told = small.figure("employee_net_promoter_score", month_of(month), "department", department)
        assert told.status is Status.SUPPRESSED, (department, month, answers)


def test_the_targets_that_are_actions_are_those_of_customer_kpis(small: Measured, ask: Ask) -> None:
    listed = (CONFIG / "datasets" / "owner_month.sql").read_text(encoding="utf-8")
    for (kpi,) in ask("SELECT DISTINCT kpi_id FROM target"):
        assert (f"'{kpi}'" in listed) == (small.catalog.metric(kpi).side is Side.CUSTOMER), kpi


@pytest.mark.slow
@pytest.mark.parametrize(("metric", "cut"), CUT)
def test_the_whole_company_is_what_sql_says(whole: Measured, metric: str, cut: str) -> None:
    assert_months(whole, metric, KPIS[metric], cut, least=0 if cut else LEAST.get(metric, 24))
    assert_told(whole, metric)
