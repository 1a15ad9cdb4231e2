"""Proportions: the interval of one, and of the difference of two.

Formulas: Wilson, centre (p + z²/2n)/(1 + z²/n), half-width z/(1 + z²/n) √(p(1 - p)/n + z²/4n²); Newcombe's
hybrid score interval joins two: d - √((p - l₁)² + (u₂ - q)²) to d + √((u₁ - p)² + (q - l₂)²). Sources:
Wilson (JASA, 1927); Newcombe (Statistics in Medicine, 1998).
"""

import math

from dashboard.analysis.intervals import Difference, Insufficient, Interval, not_negative, quantile

__all__ = ["newcombe", "wilson"]

NOTHING_COUNTED = Insufficient("Nothing was counted: n is 0.")


def wilson(successes: float, n: float, *, level: float = 0.95) -> Interval | Insufficient:
    """Return Wilson's interval of a proportion, as fractions within 0 and 1.

    Raises:
        ValueError: `successes` is not between 0 and `n`, or the level is not between 0 and 1.
    """
    factor = quantile(level)
    p = _share(successes, n)
    if p is None:
        return NOTHING_COUNTED
    shrink = 1 + factor**2 / n
    centre = (p + factor**2 / (2 * n)) / shrink
    error = math.sqrt(p * (1 - p) / n + factor**2 / (4 * n * n)) / shrink
    return Interval(
        low=0.0 if successes == 0 else max(0.0, centre - factor * error),
        high=1.0 if successes == n else min(1.0, centre + factor * error),
        centre=centre,
        standard_error=error,
        method="wilson",
        n=n,
    )


def newcombe(
    before: tuple[float, float], after: tuple[float, float], *, level: float = 0.95
) -> Difference | Insufficient:
    """Return Newcombe's interval of one proportion minus an earlier one, as fractions; independent samples.

    Each argument is (successes, n). The limits are not symmetrical about the difference; `standard_error`
    is the plain one, √(p(1 - p)/n + q(1 - q)/m).

    Raises:
        ValueError: as for `wilson`.
    """
    first, second = wilson(*before, level=level), wilson(*after, level=level)
    if isinstance(first, Insufficient) or isinstance(second, Insufficient):
        return NOTHING_COUNTED
    (a, m), (b, n) = before, after
    p, q = b / n, a / m
    return Difference(
        difference=p - q,
        low=p - q - math.hypot(p - second.low, first.high - q),
        high=p - q + math.hypot(second.high - p, q - first.low),
        standard_error=math.sqrt(p * (1 - p) / n + q * (1 - q) / m),
        p=None,
        method="newcombe",
        n=m + n,
    )


def _share(successes: float, n: float) -> float | None:
    not_negative("successes and n", (successes, n))
    if successes > n:
        raise ValueError(f"{successes} successes out of {n} is more than all.")
    return successes / n if n else None
