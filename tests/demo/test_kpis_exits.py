"""Why do customers leave, or never join? The KPIs of this question, against SQL by hand."""

import pytest

from tests.demo.kpis import Kpi, Measured, assert_months, assert_quarters, assert_told

# The segment and the region that an offer is for, under the names that other KPIs cut by.
_OFFER = """WITH customer AS (
        SELECT grouping_key, regexp_extract(label, '^(.*), (.*)$', 1) AS segment,
               regexp_extract(label, '^(.*), (.*)$', 2) AS region
        FROM "grouping" WHERE scheme = 'segment and region'),
    offer AS (SELECT *, timezone('Europe/Amsterdam', opened_at) AS opened FROM opportunity)"""

KPIS = {
    # Over the twelve months that end with each: somebody other than an agent found the reason.
    "churn_reason_coverage": Kpi(
        """WITH verified AS (
               SELECT {g} AS g, date_trunc('month', left_at)::DATE AS month, sum(weight) AS cases
               FROM exit_case JOIN customer USING (customer_key)
               WHERE kind = 'former_customer' AND verified_by NOT IN ('agent', 'none') GROUP BY ALL),
             lost AS (
               SELECT {g} AS g, month, count(*) AS customers FROM customer_month
               JOIN customer USING (customer_key) WHERE status = 'lost' GROUP BY ALL)
           SELECT lost.g, last.month,
                  sum(coalesce(cases, 0)), sum(customers)
           FROM (SELECT DISTINCT month FROM customer_month) AS last
           JOIN lost ON lost.month <= last.month AND lost.month > last.month - INTERVAL 12 MONTH
           LEFT JOIN verified ON verified.g = lost.g AND verified.month = lost.month
           WHERE last.month >= DATE '2022-09-01' GROUP BY ALL""",
        over="own",
    ),
    # By weight, of those of whom anything is known; what was not their choice is known, and not controllable.
    "controllable_churn_share": Kpi(
        """SELECT {g}, date_trunc('month', left_at)::DATE, sum(CASE WHEN controllable THEN weight ELSE 0 END),
                  sum(weight)
           FROM exit_case JOIN customer USING (customer_key)
           WHERE kind = 'former_customer' AND verified_by IN ('interview', 'survey', 'system', 'agent')
           GROUP BY ALL"""
    ),
    # Interviewed within 90 days of leaving, of those who may be asked, when the 90 days were over.
    "former_customer_contact_rate": Kpi(
        """WITH gone AS (
               SELECT DISTINCT ON (case_key) customer_key, timezone('Europe/Amsterdam', left_at) AS left_us,
                      CASE WHEN verified_by = 'interview' THEN timezone('Europe/Amsterdam', contacted_at) END
                          AS heard
               FROM exit_case WHERE kind = 'former_customer')
           SELECT {g}, date_trunc('month', left_us + INTERVAL 90 DAY)::DATE,
                  count(*) FILTER (WHERE heard - left_us <= INTERVAL 90 DAY), count(*)
           FROM gone JOIN customer USING (customer_key)
           WHERE consent_research AND left_us + INTERVAL 90 DAY < TIMESTAMP '2026-10-01' GROUP BY ALL"""
    ),
    # Offers lost or stalled, and interviewed within 90 days, when the 90 days were over.
    "lost_prospect_contact_rate": Kpi(
        f"""{_OFFER}
           SELECT {{g}}, date_trunc('month', moved + INTERVAL 90 DAY)::DATE,
                  count(*) FILTER (WHERE heard - moved <= INTERVAL 90 DAY), count(*)
           FROM (SELECT grouping_key, timezone('Europe/Amsterdam', last_moved_at) AS moved,
                        timezone('Europe/Amsterdam', contacted_at) AS heard
                 FROM exit_case JOIN offer USING (opportunity_key) WHERE kind = 'lost_prospect')
           JOIN customer USING (grouping_key)
           WHERE moved + INTERVAL 90 DAY < TIMESTAMP '2026-10-01' GROUP BY ALL"""
    ),
    # Won, of those that came to an end or a stop, by the month of opening; the last 30 days are not judged.
    "win_rate": Kpi(
        f"""{_OFFER}
           SELECT {{g}}, date_trunc('month', opened)::DATE, count(*) FILTER (WHERE outcome = 'won'), count(*)
           FROM offer JOIN customer USING (grouping_key)
           WHERE outcome <> 'open' AND opened < TIMESTAMP '2026-09-01' GROUP BY ALL"""
    ),
    # Stalled, and nobody wrote down why.
    "unexplained_stall_rate": Kpi(
        f"""{_OFFER}
           SELECT {{g}}, date_trunc('month', opened)::DATE,
                  sum(CASE WHEN outcome = 'stalled' AND coalesce(reason, '') = '' THEN 1 ELSE 0 END), count(*)
           FROM offer JOIN customer USING (grouping_key)
           WHERE outcome <> 'open' AND opened < TIMESTAMP '2026-09-01' GROUP BY ALL"""
    ),
}
OFFERS = ("lost_prospect_contact_rate", "win_rate", "unexplained_stall_rate")  # few at the size of the tests


@pytest.mark.parametrize("cut", ["", "segment", "region"])
@pytest.mark.parametrize("metric", [name for name in KPIS if name not in OFFERS])
def test_months_and_members_are_what_sql_says(small: Measured, metric: str, cut: str) -> None:
    assert_months(small, metric, KPIS[metric], cut, least=0 if cut else 12)


@pytest.mark.parametrize("metric", [name for name, kpi in KPIS.items() if kpi.over != "own"])
@pytest.mark.slow
def test_quarters_are_made_of_their_months(whole: Measured, metric: str) -> None:
    assert_quarters(whole, metric, KPIS[metric])


@pytest.mark.parametrize("metric", [name for name in KPIS if name not in OFFERS])
def test_the_last_quarter_is_told(small: Measured, metric: str) -> None:
    assert_told(small, metric)


@pytest.mark.slow
@pytest.mark.parametrize("cut", ["", "segment", "region"])
@pytest.mark.parametrize("metric", KPIS)
def test_the_whole_company_is_what_sql_says(whole: Measured, metric: str, cut: str) -> None:
    scarce = cut and metric in (*OFFERS, "controllable_churn_share", "former_customer_contact_rate")
    assert_months(whole, metric, KPIS[metric], cut, least=0 if scarce else 24)
    assert_told(whole, metric)
