"""What the company says it stands for, what it pays for, and how far it has looked at itself."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import listing
from dashboard.demo.registry import DEPARTMENTS, POLICIES
from dashboard.demo.timeline import MONTHS, stream

_STATEMENTS = (
    (
        "S-01",
        "Our customers come first in every decision we make.",
        "Annual report 2025/26",
        0.30,
        "customer",
    ),
    ("S-02", "We do it right the first time.", "Annual report 2025/26", 0.20, "quality"),
    ("S-03", "People who look after customers are looked after.", "Employer charter 2025", 0.15, "people"),
    (
        "S-04",
        "We play it straight, in every contract and on every bill.",
        "Code of conduct 2025",
        0.15,
        "trust",
    ),
    ("S-05", "We grow profitably, year after year.", "Annual report 2025/26", 0.20, "financial"),
)
# KPI, themes' statement, customer?, and the weight in each of the three schemes.
_PAID_FOR = (
    ("revenue_growth", "S-05", False, (0.40, 0.35, 0.30)),
    ("operating_margin_pct", "S-05", False, (0.30, 0.20, 0.00)),
    ("contact_handling_time", "S-05", False, (0.00, 0.15, 0.35)),
    ("net_promoter_score", "S-01", True, (0.10, 0.10, 0.15)),
    ("right_first_time_rate", "S-02", True, (0.10, 0.15, 0.10)),
    ("employee_net_promoter_score", "S-03", False, (0.10, 0.05, 0.00)),
    ("trust_score", "S-04", True, (0.00, 0.00, 0.10)),
)
_SCHEMES = (
    ("Executive bonus", "executive", "business_sales", 420_000),
    ("Management bonus", "middle", "marketing", 690_000),
    ("Front-line bonus", "front", "customer_service", 540_000),
)
_SCHEME_YEARS = (date(2024, 4, 1), date(2025, 4, 1), date(2026, 4, 1))
_RISE = 0.03  # of target pay, a year
_ROLES = (  # customer-facing roles, and the department of each
    ("Call agent", 0), ("Chat agent", 0), ("Complaint handler", 0), ("Field engineer", 1), ("Dispatcher", 1),
    ("Installer", 1), ("Shop adviser", 2), ("Shop manager", 2), ("Account manager", 3), ("Tender manager", 3),
    ("Retention agent", 0), ("Web editor", 6),
)  # fmt: skip
_NEVER_INSPECTED = 3  # the last of the roles
_LISTED = date(2023, 10, 2)  # when the roles to inspect were listed
_GATE = (  # the six steps of the review, as the board has them
    ("Former customers were contacted", "done", date(2025, 11, 20), "Report on 212 interviews",
     "Chief Customer Officer"),
    ("Former prospects were contacted", "done", date(2026, 1, 22), "Report on 118 interviews",
     "Chief Commercial Officer"),
    ("Processes and protocols were inspected", "in progress", date(2026, 3, 19), "Nine of twelve roles",
     "Chief Operating Officer"),
    ("The reasons of all churn are known", "in progress", date(2026, 5, 21), "A third of cases verified",
     "Chief Customer Officer"),
    ("Perceived roles were compared with documented ones", "done", date(2026, 6, 18),
     "Role survey of September 2025", "Chief People Officer"),
    ("Everyone is told, measured and targeted", "open", date(2026, 9, 17), None, "Chief Executive Officer"),
)  # fmt: skip
_BOARD_ITEMS = (  # item, minutes, customer?, KPIs
    ("Financial results", 55, False, ("revenue_growth", "operating_margin_pct")),
    ("Risk and audit", 35, False, ()),
    ("Network investment", 40, False, ()),
    ("People and succession", 20, False, ("employee_net_promoter_score",)),
    ("Regulation", 20, False, ()),
    ("Customer report", 15, True, ("net_promoter_score", "complaints_per_1000")),
    ("Any other business", 10, False, ()),
)
_MORE_AIRTIME_FROM = 48  # the month, 0 to 59, from which the customer report has 35 minutes
_DECISIONS = (
    "Mend the first page of the bill", "Interview fifty former customers",
    "Retire a policy that blocks agents",
    "Publish the answers to the ten commonest questions", "Give field engineers the right to credit",
    "Name one owner for moving house",
)  # fmt: skip
_OWNERS = ("Chief Customer Officer",) * 6 + (
    "Chief Operating Officer",
    "Chief Financial Officer",
    "Chief Commercial Officer",
)
_QUESTIONS = 40


def statement_table() -> pa.Table:
    """What was published, and how much of the company's attention each claims: together all of it."""
    names = ("statement_key", "text", "source", "priority_share", "theme")
    rows = [dict(zip(names, row, strict=True)) | {"published": date(2025, 6, 12)} for row in _STATEMENTS]
    return listing(rows)


def incentive_table() -> pa.Table:
    """Variable pay by scheme, KPI and year. The weights of a scheme add up to 1 in each year."""
    rows = [
        {
            "scheme": scheme,
            "kpi_id": kpi,
            "valid_from": since,
            "level": level,
            "department_key": department,
            "target_pay": round(pay * weights[index] * (1 + _RISE) ** year, 2),
            "currency": "EUR",
            "weight": weights[index],
            "is_customer": customer,
            "statement_key": statement,
        }
        for year, since in enumerate(_SCHEME_YEARS)
        for index, (scheme, level, department, pay) in enumerate(_SCHEMES)
        for kpi, statement, customer, weights in _PAID_FOR
        if weights[index] > 0
    ]
    return listing(rows)


def review_table(seed: int) -> pa.Table:
    """Inspections of the protocols of customer-facing roles, and the gate: the six steps of the board."""
    rng = stream(seed, "board", 1)
    rows: list[dict[str, object]] = []
    inspected = len(_ROLES) - _NEVER_INSPECTED
    for number, (role, department) in enumerate(_ROLES):
        for year in range(3) if number < inspected else ():
            day = date(2023 + year, 10, 9) + timedelta(days=int(rng.integers(0, 330)))
            retired = bool(rng.random() < 0.2)
            rows.append(
                {
                    "role": role,
                    "review_date": day,
                    "department_key": DEPARTMENTS[department],
                    "step": 3,
                    "status": "done",
                    "findings": f"Blocks customers: {POLICIES[int(rng.integers(0, len(POLICIES)))]}",
                    "evidence_ref": f"Inspection {role} {day:%Y-%m}",
                    "owner": "Chief Operating Officer",
                    "restriction_retired": retired,
                }
            )
    rows += [_waiting(role, DEPARTMENTS[department]) for role, department in _ROLES[inspected:]]
    for step, (finding, status, day, evidence, owner) in enumerate(_GATE, 1):
        rows.append(
            {
                "role": "Company",
                "review_date": day,
                "department_key": None,
                "step": step,
                "status": status,
                "findings": finding,
                "evidence_ref": evidence,
                "owner": owner,
                "restriction_retired": False,
            }
        )
    loads = [f"protocol_review-{row['review_date']:%Y-%m}" for row in rows]
    return listing(rows).append_column("source_load_id", pa.array(loads))


def _waiting(role: str, department: str) -> dict[str, object]:
    """A role that has been on the list since the inspections began, and was never inspected."""
    return {
        "role": role,
        "review_date": _LISTED,
        "department_key": department,
        "step": 3,
        "status": "open",
        "findings": None,
        "evidence_ref": None,
        "owner": "Chief Operating Officer",
        "restriction_retired": False,
    }


def board_table(seed: int) -> pa.Table:
    """The agenda of each month's meeting, on its third Thursday; customers have had more of it since 2025."""
    rng = stream(seed, "board")
    rows: list[dict[str, object]] = []
    for month in range(MONTHS):
        first = date(2021 + (9 + month) // 12, (9 + month) % 12 + 1, 1)
        day = first + timedelta(days=(3 - first.weekday()) % 7 + 14)
        for item, minutes, customer, kpis in _BOARD_ITEMS:
            longer = 20 if customer and month >= _MORE_AIRTIME_FROM else 0
            decided = customer and rng.random() < 0.55
            due = day + timedelta(days=90)
            done = bool(decided and rng.random() < 0.7 and due < date(2026, 9, 30))
            rows.append(
                {
                    "meeting_date": day,
                    "item": item,
                    "minutes": max(5, minutes + longer + 5 * int(rng.integers(-1, 2))),
                    "is_customer": customer,
                    "kpi_ids": "[" + ", ".join(f'"{kpi}"' for kpi in kpis) + "]",
                    "decision": _DECISIONS[int(rng.integers(0, len(_DECISIONS)))] if decided else None,
                    "action_owner": _OWNERS[int(rng.integers(0, len(_OWNERS)))] if decided else None,
                    "due": due if decided else None,
                    "done_at": f"{due - timedelta(days=int(rng.integers(0, 60)))} 15:00:00+00"
                    if done
                    else None,
                    "source_load_id": f"board_item-{day:%Y-%m}",
                }
            )
    return listing(rows)


def content_table(seed: int) -> pa.Table:
    """The forty questions that customers ask most, and whether the public answer is there and right."""
    rng = stream(seed, "board", 2)
    topics = ("bill", "fault", "order", "contract", "how to")
    rank = np.arange(1, _QUESTIONS + 1)
    there = rng.random(_QUESTIONS) < np.where(rank <= 10, 0.9, 0.72)
    return pa.table(
        {
            "question_ref": [f"Q{number:02d} {topics[number % len(topics)]}" for number in rank],
            "rank": rank,
            "published_url_present": there,
            "correct": there & (rng.random(_QUESTIONS) < 0.84),
            "reviewed_on": np.datetime64("2026-09-15") - rng.integers(0, 170, _QUESTIONS),
        }
    )
