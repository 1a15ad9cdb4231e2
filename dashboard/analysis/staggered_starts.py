"""The effect of an initiative that reached units at different times, by groups that started together.

A plain regression with unit and period effects uses units that have started already as controls for later
ones, and can even turn the sign of an effect that grows. So each group g (all units that started in period
g) is compared with those never reached: ATT(g, t) = mean change of the group since g - 1, less that of the
never reached. The overall effect is the mean of ATT(g, t) over all t ≥ g, weighted by the number of units
in g; by time since the start it is the same mean at t - g = e.

Errors come from each unit's share in the mean, units being independent; a group of one unit borrows the
variance of the never reached. Source: Callaway & Sant'Anna (Journal of Econometrics, 2021), never-treated
controls, no covariates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import Estimate, Numbers, estimate
from dashboard.analysis.panel import Panel, UnitMean, balanced

__all__ = ["GroupEffect", "StaggeredEffect", "staggered_effect"]

FEWEST_CONTROLS = 2


@dataclass(frozen=True)
class GroupEffect:
    """ATT(g, t) in the metric's unit: the group that started in period `start`, seen in period `period`.

    Before the start it compares with the period before the start likewise, and should be about 0.
    """

    start: int
    period: int
    units: int
    value: float


@dataclass(frozen=True)
class StaggeredEffect:
    """The overall effect, the effect by periods since the start (from 0), and every ATT(g, t).

    `skipped` names units that were left out: those with missing periods, and those that started in or
    before the first period, which have no before.
    """

    effect: Estimate
    by_age: tuple[tuple[int, Estimate], ...]
    groups: tuple[GroupEffect, ...]
    treated: int
    controls: int
    skipped: tuple[str, ...]


def staggered_effect(
    means: Sequence[UnitMean], starts: Mapping[str, int], *, level: float = 0.95
) -> StaggeredEffect | Insufficient:
    """Work out the effect for units that started at different times.

    Args:
        means: unit by period means, aggregated in the database; each unit counts alike.
        starts: each reached unit's first period with the initiative; units that are not in it, or that start
            after the last period, were never reached and are the controls.
        level: of the intervals.
    Returns:
        `Insufficient` with fewer than two units never reached, none reached, or no scatter.
    Raises:
        ValueError: a unit has two values in one period.
    """
    panel = balanced(means)
    if isinstance(panel, Insufficient):
        return panel
    last = panel.periods[-1] if panel.periods else 0
    reached = {unit: starts[unit] for unit in panel.units if starts.get(unit, last + 1) <= last}
    early = tuple(unit for unit, start in reached.items() if start <= panel.periods[0])
    panel = panel.only(set(panel.units) - set(early))
    first = np.array([reached.get(unit, last + 1) for unit in panel.units], dtype=np.int64)
    controls = int((first > last).sum())
    if controls < FEWEST_CONTROLS:
        return Insufficient(
            f"There {'is' if controls == 1 else 'are'} {controls} unit{'' if controls == 1 else 's'} never"
            f" reached; at least {FEWEST_CONTROLS} are needed to compare with."
        )
    if controls == len(first):
        return Insufficient("No unit was reached after the first and before the last period.")
    cells = [(int(start), period) for start in np.unique(first[first <= last]) for period in panel.periods]
    effect = _mean(panel, first, [cell for cell in cells if cell[1] >= cell[0]], level)
    if effect is None:
        return Insufficient("All units changed alike; there is no scatter to judge by.")
    ages = sorted({period - start for start, period in cells if period >= start})
    by_age = [(age, _mean(panel, first, [c for c in cells if c[1] - c[0] == age], level)) for age in ages]
    return StaggeredEffect(
        effect=effect,
        by_age=tuple((age, found) for age, found in by_age if found is not None),
        groups=tuple(_group(panel, first, start, period) for start, period in cells),
        treated=len(first) - controls,
        controls=controls,
        skipped=(*panel.dropped, *early),
    )


def _group(panel: Panel, first: NDArray[np.int64], start: int, period: int) -> GroupEffect:
    moved = _moved(panel, start, period)
    inside = first == start
    value = float(moved[inside].mean() - moved[first > panel.periods[-1]].mean())
    return GroupEffect(start, period, int(inside.sum()), value)


def _moved(panel: Panel, start: int, period: int) -> Numbers:
    base = panel.values[:, panel.periods.index(start - 1)]
    return np.asarray(panel.values[:, panel.periods.index(period)] - base)


def _mean(
    panel: Panel, first: NDArray[np.int64], cells: Sequence[tuple[int, int]], level: float
) -> Estimate | None:
    """Average ATT(g, t) over the cells, each weighted by the units of its group."""
    never = first > panel.periods[-1]
    sizes = {start: int((first == start).sum()) for start, _ in cells}
    total = sum(sizes[start] for start, _ in cells)
    # What each unit adds to its group's weighted mean, and what each control takes off.
    own, off = np.zeros(len(first)), np.zeros(len(first))
    for start, period in cells:
        moved = _moved(panel, start, period)
        own[first == start] += moved[first == start] * sizes[start] / total
        off[never] += moved[never] * sizes[start] / total
    value = -float(off[never].mean())
    spread = float(off[never].var(ddof=1))
    parts = [(spread / never.sum(), int(never.sum()) - 1)]
    for start, size in sizes.items():
        group = own[first == start]
        value += float(group.mean())
        if size > 1:
            parts.append((float(group.var(ddof=1)) / size, size - 1))
        else:
            weight = sum(size for cell in cells if cell[0] == start) / total
            parts.append((spread * weight**2, int(never.sum()) - 1))
    variance = math.fsum(part for part, _ in parts)
    scale = float(np.abs(panel.values).max())
    if variance <= (1e-9 * scale) ** 2:
        return None
    freedom_parts = [(part / variance) ** 2 / freedom for part, freedom in parts]
    return estimate(value, math.sqrt(variance), 1 / math.fsum(freedom_parts), level=level)
