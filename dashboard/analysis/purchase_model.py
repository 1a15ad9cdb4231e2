"""What a fitted BG/NBD model says of purchases to come and of customers who may have gone.

Formulas: of a new customer over a time t,
E[X(t)] = (a+b-1)/(a-1) · [1 - (α/(α+t))^r ₂F₁(r, b; a+b-1; t/(α+t))];
of a customer with (x, t_x, T), with z = t/(α+T+t),
E[Y(t)] = (a+b+x-1)/(a-1) · [1 - (1-z)^{r+x} ₂F₁(r+x, b+x; a+b+x-1; z)] · P(alive),
P(alive) = 1/(1 + 1{x>0} a/(b+x-1) ((α+T)/(α+t_x))^{r+x}). By Euler's transformation the bracket is
1 - (1-z)^{a-1} ₂F₁(a+b-1-r, a-1; a+b+x-1; z), in which nothing grows with x: that form is used.
P(X(t) = n) = B(a, b+n)/B(a, b) · NB(n) + 1{n>0} B(a+1, b+n-1)/B(a, b) · P(NB ≥ n), where NB is the negative
binomial count of purchases of customers who never go.

Source: Fader, Hardie & Lee (Marketing Science, 2005).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaln, expit, gammaln, hyp2f1

from dashboard.analysis.likelihood import Numbers

__all__ = ["PurchaseModel"]

# Where a or a + b is 1, or r - a is whole, the formula divides nothing by nothing, or the library's function
# does. Nearer than this it is taken on both sides, at the first distance clear of all three: of four, each of
# them can spoil one.
TOO_NEAR = 1e-6
ASIDE = (1e-5, 2e-5, 3e-5, 4e-5)


@dataclass(frozen=True)
class PurchaseModel:
    """The BG/NBD model: purchase rates spread as Gamma(r, α), chances of going as Beta(a, b); all above 0.

    α is in the unit of time; the mean rate r/α is in purchases per unit of time, the mean chance to go after
    a purchase is a/(a+b).
    """

    r: float
    alpha: float
    a: float
    b: float

    def mean_purchases(self, time: float) -> float:
        """Return E[X(t)], purchases after the first of a new customer within `time` of the first.

        Raises:
            ValueError: `time` is negative or not finite.
        """
        return float(self._while_alive(np.zeros(1), np.zeros(1), time)[0])

    def expected_purchases(
        self, purchases: ArrayLike, last: ArrayLike, age: ArrayLike, *, time: float
    ) -> Numbers:
        """Return E[Y(t)], the purchases within the next `time` of customers with (x, t_x, T), an array.

        Raises:
            ValueError: `time` is negative or not finite.
        """
        x, t = np.asarray(purchases, dtype=float), np.asarray(age, dtype=float)
        expected: Numbers = self._while_alive(x, t, time) * self.alive(x, last, t)
        return expected

    def alive(self, purchases: ArrayLike, last: ArrayLike, age: ArrayLike) -> Numbers:
        """Return P(alive) of customers with (x, t_x, T), an array; the model has it 1 where x is 0."""
        x, t_x, t = (np.asarray(column, dtype=float) for column in (purchases, last, age))
        again = x > 0
        odds = np.log(self.a / np.where(again, self.b + x - 1, 1.0)) + (self.r + x) * (
            np.log(self.alpha + t) - np.log(self.alpha + np.where(again, t_x, t))
        )
        share: Numbers = np.where(again, expit(-odds), 1.0)
        return share

    def probability(self, purchases: int, time: float) -> float:
        """Return P(X(t) = n): a new customer makes `purchases` more purchases within `time` of the first.

        Raises:
            ValueError: `purchases` is negative, or `time` is negative or not finite.
        """
        _check(time)
        if purchases < 0:
            raise ValueError(f"purchases is {purchases}; it cannot be negative.")
        n, r, share = purchases, self.r, time / (self.alpha + time)
        if share == 0:
            return 1.0 if n == 0 else 0.0
        whole = betaln(self.a, self.b)
        staying = betaln(self.a, self.b + n) - whole
        count = gammaln(r + n) - gammaln(r) - gammaln(n + 1) + r * math.log1p(-share) + n * math.log(share)
        here = math.exp(staying + count)
        if n == 0:
            return here
        return here + math.exp(betaln(self.a + 1, self.b + n - 1) - whole) * float(betainc(n, r, share))

    def _while_alive(self, x: Numbers, age: Numbers, time: float) -> Numbers:
        """E[Y(t)] of customers known to be alive; E[X(t)] with x and age 0."""
        _check(time)
        if self._clear(0.0):
            return self._bracket(self.a, x, age, time)
        aside = next(aside for aside in ASIDE if self._clear(aside) and self._clear(-aside))
        return (self._bracket(self.a - aside, x, age, time) + self._bracket(self.a + aside, x, age, time)) / 2

    def _clear(self, aside: float) -> bool:
        a = self.a + aside
        differences = (a - 1, a + self.b - 1, self.r - a)
        return all(abs(difference - round(difference)) > TOO_NEAR for difference in differences)

    def _bracket(self, a: float, x: Numbers, age: Numbers, time: float) -> Numbers:
        z = time / (self.alpha + age + time)
        whole = a + self.b + x - 1
        series = hyp2f1(a + self.b - 1 - self.r, a - 1, whole, z)
        share: Numbers = whole / (a - 1) * (1 - np.exp((a - 1) * np.log1p(-z)) * series)
        return share


def _check(time: float) -> None:
    if not (math.isfinite(time) and time >= 0):
        raise ValueError(f"time is {time}; it must be finite and not negative.")
