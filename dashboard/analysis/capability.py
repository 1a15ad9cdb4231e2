"""How often a stable process will miss its target, unless it changes.

Formula: in a process without signals the next values scatter about the centre with sigma = mean moving range
over 1.128; of the next k, Σ P(miss) are expected to miss, by the normal distribution. Source: Wheeler,
Understanding Variation (1993), on the voice of the process.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.process_behaviour import Behaviour, Better, Reason

__all__ = ["Capability", "target_capability"]

PERIODS = 12
D2 = 1.128


@dataclass(frozen=True)
class Capability:
    """`expected` of the next `periods` values miss the target, each with the mean probability `chance`."""

    expected: float
    chance: float
    periods: int
    sentence: str


def target_capability(
    behaviour: Behaviour,
    target: float | None,
    better: Better,
    *,
    periods: int = PERIODS,
    pattern: Sequence[float] = (0.0,),
) -> Capability | Insufficient:
    """Tell how many of the next values will miss the target.

    With `better` zero the target is a tolerance around zero. There is no telling without a target or a
    better direction, with limits of too few points, or while the latest point is a signal: then the process
    has changed, and its past says nothing of what comes. `pattern` is what a season adds to the centre line
    of the last limits in the periods ahead, over and over again.

    Raises:
        ValueError: `periods` is less than 1, `pattern` is empty, or the target is not finite.
    """
    if periods < 1:
        raise ValueError(f"periods is {periods}; look ahead at least 1.")
    if not pattern:
        raise ValueError("pattern is empty; without a season it is (0.0,).")
    if target is None:
        return Insufficient("There is no target.")
    if not math.isfinite(target):
        raise ValueError(f"target is {target}; a missing target is None.")
    if better == "neutral":
        return Insufficient("Neither direction is better, so no value misses the target.")
    limits = behaviour.limits[-1] if behaviour.limits else None
    if limits is None or limits.trial:
        return Insufficient("There are too few points to tell how the process runs.")
    measured = [point for point in behaviour.signals if point.measured]
    if behaviour.reason is not Reason.NO_VARIATION and measured and measured[-1].direction is not None:
        return Insufficient("The process is changing; what it will do cannot be told from its past.")
    sigma = limits.mean_moving_range / D2
    chances = [
        _chance(limits.centre + pattern[ahead % len(pattern)], sigma, target, better)
        for ahead in range(periods)
    ]
    expected = math.fsum(chances)
    return Capability(expected, expected / periods, periods, _sentence(expected, periods))


def _chance(centre: float, sigma: float, target: float, better: Better) -> float:
    if better == "higher":
        return _below(target, centre, sigma)
    if better == "lower":
        return _below(-target, -centre, sigma)
    tolerance = abs(target)
    return _below(-tolerance, centre, sigma) + _below(-tolerance, -centre, sigma)


def _below(bound: float, centre: float, sigma: float) -> float:
    """P(value < bound); with no variation the value is the centre, and equality meets the target."""
    if sigma == 0:
        return 1.0 if centre < bound else 0.0
    return 0.5 * math.erfc((centre - bound) / sigma / math.sqrt(2))


def _sentence(expected: float, periods: int) -> str:
    if expected < 0.5:
        return f"Will meet the target in nearly all of the next {periods} periods unless the process changes."
    count = "nearly all" if expected > periods - 0.5 else f"about {round(expected)}"
    return f"Will miss the target in {count} of the next {periods} periods unless the process changes."
