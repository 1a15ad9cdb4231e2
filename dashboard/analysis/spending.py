"""What customers spend on a purchase: the Gamma-Gamma model, beside a model of how often they buy.

A customer's purchases vary about a mean of their own; the means vary over customers. A mean seen over few
purchases is drawn towards that of all customers, and one seen over many is believed.

Formulas: with x purchases of mean spend z̄, ln f = lnΓ(px+q) - lnΓ(px) - lnΓ(q) + q ln γ + (px-1) ln z̄ +
px ln x - (px+q) ln(γ + x z̄); expected mean spend E[M given x, z̄] = p(γ + x z̄)/(px+q-1); over all customers
pγ/(q-1). γ is in the unit of spend, p and q have none.

Assumes spend above 0 and that how much a customer spends has nothing to do with how often; `spending_link`
checks the second first. x counts the purchases that z̄ is the mean of, which for BG/NBD are those after the
first.

Sources: Colombo & Jiang (1999); Fader & Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln

from dashboard.analysis.intervals import Insufficient, quantile
from dashboard.analysis.likelihood import Likelihood, Numbers, maximum_likelihood

__all__ = [
    "SpendingFit",
    "SpendingHoldout",
    "SpendingLink",
    "SpendingModel",
    "Spendings",
    "fit_spending",
    "spending_holdout",
    "spending_link",
    "spendings",
]

# Three parameters are not told from fewer customers.
MINIMUM_CUSTOMERS = 30

# Further from 0, a customer's value counts the same thing twice: as buying often and as spending much.
TOLERATED = 0.3


@dataclass(frozen=True, eq=False)
class Spendings:
    """Customers by purchases and mean spend: three arrays of equal length. Made by `spendings`."""

    purchases: Numbers
    mean: Numbers
    customers: Numbers


@dataclass(frozen=True)
class SpendingModel:
    """The Gamma-Gamma model; γ (`gamma`) in the unit of spend, q above 1."""

    p: float
    q: float
    gamma: float

    @property
    def mean(self) -> float:
        """The mean spend on a purchase, over all customers; in the unit of spend."""
        return self.p * self.gamma / (self.q - 1)

    def expected(self, purchases: ArrayLike, mean: ArrayLike) -> Numbers:
        """Return the expected mean spend of customers with x purchases of mean z̄; `mean` at x = 0."""
        x, z = np.asarray(purchases, dtype=float), np.asarray(mean, dtype=float)
        found: Numbers = self.p * (self.gamma + np.where(x > 0, x * z, 0.0)) / (self.p * x + self.q - 1)
        return found


@dataclass(frozen=True)
class SpendingFit:
    """A fitted model; `standard_errors` are those of p, q and γ, in that order and in their units."""

    model: SpendingModel
    standard_errors: tuple[float, float, float]
    log_likelihood: float
    customers: int


@dataclass(frozen=True)
class SpendingLink:
    """The correlation of purchases and mean spend over customers, with its interval (Fisher's z).

    `tolerable` says that the observed correlation lies within ± `tolerated`: a large sample finds a
    correlation of 0.1 that does the model no harm.
    """

    correlation: float
    low: float
    high: float
    customers: int
    tolerated: float

    @property
    def tolerable(self) -> bool:
        """Whether the model may be used in spite of the correlation."""
        return abs(self.correlation) <= self.tolerated


@dataclass(frozen=True)
class SpendingHoldout:
    """Spend on later purchases against that foretold, per purchase and in the unit of spend.

    `error` is foretold/observed - 1, a signed fraction.
    """

    observed: float
    expected: float
    error: float


def spendings(purchases: ArrayLike, mean: ArrayLike, customers: ArrayLike) -> Spendings | Insufficient:
    """Check customers by purchases and mean spend; those without purchases are left out.

    Args:
        purchases: x, whole numbers, the purchases that the mean is over.
        mean: z̄, mean spend on a purchase; above 0 where x is.
        customers: how many have these two figures; 0 leaves them out.
    Returns:
        The table, or `Insufficient` with arrays of unequal length, a missing or infinite figure, an x that is
        not a whole number from 0 on, a negative count, spend of 0 or less, or nobody with a purchase.
    """
    columns = [np.asarray(column, dtype=float) for column in (purchases, mean, customers)]
    if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1:
        return Insufficient("Purchases, mean spend and customers are not equally many.")
    x, z, n = columns
    z = np.where(x > 0, z, 0.0)
    fault = _fault(x, z, n)
    if fault is not None:
        return Insufficient(fault)
    kept = (n > 0) & (x > 0)
    return Spendings(x[kept], z[kept], n[kept])


def spending_link(
    given: Spendings, *, level: float = 0.95, tolerated: float = TOLERATED
) -> SpendingLink | Insufficient:
    """Return the correlation of how often and how much, which the model assumes to be 0.

    Returns:
        `Insufficient` with fewer than thirty customers, or where purchases or means are all alike.
    Raises:
        ValueError: the level is not between 0 and 1.
    """
    factor = quantile(level)
    count = float(given.customers.sum())
    if count < MINIMUM_CUSTOMERS:
        return _too_few(count)
    x, z = (_centred(column, given.customers) for column in (given.purchases, given.mean))
    spread = math.sqrt(float((given.customers * x * x).sum()) * float((given.customers * z * z).sum()))
    if not spread:
        return Insufficient("All customers bought equally often, or spent the same: nothing to correlate.")
    correlation = max(-1.0, min(1.0, float((given.customers * x * z).sum()) / spread))
    reach = factor / math.sqrt(count - 3)
    centre = math.atanh(max(-1 + 1e-15, min(1 - 1e-15, correlation)))
    return SpendingLink(
        correlation=correlation,
        low=min(correlation, math.tanh(centre - reach)),
        high=max(correlation, math.tanh(centre + reach)),
        customers=int(count),
        tolerated=tolerated,
    )


def fit_spending(given: Spendings) -> SpendingFit | Insufficient:
    """Fit the model by maximum likelihood.

    Returns:
        `Insufficient` with fewer than thirty customers, where all spend the same, where the fit does not
        converge, or where q is 1 or less: the mean over all customers would be infinite.
    """
    count = float(given.customers.sum())
    if count < MINIMUM_CUSTOMERS:
        return _too_few(count)
    # The geometric mean, which one vast spender does not move.
    unit = math.exp(float((given.customers * np.log(given.mean)).sum()) / count)
    if float(np.ptp(given.mean)) <= 1e-9 * unit:
        return Insufficient("All customers spend the same, so that their differences cannot be told.")
    found = maximum_likelihood(
        _likelihood(given, unit),
        [(1.0, 2.0, 1.0), (6.0, 4.0, 0.5), (20.0, 10.0, 0.5)],
        names=("p", "q", "γ"),
        customers=count,
    )
    if isinstance(found, Insufficient):
        return found
    p, q, gamma = found.parameters
    if q <= 1:
        return Insufficient(
            "The fit has no mean spend: q is 1 or less, which a few very large means can cause."
        )
    errors = found.standard_errors
    return SpendingFit(
        model=SpendingModel(p, q, gamma * unit),
        standard_errors=(errors[0], errors[1], errors[2] * unit),
        # A density over means that were divided by the unit.
        log_likelihood=found.log_likelihood - count * math.log(unit),
        customers=int(count),
    )


def spending_holdout(
    model: SpendingModel, given: Spendings, later_purchases: ArrayLike, later_spend: ArrayLike
) -> SpendingHoldout | Insufficient:
    """Compare spend on later purchases with that foretold for the customers who made them.

    Args:
        model: fitted to `given`, and so without knowledge of the later purchases.
        given: customers as they were before.
        later_purchases: how many purchases the customers of each entry made afterwards, together.
        later_spend: what they spent on those, together.
    """
    number, spend = np.asarray(later_purchases, dtype=float), np.asarray(later_spend, dtype=float)
    if not number.shape == spend.shape == given.mean.shape:
        return Insufficient("There is not one later figure for each entry of customers.")
    if not (np.isfinite(number).all() and np.isfinite(spend).all() and (number >= 0).all()):
        return Insufficient("A later figure is missing or infinite, or a number of purchases is negative.")
    bought, paid = float(number.sum()), float(spend.sum())
    if not bought or paid <= 0:
        return Insufficient("Nobody spent anything afterwards.")
    expected = float((number * model.expected(given.purchases, given.mean)).sum())
    return SpendingHoldout(paid / bought, expected / bought, expected / paid - 1)


def _fault(x: Numbers, z: Numbers, n: Numbers) -> str | None:
    if not all(np.isfinite(column).all() for column in (x, z, n)):
        return "A purchase count or mean spend is missing or infinite."
    if (n < 0).any():
        return "A number of customers is negative."
    if (x < 0).any() or (x != np.floor(x)).any():
        return "A number of purchases is not a whole number from 0 on."
    unpaid = int(n[(x > 0) & (z <= 0)].sum())
    if unpaid:
        return f"Customers who bought but spent 0 or less: {unpaid}; the model needs spend above 0."
    return None if n[x > 0].any() else "There are no customers with purchases."


def _too_few(count: float) -> Insufficient:
    return Insufficient(f"Too few customers with purchases: {count:.0f}; {MINIMUM_CUSTOMERS} are needed.")


def _centred(values: Numbers, weights: Numbers) -> Numbers:
    centred: Numbers = values - (weights * values).sum() / weights.sum()
    # What is left of equal values is rounding.
    return np.where(np.abs(centred) <= 1e-12 * np.abs(values).max(), 0.0, centred)


def _likelihood(given: Spendings, unit: float) -> Likelihood:
    z, n = given.mean / unit, given.customers
    x, at = np.unique(given.purchases, return_inverse=True)
    with_x = np.bincount(at, n).astype(float)
    spent = given.purchases * z
    log_spent, log_means = np.bincount(at, n * np.log(spent)), float((n * np.log(z)).sum())

    def likelihood(parameters: Numbers) -> tuple[float, Numbers]:
        p, q, gamma = parameters
        shape = p * x
        joint = np.bincount(at, n * np.log(gamma + spent))
        shares = np.bincount(at, n / (gamma + spent))
        each = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
        value = (with_x * each + shape * log_spent - (shape + q) * joint).sum() - log_means
        by_p = x * (with_x * (digamma(shape + q) - digamma(shape)) + log_spent - joint)
        by_q = with_x * (digamma(shape + q) - digamma(q) + np.log(gamma)) - joint
        by_gamma = with_x * q / gamma - (shape + q) * shares
        return float(value), np.array([by_p.sum(), by_q.sum(), by_gamma.sum()])

    return likelihood
