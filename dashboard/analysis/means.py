"""Means and medians: intervals and change, from what a database adds up: n, sum, sum of squares, counts.

Formulas: mean ± t(n - 1) s/√n with s² = (Σx² - (Σx)²/n)/(n - 1); Welch's t for two means; for a median the
order statistics that a sign test does not reject. Sources: Student (1908); Welch (Biometrika, 1947); Hahn and
Meeker, Statistical Intervals (1991), section 5.2.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from scipy.special import bdtr

from dashboard.analysis.intervals import Difference, Insufficient, Interval, not_negative, t_quantile, t_tail

__all__ = ["Sums", "mean_change", "mean_interval", "median_interval"]

# Below this share of the sum of squares a variance is what rounding has left of it: sums of twelve digits.
LOST_IN_ROUNDING = 2e-11
# No rounding of a sum makes it miss by so large a share.
MISMATCH = 1e-9


@dataclass(frozen=True)
class Sums:
    """What a database adds up of some values: how many, their sum and the sum of their squares.

    Raises:
        ValueError: one is not finite, or n or the sum of squares is negative.
    """

    n: float
    total: float
    squares: float

    def __post_init__(self) -> None:
        not_negative("n and the sum of squares", (self.n, self.squares))
        if not math.isfinite(self.total):
            raise ValueError(f"the sum must be finite; got {self.total}.")

    def moments(self) -> tuple[float, float] | Insufficient:
        """Mean and variance (divisor n - 1), or why there is no variance to speak of."""
        if self.n < 2:
            return Insufficient("A mean has an interval from two values on.")
        mean = self.total / self.n
        around = self.squares - mean * self.total
        if around < -MISMATCH * self.squares:
            return Insufficient(
                "The sum of squares is smaller than the sum allows: the two do not belong together."
            )
        if around <= LOST_IN_ROUNDING * self.squares:
            return Insufficient("All values are equal, or nearly so: their spread cannot be told.")
        return mean, around / (self.n - 1)


def mean_interval(values: Sums, *, level: float = 0.95) -> Interval | Insufficient:
    """Return Student's t interval of a mean, in its own unit.

    Equal values have no interval: a width of zero would claim certainty.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    t_quantile(level, 1)
    found = values.moments()
    if isinstance(found, Insufficient):
        return found
    mean, variance = found
    error = math.sqrt(variance / values.n)
    reach = t_quantile(level, values.n - 1) * error
    return Interval(mean - reach, mean + reach, mean, error, "t", values.n)


def mean_change(before: Sums, after: Sums, *, level: float = 0.95) -> Difference | Insufficient:
    """Compare two means of independent samples by Welch's t, which lets their spreads differ.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    t_quantile(level, 1)
    first, second = before.moments(), after.moments()
    if isinstance(first, Insufficient):
        return first
    if isinstance(second, Insufficient):
        return second
    shares = (first[1] / before.n, second[1] / after.n)
    squared = math.fsum(shares)
    # Welch and Satterthwaite; as shares of the sum, so that no square of a square overflows.
    first_part, second_part = (share / squared for share in shares)
    df = 1 / (first_part**2 / (before.n - 1) + second_part**2 / (after.n - 1))
    error = math.sqrt(squared)
    difference = second[0] - first[0]
    reach = t_quantile(level, df) * error
    return Difference(
        difference=difference,
        low=difference - reach,
        high=difference + reach,
        standard_error=error,
        p=t_tail(difference / error, df),
        method="welch",
        n=before.n + after.n,
    )


def median_interval(counts: Mapping[float, int], *, level: float = 0.95) -> Interval | Insufficient:
    """Return the interval of a median between two order statistics, from the count of each value.

    The ranks are k and n - k + 1 with the largest k for which twice the binomial tail B(k - 1; n, ½) is at
    most 1 - `level`; so the interval covers the median of any continuous distribution at least as often as
    it says, and with ties more often. Six values are the least for 95 %.

    Args:
        counts: value to the number of times it occurs.
    Raises:
        ValueError: a value is not finite, a count is negative, or the level is not between 0 and 1.
    """
    t_quantile(level, 1)
    not_negative("counts", counts.values())
    if not all(math.isfinite(value) for value in counts):
        raise ValueError("a value is not finite; leave missing values out.")
    n = sum(counts.values())
    rank = _rank(n, (1 - level) / 2)
    if rank == 0:
        return Insufficient(f"Too few values for the interval of a median: {n}.")
    ordered = sorted((value, count) for value, count in counts.items() if count)
    low, high = _ranked(ordered, rank), _ranked(ordered, n - rank + 1)
    middle = (_ranked(ordered, (n + 1) // 2) + _ranked(ordered, n // 2 + 1)) / 2
    return Interval(low, high, middle, None, "order_statistics", n)


def _rank(n: int, tail: float) -> int:
    """The largest k with B(k - 1; n, ½) ≤ `tail`; 0 where there is none."""
    low, high = 0, n // 2
    while low < high:
        middle = (low + high + 1) // 2
        if float(bdtr(middle - 1, n, 0.5)) <= tail:
            low = middle
        else:
            high = middle - 1
    return low


def _ranked(ordered: list[tuple[float, int]], rank: int) -> float:
    reached = accumulate(count for _, count in ordered)
    return next(value for (value, _), passed in zip(ordered, reached, strict=True) if passed >= rank)
