"""A whole customer base valued: against a brute-force sum, and as a statement that foots and adds up."""

from decimal import Decimal
from itertools import pairwise

import pytest

from dashboard.analysis.customer_base import Base, period_rate, retention_models, value_base
from dashboard.analysis.customer_equity import LINES
from dashboard.definitions.derivation import EQUITY, EQUITY_LINES

REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)  # Fader & Hardie 2007, years 0 to 7
RATE = 0.10


def one_cohort(there: tuple[int, ...] = REGULAR, margin: float = 100.0) -> Base:
    return Base({(0, age): (customers, customers * margin) for age, customers in enumerate(there)})


def many_cohorts(start: int, kept: float, cohorts: int = 12, margin: float = 5000.0) -> Base:
    found = {}
    for cohort in range(cohorts):
        customers = float(start)
        for age in range(cohorts - cohort):
            found[cohort, age] = (round(customers), round(customers) * margin)
            customers *= kept + 0.02 * min(age, 4)
    return Base(found)


def joined(*bases: Base) -> Base:
    found: dict[tuple[int, int], tuple[int, float]] = {}
    for base in bases:
        for place, (customers, margin) in base.there.items():
            before = found.get(place, (0, 0.0))
            found[place] = (before[0] + customers, before[1] + margin)
    return Base(found)


def test_the_model_is_that_of_the_published_data() -> None:
    model = retention_models(one_cohort(), periods_a_year=1)[7]
    assert model.alpha == pytest.approx(0.704, abs=0.001)
    assert model.beta == pytest.approx(1.182, abs=0.001)


def test_the_value_is_the_brute_force_sum() -> None:
    base = one_cohort()
    models = retention_models(base, periods_a_year=1)
    model, told = models[7], value_base(base, models, yearly=RATE, periods_a_year=1)[7]
    alpha, beta = model.alpha, model.beta
    assert alpha is not None and beta is not None
    here, worth = 1.0, 0.0
    for year in range(1, 2000):
        here *= (beta + 7 + year - 1) / (alpha + beta + 7 + year - 1)
        worth += here / (1 + RATE) ** year
    assert float(told.value) == pytest.approx(241 * 100 * worth, rel=1e-6)
    assert told.customers == 241
    assert told.moved.discount_rate_higher < told.value < told.moved.discount_rate_lower
    assert told.moved.retention_lower < told.value < told.moved.retention_higher


def test_every_statement_foots_and_begins_where_the_one_before_ended() -> None:
    base = many_cohorts(200, 0.85)
    told = value_base(base, retention_models(base, periods_a_year=4), yearly=RATE, periods_a_year=4)
    statements = [found.statement for found in told.values() if found.statement is not None]
    assert len(statements) >= 9
    for statement in statements:
        assert statement.opening + sum(amount for _, amount in statement.lines()) == statement.closing
    for before, after in pairwise(statements):
        assert before.closing == after.opening
        assert after.customers_opening == before.customers_closing


def test_groups_add_up_to_everybody() -> None:
    few, many = many_cohorts(120, 0.70, margin=2000.0), many_cohorts(300, 0.92, margin=9000.0)
    models = retention_models(joined(few, many), periods_a_year=4)
    of = [
        value_base(base, models, yearly=RATE, periods_a_year=4)[11] for base in (few, many, joined(few, many))
    ]
    assert float(of[0].value + of[1].value) == pytest.approx(float(of[2].value), rel=1e-3)


def test_where_retention_does_not_rise_with_age_it_is_taken_to_be_constant() -> None:
    falling = (1000, 960, 900, 820, 720, 600)
    base = one_cohort(falling)
    models = retention_models(base, periods_a_year=4)
    model = models[5]
    assert (model.alpha, model.beta) == (None, None)
    assert model.rate == pytest.approx(1 - (1000 - 600 - 40) / (960 + 900 + 820 + 720))
    told = value_base(base, models, yearly=RATE, periods_a_year=4)[5]
    rate = float(period_rate(RATE, 4))
    assert float(told.value) == pytest.approx(600 * 100 * model.rate / (1 + rate - model.rate), rel=1e-6)
    assert told.multiple is not None
    assert float(told.multiple) == pytest.approx(float(told.value), rel=1e-6)  # it is the same formula


def test_too_few_losses_value_nobody() -> None:
    base = one_cohort((50, 48, 46, 45))
    assert retention_models(base, periods_a_year=4) == {}
    assert value_base(base, {}, yearly=RATE, periods_a_year=4) == {}


def test_more_back_than_gone_are_told_as_reactivated() -> None:
    base = one_cohort((1000, 800, 700, 640, 650))
    told = value_base(base, retention_models(base, periods_a_year=4), yearly=RATE, periods_a_year=4)[4]
    assert told.statement is not None
    assert told.statement.reactivated > 0
    assert told.statement.customers_lost == 0


def test_monthly_models_are_fitted_anew_with_each_quarter() -> None:
    base = many_cohorts(300, 0.9, cohorts=14)
    models = retention_models(base, periods_a_year=12, first_month=1)
    changes = [period for period in range(3, 14) if models[period] != models[period - 1]]
    assert changes == [4, 7, 10, 13]


def test_the_rate_of_a_period_makes_that_of_a_year() -> None:
    assert float((1 + period_rate(0.10, 4)) ** 4) == pytest.approx(1.1)
    assert period_rate(0.10, 1) == Decimal("0.1")


def test_the_lines_that_are_recorded_are_those_of_the_statement() -> None:
    assert tuple(f"{EQUITY}_{line}" for line in LINES) == EQUITY_LINES
