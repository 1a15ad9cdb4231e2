"""Who is a customer in which month, why they leave, and what they spend."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.schema import REGIONS, SEGMENTS, keys, labelled
from dashboard.demo.timeline import MONTH_STARTS, MONTHS, Bools, Codes, Floats, Ints, Times, season, stream
from dashboard.demo.truths import NPS_TO_REVENUE_GROWTH, RENEWALS_TEAM

STATUSES = ("none", "new", "continuing", "lost", "reactivated")
NONE, NEW, CONTINUING, LOST, REACTIVATED = range(5)

_SEGMENT_SHARE = np.array([0.78, 0.17, 0.05])
_REGION_SHARE = np.array([0.20, 0.14, 0.17, 0.15, 0.24, 0.10])
_VOLUNTARY = np.array([0.0116, 0.0090, 0.0062])  # chance to leave by choice in a month
_INVOLUNTARY = np.array([0.0026, 0.0022, 0.0010])
_PRICE = np.array([47.0, 160.0, 1720.0])  # mean monthly spend, in euro
_PRICE_SPREAD = np.array([0.30, 0.45, 0.50])
_MARGIN = np.array([0.58, 0.60, 0.64])
_COMEBACK = 0.0025  # chance to return in a month, in the year after leaving
_YEARLY_GROWTH = 0.004  # of spend per customer, beside what loyalty adds

_CHOSEN_REASONS = ("price", "service", "better offer", "billing", "network", "moved to another region")
_CHOSEN_SHARE = np.array([0.27, 0.19, 0.22, 0.13, 0.12, 0.07])
_CONTROLLABLE = np.array([True, True, False, True, True, False])
INVOLUNTARY_REASONS = ("payment default", "closed or deceased")


@dataclass(frozen=True)
class Lifecycle:
    """Every customer there ever was: n of them, in 60 months."""

    segment: Ints  # (n,) index into SEGMENTS
    region: Ints  # (n,) index into REGIONS
    entry: Ints  # (n,) first month, 0 to 59; -1 and below: that many months before the simulation
    status: Codes  # (n, 60) index into STATUSES, at the end of the month
    chose_to_leave: Bools  # (n, 60) left by choice in the month

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

    def active_by_segment(self) -> Ints:
        """Active customers at the end of each month, shape (3, 60)."""
        return np.stack([self.active[self.segment == index].sum(axis=0) for index in range(len(SEGMENTS))])


def simulate(seed: int, customers: int) -> Lifecycle:
    """The life of every customer; about `customers` of them are active at the end."""
    rng = stream(seed, "customers")
    opening = round(customers * 0.87)
    expected = opening * 0.0158 * 1.0024 ** np.arange(MONTHS) * season(10, 0.04)
    arrivals = rng.poisson(expected * rng.lognormal(0.0, 0.02, MONTHS))
    before = -rng.integers(1, 97, opening)
    entry = np.concatenate([before, np.repeat(np.arange(MONTHS), arrivals)]).astype(np.int64)
    count = len(entry)
    segment = rng.choice(3, size=count, p=_SEGMENT_SHARE)
    region = rng.choice(6, size=count, p=_REGION_SHARE)
    status, chose = _histories(rng, entry, segment)
    return Lifecycle(segment, region, entry, status, chose)


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


def spending(seed: int, lifecycle: Lifecycle, loyalty: Floats) -> Ints:
    """What each listed customer pays for the subscription in each month, in cents, shape (n, 60); else 0.

    `loyalty` is the deviation of NPS from its level, from nine months before the simulation on, shape (69,).
    """
    rng = stream(seed, "finance")
    count = len(lifecycle.entry)
    spread = _PRICE_SPREAD[lifecycle.segment]
    price = _PRICE[lifecycle.segment] * rng.lognormal(-(spread**2) / 2, spread, count)
    noise = rng.normal(1.0, 0.05, (count, MONTHS))
    part = np.where((lifecycle.status == NEW) | (lifecycle.status == LOST), 0.5, 1.0)
    euro = price[:, None] * np.exp(_spend_path(loyalty))[None, :] * noise * part * lifecycle.listed
    cents: Ints = np.rint(np.maximum(euro, 0.0) * 100).astype(np.int64)
    return cents


def _spend_path(loyalty: Floats) -> Floats:
    """Logarithm of spend per customer: growth on the year before follows loyalty three quarters earlier."""
    lead = NPS_TO_REVENUE_GROWTH
    path = np.empty(MONTHS)
    for month in range(MONTHS):
        growth = _YEARLY_GROWTH + lead.strength * loyalty[month + 9 - lead.lag_months]
        path[month] = path[month - 12] + growth if month >= 12 else _YEARLY_GROWTH * month / 12
    return path


def margins(lifecycle: Lifecycle, revenue: Ints) -> Ints:
    """Gross margin in cents, shape (n, 60)."""
    cents: Ints = np.rint(revenue * _MARGIN[lifecycle.segment][:, None]).astype(np.int64)
    return cents


def customer_table(seed: int, lifecycle: Lifecycle) -> pa.Table:
    """One row per customer; no names, no addresses."""
    rng = stream(seed, "traits")
    count = len(lifecycle.entry)
    source = rng.choice(3, size=count, p=[0.31, 0.60, 0.09])
    return pa.table(
        {
            "customer_key": keys("C", count),
            "grouping_key": group_keys(lifecycle),
            "segment": labelled(lifecycle.segment, SEGMENTS),
            "region": labelled(lifecycle.region, REGIONS),
            "account_type": labelled((lifecycle.segment > 0).astype(np.int64), ("b2c", "b2b")),
            "first_active": _first_days(rng, lifecycle.entry),
            "acquisition_source": labelled(source, ("earned", "bought", "unknown")),
            "referral_flag": (source == 0) & (rng.random(count) < 0.7),
            "consent_research": rng.random(count) < 0.62,
        }
    )


def _first_days(rng: np.random.Generator, entry: Ints) -> Times:
    months = MONTH_STARTS[0].astype("M8[M]") + entry
    days: Times = months.astype("M8[D]") + rng.integers(0, 28, len(entry))
    return days


def group_keys(lifecycle: Lifecycle) -> pa.Array:
    """The grouping of each customer: segment and region together."""
    labels = [group_key(segment, region) for segment in SEGMENTS for region in REGIONS]
    return labelled(lifecycle.segment * len(REGIONS) + lifecycle.region, labels)


def group_key(segment: str, region: str) -> str:
    """`small-business.north`."""
    return f"{segment.lower().replace(' ', '-')}.{region.lower()}"


def month_table(lifecycle: Lifecycle, revenue: Ints, cost: Ints) -> pa.Table:
    """One row per customer and month while active, and one for the month in which they left."""
    month, who = np.nonzero(lifecycle.listed.T)
    status = lifecycle.status[who, month].astype(np.int64)
    paid = revenue[who, month]
    return pa.table(
        {
            "customer_key": labelled(who, keys("C", len(lifecycle.entry))),
            "month": MONTH_STARTS[month],
            "active": status != LOST,
            "status": labelled(status, STATUSES),
            "revenue": paid / 100,
            "gross_margin": margins(lifecycle, revenue)[who, month] / 100,
            "cost_to_serve": cost[who, month] / 100,
            "grouping_key": group_keys(lifecycle).take(pa.array(who)),
        }
    )


def exit_table(seed: int, lifecycle: Lifecycle, subscription: Ints) -> pa.Table:
    """One row per reason a customer left for; the weights of a case add up to 1.

    `annual_revenue` is that of the case: twelve times what was paid for the last full month.
    """
    rng = stream(seed, "exits")
    month, who = np.nonzero((lifecycle.status == LOST).T)
    cases = len(who)
    chosen = lifecycle.chose_to_leave[who, month]
    last_full = np.where(month > 0, subscription[who, np.maximum(month - 1, 0)], subscription[who, 0] * 2)
    first_reason = rng.choice(len(_CHOSEN_REASONS), size=cases, p=_CHOSEN_SHARE)
    second_reason = (first_reason + rng.integers(1, len(_CHOSEN_REASONS), cases)) % len(_CHOSEN_REASONS)
    two = chosen & (rng.random(cases) < 0.22)
    forced = len(_CHOSEN_REASONS) + (rng.random(cases) < 0.3)
    days = (MONTH_STARTS[month + 1] - MONTH_STARTS[month]).astype(np.int64)
    left_at = MONTH_STARTS[month] + (rng.random(cases) * days).astype(np.int64)
    verified = rng.choice(4, size=cases, p=[0.16, 0.27, 0.35, 0.22])
    case = np.concatenate([np.arange(cases), np.flatnonzero(two)])
    reason = np.concatenate([np.where(chosen, first_reason, forced), second_reason[two]])
    order = np.argsort(case, kind="stable")
    case, reason = case[order], reason[order]
    second = np.concatenate([[False], case[1:] == case[:-1]])
    controllable = np.append(_CONTROLLABLE, [False, False])[reason]
    return pa.table(
        {
            "case_key": labelled(case, keys("X", cases)),
            "kind": labelled(np.zeros(len(case), dtype=np.int64), ("former_customer",)),
            "customer_key": labelled(who[case], keys("C", len(lifecycle.entry))),
            "left_at": left_at[case],
            "reason": labelled(reason, _CHOSEN_REASONS + INVOLUNTARY_REASONS),
            "weight": np.where(two[case], np.where(second, 0.4, 0.6), 1.0),
            "controllable": pa.array(controllable, mask=reason >= len(_CHOSEN_REASONS)),
            "verified_by": labelled(verified[case], ("interview", "survey", "agent", "none")),
            "annual_revenue": last_full[case] * 12 / 100,
        }
    )
