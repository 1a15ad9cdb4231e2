"""What a customer is worth: the margin still to come, weighed by the chance to be here and discounted.

Formula: value = volume · margin · multiple, where the multiple is the sum of discounted chances to be still
here, from one of the three kinds of retention.

Money is in minor units (cents), as exact decimals; every rate, volume and margin is per period of the
statement. Margin falls due at the end of each period, from those who are still here then. What it cost to
acquire the customers is spent and not in it; tax is not either.

Assumes that volume and margin a customer go on as they are. Customers who have yet to come are not in it.

Sources: Gupta, Lehmann & Stuart (Journal of Marketing Research, 2004); Fader & Hardie (Marketing Science,
2010).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dashboard.analysis.lifetimes import Lifetime

__all__ = ["Sensitivity", "Valuation", "sensitivity"]

POINT = Decimal("0.01")
LARGEST = Decimal(10) ** 15
# Below a millionth a period, discounting does not bound what a customer is worth.
SMALLEST_RATE = Decimal("0.000001")


@dataclass(frozen=True)
class Valuation:
    """What one customer of a kind is taken to bring, as of one date.

    `volume` is units a period, such as orders or months of subscription; `margin` minor units a unit of
    volume; `discount_rate` a fraction a period.
    """

    volume: Decimal
    margin: Decimal
    lifetime: Lifetime
    discount_rate: Decimal

    @property
    def value(self) -> Decimal:
        """The value of one customer, in minor units, not rounded."""
        return self.volume * self.margin * self.lifetime.multiple(self.discount_rate)

    def fault(self) -> str | None:
        """Say what in the valuation cannot be; None where all can."""
        if not (self.volume.is_finite() and self.margin.is_finite() and self.discount_rate.is_finite()):
            return "a volume, margin or discount rate is missing or infinite"
        if self.volume < 0:
            return f"the volume {self.volume} is negative"
        if max(self.volume, abs(self.margin)) > LARGEST:
            return "a volume or margin is beyond 10¹⁵"
        if self.discount_rate < SMALLEST_RATE:
            return f"the discount rate {self.discount_rate} is not above 0"
        return self.lifetime.fault()


@dataclass(frozen=True)
class Sensitivity:
    """The value of the same customers, in minor units, if one assumption were other than it is."""

    value: Decimal
    discount_rate_lower: Decimal
    discount_rate_higher: Decimal
    retention_lower: Decimal
    retention_higher: Decimal


def sensitivity(
    customers: Sequence[tuple[int, Valuation]],
    *,
    discount_points: Decimal = POINT,
    retention_points: Decimal = POINT,
) -> Sensitivity:
    """Value customers again with discount rate and retention moved, one at a time and both ways.

    Args:
        customers: numbers of customers with their valuation.
        discount_points: how far the discount rate is moved; it is kept above 0.
        retention_points: how far the retention of every period is moved; it is kept within 0 and 1.
    """

    def moved(change: Callable[[Valuation], Valuation]) -> Decimal:
        return sum((count * change(valuation).value for count, valuation in customers), Decimal(0))

    def discounted(points: Decimal) -> Callable[[Valuation], Valuation]:
        return lambda valuation: replace(
            valuation, discount_rate=max(valuation.discount_rate + points, valuation.discount_rate / 100)
        )

    def retained(points: Decimal) -> Callable[[Valuation], Valuation]:
        return lambda valuation: replace(valuation, lifetime=valuation.lifetime.shifted(points))

    return Sensitivity(
        value=moved(lambda valuation: valuation),
        discount_rate_lower=moved(discounted(-discount_points)),
        discount_rate_higher=moved(discounted(discount_points)),
        retention_lower=moved(retained(-retention_points)),
        retention_higher=moved(retained(retention_points)),
    )
