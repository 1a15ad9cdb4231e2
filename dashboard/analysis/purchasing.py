"""Purchases of customers who are free to go without notice: the BG/NBD model, from counts of (x, t_x, T).

A customer buys at random at a rate λ of their own, and after every purchase goes for good with a chance p of
their own. Rates are spread as Gamma(r, α), chances as Beta(a, b). Of each customer it takes three figures: x,
purchases after the first; t_x, the time of the last one since the first; T, the time since the first. Times
are in one unit throughout, and so is 1/α.

Formulas: ln L = A₁ + A₂ + ln(e^A₃ + 1{x>0} e^A₄), with A₁ = lnΓ(r+x) - lnΓ(r) + r ln α; A₂ = lnΓ(a+b) +
lnΓ(b+x) - lnΓ(b) - lnΓ(a+b+x); A₃ = -(r+x) ln(α+T); A₄ = ln a - ln(b+x-1) - (r+x) ln(α+t_x). The likelihood
and its slope are added up over distinct (x, t_x, T), each weighted by its number of customers.

Assumes that rates and chances do not depend on each other, do not change over time, and that a customer goes
only right after buying; a customer who has not bought again is therefore certain to be still here (P(alive)
is 1), and is better shown as "no repeat purchase yet".

Source: Fader, Hardie & Lee (Marketing Science, 2005).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, expit, gammaln

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.likelihood import Numbers, maximum_likelihood
from dashboard.analysis.purchase_model import PurchaseModel

__all__ = [
    "PurchaseFit",
    "PurchaseHistories",
    "PurchaseHoldout",
    "fit_purchases",
    "purchase_histories",
    "purchase_holdout",
    "purchase_log_likelihood",
]

# Four parameters are not told from fewer customers who bought again.
MINIMUM_REPEAT = 30


@dataclass(frozen=True, eq=False)
class PurchaseHistories:
    """Distinct histories as four arrays of equal length: x, t_x, T and the number of customers with them.

    Made by `purchase_histories`, which checks them.
    """

    purchases: Numbers
    last: Numbers
    age: Numbers
    customers: Numbers


@dataclass(frozen=True)
class PurchaseFit:
    """A fitted model; `standard_errors` are those of r, α, a and b, in that order and in their units.

    `repeat_customers` have bought again; `purchases` counts purchases after the first.
    """

    model: PurchaseModel
    standard_errors: tuple[float, float, float, float]
    log_likelihood: float
    customers: int
    repeat_customers: int
    purchases: int


@dataclass(frozen=True)
class PurchaseHoldout:
    """Purchases in a later time against those foretold, of all customers and by purchases so far.

    `error` is (expected - observed)/observed over all customers, a signed fraction, None where nobody bought.
    `by_purchases` holds (x, customers, observed, expected), the last entry for its x and more.
    """

    observed: float
    expected: float
    error: float | None
    by_purchases: tuple[tuple[int, int, float, float], ...]


def purchase_histories(
    purchases: ArrayLike, last: ArrayLike, age: ArrayLike, customers: ArrayLike
) -> PurchaseHistories | Insufficient:
    """Check counts of customers by (x, t_x, T), such as a frequency derivation gives.

    Args:
        purchases: x, whole numbers of purchases after the first.
        last: t_x, from the first purchase to the last; ignored where x is 0.
        age: T, from the first purchase to the end of the records.
        customers: how many have this history; 0 leaves it out.
    Returns:
        The histories, or `Insufficient` with arrays of unequal length, a missing or infinite figure, an x
        that is not a whole number from 0 on, a last purchase outside 0 … T, a negative count, or no
        customers.
    """
    columns = [np.asarray(column, dtype=float) for column in (purchases, last, age, customers)]
    if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1:
        return Insufficient("Purchases, last purchase, age and customers are not equally many.")
    x, t_x, t, n = columns
    fault = _fault(x, np.where(x > 0, t_x, 0.0), t, n)
    if fault is not None:
        return Insufficient(fault)
    kept = n > 0
    return PurchaseHistories(x[kept], np.where(x > 0, t_x, 0.0)[kept], t[kept], n[kept])


def _fault(x: Numbers, t_x: Numbers, t: Numbers, n: Numbers) -> str | None:
    if not all(np.isfinite(column).all() for column in (x, t_x, t, n)):
        return "A purchase history has a missing or infinite figure."
    if (n < 0).any():
        return "A purchase history has a negative number of customers."
    if (x < 0).any() or (x != np.floor(x)).any():
        return "A number of purchases after the first is not a whole number from 0 on."
    if (t_x < 0).any() or (t_x > t).any():
        return "A last purchase lies before the first or after the end of the records."
    return None if n.any() else "There are no customers."


def fit_purchases(histories: PurchaseHistories) -> PurchaseFit | Insufficient:
    """Fit the model by maximum likelihood.

    Returns:
        `Insufficient` with fewer than thirty customers who bought again, without time since the first
        purchases, or where the fit does not converge; it does not where customers are too alike for their
        differences to be told.
    """
    repeat = int(histories.customers[histories.purchases > 0].sum())
    if repeat < MINIMUM_REPEAT:
        return Insufficient(f"Too few customers bought again: {repeat}; {MINIMUM_REPEAT} are needed.")
    count = float(histories.customers.sum())
    unit = float(histories.customers @ histories.age) / count
    if not unit:
        return Insufficient("No time has passed since anybody's first purchase.")
    likelihood = _Likelihood(histories, unit)
    found = maximum_likelihood(
        likelihood, _starts(histories, unit), names=("r", "α", "a", "b"), customers=count
    )
    if isinstance(found, Insufficient):
        return found
    r, alpha, a, b = found.parameters
    errors = found.standard_errors
    return PurchaseFit(
        model=PurchaseModel(r, alpha * unit, a, b),
        standard_errors=(errors[0], errors[1] * unit, errors[2], errors[3]),
        # A density over times that were divided by the unit, once for each purchase.
        log_likelihood=found.log_likelihood
        - float(histories.customers @ histories.purchases) * math.log(unit),
        customers=int(count),
        repeat_customers=repeat,
        purchases=int(histories.customers @ histories.purchases),
    )


def purchase_log_likelihood(model: PurchaseModel, histories: PurchaseHistories) -> float:
    """Return the log-likelihood of a model, over all customers."""
    value, _ = _Likelihood(histories, 1.0)(np.array([model.r, model.alpha, model.a, model.b]))
    return value


def purchase_holdout(
    model: PurchaseModel,
    histories: PurchaseHistories,
    later_purchases: Sequence[float] | Numbers,
    *,
    time: float,
    classes: int = 7,
) -> PurchaseHoldout | Insufficient:
    """Compare the purchases of the `time` after the records' end with those the model foretells.

    Args:
        model: fitted to `histories`, and so without knowledge of the later purchases.
        histories: as they were at the end of the records.
        later_purchases: how many purchases the customers of each history made afterwards, together.
        time: how long afterwards, in the unit of the histories.
        classes: histories with so many purchases or more are told together.
    """
    later = np.asarray(later_purchases, dtype=float)
    if later.shape != histories.purchases.shape:
        return Insufficient("There is not one number of later purchases for each purchase history.")
    if not (np.isfinite(later).all() and (later >= 0).all()):
        return Insufficient("A number of later purchases is missing, infinite or negative.")
    each = model.expected_purchases(histories.purchases, histories.last, histories.age, time=time)
    expected = histories.customers * each
    in_class = np.minimum(histories.purchases, classes).astype(int)
    sums = [np.bincount(in_class, amounts) for amounts in (histories.customers, later, expected)]
    observed = float(later.sum())
    return PurchaseHoldout(
        observed=observed,
        expected=float(expected.sum()),
        error=float(expected.sum()) / observed - 1 if observed else None,
        by_purchases=tuple(
            (x, int(n), float(seen), float(foretold))
            for x, (n, seen, foretold) in enumerate(zip(*sums, strict=True))
            if n
        ),
    )


def _starts(histories: PurchaseHistories, unit: float) -> list[tuple[float, float, float, float]]:
    rate = float(histories.customers @ histories.purchases / (histories.customers @ histories.age)) * unit
    return [(1.0, 1.0 / rate, 1.0, 2.0), (0.3, 0.3 / rate, 0.5, 2.0), (3.0, 3.0 / rate, 1.0, 10.0)]


class _Likelihood:
    """Log-likelihood and slope, with what depends on x, t_x or T alone worked out once a distinct value."""

    def __init__(self, histories: PurchaseHistories, unit: float) -> None:
        self.customers = histories.customers
        self.x, self.at_x = np.unique(histories.purchases, return_inverse=True)
        self.last, self.at_last = np.unique(histories.last / unit, return_inverse=True)
        self.age, self.at_age = np.unique(histories.age / unit, return_inverse=True)
        self.with_x = np.bincount(self.at_x, self.customers).astype(float)

    def __call__(self, parameters: Numbers) -> tuple[float, Numbers]:
        r, alpha, a, b = parameters
        x, n = self.x, self.with_x
        again = x > 0
        # b + x - 1 is needed only where x > 0.
        beyond = np.where(again, b + x - 1, 1.0)
        log_dead = np.where(again, np.log(a) - np.log(beyond), -np.inf)[self.at_x]
        bought = (r + x)[self.at_x]
        log_age = np.log(alpha + self.age)[self.at_age]
        log_last = np.log(alpha + self.last)[self.at_last]
        alive, gone = -bought * log_age, log_dead - bought * log_last
        spread = (
            *(gammaln(r + x), -gammaln(r), r * np.log(alpha)),
            *(gammaln(a + b), gammaln(b + x), -gammaln(b), -gammaln(a + b + x)),
        )
        value = _total(self.customers, np.logaddexp(alive, gone)) + _total(n, sum(spread))
        weight = expit(gone - alive)
        dead, here = self.customers * weight, self.customers * (1 - weight)
        rates = here / (alpha + self.age)[self.at_age] + dead / (alpha + self.last)[self.at_last]
        dead_by_x = np.bincount(self.at_x, dead)
        shared = digamma(a + b) - digamma(a + b + x)
        return value, np.array(
            [
                _total(n, digamma(r + x) - digamma(r) + np.log(alpha))
                - _total(here, log_age)
                - _total(dead, log_last),
                n.sum() * r / alpha - _total(bought, rates),
                _total(n, shared) + dead_by_x.sum() / a,
                _total(n, shared + digamma(b + x) - digamma(b)) - (dead_by_x / beyond)[again].sum(),
            ]
        )


def _total(weights: Numbers, amounts: Numbers) -> float:
    """Their inner product; not by `@`, whose threads wait for each other where processors are few."""
    return float((weights * amounts).sum())
