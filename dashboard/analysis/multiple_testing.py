"""Correcting for the number of tests: who tries twenty lags finds one "at 5 %" where there is nothing.

Sources: Bonferroni; Benjamini & Hochberg (Journal of the Royal Statistical Society B, 1995).
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

__all__ = ["benjamini_hochberg", "bonferroni", "critical_z", "smallest_detectable"]


def bonferroni(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return min(1, L p) for each of the L p-values: the chance of one false finding among all is held."""
    return tuple(min(1.0, len(p_values) * p) for p in _probabilities(p_values))


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return the p-values adjusted for the false discovery rate, in the order given.

    min over j ≥ i of m p_(j)/j for the i-th smallest of m, at most 1. Findings with an adjusted value of 0.05
    or less contain, in expectation, 5 % false ones; holds for independent and positively dependent tests.
    """
    kept = _probabilities(p_values)
    adjusted = [1.0] * len(kept)
    smallest = 1.0
    for rank, index in reversed(list(enumerate(sorted(range(len(kept)), key=kept.__getitem__), start=1))):
        smallest = min(smallest, kept[index] * len(kept) / rank)
        adjusted[index] = smallest
    return tuple(adjusted)


def critical_z(tests: int, *, level: float = 0.05) -> float:
    """Return the normal quantile that one of `tests` two-sided tests must pass, z at 1 - level/(2 tests)."""
    if tests < 1:
        raise ValueError(f"tests is {tests}; a family has at least one.")
    return NormalDist().inv_cdf(1 - level / (2 * tests))


def smallest_detectable(n: float, tests: int, *, level: float = 0.05) -> float:
    """Return the smallest correlation, in size, that `n` pairs can call significant among `tests` lags, z/√n.

    At 36 pairs it is 0.33 for one lag and 0.48 for thirteen. More than 1 means that none can.
    """
    if n <= 0:
        raise ValueError(f"n is {n}; a correlation needs pairs.")
    return critical_z(tests, level=level) / math.sqrt(n)


def _probabilities(p_values: Sequence[float]) -> tuple[float, ...]:
    for p in p_values:
        if not 0 <= p <= 1:
            raise ValueError(f"{p} is no p-value; it must lie between 0 and 1.")
    return tuple(p_values)
