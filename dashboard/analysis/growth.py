"""Growth that customers gave: net and gross revenue retention, and earned growth, from a revenue bridge.

Formulas, each over the revenue of a year ago (opening): net revenue retention = (opening - lost -
contracted + expanded)/opening; gross revenue retention = (opening - lost - contracted)/opening, at most 1;
earned growth rate = net revenue retention + earned new revenue/opening - 1; earned growth ratio = earned
growth rate/total growth.

New revenue is earned where the customer came by recommendation or of their own accord, bought where
promotion or sales effort brought them. Where it is not known it counts as bought; `earned_growth_high`
tells what it would be if all of it had been earned. Reactivated customers paid nothing a year ago: they are
in total growth and in none of the other rates.

Assumes that a bridge compares the same span with that of a year before, so that seasons cancel. Price rises
count as expansion.

Source: Reichheld, Darnell & Burns, "Winning on Purpose" (2021), appendix B.
"""

import math
from dataclasses import dataclass, fields

from dashboard.analysis.intervals import Insufficient

__all__ = ["Growth", "RevenueBridge", "growth"]


@dataclass(frozen=True)
class RevenueBridge:
    """What became of the revenue of a year ago; all parts are amounts of 0 or more, in one unit of money.

    `lost` is the former revenue of customers who now pay nothing, `contracted` and `expanded` the changes of
    those who pay less or more.
    """

    opening: float
    lost: float
    contracted: float
    expanded: float
    reactivated: float
    new_earned: float
    new_bought: float
    new_unknown: float

    @property
    def new(self) -> float:
        """Revenue from customers who had never paid before."""
        return self.new_earned + self.new_bought + self.new_unknown

    @property
    def closing(self) -> float:
        """Revenue now."""
        kept = self.opening - self.lost - self.contracted + self.expanded
        return kept + self.reactivated + self.new


@dataclass(frozen=True)
class Growth:
    """Rates as fractions of the revenue of a year ago.

    `earned_growth_ratio` is None where revenue did not grow: a share of growth needs growth.
    `unknown_share` is the part of new revenue whose origin is not known, None without new revenue.
    """

    net_revenue_retention: float
    gross_revenue_retention: float
    earned_growth_rate: float
    earned_growth_high: float
    earned_growth_ratio: float | None
    total_growth: float
    unknown_share: float | None


def growth(bridge: RevenueBridge) -> Growth | Insufficient:
    """Tell retention and earned growth from a bridge.

    Returns:
        `Insufficient` without revenue a year ago, with a part that is missing, infinite or negative, or where
        more was lost and contracted than there was.
    """
    for part in fields(bridge):
        amount = getattr(bridge, part.name)
        if not math.isfinite(amount):
            return Insufficient(f"The bridge has no finite amount for {part.name}.")
        if amount < 0:
            return Insufficient(f"The bridge has a negative amount for {part.name}: {amount}.")
    if not bridge.opening:
        return Insufficient("There was no revenue a year ago to compare with.")
    gone = bridge.lost + bridge.contracted
    if gone > bridge.opening * (1 + 1e-9):
        return Insufficient("More revenue was lost and contracted than there was.")
    gross = max(0.0, 1 - gone / bridge.opening)
    change = (bridge.expanded - gone) / bridge.opening
    earned = change + bridge.new_earned / bridge.opening
    total = change + (bridge.reactivated + bridge.new) / bridge.opening
    if not (math.isfinite(total) and math.isfinite(earned)):
        return Insufficient("The revenue of a year ago is too near to 0 to compare with.")
    return Growth(
        net_revenue_retention=1 + change,
        gross_revenue_retention=gross,
        earned_growth_rate=earned,
        earned_growth_high=earned + bridge.new_unknown / bridge.opening,
        earned_growth_ratio=earned / total if total > 1e-12 else None,
        total_growth=total,
        unknown_share=bridge.new_unknown / bridge.new if bridge.new else None,
    )
