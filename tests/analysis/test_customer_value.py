"""Kinds of retention, what a customer is worth under each, and how that hangs on the assumptions."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.contractual import ContractModel
from dashboard.analysis.customer_value import Valuation, sensitivity
from dashboard.analysis.lifetimes import (
    ConstantRetention,
    ContractRetention,
    Lifetime,
    ProjectedRetention,
    purchase_lifetime,
)
from dashboard.analysis.purchase_model import PurchaseModel
from dashboard.analysis.purchasing import PurchaseHistories, purchase_histories

D = Decimal

CONTRACT = ContractRetention(0.704, 1.182, renewals=2)


def spelled_out(lifetime: Lifetime, periods: int = 400) -> ProjectedRetention:
    chances, here = [], D(1)
    for _ in range(periods):
        here *= lifetime.next_period
        chances.append(here)
        lifetime = lifetime.a_period_on()
    return ProjectedRetention(tuple(chances))


@pytest.mark.parametrize(
    "lifetime", [ConstantRetention(D("0.8")), CONTRACT, ContractRetention(0.668, 3.806, 0)]
)
def test_a_multiple_is_the_sum_it_stands_for(lifetime: Lifetime) -> None:
    assert float(lifetime.multiple(D("0.1"))) == pytest.approx(
        float(spelled_out(lifetime).multiple(D("0.1"))), rel=1e-10
    )


@pytest.mark.parametrize(
    "lifetime", [ConstantRetention(D("0.8")), CONTRACT, spelled_out(ConstantRetention(D("0.9")), 60)]
)
def test_a_period_on_the_multiple_has_earned_its_discount_and_paid_a_margin(lifetime: Lifetime) -> None:
    now, on = lifetime.multiple(D("0.1")), lifetime.a_period_on().multiple(D("0.1"))
    assert float(now * D("1.1")) == pytest.approx(float(lifetime.next_period * (1 + on)), rel=1e-12)


def test_the_residual_value_of_the_published_cohort() -> None:
    # 4.1035 with the renewal now due; a period earlier that is worth a period's discount less.
    lifetime = ContractRetention(0.704, 1.182, renewals=1)
    assert float(lifetime.multiple(D("0.10")) * D("1.1")) == pytest.approx(4.1035, abs=5e-5)
    assert float(lifetime.next_period) == pytest.approx(ContractModel(0.704, 1.182).retention(2))


@pytest.mark.parametrize("lifetime", [ConstantRetention(D("0.8")), CONTRACT, spelled_out(CONTRACT, 80)])
def test_a_point_of_retention(lifetime: Lifetime) -> None:
    higher, lower = lifetime.shifted(D("0.01")), lifetime.shifted(D("-0.01"))
    assert float(higher.next_period - lifetime.next_period) == pytest.approx(0.01)
    multiples = [kind.multiple(D("0.1")) for kind in (lower, lifetime, higher)]
    assert multiples == sorted(multiples)
    assert float(lifetime.shifted(D("1e-9")).multiple(D("0.1"))) == pytest.approx(
        float(multiples[1]), rel=1e-6
    )
    assert lifetime.shifted(D(-1)).multiple(D("0.1")) == 0
    # Everybody stays: a perpetuity, cut off where a projection ends.
    forever = float(lifetime.shifted(D(1)).multiple(D("0.1")))
    assert forever == pytest.approx(10, rel=0.001 if isinstance(lifetime, ProjectedRetention) else 1e-9)


def test_sensitivity_of_customers_kept_at_eighty_per_cent() -> None:
    valuation = Valuation(D(2), D(500), ConstantRetention(D("0.8")), D("0.10"))
    found = sensitivity([(10, valuation)])
    assert found.value == pytest.approx(D(10000) * D("0.8") / D("0.3"))
    assert found.discount_rate_lower == pytest.approx(D(10000) * D("0.8") / D("0.29"))
    assert found.discount_rate_higher == pytest.approx(D(10000) * D("0.8") / D("0.31"))
    assert found.retention_lower == pytest.approx(D(10000) * D("0.79") / D("0.31"))
    assert found.retention_higher == pytest.approx(D(10000) * D("0.81") / D("0.29"))


def test_customers_without_contract_bring_what_the_purchase_model_foretells() -> None:
    model = PurchaseModel(0.242593, 4.413532, 0.792886, 2.425752)
    histories = purchase_histories([2, 0, 5], [30.43, 0.0, 38.0], [38.86, 38.86, 39.0], [1, 20, 4])
    assert isinstance(histories, PurchaseHistories)
    volume, lifetime = purchase_lifetime(model, histories, period=13.0, periods=40)
    assert lifetime.fault() is None
    foretold = model.expected_purchases(histories.purchases, histories.last, histories.age, time=39.0)
    assert float(25 * volume * sum(lifetime.chances[:3])) == pytest.approx(
        float((histories.customers * foretold).sum())
    )
    valuation = Valuation(volume, D(1500), lifetime, D("0.025"))
    assert valuation.fault() is None
    assert 0 < valuation.value < volume * 1500 * 40
    assert sensitivity([(25, valuation)]).retention_lower < sensitivity([(25, valuation)]).value
    with pytest.raises(ValueError) as refused:
        purchase_lifetime(model, histories, period=0.0, periods=4)
    assert str(refused.value) == "4 periods of 0.0 cannot be; a period lasts, and none is negative."


def test_a_small_discount_rate_stays_above_zero() -> None:
    valuation = Valuation(D(1), D(100), ConstantRetention(D("0.8")), D("0.005"))
    assert sensitivity([(1, valuation)]).discount_rate_lower == pytest.approx(
        D(80) / (D("0.2") + D("0.00005"))
    )
    assert sensitivity([]).value == 0


GOOD = Valuation(D(1), D(100), ConstantRetention(D("0.8")), D("0.1"))


@pytest.mark.parametrize(
    ("valuation", "fault"),
    [
        (GOOD, None),
        (replace(GOOD, margin=D(-5)), None),
        (replace(GOOD, volume=D("NaN")), "a volume, margin or discount rate is missing or infinite"),
        (replace(GOOD, margin=D("Infinity")), "a volume, margin or discount rate is missing or infinite"),
        (replace(GOOD, volume=D(-1)), "the volume -1 is negative"),
        (replace(GOOD, margin=D(10) ** 16), "a volume or margin is beyond 10¹⁵"),
        (replace(GOOD, discount_rate=D(0)), "the discount rate 0 is not above 0"),
        (replace(GOOD, lifetime=ConstantRetention(D("1.1"))), "the retention 1.1 is not within 0 and 1"),
        (replace(GOOD, lifetime=ConstantRetention(D("NaN"))), "the retention NaN is not within 0 and 1"),
        (
            replace(GOOD, lifetime=ContractRetention(0.0, 1.0, 0)),
            "the parameters of a retention model are not above 0",
        ),
        (
            replace(GOOD, lifetime=ProjectedRetention((D("0.5"), D("0.6")))),
            "a projected chance is missing, above 1, below 0 or above the one before",
        ),
        (
            replace(GOOD, lifetime=ProjectedRetention((D("NaN"),))),
            "a projected chance is missing, above 1, below 0 or above the one before",
        ),
    ],
)
def test_what_cannot_be_valued(valuation: Valuation, fault: str | None) -> None:
    assert valuation.fault() == fault


def test_a_projection_without_periods_is_worth_nothing() -> None:
    empty = ProjectedRetention(())
    assert (empty.next_period, empty.multiple(D("0.1")), empty.a_period_on()) == (0, 0, empty)


@settings(deadline=None)
@given(st.floats(0.05, 50), st.floats(0.05, 50), st.integers(0, 30), st.decimals("0.02", "0.5", places=3))
def test_retention_and_value_stay_within_what_can_be(a: float, b: float, renewals: int, rate: D) -> None:
    lifetime = ContractRetention(a, b, renewals)
    assert 0 <= lifetime.next_period <= 1
    assert 0 < lifetime.multiple(rate) <= 1 / rate
    shifted = lifetime.shifted(D("0.02")).multiple(rate)
    assert lifetime.multiple(rate) < shifted <= 1 / rate * (1 + D("1e-9"))
