"""What changed when an initiative without a control began: interrupted time series, "no counterfactual".

y_t = a + b t + c after_t + d (t - t₀) after_t + e_t by least squares with Newey-West errors; c is the
change of level at the start and d that of the slope. Whatever else happened at the same time is in c and d
too, which is why the badge stands beside every figure. A yearly pattern is fitted beside them where it
is declared.

Intervals are Student's t with n - k degrees of freedom. The standard error is the larger of the plain one and
the Newey-West one with residuals corrected for leverage: the break gives some rows much pull, and without
these two a 95 % interval would cover 87 % of the time even for independent errors. With strongly
autocorrelated errors it is still too narrow, and `caution` says so.

Sources: Wagner, Soumerai, Zhang & Ross-Degnan (2002); Newey & West (1987).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import (
    Estimate,
    Fit,
    Numbers,
    estimate,
    fit,
    newey_west,
    newey_west_lags,
)

__all__ = ["NO_COUNTERFACTUAL", "Interruption", "interrupted_time_series"]

NO_COUNTERFACTUAL = "no counterfactual"

# Fewer points before or after do not show a slope.
FEWEST = 8

DOMINANT_SHARE = 0.9


@dataclass(frozen=True)
class Interruption:
    """The change of level (in the metric's unit) and of slope (unit per period), each with its interval.

    `at_end` is the distance at the last period between the fitted line and the one before carried on, and
    `average` the mean of that distance over all periods from the start on.
    `expected` is that earlier line over all periods, for the chart. `autocorrelation` is that of
    neighbouring residuals. `badge` is always "no counterfactual".
    """

    level: Estimate
    slope: Estimate
    at_end: Estimate
    average: Estimate
    before: int
    after: int
    expected: tuple[float, ...]
    fitted: tuple[float, ...]
    autocorrelation: float
    badge: str = NO_COUNTERFACTUAL

    @property
    def caution(self) -> str | None:
        """What to say where the scatter of neighbouring periods goes together; None otherwise."""
        if self.autocorrelation <= 2 / math.sqrt(self.before + self.after):
            return None
        return "Neighbouring periods go together, so the intervals are too narrow."


def interrupted_time_series(
    values: Sequence[float | None], start: int, *, cycle: int | None = None, level: float = 0.95
) -> Interruption | Insufficient:
    """Fit level and slope before and from `start` on.

    Args:
        values: one a period, in time order; None is missing and left out of the fit.
        start: the index of the first period with the initiative.
        cycle: periods in a year, where a yearly pattern is declared; it takes cycle - 1 more coefficients.
        level: of the intervals.
    Returns:
        `Insufficient` with fewer than 8 values before or after, values that a line tells without error, or
        one value that holds nearly all of the error.
    """
    measured = [index for index, value in enumerate(values) if value is not None and math.isfinite(value)]
    before = sum(index < start for index in measured)
    after = len(measured) - before
    for name, count in (("before", before), ("from", after)):
        if count < FEWEST:
            return Insufficient(
                f"There {'is' if count == 1 else 'are'} {count} period{'' if count == 1 else 's'} {name} the"
                f" start; at least {FEWEST} are needed."
            )
    design = _design(len(values), start, cycle)
    target = np.array([values[index] for index in measured], dtype=float)
    fitted = fit(design[measured], target)
    if fitted is None:
        return Insufficient("There are too few periods to fit two lines and a yearly pattern.")
    if fitted.exact:
        return Insufficient("The values lie on lines without any scatter; there is nothing to judge by.")
    squares = fitted.residuals**2
    if float(squares.max()) > DOMINANT_SHARE * float(squares.sum()):
        return Insufficient("One period holds nearly all of the scatter. Check its figure.")
    return _interruption(fitted, design, start, (before, after), level)


def _design(count: int, start: int, cycle: int | None) -> Numbers:
    times = np.arange(count)
    after = (times >= start).astype(float)
    seasons = [(times % cycle == season).astype(float) for season in range(1, cycle)] if cycle else []
    return np.column_stack([np.ones(count), times, after, (times - start) * after, *seasons])


def _interruption(
    fitted: Fit, design: Numbers, start: int, counts: tuple[int, int], level: float
) -> Interruption | Insufficient:
    robust = newey_west(fitted, newey_west_lags(len(fitted.residuals)), leverage=True)
    plain = fitted.covariance()
    last = len(design) - 1 - start

    def told(weights: tuple[float, float]) -> Estimate | None:
        part = np.array(weights)
        variance = max(float(part @ errors[2:4, 2:4] @ part) for errors in (robust, plain))
        value = float(part @ fitted.coefficients[2:4])
        return estimate(value, math.sqrt(variance), fitted.freedom, level=level)

    step, slope, at_end, average = told((1, 0)), told((0, 1)), told((1, last)), told((1, last / 2))
    if step is None or slope is None or at_end is None or average is None:
        return Insufficient("The standard errors cannot be told.")
    carried = design.copy()
    carried[:, 2:4] = 0
    return Interruption(
        level=step,
        slope=slope,
        at_end=at_end,
        average=average,
        before=counts[0],
        after=counts[1],
        expected=tuple(float(value) for value in carried @ fitted.coefficients),
        fitted=tuple(float(value) for value in design @ fitted.coefficients),
        autocorrelation=float(fitted.residuals[1:] @ fitted.residuals[:-1])
        / float(fitted.residuals @ fitted.residuals),
    )
