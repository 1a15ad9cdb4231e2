"""Intervals for net promoter scores, proportions and means, and the test of a change in a net promoter score.

Sources: the adjusted Wald interval after Rocks (The American Statistician, 2016); Wilson (1927); Newcombe
(1998).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from scipy.special import stdtrit

__all__ = [
    "Change",
    "Interval",
    "effective_n",
    "mean_interval",
    "newcombe",
    "nps_change",
    "nps_half_width",
    "nps_interval",
    "nps_sample_size",
    "wilson",
]

# p + q - (p - q)²: the variance of one answer scored -1, 0 or +1, at a usual mix of answers.
USUAL_SPREAD = 0.6

# The plain Wald interval needs so many answers, and so many promoters and detractors.
WALD_ANSWERS = 30
WALD_EACH = 5


@dataclass(frozen=True)
class Interval:
    """A confidence interval, in the unit of its estimate: points for a score, a fraction for a proportion.

    `centre` is the method's own estimate, which is not the observed figure for `adjusted_wald` and
    `wilson`. For all methods but `newcombe` the limits are `centre` ± quantile × `standard_error`, then
    clipped to what is possible. `n` is the number of answers as given.
    """

    low: float
    high: float
    centre: float
    standard_error: float
    method: str
    n: float


@dataclass(frozen=True)
class Change:
    """A tested difference, after minus before: `difference` and `standard_error` in points, `p` two-sided."""

    difference: float
    standard_error: float
    z: float
    p: float
    method: str


def nps_interval(
    promoters: float,
    passives: float,
    detractors: float,
    *,
    level: float = 0.95,
    population: float | None = None,
    wald: bool = False,
) -> Interval | None:
    """Return the interval of a net promoter score, in points within ±100; None without answers.

    The default is the adjusted Wald interval, which adds three answers (¾ promoter, 1½ passive, ¾
    detractor): five promoters and nobody else must not read as "100, certainly". For weighted answers give
    weighted shares times `effective_n`.

    Args:
        promoters, passives, detractors: counts, not negative.
        population: number of customers who could have answered, where it is small. The finite-population
            correction √((N - n)/(N - 1)) enters as a larger n, n (N - 1)/(N - n), so that a census is exact
            in either method.
        wald: the plain Wald interval instead; None unless n ≥ 30 with 5 promoters and 5 detractors.
    Raises:
        ValueError: a count is negative or not finite, the level is not between 0 and 1, or the population
            is smaller than the number of answers.
    """
    quantile = _quantile(level)
    counts = _counts(promoters, passives, detractors)
    n = math.fsum(counts)
    if n == 0 or (wald and not _wald_holds(counts)):
        return None
    centre, error = _score(counts, adjusted=not wald, weight=_population_weight(n, population))
    return Interval(
        low=max(-100.0, centre - quantile * error),
        high=min(100.0, centre + quantile * error),
        centre=centre,
        standard_error=error,
        method="wald" if wald else "adjusted_wald",
        n=n,
    )


def nps_change(before: tuple[float, float, float], after: tuple[float, float, float]) -> Change | None:
    """Test the change between two net promoter scores of independent samples; None where one has no answers.

    Each argument is (promoters, passives, detractors). The observed scores are compared when both samples
    are large enough for the Wald interval, otherwise the adjusted ones; `method` says which. A panel, where
    the same customers answer twice, needs paired scores and not this test.

    Raises:
        ValueError: a count is negative or not finite.
    """
    first, second = _counts(*before), _counts(*after)
    if not math.fsum(first) or not math.fsum(second):
        return None
    adjusted = not (_wald_holds(first) and _wald_holds(second))
    old, old_error = _score(first, adjusted=adjusted)
    new, new_error = _score(second, adjusted=adjusted)
    error = math.hypot(old_error, new_error)
    z = (new - old) / error
    return Change(
        difference=new - old,
        standard_error=error,
        z=z,
        p=math.erfc(abs(z) / math.sqrt(2)),
        method="adjusted_wald" if adjusted else "wald",
    )


def nps_half_width(n: float, *, spread: float = USUAL_SPREAD, level: float = 0.95) -> float:
    """Return the half-width, in points, of a Wald interval with `n` answers; `spread` is p + q - (p - q)²."""
    if n <= 0:
        raise ValueError(f"n is {n}; a half-width needs answers.")
    return 100 * _quantile(level) * math.sqrt(spread / n)


def nps_sample_size(half_width: float, *, spread: float = USUAL_SPREAD, level: float = 0.95) -> int:
    """Return the smallest number of answers that gives a Wald interval of ± `half_width` points."""
    if half_width <= 0:
        raise ValueError(f"half_width is {half_width}; it must be above 0 points.")
    return math.ceil(spread * (100 * _quantile(level) / half_width) ** 2)


def effective_n(weights: Iterable[float]) -> float:
    """Return Kish's effective number of answers, (Σw)²/Σw²; 0 where no answer has weight."""
    kept = _not_negative("weights", weights)
    squares = math.fsum(weight * weight for weight in kept)
    return math.fsum(kept) ** 2 / squares if squares else 0.0


def wilson(successes: float, n: float, *, level: float = 0.95) -> Interval | None:
    """Return Wilson's interval of a proportion, as fractions; None where n is 0.

    Raises:
        ValueError: `successes` is not between 0 and `n`, or the level is not between 0 and 1.
    """
    quantile = _quantile(level)
    p = _share(successes, n)
    if p is None:
        return None
    shrink = 1 + quantile**2 / n
    centre = (p + quantile**2 / (2 * n)) / shrink
    error = math.sqrt(p * (1 - p) / n + quantile**2 / (4 * n * n)) / shrink
    return Interval(
        low=0.0 if successes == 0 else max(0.0, centre - quantile * error),
        high=1.0 if successes == n else min(1.0, centre + quantile * error),
        centre=centre,
        standard_error=error,
        method="wilson",
        n=n,
    )


def newcombe(
    successes: float, n: float, other_successes: float, other_n: float, *, level: float = 0.95
) -> Interval | None:
    """Return Newcombe's interval of the first proportion minus the other, as fractions; independent samples.

    `centre` is the observed difference and `standard_error` its plain one; the limits are not symmetrical
    about it. `n` is the number of answers of both. None where either n is 0.

    Raises:
        ValueError: as for `wilson`.
    """
    first, other = wilson(successes, n, level=level), wilson(other_successes, other_n, level=level)
    if first is None or other is None:
        return None
    p, q = successes / n, other_successes / other_n
    return Interval(
        low=p - q - math.hypot(p - first.low, other.high - q),
        high=p - q + math.hypot(first.high - p, q - other.low),
        centre=p - q,
        standard_error=math.sqrt(p * (1 - p) / n + q * (1 - q) / other_n),
        method="newcombe",
        n=n + other_n,
    )


def mean_interval(mean: float, sd: float, n: float, *, level: float = 0.95) -> Interval | None:
    """Return Student's t interval of a mean, in its own unit; None with fewer than two answers.

    `sd` is the sample standard deviation (divisor n - 1).

    Raises:
        ValueError: `mean`, `sd` or `n` is not finite, `sd` or `n` is negative, or the level is not between
            0 and 1.
    """
    _quantile(level)
    _not_negative("sd and n", (sd, n))
    if not math.isfinite(mean):
        raise ValueError(f"mean is {mean}; a missing mean has no interval.")
    if n < 2:
        return None
    error = sd / math.sqrt(n)
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * error
    return Interval(low=mean - reach, high=mean + reach, centre=mean, standard_error=error, method="t", n=n)


def _score(
    counts: tuple[float, float, float], *, adjusted: bool, weight: float | None = 1.0
) -> tuple[float, float]:
    """Return score and standard error in points; each answer counts `weight` times, None is a census."""
    promoters, passives, detractors = counts
    if weight is None:
        return 100 * (promoters - detractors) / math.fsum(counts), 0.0
    n = weight * (promoters + passives + detractors) + (3 if adjusted else 0)
    p = (weight * promoters + (0.75 if adjusted else 0)) / n
    q = (weight * detractors + (0.75 if adjusted else 0)) / n
    return 100 * (p - q), 100 * math.sqrt(max(0.0, p + q - (p - q) ** 2) / n)


def _population_weight(n: float, population: float | None) -> float | None:
    if population is None:
        return 1.0
    if not population >= n:
        raise ValueError(f"population is {population}, smaller than the {n} answers.")
    return None if population == n else (population - 1) / (population - n)


def _wald_holds(counts: tuple[float, float, float]) -> bool:
    promoters, _, detractors = counts
    return math.fsum(counts) >= WALD_ANSWERS and promoters >= WALD_EACH and detractors >= WALD_EACH


def _counts(promoters: float, passives: float, detractors: float) -> tuple[float, float, float]:
    _not_negative("promoters, passives and detractors", (promoters, passives, detractors))
    return promoters, passives, detractors


def _share(successes: float, n: float) -> float | None:
    _not_negative("successes and n", (successes, n))
    if successes > n:
        raise ValueError(f"{successes} successes out of {n} is more than all.")
    return successes / n if n else None


def _not_negative(names: str, numbers: Iterable[float]) -> tuple[float, ...]:
    kept = tuple(numbers)
    for number in kept:
        if not (math.isfinite(number) and number >= 0):
            raise ValueError(f"{names} must be finite and not negative; got {number}.")
    return kept


def _quantile(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; a level lies between 0 and 1, such as 0.95.")
    return NormalDist().inv_cdf((1 + level) / 2)
