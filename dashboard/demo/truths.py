"""What is true of Meridian Communications: the one source of the simulation and of the tests of it.

Months count from 1 (October 2021) to 60 (September 2026). docs/meridian.md tells the same in prose.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.demo.registry import GROUPINGS, REGIONS
from dashboard.demo.timeline import MONTHS, Floats


def month_start(month: int) -> date:
    """The first day of a month that counts from 1."""
    months = 2021 * 12 + 9 + month - 1
    return date(months // 12, months % 12 + 1, 1)


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
        return month_start(self.month)


@dataclass(frozen=True)
class Lead:
    """One series moves another some months later; `strength` is euro an event, or growth a point."""

    leader: str
    follower: str
    lag_months: int
    sign: str  # of the follower, as the leader rises
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


@dataclass(frozen=True)
class Driver:
    """What customers may recommend for: `weight` ties it to their score, `level` is the share who agree."""

    question: str
    weight: float
    level: float
    text: str


@dataclass(frozen=True)
class Trial:
    """An initiative in some groupings (`treated`) and not in others. `effect` is in the unit of the KPI."""

    initiative: str
    kpi: str
    month: int
    effect: float
    treated: tuple[str, ...]  # of GROUPINGS; the others are the controls
    verdict: str
    text: str

    @property
    def start(self) -> date:
        """The first day of the first month with the initiative."""
        return month_start(self.month)


@dataclass(frozen=True)
class Gap:
    """What the company believes of its customers, and what they say: shares who answer 4 or 5 of 5."""

    item: str
    company: float
    customers: float
    text: str


@dataclass(frozen=True)
class Skew:
    """Long-standing customers answer more often (`odds`), and are more content (`lift`, as a share)."""

    question: str
    tenure_months: int
    odds: float
    lift: float
    text: str


@dataclass(frozen=True)
class Recoding:
    """A reason that agents enter too often: its share as entered, and as interviews find it."""

    reason: str
    entered: float
    found: float
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
POLICY_RETIRED = Shift(
    "policy_blocked_rate", 44, -1.0, 1,
    "Written notice to cancel is no longer asked for since May 2025: contacts that it blocked are gone.",
)  # fmt: skip
SHIFTS = (BILLING_CHANGE, RIGHT_FIRST_TIME_PROGRAMME, NPS_RISE, RENEWALS_TEAM, POLICY_RETIRED)

FAILURE_TO_QUALITY_COST = Lead(
    "right_first_time_rate", "cost_of_poor_quality_ratio", 3, "minus", 430.0,
    "A failed delivery costs about €430 in credits and rework, booked one quarter later.",
)  # fmt: skip
FAILURE_TO_COST_TO_SERVE = Lead(
    "right_first_time_rate", "cost_to_serve_per_customer", 3, "minus", 210.0,
    "A failed delivery costs about €210 in repeat visits, invoiced by contractors one quarter later.",
)  # fmt: skip
NPS_TO_GROWTH = Lead(
    "net_promoter_score", "earned_growth_rate", 9, "plus", 0.0055,
    "Each point of NPS adds about 0.55 points of earned growth, and so of revenue growth: customers spend"
    " more three quarters later. The rise of February 2026 has therefore not reached revenue yet.",
)  # fmt: skip
COMPLAINTS_TO_BOARD_FEES = Lead(
    "complaints_per_1000", "complaints_board_fees", 6, "plus", 85.0,
    "A complaint costs about €85 in fees of the complaints board, which bills them two quarters later.",
)  # fmt: skip
LEADS = (FAILURE_TO_QUALITY_COST, FAILURE_TO_COST_TO_SERVE, NPS_TO_GROWTH, COMPLAINTS_TO_BOARD_FEES)

EMPLOYEE_NPS = Level(
    "employee_net_promoter_score", 14.0, "Employees recommend Meridian as much as they always did."
)
TRUST = Level("trust_score", 0.58, "Trust has not changed.")
EFFORT = Level("customer_effort_score", 0.66, "It has become neither easier nor harder to get help.")
SATISFACTION = Level("customer_satisfaction", 0.68, "Satisfaction wanders a little and moves nothing.")
LEVELS = (EMPLOYEE_NPS, TRUST, EFFORT, SATISFACTION)

UNRELATED = (
    Unrelated("customer_satisfaction", "customers_acquired", "Satisfaction does not move new sales."),
    Unrelated(
        "employee_net_promoter_score", "attrition_cost", "What hiring costs follows leavers, not eNPS."
    ),
    Unrelated("trust_score", "customer_acquisition_cost", "Acquisition spend follows its budget, not trust."),
)

_EVEN = tuple(key for place, key in enumerate(GROUPINGS) if (place // len(REGIONS) + place) % 2 == 0)
_ODD = tuple(key for key in GROUPINGS if key not in _EVEN)
ONE_CALL = Trial(
    "I-03", "first_contact_resolution", 49, 0.021, _EVEN, "works",
    "One call, one answer, from October 2025 in nine of eighteen groupings, raised first contact resolution"
    " there by 2.1 points.",
)  # fmt: skip
SECOND_INSPECTION = Trial(
    "I-05", "right_first_time_rate", 46, 0.0, _ODD, "does not work",
    "A second inspection before delivery, from July 2025 in nine of eighteen groupings, changed nothing.",
)  # fmt: skip
NEW_PLATFORM = Trial(
    "I-07", "customer_effort_score", 44, 0.0, GROUPINGS, "cannot be judged",
    "The new customer platform of May 2025 came to everyone on one day: there is nothing to compare it with.",
)  # fmt: skip
TRIALS = (ONE_CALL, SECOND_INSPECTION, NEW_PLATFORM)

KNOWS_WHAT_I_NEED = Gap(
    "knows_what_customers_need", 0.61, 0.22,
    "61 % of managers believe that Meridian knows what its customers need; 22 % of the customers agree.",
)  # fmt: skip
SATISFACTION_SKEW = Skew(
    "csat_overall", 36, 3.0, 0.16,
    "Customers of three years and more answer the satisfaction survey three times as often, and are happier."
    " Counted plainly, satisfaction is about four points too high; the weights put it right.",
)  # fmt: skip
PRICE_RECODED = Recoding(
    "price", 0.46, 0.17,
    "Agents enter price for 46 % of those who choose to leave; interviews with such leavers find 17 %.",
)  # fmt: skip

LOYALTY_DRIVERS = (
    Driver("network_works", 0.55, 0.52, "The network goes most with whether customers would recommend."),
    Driver("easy_to_reach", 0.35, 0.61, "How easy it is to reach us comes second."),
    Driver("bills_are_clear", 0.22, 0.47, "Whether bills are clear comes third, and scores lowest of all."),
    Driver("staff_are_kind", 0.12, 0.74, "Kind staff matter a little, and are what customers like best."),
    Driver("shops_are_pleasant", 0.0, 0.66, "How pleasant the shops are has nothing to do with it."),
)

NPS_BASE = 32.0
COMPLAINTS_BASE = 6.0  # per 1,000 active customers a month
FAILURE_BASE = 0.145  # share of deliveries that fail for a known reason
REPEAT_BASE = 0.24  # share of issues that need a second contact within seven days, without ONE_CALL
