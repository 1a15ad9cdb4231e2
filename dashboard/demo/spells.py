"""Uninterrupted times as a customer, and the subscriptions and departures that they are made of."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, keys, labelled, money, table
from dashboard.demo.customers import LOST, NEW, REACTIVATED, Lifecycle
from dashboard.demo.registry import SEGMENTS
from dashboard.demo.timeline import FIRST_MONTH, MONTHS, Bools, Floats, Ints, Times, stream

_RUNNING = MONTHS
_PLANS = ("Basic", "Plus", "Max")
_START_KINDS = ("new", "reactivated", "plan change")
_END_KINDS = ("left", "plan change")


@dataclass(frozen=True)
class Spells:
    """A row per spell, in order of customer and start. Days are the 2nd to the 27th of their months."""

    who: Ints
    first: Ints  # month in which it starts; below 0: before the simulation
    last: Ints  # month in which it ends, or 60: it runs on
    started: Times  # M8[D]
    ended: Times  # M8[D], NaT: it runs on
    again: Bools  # the customer had been one before
    chose: Bools  # ended by the customer's choice


def spell(seed: int, lifecycle: Lifecycle) -> Spells:
    """When each customer was one."""
    rng = stream(seed, "spells", lifecycle.part)
    before = np.flatnonzero(lifecycle.entry < 0)
    joined, month = np.nonzero((lifecycle.status == NEW) | (lifecycle.status == REACTIVATED))
    who, first = np.concatenate([before, joined]), np.concatenate([lifecycle.entry[before], month])
    order = np.lexsort((first, who))
    who, first = who[order], first[order]
    left_who, left_month = np.nonzero(lifecycle.status == LOST)
    starts: Ints = who * 1000 + first + 200
    ends: Ints = left_who * 1000 + left_month + 200
    place = np.minimum(np.searchsorted(ends, starts, side="right"), max(len(ends) - 1, 0))
    closes = (left_who[place] == who) & (ends[place] > starts) if len(ends) else np.zeros(len(who), bool)
    last = np.where(closes, left_month[place] if len(ends) else 0, _RUNNING)
    again = np.concatenate([[False], who[1:] == who[:-1]])
    return Spells(
        who=who,
        first=first,
        last=last,
        started=_days(rng, first),
        ended=np.where(closes, _days(rng, last), np.datetime64("NaT")),
        again=again,
        chose=closes & lifecycle.chose_to_leave[who, np.minimum(last, MONTHS - 1)],
    )


def _days(rng: np.random.Generator, months: Ints) -> Times:
    starts: Times = np.add(FIRST_MONTH, months).astype("M8[D]")
    days: Times = np.add(starts, rng.integers(1, 27, len(months)).astype("m8[D]"))
    return days


def subscription_table(lifecycle: Lifecycle, spells: Spells) -> pa.Table:
    """A row per plan and spell: a change of plan ends one subscription and starts the next on the same day.

    `monthly_price` is the list price; what is paid beside it is usage.
    """
    change = lifecycle.changes_plan[spells.who]
    split = (change > spells.first) & (change < spells.last)
    day = (FIRST_MONTH + np.minimum(change, MONTHS)).astype("M8[D]")
    row = np.concatenate([np.arange(len(split)), np.flatnonzero(split)])
    second = np.repeat([False, True], [len(split), int(split.sum())])
    order = np.lexsort((second, row))
    row, second = row[order], second[order]
    who = spells.who[row]
    early = split[row] & ~second
    changed = second | (~split[row] & (change[row] <= spells.first[row]))
    price = lifecycle.price[who] * np.where(changed, lifecycle.step[who], 1.0)
    start_kind = np.where(second, 2, spells.again[row].astype(np.int64))
    ended = np.where(early, day[row], spells.ended[row])
    return table(
        "subscription",
        np.clip(spells.first[row], 0, MONTHS - 1),
        {
            "subscription_key": keys("S", len(row), lifecycle.part),
            "customer_key": labelled(who, lifecycle.keys),
            "plan": labelled(_plan(lifecycle, who, price), [f"{s} {p}" for s in SEGMENTS for p in _PLANS]),
            "monthly_price": money(np.rint(price * 100)),
            "currency": euro(len(row)),
            "started_on": np.where(second, day[row], spells.started[row]),
            "ended_on": ended,
            "start_kind": labelled(start_kind, _START_KINDS),
            "end_kind": labelled(early.astype(np.int64), _END_KINDS, np.isnat(ended)),
        },
    )


def _plan(lifecycle: Lifecycle, who: Ints, price: Floats) -> Ints:
    """The plan that has the price: below, about and above the usual one of the segment."""
    usual = np.array([47.0, 160.0, 1720.0])[lifecycle.segment[who]]
    tier: Ints = np.searchsorted([0.8, 1.15], price / usual).astype(np.int64)
    return lifecycle.segment[who] * len(_PLANS) + tier
