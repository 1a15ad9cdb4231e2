"""Process behaviour of a series with a yearly pattern: the pattern is taken out first, and that is said.

Formula: x_t = a + b t + s_month + rest by least squares, with the s summing to 0; the rules judge x_t less
s_month. Estimating a factor for each month uses up variation, so the moving range is widened by
√(n/(n - cycle + 1)). Whether there is a pattern: the F test of the factors. Two full years are the least.
Source: regression on seasonal dummies, as in standard texts on time series.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import fdtrc

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.process_behaviour import STANDARD, Behaviour, Reason, Rules, process_behaviour
from dashboard.analysis.special_causes import Limits, point_signals

__all__ = ["SeasonalBehaviour", "seasonal_behaviour"]

FEWEST_CYCLES = 2
# A pattern that nobody declared is taken out only where it is hardly chance.
LEVEL = 0.01


@dataclass(frozen=True)
class SeasonalBehaviour:
    """A chart of the series without its pattern; everything in the unit of the values.

    `adjusted` are the values less the factor of their season, and `behaviour` judges them. `factors[i]`
    belongs to the points i, i + cycle, i + 2 cycles and so on; `f` and `p` are the F test of no pattern.
    `told` is the sentence that stands on the chart.
    """

    behaviour: Behaviour
    adjusted: tuple[float | None, ...]
    factors: tuple[float, ...]
    f: float
    p: float
    told: str

    def limits_as_seen(self) -> tuple[Limits | None, ...]:
        """The limits with the pattern put back, to be drawn around the values themselves."""
        return tuple(self.limits_at(index) for index in range(len(self.behaviour.limits)))

    def limits_at(self, index: int) -> Limits | None:
        """The limits with the pattern put back, also of a point after the last one."""
        limits = self.behaviour.limits[-1] if self.behaviour.limits else None
        return None if limits is None else _moved(limits, self.factors[index % len(self.factors)])


def seasonal_behaviour(
    values: Sequence[float | None],
    *,
    cycle: int = 12,
    rules: Rules = STANDARD,
    declared: bool = False,
) -> SeasonalBehaviour | Insufficient:
    """Judge a series without its yearly pattern.

    Args:
        values: closed periods, in time order and equally spaced; None is a missing value.
        cycle: periods in a year: 12 for months, 4 for quarters.
        rules: as for `process_behaviour`.
        declared: take the pattern out whether or not the test finds one.
    Returns:
        `Insufficient` with fewer than two full cycles, a season that was measured only once, no variation,
        or no pattern found: then the plain chart is the right one.
    Raises:
        ValueError: `cycle` is less than 2, or a value is NaN or infinite.
    """
    if cycle < 2:
        raise ValueError(f"cycle is {cycle}; a year has at least 2 periods.")
    plain = process_behaviour(values, rules=rules)
    places = [index for index, value in enumerate(values) if value is not None]
    if len(places) < FEWEST_CYCLES * cycle:
        return Insufficient(
            f"A yearly pattern needs {FEWEST_CYCLES * cycle} periods; {len(places)} are measured."
        )
    if any(sum(place % cycle == season for place in places) < FEWEST_CYCLES for season in range(cycle)):
        return Insufficient("A yearly pattern needs every season measured twice.")
    if plain.reason is Reason.NO_VARIATION:
        return Insufficient("The series does not vary.")
    fit = _fitted(np.array([values[place] for place in places], dtype=float), np.array(places), cycle)
    if isinstance(fit, Insufficient):
        return fit
    factors, f, p = fit
    if not declared and p >= LEVEL:
        return Insufficient(f"No yearly pattern is found (p = {p:.2f}).")
    adjusted = tuple(
        None if value is None else value - factors[index % cycle] for index, value in enumerate(values)
    )
    widened = math.sqrt(len(places) / (len(places) - cycle + 1))
    told = f"Without the yearly pattern of {len(places)} periods: the rules judge what is left."
    return SeasonalBehaviour(_judged(adjusted, rules, widened), adjusted, factors, f, p, told)


def _fitted(
    values: np.ndarray, places: np.ndarray, cycle: int
) -> tuple[tuple[float, ...], float, float] | Insufficient:
    """Factors that sum to 0, and the F test of them."""
    size = float(np.abs(values).max())
    scaled, n = values / size, len(values)
    trend = np.column_stack([np.ones(n), (places - places.mean()) / cycle])
    seasons = (places[:, None] % cycle == np.arange(1, cycle)).astype(float)
    full = np.column_stack([trend, seasons])
    without = _rest(trend, scaled)
    coefficients, *_ = np.linalg.lstsq(full, scaled, rcond=None)
    left = float(((scaled - full @ coefficients) ** 2).sum())
    freedom = n - full.shape[1]
    if without <= 1e-24 * n or freedom < 1:
        return Insufficient("The series does not vary but for its trend.")
    raw = np.concatenate([[0.0], coefficients[2:]])
    factors = tuple(float(each) for each in (raw - raw.mean()) * size)
    if left <= 1e-24 * n:
        return Insufficient("The series is its yearly pattern and nothing else.")
    f = ((without - left) / (cycle - 1)) / (left / freedom)
    return factors, f, float(fdtrc(cycle - 1, freedom, max(0.0, f)))


def _rest(columns: np.ndarray, values: np.ndarray) -> float:
    coefficients, *_ = np.linalg.lstsq(columns, values, rcond=None)
    return float(((values - columns @ coefficients) ** 2).sum())


def _judged(adjusted: Sequence[float | None], rules: Rules, widened: float) -> Behaviour:
    plain = process_behaviour(adjusted, rules=rules)
    limits = plain.limits[0]
    if limits is None or plain.reason is not None:
        return plain
    wider = _scaled(limits, widened)
    return Behaviour((wider,) * len(adjusted), point_signals(adjusted, wider, rules), None)


def _scaled(limits: Limits, factor: float) -> Limits:
    centre = limits.centre
    return replace(
        limits,
        lower=centre + (limits.lower - centre) * factor,
        upper=centre + (limits.upper - centre) * factor,
        near_lower=centre + (limits.near_lower - centre) * factor,
        near_upper=centre + (limits.near_upper - centre) * factor,
        mean_moving_range=limits.mean_moving_range * factor,
    )


def _moved(limits: Limits, by: float) -> Limits:
    return replace(
        limits,
        centre=limits.centre + by,
        lower=limits.lower + by,
        upper=limits.upper + by,
        near_lower=limits.near_lower + by,
        near_upper=limits.near_upper + by,
    )
