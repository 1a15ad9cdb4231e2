"""What an interval is, what stands in its place where the data does not suffice, and how input is checked.

The methods are in `nps.py`, `proportions.py`, `means.py` and `ratios.py`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from scipy.special import stdtr, stdtrit

__all__ = ["Difference", "Insufficient", "Interval", "not_negative", "quantile", "t_quantile", "t_tail"]


@dataclass(frozen=True)
class Interval:
    """A confidence interval, in the unit of its estimate: points for a score, a fraction for a proportion.

    `centre` is the method's own estimate, which is not the observed figure for `adjusted_wald` and
    `wilson`. The limits of `wald`, `adjusted_wald`, `wilson`, `t`, `paired_t` and `welch` are `centre` ±
    quantile × `standard_error`, then clipped to what is possible; those of `newcombe`, `fieller` and
    `order_statistics` are not symmetrical. `standard_error` is None where the method has none. `n` is the
    number of answers as given.
    """

    low: float
    high: float
    centre: float
    standard_error: float | None
    method: str
    n: float


@dataclass(frozen=True)
class Difference:
    """How far two figures lie apart, after minus before, with its interval; in the unit of the figures.

    `p` is two-sided, and None where the method has an interval alone. `n` is the number of answers of both.
    """

    difference: float
    low: float
    high: float
    standard_error: float
    p: float | None
    method: str
    n: float


@dataclass(frozen=True)
class Insufficient:
    """What a method gives where the data does not suffice; `reason` is a sentence for the reader."""

    reason: str


def quantile(level: float) -> float:
    """The two-sided normal quantile: 1.96 for a level of 0.95.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; a level lies between 0 and 1, such as 0.95.")
    return NormalDist().inv_cdf((1 + level) / 2)


def t_quantile(level: float, df: float) -> float:
    """The two-sided quantile of Student's t with `df` > 0 degrees of freedom; ValueError as `quantile`."""
    quantile(level)
    return float(stdtrit(df, (1 + level) / 2))


def t_tail(t: float, df: float) -> float:
    """The two-sided p of a t statistic, kept above 0 in a far tail."""
    return 2 * float(stdtr(df, -abs(t)))


def not_negative(names: str, numbers: Iterable[float]) -> tuple[float, ...]:
    """The numbers, when all are finite and not negative; else a ValueError that names them."""
    kept = tuple(numbers)
    for number in kept:
        if not (math.isfinite(number) and number >= 0):
            raise ValueError(f"{names} must be finite and not negative; got {number}.")
    return kept
