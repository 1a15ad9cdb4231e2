"""The weather of the company: what every customer and every part of it feels in the same month."""

from dataclasses import dataclass

import numpy as np

from dashboard.demo.timeline import MONTHS, Floats, season, stream, wandering
from dashboard.demo.truths import (
    BILLING_CHANGE,
    COMPLAINTS_BASE,
    FAILURE_BASE,
    NPS_BASE,
    NPS_RISE,
    NPS_TO_GROWTH,
    REPEAT_BASE,
    RIGHT_FIRST_TIME_PROGRAMME,
)

_YEARLY_GROWTH = 0.004  # of spend per customer, beside what loyalty adds


@dataclass(frozen=True)
class Conditions:
    """Paths of shape (60,), one value a month."""

    nps: Floats  # the expected Net Promoter Score
    spend: Floats  # logarithm of spend per customer
    failure: Floats  # share of deliveries that fail
    repeats: Floats  # share of issues that are raised again within a week
    contact_volume: Floats
    contact_price: Floats
    complaints: Floats  # per 1,000 customers, without the billing change
    billing_complaints: Floats  # those it adds
    agreement: dict[str, Floats]  # how far each survey's share of content answers is from its level
    serving: Floats  # (3, 60): how dear each line of serving is


def prevail(seed: int) -> Conditions:
    """The conditions of a seed: the same for a small company and a large one."""
    rng = stream(seed, "conditions")
    lead = NPS_TO_GROWTH.lag_months
    loyalty = wandering(rng, MONTHS + lead, spread=2.6, memory=0.35, breaks=(lead + NPS_RISE.month - 1,))
    programme = RIGHT_FIRST_TIME_PROGRAMME
    failure = wandering(rng, MONTHS, spread=0.006, memory=0.2, breaks=(programme.month - 1,))
    return Conditions(
        nps=NPS_BASE + NPS_RISE.path() + loyalty[lead:],
        spend=_spend(loyalty),
        failure=FAILURE_BASE - programme.path() + failure,
        repeats=REPEAT_BASE + wandering(rng, MONTHS, spread=0.005, memory=0.2),
        contact_volume=season(1, 0.03) * rng.normal(1.0, 0.012, MONTHS),
        contact_price=rng.normal(1.0, 0.012, MONTHS),
        complaints=COMPLAINTS_BASE * season(1, 0.02) * rng.normal(1.0, 0.02, MONTHS),
        billing_complaints=BILLING_CHANGE.path(),
        agreement={
            "ces": wandering(rng, MONTHS, spread=0.006, memory=0.2),
            "trust": wandering(rng, MONTHS, spread=0.006, memory=0.2),
            "csat": wandering(rng, MONTHS, spread=0.02, memory=0.2),
        },
        serving=rng.normal(1.0, 0.012, (3, MONTHS)),
    )


def _spend(loyalty: Floats) -> Floats:
    """Logarithm of spend per customer: growth on the year before follows loyalty three quarters earlier.

    `loyalty` is how far NPS is from its level, from nine months before the simulation on, shape (69,).
    """
    lead = NPS_TO_GROWTH
    path = np.empty(MONTHS)
    for month in range(MONTHS):
        growth = _YEARLY_GROWTH + lead.strength * loyalty[month + 9 - lead.lag_months]
        path[month] = path[month - 12] + growth if month >= 12 else _YEARLY_GROWTH * month / 12
    return path
