"""Whether the past of the customer series makes forecasts of the financial one better: a check out of sample.

At each origin an autoregression of the financial series is fitted to all periods before it, without and
with one lag of the customer series, and both forecast the next period. The lag is chosen anew at each
origin from those earlier periods alone, so a lag that was found by luck does not help. Compared are the
root mean squared errors.

The yearly pattern and the number of differences come from the whole series. Source: the expanding-window
evaluation of standard forecasting texts; Clark & West (Journal of Econometrics, 2007) for the test.
"""

import math
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.least_squares import Numbers
from dashboard.analysis.prewhitening import best_order

__all__ = ["ForecastCheck", "forecast_check"]

FEWEST_ROWS = 16
FEWEST_FORECASTS = 8
MOST_OWN_LAGS = 3
ONE_SIDED = 1.645


@dataclass(frozen=True)
class ForecastCheck:
    """Root mean squared errors of one-step forecasts, in the unit of the (differenced) financial series.

    `t` is the statistic of Clark and West, which knows that a larger model misses by more if it adds nothing:
    the mean of e₁² - e₂² + (f₁ - f₂)² over its standard error, 1 without and 2 with the customer series.
    """

    without: float
    with_customer: float
    forecasts: int
    t: float

    @property
    def gain(self) -> float:
        """The share by which the error is smaller with the customer series; negative where it is larger."""
        return 1 - self.with_customer / self.without

    @property
    def better(self) -> bool:
        """Whether forecasts were better with the customer series by more than chance (one-sided, 5 %)."""
        return self.gain > 0 and self.t > ONE_SIDED


def forecast_check(customer: Numbers, financial: Numbers, window: tuple[int, int]) -> ForecastCheck | None:
    """Compare forecasts over the second half of two stationary series of n values each.

    Args:
        customer, financial: stationary, equally long, in time order.
        window: first and last lag that may be chosen, in periods; lags below 1 are of no use to a forecast.
    Returns:
        None where the window has no lag of 1 or more, or leaves fewer than 8 forecasts.
    """
    lags = range(max(1, window[0]), window[1] + 1)
    first = max(MOST_OWN_LAGS, window[1])
    count = len(financial)
    rows = count - first
    train = max(FEWEST_ROWS, rows // 2)
    if not lags or rows - train < FEWEST_FORECASTS:
        return None
    target = financial[first:]
    past = [financial[first - back : count - back] for back in range(1, MOST_OWN_LAGS + 1)]
    base = np.column_stack([np.ones(rows), *past])
    own = best_order(base[:train], target[:train], fixed=1)
    base = base[:, : own + 1]
    plain, _ = _forecasts(base, target, train)
    made = [
        _forecasts(np.column_stack([base, customer[first - lag : count - lag]]), target, train)
        for lag in lags
    ]
    best = np.argmin([sums for _, sums in made], axis=0)
    chosen = np.array([forecasts for forecasts, _ in made])[best, np.arange(rows - train)]
    actual = target[train:]
    without = _size(actual - plain)
    if without == 0:
        return None
    return ForecastCheck(without, _size(actual - chosen), rows - train, _clark_west(actual, plain, chosen))


def _forecasts(design: Numbers, target: Numbers, train: int) -> tuple[Numbers, Numbers]:
    """Return the forecast of each row from `train` on, and the residual squares of the rows before it."""
    # Products are added up once, so that each origin is one small solve. A column is scaled to unit size,
    # which changes no forecast and keeps the solves well conditioned.
    scaled = design / np.maximum(np.sqrt((design**2).mean(axis=0)), 1e-300)
    gram = np.cumsum(scaled[:, :, None] * scaled[:, None, :], axis=0)[train - 1 : -1]
    cross = np.cumsum(scaled * target[:, None], axis=0)[train - 1 : -1]
    squares = np.cumsum(target**2)[train - 1 : -1]
    coefficients = np.einsum("tij,tj->ti", np.linalg.pinv(gram, hermitian=True), cross)
    forecasts = np.einsum("ti,ti->t", scaled[train:], coefficients)
    return forecasts, squares - np.einsum("ti,ti->t", coefficients, cross)


def _clark_west(actual: Numbers, plain: Numbers, chosen: Numbers) -> float:
    adjusted = (actual - plain) ** 2 - (actual - chosen) ** 2 + (plain - chosen) ** 2
    spread = float(adjusted.std(ddof=1))
    return float(adjusted.mean()) / spread * math.sqrt(len(adjusted)) if spread > 0 else 0.0


def _size(errors: Numbers) -> float:
    return math.sqrt(float(errors @ errors) / len(errors))
