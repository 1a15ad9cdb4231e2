"""Permutation inference for the difference of two groups' mean changes, exact with any number of units.

Had the initiative done nothing, any other choice of as many units would have been as good: the p-value is
the share of choices whose difference is at least as large as the one seen. The interval holds all effects
τ₀ (the same for every treated unit) that this test, applied to the changes with τ₀ taken off, does not
reject.

Sources: Fisher (1935); inversion as in Rosenbaum, Observational Studies (2002).
"""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.least_squares import Numbers

__all__ = ["PermutationTest", "permutation_test"]

# So many choices are all tried; of more, so many are drawn.
MOST_CHOICES = 20_000
DRAWS = 9_999


@dataclass(frozen=True)
class PermutationTest:
    """p, and the limits of the effect in the unit of the changes; None where no effect is ruled out.

    `choices` is how many were tried, the one that was made included; `exact` says that those are all there
    are.
    """

    p: float
    low: float | None
    high: float | None
    choices: int
    exact: bool


def permutation_test(
    changes: Numbers, treated: NDArray[np.bool_], *, seed: int, level: float = 0.95
) -> PermutationTest:
    """Test whether the treated units' changes differ from the others'.

    Args:
        changes: one a unit, n of them.
        treated: which of the units were treated, at least one and not all.
        seed: of the draws where there are more than 20,000 choices.
    """
    chosen, exact = _choices(treated, seed)
    inside, outside = int(treated.sum()), int((~treated).sum())
    effect = float(changes[treated].mean() - changes[~treated].mean())
    differences = chosen @ changes / inside - (~chosen) @ changes / outside
    as_made = treated.astype(float)  # the product of two tables of booleans would be one of booleans
    overlap = chosen @ as_made / inside - (~chosen) @ as_made / outside
    tolerance = 1e-9 * float(np.abs(changes).max(initial=0.0))
    p = float((np.abs(differences) >= abs(effect) - tolerance).mean())
    away = differences - effect * overlap
    allowed = math.floor((1 - level) * len(chosen) + 1e-9) + 1
    up, down = _reach(away, overlap, allowed), _reach(-away, overlap, allowed)
    return PermutationTest(
        p=p,
        low=effect - down if math.isfinite(down) else None,
        high=effect + up if math.isfinite(up) else None,
        choices=len(chosen),
        exact=exact,
    )


def _reach(away: Numbers, overlap: Numbers, allowed: int) -> float:
    """Return how far above the effect an effect may lie that is not rejected.

    A choice with overlap b speaks for an effect that is u higher while |away - u b| ≥ u, which holds up to
    max(away/(1 + b), -away/(1 - b)), and for ever where b is 1 (the choice that was made) or -1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        limits = np.maximum(away / (1 + overlap), -away / (1 - overlap))
    limits[np.isclose(overlap, 1)] = np.inf
    turned = np.isclose(overlap, -1)
    limits[turned] = np.where(away[turned] >= 0, np.inf, -away[turned] / 2)
    if allowed > len(limits):
        return math.inf
    return float(np.sort(limits)[::-1][allowed - 1])


def _choices(treated: NDArray[np.bool_], seed: int) -> tuple[NDArray[np.bool_], bool]:
    count, inside = len(treated), int(treated.sum())
    total = math.comb(count, inside)
    if total <= MOST_CHOICES:
        chosen = np.zeros((total, count), dtype=bool)
        for row, members in enumerate(combinations(range(count), inside)):
            chosen[row, list(members)] = True
        return chosen, True
    drawn = np.random.default_rng(seed).permuted(np.tile(treated, (DRAWS, 1)), axis=1)
    return np.vstack([treated, drawn]), False
