"""Contacts that customers make, contacts we make for them, and messages that we send them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, keys, labelled, moment, money, nullable, table
from dashboard.demo.conditions import Conditions
from dashboard.demo.customers import Lifecycle
from dashboard.demo.deliveries import Deliveries, happenings
from dashboard.demo.registry import CHANNELS, DEPARTMENTS, GROUPINGS, POLICIES, RETIRED_POLICY
from dashboard.demo.timeline import (
    DAY,
    END,
    MONTHS,
    WEEK,
    Bools,
    Ints,
    Times,
    moments,
    month_index,
    pick,
    stream,
)
from dashboard.demo.truths import ONE_CALL, POLICY_RETIRED

REASONS = ("bill", "fault", "order", "contract", "how to")
ORDER = REASONS.index("order")
INWARD, SERVICE, PROMOTION = range(3)
_DIRECTIONS = ("in", "out_service", "out_promo")
_RATE = np.array([0.22, 0.30, 0.55])
_CHANNEL_SHARE = np.array([0.16, 0.08, 0.50, 0.20, 0.0, 0.02, 0.04])
_PRICE = np.array([2.4, 11.5, 9.6, 5.4, 0.0, 4.0, 6.2, 0.0])  # in euro, by channel
_DEPARTMENT = np.array([0, 2, 0, 0, 1, 3, 6, 4])  # index into DEPARTMENTS, by channel
_FAILURE_SHARE = np.array([0.46, 0.62, 0.40, 0.18, 0.12])  # of contacts, by reason
_UNKNOWN = 0.07
_MESSAGES = 0.24  # promotional messages a month per customer who consents
_OPTS_OUT = 0.004
_MESSAGE_PRICE = 6  # cents
_BLOCKED = 0.055
_POLICY_SHARE = np.array([0.15, 0.22, 0.14, 0.06, 0.16, 0.12, 0.10, 0.05])
_CALLS_AFTER_FAILURE = 0.5
_VALUE, _FAILURE, _NOT_KNOWN = range(3)


@dataclass(frozen=True)
class Contacts:
    """Contacts that customers made, in no order."""

    customer: Ints
    at: Times  # local time
    reason: Ints
    channel: Ints
    demand: Ints
    cost: Ints  # cents

    def about_failed_orders(self) -> tuple[Ints, Times]:
        """Customers and times of the contacts that a failed order caused."""
        which = (self.reason == ORDER) & (self.demand == _FAILURE)
        return self.customer[which], self.at[which]


def contact(seed: int, lifecycle: Lifecycle, conditions: Conditions, deliveries: Deliveries) -> Contacts:
    """Contacts about issues; some issues need another within the week, and some of those yet another."""
    rng = stream(seed, "contacts", lifecycle.part)
    who, month = happenings(rng, lifecycle, _RATE[:, None] * conditions.contact_volume[None, :])
    at = moments(rng, month, all_hours=True)
    reason = pick(rng, np.array([0.29, 0.24, 0.19, 0.12, 0.16]), len(who))
    demand = _demand(rng, reason)
    failed = np.flatnonzero((deliveries.fault > 0) & deliveries.done)
    failed = failed[rng.random(len(failed)) < _CALLS_AFTER_FAILURE]
    called = deliveries.delivered_at[failed] + rng.integers(3600, 12 * 86_400, len(failed)).astype("m8[s]")
    called = called.astype("M8[D]") + (called - called.astype("M8[D]")) // 2 + np.timedelta64(8, "h")
    called = np.maximum(called, deliveries.delivered_at[failed] + np.timedelta64(30, "m"))
    inside = (called < END) & lifecycle.listed[
        deliveries.customer[failed], np.minimum(month_index(called), 59)
    ]
    failed, called = failed[inside], called[inside]
    who = np.concatenate([who, deliveries.customer[failed]])
    at = np.concatenate([at, called])
    reason = np.concatenate([reason, np.full(len(failed), ORDER)])
    demand = np.concatenate([demand, np.full(len(failed), _FAILURE)])
    who, at, reason, demand = _again(rng, lifecycle, conditions, (who, at, reason, demand))
    channel = pick(rng, _CHANNEL_SHARE, len(who))
    spread = rng.gamma(6.0, 1 / 6.0, len(who)) * conditions.contact_price[month_index(at)]
    cost = np.rint(_PRICE[channel] * spread * 100).astype(np.int64)
    return Contacts(who, at, reason, channel, demand, cost)


def _demand(rng: np.random.Generator, reason: Ints) -> Ints:
    draw = rng.random(len(reason))
    failure = draw < _FAILURE_SHARE[reason]
    return np.where(rng.random(len(reason)) < _UNKNOWN, _NOT_KNOWN, np.where(failure, _FAILURE, _VALUE))


def _again(
    rng: np.random.Generator,
    lifecycle: Lifecycle,
    conditions: Conditions,
    issues: tuple[Ints, Times, Ints, Ints],
) -> tuple[Ints, Times, Ints, Ints]:
    """The issues and, within a week, those of them that had to be raised again."""
    helped = np.isin(GROUPINGS, ONE_CALL.treated)[lifecycle.grouping]
    who, at, reason, demand = issues
    found = [issues]
    for _ in range(4):
        month = month_index(at)
        relief = ONE_CALL.effect * (helped[who] & (month >= ONE_CALL.month - 1))
        again = rng.random(len(who)) < conditions.repeats[month] - relief
        who, reason, demand = who[again], reason[again], demand[again]
        at = at[again] + rng.integers(1, 7, len(who)) * DAY
        inside = at < END
        inside[inside] = lifecycle.listed[who[inside], month_index(at[inside])]
        who, at, reason, demand = who[inside], at[inside], reason[inside], demand[inside]
        found.append((who, at, reason, demand))
    first, second, third, fourth = zip(*found, strict=True)
    return np.concatenate(first), np.concatenate(second), np.concatenate(third), np.concatenate(fourth)


def contact_table(seed: int, lifecycle: Lifecycle, contacts: Contacts) -> pa.Table:
    """One row per contact that a customer made. Whether a late one will be repeated is not known yet."""
    rng = stream(seed, "outcomes", lifecycle.part)
    order = np.lexsort((contacts.customer, contacts.at))
    at, channel, reason = contacts.at[order], contacts.channel[order], contacts.reason[order]
    gap = _gap(contacts)[order]
    count, month = len(order), month_index(at)
    blocked, policy = _blocked(rng, month)
    solved = (gap > WEEK) & (rng.random(count) < 0.96) & ~blocked
    return table(
        "contact",
        month,
        {
            "contact_key": keys("K", count, lifecycle.part),
            "customer_key": labelled(contacts.customer[order], lifecycle.keys),
            "at": moment(at),
            "channel_key": labelled(channel, CHANNELS),
            "reason": labelled(reason, REASONS),
            "direction": labelled(np.zeros(count, np.int64), _DIRECTIONS),
            "demand": labelled(contacts.demand[order], ("value", "failure", "unknown")),
            "resolved": solved,
            "policy_blocked": blocked,
            "policy_ref": labelled(policy, POLICIES, ~blocked),
            "department_key": labelled(_DEPARTMENT[channel], DEPARTMENTS),
            "cost": money(contacts.cost[order]),
            "currency": euro(count),
            "opted_out": np.zeros(count, bool),
            "repeated_within_7_days": nullable(np.asarray(gap <= WEEK), at < END - WEEK),
            "repeated_within_30_days": nullable(np.asarray(gap <= 30 * DAY), at < END - 30 * DAY),
        },
    )


def _blocked(rng: np.random.Generator, month: Ints) -> tuple[Bools, Ints]:
    """Which contacts a policy kept from being resolved, and which policy; the retired one blocks no more."""
    policy = pick(rng, _POLICY_SHARE, len(month))
    gone = (policy == RETIRED_POLICY) & (month >= POLICY_RETIRED.month - 1)
    return (rng.random(len(month)) < _BLOCKED) & ~gone, policy


def _gap(contacts: Contacts) -> Times:
    """The time to the same customer's next contact for the same reason; a year where there is none."""
    order = np.lexsort((contacts.at, contacts.reason, contacts.customer))
    who, reason, at = contacts.customer[order], contacts.reason[order], contacts.at[order]
    gap = np.full(len(order), 365 * DAY).astype("m8[us]")
    same = (who[1:] == who[:-1]) & (reason[1:] == reason[:-1])
    gap[:-1] = np.where(same, at[1:] - at[:-1], gap[:-1])
    result = np.empty_like(gap)
    result[order] = gap
    return result


def message_table(seed: int, lifecycle: Lifecycle) -> tuple[pa.Table, Bools, Ints]:
    """Messages that we send: promotion and, more rarely, service. Who has opted out is sent no promotion.

    Also: who has opted out, shape (n,), and what promotion costs by segment and month, cents (3, 60).
    """
    rng = stream(seed, "messages", lifecycle.part)
    who, month = happenings(rng, lifecycle, np.full((3, MONTHS), _MESSAGES + 0.06))
    promoting = rng.random(len(who)) < _MESSAGES / (_MESSAGES + 0.06)
    at = moments(rng, month)
    order = np.lexsort((at, who))
    who, at, month, promoting = who[order], at[order], month[order], promoting[order]
    consenting = rng.random(len(lifecycle)) < 0.71
    leaves = promoting & (rng.random(len(who)) < _OPTS_OUT)
    before: Ints = np.cumsum(leaves) - leaves
    start = np.searchsorted(who, np.arange(len(lifecycle)))
    so_far = before - np.append(before, 0)[start][who]
    kept = ~promoting | (consenting[who] & (so_far == 0))
    who, at, month, promoting, leaves = who[kept], at[kept], month[kept], promoting[kept], leaves[kept]
    out = ~consenting
    out[who[leaves]] = True
    order = np.lexsort((who, at))
    who, at, month, promoting, leaves = who[order], at[order], month[order], promoting[order], leaves[order]
    count = len(who)
    cost = np.where(promoting, _MESSAGE_PRICE, 0)
    spent = np.bincount(lifecycle.segment[who] * MONTHS + month, weights=cost, minlength=3 * MONTHS)
    reason = np.where(promoting, len(REASONS), pick(rng, np.array([0.3, 0.3, 0.25, 0.15]), count))
    sent = table(
        "contact",
        month,
        {
            "contact_key": keys("M", count, lifecycle.part),
            "customer_key": labelled(who, lifecycle.keys),
            "at": moment(at),
            "channel_key": labelled(np.where(rng.random(count) < 0.9, 0, 2), CHANNELS),
            "reason": labelled(reason, (*REASONS, "offer")),
            "direction": labelled(np.where(promoting, PROMOTION, SERVICE), _DIRECTIONS),
            "department_key": labelled(np.where(promoting, 6, 0), DEPARTMENTS),
            "policy_blocked": np.zeros(count, bool),
            "cost": money(cost),
            "currency": euro(count),
            "opted_out": leaves,
        },
    )
    return sent, out, np.rint(spent).astype(np.int64).reshape(3, MONTHS)
