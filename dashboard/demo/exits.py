"""Why customers left: what was entered at the time, and what interviews found."""

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, keys, labelled, moment, money, nothing, table
from dashboard.demo.customers import Lifecycle
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
_VERIFIED_SHARE = np.array([0.20, 0.14, 0.0, 0.48, 0.18])
_INTERVIEW, _SURVEY, _SYSTEM, _AGENT, _NONE = range(5)


def _mix(price: float) -> Floats:
    """Shares of the chosen reasons with the given share of price."""
    mix: Floats = _OTHERS * (1 - price) / _OTHERS.sum()
    mix[_PRICE] = price
    return mix


def exit_table(
    seed: int, lifecycle: Lifecycle, spells: Spells, subscription: Ints
) -> tuple[pa.Table, Ints, Times]:
    """One row per reason a customer left for; also: who was heard, and when. A case's weights add up to 1.

    A case that an interview or a survey verified has the reasons found there; the others have what was
    entered. `agent_reason` is what was entered first, for every case. `annual_revenue` is that of the case:
    twelve times what was paid for the last full month.
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
    verified = np.where(chosen, pick(rng, _VERIFIED_SHARE, cases), _SYSTEM)
    heard = (verified == _INTERVIEW) | (verified == _SURVEY)
    first = np.where(heard, found, entered)
    second = _second(rng, first, cases)
    contacted = left + rng.integers(3, 120, cases) * DAY
    contacted = np.where(heard & (contacted < END), contacted, np.datetime64("NaT"))
    # What could not be asked yet has not been verified either.
    pending = heard & np.isnat(contacted)
    verified, first = np.where(pending, _AGENT, verified), np.where(pending, entered, first)
    two = chosen & heard & ~pending & (rng.random(cases) < 0.4)
    case = np.concatenate([np.arange(cases), np.flatnonzero(two)])
    reason = np.concatenate([first, second[two]])
    weight = np.concatenate([np.where(two, 0.6, 1.0), np.full(int(two.sum()), 0.4)])
    order = np.argsort(case, kind="stable")
    case, reason, weight = case[order], reason[order], weight[order]
    known = verified[case] != _NONE
    count = len(case)
    rows = table(
        "exit_case",
        np.minimum(month_index(left[case]), MONTHS - 1),
        {
            "case_key": keys("X", cases, lifecycle.part).take(pa.array(case)),
            "kind": labelled(np.zeros(count, np.int64), ("former_customer",)),
            "customer_key": labelled(who[case], lifecycle.keys),
            "opportunity_key": nothing(count),
            "left_at": moment(left[case]),
            "reason": labelled(reason, REASONS),
            "weight": weight,
            "controllable": _controllable(reason, known),
            "verified_by": labelled(verified[case], VERIFIED),
            "contacted_at": moment(contacted[case]),
            "annual_revenue": money(last_full[case] * 12),
            "currency": euro(count),
            "agent_reason": labelled(entered[case], REASONS),
        },
    )
    asked = np.flatnonzero(~np.isnat(contacted))
    return rows, who[asked], contacted[asked]


def _second(rng: np.random.Generator, first: Ints, cases: int) -> Ints:
    """Another of the chosen reasons."""
    step = rng.integers(1, len(CHOSEN_REASONS), cases)
    return (np.minimum(first, len(CHOSEN_REASONS) - 1) + step) % len(CHOSEN_REASONS)


def _controllable(reason: Ints, known: Bools) -> pa.Array:
    """Whether we could have kept them; null where nobody asked, or where it was not their choice."""
    return pa.array(_CONTROLLABLE[reason], mask=~known | (reason >= len(CHOSEN_REASONS)))
