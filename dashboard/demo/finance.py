"""The management accounts. Revenue and costs are positive; each line ties to the operations beneath it."""

from dataclasses import dataclass

import numpy as np

from dashboard.demo.people import Staff
from dashboard.demo.registry import SEGMENTS
from dashboard.demo.serving_cost import Tally, in_arrears
from dashboard.demo.timeline import MONTHS, Floats, Ints, season, stream
from dashboard.demo.truths import (
    COMPLAINTS_TO_BOARD_FEES,
    FAILURE_TO_QUALITY_COST,
    RIGHT_FIRST_TIME_PROGRAMME,
    Lead,
)

ENTITIES = (*SEGMENTS, "Group")
GROUP = len(SEGMENTS)
BOARD_FEES = "Fees of the complaints board"
_INTERNAL_SHARE = 0.3  # of what a failed delivery costs, the part that is found before the customer sees it
_ACQUISITION = np.array([310.0, 780.0, 3900.0])  # euro per new customer, by segment
_SALARY = 3150.0  # a month
_COVER = 21.0  # euro for each hour of absence that has to be covered
_AGENCY_SHARE = 0.35  # of the cover that is bought outside
_DEBTOR_DAYS = 31.0


@dataclass(frozen=True)
class Account:
    """A line of the accounts: cents by entity and month, shape (4, 60)."""

    name: str
    group: str
    cents: Ints


def keep_books(seed: int, tally: Tally, staff: Staff) -> tuple[Account, ...]:
    """Every account of the company."""
    rng = stream(seed, "books")
    [apart] = rng.spawn(1)
    late = _in_arrears(tally.failed, FAILURE_TO_QUALITY_COST)
    failure_cost = late * rng.normal(1.0, 0.015, MONTHS)[None, :]
    board_fees = _in_arrears(tally.complaints, COMPLAINTS_TO_BOARD_FEES)
    revenue = tally.subscriptions + tally.orders
    lines = (
        ("Subscriptions and usage", "revenue", tally.subscriptions),
        ("Orders", "revenue", tally.orders),
        # Every invoice is known by customer; the line is kept to show that nothing is left over.
        ("Revenue not allocated to customers", "revenue", np.zeros_like(revenue)),
        ("Network and interconnection", "cogs", revenue - tally.gross_margin),
        ("Contact centre", "service", tally.contact_centre),
        ("Service overhead", "service", tally.overhead),
        ("Field visits", "delivery", tally.visits),
        ("Repeat visits", "delivery", tally.repeat_visits),
        ("Rework", "internal_failure", _cents(failure_cost * _INTERNAL_SHARE)),
        ("Credits and returns", "external_failure", _cents(failure_cost * (1 - _INTERNAL_SHARE))),
        ("Redress", "redress", tally.redress),
        (BOARD_FEES, "other_opex", _cents(board_fees * apart.normal(1.0, 0.015, MONTHS)[None, :])),
        ("Campaign messages", "promotion", tally.messages),
        ("Sales commission and offers", "acquisition", _acquisition(rng, tally)),
    )
    segments = tuple(Account(name, group, _entities(cents)) for name, group, cents in lines)
    return segments + _shared(rng, revenue.sum(axis=0) / 100, staff)


def _in_arrears(happened: Ints, lead: Lead) -> Floats:
    """What is paid for each event when its lag is over, in euro."""
    return in_arrears(happened, lead.lag_months) * lead.strength


def _entities(cents: Ints) -> Ints:
    """Segments first; nothing for the group."""
    return np.vstack([cents, np.zeros((1, MONTHS), np.int64)])


def _acquisition(rng: np.random.Generator, tally: Tally) -> Ints:
    """Half follows the customers won, half is a budget that follows the size of the business."""
    size = tally.active.sum(axis=0)
    budget = tally.won.mean(axis=1, keepdims=True) * (season(10, 0.04) * size / size.mean())[None, :]
    euro = _ACQUISITION[:, None] * 0.5 * (tally.won + budget) * rng.normal(1.0, 0.03, MONTHS)[None, :]
    return _cents(euro)


def _shared(rng: np.random.Generator, revenue: Floats, staff: Staff) -> tuple[Account, ...]:
    """Costs that no segment carries. Hiring follows the leavers of this month and the one before, and what
    cover costs follows the hours of absence."""
    scale = revenue[:12].mean()
    leavers = staff.leavers().astype(float)
    hiring = 5200.0 * (0.5 * leavers + 0.5 * np.concatenate([leavers[:1], leavers[:-1]])) + 0.003 * scale
    programme = RIGHT_FIRST_TIME_PROGRAMME.path() / RIGHT_FIRST_TIME_PROGRAMME.size
    people = staff.headcount() * _SALARY
    cover = staff.absent_hours() * _COVER
    lines = (
        ("Salaries", "people", people, 0.006),
        ("Bonuses", "variable_pay", people * 0.08, 0.02),
        ("Overtime", "overtime", people * 0.012 + cover * (1 - _AGENCY_SHARE), 0.03),
        ("Agency staff", "agency", people * 0.006 + cover * _AGENCY_SHARE, 0.04),
        ("Hiring and training", "hiring_training", hiring, 0.03),
        ("Advertising", "promotion", np.full(MONTHS, 0.026 * scale), 0.05),
        ("Quality department", "quality", np.full(MONTHS, 0.008 * scale), 0.02),
        ("Quality programme", "prevention", scale * (0.002 + 0.006 * programme), 0.03),
        ("Inspection", "appraisal", np.full(MONTHS, 0.004 * scale), 0.03),
        ("Customer platform", "cx_platform", np.full(MONTHS, 0.006 * scale), 0.02),
        ("Research and development", "rnd", np.full(MONTHS, 0.02 * scale), 0.02),
        ("Other operating costs", "other_opex", np.full(MONTHS, 0.06 * scale), 0.02),
        ("Trade receivables at the end of the month", "working_capital", revenue * _DEBTOR_DAYS / 30.4, 0.03),
    )
    return tuple(
        Account(name, group, _group_only(_cents(euro * rng.normal(1.0, noise, MONTHS))))
        for name, group, euro, noise in lines
    )


def _group_only(cents: Ints) -> Ints:
    return np.vstack([np.zeros((GROUP, MONTHS), np.int64), cents])


def _cents(euro: Floats) -> Ints:
    cents: Ints = np.rint(np.maximum(euro, 0.0) * 100).astype(np.int64)
    return cents
