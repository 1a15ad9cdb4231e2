"""Every table and column of the canonical data model is there, with its type."""

import pytest

from dashboard.demo.schema import TABLES
from tests.demo.conftest import Ask

TEXT, DATE, MOMENT, FLAG, COUNT = "VARCHAR", "DATE", "TIMESTAMP WITH TIME ZONE", "BOOLEAN", "INTEGER"
MONEY, SHARE, JSON = "DECIMAL(18,2)", "DECIMAL(9,4)", "JSON"

MODEL = {
    "customer": {
        "customer_key": TEXT, "grouping_key": TEXT, "account_type": TEXT, "first_active": DATE,
        "acquisition_source": TEXT, "referral_flag": FLAG, "consent_marketing": FLAG,
        "consent_research": FLAG,
    },
    "grouping": {
        "grouping_key": TEXT, "scheme": TEXT, "label": TEXT, "parent_key": TEXT, "valid_from": DATE,
        "valid_to": DATE,
    },
    "channel": {"channel_key": TEXT, "label": TEXT, "kind": TEXT, "public": FLAG},
    "department": {"department_key": TEXT, "label": TEXT, "front_line": FLAG, "function": TEXT},
    "journey": {
        "journey_key": TEXT, "step_no": COUNT, "label": TEXT, "department_key": TEXT, "target_days": SHARE,
        "priority": FLAG,
    },
    "customer_month": {
        "customer_key": TEXT, "month": DATE, "active": FLAG, "status": TEXT, "revenue": MONEY,
        "gross_margin": MONEY, "cost_to_serve": MONEY, "currency": TEXT, "grouping_key": TEXT,
    },
    "purchase": {
        "purchase_key": TEXT, "customer_key": TEXT, "channel_key": TEXT, "product": TEXT,
        "ordered_at": MOMENT,
        "promised_at": MOMENT, "delivered_at": MOMENT, "amount": MONEY, "margin": MONEY, "currency": TEXT,
        "on_time": FLAG, "complete": FLAG, "undamaged": FLAG, "billed_right": FLAG, "rework": FLAG,
    },
    "promise": {
        "promise_key": TEXT, "customer_key": TEXT, "made_at": MOMENT, "promised_at": MOMENT, "met_at": MOMENT,
        "kind": TEXT, "redated": FLAG,
    },
    "survey_wave": {
        "wave_key": TEXT, "instrument": TEXT, "population": TEXT, "grouping_key": TEXT, "invited": COUNT,
        "delivered": COUNT, "completed": COUNT, "opened": DATE, "closed": DATE,
    },
    "survey_question": {
        "question_key": TEXT, "wave_key": TEXT, "text": TEXT, "scale_min": COUNT, "scale_max": COUNT,
        "high_is_good": FLAG, "about": TEXT, "probes": TEXT, "item_id": TEXT,
    },
    "survey_response": {
        "response_key": TEXT, "question_key": TEXT, "wave_key": TEXT, "customer_key": TEXT,
        "employee_key": TEXT,
        "department_key": TEXT, "alert_due_at": MOMENT, "alert_contacted_at": MOMENT, "respondent_type": TEXT,
        "buyer_role": TEXT, "score": SHARE, "weight": SHARE, "journey_key": TEXT, "channel_key": TEXT,
        "answered_at": MOMENT, "theme": TEXT, "competitor": TEXT,
    },
    "complaint": {
        "complaint_key": TEXT, "customer_key": TEXT, "received_at": MOMENT, "due_at": MOMENT,
        "closed_at": MOMENT,
        "channel_key": TEXT, "reason": TEXT, "policy_ref": TEXT, "root_cause": TEXT, "cause_fixed_at": MOMENT,
        "upheld": FLAG, "redress": MONEY, "currency": TEXT, "journey_key": TEXT, "alert_contacted_at": MOMENT,
    },
    "contact": {
        "contact_key": TEXT, "customer_key": TEXT, "at": MOMENT, "channel_key": TEXT, "reason": TEXT,
        "direction": TEXT, "demand": TEXT, "resolved": FLAG, "policy_blocked": FLAG, "policy_ref": TEXT,
        "department_key": TEXT, "cost": MONEY, "currency": TEXT, "opted_out": FLAG,
    },
    "journey_event": {
        "journey_id": TEXT, "seq": COUNT, "customer_key": TEXT, "journey_key": TEXT, "step_no": COUNT,
        "department_key": TEXT, "started_at": MOMENT, "ended_at": MOMENT, "outcome": TEXT, "fault_flow": TEXT,
    },
    "exit_case": {
        "case_key": TEXT, "kind": TEXT, "customer_key": TEXT, "opportunity_key": TEXT, "left_at": MOMENT,
        "reason": TEXT, "weight": SHARE, "controllable": FLAG, "verified_by": TEXT, "contacted_at": MOMENT,
        "annual_revenue": MONEY, "currency": TEXT,
    },
    "opportunity": {
        "opportunity_key": TEXT, "grouping_key": TEXT, "opened_at": MOMENT, "stage": TEXT,
        "last_moved_at": MOMENT,
        "outcome": TEXT, "value": MONEY, "currency": TEXT, "reason": TEXT, "competitor": TEXT,
    },
    "employee_month": {
        "employee_key": TEXT, "month": DATE, "department_key": TEXT, "level": TEXT, "customer_facing": FLAG,
        "headcount_fte": SHARE, "scheduled_h": SHARE, "absent_unsched_h": SHARE, "late_h": SHARE,
        "absence_reason": TEXT, "one_to_one_done": FLAG, "absence_reviewed": FLAG, "trained_12m": FLAG,
        "told": FLAG, "measured": FLAG, "targeted": FLAG, "recognised_n": COUNT, "left_flag": FLAG,
        "offshore": FLAG,
    },
    "role_priority": {
        "employee_key": TEXT, "as_of": DATE, "priority": TEXT, "perceived_share": SHARE,
        "documented_share": SHARE,
    },
    "protocol_review": {
        "role": TEXT, "review_date": DATE, "department_key": TEXT, "step": COUNT, "status": TEXT,
        "findings": TEXT, "evidence_ref": TEXT, "owner": TEXT, "restriction_retired": FLAG,
    },
    "statement": {
        "statement_key": TEXT, "text": TEXT, "source": TEXT, "published": DATE, "priority_share": SHARE,
        "theme": TEXT,
    },
    "incentive_weight": {
        "scheme": TEXT, "kpi_id": TEXT, "valid_from": DATE, "level": TEXT, "department_key": TEXT,
        "target_pay": MONEY, "currency": TEXT, "weight": SHARE, "is_customer": FLAG, "statement_key": TEXT,
    },
    "initiative": {
        "initiative_key": TEXT, "title": TEXT, "owner": TEXT, "department_keys": JSON, "journey_key": TEXT,
        "kpi_id": TEXT, "belief_ref": TEXT, "type": TEXT, "start": DATE, "end": DATE, "end_reason": TEXT,
        "strategy_ref": TEXT, "process_change": TEXT, "technology": TEXT, "customer_signal_ref": TEXT,
        "design": TEXT, "control_ref": TEXT,
    },
    "initiative_period": {
        "initiative_key": TEXT, "period": DATE, "milestone": TEXT, "due": DATE, "met_at": MOMENT,
        "cost": MONEY,
        "planned_benefit": MONEY, "claimed_benefit": MONEY, "measured_benefit": MONEY, "currency": TEXT,
        "se": "DECIMAL(18,4)",
    },
    "initiative_unit": {"initiative_key": TEXT, "unit": TEXT, "arm": TEXT, "from_date": DATE},
    "financial_month": {
        "month": DATE, "entity": TEXT, "account": TEXT, "scenario": TEXT, "amount": MONEY, "currency": TEXT,
        "account_group": TEXT,
    },
    "target": {
        "kpi_id": TEXT, "scope": TEXT, "valid_from": DATE, "value": "DECIMAL(18,4)", "low": "DECIMAL(18,4)",
        "high": "DECIMAL(18,4)", "owner": TEXT, "action_rule": TEXT,
    },
    "content_answer": {
        "question_ref": TEXT, "rank": COUNT, "published_url_present": FLAG, "correct": FLAG,
        "reviewed_on": DATE,
    },
    "board_item": {
        "meeting_date": DATE, "item": TEXT, "minutes": COUNT, "is_customer": FLAG, "kpi_ids": JSON,
        "decision": TEXT, "action_owner": TEXT, "due": DATE, "done_at": MOMENT,
    },
    "annotation": {"scope": TEXT, "at": DATE, "text": TEXT, "kind": TEXT},
    "source_load": {
        "load_id": TEXT, "system": TEXT, "file_hash": TEXT, "rows": "BIGINT", "period_from": DATE,
        "period_to": DATE, "loaded_at": MOMENT, "checks": JSON,
    },
}  # fmt: skip

# What spans, bridges and slices need, and the canonical model leaves to each company.
ADDED = {
    "subscription": {
        "subscription_key": TEXT, "customer_key": TEXT, "plan": TEXT, "monthly_price": MONEY,
        "currency": TEXT,
        "started_on": DATE, "ended_on": DATE, "start_kind": TEXT, "end_kind": TEXT,
    },
    "customer": {"segment": TEXT, "region": TEXT},
    "purchase": {"failure_cause": TEXT, "failure_contact_within_30_days": FLAG},
    "contact": {"repeated_within_7_days": FLAG, "repeated_within_30_days": FLAG},
    "complaint": {"verbatim": TEXT},
    "exit_case": {"agent_reason": TEXT, "verbatim": TEXT},
    "survey_response": {"verbatim": TEXT},
}  # fmt: skip

FACTS = (
    "customer", "customer_month", "subscription", "purchase", "promise", "contact", "complaint",
    "journey_event",
    "exit_case", "survey_wave", "survey_response", "opportunity", "employee_month", "role_priority",
    "protocol_review", "initiative_period", "financial_month", "board_item",
)  # fmt: skip


@pytest.mark.parametrize("table", [*TABLES])
def test_a_table_has_the_columns_of_the_model_and_those_that_are_declared(ask: Ask, table: str) -> None:
    found = dict(ask(f"SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '{table}'"))
    expected = MODEL.get(table, {}) | ADDED.get(table, {})
    if table in FACTS:
        expected |= {"source_load_id": TEXT}
    assert found == expected


def test_no_table_of_the_model_is_missing() -> None:
    assert {*MODEL, *ADDED} == set(TABLES)


@pytest.mark.parametrize(("table", "column"), [(t, c) for t in MODEL for c in MODEL[t]])
def test_no_column_is_empty(ask: Ask, table: str, column: str) -> None:
    [(filled,)] = ask(f'SELECT count("{column}") FROM {table}')
    assert (filled == 0) == ((table, column) in MEANT_TO_BE_EMPTY)


MEANT_TO_BE_EMPTY = {
    ("survey_response", "employee_key"),  # the pulse is anonymous
    ("survey_wave", "grouping_key"),  # every wave asks all groupings
}


def test_every_amount_of_money_has_its_currency(ask: Ask) -> None:
    for table, columns in {**MODEL, "subscription": ADDED["subscription"]}.items():
        if MONEY in columns.values():
            assert ask(f"SELECT DISTINCT currency FROM {table}") == [("EUR",)], table


@pytest.mark.parametrize("table", FACTS)
def test_every_fact_knows_the_load_that_brought_it(ask: Ask, table: str) -> None:
    assert ask(f"""
        SELECT load_id, "rows", count(*) FROM {table} LEFT JOIN source_load ON load_id = source_load_id
        GROUP BY ALL HAVING load_id IS NULL OR "rows" <> count(*)
    """) == []  # fmt: skip
