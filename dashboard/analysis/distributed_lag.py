"""By how much the financial series moved after the customer series did, beside its own memory.

y_t = c + Σ_{i≤p} φ_i y_{t-i} + β x_{t-k} + e_t by least squares, p by AIC, with Newey-West errors: an
autoregressive distributed lag model of one lag. β is in the financial unit per customer unit.

The lag k was chosen by looking at the correlations, so the interval is too narrow by as much as that
choice was free; the verdict rests on the corrected correlations and not on this figure. Source: Newey &
West (1987).
"""

import math
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.least_squares import (
    Estimate,
    Numbers,
    estimate,
    fit,
    newey_west,
    newey_west_lags,
)
from dashboard.analysis.prewhitening import best_order

__all__ = ["DistributedLag", "distributed_lag"]

MOST_OWN_LAGS = 4


@dataclass(frozen=True)
class DistributedLag:
    """β with its interval, in the financial unit per customer unit (both as differenced), at `lag` periods.

    `own_lags` is p. `long_run` is β/(1 - Σφ): what is left of a lasting move in the end; None where the
    financial series does not return to its level. `n` is the number of rows fitted.
    """

    lag: int
    effect: Estimate
    long_run: float | None
    own_lags: int
    n: int


def distributed_lag(customer: Numbers, financial: Numbers, lag: int) -> DistributedLag | None:
    """Fit the model to two stationary series of n values each, in time order.

    Args:
        customer, financial: stationary, equally long.
        lag: periods by which the customer series comes first; 0 or more.
    Returns:
        None where the rows are too few (fewer than three a coefficient) or the regression is singular.
    Raises:
        ValueError: `lag` is negative: what comes later explains nothing.
    """
    if lag < 0:
        raise ValueError(f"lag is {lag}; the customer series must come first.")
    if len(financial) - max(lag, MOST_OWN_LAGS) < 3 * (MOST_OWN_LAGS + 2):
        return None
    own = best_order(*_rows(customer, financial, lag, MOST_OWN_LAGS), fixed=2)
    fitted = fit(*_rows(customer, financial, lag, own))
    if fitted is None or fitted.exact:
        return None
    rows = len(fitted.residuals)
    covariance = newey_west(fitted, newey_west_lags(rows))
    effect = estimate(
        float(fitted.coefficients[1]), math.sqrt(max(0.0, float(covariance[1, 1]))), fitted.freedom
    )
    memory = 1 - float(fitted.coefficients[2:].sum())
    if effect is None:
        return None
    return DistributedLag(lag, effect, effect.value / memory if memory > 0.05 else None, own, rows)


def _rows(customer: Numbers, financial: Numbers, lag: int, own: int) -> tuple[Numbers, Numbers]:
    first = max(lag, own)
    count = len(financial)
    past = [financial[first - back : count - back] for back in range(1, own + 1)]
    columns = [np.ones(count - first), customer[first - lag : count - lag], *past]
    return np.column_stack(columns), financial[first:]
