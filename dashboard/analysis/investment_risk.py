"""How sure the worth of an initiative is: scenarios, a tornado, and an interval from the effect's error.

A plan says what each period costs and what one unit of effect is worth in it; an assumption is the size of
the effect, a factor on costs, a delay or the discount rate. NPV is worked out anew for each set of
assumptions.

Source: standard practice of capital budgeting; draws from Student's t for an effect that was measured.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.investment import Valuation, net_present_value, valuation

__all__ = ["Assumptions", "Plan", "Swing", "ValueAtRisk", "scenarios", "simulated_value", "tornado"]


@dataclass(frozen=True)
class Plan:
    """An initiative's plan: one entry a period, the first now.

    `costs` are amounts of 0 or more. `worth` is the incremental contribution margin, after what it takes from
    other sales, that one unit of the effect brings in that period: with a measured effect in contacts saved
    a month, the margin of one contact.
    """

    costs: tuple[float, ...]
    worth: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.costs or len(self.costs) != len(self.worth):
            raise ValueError(
                f"There are {len(self.costs)} costs and {len(self.worth)} entries of worth; a plan needs"
                " one of each a period."
            )
        if not all(math.isfinite(number) for number in (*self.costs, *self.worth)) or min(self.costs) < 0:
            raise ValueError("Costs and worth must be finite numbers, and costs not negative.")


@dataclass(frozen=True)
class Assumptions:
    """What may turn out otherwise: the effect in its unit, a factor on costs, periods of delay, the rate."""

    effect: float
    rate: float
    cost_factor: float = 1.0
    delay: int = 0


@dataclass(frozen=True)
class Swing:
    """One bar of the tornado: NPV when this assumption alone is at its low and its high value."""

    assumption: str
    at_low: float
    at_high: float

    @property
    def span(self) -> float:
        """The size of the swing, in the currency of the plan."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class ValueAtRisk:
    """The NPV's interval over so many draws, in the plan's currency; `loss` is the share of draws below 0."""

    median: float
    low: float
    high: float
    loss: float
    draws: int


def scenarios(plan: Plan, cases: Mapping[str, Assumptions]) -> dict[str, Valuation | Insufficient]:
    """Value the plan under each set of assumptions, such as low, expected and high; in the order given.

    Raises:
        ValueError: a rate is not above -1, a delay or a cost factor is negative.
    """
    return {name: valuation(*_flows(plan, case), rate=case.rate) for name, case in cases.items()}


def tornado(plan: Plan, expected: Assumptions, low: Assumptions, high: Assumptions) -> tuple[Swing, ...]:
    """Return how far each assumption alone moves NPV between its low and its high value, widest first.

    Assumptions that are the same in `low` and `high` are left out.
    """
    swings = []
    for field in fields(Assumptions):
        ends = getattr(low, field.name), getattr(high, field.name)
        if ends[0] != ends[1]:
            values = [_value(plan, replace(expected, **{field.name: end})) for end in ends]
            swings.append(Swing(field.name, values[0], values[1]))
    return tuple(sorted(swings, key=lambda swing: -swing.span))


def simulated_value(
    plan: Plan,
    expected: Assumptions,
    *,
    standard_error: float,
    seed: int,
    freedom: float | None = None,
    cost_spread: float = 0.0,
    draws: int = 10_000,
    level: float = 0.95,
) -> ValueAtRisk | Insufficient:
    """Return the interval of NPV when the effect is known with an error only.

    Args:
        plan, expected: as above; `expected.effect` is the measured effect, such as τ of a
            difference-in-differences.
        standard_error: that of the effect, in its unit; 0 where the effect is certain.
        seed: the same seed gives the same interval.
        freedom: degrees of freedom of the standard error, for draws from Student's t; None for normal draws.
        cost_spread: standard deviation of the factor on costs (log-normal with median 1); 0.1 is about ±10 %.
        draws: how many.
    Returns:
        The median and the middle `level` of the draws; `Insufficient` where the error is not known.
    Raises:
        ValueError: fewer than 100 draws, a negative spread, or a level that is not between 0 and 1.
    """
    if draws < 100 or cost_spread < 0 or not 0 < level < 1:
        raise ValueError("Give at least 100 draws, a spread of 0 or more, and a level between 0 and 1.")
    if not (math.isfinite(standard_error) and standard_error >= 0) or (freedom is not None and freedom <= 2):
        return Insufficient(
            "The effect's standard error is not known, or rests on too few units to draw from."
        )
    random = np.random.default_rng(seed)
    errors = random.standard_normal(draws) if freedom is None else random.standard_t(freedom, draws)
    factors = np.exp(cost_spread * random.standard_normal(draws))
    gained = _value(plan, replace(expected, cost_factor=0.0, effect=1.0))
    paid = -_value(plan, replace(expected, effect=0.0))
    values = (expected.effect + standard_error * errors) * gained - factors * paid
    low, median, high = np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return ValueAtRisk(float(median), float(low), float(high), float((values < 0).mean()), draws)


def _value(plan: Plan, case: Assumptions) -> float:
    costs, benefits = _flows(plan, case)
    flows = [benefit - cost for benefit, cost in zip(benefits, costs, strict=True)]
    value = net_present_value(flows, case.rate)
    if isinstance(value, Insufficient):
        raise ValueError(f"These assumptions give no value: {value.reason}")
    return value


def _flows(plan: Plan, case: Assumptions) -> tuple[Sequence[float], Sequence[float]]:
    """Return costs and benefits; what a delay moves past the end of the plan is not counted."""
    if case.delay < 0 or case.cost_factor < 0:
        raise ValueError("A delay and a factor on costs are 0 or more.")
    costs = [case.cost_factor * cost for cost in plan.costs]
    shifted = (0.0,) * case.delay + plan.worth
    return costs, [case.effect * worth for worth in shifted[: len(costs)]]
