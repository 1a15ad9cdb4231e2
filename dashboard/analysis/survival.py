"""Retention by the Kaplan-Meier estimator, and the log-rank test of whether groups keep customers alike.

Formulas: with d_j customers lost out of n_j at risk at age t_j, S(t) = Π_{t_j ≤ t} (1 - d_j/n_j); Greenwood's
variance S² Σ d_j/(n_j (n_j - d_j)); interval on the scale of ln(-ln S), which keeps it within 0 and 1. The
log-rank statistic compares the losses of each group with those expected if all groups lost alike at every
age, and is χ² with one degree of freedom less than groups.

Customers who are still here are counted up to the age at which they were last seen (censoring), and those who
joined before the records begin only from the age at which the records find them (delayed entry): without the
second, the years that only survivors can tell of would look like years without loss.

Assumes that customers who were last seen while still here would have been lost at the rate of the others.

Sources: Kaplan & Meier (JASA, 1958); Greenwood (1926); Mantel (1966); Kalbfleisch & Prentice (1980) for the
interval.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from dashboard.analysis.intervals import Insufficient, quantile

__all__ = ["LogRank", "Stay", "Step", "SurvivalCurve", "log_rank", "survival_curve"]

Numbers = NDArray[np.float64]

# The fewest customers at risk for which a curve is drawn: beyond, single customers move it visibly.
MINIMUM_AT_RISK = 10

# Products of fractions such as 2/3 · 3/4 reach a half only up to rounding.
HALF = 0.5 + 1e-12


@dataclass(frozen=True)
class Stay:
    """Customers who were watched alike: from age `entered` to age `until`, both in periods since joining.

    `lost` left at `until`; `still_here` were seen no further. `entered` is above 0 for customers who joined
    before the records begin. A customer lost at an age is at risk at it; one entering at an age is at risk
    only afterwards.
    """

    until: float
    lost: int
    still_here: int
    entered: float = 0.0


@dataclass(frozen=True)
class Step:
    """The curve from `age` on to the next step: at least one customer was lost at this age.

    `survival`, `low` and `high` are fractions. `standard_error`, `low` and `high` are None where all who
    were at risk have been lost, since nobody is left to tell the error from.
    """

    age: float
    at_risk: int
    lost: int
    survival: float
    standard_error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class SurvivalCurve:
    """The fraction of customers still here by age; it is 1 at the beginning and told up to age `ends_at`.

    `median` is the first age at which half or fewer are left, with the ages at which its interval begins
    and ends; each is None where the curve does not reach it. `customers` and `lost` count everybody given,
    also those beyond the end of the curve.
    """

    steps: tuple[Step, ...]
    ends_at: float
    median: float | None
    median_low: float | None
    median_high: float | None
    customers: int
    lost: int

    def survival_at(self, age: float) -> float | None:
        """Return the fraction still here at `age`; None before 0 and beyond the end of the curve."""
        if not 0 <= age <= self.ends_at:
            return None
        return min((step.survival for step in self.steps if step.age <= age), default=1.0)


@dataclass(frozen=True)
class LogRank:
    """The test that all groups lose customers alike; `p` is the chance of a statistic so large if they do.

    `observed` and `expected` are numbers of customers lost, by group; `statistic` is χ² with
    `degrees_of_freedom`.
    """

    observed: Mapping[str, int]
    expected: Mapping[str, float]
    statistic: float
    degrees_of_freedom: int
    p: float


def survival_curve(
    stays: Sequence[Stay],
    *,
    level: float = 0.95,
    minimum_at_risk: int = MINIMUM_AT_RISK,
    from_age: float = 0.0,
) -> SurvivalCurve | Insufficient:
    """Estimate retention by age from counts of customers who were watched alike.

    Args:
        stays: one entry a combination of entry age and last age, in any order; repeated ones add up.
        level: of the intervals.
        minimum_at_risk: the curve ends before the first age with fewer customers at risk, and where no more
            are watched between two ages.
        from_age: the curve is that of customers who reached this age. For records in which nobody is new.
    Returns:
        The curve, or `Insufficient` where there are no customers, fewer than `minimum_at_risk` watched at
        its beginning, or a stay that cannot be (a negative count, an end before its beginning).
    Raises:
        ValueError: the level is not between 0 and 1, or `minimum_at_risk` is less than 1.
    """
    factor = quantile(level)
    if minimum_at_risk < 1:
        raise ValueError(f"minimum_at_risk is {minimum_at_risk}; a curve needs at least 1 customer at risk.")
    fault = _fault(stays)
    if fault is not None:
        return fault
    stays = _reaching(stays, from_age)
    watched = sum(stay.lost + stay.still_here for stay in stays if stay.entered <= from_age)
    if watched < minimum_at_risk:
        return Insufficient(
            f"Too few customers were watched from age {from_age:g} on: {watched};"
            f" {minimum_at_risk} are needed."
        )
    ages = np.unique(np.array([stay.until for stay in stays if stay.lost + stay.still_here], dtype=float))
    at_risk, lost = _at_risk(stays, ages), _lost(stays, ages)
    told = _unbroken(stays, ages, at_risk, minimum_at_risk)
    steps = _steps(ages[:told], at_risk[:told], lost[:told], factor)
    return SurvivalCurve(
        steps=steps,
        ends_at=float(ages[told - 1]) if told else from_age,
        median=_first_age([(step.age, step.survival) for step in steps]),
        median_low=_first_age([(step.age, step.low) for step in steps]),
        median_high=_first_age([(step.age, step.high) for step in steps]),
        customers=sum(stay.lost + stay.still_here for stay in stays),
        lost=sum(stay.lost for stay in stays),
    )


def _reaching(stays: Sequence[Stay], age: float) -> Sequence[Stay]:
    """The stays that reached the age, as if each had been watched from then on at the earliest."""
    if age <= 0:
        return stays
    return [replace(stay, entered=max(stay.entered, age)) for stay in stays if stay.until > age]


def log_rank(groups: Mapping[str, Sequence[Stay]]) -> LogRank | Insufficient:
    """Test whether groups of customers are lost alike, over all ages; groups are not ordered.

    Most able to find groups whose loss rates differ by the same factor at every age; curves that cross can
    escape it.

    Returns:
        The test, or `Insufficient` with fewer than two groups, a group without customers, no losses, groups
        that were never at risk at the same ages, or a stay that cannot be.
    """
    if len(groups) < 2:
        return Insufficient("A comparison needs at least two groups.")
    for name, stays in groups.items():
        fault = _fault(stays)
        if fault is not None:
            return Insufficient(f"{name}: {fault.reason}")
    at_risk, lost = _joint_table(groups)
    if not lost.any():
        return Insufficient("No customer was lost in any group, so that losses cannot be compared.")
    everyone, all_lost = at_risk.sum(axis=0), lost.sum(axis=0)
    shares = at_risk / everyone
    expected = (shares * all_lost).sum(axis=1)
    statistic = _chi_square(lost.sum(axis=1) - expected, shares, everyone, all_lost)
    if statistic is None:
        return Insufficient(
            "The groups were not at risk at the same ages, so that losses cannot be compared."
        )
    return LogRank(
        observed={name: int(number) for name, number in zip(groups, lost.sum(axis=1), strict=True)},
        expected={name: float(number) for name, number in zip(groups, expected, strict=True)},
        statistic=statistic,
        degrees_of_freedom=len(groups) - 1,
        p=float(chdtrc(len(groups) - 1, statistic)),
    )


def _fault(stays: Sequence[Stay]) -> Insufficient | None:
    for stay in stays:
        if not (math.isfinite(stay.until) and math.isfinite(stay.entered)):
            return Insufficient("An age is missing or infinite.")
        if stay.lost < 0 or stay.still_here < 0:
            return Insufficient(f"A count of customers at age {stay.until:g} is negative.")
        if stay.entered < 0 or (stay.entered >= stay.until and not stay.entered == stay.until == 0):
            return Insufficient(f"A stay from age {stay.entered:g} to age {stay.until:g} does not last.")
    if not any(stay.lost + stay.still_here for stay in stays):
        return Insufficient("There are no customers.")
    return None


def _at_risk(stays: Sequence[Stay], ages: Numbers) -> Numbers:
    """How many customers were watched at each age: entered before it, and not ended before it."""
    until = np.array([stay.until for stay in stays], dtype=float)
    # Whoever is watched from age 0 is at risk at age 0 too.
    entered = np.array([stay.entered or -1.0 for stay in stays], dtype=float)
    count = np.array([stay.lost + stay.still_here for stay in stays], dtype=float)
    return _sums_below(entered, count, ages) - _sums_below(until, count, ages)


def _lost(stays: Sequence[Stay], ages: Numbers) -> Numbers:
    """How many customers were lost at each of `ages`, which hold every age of a loss."""
    lost = np.zeros(len(ages))
    losses = [stay for stay in stays if stay.lost]
    np.add.at(lost, np.searchsorted(ages, [stay.until for stay in losses]), [stay.lost for stay in losses])
    return lost


def _unbroken(stays: Sequence[Stay], ages: Numbers, at_risk: Numbers, minimum: int) -> int:
    """How many ages the curve reaches before too few are at risk at an age, or between it and the one before.

    Between two ages nobody ends, so that the fewest are watched right after the first of them.
    """
    watched_between = _at_risk(stays, np.nextafter(ages[:-1], np.inf))
    enough = at_risk >= minimum
    enough[1:] &= watched_between >= minimum
    return len(ages) if enough.all() else int(np.argmin(enough))


def _sums_below(positions: Numbers, amounts: Numbers, ages: Numbers) -> Numbers:
    """The sum of the amounts that lie at positions strictly below each age."""
    order = np.argsort(positions, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(amounts[order])])
    sums: Numbers = running[np.searchsorted(positions[order], ages, side="left")]
    return sums


def _steps(ages: Numbers, at_risk: Numbers, lost: Numbers, factor: float) -> tuple[Step, ...]:
    steps: list[Step] = []
    # The sum of logarithms stays below 0 where a product of 1 - 1/n would round to 1.
    log_survival, greenwood = 0.0, 0.0
    for age, n, d in zip(ages.tolist(), at_risk.tolist(), lost.tolist(), strict=True):
        if not d:
            continue
        if d == n:
            steps.append(Step(age, int(n), int(d), 0.0, None, None, None))
            break
        log_survival += math.log1p(-d / n)
        greenwood += d / (n * (n - d))
        survival = math.exp(log_survival)
        reach = factor * math.sqrt(greenwood) / -log_survival
        steps.append(
            Step(
                age=age,
                at_risk=int(n),
                lost=int(d),
                survival=survival,
                standard_error=survival * math.sqrt(greenwood),
                low=survival ** math.exp(min(reach, 700.0)),
                high=survival ** math.exp(-reach),
            )
        )
    return tuple(steps)


def _first_age(points: Sequence[tuple[float, float | None]]) -> float | None:
    return next((age for age, share in points if share is not None and share <= HALF), None)


def _joint_table(groups: Mapping[str, Sequence[Stay]]) -> tuple[Numbers, Numbers]:
    """Numbers at risk and lost, groups × ages at which somebody of any group was lost."""
    losses = [stay.until for stays in groups.values() for stay in stays if stay.lost]
    ages = np.unique(np.array(losses, dtype=float))
    at_risk = np.array([_at_risk(stays, ages) for stays in groups.values()])
    return at_risk, np.array([_lost(stays, ages) for stays in groups.values()])


def _chi_square(excess: Numbers, shares: Numbers, everyone: Numbers, lost: Numbers) -> float | None:
    """U'V⁻¹U over all groups but the last; None where V is singular."""
    # Where one customer alone is at risk, the loss says nothing of groups and its variance is 0.
    spread = lost * (everyone - lost) / np.maximum(everyone - 1, 1)
    variance = np.diag((shares * spread).sum(axis=1)) - (shares * spread) @ shares.T
    inner, kept = variance[:-1, :-1], excess[:-1]
    scale = np.sqrt(np.diag(inner))
    if not (scale > 0).all() or np.linalg.cond(inner / np.outer(scale, scale)) > 1e12:
        return None
    return max(0.0, float(kept @ np.linalg.solve(inner, kept)))
