"""The four rules that tell a special cause from common-cause variation on a process-behaviour chart.

Source: NHS Making Data Count (MDC) and the R package NHSRplotthedots; where the two differ, `Rules` chooses.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, groupby, pairwise
from typing import Literal

__all__ = ["Direction", "Limits", "Mark", "PointSignal", "Rules", "TwoInThree", "point_signals", "rounding"]

Direction = Literal["high", "low"]

SHIFT_LENGTH = 7

_Found = tuple[int, "PointSignal"]


class TwoInThree(StrEnum):
    """Which points count for two-in-three.

    MDC counts all points beyond a near limit, R only those that are still inside the process limit.
    """

    MDC = "mdc"
    R = "r"


class Mark(StrEnum):
    """The rule a point is flagged by, in order of precedence after `COMMON`."""

    COMMON = "common"
    ASTRONOMICAL = "astronomical"
    TREND = "trend"
    TWO_IN_THREE = "two_in_three"
    SHIFT = "shift"


@dataclass(frozen=True)
class Rules:
    """How limits are found and points are judged.

    `trend_length` is a number of points, not of moves. With fewer than `minimum_points` measured points the
    limits are trial limits and nothing is flagged. `fix_after` takes the limits from the first so many
    measured points of each group. Raises ValueError for settings under which no point could ever be judged.
    """

    two_in_three: TwoInThree = TwoInThree.MDC
    trend_length: Literal[6, 7] = 7
    minimum_points: int = 13
    screen_outliers: bool = False
    fix_after: int | None = None

    def __post_init__(self) -> None:
        if self.trend_length not in (6, 7):
            raise ValueError(f"trend_length is {self.trend_length}; use 6 or 7.")
        if self.minimum_points < 2:
            raise ValueError(f"minimum_points is {self.minimum_points}; limits need at least 2 points.")
        if self.fix_after is not None and self.fix_after < self.minimum_points:
            raise ValueError(
                f"fix_after is {self.fix_after}; limits fixed on fewer than minimum_points"
                f" ({self.minimum_points}) would stay trial limits for ever."
            )


@dataclass(frozen=True)
class Limits:
    """Centre line and limits, in the unit of the values; not clipped at natural bounds such as 0.

    `lower` and `upper` are the process limits, `near_lower` and `near_upper` lie two thirds of the way to
    them.
    """

    centre: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    mean_moving_range: float
    trial: bool


@dataclass(frozen=True)
class PointSignal:
    """What the rules say of one point.

    `direction` is the direction of travel for a trend and the side of the centre line for the other rules.
    `towards_zero` says whether the move brought the value nearer to zero; None where it did neither. `also`
    holds the findings that the label hides, in order of precedence. A missing point has `measured` False.
    """

    mark: Mark
    direction: Direction | None
    towards_zero: bool | None = None
    also: "tuple[PointSignal, ...]" = ()
    measured: bool = True


def rounding(values: Sequence[float | None]) -> float:
    """Return the difference below which two values are equal; in the unit of the values.

    Ties and equality with a limit matter to every rule, and decimal fractions do not survive binary
    arithmetic.
    """
    return 1e-12 * max((abs(value) for value in values if value is not None), default=0.0)


def point_signals(values: Sequence[float | None], limits: Limits, rules: Rules) -> tuple[PointSignal, ...]:
    """Judge each point of one group against its limits; one result a point, in the order given.

    Equality with a limit is inside, a point on the centre line breaks a shift, a tie breaks a trend, and a
    missing value breaks everything. The label follows the precedence astronomical, trend, two-in-three,
    shift. Where a point ends one trend and begins the next, the earlier gives the label, so that a label
    does not change with new data.
    """
    slack = rounding([*values, limits.centre])
    found: list[list[PointSignal]] = [[] for _ in values]
    for index, signal in chain(
        _astronomical(values, limits, slack),
        _trends(values, rules.trend_length, slack),
        _two_in_three(values, limits, rules.two_in_three, slack),
        _shifts(values, limits.centre, slack),
    ):
        if signal not in found[index]:
            found[index].append(signal)
    return tuple(_labelled(value, signals) for value, signals in zip(values, found, strict=True))


def _labelled(value: float | None, found: list[PointSignal]) -> PointSignal:
    if not found:
        return PointSignal(Mark.COMMON, None, measured=value is not None)
    return replace(found[0], also=tuple(found[1:]))


def _astronomical(values: Sequence[float | None], limits: Limits, slack: float) -> Iterator[_Found]:
    for index, value in enumerate(values):
        if value is not None and (sign := _beyond(value, limits.lower, limits.upper, slack)):
            yield index, _signal(Mark.ASTRONOMICAL, sign, value, limits.centre, slack)


def _trends(values: Sequence[float | None], length: int, slack: float) -> Iterator[_Found]:
    moves = [
        None if before is None or after is None else _sign(after - before, slack)
        for before, after in pairwise(values)
    ]
    for start, stop, sign in _stretches(moves, length - 1):
        # `stop` is one past the last move, and so the index of the last point.
        first, last = values[start], values[stop]
        if first is not None and last is not None:
            signal = _signal(Mark.TREND, sign, last, first, slack)
            yield from ((index, signal) for index in range(start, stop + 1))


def _two_in_three(
    values: Sequence[float | None], limits: Limits, counted: TwoInThree, slack: float
) -> Iterator[_Found]:
    for start in range(len(values) - 2):
        window = [value for value in values[start : start + 3] if value is not None]
        sides = {_sign(value - limits.centre, slack) for value in window}
        if len(window) < 3 or len(sides) > 1:
            continue
        outside = [_beyond(value, limits.lower, limits.upper, slack) != 0 for value in window]
        near = [_beyond(value, limits.near_lower, limits.near_upper, slack) for value in window]
        if counted is TwoInThree.R:
            near = [0 if gone else sign for sign, gone in zip(near, outside, strict=True)]
        if sum(sign != 0 for sign in near) < 2:
            continue
        for offset, (sign, value) in enumerate(zip(near, window, strict=True)):
            if sign:
                yield start + offset, _signal(Mark.TWO_IN_THREE, sign, value, limits.centre, slack)


def _shifts(values: Sequence[float | None], centre: float, slack: float) -> Iterator[_Found]:
    sides = [None if value is None else _sign(value - centre, slack) for value in values]
    for start, stop, sign in _stretches(sides, SHIFT_LENGTH):
        level = math.fsum(value for value in values[start:stop] if value is not None) / (stop - start)
        signal = _signal(Mark.SHIFT, sign, level, centre, slack)
        yield from ((index, signal) for index in range(start, stop))


def _stretches(signs: Sequence[int | None], needed: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, stop and sign of each unbroken stretch of one sign that is at least `needed` long."""
    start = 0
    for sign, stretch in groupby(signs):
        stop = start + len(list(stretch))
        if sign and stop - start >= needed:
            yield start, stop, sign
        start = stop


def _signal(mark: Mark, sign: int, level: float, reference: float, slack: float) -> PointSignal:
    nearer = _sign(abs(reference) - abs(level), slack)
    return PointSignal(mark, "high" if sign > 0 else "low", towards_zero=None if nearer == 0 else nearer > 0)


def _beyond(value: float, lower: float, upper: float, slack: float) -> int:
    return (value > upper + slack) - (value < lower - slack)


def _sign(difference: float, slack: float) -> int:
    return (difference > slack) - (difference < -slack)
