"""The value of a whole customer base, period by period, from how many of each cohort were there at each age.

In every period one retention model is fitted to all customers: the shifted-beta-geometric one
(`contractual.py`) to the losses of the last periods, or, where retention does not rise with age as that model
must have it, a constant retention. Customers are valued by the age of their cohort and its mean margin, and
the change from period to period is told by the roll-forward (`customer_equity.py`).

The fit looks at the losses of a window of recent periods alone, from the first in which anybody was lost on:
earlier ones may be known of survivors only. All groups have the model of everybody, so that groups add up.

Assumes that the customers of a cohort are alike in margin, and that who leaves had the mean of it. Who comes
back is told only where more came back to a cohort than left it.

Sources: those of the methods it joins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from dashboard.analysis.contractual import ContractCohort, fit_contracts
from dashboard.analysis.customer_equity import Cell, Statement, roll_forward
from dashboard.analysis.customer_value import Sensitivity, Valuation, sensitivity
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.lifetimes import ConstantRetention, ContractRetention, Lifetime
from dashboard.analysis.multiples import margin_multiple

__all__ = ["Base", "Retention", "Told", "period_rate", "retention_models", "value_base"]

# Fewer customers lost tell no retention.
FEWEST_LOST = 10
YEARS_FITTED = 3
FEWEST_FITTED = 8  # periods, where they are long
POINT = 0.01
MONTHLY, A_QUARTER = 12, 3


@dataclass(frozen=True)
class Base:
    """Customers of one group: (cohort, age) -> how many are there, and their margin in that period together.

    Cohorts and ages count periods; the period of a field is cohort + age. Margins are in minor units.
    """

    there: Mapping[tuple[int, int], tuple[int, float]]

    def at(self, cohort: int, age: int) -> tuple[int, float]:
        """Customers and their margin; none where nothing is known."""
        return self.there.get((cohort, age), (0, 0.0))

    @property
    def periods(self) -> range:
        """From the first period to the last that any field is of."""
        ends = [cohort + age for cohort, age in self.there]
        return range(min(cohort for cohort, _ in self.there), max(ends) + 1) if ends else range(0)


@dataclass(frozen=True)
class Retention:
    """What is taken for retention as of a period. α and β are None where it is constant; `rate` is observed.

    `rate` is the share kept from one period to the next over the last year.
    """

    alpha: float | None
    beta: float | None
    rate: float

    def lifetime(self, age: int) -> Lifetime:
        """The retention of customers of an age."""
        if self.alpha is None or self.beta is None:
            return ConstantRetention(Decimal(str(round(self.rate, 9))))
        return ContractRetention(self.alpha, self.beta, age)


@dataclass(frozen=True)
class Told:
    """The base at the end of a period, in minor units; `statement` None where there is none for the period.

    `multiple` is the margin multiple's value of the same customers.
    """

    customers: int
    value: Decimal
    moved: Sensitivity
    multiple: Decimal | None
    statement: Statement | None


def period_rate(yearly: float, periods_a_year: int) -> Decimal:
    """The discount rate a period that makes the yearly one."""
    return Decimal(str(round(float((1 + yearly) ** (1 / periods_a_year)) - 1, 15)))


def retention_models(
    everybody: Base, *, periods_a_year: int, first_month: int = 0
) -> Mapping[int, Retention]:
    """The retention as of each period; periods with too few losses for one are left out.

    Args:
        periods_a_year: 12, 4 or 1. Monthly models are fitted anew with the last month of each quarter.
        first_month: where period 0 lies in its quarter, 0 to 2; of months alone.
    """
    offset = first_month + 1
    window = max(YEARS_FITTED * periods_a_year, FEWEST_FITTED)
    losing = [period for period in everybody.periods if _lost_in(everybody, period)]
    found: dict[int, Retention] = {}
    for period in everybody.periods:
        if losing and period >= losing[0]:
            if period - 1 in found and periods_a_year == MONTHLY and (period + offset) % A_QUARTER:
                found[period] = found[period - 1]
                continue
            start = max(period - window, losing[0] - 1)
            model = _model(everybody, start, period, periods_a_year)
            if model is not None:
                found[period] = model
    return found


def value_base(
    base: Base, models: Mapping[int, Retention], *, yearly: float, periods_a_year: int
) -> Mapping[int, Told]:
    """Value a group in every period that has a model, and say what became of the value of the one before.

    Args:
        models: of everybody, as `retention_models` gives them.
        yearly: the discount rate a year, above 0.
    """
    rate = period_rate(yearly, periods_a_year)
    higher = period_rate(yearly + POINT, periods_a_year) - rate
    found = {}
    for period in base.periods:
        model = models.get(period)
        if model is None:
            continue
        valued = [
            (customers, _valuation(customers, margin, model.lifetime(age), rate))
            for age, customers, margin in _of(base, period)
            if customers
        ]
        moved = sensitivity(
            valued,
            discount_points=higher,
            retention_points=Decimal(str(POINT / periods_a_year)),
        )
        before = models.get(period - 1)
        found[period] = Told(
            customers=sum(customers for customers, _ in valued),
            value=moved.value,
            moved=moved,
            multiple=_multiple(base, period, model.rate, rate),
            statement=None if before is None else _statement(base, period, (before, model), rate),
        )
    return found


def _of(base: Base, period: int) -> list[tuple[int, int, float]]:
    """Age, customers and margin of every cohort in a period."""
    return [(age, *base.at(period - age, age)) for cohort, age in base.there if cohort + age == period]


def _lost_in(base: Base, period: int) -> int:
    return sum(
        max(0, base.at(cohort, age - 1)[0] - customers)
        for (cohort, age), (customers, _) in base.there.items()
        if cohort + age == period and age
    )


def _model(base: Base, start: int, period: int, periods_a_year: int) -> Retention | None:
    cohorts = []
    for cohort in {cohort for cohort, _ in base.there if cohort <= period}:
        first, last = max(0, start - cohort), period - cohort
        counts = [base.at(cohort, age)[0] for age in range(first, last + 1)]
        lost = tuple(max(0, before - after) for before, after in pairwise(counts))
        cohorts.append(ContractCohort(lost, counts[-1], first))
    rate = _kept(base, max(start, period - periods_a_year), period)
    if rate is None or sum(sum(each.lost) for each in cohorts) < FEWEST_LOST:
        return None
    fit = fit_contracts(cohorts)
    if isinstance(fit, Insufficient):
        return Retention(None, None, rate)
    return Retention(fit.model.alpha, fit.model.beta, rate)


def _kept(base: Base, start: int, period: int) -> float | None:
    """The share of customers kept from one period to the next, over the periods after `start`."""
    before = lost = 0
    for each in range(start + 1, period + 1):
        before += sum(customers for _, customers, _ in _of(base, each - 1))
        lost += _lost_in(base, each)
    return 1 - lost / before if before else None


def _valuation(customers: int, margin: float, lifetime: Lifetime, rate: Decimal) -> Valuation:
    return Valuation(Decimal(1), Decimal(str(round(margin / customers, 6))), lifetime, rate)


def _multiple(base: Base, period: int, kept: float, rate: Decimal) -> Decimal | None:
    multiple = margin_multiple(kept, float(rate))
    if isinstance(multiple, Insufficient):
        return None
    return Decimal(str(round(sum(margin for _, _, margin in _of(base, period)) * multiple, 6)))


def _statement(
    base: Base, period: int, models: tuple[Retention, Retention], rate: Decimal
) -> Statement | None:
    before, after = models
    cells = []
    cohorts = {cohort for cohort, age in base.there if cohort + age in (period - 1, period)}
    for cohort in sorted(cohorts):
        age = period - cohort
        (was, margin_was) = base.at(cohort, age - 1)
        (now, margin_now) = base.at(cohort, age)
        opening = _valuation(was, margin_was, before.lifetime(age - 1), rate) if was else None
        closing = _valuation(now, margin_now, after.lifetime(age), rate) if now else None
        kept = min(was, now)
        for customers, first, last in (
            (kept, opening, closing),
            (was - kept, opening, None),
            (now - kept, None, closing),
        ):
            if customers:
                back = first is None and age > 0
                cells.append(Cell("all", customers, first, last, reactivated=back))
    found = roll_forward(cells)
    return None if isinstance(found, Insufficient) else found.total
