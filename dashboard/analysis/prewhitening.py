"""Prewhitening: taking a series' own memory out of it before it is correlated with another.

Two series that each remember their past correlate at many lags though they have nothing to do with one
another. The customer series is described by an autoregression, and both series are passed through that same
filter: what is left of the customer series is noise, and a correlation with it at lag k tells of lag k alone.

Sources: Box & Jenkins (1970), chapter 11; Akaike (1974) for the order.
"""

import math
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.least_squares import Numbers, fit

__all__ = ["Autoregression", "autoregression", "best_order"]


@dataclass(frozen=True)
class Autoregression:
    """x_t = c + Σ_{i≤p} φ_i x_{t-i} + e_t; `weights` are φ_1 … φ_p, none for a series without memory."""

    weights: tuple[float, ...]

    @property
    def order(self) -> int:
        """The number of past values that enter, p."""
        return len(self.weights)

    def filtered(self, values: Numbers) -> Numbers:
        """Return x_t - Σ φ_i x_{t-i} for every t that has p values before it: n - p numbers."""
        order, count = self.order, len(values)
        result = values[order:].copy()
        for lag, weight in enumerate(self.weights, start=1):
            result -= weight * values[order - lag : count - lag]
        return result


def autoregression(values: Numbers, *, most: int | None = None) -> Autoregression | None:
    """Fit an autoregression by least squares, of the order with the smallest AIC.

    Args:
        values: stationary, in time order, unbroken.
        most: the largest order tried; 10 log₁₀ n by default, and never more than n/5.
    Returns:
        None where the series is wholly told by its own past, or where the fit is singular.
    """
    count = len(values)
    limit = min(math.floor(10 * math.log10(count)) if most is None else most, count // 5)
    order = best_order(*_lagged(values, limit), fixed=1)
    fitted = fit(*_lagged(values, order))
    if fitted is None or fitted.exact:
        return None
    return Autoregression(tuple(float(weight) for weight in fitted.coefficients[1:]))


def best_order(design: Numbers, target: Numbers, *, fixed: int) -> int:
    """Return how many of the columns after the first `fixed` to keep, by AIC; they enter from left to right.

    All orders are compared on the same rows. One QR decomposition gives the residual sum of every nested
    regression: leaving out the last column adds the square of the target's part along it.
    """
    orthogonal, _ = np.linalg.qr(design)
    parts = (orthogonal.T @ target) ** 2
    rows, columns = design.shape
    beyond = np.concatenate([np.cumsum(parts[::-1])[::-1][fixed:], [0.0]])
    rest = max(float(target @ target) - float(parts.sum()), 0.0)
    sums = rest + beyond
    exact = sums <= 1e-18 * float(target @ target)
    if exact.any():
        return int(exact.argmax())
    orders = np.arange(columns - fixed + 1)
    return int(np.argmin(rows * np.log(sums) + 2 * orders))


def _lagged(values: Numbers, order: int) -> tuple[Numbers, Numbers]:
    rows = len(values) - order
    lagged = [values[order - lag : order - lag + rows] for lag in range(1, order + 1)]
    return np.column_stack([np.ones(rows), *lagged]), values[order:]
