"""Ordinary least squares with plain, autocorrelation-robust and clustered standard errors.

The evidence page fits thousands of regressions of some sixty rows and a handful of columns. At that size
statsmodels spends its time building result objects (2 to 10 ms a fit), so the few formulas needed stand here
on numpy alone (0.05 ms) and are tested against statsmodels.

Sources: Newey & West (Econometrica, 1987); Liang & Zeger (Biometrika, 1986).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

__all__ = ["Estimate", "Fit", "clustered", "estimate", "fit", "newey_west", "newey_west_lags"]

Numbers = NDArray[np.float64]

# A fit whose residuals are smaller than this share of the target is exact but for rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Fit:
    """A fitted regression of n rows and k columns.

    `design` is n × k, `residuals` has n entries, `coefficients` k, `inverse` is (X'X)⁻¹, k × k. `exact` says
    that the residuals are nothing but rounding: there is no error to estimate, and no interval.
    """

    design: Numbers
    coefficients: Numbers
    residuals: Numbers
    inverse: Numbers
    exact: bool

    @property
    def freedom(self) -> int:
        """Degrees of freedom, n - k."""
        return len(self.residuals) - len(self.coefficients)

    @property
    def variance(self) -> float:
        """The residual variance, Σe²/(n - k)."""
        return float(self.residuals @ self.residuals) / self.freedom

    def covariance(self) -> Numbers:
        """Return the classical covariance of the coefficients, s²(X'X)⁻¹."""
        return np.asarray(self.variance * self.inverse)


@dataclass(frozen=True)
class Estimate:
    """A figure with its Student t test against 0, in the figure's own unit.

    `p` is two-sided; `low` and `high` are the limits of the interval at the level that was asked for.
    """

    value: float
    standard_error: float
    t: float
    freedom: float
    p: float
    low: float
    high: float


def fit(design: Numbers, target: Numbers) -> Fit | None:
    """Fit target = design · b by least squares.

    Args:
        design: n × k, with its own column of ones where an intercept is meant.
        target: n numbers.
    Returns:
        None where there are not more rows than columns, or where the columns are collinear.
    """
    rows, columns = design.shape
    if rows <= columns:
        return None
    # Columns of unlike size, such as a count of months and an amount, must not pass for collinear.
    sizes = np.sqrt(np.einsum("ij,ij->j", design, design))
    if not sizes.all():
        return None
    scaled = design / sizes
    gram = scaled.T @ scaled
    if 1 / np.linalg.cond(gram) < 1e-13:
        return None
    orthogonal, triangle = np.linalg.qr(scaled)
    coefficients = np.linalg.solve(triangle, orthogonal.T @ target) / sizes
    residuals = target - design @ coefficients
    tolerance = ROUNDING * math.sqrt(float(target @ target))
    return Fit(
        design=design,
        coefficients=coefficients,
        residuals=residuals,
        inverse=np.linalg.inv(gram) / np.outer(sizes, sizes),
        exact=math.sqrt(float(residuals @ residuals)) <= tolerance,
    )


def newey_west_lags(rows: int) -> int:
    """Return the usual number of autocovariances for `rows` observations, ⌊4(n/100)^(2/9)⌋."""
    return int(4 * float(rows / 100) ** (2 / 9))


def newey_west(fitted: Fit, lags: int, *, leverage: bool = False) -> Numbers:
    """Return the covariance of the coefficients that allows unequal and autocorrelated errors.

    (X'X)⁻¹ [Γ₀ + Σ_{l≤lags} (1 - l/(lags + 1)) (Γ_l + Γ_l')] (X'X)⁻¹ × n/(n - k), with
    Γ_l = Σ_t e_t e_{t-l} x_t x'_{t-l}.
    The last factor is the usual correction for small samples. k × k. Rows are in time order, equally spaced.

    Args:
        fitted: the regression.
        lags: how many autocovariances enter.
        leverage: instead of the last factor, divide each e_t by 1 - x_t'(X'X)⁻¹x_t: a row that pulls the
            line to itself has a residual that is too small.
    """
    residuals, factor = fitted.residuals, len(fitted.residuals) / fitted.freedom
    if leverage:
        pull = np.einsum("ti,ij,tj->t", fitted.design, fitted.inverse, fitted.design)
        residuals, factor = residuals / np.maximum(1 - pull, 1e-3), 1.0
    scores = fitted.design * residuals[:, None]
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        product = scores[lag:].T @ scores[:-lag]
        middle = middle + (1 - lag / (lags + 1)) * (product + product.T)
    return np.asarray(fitted.inverse @ middle @ fitted.inverse * factor)


def clustered(fitted: Fit, clusters: NDArray[np.int64], *, absorbed: int = 0) -> Numbers:
    """Return the covariance of the coefficients that allows any correlation inside a cluster.

    (X'X)⁻¹ [Σ_g X_g'e_g e_g'X_g] (X'X)⁻¹ × G/(G - 1) × (n - 1)/(n - k - absorbed). k × k.

    Args:
        fitted: the regression.
        clusters: the cluster of each row, numbered from 0 without gaps; at least two clusters.
        absorbed: columns that were swept out before the fit and are not nested in the clusters.
    """
    scores = fitted.design * fitted.residuals[:, None]
    count = int(clusters.max()) + 1
    sums = np.zeros((count, scores.shape[1]))
    np.add.at(sums, clusters, scores)
    rows = len(fitted.residuals)
    factor = count / (count - 1) * (rows - 1) / (fitted.freedom - absorbed)
    return np.asarray(fitted.inverse @ (sums.T @ sums) @ fitted.inverse * factor)


def estimate(value: float, standard_error: float, freedom: float, *, level: float = 0.95) -> Estimate | None:
    """Return Student's t test and interval of a figure; None where its standard error is 0 or not finite."""
    if not (standard_error > 0 and math.isfinite(standard_error) and math.isfinite(value) and freedom > 0):
        return None
    t = value / standard_error
    reach = float(stdtrit(freedom, (1 + level) / 2)) * standard_error
    return Estimate(
        value=value,
        standard_error=standard_error,
        t=t,
        freedom=freedom,
        p=float(2 * stdtr(freedom, -abs(t))),
        low=value - reach,
        high=value + reach,
    )
