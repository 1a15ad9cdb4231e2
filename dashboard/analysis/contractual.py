"""Retention of customers under contract: the shifted-beta-geometric model (sBG), its projection and value.

Each customer leaves at every renewal with a chance of their own, which does not change; the chances are
spread over customers as Beta(α, β). Retention rises with age because those with high chances leave first,
not because anybody grows loyal.

Formulas: P(T=1) = α/(α+β), P(T=t) = P(T=t-1) (β+t-2)/(α+β+t-1); retention at renewal t
r_t = (β+t-1)/(α+β+t-1); S(t) = r_1 r_2 … r_t; log-likelihood Σ n_t ln P(T=t) + n_alive ln S(K). Written by
renewal it is Σ_t [lost_t ln(1 - r_t) + kept_t ln r_t], so that cohorts of several ages, and customers who
joined before the records begin, pool into one count lost and one kept a renewal. Residual value of a customer
before renewal n, per unit of margin at each renewal: (β+n-1)/(α+β+n-1) · ₂F₁(1, β+n; α+β+n; 1/(1+d)).

Assumes renewals at equal distances, chances that differ between customers and not over time, and cohorts that
are alike. A price rise that drives many away in one year breaks the second.

Sources: Fader & Hardie (Journal of Interactive Marketing, 2007) for the model; Fader & Hardie (Marketing
Science, 2010) for the residual value.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.likelihood import Numbers, maximum_likelihood

__all__ = [
    "ContractCohort",
    "ContractFit",
    "ContractHoldout",
    "ContractModel",
    "contract_holdout",
    "fit_contracts",
]

# Two parameters are not told from fewer customers lost.
MINIMUM_LOST = 10


@dataclass(frozen=True)
class ContractCohort:
    """Customers who joined in one period: how many were lost at each renewal, and how many are still here.

    `lost[0]` is the first renewal in the records, number `renewals_before` + 1 of these customers;
    `renewals_before` is above 0 for those who joined before the records begin.
    """

    lost: tuple[int, ...]
    still_here: int
    renewals_before: int = 0


@dataclass(frozen=True)
class ContractModel:
    """The sBG model with its two parameters, both above 0."""

    alpha: float
    beta: float

    def retention(self, renewal: int) -> float:
        """Return r_t, the fraction that renews at renewal `renewal` (1 is the first) of those who could."""
        return (self.beta + renewal - 1) / (self.alpha + self.beta + renewal - 1)

    def survival(self, renewals: int) -> float:
        """Return S(t), the fraction of those who joined that is still here after `renewals` renewals."""
        return float(np.exp(betaln(self.alpha, self.beta + renewals) - betaln(self.alpha, self.beta)))

    def projection(self, renewals: int) -> tuple[float, ...]:
        """Return S(0) = 1, S(1) … S(`renewals`)."""
        return tuple(self.survival(renewal) for renewal in range(renewals + 1))

    def residual_value(self, discount_rate: float, *, renewals: int = 0) -> float:
        """Return the value, just before the next renewal, of a customer who has renewed `renewals` times.

        Per unit of margin, which is received at each renewal, the next one included and not discounted;
        Σ_{t≥n} S(t)/S(n-1)/(1+d)^{t-n} with n = `renewals` + 1. The margin of the current period, already
        received, is not in it.

        Raises:
            ValueError: `discount_rate`, per renewal period, is not above 0, or `renewals` is negative.
        """
        if not (math.isfinite(discount_rate) and discount_rate > 0):
            raise ValueError(f"discount_rate is {discount_rate}; it must be above 0 a period.")
        if renewals < 0:
            raise ValueError(f"renewals is {renewals}; it cannot be negative.")
        shape = self.beta + renewals + 1
        series = _hypergeometric(shape, self.alpha + shape, 1 / (1 + discount_rate))
        return self.retention(renewals + 1) * series


@dataclass(frozen=True)
class ContractFit:
    """A fitted model with the standard errors of its parameters, in the same units.

    `renewals` is the number of the latest renewal in the records; beyond it the model projects.
    """

    model: ContractModel
    alpha_error: float
    beta_error: float
    log_likelihood: float
    customers: int
    lost: int
    renewals: int


@dataclass(frozen=True)
class ContractHoldout:
    """How well a model fitted without the latest renewals foretells them.

    `observed` and `expected` are customers still here, all cohorts together, one number a renewal held out;
    `error` is Σ|expected - observed| / Σ observed, a fraction.
    """

    observed: tuple[int, ...]
    expected: tuple[float, ...]
    error: float


def fit_contracts(cohorts: Sequence[ContractCohort]) -> ContractFit | Insufficient:
    """Fit the model by maximum likelihood to cohorts of any ages.

    Returns:
        `Insufficient` without customers, with fewer than ten lost, with losses at a single renewal alone (two
        parameters need two), where retention does not rise with age as the model must have it, where the fit
        does not converge, or where a count is negative.
    """
    fault = _fault(cohorts)
    if fault is not None:
        return fault
    lost, kept = _by_renewal(cohorts)
    fault = _too_little(lost, kept)
    if fault is not None:
        return fault
    after_joining = np.arange(len(lost), dtype=float)

    def likelihood(parameters: Numbers) -> tuple[float, Numbers]:
        alpha, beta = parameters
        both = alpha + beta + after_joining
        value = (lost * np.log(alpha / both) + kept * np.log((beta + after_joining) / both)).sum()
        shared = ((lost + kept) / both).sum()
        return float(value), np.array(
            [lost.sum() / alpha - shared, (kept / (beta + after_joining)).sum() - shared]
        )

    at_risk = lost + kept
    found = maximum_likelihood(
        likelihood, [(1.0, 1.0), (0.1, 1.0), (2.0, 20.0)], names=("α", "β"), customers=float(at_risk.sum())
    )
    if isinstance(found, Insufficient):
        return found
    (alpha, beta), (alpha_error, beta_error) = found.parameters, found.standard_errors
    return ContractFit(
        model=ContractModel(alpha, beta),
        alpha_error=alpha_error,
        beta_error=beta_error,
        log_likelihood=found.log_likelihood,
        customers=sum(_size(cohort) for cohort in cohorts),
        lost=int(lost.sum()),
        renewals=len(lost),
    )


def contract_holdout(cohorts: Sequence[ContractCohort], *, renewals: int) -> ContractHoldout | Insufficient:
    """Fit without the latest `renewals` renewals of each cohort and compare them with the projection.

    Cohorts with no renewal left to fit do not enter.

    Returns:
        `Insufficient` where no cohort is old enough, where nobody was left to hold out, or as for
        `fit_contracts`.
    Raises:
        ValueError: `renewals` is less than 1.
    """
    if renewals < 1:
        raise ValueError(f"renewals is {renewals}; hold out at least 1.")
    fault = _fault(cohorts)
    if fault is not None:
        return fault
    old = [cohort for cohort in cohorts if len(cohort.lost) > renewals]
    if not old:
        return Insufficient(f"No cohort has more than the {renewals} renewals that are held out.")
    shortened = [
        ContractCohort(
            cohort.lost[:-renewals], cohort.still_here + sum(cohort.lost[-renewals:]), cohort.renewals_before
        )
        for cohort in old
    ]
    fit = fit_contracts(shortened)
    if isinstance(fit, Insufficient):
        return fit
    observed, expected = [0] * renewals, [0.0] * renewals
    for cohort, start in zip(old, shortened, strict=True):
        age = start.renewals_before + len(start.lost)
        here, left = start.still_here, fit.model.survival(age)
        for step, lost in enumerate(cohort.lost[-renewals:]):
            here -= lost
            observed[step] += here
            expected[step] += start.still_here * fit.model.survival(age + step + 1) / left
    if not sum(observed):
        return Insufficient("No customer was still here at the renewals that are held out.")
    error = sum(abs(model - seen) for model, seen in zip(expected, observed, strict=True)) / sum(observed)
    return ContractHoldout(tuple(observed), tuple(expected), error)


def _hypergeometric(b: float, c: float, z: float) -> float:
    """₂F₁(1, b; c; z) for 0 < b < c and 0 < z < 1, by Gauss's continued fraction, from its far end.

    The library's function has no number, or few digits, where c - b is whole and b is large.
    """
    root = math.sqrt(1 - z)
    depth = math.ceil(20 / (math.log1p(root) - math.log1p(-root))) + 20
    fraction, below = 1.0, c - 1
    for k in range(depth, -1, -1):
        fraction = 1 - (c - b + k) * (k + 1) / ((below + 2 * k + 1) * (below + 2 * k + 2)) * z / fraction
        fraction = 1 - (below + k) * (b + k) / ((below + 2 * k) * (below + 2 * k + 1)) * z / fraction
    return 1 / fraction


def _fault(cohorts: Sequence[ContractCohort]) -> Insufficient | None:
    for cohort in cohorts:
        if min((*cohort.lost, cohort.still_here, cohort.renewals_before)) < 0:
            return Insufficient("A cohort has a negative count.")
    if not any(_size(cohort) for cohort in cohorts):
        return Insufficient("There are no customers.")
    return None


def _too_little(lost: Numbers, kept: Numbers) -> Insufficient | None:
    if lost.sum() < MINIMUM_LOST:
        return Insufficient(
            f"Too few customers were lost to fit a model: {lost.sum():.0f}; {MINIMUM_LOST} are needed."
        )
    at_risk = lost + kept
    seen = at_risk > 0
    if seen.sum() < 2:
        return Insufficient("Only one renewal was observed; two parameters need at least two.")
    if not kept.sum():
        return Insufficient("Every customer was lost at the first renewal observed.")
    # Where the share lost falls with age, customers differ; otherwise Beta(α, β) shrinks to a point.
    renewal = np.arange(len(lost))
    centred = renewal - np.average(renewal, weights=at_risk)
    if (centred * (lost - at_risk * lost.sum() / at_risk.sum())).sum() >= 0:
        return Insufficient("Retention does not rise with age, as this model must have it.")
    return None


def _size(cohort: ContractCohort) -> int:
    return sum(cohort.lost) + cohort.still_here


def _by_renewal(cohorts: Sequence[ContractCohort]) -> tuple[Numbers, Numbers]:
    """Lost and kept by renewal, the first at index 0, over all cohorts."""
    latest = max(cohort.renewals_before + len(cohort.lost) for cohort in cohorts)
    lost, kept = np.zeros(latest), np.zeros(latest)
    for cohort in cohorts:
        left = _size(cohort)
        for renewal, number in enumerate(cohort.lost, start=cohort.renewals_before):
            left -= number
            lost[renewal] += number
            kept[renewal] += left
    return lost, kept
