"""Ratios of sums, such as minutes per contact or costs per customer: interval and change, from sums alone.

Formulas: R = Σy/Σx over n units. Interval by Fieller's theorem: all θ for which the t test does not reject
that the mean of y - θx is 0. Standard error, and the change of two ratios, by the delta method:
√(Σ(y - Rx)² n/(n - 1))/Σx. Sources: Fieller (JRSS B, 1954); Cochran, Sampling Techniques (1977), chapter 6.
"""

import math
from dataclasses import dataclass

from dashboard.analysis.intervals import (
    Difference,
    Insufficient,
    Interval,
    not_negative,
    quantile,
    t_quantile,
)

__all__ = ["PairedSums", "ratio_change", "ratio_interval"]

# Below this share of what it is the difference of, a sum of squares is what rounding has left of it.
LOST_IN_ROUNDING = 1e-12

TOO_FEW = Insufficient("A ratio has an interval from three units on.")
NO_SPREAD = Insufficient("All units have the same ratio, or nearly so: their spread cannot be told.")
NEAR_ZERO = Insufficient("The denominator is too near to zero, for its spread, to divide by.")


@dataclass(frozen=True)
class PairedSums:
    """What a database adds up of pairs (y, x), one a unit such as a customer: n, Σy, Σx, Σy², Σx², Σxy.

    Raises:
        ValueError: one is not finite, or n or a sum of squares is negative.
    """

    n: float
    y: float
    x: float
    yy: float
    xx: float
    xy: float

    def __post_init__(self) -> None:
        not_negative("n and the sums of squares", (self.n, self.yy, self.xx))
        if not all(math.isfinite(number) for number in (self.y, self.x, self.xy)):
            raise ValueError("the sums must be finite.")


@dataclass(frozen=True)
class _Means:
    """Means of y and x, and the variances and covariance of these means."""

    y: float
    x: float
    var_y: float
    var_x: float
    covariance: float

    def residual(self, ratio: float) -> float:
        """The variance of the mean of y - ratio·x."""
        return self.var_y - 2 * ratio * self.covariance + ratio * ratio * self.var_x


def ratio_interval(sums: PairedSums, *, level: float = 0.95) -> Interval | Insufficient:
    """Return Fieller's interval of Σy/Σx, in units of y per unit of x; its error is the delta method's.

    There is none with fewer than three units, without spread, or where the mean of x itself cannot be told
    from 0: Fieller's set is then unbounded.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    t_quantile(level, 1)
    means = _means(sums)
    if isinstance(means, Insufficient):
        return means
    ratio, squared = means.y / means.x, t_quantile(level, sums.n - 1) ** 2
    a = means.x**2 - squared * means.var_x
    b = means.x * means.y - squared * means.covariance
    c = means.y**2 - squared * means.var_y
    if a <= LOST_IN_ROUNDING * means.x**2:
        return NEAR_ZERO
    root = math.sqrt(max(0.0, b * b - a * c))
    error = math.sqrt(means.residual(ratio)) / abs(means.x)
    return Interval((b - root) / a, (b + root) / a, ratio, error, "fieller", sums.n)


def ratio_change(before: PairedSums, after: PairedSums, *, level: float = 0.95) -> Difference | Insufficient:
    """Compare two ratios of independent samples by the delta method, with a normal quantile.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    factor = quantile(level)
    first, second = ratio_interval(before, level=level), ratio_interval(after, level=level)
    if isinstance(first, Insufficient):
        return first
    if isinstance(second, Insufficient):
        return second
    error = math.hypot(first.standard_error or 0.0, second.standard_error or 0.0)
    difference = second.centre - first.centre
    return Difference(
        difference=difference,
        low=difference - factor * error,
        high=difference + factor * error,
        standard_error=error,
        p=math.erfc(abs(difference) / error / math.sqrt(2)),
        method="delta",
        n=before.n + after.n,
    )


def _means(sums: PairedSums) -> _Means | Insufficient:
    n = sums.n
    if n < 3:
        return TOO_FEW
    y, x = sums.y / n, sums.x / n
    if not x:
        return NEAR_ZERO
    divisor = n * (n - 1)
    means = _Means(
        y,
        x,
        max(0.0, sums.yy - y * sums.y) / divisor,
        max(0.0, sums.xx - x * sums.x) / divisor,
        (sums.xy - y * sums.x) / divisor,
    )
    ratio = y / x
    size = (sums.yy + abs(2 * ratio * sums.xy) + ratio * ratio * sums.xx) / divisor
    return NO_SPREAD if means.residual(ratio) <= LOST_IN_ROUNDING * size else means
