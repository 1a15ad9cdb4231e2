"""Charts of rates over changing numbers: p for shares, u for events per unit, with Laney's correction.

Formulas: centre Σx/Σn; sigma_i = √(p(1 - p)/n_i) for shares and √(u/n_i) for events; limits centre ± 3
sigma_i. When the rates vary more than chance alone would make them, sigma_i is multiplied by sigma_z, the
mean moving range of the standardised rates over 1.128 (Laney's p′ and u′). Sources: Montgomery, Introduction
to Statistical Quality Control; Laney (Quality Engineering, 2002).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.process_behaviour import LIMIT_FACTOR, STANDARD, Behaviour, Rules
from dashboard.analysis.special_causes import Limits, Mark, PointSignal, point_signals

__all__ = ["RateChart", "rate_chart"]

# From a mean moving range to one sigma.
D2 = 1.128


@dataclass(frozen=True)
class RateChart:
    """Rates x/n with limits of their own at each point, as fractions or events per unit.

    `kind` is `p` or `u`, or `p′` or `u′` where the limits were widened by `sigma_z`; that is 1 where they
    were not. Limits are not clipped at 0 and 1: clip when drawing.
    """

    rates: tuple[float | None, ...]
    behaviour: Behaviour
    kind: str
    sigma_z: float


def rate_chart(
    events: Sequence[float | None],
    numbers: Sequence[float | None],
    *,
    kind: Literal["p", "u"],
    rules: Rules = STANDARD,
    laney: bool = True,
) -> RateChart | Insufficient:
    """Judge a rate whose n changes from period to period.

    Args:
        events: for each closed period in time order, how many had it (`p`), or how often it happened (`u`);
            None is missing.
        numbers: for each period, how many there were; a period with 0 or None has no rate.
        kind: `p` for shares, which no events exceed; `u` for events per unit.
        laney: widen the limits by sigma_z where that is above 1.
        rules: as for process behaviour; fewer than `minimum_points` rates give trial limits and no signal.
    Returns:
        `Insufficient` with fewer than two rates, or where nothing or everything has happened.
    Raises:
        ValueError: lengths differ, a number is negative or not finite, or a share exceeds 1.
    """
    pairs = _pairs(events, numbers, kind)
    known = [pair for pair in pairs if pair is not None]
    if len(known) < 2:
        return Insufficient(f"A rate chart needs two periods; {len(known)} have a rate.")
    centre = math.fsum(x for x, _ in known) / math.fsum(n for _, n in known)
    spread = centre * (1 - centre) if kind == "p" else centre
    if spread <= 0:
        return Insufficient("Nothing happened." if centre == 0 else "It happened every time.")
    sigmas = [None if pair is None else math.sqrt(spread / pair[1]) for pair in pairs]
    rates = [None if pair is None else pair[0] / pair[1] for pair in pairs]
    scores = [
        None if rate is None or sigma is None else (rate - centre) / sigma
        for rate, sigma in zip(rates, sigmas, strict=True)
    ]
    ranges = [abs(b - a) for a, b in pairwise(scores) if a is not None and b is not None]
    sigma_z = math.fsum(ranges) / len(ranges) / D2 if ranges else 1.0
    # Less variation than chance makes is no reason to narrow limits: small n or rounding bring it about.
    over = laney and sigma_z > 1
    factor = sigma_z if over else 1.0
    trial = len(known) < rules.minimum_points
    limits = tuple(None if sigma is None else _limits(centre, sigma * factor, trial) for sigma in sigmas)
    behaviour = Behaviour(limits, _signals(scores, factor, trial, rules), None)
    return RateChart(tuple(rates), behaviour, f"{kind}′" if over else kind, factor)


def _pairs(
    events: Sequence[float | None], numbers: Sequence[float | None], kind: str
) -> list[tuple[float, float] | None]:
    if len(events) != len(numbers):
        raise ValueError(f"{len(events)} counts of events and {len(numbers)} numbers; they belong together.")
    pairs: list[tuple[float, float] | None] = []
    for index, (x, n) in enumerate(zip(events, numbers, strict=True)):
        if x is None or n is None:
            pairs.append(None)
            continue
        if not (math.isfinite(x) and math.isfinite(n) and x >= 0 and n >= 0):
            raise ValueError(f"period {index} has {x} events of {n}; both must be finite and not negative.")
        if kind == "p" and x > n:
            raise ValueError(f"period {index} has {x} events of {n}; a share does not exceed 1.")
        pairs.append((x, n) if n else None)
    return pairs


def _limits(centre: float, sigma: float, trial: bool) -> Limits:
    return Limits(
        centre=centre,
        lower=centre - 3 * sigma,
        upper=centre + 3 * sigma,
        near_lower=centre - 2 * sigma,
        near_upper=centre + 2 * sigma,
        mean_moving_range=3 * sigma / LIMIT_FACTOR,
        trial=trial,
    )


def _signals(
    scores: Sequence[float | None], factor: float, trial: bool, rules: Rules
) -> tuple[PointSignal, ...]:
    """The rules applied to standardised rates, in which all points have the same limits."""
    if trial:
        return tuple(PointSignal(Mark.COMMON, None, measured=score is not None) for score in scores)
    return point_signals(scores, _limits(0.0, factor, trial), rules)
