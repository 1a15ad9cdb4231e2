"""What an initiative is worth: net present value, profitability index, internal rate, payback and return.

NPV = Σ_{t≥0} CF_t/(1 + d)^t; profitability index 1 + NPV/|CF₀|; the internal rate is the one rate at which
NPV is 0; payback is the first time at which the cumulative flow is not below 0, interpolated inside its
period; return is (Σ benefits - Σ costs)/Σ costs, not discounted. Benefits are incremental contribution
margin after what they take from other sales, and not revenue. Flows come at the ends of periods, the first
one now.

Sources: standard finance texts (Brealey, Myers & Allen); Descartes' rule of signs for the internal rate.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from dashboard.analysis.intervals import Insufficient, not_negative

__all__ = [
    "Valuation",
    "internal_rate",
    "net_present_value",
    "payback",
    "profitability_index",
    "return_on_investment",
    "valuation",
]

Flows = Sequence[float | None]


@dataclass(frozen=True)
class Valuation:
    """All figures of one plan; what has no answer holds the reason.

    `net_present_value` is in the currency of the flows, `profitability_index` a ratio, `internal_rate` and
    `return_on_investment` fractions a period and in all, `payback` a number of periods.
    """

    net_present_value: float
    profitability_index: float | Insufficient
    internal_rate: float | Insufficient
    payback: float | Insufficient
    return_on_investment: float | Insufficient


def valuation(
    costs: Sequence[float | None], benefits: Sequence[float | None], *, rate: float
) -> Valuation | Insufficient:
    """Value a plan of costs and benefits, one of each a period, both as amounts of 0 or more, the first now.

    Raises:
        ValueError: `rate` is not above -1, a cost is negative, or the two have unlike lengths.
    """
    if len(costs) != len(benefits):
        raise ValueError(
            f"There are {len(costs)} costs and {len(benefits)} benefits; give one of each a period."
        )
    paid, gained = _complete(costs, "costs"), _complete(benefits, "benefits")
    if isinstance(paid, Insufficient):
        return paid
    if isinstance(gained, Insufficient):
        return gained
    flows = [gain - cost for gain, cost in zip(gained, paid, strict=True)]
    value = net_present_value(flows, rate)
    if isinstance(value, Insufficient):
        return value
    return Valuation(
        net_present_value=value,
        profitability_index=profitability_index(flows, rate),
        internal_rate=internal_rate(flows),
        payback=payback(flows),
        return_on_investment=return_on_investment(paid, gained),
    )


def net_present_value(flows: Flows, rate: float, *, first: int = 0) -> float | Insufficient:
    """Return Σ CF_t/(1 + d)^t in the currency of the flows.

    Args:
        flows: one a period, in time order, costs below 0; None is missing and has no answer.
        rate: d, a fraction a period: 0.10 for 10 % a year and yearly flows.
        first: the period of the first flow: 0 is now, and 1 is what spreadsheets' NPV() means.
    Raises:
        ValueError: `rate` is not above -1.
    """
    _checked_rate(rate)
    kept = _complete(flows, "flows")
    if isinstance(kept, Insufficient):
        return kept
    return math.fsum(flow / (1 + rate) ** period for period, flow in enumerate(kept, start=first))


def profitability_index(flows: Flows, rate: float) -> float | Insufficient:
    """Return 1 + NPV/|CF₀|, what comes back for each unit laid out now; the first flow must be a cost.

    Raises:
        ValueError: as for `net_present_value`.
    """
    value = net_present_value(flows, rate)
    if isinstance(value, Insufficient):
        return value
    outlay = flows[0]
    if outlay is None or outlay >= 0:
        return Insufficient("Nothing is laid out at the start; an index needs an outlay to divide by.")
    return 1 + value / -outlay


def internal_rate(flows: Flows) -> float | Insufficient:
    """Return the rate a period at which the flows are worth nothing, a fraction.

    With more than one change of sign several rates may fit, with none none does; both are refused.
    """
    kept = _complete(flows, "flows")
    if isinstance(kept, Insufficient):
        return kept
    signs = [flow > 0 for flow in kept if flow]
    changes = sum(before != after for before, after in pairwise(signs))
    if changes != 1:
        return Insufficient(
            f"The flows change sign {changes} times; an internal rate needs exactly one change, from cost to"
            " benefit or back."
        )
    # In x = 1/(1 + rate) the value is a polynomial with one root above 0, by Descartes. Halving cannot
    # miss it.
    low, high = 0.0, 1.0
    start = next(flow for flow in kept if flow) > 0
    while (_polynomial(kept, high) > 0) == start:
        low, high = high, 2 * high
        if high > 1e12:
            return Insufficient("The internal rate is so close to -100 % that it cannot be told.")
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (_polynomial(kept, middle) > 0) == start else (low, middle)
    if high < 1e-12:
        return Insufficient("The internal rate is beyond any that could be told.")
    return 2 / (low + high) - 1


def payback(flows: Flows) -> float | Insufficient:
    """Return the number of periods after which the cumulative flow is first not below 0, not discounted.

    The flow of a period is taken to come evenly over it.
    """
    kept = _complete(flows, "flows")
    if isinstance(kept, Insufficient):
        return kept
    sums = list(accumulate(kept))
    if sums[0] >= 0:
        return Insufficient("Nothing is laid out at the start; there is nothing to pay back.")
    for period, (before, after) in enumerate(pairwise(sums)):
        if after >= 0:
            return period + -before / (after - before)
    return Insufficient(f"The outlay is not paid back within the {len(kept) - 1} periods planned.")


def return_on_investment(costs: Flows, benefits: Flows) -> float | Insufficient:
    """Return (Σ benefits - Σ costs)/Σ costs, a fraction; timing does not enter, so show it beside NPV.

    Raises:
        ValueError: a cost is negative.
    """
    paid, gained = _complete(costs, "costs"), _complete(benefits, "benefits")
    if isinstance(paid, Insufficient):
        return paid
    if isinstance(gained, Insufficient):
        return gained
    total = math.fsum(not_negative("costs", paid))
    if total == 0:
        return Insufficient("There are no costs; a return needs costs to divide by.")
    return (math.fsum(gained) - total) / total


def _complete(flows: Flows, name: str) -> tuple[float, ...] | Insufficient:
    kept = tuple(flow for flow in flows if flow is not None and math.isfinite(flow))
    if not flows:
        return Insufficient(f"There are no {name}.")
    if len(kept) < len(flows):
        return Insufficient(f"{len(flows) - len(kept)} of {len(flows)} {name} are missing.")
    return kept


def _polynomial(flows: Sequence[float], x: float) -> float:
    # Divided by its size, so that 1e300 of a currency or a long plan cannot overflow.
    result = 0.0
    largest = max(abs(flow) for flow in flows)
    for flow in reversed(flows):
        result = result * x + flow / largest
        if abs(result) > 1e250:
            return math.copysign(1.0, result)
    return result


def _checked_rate(rate: float) -> None:
    if not (math.isfinite(rate) and rate > -1):
        raise ValueError(f"rate is {rate}; a discount rate is a fraction above -1, such as 0.10.")
