"""How long customers stay, as an assumption, a fitted model or a projection: three kinds of retention.

Formula: with S(k) the chance that a customer who is here now is still here k periods from now, the multiple
is Σ_{k≥1} S(k)/(1+d)^k, in periods of margin. It is r/(1+d-r) where retention is constant, the residual value
of the shifted-beta-geometric model divided by 1+d, and a plain sum over a projection.

Source: Fader & Hardie (Marketing Science, 2010).
"""

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import numpy as np

from dashboard.analysis.contractual import ContractModel
from dashboard.analysis.likelihood import Numbers
from dashboard.analysis.purchase_model import PurchaseModel
from dashboard.analysis.purchasing import PurchaseHistories

__all__ = ["ConstantRetention", "ContractRetention", "Lifetime", "ProjectedRetention", "purchase_lifetime"]

# Terms beyond this share of the first are left out of a sum.
NEGLIGIBLE = 1e-15


@dataclass(frozen=True)
class ConstantRetention:
    """The same fraction of customers stays in every period: a stated assumption, not a fitted model."""

    rate: Decimal

    @property
    def fitted(self) -> bool:
        """Whether the retention comes from a model that is fitted anew from time to time."""
        return False

    @property
    def next_period(self) -> Decimal:
        """The chance of a customer who is here now to be here a period from now."""
        return self.rate

    def a_period_on(self) -> "ConstantRetention":
        """The same assumption for customers who have stayed one period more."""
        return self

    def multiple(self, discount_rate: Decimal) -> Decimal:
        """Return the sum of discounted chances, Σ_{k≥1} S(k)/(1+d)^k; periods of margin."""
        return self.rate / (1 + discount_rate - self.rate)

    def shifted(self, points: Decimal) -> "ConstantRetention":
        """The same with a retention higher by so much in every period, within 0 and 1."""
        return ConstantRetention(min(Decimal(1), max(Decimal(0), self.rate + points)))

    def fault(self) -> str | None:
        """Say what cannot be; None where all can."""
        if self.rate.is_finite() and 0 <= self.rate <= 1:
            return None
        return f"the retention {self.rate} is not within 0 and 1"


@dataclass(frozen=True)
class ContractRetention:
    """Retention by a fitted shifted-beta-geometric model, of customers who have renewed `renewals` times.

    `points` is added to the retention of every period, within 0 and 1; for questions of what if.
    """

    alpha: float
    beta: float
    renewals: int
    points: Decimal = Decimal(0)

    @property
    def fitted(self) -> bool:
        """Whether the retention comes from a model that is fitted anew from time to time."""
        return True

    @property
    def next_period(self) -> Decimal:
        """The chance of a customer who is here now to be here a period from now."""
        return Decimal(float(self.chances(1)[0]))

    def a_period_on(self) -> "ContractRetention":
        """The same model for customers who have renewed once more."""
        return replace(self, renewals=self.renewals + 1)

    def multiple(self, discount_rate: Decimal) -> Decimal:
        """Return the sum of discounted chances, Σ_{k≥1} S(k)/(1+d)^k; periods of margin."""
        return _contract_multiple(self, discount_rate)

    def shifted(self, points: Decimal) -> "ContractRetention":
        """The same with a retention higher by so much in every period, within 0 and 1."""
        return replace(self, points=self.points + points)

    def fault(self) -> str | None:
        """Say what cannot be; None where all can."""
        if 0 < self.alpha < math.inf and 0 < self.beta < math.inf and self.renewals >= 0:
            return None
        return "the parameters of a retention model are not above 0"

    def chances(self, periods: int) -> Numbers:
        """The retention of each of so many periods ahead."""
        ahead = self.beta + self.renewals + np.arange(periods)
        return np.clip(ahead / (self.alpha + ahead) + float(self.points), 0.0, 1.0)


@lru_cache(maxsize=65536)  # customers of one age have the same, in every group and line of a statement
def _contract_multiple(retention: ContractRetention, discount_rate: Decimal) -> Decimal:
    rate = float(discount_rate)
    if not retention.points:
        model = ContractModel(retention.alpha, retention.beta)
        return Decimal(model.residual_value(rate, renewals=retention.renewals)) / (1 + discount_rate)
    periods = math.ceil(-math.log(NEGLIGIBLE * -math.expm1(-math.log1p(rate))) / math.log1p(rate))
    chances = np.cumprod(retention.chances(periods))
    return Decimal(float((chances * np.exp(-math.log1p(rate) * np.arange(1, periods + 1))).sum()))


@dataclass(frozen=True)
class ProjectedRetention:
    """Chances S(1), S(2), … of customers who are here now, given in full; nothing is worth beyond them.

    For customers without contract it comes from `purchase_lifetime`.
    """

    chances: tuple[Decimal, ...]

    @property
    def fitted(self) -> bool:
        """Whether the retention comes from a model that is fitted anew from time to time."""
        return True

    @property
    def next_period(self) -> Decimal:
        """The chance of a customer who is here now to be here a period from now."""
        return self.chances[0] if self.chances else Decimal(0)

    def a_period_on(self) -> "ProjectedRetention":
        """The same projection for customers who have stayed one period more."""
        return ProjectedRetention(tuple(chance / self.next_period for chance in self.chances[1:]))

    def multiple(self, discount_rate: Decimal) -> Decimal:
        """Return the sum of discounted chances, Σ_{k≥1} S(k)/(1+d)^k; periods of margin."""
        return sum(
            (chance / (1 + discount_rate) ** k for k, chance in enumerate(self.chances, start=1)), Decimal(0)
        )

    def shifted(self, points: Decimal) -> "ProjectedRetention":
        """The same with a retention higher by so much in every period, within 0 and 1."""
        before, here = Decimal(1), Decimal(1)
        moved = []
        for chance in self.chances:
            retention = chance / before if before else Decimal(0)
            here *= min(Decimal(1), max(Decimal(0), retention + points))
            moved.append(here)
            before = chance
        return ProjectedRetention(tuple(moved))

    def fault(self) -> str | None:
        """Say what cannot be; None where all can."""
        finite = all(chance.is_finite() for chance in self.chances)
        if finite and all(0 <= after <= before for before, after in pairwise((Decimal(1), *self.chances))):
            return None
        return "a projected chance is missing, above 1, below 0 or above the one before"


Lifetime = ConstantRetention | ContractRetention | ProjectedRetention


def purchase_lifetime(
    model: PurchaseModel, histories: PurchaseHistories, *, period: float, periods: int
) -> tuple[Decimal, ProjectedRetention]:
    """Return volume and retention of customers without contract, an average over their histories.

    The volume is the purchases a period of a customer who is certain to be here, (r+x)/(α+T) in the model's
    unit of time; the chances are the purchases expected in each period divided by it, so that volume times
    chance is what the model foretells.

    Args:
        model: fitted in the unit of time of `histories`.
        histories: the customers of one cell; at least one.
        period: the length of a period of the statement, in that unit.
        periods: how many periods ahead count.
    Raises:
        ValueError: `period` is not above 0, or `periods` is negative.
    """
    if not (math.isfinite(period) and period > 0 and periods >= 0):
        raise ValueError(f"{periods} periods of {period} cannot be; a period lasts, and none is negative.")
    x, age, customers = histories.purchases, histories.age, histories.customers
    whole = float((customers * (model.r + x) / (model.alpha + age)).sum()) * period
    foretold = [
        float((customers * model.expected_purchases(x, histories.last, age, time=period * k)).sum())
        for k in range(periods + 1)
    ]
    # The model has fewer purchases in every further period; rounding may not.
    chances = np.minimum.accumulate(np.clip(np.diff(foretold) / whole, 0.0, 1.0))
    volume = Decimal(whole / float(customers.sum()))
    return volume, ProjectedRetention(tuple(Decimal(chance) for chance in chances.tolist()))
