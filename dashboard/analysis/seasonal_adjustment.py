"""Taking out a yearly pattern: by declaration, or where a test finds it.

Two series that both peak in December correlate at lags 0, 12 and 24 for no better reason than the calendar.

Source: regression on seasonal dummies, the F test of standard texts.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc

from dashboard.analysis.least_squares import Numbers

__all__ = ["SEASONAL_LEVEL", "Seasonality", "seasonality"]

# A pattern that was not declared is taken out only where it is hardly chance.
SEASONAL_LEVEL = 0.01

# Fewer cycles cannot tell a pattern from what happened once.
FEWEST_CYCLES = 3


@dataclass(frozen=True)
class Seasonality:
    """A yearly pattern of additive factors, in the unit of the series; they sum to 0.

    `factors[i]` belongs to the values at positions i, i + cycle, i + 2 cycles, ... of the series. `f` and `p`
    are the F test of no pattern in the changes from one period to the next.
    """

    factors: tuple[float, ...]
    f: float
    p: float

    @property
    def found(self) -> bool:
        """Whether the test finds a pattern at 1 %."""
        return self.p < SEASONAL_LEVEL

    def removed(self, values: Numbers) -> Numbers:
        """Return the values without the pattern; n numbers in the same unit."""
        return values - np.resize(np.asarray(self.factors), len(values))


def seasonality(values: Numbers, cycle: int) -> Seasonality | None:
    """Estimate the yearly pattern of `values` and test whether there is one.

    The pattern is found in the changes from period to period, so that a trend or a wandering level does not
    pass for it: the mean change of each season, less the mean of those, added up and centred. F compares the
    changes' variance between seasons with that within them.

    Args:
        values: in time order, unbroken, in the series' own unit.
        cycle: periods in a year: 12 for months, 4 for quarters.
    Returns:
        None with fewer than three full cycles, or where the changes have no variation within seasons.
    Raises:
        ValueError: `cycle` is less than 2.
    """
    if cycle < 2:
        raise ValueError(f"cycle is {cycle}; a pattern has at least 2 seasons.")
    if len(values) < FEWEST_CYCLES * cycle:
        return None
    changes = np.diff(values)
    seasons = np.arange(1, len(values)) % cycle
    counts = np.bincount(seasons, minlength=cycle)
    means = np.bincount(seasons, changes, minlength=cycle) / counts
    within = float(((changes - means[seasons]) ** 2).sum())
    between = float((counts * (means - changes.mean()) ** 2).sum())
    freedom = len(changes) - cycle
    if within <= 1e-18 * float(changes @ changes):
        return None
    f = between / (cycle - 1) / (within / freedom)
    levels = np.cumsum(means - means.mean())
    factors = levels - levels.mean()
    return Seasonality(
        factors=tuple(float(factor) for factor in factors), f=f, p=float(fdtrc(cycle - 1, freedom, f))
    )
