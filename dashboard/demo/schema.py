"""The tables of the simulated company: the canonical data model, and the few columns it adds to it."""

from collections.abc import Mapping

_LOAD = "source_load_id VARCHAR"
_MONEY = "DECIMAL(18,2)"
_SHARE = "DECIMAL(9,4)"

TABLES: Mapping[str, str] = {
    "grouping": """
        grouping_key VARCHAR, scheme VARCHAR, label VARCHAR, parent_key VARCHAR,
        valid_from DATE, valid_to DATE
    """,
    "channel": "channel_key VARCHAR, label VARCHAR, kind VARCHAR, public BOOLEAN",
    "department": 'department_key VARCHAR, label VARCHAR, front_line BOOLEAN, "function" VARCHAR',
    "journey": f"""
        journey_key VARCHAR, step_no INTEGER, label VARCHAR, department_key VARCHAR,
        target_days {_SHARE}, priority BOOLEAN
    """,
    "customer": f"""
        customer_key VARCHAR, grouping_key VARCHAR, segment VARCHAR, region VARCHAR,
        account_type VARCHAR, first_active DATE, acquisition_source VARCHAR, referral_flag BOOLEAN,
        consent_marketing BOOLEAN, consent_research BOOLEAN, {_LOAD}
    """,
    "customer_month": f"""
        customer_key VARCHAR, month DATE, active BOOLEAN, status VARCHAR, revenue {_MONEY},
        gross_margin {_MONEY}, cost_to_serve {_MONEY}, currency VARCHAR, grouping_key VARCHAR, {_LOAD}
    """,
    "subscription": f"""
        subscription_key VARCHAR, customer_key VARCHAR, plan VARCHAR, monthly_price {_MONEY},
        currency VARCHAR, started_on DATE, ended_on DATE, start_kind VARCHAR, end_kind VARCHAR, {_LOAD}
    """,
    "purchase": f"""
        purchase_key VARCHAR, customer_key VARCHAR, channel_key VARCHAR, product VARCHAR,
        ordered_at TIMESTAMPTZ, promised_at TIMESTAMPTZ, delivered_at TIMESTAMPTZ, amount {_MONEY},
        margin {_MONEY}, currency VARCHAR, on_time BOOLEAN, complete BOOLEAN, undamaged BOOLEAN,
        billed_right BOOLEAN, rework BOOLEAN, failure_cause VARCHAR,
        failure_contact_within_30_days BOOLEAN, {_LOAD}
    """,
    "promise": f"""
        promise_key VARCHAR, customer_key VARCHAR, made_at TIMESTAMPTZ, promised_at TIMESTAMPTZ,
        met_at TIMESTAMPTZ, kind VARCHAR, redated BOOLEAN, {_LOAD}
    """,
    "contact": f"""
        contact_key VARCHAR, customer_key VARCHAR, "at" TIMESTAMPTZ, channel_key VARCHAR,
        reason VARCHAR, direction VARCHAR, demand VARCHAR, resolved BOOLEAN, policy_blocked BOOLEAN,
        policy_ref VARCHAR, department_key VARCHAR, cost {_MONEY}, currency VARCHAR, opted_out BOOLEAN,
        repeated_within_7_days BOOLEAN, repeated_within_30_days BOOLEAN, {_LOAD}
    """,
    "complaint": f"""
        complaint_key VARCHAR, customer_key VARCHAR, received_at TIMESTAMPTZ, due_at TIMESTAMPTZ,
        closed_at TIMESTAMPTZ, channel_key VARCHAR, reason VARCHAR, policy_ref VARCHAR,
        root_cause VARCHAR, cause_fixed_at TIMESTAMPTZ, upheld BOOLEAN, redress {_MONEY},
        currency VARCHAR, journey_key VARCHAR, alert_contacted_at TIMESTAMPTZ,
        verbatim VARCHAR, {_LOAD}
    """,
    "journey_event": f"""
        journey_id VARCHAR, seq INTEGER, customer_key VARCHAR, journey_key VARCHAR, step_no INTEGER,
        department_key VARCHAR, started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, outcome VARCHAR,
        fault_flow VARCHAR, {_LOAD}
    """,
    "exit_case": f"""
        case_key VARCHAR, kind VARCHAR, customer_key VARCHAR, opportunity_key VARCHAR,
        left_at TIMESTAMPTZ, reason VARCHAR, weight {_SHARE}, controllable BOOLEAN,
        verified_by VARCHAR, contacted_at TIMESTAMPTZ, annual_revenue {_MONEY}, currency VARCHAR,
        agent_reason VARCHAR, verbatim VARCHAR, {_LOAD}
    """,
    "survey_wave": f"""
        wave_key VARCHAR, instrument VARCHAR, population VARCHAR, grouping_key VARCHAR,
        invited INTEGER, delivered INTEGER, completed INTEGER, opened DATE, closed DATE, {_LOAD}
    """,
    "survey_question": """
        question_key VARCHAR, wave_key VARCHAR, text VARCHAR, scale_min INTEGER, scale_max INTEGER,
        high_is_good BOOLEAN, about VARCHAR, probes VARCHAR, item_id VARCHAR
    """,
    "survey_response": f"""
        response_key VARCHAR, question_key VARCHAR, wave_key VARCHAR, customer_key VARCHAR,
        employee_key VARCHAR, department_key VARCHAR, alert_due_at TIMESTAMPTZ,
        alert_contacted_at TIMESTAMPTZ, respondent_type VARCHAR, buyer_role VARCHAR, score {_SHARE},
        weight {_SHARE}, journey_key VARCHAR, channel_key VARCHAR, answered_at TIMESTAMPTZ,
        theme VARCHAR, competitor VARCHAR, verbatim VARCHAR, {_LOAD}
    """,
    "opportunity": f"""
        opportunity_key VARCHAR, grouping_key VARCHAR, opened_at TIMESTAMPTZ, stage VARCHAR,
        last_moved_at TIMESTAMPTZ, outcome VARCHAR, value {_MONEY}, currency VARCHAR, reason VARCHAR,
        competitor VARCHAR, {_LOAD}
    """,
    "employee_month": f"""
        employee_key VARCHAR, month DATE, department_key VARCHAR, level VARCHAR,
        customer_facing BOOLEAN, headcount_fte {_SHARE}, scheduled_h {_SHARE}, absent_unsched_h {_SHARE},
        late_h {_SHARE}, absence_reason VARCHAR, one_to_one_done BOOLEAN, absence_reviewed BOOLEAN,
        trained_12m BOOLEAN, told BOOLEAN, measured BOOLEAN, targeted BOOLEAN, recognised_n INTEGER,
        left_flag BOOLEAN, offshore BOOLEAN, {_LOAD}
    """,
    "role_priority": f"""
        employee_key VARCHAR, as_of DATE, priority VARCHAR, perceived_share {_SHARE},
        documented_share {_SHARE}, {_LOAD}
    """,
    "protocol_review": f"""
        role VARCHAR, review_date DATE, department_key VARCHAR, step INTEGER, status VARCHAR,
        findings VARCHAR, evidence_ref VARCHAR, owner VARCHAR, restriction_retired BOOLEAN, {_LOAD}
    """,
    "statement": f"""
        statement_key VARCHAR, text VARCHAR, source VARCHAR, published DATE, priority_share {_SHARE},
        theme VARCHAR
    """,
    "incentive_weight": f"""
        scheme VARCHAR, kpi_id VARCHAR, valid_from DATE, level VARCHAR, department_key VARCHAR,
        target_pay {_MONEY}, currency VARCHAR, weight {_SHARE}, is_customer BOOLEAN, statement_key VARCHAR
    """,
    "initiative": """
        initiative_key VARCHAR, title VARCHAR, owner VARCHAR, department_keys JSON, journey_key VARCHAR,
        kpi_id VARCHAR, belief_ref VARCHAR, type VARCHAR, start DATE, "end" DATE, end_reason VARCHAR,
        strategy_ref VARCHAR, process_change VARCHAR, technology VARCHAR, customer_signal_ref VARCHAR,
        design VARCHAR, control_ref VARCHAR
    """,
    "initiative_period": f"""
        initiative_key VARCHAR, period DATE, milestone VARCHAR, due DATE, met_at TIMESTAMPTZ,
        cost {_MONEY}, planned_benefit {_MONEY}, claimed_benefit {_MONEY}, measured_benefit {_MONEY},
        currency VARCHAR, se DECIMAL(18,4), {_LOAD}
    """,
    "initiative_unit": "initiative_key VARCHAR, unit VARCHAR, arm VARCHAR, from_date DATE",
    "financial_month": f"""
        month DATE, entity VARCHAR, account VARCHAR, scenario VARCHAR, amount {_MONEY},
        currency VARCHAR, account_group VARCHAR, {_LOAD}
    """,
    "target": """
        kpi_id VARCHAR, scope VARCHAR, valid_from DATE, value DECIMAL(18,4), low DECIMAL(18,4),
        high DECIMAL(18,4), owner VARCHAR, action_rule VARCHAR
    """,
    "content_answer": """
        question_ref VARCHAR, rank INTEGER, published_url_present BOOLEAN, correct BOOLEAN,
        reviewed_on DATE
    """,
    "board_item": f"""
        meeting_date DATE, item VARCHAR, minutes INTEGER, is_customer BOOLEAN, kpi_ids JSON,
        decision VARCHAR, action_owner VARCHAR, due DATE, done_at TIMESTAMPTZ, {_LOAD}
    """,
    "annotation": 'scope VARCHAR, "at" DATE, text VARCHAR, kind VARCHAR',
    "source_load": """
        load_id VARCHAR, system VARCHAR, file_hash VARCHAR, "rows" BIGINT, period_from DATE,
        period_to DATE, loaded_at TIMESTAMPTZ, checks JSON
    """,
}

# The date that says in which month a row of a fact table was brought: SQL over the table's columns.
LOADED_BY: Mapping[str, str] = {
    "customer": "first_active",
    "customer_month": "month",
    "subscription": "coalesce(ended_on, started_on)",
    "purchase": "ordered_at",
    "promise": "made_at",
    "contact": '"at"',
    "complaint": "received_at",
    "journey_event": "started_at",
    "exit_case": "left_at",
    "survey_wave": "opened",
    "survey_response": "answered_at",
    "opportunity": "opened_at",
    "employee_month": "month",
    "role_priority": "as_of",
    "protocol_review": "review_date",
    "initiative_period": "period",
    "financial_month": "month",
    "board_item": "meeting_date",
}
