"""Why customers left: what was entered at the time, and what interviews found."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, keys, labelled, moment, money, nothing, table
from dashboard.demo.customers import Lifecycle
from dashboard.demo.sayings import FAREWELLS, on_subject
from dashboard.demo.spells import Spells
from dashboard.demo.timeline import DAY, END, MONTHS, Bools, Floats, Ints, Times, month_index, pick, stream
from dashboard.demo.truths import PRICE_RECODED

CHOSEN_REASONS = (
    "price",
    "service",
    "better offer",
    "billing",
    "network",
    "moved to another region",
    "trust",
)
INVOLUNTARY_REASONS = ("payment default", "closed or deceased")
REASONS = CHOSEN_REASONS + INVOLUNTARY_REASONS
_PRICE = CHOSEN_REASONS.index("price")
_OTHERS = np.array([0.0, 0.26, 0.17, 0.18, 0.16, 0.09, 0.14])  # what else people leave for, in proportion
_CONTROLLABLE = np.array([True, True, False, True, True, False, True, False, False])
VERIFIED = ("interview", "survey", "system", "agent", "none")
_VERIFIED_SHARE = np.array([0.30, 0.18, 0.0, 0.36, 0.16])  # of those who may be asked
_IN_WORDS = 0.7  # of the interviews, the share of which a sentence was kept
_INTERVIEW, _SURVEY, _SYSTEM, _AGENT, _NONE = range(5)


def _mix(price: float) -> Floats:
    """Shares of the chosen reasons with the given share of price."""
    mix: Floats = _OTHERS * (1 - price) / _OTHERS.sum()
    mix[_PRICE] = price
    return mix


@dataclass(frozen=True)
class Cases:
    """Departures in order of time: who left and when, and what is known of the reason."""

    who: Ints
    left: Times
    entered: Ints  # the reason that was entered first, an index into REASONS
    reason: Ints  # the first reason as it is known now
    second: Ints  # another one, or -1
    verified: Ints  # index into VERIFIED
    contacted: Times  # NaT: never
    annual: Ints  # cents


def close_cases(seed: int, lifecycle: Lifecycle, spells: Spells, subscription: Ints) -> Cases:
    """A case for each departure.

    Those that an interview or a survey verified have the reasons found there; the others what was entered.
    Annual revenue is twelve times what was paid for the last full month.
    """
    rng = stream(seed, "exits", lifecycle.part)
    gone = np.flatnonzero(~np.isnat(spells.ended))
    gone = gone[np.argsort(spells.ended[gone], kind="stable")]
    who, month, chosen = spells.who[gone], spells.last[gone], spells.chose[gone]
    cases = len(gone)
    left = spells.ended[gone].astype("M8[us]") + rng.integers(9 * 3600, 18 * 3600, cases).astype("m8[s]")
    last_full = np.where(month > 0, subscription[who, np.maximum(month - 1, 0)], subscription[who, 0] * 2)
    forced = len(CHOSEN_REASONS) + (rng.random(cases) < 0.3)
    entered = np.where(chosen, pick(rng, _mix(PRICE_RECODED.entered), cases), forced)
    found = np.where(chosen, pick(rng, _mix(PRICE_RECODED.found), cases), forced)
    verified = _verified(rng, chosen, lifecycle.may_be_asked[who])
    heard = (verified == _INTERVIEW) | (verified == _SURVEY)
    first = np.where(heard, found, entered)
    second = _second(rng, first, cases)
    contacted = left + rng.integers(3, 120, cases) * DAY
    contacted = np.where(heard & (contacted < END), contacted, np.datetime64("NaT"))
    # What could not be asked yet has not been verified either.
    pending = heard & np.isnat(contacted)
    two = chosen & heard & ~pending & (rng.random(cases) < 0.4)
    return Cases(
        who=who,
        left=left,
        entered=entered,
        reason=np.where(pending, entered, first),
        second=np.where(two, second, -1),
        verified=np.where(pending, _AGENT, verified),
        contacted=contacted,
        annual=last_full * 12,
    )


def exit_table(seed: int, lifecycle: Lifecycle, cases: Cases) -> pa.Table:
    """One row per reason a customer left for; the weights of a case add up to 1."""
    words = stream(seed, "farewells", lifecycle.part)
    two = cases.second >= 0
    case = np.concatenate([np.arange(len(two)), np.flatnonzero(two)])
    reason = np.concatenate([cases.reason, cases.second[two]])
    weight = np.concatenate([np.where(two, 0.6, 1.0), np.full(int(two.sum()), 0.4)])
    order = np.argsort(case, kind="stable")
    case, reason, weight = case[order], reason[order], weight[order]
    left, verified, count = cases.left[case], cases.verified[case], len(case)
    first = np.append(True, case[1:] != case[:-1])
    silent = ~first | (verified != _INTERVIEW) | (words.random(count) >= _IN_WORDS)
    return table(
        "exit_case",
        np.minimum(month_index(left), MONTHS - 1),
        {
            "case_key": keys("X", len(two), lifecycle.part).take(pa.array(case)),
            "kind": labelled(np.zeros(count, np.int64), ("former_customer",)),
            "customer_key": labelled(cases.who[case], lifecycle.keys),
            "opportunity_key": nothing(count),
            "left_at": moment(left),
            "reason": labelled(reason, REASONS),
            "weight": weight,
            "controllable": _controllable(reason, verified != _NONE),
            "verified_by": labelled(verified, VERIFIED),
            "contacted_at": moment(cases.contacted[case]),
            "annual_revenue": money(cases.annual[case]),
            "currency": euro(count),
            "agent_reason": labelled(cases.entered[case], REASONS),
            "verbatim": on_subject(words, reason, FAREWELLS, silent),
        },
    )


def _verified(rng: np.random.Generator, chosen: Bools, may_be_asked: Bools) -> Ints:
    """Who found the reason, an index into VERIFIED; of those who may not be asked the agent's word stands."""
    verified = np.where(chosen, pick(rng, _VERIFIED_SHARE, len(chosen)), _SYSTEM)
    silent = ~may_be_asked & ((verified == _INTERVIEW) | (verified == _SURVEY))
    return np.where(silent, _AGENT, verified)


def _second(rng: np.random.Generator, first: Ints, cases: int) -> Ints:
    """Another of the chosen reasons."""
    step = rng.integers(1, len(CHOSEN_REASONS), cases)
    return (np.minimum(first, len(CHOSEN_REASONS) - 1) + step) % len(CHOSEN_REASONS)


def _controllable(reason: Ints, known: Bools) -> pa.Array:
    """Whether we could have kept them; null where nobody asked, or where it was not their choice."""
    return pa.array(_CONTROLLABLE[reason], mask=~known | (reason >= len(CHOSEN_REASONS)))
