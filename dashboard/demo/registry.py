"""What Meridian is made of: segments, regions, channels, departments, journeys and policies."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from dashboard.demo.timeline import Ints

CURRENCY = "EUR"
SEGMENTS = ("Consumer", "Small business", "Enterprise")
REGIONS = ("North", "South", "East", "West", "Centre", "Coast")
RENAMED_REGION = REGIONS.index("Centre")  # it was called Midlands before
FORMER_NAME = "Midlands"
RENAMED_IN = 24  # the month, 0 to 59, from which the new name holds: October 2023
CHANNELS = ("web", "retail", "phone", "chat", "field", "partner", "social", "ombudsman")
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
FRONT_LINE = (True, True, True, True, False, False, False, False)
COMPETITORS = ("Competitor A", "Competitor B", "Competitor C")
POLICIES = (
    "P-01 Proof of purchase for every exchange",
    "P-02 No credit above 50 euro without a manager",
    "P-03 Contract changes on the anniversary only",
    "P-04 One repair visit a month",
    "P-05 Written notice to cancel",
    "P-06 No refund after 14 days",
    "P-07 Identity check on every call",
    "P-08 Address change by letter",
)
RETIRED_POLICY = 4  # written notice to cancel


@dataclass(frozen=True)
class Step:
    """A step of a journey: what happens, who does it (an index into DEPARTMENTS), and in how many days."""

    label: str
    department: int
    target_days: float


@dataclass(frozen=True)
class Journey:
    """What a customer wants to get done, across departments. `rate`: started a month per active customer."""

    key: str
    priority: bool
    rate: float
    trouble: float  # chance that a step fails or is abandoned
    end_score: float  # share who are content with the journey as a whole
    steps: tuple[Step, ...]


JOURNEYS = (
    Journey(
        "join", True, 0.0, 0.030, 0.74,
        (Step("Order taken", 3, 1), Step("Credit checked", 4, 1), Step("Line activated", 1, 4),
         Step("Welcome call", 0, 3)),
    ),
    Journey(
        "get_help", True, 0.045, 0.045, 0.66,
        (Step("Fault reported", 0, 0.5), Step("Line tested", 5, 1), Step("Visit made", 1, 3),
         Step("Repair confirmed", 0, 1)),
    ),
    Journey(
        "pay", True, 0.030, 0.040, 0.62,
        (Step("Bill questioned", 0, 0.5), Step("Bill examined", 4, 3), Step("Bill put right", 4, 2)),
    ),
    Journey(
        "move", False, 0.014, 0.075, 0.49,
        (Step("Move announced", 0, 0.5), Step("New line planned", 5, 4), Step("Line moved", 1, 5),
         Step("Bill moved", 4, 3)),
    ),
    Journey(
        "self_service", True, 0.070, 0.075, 0.71,
        (Step("Task begun", 5, 0.02), Step("Answer or form found", 5, 0.02), Step("Task completed", 5, 0.02)),
    ),
    Journey(
        "renew", False, 0.020, 0.050, 0.70,
        (Step("Offer sent", 6, 2), Step("Price decided", 3, 3), Step("Contract renewed", 4, 1)),
    ),
)  # fmt: skip


def group_key(segment: str, region: str) -> str:
    """`small-business.north`."""
    return f"{segment.lower().replace(' ', '-')}.{region.lower()}"


# Segment and region together, and after them the three of the region under its former name.
GROUPINGS = tuple(group_key(segment, region) for segment in SEGMENTS for region in REGIONS)
SNAPSHOT_GROUPINGS = GROUPINGS + tuple(group_key(segment, FORMER_NAME) for segment in SEGMENTS)


def snapshot_codes(segment: Ints, region: Ints, month: Ints) -> Ints:
    """The grouping, an index into SNAPSHOT_GROUPINGS, as it was called in that month."""
    former = (region == RENAMED_REGION) & (month < RENAMED_IN)
    return np.where(former, len(GROUPINGS) + segment, segment * len(REGIONS) + region)


def channel_table() -> pa.Table:
    """The channels. The last one is where customers turn to when we do not listen."""
    labels = (
        "Web and app", "Shops", "Phone", "Chat", "Field", "Partners", "Social media",
        "Regulator and ombudsman",
    )  # fmt: skip
    kinds = (*CHANNELS[:7], "partner")
    public = [channel in {"social", "ombudsman"} for channel in CHANNELS]
    return pa.table({"channel_key": CHANNELS, "label": labels, "kind": kinds, "public": public})


def department_table() -> pa.Table:
    """The eight departments."""
    functions = ("service", "delivery", "sales", "sales", "finance", "it", "marketing", "hr")
    labels = [key.replace("_", " ").capitalize() for key in DEPARTMENTS]
    labels[DEPARTMENTS.index("network_it")] = "Network and IT"
    return pa.table(
        {"department_key": DEPARTMENTS, "label": labels, "front_line": FRONT_LINE, "function": functions}
    )


def journey_table() -> pa.Table:
    """The journey map: a row per step."""
    rows = [(journey, number, step) for journey in JOURNEYS for number, step in enumerate(journey.steps, 1)]
    return pa.table(
        {
            "journey_key": [journey.key for journey, _, _ in rows],
            "step_no": [number for _, number, _ in rows],
            "label": [step.label for _, _, step in rows],
            "department_key": [DEPARTMENTS[step.department] for _, _, step in rows],
            "target_days": [float(step.target_days) for _, _, step in rows],
            "priority": [journey.priority for journey, _, _ in rows],
        }
    )


def grouping_table() -> pa.Table:
    """Segments, regions, and both together; a name that ended is kept with the dates it held."""
    opened, renamed, ended = date(2013, 10, 1), date(2023, 10, 1), date(2023, 9, 30)

    def row(key: str, scheme: str, label: str, parent: str | None) -> dict[str, object]:
        return {
            "grouping_key": key,
            "scheme": scheme,
            "label": label,
            "parent_key": parent,
            "valid_from": renamed if REGIONS[RENAMED_REGION] in label else opened,
            "valid_to": ended if FORMER_NAME in label else None,
        }

    every_region = (*REGIONS, FORMER_NAME)
    rows = [row(_slug(segment), "segment", segment, None) for segment in SEGMENTS]
    rows += [row(_slug(region), "region", region, None) for region in every_region]
    rows += [
        row(group_key(segment, region), "segment and region", f"{segment}, {region}", _slug(segment))
        for segment in SEGMENTS
        for region in every_region
    ]
    return pa.Table.from_pylist(rows)


def _slug(label: str) -> str:
    return label.lower().replace(" ", "-")
