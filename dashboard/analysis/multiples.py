"""The margin multiple: what a customer is worth in years of margin, as a check on the value models.

Formula: with margin at the end of each period from those still here, retention r and discount rate d, both a
period, value = margin · r/(1+d-r). Where the first margin is immediate and certain the multiple is
(1+d)/(1+d-r), which is the first times (1+d)/r.

Assumes that margin, retention and discount rate stay as they are for ever and for all. Real customers differ,
and those who stay are the loyal ones: a constant retention values long-standing customers too low, so that
the multiple is a check and not the figure.

Source: Gupta & Lehmann (Journal of Interactive Marketing, 2003).
"""

import math
from dataclasses import dataclass

from dashboard.analysis.intervals import Insufficient

__all__ = ["CrossCheck", "cross_check", "margin_multiple"]

# A value model that lies further from the multiple than this asks for an explanation.
TOLERATED = 0.25


@dataclass(frozen=True)
class CrossCheck:
    """A model's value beside the multiple's, in one unit; `ratio` is the model's divided by the multiple's.

    `agrees` says that the ratio lies within 1 ± `tolerated`.
    """

    model_value: float
    multiple_value: float
    ratio: float
    tolerated: float

    @property
    def agrees(self) -> bool:
        """Whether the two lie near enough for no explanation to be due."""
        return abs(self.ratio - 1) <= self.tolerated


def margin_multiple(
    retention: float, discount_rate: float, *, immediate: bool = False
) -> float | Insufficient:
    """Return the value of a customer per unit of margin a period.

    Args:
        retention: fraction of customers kept from one period to the next.
        discount_rate: a fraction a period.
        immediate: the first margin comes now and for certain, instead of a period from now.
    Returns:
        `Insufficient` where retention is missing or not within 0 and 1, or is 1 without discounting.
    Raises:
        ValueError: the discount rate is negative or not finite.
    """
    if not (math.isfinite(discount_rate) and discount_rate >= 0):
        raise ValueError(f"discount_rate is {discount_rate}; it must be finite and not negative.")
    if not 0 <= retention <= 1:
        return Insufficient("Retention is not a fraction within 0 and 1.")
    rest = 1 + discount_rate - retention
    if rest <= 0:
        return Insufficient("Customers who all stay for ever have no finite value without discounting.")
    return (1 + discount_rate if immediate else retention) / rest


def cross_check(
    model_value: float,
    *,
    margin: float,
    retention: float,
    discount_rate: float,
    tolerated: float = TOLERATED,
) -> CrossCheck | Insufficient:
    """Set a model's value of some customers beside margin times multiple.

    Args:
        model_value: of these customers together, or of each; in the unit of `margin`.
        margin: a period, of the same customers.
        retention, discount_rate: as for `margin_multiple`.
    Returns:
        `Insufficient` as for `margin_multiple`, or where the multiple's value is 0 or less.
    Raises:
        ValueError: as for `margin_multiple`.
    """
    multiple = margin_multiple(retention, discount_rate)
    if isinstance(multiple, Insufficient):
        return multiple
    if not (math.isfinite(model_value) and math.isfinite(margin)):
        return Insufficient("A value or margin is missing or infinite.")
    value = margin * multiple
    if value <= 0:
        return Insufficient("Margin times multiple is not above 0, so that nothing can be set beside it.")
    return CrossCheck(model_value, value, model_value / value, tolerated)
