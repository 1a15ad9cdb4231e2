"""Units by periods, and which of them an initiative reached: the table that its effect is worked out from."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import Estimate, Numbers, estimate

__all__ = ["Panel", "UnitMean", "balanced", "matched_controls", "welch"]

# How near, in standard deviations of the units' levels, a control must have been to a unit chosen as extreme.
CALIPER = 0.25


@dataclass(frozen=True)
class UnitMean:
    """The mean of one unit (a store, a team, a region) in one period, in the metric's unit; None is missing.

    Periods are numbered without gaps, such as months from any first one.
    """

    unit: str
    period: int
    value: float | None


@dataclass(frozen=True)
class Panel:
    """Values of n units (rows, in the order of `units`) in T periods (columns), without a gap.

    `dropped` names the units that lacked a period and were left out.
    """

    units: tuple[str, ...]
    periods: tuple[int, ...]
    values: Numbers
    dropped: tuple[str, ...]

    def changes(self, start: int) -> Numbers:
        """Return each unit's mean from period `start` on minus its mean before: n numbers."""
        after = np.array(self.periods) >= start
        return np.asarray(self.values[:, after].mean(axis=1) - self.values[:, ~after].mean(axis=1))

    def among(self, units: Collection[str]) -> NDArray[np.bool_]:
        """Say of each row whether its unit is one of `units`."""
        return np.array([unit in units for unit in self.units], dtype=bool)

    def only(self, units: Collection[str]) -> "Panel":
        """The panel of these units alone."""
        kept = self.among(units)
        names = tuple(unit for unit in self.units if unit in units)
        return Panel(names, self.periods, self.values[kept], self.dropped)


def balanced(means: Sequence[UnitMean]) -> Panel | Insufficient:
    """Lay the means out as a table; a unit that lacks a period which others have is left out, and named.

    Raises:
        ValueError: a unit has two values in one period.
    """
    table = {(mean.unit, mean.period): mean.value for mean in means}
    if len(table) < len(means):
        raise ValueError("A unit has two values in one period; give one mean for each unit and period.")
    found = {key for key, value in table.items() if value is not None and math.isfinite(value)}
    periods = tuple(sorted({period for _, period in found}))
    if any(later - earlier != 1 for earlier, later in pairwise(periods)):
        return Insufficient("A period is missing for every unit; the periods must follow one another.")
    units = tuple(dict.fromkeys(mean.unit for mean in means))
    whole = tuple(unit for unit in units if periods and all((unit, period) in found for period in periods))
    values = np.array([[table[unit, period] for period in periods] for unit in whole], dtype=float)
    dropped = tuple(unit for unit in units if unit not in whole)
    return Panel(whole, periods, values.reshape(len(whole), len(periods)), dropped)


def matched_controls(panel: Panel, treated: Collection[str], start: int) -> dict[str, str] | Insufficient:
    """Give each unit that was chosen for an extreme level a control that was as extreme before the start.

    What is extreme by luck comes back by itself (regression to the mean), and in a control that was as
    extreme it does so alike. The nearest free control is taken, the treated unit farthest from the middle
    first; it must lie within a quarter of the units' standard deviation. Levels are means over the periods
    before `start`: the longer they are, the less of an extreme level is luck.
    """
    levels = panel.values[:, np.array(panel.periods) < start].mean(axis=1)
    spread = float(levels.std(ddof=1))
    reached = panel.among(treated)
    free = {index for index in range(len(levels)) if not reached[index]}
    pairs: dict[str, str] = {}
    order = sorted(np.flatnonzero(reached), key=lambda index: -abs(levels[index] - np.median(levels)))
    for index in order:
        near = [other for other in free if abs(levels[other] - levels[index]) <= CALIPER * spread]
        if near:
            best = min(near, key=lambda other: (abs(levels[other] - levels[index]), other))
            free.remove(best)
            pairs[panel.units[index]] = panel.units[best]
    alone = int(reached.sum()) - len(pairs)
    if alone:
        return Insufficient(
            f"{alone} of {int(reached.sum())} units that were chosen for an extreme level have no control"
            " that was as extreme before the start; regression to the mean cannot be told from an effect."
        )
    return pairs


def welch(first: Numbers, other: Numbers, *, level: float = 0.95) -> Estimate | None:
    """Return the mean of `first` minus that of `other` with Welch's t; None without scatter to judge by."""
    if min(len(first), len(other)) < 2:
        return None
    parts = float(first.var(ddof=1)) / len(first), float(other.var(ddof=1)) / len(other)
    total = sum(parts)
    size = float(np.abs(np.concatenate([first, other])).max())
    if total <= (1e-9 * size) ** 2:
        return None
    shares = parts[0] / total, parts[1] / total
    freedom = 1 / (shares[0] ** 2 / (len(first) - 1) + shares[1] ** 2 / (len(other) - 1))
    return estimate(float(first.mean() - other.mean()), math.sqrt(total), freedom, level=level)
