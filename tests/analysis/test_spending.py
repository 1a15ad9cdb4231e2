"""Gamma-Gamma against its authors' figures and simulated customers."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.spending import (
    SpendingFit,
    SpendingHoldout,
    SpendingLink,
    SpendingModel,
    Spendings,
    fit_spending,
    spending_holdout,
    spending_link,
    spendings,
)

PUBLISHED = SpendingModel(6.25, 3.74, 15.44)
TRUTH = SpendingModel(5.0, 3.5, 20.0)


def checked(*columns: object) -> Spendings:
    found = spendings(*columns)  # type: ignore[arg-type]
    assert isinstance(found, Spendings)
    return found


def simulated(customers: int, seed: int) -> tuple[Spendings, np.ndarray, np.ndarray]:
    """Customers by the model, with the later spend on as many purchases again."""
    generator = np.random.default_rng(seed)
    x = 1 + generator.poisson(3, customers)
    scale = 1 / generator.gamma(TRUTH.q, 1 / TRUTH.gamma, customers)
    mean = generator.gamma(TRUTH.p * x, scale) / x
    return checked(x, mean, np.ones(customers)), x, generator.gamma(TRUTH.p * x, scale)


def test_published_expectations() -> None:
    found = PUBLISHED.expected([2, 1, 0, 7, 2], [22.35, 11.77, 0, 73.74, 25.55])
    assert found == pytest.approx([24.65, 18.91, 35.17, 71.46, 27.28], abs=0.1)
    assert PUBLISHED.mean == pytest.approx(35.22, abs=0.005)
    assert found[2] == pytest.approx(PUBLISHED.mean)


def test_cdnow() -> None:
    package = find_spec("lifetimes")
    if package is None or package.origin is None:
        pytest.skip("no installed package ships the CDNOW data")
    path = Path(package.origin).parent / "datasets" / "cdnow_customers_summary_with_transactions.csv"
    _, x, _, _, mean = np.genfromtxt(path, delimiter=",", skip_header=1).T
    customers = checked(x, mean, np.ones(len(x)))
    fit = fit_spending(customers)
    assert isinstance(fit, SpendingFit)
    model = fit.model
    assert (model.p, model.q, model.gamma) == pytest.approx((6.249, 3.745, 15.448), abs=5e-4)
    assert fit.log_likelihood == pytest.approx(-4055.92, abs=5e-3)
    assert fit.customers == 946
    found = model.expected([2, 1, 0, 7, 2], [22.35, 11.77, 0, 73.74, 25.55])
    assert found == pytest.approx([24.65, 18.91, 35.17, 71.46, 27.28], abs=0.01)
    link = spending_link(customers)
    assert isinstance(link, SpendingLink)
    assert link.correlation == pytest.approx(0.11, abs=0.005)
    assert link.tolerable


def test_simulated_customers_give_back_their_model_and_their_spend() -> None:
    customers, x, later = simulated(20_000, seed=5)
    fit = fit_spending(customers)
    assert isinstance(fit, SpendingFit)
    found = np.array([fit.model.p, fit.model.q, fit.model.gamma])
    errors = np.array(fit.standard_errors)
    assert (np.abs(found - [TRUTH.p, TRUTH.q, TRUTH.gamma]) < 3 * errors).all()
    assert (errors < 0.1 * found).all()
    assert fit.model.mean == pytest.approx(TRUTH.mean, rel=0.02)
    held = spending_holdout(fit.model, customers, x, later)
    assert isinstance(held, SpendingHoldout)
    assert held.error == pytest.approx(0, abs=0.02)
    assert held.expected == pytest.approx(held.observed, rel=0.02)
    assert held.observed == pytest.approx(later.sum() / x.sum())
    link = spending_link(customers)
    assert isinstance(link, SpendingLink)
    assert link.low <= link.correlation <= link.high
    assert abs(link.correlation) < 0.03


def test_standard_errors_are_those_of_repeated_samples() -> None:
    fits = [fit_spending(simulated(1500, seed)[0]) for seed in range(60)]
    kept = [fit for fit in fits if isinstance(fit, SpendingFit)]
    assert len(kept) == 60
    for index, values in enumerate(zip(*[(f.model.p, f.model.q, f.model.gamma) for f in kept], strict=True)):
        told = np.mean([fit.standard_errors[index] for fit in kept])
        assert told == pytest.approx(np.std(values), rel=0.3)


def test_the_unit_of_spend_is_free() -> None:
    customers, _, _ = simulated(500, seed=1)
    cents = checked(customers.purchases, 100 * customers.mean, customers.customers)
    euros, in_cents = fit_spending(customers), fit_spending(cents)
    assert isinstance(euros, SpendingFit) and isinstance(in_cents, SpendingFit)
    assert in_cents.model.gamma == pytest.approx(100 * euros.model.gamma, rel=1e-5)
    assert in_cents.model.p == pytest.approx(euros.model.p, rel=1e-5)


def test_equal_customers_may_be_counted_together() -> None:
    customers, _, _ = simulated(200, seed=2)
    doubled = checked(customers.purchases, customers.mean, 2 * customers.customers)
    twice = checked(np.tile(customers.purchases, 2), np.tile(customers.mean, 2), np.ones(400))
    counted, listed = fit_spending(doubled), fit_spending(twice)
    assert isinstance(counted, SpendingFit) and isinstance(listed, SpendingFit)
    assert counted.model.p == pytest.approx(listed.model.p, rel=1e-6)


def test_who_spends_more_the_oftener_is_found() -> None:
    x = np.arange(1.0, 41.0)
    link = spending_link(checked(x, 10 * x, np.ones(40)))
    assert isinstance(link, SpendingLink)
    assert (link.correlation, link.high) == (pytest.approx(1.0), pytest.approx(1.0))
    assert not link.tolerable
    assert spending_link(checked(x, np.full(40, 0.1), np.ones(40))) == Insufficient(
        "All customers bought equally often, or spent the same: nothing to correlate."
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (([], [], []), "There are no customers with purchases."),
        (([0], [0.0], [50]), "There are no customers with purchases."),
        (([1, 2], [5.0], [3]), "Purchases, mean spend and customers are not equally many."),
        (([1], [float("nan")], [3]), "A purchase count or mean spend is missing or infinite."),
        (([1], [5.0], [-3]), "A number of customers is negative."),
        (([1.5], [5.0], [3]), "A number of purchases is not a whole number from 0 on."),
        (
            ([1, 2], [-5.0, 4.0], [3, 4]),
            "Customers who bought but spent 0 or less: 3; the model needs spend above 0.",
        ),
        (
            ([1, 2], [0.0, 4.0], [2, 4]),
            "Customers who bought but spent 0 or less: 2; the model needs spend above 0.",
        ),
    ],
)
def test_customers_that_cannot_be(columns: tuple[object, ...], reason: str) -> None:
    assert spendings(*columns) == Insufficient(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (([1], [5.0], [1]), "Too few customers with purchases: 1; 30 are needed."),
        (([1, 3], [5.0, 6.0], [1, 1]), "Too few customers with purchases: 2; 30 are needed."),
        (
            ([1, 3], [5.0, 5.0], [50, 50]),
            "All customers spend the same, so that their differences cannot be told.",
        ),
    ],
)
def test_too_little_to_fit(columns: tuple[object, ...], reason: str) -> None:
    assert fit_spending(checked(*columns)) == Insufficient(reason)


def test_one_vast_spender_gives_a_reason_and_no_number() -> None:
    customers, _, _ = simulated(100, seed=9)
    mean = customers.mean.copy()
    mean[0] = 1e9
    fit = fit_spending(checked(customers.purchases, mean, customers.customers))
    assert isinstance(fit, Insufficient)
    assert fit.reason == (
        "The fit did not converge: the likelihood rises without end along p, so that the data does not"
        " determine it."
    )


def test_means_without_a_mean_give_a_reason_and_no_number() -> None:
    generator = np.random.default_rng(4)
    x = 1 + generator.poisson(3, 3000)
    heavy = generator.gamma(4.0 * x, 1 / generator.gamma(0.7, 1 / 20.0, 3000)) / x
    assert fit_spending(checked(x, heavy, np.ones(3000))) == Insufficient(
        "The fit has no mean spend: q is 1 or less, which a few very large means can cause."
    )


def test_later_figures_that_cannot_be() -> None:
    customers = checked([1, 2], [5.0, 6.0], [10, 10])
    for purchases, spend, reason in (
        ([1], [5.0], "There is not one later figure for each entry of customers."),
        ([1, -1], [5.0, 5.0], "A later figure is missing or infinite, or a number of purchases is negative."),
        ([0, 0], [0.0, 0.0], "Nobody spent anything afterwards."),
        ([1, 1], [5.0, -9.0], "Nobody spent anything afterwards."),
    ):
        assert spending_holdout(PUBLISHED, customers, purchases, spend) == Insufficient(reason)


@settings(deadline=None)
@given(
    st.floats(0.2, 50), st.floats(1.1, 50), st.floats(0.1, 1e6), st.integers(1, 10**6), st.floats(0.01, 1e9)
)
def test_an_expectation_lies_between_what_was_seen_and_the_mean_of_all(
    p: float, q: float, gamma: float, x: int, mean: float
) -> None:
    model = SpendingModel(p, q, gamma)
    (expected,) = model.expected([x], [mean])
    low, high = sorted((mean, model.mean))
    assert low * (1 - 1e-9) <= expected <= high * (1 + 1e-9)
