"""What was started for customers, what it cost, and what came of it."""

from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from dashboard.demo.columns import listing
from dashboard.demo.registry import DEPARTMENTS, GROUPINGS
from dashboard.demo.timeline import LAST_DAY, stream
from dashboard.demo.truths import NEW_PLATFORM, ONE_CALL, SECOND_INSPECTION, TRIALS, month_start

_CCO, _COO, _CFO = "Chief Customer Officer", "Chief Operating Officer", "Chief Financial Officer"
_MILESTONES = (
    "Begun with one team",
    "Tried and mended",
    "Spread to all",
    "Settled in the daily work",
    "Kept",
)
_RAMP = 0.25  # of the planned benefit more in each quarter, until all of it


@dataclass(frozen=True)
class Initiative:
    """One undertaking. Euro are for each quarter, at the size of 20,000 customers."""

    key: str
    title: str
    owner: str
    departments: tuple[int, ...]  # indices into DEPARTMENTS
    journey: str | None
    kpi: str | None
    kind: str
    month: int  # counts from 1
    last_month: int | None
    end_reason: str | None
    strategy: str | None
    process: str | None
    technology: str | None
    signal: str | None  # of customers
    design: str
    cost: int
    planned: int
    realised: float | None  # measured benefit as a share of the planned one; None: cannot be measured
    slow: bool = False  # most of the benefit comes after a year


INITIATIVES = (
    Initiative("I-01", "Right-first-time programme", _COO, (1, 5, 4), "join", "right_first_time_rate",
        "process", 38, None, None,
               "Strategy 2025, 2", "New hand-over list for field work", "Slot planner",
               "Complaints about missed visits", "its", 62_000, 110_000, 0.84),
    Initiative("I-02", "Renewals team", "Chief Commercial Officer", (3, 6, 0), "renew",
        "voluntary_churn_rate", "organisation", 49, None, None,
               "Strategy 2025, 4", "Renewal talk 90 days ahead", None, "Exit interviews of 2025", "its",
               48_000, 95_000, 0.77),
    Initiative(ONE_CALL.initiative, "One call, one answer", _CCO, (0, 5, 4), "get_help", ONE_CALL.kpi,
        "process", ONE_CALL.month, None, None,
               "Strategy 2025, 2", "Agents keep a case until it is closed", "Shared case notes",
               "Survey comments on repeating oneself", "did", 35_000, 60_000, 1.04),
    Initiative("I-04", "Written notice to cancel retired", _CCO, (4, 0), "renew", "policy_blocked_rate",
        "policy_removal", 44, 47, "achieved",
               "Code of conduct 2025", "Cancelling by any channel", None, "Complaints about the policy",
               "its", 6_000, 9_000, 0.90),
    Initiative(SECOND_INSPECTION.initiative, "Second inspection before delivery", _COO, (1,), "join",
        SECOND_INSPECTION.kpi, "process",
               SECOND_INSPECTION.month, None, None, "Strategy 2025, 2", "Second inspection at the depot",
               None, None, "did", 41_000, 70_000, 0.03),
    Initiative("I-06", "New bill", _CFO, (4,), "pay", "cost_to_serve_per_customer", "technology", 47,
        None, None,
               None, None, "Billing system, release 9", None, "none", 52_000, 80_000, None),
    Initiative(NEW_PLATFORM.initiative, "New customer platform", _CCO, (6, 5), None, NEW_PLATFORM.kpi,
        "technology", NEW_PLATFORM.month, None, None,
               "Strategy 2025, 5", None, "Customer platform", None, "none", 145_000, 220_000, None,
               slow=True),
    Initiative("I-08", "Loyalty points", "Chief Marketing Officer", (6,), None, "net_promoter_score",
        "marketing", 14, 20, "stopped: another priority",
               None, None, "Points engine", None, "none", 38_000, 50_000, None),
    Initiative("I-09", "Answers online", _CCO, (6, 0, 5), "self_service", "online_information_coverage",
        "content", 40, None, None,
               "Strategy 2025, 3", "A page has an owner and a date", "Search",
               "Contacts that asked how to", "its", 14_000, 26_000, 0.66),
    Initiative("I-10", "Moving house in one call", _CCO, (0, 5, 1, 4), "move", "journey_experience_score",
        "process", 52, None, None,
               "Strategy 2025, 2", "One owner of a move", "Move planner", "Journey interviews 2026",
               "none", 27_000, 64_000, None, slow=True),
    Initiative("I-11", "Mystery shopping", "Chief Commercial Officer", (2,), None, None, "research", 20,
        26, "stopped: budget",
               None, None, None, None, "none", 12_000, 10_000, None),
    Initiative("I-12", "Complaint academy", _CCO, (0, 4, 7), "pay", "complaint_on_time_rate", "training",
        28, 39, "achieved",
               "Strategy 2023, 1", "Complaint handling in one place", None,
               "Complaints about no call back", "its", 21_000, 30_000, 0.95),
    Initiative("I-13", "Chat robot", "Chief Information Officer", (5,), "self_service", "contact_cost",
        "technology", 31, 37, "stopped: effort rose",
               "Strategy 2023, 4", None, "Robot", None, "its", 44_000, 90_000, -0.2),
    Initiative("I-14", "Identity check shortened", _CCO, (0, 5), None, "policy_blocked_rate",
        "policy_removal", 57, None, None,
               "Code of conduct 2025", "Voice instead of five questions", "Voice check",
               "Survey comments on waiting", "none", 9_000, 15_000, None),
)  # fmt: skip


def initiative_table() -> pa.Table:
    """One row per initiative; one without end is still under way."""
    with_control = {
        trial.initiative: f"{trial.initiative}-controls" for trial in TRIALS if trial is not NEW_PLATFORM
    }
    return listing(
        [
            {
                "initiative_key": item.key,
                "title": item.title,
                "owner": item.owner,
                "department_keys": "["
                + ", ".join(f'"{DEPARTMENTS[place]}"' for place in item.departments)
                + "]",
                "journey_key": item.journey,
                "kpi_id": item.kpi,
                "belief_ref": item.kpi,
                "type": item.kind,
                "start": month_start(item.month),
                "end": month_start(item.last_month) if item.last_month else None,
                "end_reason": item.end_reason,
                "strategy_ref": item.strategy,
                "process_change": item.process,
                "technology": item.technology,
                "customer_signal_ref": item.signal,
                "design": item.design,
                "control_ref": with_control.get(item.key),
            }
            for item in INITIATIVES
        ]
    )


def period_table(seed: int, customers: int) -> pa.Table:
    """One row per initiative and 90 days: a milestone, the cost, and planned, claimed and measured benefit.

    The measured benefit is null where nothing can be compared, and for quarters that have not ended.
    """
    rng = stream(seed, "initiatives")
    scale = customers / 20_000
    rows: list[dict[str, object]] = []
    for item in INITIATIVES:
        start = month_start(item.month)
        end = month_start(item.last_month) if item.last_month else LAST_DAY
        quarter, day = 0, start
        while day < end:
            due = day + timedelta(days=90)
            met = due - timedelta(days=int(rng.integers(-25, 60)))
            happened = met <= LAST_DAY and rng.random() < 0.93
            late_start = 5 if item.slow else 0
            reached = min(1.0, max(0, quarter + 1 - late_start) * _RAMP)
            planned = item.planned * scale * reached * (2.2 if item.slow else 1.0)
            over = due <= LAST_DAY
            measured = (
                None if item.realised is None or not over else planned * item.realised * rng.normal(1, 0.06)
            )
            rows.append(
                {
                    "initiative_key": item.key,
                    "period": day,
                    "milestone": f"{quarter + 1}: {_MILESTONES[min(quarter, len(_MILESTONES) - 1)]}",
                    "due": due,
                    "met_at": f"{met} 12:00:00+00" if happened else None,
                    "cost": round(
                        item.cost * scale * (1.6 if quarter == 0 else 1.0) * rng.normal(1, 0.04), 2
                    ),
                    "planned_benefit": round(planned, 2),
                    "claimed_benefit": round(planned * rng.normal(1.15, 0.08), 2) if over else None,
                    "measured_benefit": None if measured is None else round(measured, 2),
                    "currency": "EUR",
                    "se": None if measured is None else round(0.22 * item.planned * scale, 4),
                    "source_load_id": f"initiative_period-{min(day, date(2026, 9, 1)):%Y-%m}",
                }
            )
            day, quarter = due, quarter + 1
    return listing(rows)


def unit_table() -> pa.Table:
    """Who had an initiative and who did not. Where everyone had it there is no control to compare with."""
    return listing(
        [
            {
                "initiative_key": trial.initiative,
                "unit": unit,
                "arm": "treated" if unit in trial.treated else "control",
                "from_date": trial.start if unit in trial.treated else None,
            }
            for trial in TRIALS
            for unit in GROUPINGS
        ]
    )
