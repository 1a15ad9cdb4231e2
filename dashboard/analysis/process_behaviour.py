"""Process-behaviour (XmR) charts: limits, flagged points, and the variation and assurance icons.

Source: NHS Making Data Count (MDC) and the R package NHSRplotthedots; limits are the centre ± 2.66 mean
moving ranges.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Literal, assert_never

from dashboard.analysis.special_causes import (
    Direction,
    Limits,
    Mark,
    PointSignal,
    Rules,
    TwoInThree,
    point_signals,
    rounding,
)

__all__ = [
    "STANDARD",
    "Assurance",
    "Behaviour",
    "Better",
    "Direction",
    "Limits",
    "Mark",
    "PointSignal",
    "Reason",
    "Rules",
    "TwoInThree",
    "Variation",
    "assurance",
    "process_behaviour",
    "variation",
    "variation_of",
]

Better = Literal["higher", "lower", "neutral", "zero"]

STANDARD = Rules()

# From a mean moving range to three sigma, and the size at which a moving range counts as an outlier.
LIMIT_FACTOR = 2.66
OUTLIER_FACTOR = 3.267


class Reason(StrEnum):
    """Why the latest group has no signals to offer."""

    NOT_MEASURED = "not_measured"
    TOO_FEW_POINTS = "too_few_points"
    NO_VARIATION = "no_variation"


class Variation(StrEnum):
    """The variation icon: what the type of a point means for the business."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class Assurance(StrEnum):
    """The assurance icon: whether the process, as it runs now, will meet its target."""

    CONSISTENTLY_PASSES = "consistently_passes"
    CONSISTENTLY_FAILS = "consistently_fails"
    HIT_OR_MISS = "hit_or_miss"
    NONE = "none"


@dataclass(frozen=True)
class Behaviour:
    """Limits and signals, one of each a point; `limits` is None in a group without a single moving range.

    `reason` is None when the latest group can be judged.
    """

    limits: tuple[Limits | None, ...]
    signals: tuple[PointSignal, ...]
    reason: Reason | None


def process_behaviour(
    values: Sequence[float | None], *, rules: Rules = STANDARD, rebase: Collection[int] = ()
) -> Behaviour:
    """Compute an XmR chart over `values`, in time order and equally spaced; None is a missing value.

    Args:
        values: closed periods only, in the metric's unit.
        rules: how limits are found and points judged.
        rebase: indices at which a new group begins; neither moving ranges nor runs cross into it.
    Returns:
        Limits and signals for each point. A missing value has the limits of its group and no signal; no
        moving range spans it. Limits are trial limits, and nothing is flagged, in a group with fewer than
        `rules.minimum_points` measured points, or with so many gaps that fewer than half of the moving
        ranges of such a group remain. Where nothing varies the limits collapse on the centre and nothing is
        flagged.
    Raises:
        ValueError: a value is NaN or infinite, or `rebase` points outside `values`.
    """
    for index, value in enumerate(values):
        if value is not None and not math.isfinite(value):
            raise ValueError(f"values[{index}] is {value}; a missing value is None.")
    for index in rebase:
        if not 0 <= index < len(values):
            raise ValueError(f"rebase index {index} is outside the {len(values)} values.")
    limits: list[Limits | None] = []
    signals: list[PointSignal] = []
    reason: Reason | None = Reason.NOT_MEASURED
    for start, stop in pairwise(sorted({0, len(values), *rebase})):
        group = values[start:stop]
        group_limits = _limits(group, rules)
        reason = _reason(group, group_limits)
        limits += [group_limits] * len(group)
        if group_limits is None or reason is not None:
            signals += [PointSignal(Mark.COMMON, None, measured=value is not None) for value in group]
        else:
            signals += point_signals(group, group_limits, rules)
    return Behaviour(tuple(limits), tuple(signals), reason)


def _reason(group: Sequence[float | None], limits: Limits | None) -> Reason | None:
    if all(value is None for value in group):
        return Reason.NOT_MEASURED
    if limits is None or limits.trial:
        return Reason.TOO_FEW_POINTS
    return Reason.NO_VARIATION if limits.mean_moving_range <= rounding(group) else None


def _limits(group: Sequence[float | None], rules: Rules) -> Limits | None:
    measured = [index for index, value in enumerate(group) if value is not None]
    basis = group[: measured[: rules.fix_after][-1] + 1] if measured else ()
    ranges = [
        abs(after - before) for before, after in pairwise(basis) if before is not None and after is not None
    ]
    if not ranges:
        return None
    points = [value for value in basis if value is not None]
    centre = math.fsum(points) / len(points)
    moving_range = _mean_moving_range(ranges, rounding(basis), screened=rules.screen_outliers)
    reach = LIMIT_FACTOR * moving_range
    near = reach * 2 / 3
    return Limits(
        centre=centre,
        lower=centre - reach,
        upper=centre + reach,
        near_lower=centre - near,
        near_upper=centre + near,
        mean_moving_range=moving_range,
        trial=len(measured) < rules.minimum_points or 2 * len(ranges) < rules.minimum_points - 1,
    )


def _mean_moving_range(ranges: Sequence[float], slack: float, *, screened: bool) -> float:
    mean = math.fsum(ranges) / len(ranges)
    if not screened:
        return mean
    kept = [size for size in ranges if size < OUTLIER_FACTOR * mean]
    without_outliers = math.fsum(kept) / len(kept) if kept else 0.0
    # Where all variation is in the outliers, limits without width would flag every point there is.
    return without_outliers if without_outliers > slack else mean


def variation(behaviour: Behaviour, better: Better) -> Variation | None:
    """Return the variation icon, which is the type of the last point; None where that point cannot be judged.

    It cannot be judged when it is missing or its limits are absent or trial limits: that is a run chart,
    without icons.
    """
    if not behaviour.signals or not behaviour.signals[-1].measured:
        return None
    limits = behaviour.limits[-1]
    if limits is None or limits.trial:
        return None
    return variation_of(behaviour.signals[-1], better)


def variation_of(point: PointSignal, better: Better) -> Variation:
    """Say what a point means; one that shows improvement and concern at once shows improvement, as in MDC.

    With `better` zero the level of the signal is compared with what it left: the point (of a shift, the
    mean of the run) with the centre line, and the end of a trend with its beginning. Nearer to zero is
    improvement, farther is concern, equally far (from one side of zero to the other) is neutral.
    """
    if point.direction is None:
        return Variation.COMMON_CAUSE
    readings = {_reading(finding, better) for finding in (point, *point.also)}
    for strongest in (Variation.IMPROVEMENT, Variation.CONCERN):
        if strongest in readings:
            return strongest
    return _neutral(point)


def _reading(finding: PointSignal, better: Better) -> Variation:
    match better:
        case "neutral":
            return _neutral(finding)
        case "zero" if finding.towards_zero is None:
            return _neutral(finding)
        case "zero":
            good = finding.towards_zero is True
        case "higher":
            good = finding.direction == "high"
        case "lower":
            good = finding.direction == "low"
        case _:
            assert_never(better)
    return Variation.IMPROVEMENT if good else Variation.CONCERN


def _neutral(finding: PointSignal) -> Variation:
    return Variation.NEUTRAL_HIGH if finding.direction == "high" else Variation.NEUTRAL_LOW


def assurance(behaviour: Behaviour, target: float | None, better: Better) -> Assurance:
    """Compare the last target with the last limits, strictly.

    With `better` zero the target is a tolerance: the process passes when both limits are less than the
    target away from zero, and fails when both are beyond it on the same side. There is no icon for a
    neutral metric, without a target, or without limits of enough points.
    """
    limits = behaviour.limits[-1] if behaviour.limits else None
    if limits is None or limits.trial or target is None:
        return Assurance.NONE
    match better:
        case "neutral":
            return Assurance.NONE
        case "higher":
            passes, fails = target < limits.lower, target > limits.upper
        case "lower":
            passes, fails = target > limits.upper, target < limits.lower
        case "zero":
            tolerance = abs(target)
            passes = -tolerance < limits.lower and limits.upper < tolerance
            fails = limits.lower > tolerance or limits.upper < -tolerance
        case _:
            assert_never(better)
    if passes:
        return Assurance.CONSISTENTLY_PASSES
    return Assurance.CONSISTENTLY_FAILS if fails else Assurance.HIT_OR_MISS
