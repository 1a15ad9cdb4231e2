"""What is true of Meridian Communications: the one source of the simulation and of the tests of it.

Months count from 1 (October 2021) to 60 (September 2026).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.demo.timeline import MONTHS, Floats


@dataclass(frozen=True)
class Shift:
    """A lasting change of a level: it starts in `month` and is complete after `ramp` months."""

    subject: str
    month: int
    size: float  # in the unit of the subject
    ramp: int
    text: str

    def path(self) -> Floats:
        """The part of `size` that has been reached in each month, shape (60,)."""
        reached = (np.arange(1, MONTHS + 1) - self.month + 1) / self.ramp
        return self.size * np.clip(reached, 0.0, 1.0)

    @property
    def start(self) -> date:
        """The first day of the first month that feels it."""
        months = 2021 * 12 + 9 + self.month - 1
        return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True)
class Lead:
    """One series moves another some months later, by `strength` per unit of the leader."""

    leader: str
    follower: str
    lag_months: int
    strength: float
    text: str


@dataclass(frozen=True)
class Level:
    """A figure with no lasting change: `level` with common-cause variation alone."""

    subject: str
    level: float
    text: str


@dataclass(frozen=True)
class Unrelated:
    """Two series that have nothing to do with one another, whatever one would like to believe."""

    customer: str
    financial: str
    text: str


BILLING_CHANGE = Shift(
    "complaints_per_1000", 47, 2.2, 1,
    "The new bill of August 2025 raised complaints by about 2.2 per 1,000 customers; redress followed.",
)  # fmt: skip
RIGHT_FIRST_TIME_PROGRAMME = Shift(
    "right_first_time_rate", 40, 0.030, 2,
    "The right-first-time programme, from January 2025, raised right first time by about three points.",
)  # fmt: skip
NPS_RISE = Shift(
    "net_promoter_score", 53, 6.0, 1,
    "The Net Promoter Score has been about six points higher since February 2026.",
)  # fmt: skip
RENEWALS_TEAM = Shift(
    "voluntary_churn_rate", 50, -0.25, 2,
    "Since the renewals team started in November 2025, a quarter fewer customers choose to leave.",
)  # fmt: skip
SHIFTS = (BILLING_CHANGE, RIGHT_FIRST_TIME_PROGRAMME, NPS_RISE, RENEWALS_TEAM)

FAILURE_TO_QUALITY_COST = Lead(
    "right_first_time_rate", "cost_of_poor_quality_ratio", 3, 430.0,
    "A failed delivery costs about €430 in credits and rework, booked one quarter later.",
)  # fmt: skip
FAILURE_TO_COST_TO_SERVE = Lead(
    "right_first_time_rate", "cost_to_serve_per_customer", 3, 210.0,
    "A failed delivery costs about €210 in repeat visits, invoiced by contractors one quarter later.",
)  # fmt: skip
NPS_TO_REVENUE_GROWTH = Lead(
    "net_promoter_score", "revenue_growth", 9, 0.0055,
    "Each point of NPS adds about 0.55 points of revenue growth: customers spend more three quarters later."
    " The rise of February 2026 has therefore not reached revenue by the end of the data.",
)  # fmt: skip
LEADS = (FAILURE_TO_QUALITY_COST, FAILURE_TO_COST_TO_SERVE, NPS_TO_REVENUE_GROWTH)

EMPLOYEE_NPS = Level(
    "employee_net_promoter_score", 14.0, "Employees recommend Meridian as much as they always did."
)
TRUST = Level("trust_score", 0.58, "Trust has not changed.")
EFFORT = Level("customer_effort_score", 0.66, "It has become neither easier nor harder to get help.")
SATISFACTION = Level("customer_satisfaction", 0.71, "Satisfaction wanders a little and moves nothing.")
REPEAT_CONTACT = Level(
    "repeat_contact_rate", 0.24, "As many issues as ever need a second contact within seven days."
)
LEVELS = (EMPLOYEE_NPS, TRUST, EFFORT, SATISFACTION, REPEAT_CONTACT)

UNRELATED = (
    Unrelated("customer_satisfaction", "customers_acquired", "Satisfaction does not move new sales."),
    Unrelated(
        "employee_net_promoter_score", "attrition_cost", "What hiring costs follows leavers, not eNPS."
    ),
    Unrelated("trust_score", "customer_acquisition_cost", "Acquisition spend follows its budget, not trust."),
)

NPS_BASE = 32.0
COMPLAINTS_BASE = 6.0  # per 1,000 active customers a month
FAILURE_BASE = 0.145  # share of deliveries that fail for a known reason
