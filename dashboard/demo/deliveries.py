"""Orders, what became of them, and the promises that were made with them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, keys, labelled, moment, money, nullable, table
from dashboard.demo.conditions import Conditions
from dashboard.demo.customers import NEW, Lifecycle, order_margins
from dashboard.demo.registry import CHANNELS, SEGMENTS
from dashboard.demo.timeline import (
    DAY,
    END,
    MONTHS,
    Bools,
    Floats,
    Ints,
    Times,
    moments,
    month_index,
    pick,
    season,
    stream,
)

PRODUCTS = ("activation", "equipment", "line move", "plan change", "installation")
_ORDER_PRICE = np.array([0.0, 59.0, 35.0, 0.0, 45.0])
_ORDERS = np.array([0.085, 0.12, 0.20])  # a month, by segment, beside the activation of new customers
_CHANNEL_SHARE = np.array([0.44, 0.24, 0.16, 0.06, 0.0, 0.10])
_CHANNEL_FAILURE = np.array([1.03, 0.93, 1.0, 1.0, 1.0, 1.05])
_CAUSES = ("process", "policy", "attitude", "decision")
_CAUSE_OF_FAULT = np.array(  # by fault: late, incomplete, damaged, billed wrong, reworked
    [[0.70, 0.06, 0.08, 0.16], [0.62, 0.10, 0.12, 0.16], [0.55, 0.02, 0.33, 0.10], [0.48, 0.34, 0.04, 0.14],
     [0.58, 0.04, 0.22, 0.16]]
)  # fmt: skip
_IMMATURE = 30 * DAY


@dataclass(frozen=True)
class Deliveries:
    """Orders and what became of them; `month` and `customer` index the life cycle."""

    customer: Ints
    month: Ints  # in which it was ordered
    ordered_at: Times
    promised_at: Times
    delivered_at: Times  # NaT: still open at the end
    product: Ints
    channel: Ints
    amount: Ints  # cents, billed with the month's revenue
    fault: Ints  # 0 none, 1 late, 2 incomplete, 3 damaged, 4 billed wrong, 5 reworked
    bill_checked: Bools  # False: whether it was billed right is not known

    @property
    def done(self) -> Bools:
        """Whether each has been delivered."""
        done: Bools = ~np.isnat(self.delivered_at)
        return done


def happenings(rng: np.random.Generator, lifecycle: Lifecycle, rate: Floats) -> tuple[Ints, Ints]:
    """Customers and months of events that happen `rate` (3, 60) times a month to each active customer."""
    month, who = np.nonzero(lifecycle.active.T)
    times = rng.poisson(rate[lifecycle.segment[who], month])
    return np.repeat(who, times), np.repeat(month, times)


def deliver(seed: int, lifecycle: Lifecycle, conditions: Conditions) -> Deliveries:
    """Orders of active customers; new ones order an activation first."""
    rng = stream(seed, "purchases", lifecycle.part)
    who, month = happenings(rng, lifecycle, _ORDERS[:, None] * season(12, 0.05)[None, :])
    new_month, new_who = np.nonzero((lifecycle.status == NEW).T)
    product = np.concatenate([np.zeros(len(new_who), np.int64), rng.integers(1, 5, len(who))])
    who, month = np.concatenate([new_who, who]), np.concatenate([new_month, month])
    order = np.lexsort((who, month))
    who, month, product = who[order], month[order], product[order]
    count = len(who)
    ordered = moments(rng, month)
    promised_day = (ordered + rng.integers(2, 9, count) * DAY).astype("M8[D]")
    promised: Times = np.add(promised_day.astype("M8[us]"), np.timedelta64(18, "h"))
    channel = pick(rng, _CHANNEL_SHARE, count)
    fault = _faults(rng, lifecycle, conditions, who, channel, promised)
    late = np.where(fault == 1, rng.integers(1, 8, count), -rng.integers(0, 2, count))
    delivered = promised + late * DAY - rng.integers(0, 9 * 3600, count).astype("m8[s]")
    delivered = np.maximum(delivered, ordered + np.timedelta64(3, "h"))
    return Deliveries(
        customer=who,
        month=month,
        ordered_at=ordered,
        promised_at=promised,
        delivered_at=np.where(delivered < END, delivered, np.datetime64("NaT")),
        product=product,
        channel=channel,
        amount=(_ORDER_PRICE[product] * 100).astype(np.int64),
        fault=fault,
        bill_checked=(rng.random(count) >= 0.015) | (fault == 4),
    )


def _faults(
    rng: np.random.Generator,
    lifecycle: Lifecycle,
    conditions: Conditions,
    who: Ints,
    channel: Ints,
    promised: Times,
) -> Ints:
    month = np.minimum(month_index(promised), MONTHS - 1)
    by_segment = np.array([0.98, 1.04, 1.16])[lifecycle.segment[who]]
    by_region = np.array([0.95, 1.04, 1.0, 0.97, 0.98, 1.14])[lifecycle.region[who]]
    chance = conditions.failure[month] * by_segment * by_region * _CHANNEL_FAILURE[channel]
    kind = pick(rng, np.array([0.42, 0.15, 0.08, 0.20, 0.15]), len(who)) + 1
    return np.where(rng.random(len(who)) < chance, kind, 0)


def failures(lifecycle: Lifecycle, deliveries: Deliveries) -> Ints:
    """Failed deliveries by segment and month of delivery, shape (3, 60)."""
    return _count(lifecycle, deliveries, (deliveries.fault > 0) & deliveries.done)


def completed(lifecycle: Lifecycle, deliveries: Deliveries) -> Ints:
    """Deliveries by segment and month of delivery, shape (3, 60)."""
    return _count(lifecycle, deliveries, deliveries.done)


def _count(lifecycle: Lifecycle, deliveries: Deliveries, which: Bools) -> Ints:
    segment = lifecycle.segment[deliveries.customer[which]]
    cells = np.bincount(
        segment * MONTHS + month_index(deliveries.delivered_at[which]), minlength=len(SEGMENTS) * MONTHS
    )
    return cells.reshape(len(SEGMENTS), MONTHS)


def purchase_table(
    seed: int, lifecycle: Lifecycle, deliveries: Deliveries, who_complained: Ints, when: Times
) -> pa.Table:
    """One row per order. The flags of an open order are null: unknown is not a pass.

    `who_complained` and `when` are the contacts about a failure of an order, in any order.
    """
    rng = stream(seed, "outcomes", lifecycle.part)
    done, fault = deliveries.done, deliveries.fault
    count = len(done)
    shares = _CAUSE_OF_FAULT.cumsum(axis=1)[np.maximum(fault - 1, 0)]
    cause = (rng.random(count)[:, None] > shares[:, :-1]).sum(axis=1)
    return table(
        "purchase",
        deliveries.month,
        {
            "purchase_key": keys("P", count, lifecycle.part),
            "customer_key": labelled(deliveries.customer, lifecycle.keys),
            "channel_key": labelled(deliveries.channel, CHANNELS),
            "product": labelled(deliveries.product, PRODUCTS),
            "ordered_at": moment(deliveries.ordered_at),
            "promised_at": moment(deliveries.promised_at),
            "delivered_at": moment(deliveries.delivered_at),
            "amount": money(deliveries.amount),
            "margin": money(order_margins(lifecycle.segment[deliveries.customer], deliveries.amount)),
            "currency": euro(count),
            "on_time": nullable(fault != 1, done),
            "complete": nullable(fault != 2, done),
            "undamaged": nullable(fault != 3, done),
            "billed_right": nullable(fault != 4, done & deliveries.bill_checked),
            "rework": nullable(fault == 5, done),
            "failure_cause": labelled(cause, _CAUSES, (fault == 0) | ~done),
            "failure_contact_within_30_days": _failure_contact(deliveries, who_complained, when),
        },
    )


def _failure_contact(deliveries: Deliveries, who: Ints, when: Times) -> pa.Array:
    """Whether the customer made contact about a failed order within 30 days; null until they are over."""
    known = deliveries.done & (deliveries.delivered_at < END - _IMMATURE)
    calls = np.sort(_seconds(who, when))
    delivered = _seconds(deliveries.customer, np.where(known, deliveries.delivered_at, END))
    first = np.searchsorted(calls, delivered)
    until = delivered + 30 * 86_400
    following = calls[np.minimum(first, len(calls) - 1)] if len(calls) else until + 1
    return nullable((first < len(calls)) & (following <= until), known)


def _seconds(who: Ints, when: Times) -> Ints:
    """Customer and time in one number, in that order."""
    return who * 10_000_000_000 + when.astype("M8[s]").astype(np.int64)


def promise_table(
    seed: int, lifecycle: Lifecycle, deliveries: Deliveries, calls: tuple[Ints, Times]
) -> pa.Table:
    """One row per commitment: every delivery, and a call back for some of the `calls` (customers, times).

    `promised_at` is what was promised first; a date that was moved counts as moved, not as kept.
    """
    rng = stream(seed, "promises", lifecycle.part)
    chosen = rng.random(len(calls[0])) < 0.07
    who, made = calls[0][chosen], calls[1][chosen]
    due = (made + rng.integers(1, 3, len(who)) * DAY).astype("M8[D]").astype("M8[us]") + np.timedelta64(
        17, "h"
    )
    kept = rng.random(len(who)) < 0.87
    early = rng.integers(600, 7 * 3600, len(who)).astype("m8[s]")
    met = np.where(kept, due - early, due + 9 * early)
    met = np.where((rng.random(len(who)) < 0.04) & ~kept, np.datetime64("NaT"), met)
    count = len(who) + len(deliveries.customer)
    kind = np.repeat([0, 1], [len(deliveries.customer), len(who)])
    late = np.concatenate([deliveries.fault == 1, ~kept])
    made_at = np.concatenate([deliveries.ordered_at, made])
    met_at = np.concatenate([deliveries.delivered_at, np.where(met < END, met, np.datetime64("NaT"))])
    return table(
        "promise",
        month_index(made_at),
        {
            "promise_key": keys("V", count, lifecycle.part),
            "customer_key": labelled(np.concatenate([deliveries.customer, who]), lifecycle.keys),
            "made_at": moment(made_at),
            "promised_at": moment(np.concatenate([deliveries.promised_at, due])),
            "met_at": moment(met_at),
            "kind": labelled(kind, ("delivery", "call back")),
            "redated": late & (rng.random(count) < 0.3),
        },
    )
