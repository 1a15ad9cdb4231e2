"""Net promoter scores: interval, weights, small populations, change, and the number of answers to plan for.

Formula: NPS = 100 (p - q) with p promoters and q detractors as shares of n answers; its variance is
[p + q - (p - q)²] / n. Sources: the adjusted Wald interval after Rocks (The American Statistician, 2016);
Kish's effective number of answers for weights.
"""

import math
from collections.abc import Iterable

from dashboard.analysis.intervals import Difference, Insufficient, Interval, not_negative, quantile
from dashboard.analysis.means import Sums, mean_interval

__all__ = [
    "effective_n",
    "nps_change",
    "nps_half_width",
    "nps_interval",
    "nps_paired_change",
    "nps_sample_size",
    "weighted_nps_interval",
]

# p + q - (p - q)²: the variance of one answer scored -1, 0 or +1, at a usual mix of answers.
USUAL_SPREAD = 0.6

# The plain Wald interval needs so many answers, and so many promoters and detractors.
WALD_ANSWERS = 30
WALD_EACH = 5

NO_ANSWERS = Insufficient("There are no answers.")


def nps_interval(
    promoters: float,
    passives: float,
    detractors: float,
    *,
    level: float = 0.95,
    population: float | None = None,
    wald: bool = False,
) -> Interval | Insufficient:
    """Return the interval of a net promoter score, in points within ±100.

    The default is the adjusted Wald interval, which adds three answers (¾ promoter, 1½ passive, ¾
    detractor): five promoters and nobody else must not read as "100, certainly".

    Args:
        promoters, passives, detractors: counts, not negative.
        population: number of customers who could have answered, where it is small. The finite-population
            correction √((N - n)/(N - 1)) enters as a larger n, n (N - 1)/(N - n), so that a census is exact
            in either method.
        wald: the plain Wald interval instead; it needs n ≥ 30 with 5 promoters and 5 detractors.
    Raises:
        ValueError: a count is negative or not finite, the level is not between 0 and 1, or the population
            is smaller than the number of answers.
    """
    factor = quantile(level)
    counts = _counts(promoters, passives, detractors)
    n = math.fsum(counts)
    weight = _population_weight(n, population)
    if n == 0:
        return NO_ANSWERS
    if wald and not _wald_holds(counts):
        return Insufficient(
            f"The Wald interval needs {WALD_ANSWERS} answers with {WALD_EACH} promoters and {WALD_EACH}"
            " detractors."
        )
    centre, error = _score(counts, adjusted=not wald, weight=weight)
    return Interval(
        low=max(-100.0, centre - factor * error),
        high=min(100.0, centre + factor * error),
        centre=centre,
        standard_error=error,
        method="wald" if wald else "adjusted_wald",
        n=n,
    )


def weighted_nps_interval(
    promoters: float,
    passives: float,
    detractors: float,
    squared_weights: float,
    *,
    level: float = 0.95,
    population: float | None = None,
) -> Interval | Insufficient:
    """Return the adjusted Wald interval of a weighted score, from the sums of the weights of each group.

    The shares are those of the weights, and n is Kish's effective number (Σw)²/Σw², never more than the
    answers there are.

    Args:
        promoters, passives, detractors: sums of weights.
        squared_weights: the sum of the squares of all weights.
        population: as for `nps_interval`.
    Raises:
        ValueError: as for `nps_interval`; also when (Σw)²/Σw² exceeds the population.
    """
    counts = _counts(promoters, passives, detractors)
    not_negative("squared_weights", (squared_weights,))
    total = math.fsum(counts)
    if not total or not squared_weights:
        return Insufficient("No answer has weight.")
    # Divided before multiplied: the square of a large weight would overflow.
    scale = total / squared_weights
    found = nps_interval(*(share * scale for share in counts), level=level, population=population)
    return found if isinstance(found, Interval) else NO_ANSWERS


def nps_change(
    before: tuple[float, float, float], after: tuple[float, float, float], *, level: float = 0.95
) -> Difference | Insufficient:
    """Compare two net promoter scores of independent samples, in points; z = (N₂ - N₁)/√(SE₁² + SE₂²).

    Each argument is (promoters, passives, detractors). The observed scores are compared when both samples
    are large enough for the Wald interval, otherwise the adjusted ones; `method` says which. A panel, where
    the same customers answer twice, needs `nps_paired_change` and not this test.

    Raises:
        ValueError: a count is negative or not finite, or the level is not between 0 and 1.
    """
    factor = quantile(level)
    first, second = _counts(*before), _counts(*after)
    if not math.fsum(first) or not math.fsum(second):
        return NO_ANSWERS
    adjusted = not (_wald_holds(first) and _wald_holds(second))
    old, old_error = _score(first, adjusted=adjusted)
    new, new_error = _score(second, adjusted=adjusted)
    error = math.hypot(old_error, new_error)
    if not error:
        return Insufficient("All answers are passive in both samples, so that no error can be told.")
    return Difference(
        difference=new - old,
        low=max(-200.0, new - old - factor * error),
        high=min(200.0, new - old + factor * error),
        standard_error=error,
        p=math.erfc(abs(new - old) / error / math.sqrt(2)),
        method="adjusted_wald" if adjusted else "wald",
        n=math.fsum((*first, *second)),
    )


def nps_paired_change(changes: Sums, *, level: float = 0.95) -> Interval | Insufficient:
    """Return the t interval of the change of a panel's score, in points; the same customers answered twice.

    Args:
        changes: of each customer's score after minus before, scored +1 promoter, 0 passive, -1 detractor;
            so each change lies between -2 and +2.
    """
    hundredfold = Sums(changes.n, 100 * changes.total, 10_000 * changes.squares)
    return mean_interval(hundredfold, level=level)


def nps_half_width(n: float, *, spread: float = USUAL_SPREAD, level: float = 0.95) -> float:
    """Return the half-width, in points, of a Wald interval with `n` answers; `spread` is p + q - (p - q)².

    Raises:
        ValueError: n is not above 0, or the level is not between 0 and 1.
    """
    if n <= 0:
        raise ValueError(f"n is {n}; a half-width needs answers.")
    return 100 * quantile(level) * math.sqrt(spread / n)


def nps_sample_size(half_width: float, *, spread: float = USUAL_SPREAD, level: float = 0.95) -> int:
    """Return the smallest number of answers that gives a Wald interval of ± `half_width` points.

    Raises:
        ValueError: the half-width is not above 0, or the level is not between 0 and 1.
    """
    if half_width <= 0:
        raise ValueError(f"half_width is {half_width}; it must be above 0 points.")
    return math.ceil(spread * (100 * quantile(level) / half_width) ** 2)


def effective_n(weights: Iterable[float]) -> float:
    """Return Kish's effective number of answers, (Σw)²/Σw²; 0 where no answer has weight.

    Raises:
        ValueError: a weight is negative or not finite.
    """
    kept = not_negative("weights", weights)
    largest = max(kept, default=0.0)
    if not largest:
        return 0.0
    shares = [weight / largest for weight in kept]
    return math.fsum(shares) ** 2 / math.fsum(share * share for share in shares)


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
    not_negative("promoters, passives and detractors", (promoters, passives, detractors))
    return promoters, passives, detractors
