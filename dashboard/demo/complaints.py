"""Complaints, why they were made, and what was paid for them."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, keys, labelled, moment, money, nullable, table
from dashboard.demo.conditions import Conditions
from dashboard.demo.customers import Lifecycle
from dashboard.demo.deliveries import happenings
from dashboard.demo.registry import CHANNELS, JOURNEYS, POLICIES, SEGMENTS
from dashboard.demo.sayings import COMPLAINTS, on_subject
from dashboard.demo.timeline import (
    DAY,
    END,
    MONTH_STARTS,
    MONTHS,
    Bools,
    Floats,
    Ints,
    moments,
    month_index,
    pick,
    stream,
)

REASONS = tuple(COMPLAINTS)
_SHARE = np.array([0.29, 0.21, 0.18, 0.17, 0.08, 0.07])
_SEGMENT = np.array([0.94, 1.15, 1.42])
_REDRESS = np.array([62.0, 105.0, 260.0])  # mean, in euro, by segment
_CHANNEL_SHARE = np.array([0.33, 0.1, 0.355, 0.1, 0, 0.03, 0.065, 0.02])
_JOURNEY = np.array([2, 0, 1, 1, 5, 3])  # index into JOURNEYS, by reason
_DUE = 28 * DAY
_IN_WORDS = 0.55  # the share of complaints whose words were kept
_POLICY_SHARE = np.array([0.2, 0.2, 0.18, 0.05, 0.12, 0.15, 0.05, 0.05])
# Two causes a reason, and the month, 0 to 59, at the end of which each was marked as fixed; 99: not yet.
_CAUSES = (
    ("Tariff table out of date", 31), ("Bill layout misread", 57),
    ("Courier slot missed", 40), ("Stock record wrong", 22),
    ("Cabinet overloaded", 99), ("Firmware fault", 36),
    ("No call back", 99), ("Transferred without notes", 28),
    ("Renewal terms unclear", 50), ("Sales promise not recorded", 99),
    ("Rule applied without discretion", 99), ("Rule not published", 45),
)  # fmt: skip
_LAYOUT = 1  # the cause that the new bill brought
_HOLDS = 0.62  # share of a fixed cause's complaints that the fix prevents


def complaint_table(
    seed: int, lifecycle: Lifecycle, conditions: Conditions
) -> tuple[pa.Table, Mapping[str, Ints]]:
    """One row per complaint; for the books, by segment and month, shape (3, 60), `redress` in cents as closed
    and the number of `complaints` as received."""
    rng = stream(seed, "complaints", lifecycle.part)
    added = conditions.billing_complaints
    rate = _SEGMENT[:, None] * (conditions.complaints + added)[None, :] / 1000
    who, month = happenings(rng, lifecycle, rate)
    received = moments(rng, month)
    order = np.argsort(received, kind="stable")
    who, month, received = who[order], month[order], received[order]
    count = len(who)
    billing = rng.random(count) < (added / (conditions.complaints + added))[month]
    reason = np.where(billing, 0, pick(rng, _SHARE, count))
    cause = _cause(rng, reason, month, billing)
    fixed = np.array([month for _, month in _CAUSES])[cause]
    closed = received + (rng.gamma(2.2, 5.6, count) * 86_400).astype(np.int64).astype("m8[s]")
    closed = np.where(closed < END, closed, np.datetime64("NaT"))
    done = ~np.isnat(closed)
    upheld = rng.random(count) < np.where(reason == 0, 0.56, 0.46)
    amount = _REDRESS[lifecycle.segment[who]] * rng.gamma(4.0, 1 / 4.0, count)
    redress = np.where(upheld & done, np.rint(amount * 100), 0.0)
    called = received + rng.integers(3600, 60 * 3600, count).astype("m8[s]")
    called = np.where((rng.random(count) < 0.86) & (called < END), called, np.datetime64("NaT"))
    fixed_at = MONTH_STARTS[np.minimum(fixed, MONTHS - 1) + 1].astype("M8[us]") - np.timedelta64(12, "h")
    [apart] = rng.spawn(1)
    complaints = table(
        "complaint",
        month,
        {
            "complaint_key": keys("Q", count, lifecycle.part),
            "customer_key": labelled(who, lifecycle.keys),
            "received_at": moment(received),
            "due_at": moment(received + _DUE),
            "closed_at": moment(closed),
            "channel_key": labelled(pick(rng, _CHANNEL_SHARE, count), CHANNELS),
            "reason": labelled(reason, REASONS),
            "policy_ref": labelled(pick(rng, _POLICY_SHARE, count), POLICIES, reason != len(REASONS) - 1),
            "root_cause": labelled(cause, [name for name, _ in _CAUSES]),
            "cause_fixed_at": moment(fixed_at, fixed >= MONTHS),
            "upheld": nullable(upheld, done),
            "redress": money(redress, ~done),
            "currency": euro(count),
            "journey_key": labelled(_JOURNEY[reason], [journey.key for journey in JOURNEYS]),
            "alert_contacted_at": moment(called),
            "verbatim": on_subject(apart, reason, COMPLAINTS, apart.random(count) >= _IN_WORDS),
        },
    )
    segment = lifecycle.segment[who]
    return complaints, {
        "redress": _added(segment[done], month_index(closed[done]), redress[done]),
        "complaints": _added(segment, month, np.ones(count)),
    }


def _added(segment: Ints, month: Ints, amount: Floats) -> Ints:
    """Amounts added up by segment and month, shape (3, 60)."""
    total = np.bincount(segment * MONTHS + month, weights=amount, minlength=len(SEGMENTS) * MONTHS)
    return np.rint(total).astype(np.int64).reshape(len(SEGMENTS), MONTHS)


def _cause(rng: np.random.Generator, reason: Ints, month: Ints, billing: Bools) -> Ints:
    """One of the two causes of the reason; one that was fixed comes back more rarely."""
    cause = 2 * reason + (rng.random(len(reason)) < 0.45)
    fixed = np.array([fixed for _, fixed in _CAUSES])
    prevented = (month > fixed[cause]) & (rng.random(len(reason)) < _HOLDS)
    cause = np.where(prevented, cause ^ 1, cause)
    return np.where(billing, _LAYOUT, cause)
