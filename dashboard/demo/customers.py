"""Who is a customer in which month, and what each spends."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, keys, labelled, money, table
from dashboard.demo.conditions import Conditions
from dashboard.demo.registry import GROUPINGS, REGIONS, SEGMENTS, SNAPSHOT_GROUPINGS, snapshot_codes
from dashboard.demo.timeline import MONTH_STARTS, MONTHS, Bools, Codes, Floats, Ints, season, stream
from dashboard.demo.truths import RENEWALS_TEAM

STATUSES = ("none", "new", "continuing", "lost", "reactivated")
NONE, NEW, CONTINUING, LOST, REACTIVATED = range(5)
NEVER = MONTHS + 100  # a month that does not come

_SEGMENT_SHARE = np.array([0.78, 0.17, 0.05])
_REGION_SHARE = np.array([0.20, 0.14, 0.17, 0.15, 0.24, 0.10])
_VOLUNTARY = np.array([0.0116, 0.0090, 0.0062])  # chance to leave by choice in a month
_INVOLUNTARY = np.array([0.0026, 0.0022, 0.0010])
_PRICE = np.array([47.0, 160.0, 1720.0])  # mean monthly spend, in euro
_PRICE_SPREAD = np.array([0.30, 0.45, 0.50])
_MARGIN = np.array([0.58, 0.60, 0.64])
_COMEBACK = 0.0025  # chance to return in a month, in the year after leaving
_PLAN_CHANGERS = 0.34  # share of the customers whose plan changes once in the five years
_STEP_UP, _STEP_DOWN = 1.18, 0.84


@dataclass(frozen=True)
class Lifecycle:
    """Every customer there ever was in a part of the company: n of them, in 60 months."""

    part: int
    segment: Ints  # (n,) index into SEGMENTS
    region: Ints  # (n,) index into REGIONS
    entry: Ints  # (n,) first month, 0 to 59; -1 and below: that many months before the simulation
    status: Codes  # (n, 60) index into STATUSES, at the end of the month
    chose_to_leave: Bools  # (n, 60) left by choice in the month
    source: Ints  # (n,) 0 earned, 1 bought, 2 unknown
    price: Floats  # (n,) euro a month at first
    changes_plan: Ints  # (n,) the month from which another plan holds, or NEVER
    step: Floats  # (n,) what the price is multiplied by then
    may_be_asked: Bools  # (n,) consents to be asked after leaving, and to be quoted

    def __len__(self) -> int:
        return len(self.entry)

    @property
    def active(self) -> Bools:
        """Whether each is a customer at the end of each month, shape (n, 60)."""
        active: Bools = (self.status != NONE) & (self.status != LOST)
        return active

    @property
    def listed(self) -> Bools:
        """The cells that are rows of customer_month: active, or lost in that month; shape (n, 60)."""
        listed: Bools = self.status != NONE
        return listed

    @property
    def grouping(self) -> Ints:
        """Segment and region today, an index into GROUPINGS, shape (n,)."""
        return self.segment * len(REGIONS) + self.region

    @property
    def keys(self) -> pa.Array:
        """Their customer keys, in order."""
        return keys("C", len(self), self.part)

    def by_segment(self, cells: Bools | Ints) -> Ints:
        """Cells (n, 60) added up, shape (3, 60)."""
        return np.stack(
            [cells[self.segment == index].sum(axis=0, dtype=np.int64) for index in range(len(SEGMENTS))]
        )


def simulate_part(seed: int, customers: int, part: int) -> Lifecycle:
    """The life of every customer of a part; about `customers` of them are active at the end."""
    rng = stream(seed, "customers", part)
    opening = round(customers * 0.87)
    expected = opening * 0.0158 * 1.0024 ** np.arange(MONTHS) * season(10, 0.04)
    arrivals = rng.poisson(expected * rng.lognormal(0.0, 0.02, MONTHS))
    before = -rng.integers(1, 97, opening)
    entry = np.concatenate([before, np.repeat(np.arange(MONTHS), arrivals)]).astype(np.int64)
    count = len(entry)
    segment = rng.choice(3, size=count, p=_SEGMENT_SHARE)
    region = rng.choice(6, size=count, p=_REGION_SHARE)
    status, chose = _histories(rng, entry, segment)
    spread = _PRICE_SPREAD[segment]
    changing = rng.random(count) < _PLAN_CHANGERS
    return Lifecycle(
        part=part,
        segment=segment,
        region=region,
        entry=entry,
        status=status,
        chose_to_leave=chose,
        source=rng.choice(3, size=count, p=[0.31, 0.60, 0.09]),
        price=_PRICE[segment] * rng.lognormal(-(spread**2) / 2, spread, count),
        changes_plan=np.where(changing, rng.integers(1, MONTHS, count), NEVER),
        step=np.where(rng.random(count) < 0.47, _STEP_UP, _STEP_DOWN),
        may_be_asked=rng.random(count) < 0.62,
    )


def _histories(rng: np.random.Generator, entry: Ints, segment: Ints) -> tuple[Codes, Bools]:
    count = len(entry)
    status: Codes = np.zeros((count, MONTHS), dtype=np.int8)
    chose: Bools = np.zeros((count, MONTHS), dtype=np.bool_)
    active = entry < 0
    gone_since = np.full(count, -100)
    calm = 1.0 + RENEWALS_TEAM.path()
    for month in range(MONTHS):
        draw = rng.random(count)
        tenure = month - entry
        unsettled = np.where(tenure < 12, 1.25, np.where(tenure < 36, 1.0, 0.92))
        by_choice = _VOLUNTARY[segment] * unsettled * calm[month]
        leaves = active & (draw < by_choice + _INVOLUNTARY[segment])
        returns = ~active & (month - gone_since <= 12) & (draw < _COMEBACK)
        joins = entry == month
        status[active, month] = CONTINUING
        status[leaves, month] = LOST
        status[returns, month] = REACTIVATED
        status[joins, month] = NEW
        chose[:, month] = leaves & (draw < by_choice)
        gone_since[leaves] = month
        active = (active & ~leaves) | returns | joins
    return status, chose


def spending(seed: int, lifecycle: Lifecycle, conditions: Conditions) -> Ints:
    """What each listed customer pays for the subscription in each month, in cents, shape (n, 60); else 0."""
    rng = stream(seed, "spending", lifecycle.part)
    count = len(lifecycle)
    noise = rng.normal(1.0, 0.03, (count, MONTHS))
    part = np.where((lifecycle.status == NEW) | (lifecycle.status == LOST), 0.5, 1.0)
    changed = np.arange(MONTHS)[None, :] >= lifecycle.changes_plan[:, None]
    step = np.where(changed, lifecycle.step[:, None], 1.0)
    path = np.exp(conditions.spend)[None, :]
    amount = lifecycle.price[:, None] * path * noise * part * step * lifecycle.listed
    cents: Ints = np.rint(np.maximum(amount, 0.0) * 100).astype(np.int64)
    return cents


def margins(lifecycle: Lifecycle, revenue: Ints) -> Ints:
    """Gross margin in cents, shape (n, 60)."""
    cents: Ints = np.rint(revenue * _MARGIN[lifecycle.segment][:, None]).astype(np.int64)
    return cents


def order_margins(segment: Ints, amount: Ints) -> Ints:
    """Gross margin of orders in cents, an order each."""
    cents: Ints = np.rint(amount * _MARGIN[segment]).astype(np.int64)
    return cents


def month_table(lifecycle: Lifecycle, revenue: Ints, cost: Ints) -> pa.Table:
    """One row per customer and month while active, and one for the month in which they left."""
    month, who = np.nonzero(lifecycle.listed.T)
    status = lifecycle.status[who, month].astype(np.int64)
    groups = snapshot_codes(lifecycle.segment[who], lifecycle.region[who], month)
    return table(
        "customer_month",
        month,
        {
            "customer_key": labelled(who, lifecycle.keys),
            "month": MONTH_STARTS[month],
            "active": status != LOST,
            "status": labelled(status, STATUSES),
            "revenue": money(revenue[who, month]),
            "gross_margin": money(margins(lifecycle, revenue)[who, month]),
            "cost_to_serve": money(cost[who, month]),
            "currency": euro(len(who)),
            "grouping_key": labelled(groups, SNAPSHOT_GROUPINGS),
        },
    )


def customer_table(seed: int, lifecycle: Lifecycle, opted_out: Bools) -> pa.Table:
    """One row per customer; no names, no addresses. Who opted out of messages does not consent any more."""
    rng = stream(seed, "traits", lifecycle.part)
    count = len(lifecycle)
    months = MONTH_STARTS[0].astype("M8[M]") + lifecycle.entry
    return table(
        "customer",
        np.maximum(lifecycle.entry, 0),
        {
            "customer_key": lifecycle.keys,
            "grouping_key": labelled(lifecycle.grouping, GROUPINGS),
            "segment": labelled(lifecycle.segment, SEGMENTS),
            "region": labelled(lifecycle.region, REGIONS),
            "account_type": labelled((lifecycle.segment > 0).astype(np.int64), ("b2c", "b2b")),
            "first_active": months.astype("M8[D]") + rng.integers(1, 27, count),
            "acquisition_source": labelled(lifecycle.source, ("earned", "bought", "unknown")),
            "referral_flag": (lifecycle.source == 0) & (rng.random(count) < 0.7),
            "consent_marketing": ~opted_out,
            "consent_research": lifecycle.may_be_asked,
        },
    )
