"""Proportions: the interval of one, and of the difference of two.

Formulas: Wilson, centre (p + z²/2n)/(1 + z²/n), half-width z/(1 + z²/n) √(p(1 - p)/n + z²/4n²); Newcombe's
hybrid score interval joins two: d - √((p - l₁)² + (u₂ - q)²) to d + √((u₁ - p)² + (q - l₂)²). Sources:
Wilson (JASA, 1927); Newcombe (Statistics in Medicine, 1998). Whether a share may be read without care is
decided as SAMHSA does for its survey of drug use: by the error of ln p beside ln p itself.
"""

import math

from dashboard.analysis.intervals import Difference, Insufficient, Interval, not_negative, quantile

__all__ = ["FEW", "newcombe", "reliable", "wilson"]

# Below so many answers any figure is read with care.
FEW = 30
LARGEST_ERROR = 0.175
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


def reliable(share: float, standard_error: float) -> bool:
    """Whether a share can be published without a warning: SE(p)/p/(-ln p) is at most 0.175, with p at most ½.

    Above ½ the rule looks at 1 - p. A share of 0 or 1 is never reliable.

    Raises:
        ValueError: the share is not between 0 and 1, or the error is negative.
    """
    if not 0 <= share <= 1 or not standard_error >= 0:
        raise ValueError(f"a share of {share} with the error {standard_error}; a share lies between 0 and 1.")
    rare = min(share, 1 - share)
    return rare > 0 and standard_error / rare / -math.log(rare) <= LARGEST_ERROR


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
