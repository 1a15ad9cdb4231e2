"""The tables of the simulated company, and how arrays become them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.demo.timeline import Bools, Ints, Times

TABLES: Mapping[str, str] = {
    "grouping": """
        grouping_key VARCHAR, scheme VARCHAR, label VARCHAR, parent_key VARCHAR,
        valid_from DATE, valid_to DATE
    """,
    "channel": """
        channel_key VARCHAR, label VARCHAR, kind VARCHAR, public BOOLEAN
    """,
    "department": """
        department_key VARCHAR, label VARCHAR, front_line BOOLEAN, "function" VARCHAR
    """,
    "customer": """
        customer_key VARCHAR, grouping_key VARCHAR, segment VARCHAR, region VARCHAR,
        account_type VARCHAR, first_active DATE, acquisition_source VARCHAR,
        referral_flag BOOLEAN, consent_research BOOLEAN
    """,
    "customer_month": """
        customer_key VARCHAR, month DATE, active BOOLEAN, status VARCHAR,
        revenue DECIMAL(18,2), gross_margin DECIMAL(18,2), cost_to_serve DECIMAL(18,2),
        grouping_key VARCHAR
    """,
    "purchase": """
        purchase_key VARCHAR, customer_key VARCHAR, channel_key VARCHAR, product VARCHAR,
        ordered_at TIMESTAMP, promised_at TIMESTAMP, delivered_at TIMESTAMP,
        amount DECIMAL(18,2), on_time BOOLEAN, complete BOOLEAN, undamaged BOOLEAN,
        billed_right BOOLEAN, rework BOOLEAN
    """,
    "contact": """
        contact_key VARCHAR, customer_key VARCHAR, "at" TIMESTAMPTZ, channel_key VARCHAR,
        reason VARCHAR, direction VARCHAR, demand VARCHAR, resolved BOOLEAN,
        repeated_within_7_days BOOLEAN, department_key VARCHAR, cost DECIMAL(18,2)
    """,
    "complaint": """
        complaint_key VARCHAR, customer_key VARCHAR, received_at TIMESTAMP, due_at TIMESTAMP,
        closed_at TIMESTAMP, channel_key VARCHAR, reason VARCHAR, upheld BOOLEAN,
        redress DECIMAL(18,2)
    """,
    "survey_wave": """
        wave_key VARCHAR, instrument VARCHAR, population VARCHAR, invited INTEGER,
        delivered INTEGER, completed INTEGER, opened DATE, closed DATE
    """,
    "survey_question": """
        question_key VARCHAR, text VARCHAR, scale_min INTEGER, scale_max INTEGER,
        high_is_good BOOLEAN, about VARCHAR, probes VARCHAR, item_id VARCHAR
    """,
    "survey_response": """
        response_key VARCHAR, question_key VARCHAR, wave_key VARCHAR, customer_key VARCHAR,
        employee_key VARCHAR, department_key VARCHAR, respondent_type VARCHAR,
        score DECIMAL(9,4), weight DECIMAL(9,4), answered_at TIMESTAMP
    """,
    "exit_case": """
        case_key VARCHAR, kind VARCHAR, customer_key VARCHAR, left_at DATE, reason VARCHAR,
        weight DECIMAL(9,4), controllable BOOLEAN, verified_by VARCHAR,
        annual_revenue DECIMAL(18,2)
    """,
    "employee_month": """
        employee_key VARCHAR, month DATE, department_key VARCHAR, level VARCHAR,
        customer_facing BOOLEAN, headcount_fte DECIMAL(9,4), scheduled_h DECIMAL(9,2),
        absent_unsched_h DECIMAL(9,2), left_flag BOOLEAN
    """,
    "financial_month": """
        month DATE, entity VARCHAR, account VARCHAR, account_group VARCHAR, scenario VARCHAR,
        amount DECIMAL(18,2)
    """,
    "target": """
        kpi_id VARCHAR, scope VARCHAR, valid_from DATE, value DOUBLE, owner VARCHAR
    """,
    "annotation": """
        scope VARCHAR, "at" DATE, text VARCHAR, kind VARCHAR
    """,
}

SEGMENTS = ("Consumer", "Small business", "Enterprise")
REGIONS = ("North", "South", "East", "West", "Centre", "Coast")
CHANNELS = ("web", "retail", "phone", "chat", "field", "partner", "social")
DEPARTMENTS = (
    "customer_service",
    "field_operations",
    "retail_stores",
    "business_sales",
    "billing",
    "network_it",
    "marketing",
    "people",
)

Columns = Mapping[str, object]


def labelled(codes: Ints, labels: Sequence[str], missing: Bools | None = None) -> pa.Array:
    """Text from codes: each label is stored once. Where `missing` is true the value is null."""
    indices = pa.array(np.asarray(codes, dtype=np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(labels, pa.string()))


def keys(prefix: str, count: int) -> list[str]:
    """`C0000001` and so on: a key says what it identifies and nothing about whom."""
    return [f"{prefix}{number:07d}" for number in range(1, count + 1)]


def nullable(values: Bools, known: Bools) -> pa.Array:
    """Booleans that are null where nothing is known."""
    return pa.array(values, mask=~known)


def in_utc(local: Times, zone: str) -> pa.Array:
    """Local time stamps, none of them in an hour that summer time skips or repeats, as moments."""
    moments = pd.DatetimeIndex(local).tz_localize(zone).tz_convert("UTC")
    return pa.array(moments.to_numpy("M8[us]"), pa.timestamp("us", tz="UTC"))
