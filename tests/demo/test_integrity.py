"""The tables agree with each other, as those of a company whose books are in order."""

from itertools import pairwise

import pytest

from tests.demo.conftest import SMALL, Ask


def test_active_customers_roll_forward(ask: Ask) -> None:
    months = ask("""
        SELECT count(*) FILTER (WHERE active),
               count(*) FILTER (WHERE status IN ('new', 'reactivated')),
               count(*) FILTER (WHERE status = 'lost')
        FROM customer_month GROUP BY month ORDER BY month
    """)
    assert len(months) == 60
    for (before, _, _), (after, joined, lost) in pairwise(months):
        assert after == before + joined - lost


def test_each_status_follows_from_the_month_before(ask: Ask) -> None:
    wrong = ask("""
        SELECT now.status, before.active, count(*)
        FROM customer_month now LEFT JOIN customer_month before
          ON before.customer_key = now.customer_key AND before.month = now.month - INTERVAL 1 MONTH
        WHERE now.month > DATE '2021-10-01'
          AND (coalesce(before.active, false) <> (now.status IN ('continuing', 'lost'))
               OR now.active <> (now.status <> 'lost'))
        GROUP BY ALL
    """)
    assert wrong == []


def test_the_company_has_about_the_customers_asked_for(ask: Ask) -> None:
    [(active,)] = ask("SELECT count(*) FROM customer_month WHERE active AND month = DATE '2026-09-01'")
    assert active == pytest.approx(SMALL, rel=0.15)


def test_customer_revenue_is_the_revenue_of_the_accounts(ask: Ask) -> None:
    assert _unequal_months(
        ask, "sum(revenue)", "customer_month", "month", "account_group = 'revenue'"
    ) == []  # fmt: skip


def test_margin_and_cost_of_sales_make_up_revenue(ask: Ask) -> None:
    assert _unequal_months(
        ask, "sum(revenue - gross_margin)", "customer_month", "month", "account_group = 'cogs'"
    ) == []  # fmt: skip


def test_cost_to_serve_is_the_service_and_delivery_of_the_accounts(ask: Ask) -> None:
    assert _unequal_months(
        ask, "sum(cost_to_serve)", "customer_month", "month", "account_group IN ('service', 'delivery')"
    ) == []  # fmt: skip


def test_redress_is_booked_when_the_complaint_is_closed(ask: Ask) -> None:
    assert _unequal_months(
        ask, "sum(redress)", "complaint WHERE closed_at IS NOT NULL", "closed_at", "account_group = 'redress'"
    ) == []  # fmt: skip


def test_the_contact_centre_costs_what_its_contacts_cost(ask: Ask) -> None:
    served = "contact WHERE direction <> 'out_promo'"
    assert _unequal_months(ask, "sum(cost)", served, '"at"', "account = 'Contact centre'") == []


def test_campaigns_cost_what_their_messages_cost(ask: Ask) -> None:
    sent = "contact WHERE direction = 'out_promo'"
    assert _unequal_months(ask, "sum(cost)", sent, '"at"', "account = 'Campaign messages'") == []


def test_every_entry_foots_to_the_control_total_of_its_load(ask: Ask) -> None:
    assert ask("""
        SELECT load_id FROM source_load JOIN financial_month ON source_load_id = load_id
        WHERE scenario = 'AC' GROUP BY load_id, checks
        HAVING sum(amount) <> (checks ->> '$.control_total')::DECIMAL(18,2)
    """) == []  # fmt: skip
    assert ask("SELECT count(*) FROM source_load WHERE checks ->> '$.control_total' IS NOT NULL") == [(60,)]


def test_the_year_before_is_the_year_before(ask: Ask) -> None:
    assert ask("""
        SELECT * FROM financial_month py JOIN financial_month ac
          ON ac.month = py.month - INTERVAL 1 YEAR AND ac.entity = py.entity AND ac.account = py.account
        WHERE py.scenario = 'PY' AND ac.scenario = 'AC' AND py.amount <> ac.amount
    """) == []  # fmt: skip


def test_the_forecast_holds_what_has_happened(ask: Ask) -> None:
    [(lines, months, different)] = ask("""
        SELECT count(*), count(DISTINCT month), count(*) FILTER (WHERE fc.amount <> ac.amount)
        FROM financial_month fc JOIN financial_month ac USING (month, entity, account)
        WHERE fc.scenario = 'FC' AND ac.scenario = 'AC'
    """)
    assert (lines > 100, months, different) == (True, 6, 0)


def _unequal_months(ask: Ask, amount: str, table: str, when: str, accounts: str) -> list[tuple[object, ...]]:
    return ask(f"""
        WITH operations AS (
                 SELECT date_trunc('month', {when})::DATE AS month, {amount} AS amount
                 FROM {table} GROUP BY 1),
             books AS (SELECT month, sum(amount) AS amount FROM financial_month
                       WHERE scenario = 'AC' AND {accounts} GROUP BY 1)
        SELECT month, operations.amount, books.amount FROM operations FULL JOIN books USING (month)
        WHERE operations.amount IS DISTINCT FROM books.amount
    """)


def test_every_entity_and_account_has_every_month_of_a_scenario_once(ask: Ask) -> None:
    lines = ask("""
        SELECT scenario, count(*), count(DISTINCT month), min(month)::VARCHAR, max(month)::VARCHAR
        FROM financial_month GROUP BY entity, account, scenario
    """)
    assert set(lines) == {
        ("AC", 60, 60, "2021-10-01", "2026-09-01"),
        ("PY", 48, 48, "2022-10-01", "2026-09-01"),
        ("PL", 66, 66, "2021-10-01", "2027-03-01"),
        ("FC", 12, 12, "2026-04-01", "2027-03-01"),
    }


def test_every_account_group_of_the_model_is_used(ask: Ask) -> None:
    groups = {group for (group,) in ask("SELECT DISTINCT account_group FROM financial_month")}
    assert groups == {
        "revenue", "cogs", "service", "delivery", "quality", "promotion", "acquisition", "redress",
        "internal_failure", "external_failure", "prevention", "appraisal", "people", "variable_pay",
        "overtime",
        "agency", "hiring_training", "cx_platform", "rnd", "other_opex", "working_capital",
    }  # fmt: skip


@pytest.mark.parametrize(
    "table",
    [
        "complaint",
        "contact",
        "customer_month",
        "exit_case",
        "journey_event",
        "promise",
        "purchase",
        "subscription",
        "survey_response",
    ],
)
def test_every_customer_is_known(ask: Ask, table: str) -> None:
    assert (
        ask(f"SELECT * FROM {table} ANTI JOIN customer USING (customer_key) WHERE customer_key IS NOT NULL")
        == []
    )


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("customer", "customer_key"),
        ("customer_month", "customer_key, month"),
        ("purchase", "purchase_key"),
        ("contact", "contact_key"),
        ("complaint", "complaint_key"),
        ("survey_wave", "wave_key"),
        ("survey_question", "question_key"),
        ("survey_response", "response_key, question_key"),
        ("exit_case", "case_key, reason"),
        ("employee_month", "employee_key, month"),
        ("financial_month", "month, entity, account, scenario"),
        ("grouping", "grouping_key"),
        ("subscription", "subscription_key"),
        ("promise", "promise_key"),
        ("journey", "journey_key, step_no"),
        ("journey_event", "journey_id, seq"),
        ("opportunity", "opportunity_key"),
        ("role_priority", "employee_key, as_of, priority"),
        ("protocol_review", "role, review_date"),
        ("statement", "statement_key"),
        ("incentive_weight", "scheme, kpi_id, valid_from"),
        ("initiative", "initiative_key"),
        ("initiative_period", "initiative_key, period"),
        ("initiative_unit", "initiative_key, unit"),
        ("target", "kpi_id, scope, valid_from"),
        ("content_answer", "question_ref"),
        ("board_item", "meeting_date, item"),
        ("annotation", 'scope, "at", text'),
        ("source_load", "load_id"),
    ],
)
def test_keys_are_unique(ask: Ask, table: str, key: str) -> None:
    assert ask(f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1") == []


def test_complaints_close_after_they_arrive(ask: Ask) -> None:
    assert ask("SELECT * FROM complaint WHERE closed_at < received_at") == []
    assert (
        ask("SELECT * FROM complaint WHERE closed_at IS NULL AND (redress IS NOT NULL OR upheld IS NOT NULL)")
        == []
    )


def test_no_answer_without_its_wave_and_question(ask: Ask) -> None:
    assert ask("SELECT * FROM survey_response ANTI JOIN survey_wave USING (wave_key)") == []
    assert ask("SELECT * FROM survey_response ANTI JOIN survey_question USING (question_key)") == []


def test_waves_count_their_answers(ask: Ask) -> None:
    assert ask("""
        SELECT wave_key FROM survey_wave LEFT JOIN survey_response USING (wave_key)
        GROUP BY wave_key, completed, delivered, invited
        HAVING count(DISTINCT response_key) <> completed OR completed > delivered OR delivered > invited
    """) == []  # fmt: skip


def test_scores_are_whole_and_inside_their_scale(ask: Ask) -> None:
    assert ask("""
        SELECT * FROM survey_response JOIN survey_question USING (question_key)
        WHERE score NOT BETWEEN scale_min AND scale_max OR score <> round(score)
    """) == []  # fmt: skip


def test_the_staff_answer_without_a_name(ask: Ask) -> None:
    assert ask(
        "SELECT DISTINCT employee_key, customer_key FROM survey_response WHERE respondent_type = 'employee'"
    ) == [(None, None)]


def test_the_weights_of_an_exit_case_add_up_to_one(ask: Ask) -> None:
    assert ask("SELECT case_key FROM exit_case GROUP BY case_key HAVING sum(weight) <> 1") == []


def test_every_lost_customer_has_one_exit_case_in_that_month(ask: Ask) -> None:
    lost = "SELECT customer_key, month FROM customer_month WHERE status = 'lost'"
    cases = """SELECT customer_key, date_trunc('month', left_at)::DATE FROM exit_case
               WHERE kind = 'former_customer' GROUP BY case_key, 1, 2"""
    assert ask(f"({lost} EXCEPT {cases}) UNION ALL ({cases} EXCEPT {lost})") == []


def test_flags_of_an_open_delivery_are_unknown(ask: Ask) -> None:
    known = "coalesce(on_time, complete, undamaged, billed_right, rework) IS NOT NULL"
    assert ask(f"SELECT * FROM purchase WHERE delivered_at IS NULL AND {known}") == []
    assert ask("SELECT * FROM purchase WHERE on_time <> (delivered_at <= promised_at)") == []


def test_a_repeated_contact_has_its_repeat(ask: Ask) -> None:
    found = ask("""
        SELECT one.contact_key FROM contact one
        WHERE one.repeated_within_7_days <> EXISTS (
            FROM contact two WHERE two.direction = 'in' AND two.customer_key = one.customer_key
            AND two.reason = one.reason
            AND two."at" > one."at"
            AND timezone('Europe/Amsterdam', two."at")
                <= timezone('Europe/Amsterdam', one."at") + INTERVAL 7 DAY)
    """)
    assert found == []
    assert ask('SELECT max("at") FROM contact WHERE repeated_within_7_days IS NULL') > ask(
        'SELECT max("at") FROM contact WHERE repeated_within_7_days IS NOT NULL'
    )


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("contact", '"at"'),
        ("survey_response", "answered_at"),
        ("complaint", "received_at"),
        ("complaint", "closed_at"),
        ("purchase", "ordered_at"),
        ("purchase", "delivered_at"),
        ("journey_event", "started_at"),
        ("exit_case", "left_at"),
        ("opportunity", "opened_at"),
        ("customer_month", "month"),
        ("employee_month", "month"),
        ("survey_wave", "opened"),
        ("board_item", "meeting_date"),
    ],
)
def test_time_runs_from_october_2021_to_september_2026(ask: Ask, table: str, column: str) -> None:
    month = f"date_trunc('month', {column})::DATE"
    months = f"min({month})::VARCHAR, max({month})::VARCHAR"
    assert ask(f"SELECT {months} FROM {table}") == [("2021-10-01", "2026-09-01")]


def test_some_contacts_belong_to_another_month_in_utc(ask: Ask) -> None:
    """So that a reader of moments who forgets the zone counts them wrongly, and is found out."""
    [(count,)] = ask("""
        SELECT count(*) FROM contact
        WHERE month(timezone('Europe/Amsterdam', "at")) <> month(timezone('UTC', "at"))
    """)
    assert count > 0
