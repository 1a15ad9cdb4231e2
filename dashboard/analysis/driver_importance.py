"""Which of several answers go with an outcome, and what share of its variation each accounts for (LMG).

The share of driver j is the gain in R² when it enters a regression, averaged over all orders of entry
(Lindeman, Merenda & Gold, which is also Shapley's value): φ_j = Σ_{S∌j} k!(p - k - 1)!/p! [R²(S∪j) -
R²(S)] with k = |S|. Shares sum to R². Exact for up to ten drivers.

Nothing but n, sums and sums of products is needed, and a database adds those up: no answer leaves it. The
shares say "associated with". They do not say that raising a score would move the outcome.

Intervals are parametric: cross-products are drawn anew from the Wishart distribution that normal answers
would follow, and the shares worked out for each draw. For skewed 0 to 10 scales they are approximate, and
near 0 they lean upwards, as R² itself does. One answer far off every scale cannot be seen in sums: check
ranges in the database. Compare with ranks (`rank_agreement`) before relying on an order.

Sources: Lindeman, Merenda & Gold (1980); Grömping (Journal of Statistical Software, 2006), package relaimpo.
"""

import math
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import Numbers

__all__ = ["CrossProducts", "Driver", "Importance", "driver_importance", "rank_agreement"]

MOST_DRIVERS = 10
ROWS_A_DRIVER = 20
COLLINEAR_VIF = 5.0

# Variation below this share of the raw sum of squares is lost in the rounding of the sums.
LOST_IN_ROUNDING = 1e-10


@dataclass(frozen=True)
class CrossProducts:
    """What a database adds up over complete answers, those in which outcome and all drivers are present.

    `names` are the drivers', p of them. `sums` has p + 1 entries and `products` (p + 1) × (p + 1), the
    outcome first: `products[i][j]` is Σ x_i x_j. Subtract a round number near the mean from large values
    in the database: sums of squares of large numbers lose the variation to rounding.
    """

    names: tuple[str, ...]
    n: int
    sums: tuple[float, ...]
    products: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        size = len(self.names) + 1
        if len(self.sums) != size or [len(row) for row in self.products] != [size] * size:
            raise ValueError(
                f"{len(self.names)} drivers and an outcome need {size} sums and {size} × {size} products."
            )


@dataclass(frozen=True)
class Driver:
    """One driver beside all others.

    `share` is φ, a part of R², with the limits `low` and `high` of its interval; `relative` is φ/R².
    `slope` is the change of the outcome per unit of the driver with the others held, and `correlation`
    that with the outcome by itself: where their signs differ, the others speak through this one. `vif` is
    the variance inflation factor.
    """

    name: str
    share: float
    low: float
    high: float
    relative: float
    slope: float
    correlation: float
    vif: float

    @property
    def sign(self) -> int:
        """1 or -1: whether the outcome goes up or down with the driver by itself; 0 where neither."""
        return (self.correlation > 0) - (self.correlation < 0)


@dataclass(frozen=True)
class Importance:
    """All drivers in the order given, R² (a fraction), n, and warnings in sentences."""

    drivers: tuple[Driver, ...]
    r_squared: float
    n: int
    warnings: tuple[str, ...]


def driver_importance(
    data: CrossProducts, *, seed: int, draws: int = 1000, level: float = 0.95
) -> Importance | Insufficient:
    """Share R² out among the drivers.

    Args:
        data: cross-products of the outcome and 1 to 10 drivers.
        seed: the same seed gives the same intervals.
        draws: how many cross-products are drawn for the intervals.
        level: of the intervals, which are the middle part of the draws.
    Returns:
        `Insufficient` with more than ten drivers or none, fewer answers than drivers + 3, a series that
        does not vary, drivers that determine each other, or an outcome that they determine.
    Raises:
        ValueError: fewer than 100 draws, or a level that is not between 0 and 1.
    """
    if draws < 100 or not 0 < level < 1:
        raise ValueError("Give at least 100 draws and a level between 0 and 1.")
    covariance = _covariance(data)
    if isinstance(covariance, Insufficient):
        return covariance
    sizes = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(sizes, sizes)
    inverse = np.linalg.inv(correlations[1:, 1:])
    shares = _shares(correlations[None])[0]
    low, high = np.quantile(
        _shares(_drawn(correlations, data.n, seed, draws)), [(1 - level) / 2, (1 + level) / 2], axis=0
    )
    r_squared = float(shares.sum())
    slopes = inverse @ correlations[1:, 0] * sizes[0] / sizes[1:]
    drivers = tuple(
        Driver(
            name=name,
            share=float(shares[index]),
            low=float(min(low[index], shares[index])),
            high=float(max(high[index], shares[index])),
            relative=float(shares[index]) / r_squared if r_squared > 0 else 0.0,
            slope=float(slopes[index]),
            correlation=float(correlations[0, index + 1]),
            vif=float(inverse[index, index]),
        )
        for index, name in enumerate(data.names)
    )
    return Importance(drivers, r_squared, data.n, _warnings(drivers, data.n))


def rank_agreement(plain: Importance, ranked: Importance) -> bool:
    """Return whether scores and their ranks put the drivers in the same order of share.

    `ranked` is the importance worked out from cross-products of ranks. On a 0 to 10 scale that bunches at
    its top the two may differ; then no order may be claimed.
    """
    return _order(plain) == _order(ranked)


def _order(found: Importance) -> list[str]:
    return [driver.name for driver in sorted(found.drivers, key=lambda driver: -driver.share)]


def _covariance(data: CrossProducts) -> Numbers | Insufficient:
    count = len(data.names)
    if not 1 <= count <= MOST_DRIVERS:
        return Insufficient(f"There are {count} drivers; shares are worked out for 1 to {MOST_DRIVERS}.")
    if data.n < count + 3:
        return Insufficient(
            f"There are {data.n} complete answers for {count} drivers; too few for a regression."
        )
    sums, products = np.array(data.sums, dtype=float), np.array(data.products, dtype=float)
    if not (np.isfinite(sums).all() and np.isfinite(products).all()):
        return Insufficient("A sum is missing or not finite.")
    around = (products + products.T) / 2 - np.outer(sums, sums) / data.n
    names = ("The outcome", *data.names)
    for index, name in enumerate(names):
        if around[index, index] <= LOST_IN_ROUNDING * products[index, index]:
            return Insufficient(f"{name} does not vary, or so little that rounding hides it.")
    return _regular(around / (data.n - 1), data.names)


def _regular(covariance: Numbers, names: tuple[str, ...]) -> Numbers | Insufficient:
    sizes = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(sizes, sizes)
    values, vectors = np.linalg.eigh(correlations[1:, 1:])
    if values[0] < 1e-8:
        together = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 0.1]
        return Insufficient(
            f"{' and '.join(together)} determine each other; keep one of them, or none can be told apart."
        )
    if np.linalg.eigvalsh(correlations)[0] < 1e-8:
        return Insufficient("The drivers determine the outcome; it seems to be worked out from them.")
    return covariance


def _drawn(correlations: Numbers, n: int, seed: int, draws: int) -> Numbers:
    """Draw cross-products from the Wishart distribution by Bartlett's decomposition: draws × q × q."""
    random = np.random.default_rng(seed)
    size = len(correlations)
    triangle = np.tril(random.standard_normal((draws, size, size)), -1)
    diagonal = np.sqrt(random.chisquare(n - 1 - np.arange(size), size=(draws, size)))
    triangle[:, np.arange(size), np.arange(size)] = diagonal
    factors = np.linalg.cholesky(correlations) @ triangle
    return np.asarray(factors @ factors.transpose(0, 2, 1))


def _shares(products: Numbers) -> Numbers:
    """Return φ of each driver for each of m matrices of cross-products (outcome first): m × p.

    Every subset is reached once, from the subset without its last driver, by sweeping that driver out of the
    matrices; what is left of the outcome's own entry is 1 - R².
    """
    count = products.shape[1] - 1
    explained = np.empty((2**count, len(products)))
    _sweep(products / products[:, :1, :1], 0, 0, explained)
    return _averaged(explained, count).T


def _sweep(left: Numbers, subset: int, first: int, explained: Numbers) -> None:
    """Write R² of `subset` and all that follow; `left` holds the outcome and the drivers from `first` on."""
    explained[subset] = 1 - left[:, 0, 0]
    for offset in range(1, left.shape[1]):
        keep = np.r_[0, offset + 1 : left.shape[1]]
        column = left[:, keep, offset]
        swept = (
            left[:, keep[:, None], keep]
            - column[:, :, None] * column[:, None, :] / left[:, offset, offset][:, None, None]
        )
        driver = first + offset - 1
        _sweep(swept, subset | 1 << driver, driver + 1, explained)


def _averaged(explained: Numbers, count: int) -> Numbers:
    subsets = np.arange(2**count)
    sizes = np.array([int(subset).bit_count() for subset in subsets])
    weights = np.array(
        [math.factorial(k) * math.factorial(count - k - 1) / math.factorial(count) for k in range(count)]
    )
    shares = np.empty((count, explained.shape[1]))
    for driver in range(count):
        without = subsets[subsets & 1 << driver == 0]
        gains = explained[without | 1 << driver] - explained[without]
        shares[driver] = weights[sizes[without]] @ gains
    return shares


def _warnings(drivers: tuple[Driver, ...], n: int) -> tuple[str, ...]:
    told = []
    needed = ROWS_A_DRIVER * len(drivers)
    if n < needed:
        told.append(f"{n} answers are few for {len(drivers)} drivers; {needed} are advised.")
    collinear = [driver.name for driver in drivers if driver.vif > COLLINEAR_VIF]
    if collinear:
        told.append(
            f"{' and '.join(collinear)} are so alike with the others that their shares can hardly be told"
            " apart."
        )
    reversed_sign = [driver.name for driver in drivers if driver.sign * driver.slope < 0]
    if reversed_sign:
        told.append(
            f"{' and '.join(reversed_sign)}: the slope beside the others has the other sign than the"
            " correlation."
        )
    return tuple(told)
