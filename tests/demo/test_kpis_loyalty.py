"""Do customers say, and show, that they will stay? The KPIs of this question, against SQL by hand."""

import numpy as np
import pytest

from tests.demo.kpis import MONTHS, Kpi, Measured, assert_months, assert_quarters, assert_told, quarter_of
from tests.demo.series import detected


def answers(question: str, top: str, base: str = "count(*)") -> str:
    """A share of the answers of customers to a question."""
    return f"""SELECT {{g}}, date_trunc('month', answered_at)::DATE, {top}, {base}
               FROM survey_response JOIN customer USING (customer_key)
               WHERE question_key = '{question}' AND respondent_type = 'customer' GROUP BY ALL"""


# What each customer paid in a month, and in the same month a year before.
YEARS = """
    paid AS (SELECT customer_key, month, revenue FROM customer_month WHERE revenue > 0),
    first AS (SELECT customer_key, min(month) AS month FROM paid GROUP BY 1),
    years AS (
        SELECT coalesce(now.customer_key, ago.customer_key) AS customer_key,
               coalesce(now.month, (ago.month + INTERVAL 1 YEAR)::DATE) AS month,
               coalesce(now.revenue, 0) AS now, coalesce(ago.revenue, 0) AS ago
        FROM paid AS now FULL JOIN paid AS ago
          ON ago.customer_key = now.customer_key AND ago.month = now.month - INTERVAL 1 YEAR),
    told AS (
        SELECT {g} AS g, years.month, now, ago, first.month AS began, acquisition_source
        FROM years JOIN customer USING (customer_key) JOIN first USING (customer_key)
        WHERE years.month BETWEEN DATE '2022-10-01' AND DATE '2026-09-01')
"""
ALERTS = """
    SELECT customer_key, alert_due_at AS due, alert_contacted_at AS called
    FROM survey_response WHERE alert_due_at IS NOT NULL
    UNION ALL
    SELECT customer_key, received_at + INTERVAL 48 HOUR, alert_contacted_at FROM complaint
"""

KPIS = {
    "net_promoter_score": Kpi(
        answers("nps_recommend", "100 * (sum((score >= 9)::INT) - sum((score < 7)::INT))"),
    ),
    # Top two of five, by weight.
    "customer_satisfaction": Kpi(
        answers("csat_overall", "sum(CASE WHEN score >= 4 THEN weight ELSE 0 END)", "sum(weight)")
    ),
    # Bottom two of five, contact by contact.
    "bottom_box_share": Kpi(answers("csat_contact", "sum((score <= 2)::INT)")),
    # Due until the last day that the data know of.
    "closed_loop_rate": Kpi(
        f"""SELECT {{g}}, date_trunc('month', due)::DATE,
                   sum(CASE WHEN called <= due THEN 1 ELSE 0 END), count(*)
            FROM ({ALERTS}) JOIN customer USING (customer_key)
            WHERE due <= (SELECT max(answered_at) FROM survey_response) GROUP BY ALL"""
    ),
    # What those who paid a year ago pay now, by what they paid then.
    "net_revenue_retention": Kpi(
        f"WITH {YEARS} SELECT g, month, sum(now) FILTER (WHERE ago > 0), sum(ago) FROM told GROUP BY ALL",
        over="stock",
    ),
    # The smaller of the two, customer by customer.
    "gross_revenue_retention": Kpi(
        f"WITH {YEARS} SELECT g, month, sum(least(now, ago)), sum(ago) FROM told GROUP BY ALL", over="stock"
    ),
    # Net retention, and new customers of the year who were earned; those of unknown source were bought.
    "earned_growth_rate": Kpi(
        f"""WITH {YEARS} SELECT g, month,
                sum(now) FILTER (WHERE ago > 0 OR (acquisition_source = 'earned'
                                                   AND began > month - INTERVAL 1 YEAR)) - sum(ago),
                sum(ago) FROM told GROUP BY ALL""",
        over="stock",
    ),
    # Of what was said of a frustration or a delight, the part about a frustration.
    "listening_balance": Kpi(
        """SELECT {g}, date_trunc('month', answered_at)::DATE, sum((probes = 'frustration')::INT), count(*)
           FROM survey_response JOIN survey_question USING (question_key) JOIN customer USING (customer_key)
           WHERE probes IN ('frustration', 'delight') GROUP BY ALL"""
    ),
}
BY_QUARTER = "perception_gap"  # managers are asked once in a quarter
WHOLE_COMPANY = {
    # People who buy such services, asked about us.
    "brand_nps": Kpi(
        """SELECT 'all', date_trunc('month', answered_at)::DATE,
                  100 * (sum((score >= 9)::INT) - sum((score < 7)::INT)), count(*)
           FROM survey_response WHERE respondent_type = 'category' AND competitor IS NULL GROUP BY ALL"""
    ),
    "competitor_nps": Kpi(
        """SELECT 'all', date_trunc('month', answered_at)::DATE,
                  100 * (sum((score >= 9)::INT) - sum((score < 7)::INT)), count(*)
           FROM survey_response WHERE respondent_type = 'category' AND competitor <> '' GROUP BY ALL"""
    ),
    "survey_response_rate": Kpi(
        """SELECT 'all', date_trunc('month', opened)::DATE, sum(completed), sum(delivered)
           FROM survey_wave GROUP BY ALL"""
    ),
    "buyer_focus_share": Kpi(
        """SELECT 'all', date_trunc('month', answered_at)::DATE, sum((about = 'buyer')::INT), count(*)
           FROM survey_response JOIN survey_question USING (question_key)
           WHERE respondent_type = 'customer' GROUP BY ALL"""
    ),
}
# Managers less customers, 4 and 5 of 5 on the same item, in points; `month` is how far both are cut.
GAP = """
    WITH said AS (
        SELECT date_trunc('{span}', answered_at)::DATE AS month, respondent_type,
               sum(CASE WHEN score >= 4 THEN weight ELSE 0 END) / sum(weight) AS share
        FROM survey_response JOIN survey_question USING (question_key)
        WHERE item_id = 'knows_what_customers_need' GROUP BY ALL)
    SELECT 'all', month, 100 * (managers.share - customers.share), 1
    FROM (FROM said WHERE respondent_type = 'manager') AS managers
    JOIN (FROM said WHERE respondent_type = 'customer') AS customers USING (month)
"""


@pytest.mark.parametrize("cut", ["", "segment", "region"])
@pytest.mark.parametrize("metric", KPIS)
def test_months_and_members_are_what_sql_says(small: Measured, metric: str, cut: str) -> None:
    assert_months(small, metric, KPIS[metric], cut, least=0 if cut else 24)


@pytest.mark.parametrize("metric", WHOLE_COMPANY)
def test_months_of_the_whole_company_are_what_sql_says(small: Measured, metric: str) -> None:
    assert_months(small, metric, WHOLE_COMPANY[metric], "", least=24)


def test_the_gap_between_managers_and_customers_is_what_sql_says(small: Measured) -> None:
    quarters = small.by_hand(Kpi(GAP.replace("{span}", "quarter")))
    assert len(quarters) == 20
    for (_, quarter), (gap, _) in quarters.items():
        told = small.figure(BY_QUARTER, quarter_of(small, quarter))
        assert told.value == pytest.approx(gap, abs=1e-7)


@pytest.mark.parametrize("metric", [*KPIS, *WHOLE_COMPANY])
def test_quarters_are_made_of_their_months(small: Measured, metric: str) -> None:
    assert_quarters(small, metric, {**KPIS, **WHOLE_COMPANY}[metric])


@pytest.mark.parametrize("metric", [*KPIS, *WHOLE_COMPANY, BY_QUARTER])
def test_the_last_quarter_is_told(small: Measured, metric: str) -> None:
    assert_told(small, metric)


@pytest.mark.slow
@pytest.mark.parametrize("cut", ["", "segment", "region"])
@pytest.mark.parametrize("metric", KPIS)
def test_the_whole_company_is_what_sql_says(whole: Measured, metric: str, cut: str) -> None:
    assert_months(whole, metric, KPIS[metric], cut, least=48)
    assert_told(whole, metric)


@pytest.mark.slow
def test_nps_leads_earned_growth_by_three_quarters(whole: Measured) -> None:
    """The known truth is found in what the ledger holds."""
    nps = np.array([whole.figure("net_promoter_score", month).value for month in MONTHS])
    growth = np.array([whole.figure("earned_growth_rate", month).value for month in MONTHS[12:]])
    assert list(detected(nps, growth)) == [9]
