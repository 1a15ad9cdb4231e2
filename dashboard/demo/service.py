"""What happens between Meridian and its customers: deliveries, contacts and complaints."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.customers import NEW, Lifecycle
from dashboard.demo.schema import CHANNELS, DEPARTMENTS, SEGMENTS, in_utc, keys, labelled, nullable
from dashboard.demo.timeline import (
    END,
    MONTHS,
    TIME_ZONE,
    Bools,
    Floats,
    Ints,
    Times,
    moments,
    month_index,
    season,
    stream,
    wandering,
)
from dashboard.demo.truths import (
    BILLING_CHANGE,
    COMPLAINTS_BASE,
    FAILURE_BASE,
    REPEAT_CONTACT,
    RIGHT_FIRST_TIME_PROGRAMME,
)

_DAY = np.timedelta64(1, "D")
_WEEK = 7 * _DAY
_PRODUCTS = ("activation", "equipment", "line move", "plan change", "installation")
_ORDER_PRICE = np.array([0.0, 59.0, 35.0, 0.0, 45.0])
_ORDERS = np.array([0.085, 0.12, 0.20])  # a month, by segment, beside the activation of new customers
_CONTACTS = np.array([0.22, 0.30, 0.55])
_CONTACT_REASONS = ("bill", "fault", "order", "contract", "how to")
_CONTACT_CHANNELS = np.array([0.16, 0.08, 0.50, 0.20, 0.0, 0.02, 0.04])
_CONTACT_COST = np.array([2.4, 11.5, 9.6, 5.4, 0.0, 4.0, 6.2])  # in euro, by channel
_CHANNEL_DEPARTMENT = np.array([0, 2, 0, 0, 1, 3, 6])
_COMPLAINT_REASONS = ("billing", "delivery", "network", "service", "contract")
_COMPLAINT_SHARE = np.array([0.30, 0.22, 0.19, 0.18, 0.11])
_COMPLAINT_SEGMENT = np.array([0.94, 1.15, 1.42])
_REDRESS = np.array([62.0, 105.0, 260.0])  # mean, in euro, by segment


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


@dataclass(frozen=True)
class Contacts:
    """Contacts that customers made, in no order."""

    customer: Ints
    at: Times  # local time
    reason: Ints
    channel: Ints
    demand: Ints
    cost: Ints  # cents


def _happenings(rng: np.random.Generator, lifecycle: Lifecycle, rate: Floats) -> tuple[Ints, Ints]:
    """Customers and months of events that happen `rate` (3, 60) times a month to each active customer."""
    month, who = np.nonzero(lifecycle.active.T)
    times = rng.poisson(rate[lifecycle.segment[who], month])
    return np.repeat(who, times), np.repeat(month, times)


def deliver(seed: int, lifecycle: Lifecycle) -> Deliveries:
    """Orders of active customers; new ones order an activation first."""
    rng = stream(seed, "purchases")
    who, month = _happenings(rng, lifecycle, _ORDERS[:, None] * season(12, 0.05)[None, :])
    new_month, new_who = np.nonzero((lifecycle.status == NEW).T)
    product = np.concatenate([np.zeros(len(new_who), np.int64), rng.integers(1, 5, len(who))])
    who, month = np.concatenate([new_who, who]), np.concatenate([new_month, month])
    order = np.lexsort((who, month))
    who, month, product = who[order], month[order], product[order]
    count = len(who)
    ordered = moments(rng, month)
    promised_day = (ordered + rng.integers(2, 9, count) * _DAY).astype("M8[D]")
    promised: Times = np.add(promised_day.astype("M8[us]"), np.timedelta64(18, "h"))
    fault = _faults(rng, lifecycle, who, promised)
    late = np.where(fault == 1, rng.integers(1, 8, count), -rng.integers(0, 2, count))
    delivered = promised + late * _DAY - rng.integers(0, 9 * 3600, count).astype("m8[s]")
    delivered = np.maximum(delivered, ordered + np.timedelta64(3, "h"))
    return Deliveries(
        customer=who,
        month=month,
        ordered_at=ordered,
        promised_at=promised,
        delivered_at=np.where(delivered < END, delivered, np.datetime64("NaT")),
        product=product,
        channel=rng.choice(7, size=count, p=[0.44, 0.24, 0.16, 0.06, 0.0, 0.10, 0.0]),
        amount=(_ORDER_PRICE[product] * 100).astype(np.int64),
        fault=fault,
        bill_checked=(rng.random(count) >= 0.015) | (fault == 4),
    )


def _faults(rng: np.random.Generator, lifecycle: Lifecycle, who: Ints, promised: Times) -> Ints:
    programme = RIGHT_FIRST_TIME_PROGRAMME
    wander = wandering(rng, MONTHS, spread=0.006, memory=0.2, breaks=(programme.month - 1,))
    level = FAILURE_BASE - programme.path() + wander
    month = np.minimum(month_index(promised), MONTHS - 1)
    by_segment = np.array([0.98, 1.04, 1.16])[lifecycle.segment[who]]
    by_region = np.array([0.95, 1.04, 1.0, 0.97, 0.98, 1.14])[lifecycle.region[who]]
    failed = rng.random(len(who)) < level[month] * by_segment * by_region
    kind = rng.choice(5, size=len(who), p=[0.42, 0.15, 0.08, 0.20, 0.15]) + 1
    return np.where(failed, kind, 0)


def failures(lifecycle: Lifecycle, deliveries: Deliveries) -> Ints:
    """Failed deliveries by segment and month of delivery, shape (3, 60)."""
    done = (deliveries.fault > 0) & ~np.isnat(deliveries.delivered_at)
    return _count(lifecycle.segment[deliveries.customer[done]], month_index(deliveries.delivered_at[done]))


def completed(lifecycle: Lifecycle, deliveries: Deliveries) -> Ints:
    """Deliveries by segment and month of delivery, shape (3, 60)."""
    done = ~np.isnat(deliveries.delivered_at)
    return _count(lifecycle.segment[deliveries.customer[done]], month_index(deliveries.delivered_at[done]))


def _count(segment: Ints, month: Ints) -> Ints:
    cells = np.bincount(segment * MONTHS + month, minlength=len(SEGMENTS) * MONTHS)
    return cells.reshape(len(SEGMENTS), MONTHS)


def purchase_table(deliveries: Deliveries, customers: int) -> pa.Table:
    """One row per order. The flags of an open order are null: unknown is not a pass."""
    done = ~np.isnat(deliveries.delivered_at)
    fault = deliveries.fault
    return pa.table(
        {
            "purchase_key": keys("P", len(done)),
            "customer_key": labelled(deliveries.customer, keys("C", customers)),
            "channel_key": labelled(deliveries.channel, CHANNELS),
            "product": labelled(deliveries.product, _PRODUCTS),
            "ordered_at": deliveries.ordered_at,
            "promised_at": deliveries.promised_at,
            "delivered_at": deliveries.delivered_at,
            "amount": deliveries.amount / 100,
            "on_time": nullable(fault != 1, done),
            "complete": nullable(fault != 2, done),
            "undamaged": nullable(fault != 3, done),
            "billed_right": nullable(fault != 4, done & deliveries.bill_checked),
            "rework": nullable(fault == 5, done),
        }
    )


def contact(seed: int, lifecycle: Lifecycle) -> Contacts:
    """Contacts about issues; some issues need another within the week, and some of those yet another."""
    rng = stream(seed, "contacts")
    rate = _CONTACTS[:, None] * season(1, 0.03)[None, :] * rng.normal(1.0, 0.012, MONTHS)[None, :]
    who, month = _happenings(rng, lifecycle, rate)
    at = moments(rng, month, all_hours=True)
    reason = rng.choice(5, size=len(who), p=[0.29, 0.24, 0.19, 0.12, 0.16])
    found = [(who, at, reason)]
    repeats = REPEAT_CONTACT.level + wandering(rng, MONTHS, spread=0.007, memory=0.2)
    for _ in range(4):
        again = rng.random(len(who)) < repeats[month_index(at)]
        who, reason = who[again], reason[again]
        at = at[again] + rng.integers(1, 7, len(who)) * _DAY
        inside = at < END
        who, at, reason = who[inside], at[inside], reason[inside]
        inside = lifecycle.listed[who, month_index(at)]
        who, at, reason = who[inside], at[inside], reason[inside]
        found.append((who, at, reason))
    who, at, reason = (np.concatenate(parts) for parts in zip(*found, strict=True))
    channel = rng.choice(7, size=len(who), p=_CONTACT_CHANNELS)
    spread = rng.gamma(6.0, 1 / 6.0, len(who)) * rng.normal(1.0, 0.012, MONTHS)[month_index(at)]
    return Contacts(
        customer=who,
        at=at,
        reason=reason,
        channel=channel,
        demand=rng.choice(3, size=len(who), p=[0.55, 0.38, 0.07]),
        cost=np.rint(_CONTACT_COST[channel] * spread * 100).astype(np.int64),
    )


def contact_table(seed: int, contacts: Contacts, customers: int) -> pa.Table:
    """One row per contact. Whether one of the last seven days will be repeated is not known yet."""
    repeated = _repeated(contacts)
    order = np.lexsort((contacts.customer, contacts.at))
    at, channel = contacts.at[order], contacts.channel[order]
    known = at < END - _WEEK
    rng = stream(seed, "outcomes")
    solved = ~repeated[order] & (rng.random(len(order)) < 0.96)
    return pa.table(
        {
            "contact_key": keys("K", len(order)),
            "customer_key": labelled(contacts.customer[order], keys("C", customers)),
            "at": in_utc(at, TIME_ZONE),
            "channel_key": labelled(channel, CHANNELS),
            "reason": labelled(contacts.reason[order], _CONTACT_REASONS),
            "direction": labelled(np.zeros(len(order), np.int64), ("in",)),
            "demand": labelled(contacts.demand[order], ("value", "failure", "unknown")),
            "resolved": solved,
            "repeated_within_7_days": nullable(repeated[order], known),
            "department_key": labelled(_CHANNEL_DEPARTMENT[channel], DEPARTMENTS),
            "cost": contacts.cost[order] / 100,
        }
    )


def _repeated(contacts: Contacts) -> Bools:
    """Whether the same customer made contact for the same reason again in the seven days after."""
    order = np.lexsort((contacts.at, contacts.reason, contacts.customer))
    who, reason, at = contacts.customer[order], contacts.reason[order], contacts.at[order]
    followed = np.zeros(len(order), dtype=bool)
    followed[:-1] = (who[1:] == who[:-1]) & (reason[1:] == reason[:-1]) & (at[1:] - at[:-1] <= _WEEK)
    result = np.empty_like(followed)
    result[order] = followed
    return result


def complaint_table(seed: int, lifecycle: Lifecycle) -> tuple[pa.Table, Ints]:
    """One row per complaint, and redress in cents by segment and month of closing, shape (3, 60)."""
    rng = stream(seed, "complaints")
    level = COMPLAINTS_BASE * season(1, 0.02) * rng.normal(1.0, 0.02, MONTHS)
    rate = _COMPLAINT_SEGMENT[:, None] * (level + BILLING_CHANGE.path())[None, :] / 1000
    who, month = _happenings(rng, lifecycle, rate)
    count = len(who)
    billing = rng.random(count) < BILLING_CHANGE.path()[month] / (level + BILLING_CHANGE.path())[month]
    reason = np.where(billing, 0, rng.choice(5, size=count, p=_COMPLAINT_SHARE))
    received = moments(rng, month)
    closed = received + (rng.gamma(2.2, 3.6, count) * 86_400).astype(np.int64).astype("m8[s]")
    closed = np.where(closed < END, closed, np.datetime64("NaT"))
    done = ~np.isnat(closed)
    upheld = rng.random(count) < np.where(reason == 0, 0.56, 0.46)
    amount = _REDRESS[lifecycle.segment[who]] * rng.gamma(4.0, 1 / 4.0, count)
    redress = np.where(upheld & done, np.rint(amount * 100), 0.0)
    order = np.argsort(received, kind="stable")
    table = pa.table(
        {
            "complaint_key": keys("Q", count),
            "customer_key": labelled(who[order], keys("C", len(lifecycle.entry))),
            "received_at": received[order],
            "due_at": received[order] + 28 * _DAY,
            "closed_at": closed[order],
            "channel_key": labelled(
                rng.choice(7, size=count, p=[0.34, 0.1, 0.36, 0.1, 0, 0.03, 0.07]), CHANNELS
            ),
            "reason": labelled(reason[order], _COMPLAINT_REASONS),
            "upheld": nullable(upheld[order], done[order]),
            "redress": pa.array((redress / 100)[order], mask=~done[order]),
        }
    )
    cells = lifecycle.segment[who[done]] * MONTHS + month_index(closed[done])
    paid = np.bincount(cells, weights=redress[done], minlength=len(SEGMENTS) * MONTHS)
    return table, np.rint(paid).astype(np.int64).reshape(len(SEGMENTS), MONTHS)
