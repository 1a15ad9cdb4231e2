"""Business that is offered for, won, lost, or comes to a stop that nobody explains."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, keys, labelled, moment, money, nothing, table
from dashboard.demo.registry import COMPETITORS, GROUPINGS, REGIONS
from dashboard.demo.timeline import DAY, END, MONTHS, Bools, Ints, Times, moments, month_index, pick, stream

_A_MONTH = 0.0026  # opportunities for each customer
_STAGES = ("qualified", "offer made", "negotiation", "decision")
_OUTCOMES = ("won", "lost", "stalled", "open")
_WON, _LOST, _STALLED, _OPEN = range(4)
_OUTCOME_SHARE = np.array([0.34, 0.40, 0.26])
_REASONS = ("price", "no answer to questions", "offer too late", "chose competitor", "need went away")
_REASON_SHARE = np.array([0.30, 0.18, 0.16, 0.24, 0.12])
_CONTROLLABLE = np.array([True, True, True, False, False])
_UNEXPLAINED = 0.57  # of the stalled ones have no reason
_INTERVIEWED = 0.19
_SPREAD = 0.6
_VALUE = np.array([2_600.0, 24_000.0])  # a year, in euro: small business, enterprise


@dataclass(frozen=True)
class Prospects:
    """Opportunities in order of opening."""

    opened_at: Times
    moved_at: Times
    outcome: Ints
    stage: Ints
    reason: Ints
    explained: Bools
    value: Ints  # cents
    grouping: Ints
    interviewed_at: Times  # NaT: never


def pursue(seed: int, customers: int) -> Prospects:
    """Every opportunity of five years."""
    rng = stream(seed, "prospects")
    month = np.repeat(np.arange(MONTHS), rng.poisson(max(customers * _A_MONTH, 3.0), MONTHS))
    opened = np.sort(moments(rng, month))
    count = len(opened)
    outcome = pick(rng, _OUTCOME_SHARE, count)
    moved = opened + (rng.gamma(2.0, 32.0, count) * 86_400).astype(np.int64).astype("m8[s]")
    outcome = np.where(moved >= END, _OPEN, outcome)
    moved = np.where(moved >= END, np.maximum(opened, END - rng.integers(1, 30, count) * DAY), moved)
    stage = np.where(outcome == _STALLED, pick(rng, np.array([0.2, 0.45, 0.25, 0.1]), count), 3)
    stage = np.where(outcome == _OPEN, rng.integers(0, 3, count), stage)
    explained = (outcome == _LOST) | ((outcome == _STALLED) & (rng.random(count) >= _UNEXPLAINED))
    segment = 1 + (rng.random(count) < 0.34)
    region = rng.integers(0, len(REGIONS), count)
    heard = np.isin(outcome, (_LOST, _STALLED)) & (rng.random(count) < _INTERVIEWED)
    interviewed = moved + rng.integers(5, 80, count) * DAY
    return Prospects(
        opened_at=opened,
        moved_at=moved,
        outcome=outcome,
        stage=stage,
        reason=pick(rng, _REASON_SHARE, count),
        explained=explained,
        value=np.rint(_VALUE[segment - 1] * rng.lognormal(-(_SPREAD**2) / 2, _SPREAD, count) * 100).astype(
            np.int64
        ),
        grouping=segment * len(REGIONS) + region,
        interviewed_at=np.where(heard & (interviewed < END), interviewed, np.datetime64("NaT")),
    )


def opportunity_table(prospects: Prospects) -> pa.Table:
    """One row per opportunity. One that stalled without a reason has none: that is the finding."""
    count = len(prospects.opened_at)
    beaten = prospects.explained & (prospects.reason == _REASONS.index("chose competitor"))
    rival = np.arange(count) % len(COMPETITORS)
    return table(
        "opportunity",
        month_index(prospects.opened_at),
        {
            "opportunity_key": keys("O", count),
            "grouping_key": labelled(prospects.grouping, GROUPINGS),
            "opened_at": moment(prospects.opened_at),
            "stage": labelled(prospects.stage, _STAGES),
            "last_moved_at": moment(prospects.moved_at),
            "outcome": labelled(prospects.outcome, _OUTCOMES),
            "value": money(prospects.value),
            "currency": euro(count),
            "reason": labelled(prospects.reason, _REASONS, ~prospects.explained),
            "competitor": labelled(rival, COMPETITORS, ~beaten),
        },
    )


def lost_table(prospects: Prospects) -> pa.Table:
    """An exit case for each lost or stalled opportunity; unknown reasons are told as unknown."""
    place = np.flatnonzero(np.isin(prospects.outcome, (_LOST, _STALLED)))
    count = len(place)
    heard = ~np.isnat(prospects.interviewed_at[place])
    known = prospects.explained[place] | heard
    reason = np.where(known, prospects.reason[place], len(_REASONS))
    verified = np.where(heard, 0, np.where(known, 1, 2))
    moved = prospects.moved_at[place]
    return table(
        "exit_case",
        month_index(moved),
        {
            "case_key": keys("XP", len(prospects.outcome)).take(pa.array(place)),
            "kind": labelled(np.zeros(count, np.int64), ("lost_prospect",)),
            "customer_key": nothing(count),
            "opportunity_key": keys("O", len(prospects.outcome)).take(pa.array(place)),
            "left_at": moment(moved),
            "reason": labelled(reason, (*_REASONS, "unknown")),
            "weight": np.ones(count),
            "controllable": pa.array(np.append(_CONTROLLABLE, False)[reason], mask=~known),
            "verified_by": labelled(verified, ("interview", "agent", "none")),
            "contacted_at": moment(prospects.interviewed_at[place]),
            "annual_revenue": money(prospects.value[place]),
            "currency": euro(count),
        },
    )
