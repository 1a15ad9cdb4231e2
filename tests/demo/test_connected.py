"""What the newer tables say agrees with what the older ones say."""

from itertools import pairwise

import pytest

from tests.demo.conftest import Ask


def test_subscriptions_run_while_a_customer_is_active(ask: Ask) -> None:
    assert ask("""
        WITH running AS (
            SELECT customer_key, month FROM subscription JOIN (SELECT DISTINCT month FROM customer_month)
              ON started_on <= last_day(month) AND (ended_on IS NULL OR ended_on > last_day(month))),
          active AS (SELECT customer_key, month FROM customer_month WHERE active)
        (FROM running EXCEPT FROM active) UNION ALL (FROM active EXCEPT FROM running)
    """) == []  # fmt: skip


def test_a_customer_has_one_subscription_at_a_time(ask: Ask) -> None:
    spans = ask("SELECT customer_key, started_on, ended_on FROM subscription ORDER BY 1, 2")
    for (who, _, ended), (next_who, started, _) in pairwise(spans):
        assert who != next_who or (ended is not None and ended <= started)


def test_a_change_of_plan_ends_one_subscription_and_starts_another(ask: Ask) -> None:
    [(ends, starts, joined)] = ask("""
        SELECT count(*) FILTER (WHERE one.end_kind = 'plan change'),
               (SELECT count(*) FROM subscription WHERE start_kind = 'plan change'),
               count(two.customer_key) FILTER (WHERE one.end_kind = 'plan change')
        FROM subscription one LEFT JOIN subscription two
          ON two.customer_key = one.customer_key AND two.started_on = one.ended_on
         AND two.start_kind = 'plan change' AND two.monthly_price <> one.monthly_price
    """)
    assert ends == starts == joined > 0


def test_a_departure_ends_the_subscription_on_its_day(ask: Ask) -> None:
    ended = "SELECT customer_key, ended_on FROM subscription WHERE end_kind = 'left'"
    left = "SELECT DISTINCT customer_key, left_at::DATE FROM exit_case WHERE kind = 'former_customer'"
    assert ask(f"({ended} EXCEPT {left}) UNION ALL ({left} EXCEPT {ended})") == []


def test_who_is_new_was_not_there_before(ask: Ask) -> None:
    assert ask("""
        SELECT customer_key FROM customer_month JOIN customer USING (customer_key)
        WHERE (status = 'new') <> (date_trunc('month', first_active)::DATE = month)
    """) == []  # fmt: skip


def test_a_referral_is_earned(ask: Ask) -> None:
    assert ask("SELECT DISTINCT acquisition_source FROM customer WHERE referral_flag") == [("earned",)]


def test_groups_are_called_as_they_were_called_then(ask: Ask) -> None:
    assert ask("""
        SELECT DISTINCT grouping_key FROM customer_month LEFT JOIN grouping USING (grouping_key)
        WHERE valid_from IS NULL OR month < valid_from OR month > coalesce(valid_to, DATE '2099-01-01')
    """) == []  # fmt: skip
    assert ask("SELECT count(*) FROM grouping WHERE valid_to IS NOT NULL") == [(4,)]


def test_nobody_is_asked_who_does_not_want_to_be(ask: Ask) -> None:
    asked = "SELECT DISTINCT consent_research FROM exit_case JOIN customer USING (customer_key)"
    assert ask(f"{asked} WHERE contacted_at IS NOT NULL") == [(True,)]


def test_every_delivery_is_a_promise(ask: Ask) -> None:
    made = "SELECT customer_key, ordered_at, promised_at, delivered_at FROM purchase"
    promised = "SELECT customer_key, made_at, promised_at, met_at FROM promise WHERE kind = 'delivery'"
    assert ask(f"({made} EXCEPT ALL {promised}) UNION ALL ({promised} EXCEPT ALL {made})") == []


def test_a_failed_delivery_has_a_cause(ask: Ask) -> None:
    assert ask("""
        SELECT * FROM purchase
        WHERE (failure_cause IS NOT NULL) <> coalesce(
            NOT (on_time AND complete AND undamaged AND NOT rework AND coalesce(billed_right, true)), false)
    """) == []  # fmt: skip


def test_failure_contacts_follow_deliveries(ask: Ask) -> None:
    assert ask("""
        SELECT purchase_key FROM purchase p
        WHERE failure_contact_within_30_days <> EXISTS (
            FROM contact c WHERE c.customer_key = p.customer_key
            AND c.reason = 'order' AND c.demand = 'failure' AND timezone('Europe/Amsterdam', c."at")
                BETWEEN timezone('Europe/Amsterdam', p.delivered_at)
                AND timezone('Europe/Amsterdam', p.delivered_at) + INTERVAL 30 DAY)
    """) == []  # fmt: skip


def test_steps_of_a_journey_follow_each_other_by_the_map(ask: Ask) -> None:
    assert ask("""
        SELECT journey_id FROM journey_event JOIN journey USING (journey_key, step_no)
        WHERE seq <> step_no OR journey_event.department_key <> journey.department_key
           OR ended_at < started_at OR (ended_at IS NULL) <> (outcome = 'open')
    """) == []  # fmt: skip
    assert ask("""
        SELECT one.journey_id FROM journey_event one JOIN journey_event two
          ON two.journey_id = one.journey_id AND two.seq = one.seq + 1
        WHERE two.started_at < one.ended_at OR one.outcome <> 'done'
    """) == []  # fmt: skip
    assert ask("SELECT count(*) > 0 FROM journey_event WHERE outcome = 'failed' AND fault_flow = 'none'") == [
        (False,)
    ]


def test_no_promotion_after_opting_out(ask: Ask) -> None:
    assert ask("""
        SELECT m.customer_key FROM contact m JOIN contact o ON o.customer_key = m.customer_key AND o.opted_out
        WHERE m.direction = 'out_promo' AND m."at" > o."at"
    """) == []  # fmt: skip
    assert ask(
        "SELECT DISTINCT consent_marketing FROM customer JOIN contact USING (customer_key) WHERE opted_out"
    ) == [(False,)]


@pytest.mark.parametrize(
    "sums",
    [
        "SELECT sum(perceived_share) AS total FROM role_priority GROUP BY employee_key, as_of",
        "SELECT sum(documented_share) AS total FROM role_priority GROUP BY employee_key, as_of",
        "SELECT sum(weight) AS total FROM incentive_weight GROUP BY scheme, valid_from",
        "SELECT sum(priority_share) AS total FROM statement",
    ],
)
def test_shares_add_up_to_one(ask: Ask, sums: str) -> None:
    assert ask(f"SELECT DISTINCT total FROM ({sums})") == [(1,)]


def test_every_lost_prospect_is_an_opportunity_that_was_lost_or_stalled(ask: Ask) -> None:
    lost = "SELECT opportunity_key FROM opportunity WHERE outcome IN ('lost', 'stalled')"
    cases = "SELECT opportunity_key FROM exit_case WHERE kind = 'lost_prospect'"
    assert ask(f"({lost} EXCEPT ALL {cases}) UNION ALL ({cases} EXCEPT ALL {lost})") == []


def test_the_smallest_department_is_not_below_the_minimum_group(ask: Ask) -> None:
    [(least,)] = ask(
        "SELECT min(n) FROM (SELECT count(*) AS n FROM employee_month GROUP BY department_key, month)"
    )
    assert least >= 10


def test_the_six_steps_of_the_review_are_there(ask: Ask) -> None:
    steps = ask("SELECT step FROM protocol_review WHERE role = 'Company' ORDER BY step")
    assert steps == [(number,) for number in range(1, 7)]


def test_questions_begin_with_their_wave(ask: Ask) -> None:
    assert ask("""
        SELECT question_key FROM survey_question LEFT JOIN survey_wave USING (wave_key)
        WHERE survey_wave.opened IS NULL
    """) == []  # fmt: skip


def test_managers_and_customers_are_asked_the_same(ask: Ask) -> None:
    shared = ask("SELECT item_id FROM survey_question GROUP BY item_id HAVING count(*) = 2")
    assert shared == [("knows_what_customers_need",)]


def test_verbatims_are_said_by_those_who_were_asked_why(ask: Ask) -> None:
    assert ask("SELECT DISTINCT question_key FROM survey_response WHERE verbatim IS NOT NULL ORDER BY 1") == [
        ("delight",),
        ("frustration",),
        ("nps_recommend",),
    ]
    assert ask("SELECT count(*) FROM survey_response WHERE verbatim IS NOT NULL AND theme IS NULL") == [(0,)]


def test_nothing_happened_after_the_last_day(ask: Ask) -> None:
    """Nothing is known of what comes after the last day, but for plans, due dates and the forecast."""
    late = "> timestamptz '2026-10-01 00:00:00+02'"
    for table, column in (
        ("contact", '"at"'), ("purchase", "delivered_at"), ("promise", "met_at"), ("complaint", "closed_at"),
        ("complaint", "alert_contacted_at"), ("journey_event", "ended_at"), ("exit_case", "contacted_at"),
        ("survey_response", "alert_contacted_at"), ("opportunity", "last_moved_at"),
        ("initiative_period", "met_at"), ("board_item", "done_at"),
    ):  # fmt: skip
        assert ask(f"SELECT count(*) FROM {table} WHERE {column} {late}") == [(0,)], table
