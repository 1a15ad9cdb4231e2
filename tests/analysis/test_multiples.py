"""Margin multiples against the published table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.contractual import ContractModel
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.multiples import CrossCheck, cross_check, margin_multiple


@pytest.mark.parametrize(
    ("retention", "multiples"),
    [
        (0.6, (1.20, 1.15, 1.11, 1.07)),
        (0.7, (1.75, 1.67, 1.59, 1.52)),
        (0.8, (2.67, 2.50, 2.35, 2.22)),
        (0.9, (4.50, 4.09, 3.75, 3.46)),
    ],
)
def test_the_published_table(retention: float, multiples: tuple[float, ...]) -> None:
    found = [margin_multiple(retention, rate) for rate in (0.10, 0.12, 0.14, 0.16)]
    assert found == pytest.approx(multiples, abs=0.005)


@given(st.floats(0.01, 1), st.floats(0.01, 1))
def test_an_immediate_first_margin_adds_a_period(retention: float, rate: float) -> None:
    later, now = margin_multiple(retention, rate), margin_multiple(retention, rate, immediate=True)
    assert isinstance(later, float) and isinstance(now, float)
    assert now == pytest.approx(later * (1 + rate) / retention)
    assert now == pytest.approx(later + 1)


def test_a_constant_retention_values_mixed_customers_too_low() -> None:
    model = ContractModel(0.704, 1.182)
    check = cross_check(
        100 * model.residual_value(0.10, renewals=4) / 1.10,
        margin=100,
        retention=model.retention(5),
        discount_rate=0.10,
    )
    assert isinstance(check, CrossCheck)
    assert check.ratio > 1
    assert check.multiple_value == pytest.approx(100 * model.retention(5) / (1.1 - model.retention(5)))
    assert not check.agrees
    near = cross_check(410.0, margin=100, retention=0.9, discount_rate=0.12)
    assert isinstance(near, CrossCheck) and near.agrees


@pytest.mark.parametrize("retention", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_retention_that_cannot_be(retention: float) -> None:
    reason = Insufficient("Retention is not a fraction within 0 and 1.")
    assert margin_multiple(retention, 0.1) == reason
    assert cross_check(1.0, margin=1.0, retention=retention, discount_rate=0.1) == reason


def test_what_has_no_value_to_compare() -> None:
    assert margin_multiple(1.0, 0.0) == Insufficient(
        "Customers who all stay for ever have no finite value without discounting."
    )
    for margin, reason in (
        (0.0, "Margin times multiple is not above 0, so that nothing can be set beside it."),
        (-5.0, "Margin times multiple is not above 0, so that nothing can be set beside it."),
        (float("nan"), "A value or margin is missing or infinite."),
    ):
        assert cross_check(1.0, margin=margin, retention=0.8, discount_rate=0.1) == Insufficient(reason)


@pytest.mark.parametrize("rate", [-0.1, float("nan")])
def test_an_impossible_discount_rate_is_refused(rate: float) -> None:
    with pytest.raises(ValueError) as refused:
        margin_multiple(0.8, rate)
    assert str(refused.value) == f"discount_rate is {rate}; it must be finite and not negative."
