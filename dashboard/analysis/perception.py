"""What the company believes of its customers, against what its customers say: the gap and how sure it is.

The gap is the company's figure minus the customers', to the same item on the same scale: for shares the
difference of two proportions with Newcombe's interval, for means that of two means with Welch's.

Worked example: 61 % of 329 businesses think that consumers follow them to feel connected, and 22 % of 1,056
consumers do: a gap of 39 points, 33 to 45.

Sources: Newcombe (1998); Welch (1947); Hult, Morgeson, Morgan, Mithas & Fornell (JAMS, 2017) for the
comparison.
"""

import math
from dataclasses import dataclass

from dashboard.analysis.intervals import Difference, Insufficient
from dashboard.analysis.means import Sums, mean_change
from dashboard.analysis.proportions import newcombe

__all__ = ["PerceptionGap", "gap_of_means", "gap_of_shares"]

# Fewer answers on a side have no figure.
MINIMUM = 10


@dataclass(frozen=True)
class PerceptionGap:
    """Company's figure, customers' figure, and the difference of the two with its interval.

    Fractions for shares, and the scale's own points for means.
    """

    company: float
    customers: float
    gap: Difference
    fractions: bool

    @property
    def certain(self) -> bool:
        """Whether the interval leaves no doubt on which side of the customers the company's belief lies."""
        return self.gap.low > 0 or self.gap.high < 0

    @property
    def sentence(self) -> str:
        """The gap in words."""
        if not self.certain:
            return (
                f"No gap can be told from chance ({self._told(self.gap.low)} to {self._told(self.gap.high)})."
            )
        side = "higher" if self.gap.difference > 0 else "lower"
        low, high = sorted((abs(self.gap.low), abs(self.gap.high)))
        return (
            f"The company rates itself {self._told(abs(self.gap.difference))} {side} than its customers do"
            f" ({self._told(low)} to {self._told(high)})."
        )

    def _told(self, size: float) -> str:
        sign = "−" if size < 0 else ""
        return f"{sign}{abs(size) * 100:.0f} points" if self.fractions else f"{sign}{abs(size):.1f}"


def gap_of_shares(
    company: tuple[float, float],
    customers: tuple[float, float],
    *,
    minimum: int = MINIMUM,
    level: float = 0.95,
) -> PerceptionGap | Insufficient:
    """Compare the shares that agree, each given as (agreeing, asked); independent samples.

    Raises:
        ValueError: more agree than were asked, a count is negative, or the level is not between 0 and 1.
    """
    gap = newcombe(customers, company, level=level)
    if refused := _too_few(company[1], customers[1], minimum):
        return refused
    if isinstance(gap, Insufficient):
        return gap
    return PerceptionGap(company[0] / company[1], customers[0] / customers[1], gap, fractions=True)


def gap_of_means(
    company: Sums, customers: Sums, *, minimum: int = MINIMUM, level: float = 0.95
) -> PerceptionGap | Insufficient:
    """Compare two mean answers on one scale, from n, Σ and Σ of squares of each; independent samples.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    if refused := _too_few(company.n, customers.n, minimum):
        return refused
    gap = mean_change(customers, company, level=level)
    if isinstance(gap, Insufficient):
        return gap
    return PerceptionGap(company.total / company.n, customers.total / customers.n, gap, fractions=False)


def _too_few(company: float, customers: float, minimum: int) -> Insufficient | None:
    if math.fsum((company, customers)) == 0:
        return Insufficient("Neither the company nor its customers have answered.")
    for side, n in (("inside the company", company), ("from customers", customers)):
        if n < minimum:
            return Insufficient(f"There are {n:g} answers {side}; at least {minimum} are needed.")
    return None
