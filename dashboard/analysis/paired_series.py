"""Two series over the same periods: put side by side and made stationary, or refused with the reason."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import Numbers
from dashboard.analysis.prewhitening import autoregression
from dashboard.analysis.seasonal_adjustment import Seasonality, seasonality
from dashboard.analysis.stationarity import MOST_DIFFERENCES, differences_needed

__all__ = ["FEWEST", "StationaryPair", "paired", "stationary_pair", "told_by_its_past", "weak_variation"]

# Fewer values, after differencing, are not looked at.
FEWEST = 24

# A period that holds more than this share of all variation decides every correlation alone. Half would refuse
# one in eight series of 24 normal changes.
DOMINANT_SHARE = 0.75


def paired(
    customer: Sequence[float | None], financial: Sequence[float | None]
) -> tuple[Numbers, Numbers] | Insufficient:
    """Return both series over the periods from the first to the last that both have; nothing is filled in.

    Args:
        customer, financial: one value a period, in time order, over the same periods; None (or a value that
            is not finite) is missing.
    """
    if len(customer) != len(financial):
        return Insufficient(
            f"The series have unlike lengths, {len(customer)} and {len(financial)} periods; both must cover"
            " the same periods."
        )
    both = [_measured(first) and _measured(second) for first, second in zip(customer, financial, strict=True)]
    if not any(both):
        return Insufficient("There is no period in which both are measured.")
    start, stop = both.index(True), len(both) - both[::-1].index(True)
    gaps = [index for index in range(start, stop) if not both[index]]
    if gaps:
        return Insufficient(
            f"{len(gaps)} of {stop - start} periods are missing in one of the series, first number"
            f" {gaps[0] + 1}; a lag needs unbroken series, and values are not made up."
        )
    return (
        np.array(customer[start:stop], dtype=float),
        np.array(financial[start:stop], dtype=float),
    )


@dataclass(frozen=True)
class StationaryPair:
    """Both series without their yearly pattern, differenced alike; the same number of values each.

    `seasonal` says from which a pattern was taken out (customer, financial), and `patterned` how many
    dimensions that has cost both alike: cycle - 1 where it was taken from both, otherwise 0.
    """

    customer: Numbers
    financial: Numbers
    differences: int
    seasonal: tuple[bool, bool]
    patterned: int


def stationary_pair(
    customer: Numbers, financial: Numbers, *, cycle: int | None, seasonal: bool | None
) -> StationaryPair | Insufficient:
    """Take out yearly patterns, and difference both series until the tests of stationarity agree on both.

    Args:
        customer, financial: unbroken, in time order, of one length.
        cycle: periods in a year; None where no pattern is to be looked for.
        seasonal: whether both are declared to have a pattern; None: each is tested for one.
    """
    both = (("The customer series", customer), ("The financial series", financial))
    if refused := _unfit(both):
        return refused
    patterns = [_pattern(values, cycle, seasonal) for _, values in both]
    if cycle and seasonal and None in patterns:
        return Insufficient("The series are too short, or too regular, to take out a yearly pattern.")
    kept = [
        pattern.removed(values) if pattern else values
        for (_, values), pattern in zip(both, patterns, strict=True)
    ]
    times = differences_needed(*kept)
    if times is None:
        return Insufficient(
            f"The tests of stationarity do not agree even after {MOST_DIFFERENCES} differences; a correlation"
            " would be spurious."
        )
    if len(customer) - times < FEWEST:
        return _too_few(len(customer) - times, times)
    ready = [np.diff(values, times) for values in kept]
    for (name, original), values in zip(both, ready, strict=True):
        if refused := weak_variation(values, name, size=_size(original), differences=times):
            return refused
    return StationaryPair(
        customer=ready[0],
        financial=ready[1],
        differences=times,
        seasonal=(patterns[0] is not None, patterns[1] is not None),
        patterned=cycle - 1 if cycle and None not in patterns else 0,
    )


def weak_variation(values: Numbers, name: str, *, size: float, differences: int = 0) -> Insufficient | None:
    """Return why the variation of `values` bears no correlation; None where it does.

    Refused are a series that does not vary, one of which more than half the values are the same, and one in
    which a single period (with the changes it touches) holds more than three quarters of all variation.

    Args:
        values: the series as it is to be correlated, at least two.
        name: what the sentence calls it, such as "The customer series".
        size: the largest absolute value of the original series; what is 10⁻⁹ of it is rounding.
        differences: how often the series was differenced: one outlier touches one value more each time.
    """
    what = "changes" if differences else "values"
    if float(np.ptp(values)) <= 1e-9 * size:
        return Insufficient(f"{name} does not vary: its {what} are all the same.")
    _, counts = np.unique(values, return_counts=True)
    if 2 * counts.max() > len(values):
        return Insufficient(f"{name} hardly varies: {counts.max()} of its {len(values)} {what} are the same.")
    squares = (values - np.median(values)) ** 2
    touched = differences + 1
    windows = np.convolve(squares, np.ones(touched), mode="valid")
    first = int(windows.argmax())
    share = float(windows[first] / squares.sum())
    if share > DOMINANT_SHARE:
        return Insufficient(
            f"{name} is ruled by one period: number {first + differences + 1} holds {share:.0%} of its"
            " variation. Check that figure."
        )
    return None


def _measured(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _unfit(both: tuple[tuple[str, Numbers], ...]) -> Insufficient | None:
    if len(both[0][1]) < FEWEST:
        return _too_few(len(both[0][1]), 0)
    for name, values in both:
        changes = np.diff(values)
        if refused := weak_variation(changes, name, size=_size(values), differences=1):
            return refused
        if autoregression(changes) is None:
            return told_by_its_past(name)
    return None


def told_by_its_past(name: str) -> Insufficient:
    """Refuse a series without any chance in it, such as a wave."""
    return Insufficient(f"{name} is wholly told by its own past; nothing is left to correlate.")


def _pattern(values: Numbers, cycle: int | None, seasonal: bool | None) -> Seasonality | None:
    pattern = seasonality(values, cycle) if cycle and seasonal is not False else None
    return pattern if pattern and (seasonal or pattern.found) else None


def _size(values: Numbers) -> float:
    return float(np.abs(values).max())


def _too_few(count: int, differences: int) -> Insufficient:
    after = f" after {differences} difference{'s' if differences > 1 else ''}" if differences else ""
    return Insufficient(f"There are {count} periods{after}; at least {FEWEST} are needed.")
