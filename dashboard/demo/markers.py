"""Targets, and what is drawn on every trend: what happened, what was defined anew, what rivals did."""

from datetime import date

import pyarrow as pa

from dashboard.demo.columns import listing
from dashboard.demo.truths import SHIFTS, TRIALS

_TARGETS = (  # KPI, from, value, low and high: the range in which nothing has to be done, owner
    ("net_promoter_score", date(2025, 4, 1), 36.0, 33.0, 39.0, "Chief Customer Officer"),
    ("net_promoter_score", date(2026, 4, 1), 38.0, 35.0, 41.0, "Chief Customer Officer"),
    ("trust_score", date(2026, 4, 1), 0.62, 0.58, 0.66, "Chief Customer Officer"),
    ("voluntary_churn_rate", date(2025, 4, 1), 0.010, 0.008, 0.012, "Chief Commercial Officer"),
    ("voluntary_churn_rate", date(2026, 4, 1), 0.008, 0.006, 0.010, "Chief Commercial Officer"),
    ("customer_effort_score", date(2026, 4, 1), 0.70, 0.67, 0.73, "Director of Customer Service"),
    ("right_first_time_rate", date(2025, 4, 1), 0.87, 0.85, 0.89, "Chief Operating Officer"),
    ("right_first_time_rate", date(2026, 4, 1), 0.88, 0.86, 0.90, "Chief Operating Officer"),
    ("complaints_per_1000", date(2026, 4, 1), 6.0, 5.0, 7.0, "Chief Operating Officer"),
    ("first_contact_resolution", date(2026, 4, 1), 0.80, 0.78, 0.82, "Director of Customer Service"),
    ("employee_net_promoter_score", date(2026, 4, 1), 20.0, 15.0, 25.0, "Chief People Officer"),
    ("revenue_growth", date(2026, 4, 1), 0.07, 0.05, 0.09, "Chief Financial Officer"),
    ("cost_to_serve_per_customer", date(2026, 4, 1), 12.50, 12.0, 13.0, "Chief Operating Officer"),
    ("cost_of_poor_quality_ratio", date(2026, 4, 1), 0.032, 0.028, 0.036, "Chief Financial Officer"),
    ("customer_acquisition_cost", date(2026, 4, 1), 550.0, 500.0, 600.0, "Chief Marketing Officer"),
    ("contact_cost", date(2026, 4, 1), 7.50, 7.0, 8.0, "Director of Customer Service"),
)
_SCOPED = (  # departments that carry a target of their own
    ("right_first_time_rate", "field_operations", 0.89, "Director of Field Operations"),
    ("first_contact_resolution", "customer_service", 0.80, "Director of Customer Service"),
    ("complaints_per_1000", "billing", 1.5, "Director of Billing"),
    ("customer_effort_score", "retail_stores", 0.72, "Director of Shops"),
)
_RULE = "Two concern signals in a row start a root-cause review within 30 days."
_OTHER_NOTES = (
    ("all", date(2023, 10, 1), "The region Midlands has been called Centre since October 2023.", "rebase"),
    ("customer_effort_score", date(2023, 4, 1),
     "The question of 2010 was dropped; the 1 to 7 scale stays.", "definition"),
    ("revenue_growth", date(2024, 4, 1), "List prices went up by 2.5 % in April 2024.", "price"),
    ("voluntary_churn_rate", date(2025, 3, 1), "Competitor B cut its prices by a tenth in March 2025.",
     "competitor"),
)  # fmt: skip


def target_table() -> pa.Table:
    """Targets of the company, and of departments (`scope`)."""
    names = ("kpi_id", "valid_from", "value", "low", "high", "owner")
    rows = [dict(zip(names, row, strict=True)) | {"scope": "all", "action_rule": _RULE} for row in _TARGETS]
    rows += [
        {
            "kpi_id": kpi,
            "scope": department,
            "valid_from": date(2026, 4, 1),
            "value": value,
            "low": None,
            "high": None,
            "owner": owner,
            "action_rule": _RULE,
        }
        for kpi, department, value, owner in _SCOPED
    ]
    return listing(rows)


def annotation_table() -> pa.Table:
    """One row per note; `scope` is the KPI that it belongs to, or all."""
    names = ("scope", "at", "text", "kind")
    rows = [(shift.subject, shift.start, shift.text, "event") for shift in SHIFTS]
    rows += [(trial.kpi, trial.start, trial.text.partition(",")[0], "event") for trial in TRIALS]
    return listing([dict(zip(names, row, strict=True)) for row in (*rows, *_OTHER_NOTES)])
