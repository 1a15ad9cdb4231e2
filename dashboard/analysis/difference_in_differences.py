"""What an initiative did: the change of the units it reached minus that of units it did not.

τ = (Ȳ_T1 - Ȳ_T0) - (Ȳ_C1 - Ȳ_C0), the coefficient of "treated and after" beside unit and period effects.
It is the effect if both groups would have changed alike, which the pre-trend, the event study and a
placebo date can cast doubt on and cannot prove. With 30 units or more the interval is Student's t with
errors clustered by unit, below that it comes from permutations. All units start at one time; for several
starts see `staggered_starts`.

Sources: Angrist & Pischke, Mostly Harmless Econometrics (2009), chapter 5; Bertrand, Duflo & Mullainathan
(2004) for clustering by unit.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import Estimate, Numbers, clustered, estimate, fit
from dashboard.analysis.means import Sums
from dashboard.analysis.panel import Panel, UnitMean, balanced, matched_controls, welch
from dashboard.analysis.permutation import permutation_test

__all__ = ["Effect", "EventPoint", "Experiment", "Placebo", "difference_in_differences", "of_four_groups"]

Selection = Literal["random", "chosen", "extreme"]

# With fewer clusters their errors are too small, and permutations take their place.
ENOUGH_CLUSTERS = 30

# One unit that holds this share of all variation of the changes decides the effect alone.
DOMINANT_SHARE = 0.9


@dataclass(frozen=True)
class Effect:
    """τ in the metric's unit, its limits (None: nothing is ruled out), two-sided p, and how they came."""

    value: float
    low: float | None
    high: float | None
    p: float
    method: Literal["clustered", "permutation"]


@dataclass(frozen=True)
class EventPoint:
    """How much farther the treated units have moved since the last period before the start.

    `relative` 0 is the start; before it, `value` should be about 0. The limits are None where the units of a
    group show no scatter.
    """

    relative: int
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Placebo:
    """The effect of a start that never was, in the middle of the periods before the real one."""

    start: int
    effect: Effect


@dataclass(frozen=True)
class Experiment:
    """The effect with all that lets it be doubted.

    `ols_error` is the standard error of the two-way regression as if all cells were independent,
    `clustered_error` the one that allows a unit's cells to go together; both in the metric's unit.
    `pre_trend` is the difference of the groups' slopes before the start, per period. `matches` names the
    control of each treated unit where they were chosen as extreme. `cautions` are sentences.
    """

    effect: Effect
    ols_error: float
    clustered_error: float
    treated: int
    controls: int
    before: int
    after: int
    dropped: tuple[str, ...]
    events: tuple[EventPoint, ...]
    pre_trend: Estimate | None
    placebo: Placebo | None
    matches: dict[str, str]
    cautions: tuple[str, ...]


def difference_in_differences(
    means: Sequence[UnitMean],
    treated: Collection[str],
    start: int,
    *,
    selection: Selection,
    seed: int = 0,
    level: float = 0.95,
) -> Experiment | Insufficient:
    """Work out the effect of an initiative that reached some units from period `start` on.

    Args:
        means: unit by period means, aggregated in the database; each unit counts alike.
        treated: the units that were reached; all others are controls.
        start: the first period with the initiative.
        selection: how they were picked: "random", "chosen", or "extreme" for a bad or good level. The extreme
            are compared with controls that were as extreme, and refused where there are none.
        seed: of the permutations, where there are too many to try all.
        level: of the intervals.
    Returns:
        `Insufficient` with fewer than two units in a group, no period before or after, no scatter between
        units, or one unit that holds nearly all of it.
    Raises:
        ValueError: a unit has two values in one period.
    """
    panel = balanced(means)
    if isinstance(panel, Insufficient):
        return panel
    if refused := _unfit(panel, treated, start):
        return refused
    matches: dict[str, str] = {}
    if selection == "extreme":
        pairs = matched_controls(panel, treated, start)
        if isinstance(pairs, Insufficient):
            return pairs
        matches, panel = pairs, panel.only({*pairs, *pairs.values()})
    reached = panel.among(treated)
    if refused := _no_scatter(panel.changes(start)):
        return refused
    return _experiment(panel, reached, start, selection, matches, seed, level)


def _experiment(
    panel: Panel,
    reached: NDArray[np.bool_],
    start: int,
    selection: Selection,
    matches: dict[str, str],
    seed: int,
    level: float,
) -> Experiment:
    """The effect with all that speaks for and against it, of a panel that can be judged."""
    before = sum(period < start for period in panel.periods)
    ols_error, clustered_error = _errors(panel, reached, start)
    pre_trend = _pre_trend(panel, reached, start, level)
    return Experiment(
        effect=_effect(panel, reached, start, seed, level),
        ols_error=ols_error,
        clustered_error=clustered_error,
        treated=int(reached.sum()),
        controls=int((~reached).sum()),
        before=before,
        after=len(panel.periods) - before,
        dropped=panel.dropped,
        events=_events(panel, reached, start, level),
        pre_trend=pre_trend,
        placebo=_placebo(panel, reached, start, seed, level),
        matches=matches,
        cautions=_cautions(panel, reached, start, selection, pre_trend),
    )


def of_four_groups(
    treated_before: Sums,
    treated_after: Sums,
    control_before: Sums,
    control_after: Sums,
    *,
    level: float = 0.95,
) -> Estimate | Insufficient:
    """Return τ of four independent samples, such as the answers to four surveys, by pooled least squares.

    The standard error is s √(1/n₁ + 1/n₂ + 1/n₃ + 1/n₄) with s² the pooled variance and Σn - 4 degrees of
    freedom. Where the same units were seen before and after, their means by period
    (`difference_in_differences`) say far more.
    """
    groups = (treated_after, treated_before, control_after, control_before)
    if min(group.n for group in groups) < 2:
        return Insufficient("Each of the four groups needs at least two answers.")
    freedom = math.fsum(group.n for group in groups) - 4
    around = math.fsum(max(0.0, group.squares - group.total**2 / group.n) for group in groups)
    if around <= 1e-12 * math.fsum(group.squares for group in groups):
        return Insufficient("The answers in each group are all equal; there is no scatter to judge by.")
    means = [group.total / group.n for group in groups]
    error = math.sqrt(around / freedom * math.fsum(1 / group.n for group in groups))
    found = estimate((means[0] - means[1]) - (means[2] - means[3]), error, freedom, level=level)
    return found if found is not None else Insufficient("The standard error cannot be told.")


def _unfit(panel: Panel, treated: Collection[str], start: int) -> Insufficient | None:
    inside = int(panel.among(treated).sum())
    for name, count in (("treated", inside), ("control", len(panel.units) - inside)):
        if count < 2:
            return Insufficient(
                f"There {'is' if count == 1 else 'are'} {count} {name} unit{'' if count == 1 else 's'} with"
                " every period; at least 2 are needed."
            )
    if not panel.periods[0] < start <= panel.periods[-1]:
        return Insufficient(f"The start, period {start}, must lie inside the periods, with one before it.")
    return None


def _no_scatter(changes: Numbers) -> Insufficient | None:
    squares = (changes - np.median(changes)) ** 2
    total = float(squares.sum())
    if math.sqrt(total) <= 1e-9 * float(np.abs(changes).max(initial=0.0)) or total == 0:
        return Insufficient("All units changed alike; there is no scatter to judge by.")
    if len(changes) >= 6 and float(squares.max()) > DOMINANT_SHARE * total:
        return Insufficient("One unit holds nearly all variation of the changes. Check its figures.")
    return None


def _effect(panel: Panel, reached: NDArray[np.bool_], start: int, seed: int, level: float) -> Effect:
    changes = panel.changes(start)
    value = float(changes[reached].mean() - changes[~reached].mean())
    if len(panel.units) >= ENOUGH_CLUSTERS:
        found = estimate(value, _errors(panel, reached, start)[1], len(panel.units) - 1, level=level)
        if found is not None:
            return Effect(value, found.low, found.high, found.p, "clustered")
    tested = permutation_test(changes, reached, seed=seed, level=level)
    return Effect(value, tested.low, tested.high, tested.p, "permutation")


def _errors(panel: Panel, reached: NDArray[np.bool_], start: int) -> tuple[float, float]:
    """Return the plain and the clustered standard error of τ in the two-way regression."""
    units, periods = panel.values.shape
    after = np.array(panel.periods) >= start
    regressor = _demeaned(np.outer(reached, after).astype(float)).ravel()
    fitted = fit(regressor[:, None], _demeaned(panel.values).ravel())
    if fitted is None:
        raise AssertionError("A panel with both groups and both spans has a regressor that varies.")
    squares = float(fitted.residuals @ fitted.residuals)
    freedom = units * periods - units - periods
    plain = math.sqrt(squares / freedom * float(fitted.inverse[0, 0])) if freedom > 0 else 0.0
    groups = np.repeat(np.arange(units), periods)
    return plain, math.sqrt(float(clustered(fitted, groups, absorbed=periods)[0, 0]))


def _demeaned(values: Numbers) -> Numbers:
    return np.asarray(
        values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + values.mean()
    )


def _events(panel: Panel, reached: NDArray[np.bool_], start: int, level: float) -> tuple[EventPoint, ...]:
    base = panel.values[:, panel.periods.index(start - 1)]
    points = []
    for column, period in enumerate(panel.periods):
        moved = panel.values[:, column] - base
        found = welch(moved[reached], moved[~reached], level=level)
        value = float(moved[reached].mean() - moved[~reached].mean())
        limits = (found.low, found.high) if found else (None, None)
        points.append(EventPoint(period - start, value, *limits))
    return tuple(points)


def _pre_trend(panel: Panel, reached: NDArray[np.bool_], start: int, level: float) -> Estimate | None:
    before = np.array(panel.periods) < start
    if before.sum() < 3:
        return None
    times = np.arange(before.sum()) - (before.sum() - 1) / 2
    slopes = panel.values[:, before] @ times / float(times @ times)
    return welch(slopes[reached], slopes[~reached], level=level)


def _placebo(panel: Panel, reached: NDArray[np.bool_], start: int, seed: int, level: float) -> Placebo | None:
    before = tuple(period for period in panel.periods if period < start)
    if len(before) < 4:
        return None
    past = Panel(panel.units, before, panel.values[:, : len(before)], ())
    middle = before[len(before) // 2]
    if _no_scatter(past.changes(middle)):
        return None
    return Placebo(middle, _effect(past, reached, middle, seed, level))


def _cautions(
    panel: Panel,
    reached: NDArray[np.bool_],
    start: int,
    selection: Selection,
    pre_trend: Estimate | None,
) -> tuple[str, ...]:
    told = []
    if pre_trend is None:
        told.append("Too few periods before the start to see whether the groups moved alike.")
    elif pre_trend.p < 0.05:
        told.append("The groups moved apart before the start: the effect may be none of the initiative.")
    levels = panel.values[:, np.array(panel.periods) < start].mean(axis=1)
    gap = abs(float(levels[reached].mean() - levels[~reached].mean()))
    if selection == "chosen" and gap > float(levels.std(ddof=1)):
        told.append(
            "The treated units stood apart before the start; if they were chosen for it, some of the change"
            " is regression to the mean."
        )
    if panel.dropped:
        told.append(f"Left out for missing periods: {', '.join(panel.dropped)}.")
    return tuple(told)
