"""BG/NBD against its authors' figures, numerical integrals and simulated customers."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import beta

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.purchase_model import PurchaseModel
from dashboard.analysis.purchasing import (
    PurchaseFit,
    PurchaseHistories,
    PurchaseHoldout,
    fit_purchases,
    purchase_histories,
    purchase_holdout,
    purchase_log_likelihood,
)

Numbers = NDArray[np.float64]

# Fader, Hardie & Lee 2005, unrounded and as printed.
PUBLISHED = PurchaseModel(0.242593, 4.413532, 0.792886, 2.425752)
PRINTED = PurchaseModel(0.243, 4.414, 0.793, 2.426)


def checked(*columns: object) -> PurchaseHistories:
    histories = purchase_histories(*columns)  # type: ignore[arg-type]
    assert isinstance(histories, PurchaseHistories)
    return histories


def simulated(
    model: PurchaseModel, customers: int, weeks: int, later: int, seed: int
) -> tuple[PurchaseHistories, Numbers]:
    """Customers who live by the model, counted by weeks; and the later purchases of each history."""
    generator = np.random.default_rng(seed)
    rate = generator.gamma(model.r, 1 / model.alpha, customers)
    chance = generator.beta(model.a, model.b, customers)
    clock, last, x, after = (np.zeros(customers) for _ in range(4))
    age = generator.integers(weeks // 2, weeks + 1, customers).astype(float)
    alive = np.ones(customers, dtype=bool)
    while alive.any():
        clock = clock + generator.exponential(1, customers) / np.maximum(rate, 1e-12)
        alive &= clock <= age + later
        now, then = alive & (clock <= age), alive & (clock > age)
        x, last, after = x + now, np.where(now, clock, last), after + then
        alive &= generator.random(customers) >= chance
    cells, at, counts = np.unique(
        np.column_stack([x, np.ceil(last), age]), axis=0, return_inverse=True, return_counts=True
    )
    return checked(*cells.T, counts), np.bincount(at.ravel(), after)


def test_published_expectations_of_a_new_customer() -> None:
    found = [PUBLISHED.mean_purchases(weeks) for weeks in (0.1429, 1, 3, 31.8571, 32)]
    assert found == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437], abs=5e-5)
    assert PUBLISHED.mean_purchases(78) == pytest.approx(1.8576, abs=1e-3)
    # Three printed decimals are not enough for a forecast so far ahead.
    assert PRINTED.mean_purchases(78) == pytest.approx(1.8605, abs=5e-5)


def test_the_published_customer() -> None:
    (expected,) = PUBLISHED.expected_purchases([2], [30.43], [38.86], time=39)
    (alive,) = PUBLISHED.alive([2], [30.43], [38.86])
    assert expected == pytest.approx(1.226, abs=5e-4)
    assert alive == pytest.approx(0.727, abs=5e-4)


def test_published_probabilities() -> None:
    assert PRINTED.probability(0, 39) == pytest.approx(0.5737864, abs=5e-8)
    assert PRINTED.probability(10, 2) == pytest.approx(1.07869e-7, rel=5e-6)


def cdnow(name: str) -> Numbers:
    package = find_spec("lifetimes")
    if package is None or package.origin is None:
        pytest.skip("no installed package ships the CDNOW data")
    path = Path(package.origin).parent / "datasets" / name
    columns: Numbers = np.genfromtxt(path, delimiter=",", skip_header=1)[:, 1:].T
    return columns


def test_cdnow() -> None:
    x, t_x, age = cdnow("cdnow_customers_summary.csv")
    histories = checked(x, t_x, age, np.ones(len(x)))
    assert purchase_log_likelihood(PurchaseModel(1, 1, 1, 1), histories) == pytest.approx(-13887.69, abs=5e-3)
    fit = fit_purchases(histories)
    assert isinstance(fit, PurchaseFit)
    model = fit.model
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=5e-4)
    assert fit.log_likelihood == pytest.approx(-9582.43, abs=5e-3)
    assert (fit.customers, fit.repeat_customers, fit.purchases) == (2357, 2357 - 1411, 2457)
    assert model.expected_purchases(x, t_x, age, time=39).sum() == pytest.approx(1653, abs=0.5)


TRUTH = PurchaseModel(0.8, 6.0, 0.9, 2.8)


def test_simulated_customers_give_back_their_model_and_their_future() -> None:
    histories, later = simulated(TRUTH, customers=40_000, weeks=78, later=26, seed=11)
    fit = fit_purchases(histories)
    assert isinstance(fit, PurchaseFit)
    found = np.array([fit.model.r, fit.model.alpha, fit.model.a, fit.model.b])
    # Counted by whole weeks, times lie up to a week late: a bias of a few hundredths.
    assert found == pytest.approx([0.8, 6.0, 0.9, 2.8], rel=0.12)
    assert all(0 < error < 0.1 * value for error, value in zip(fit.standard_errors, found, strict=True))
    assert fit.log_likelihood >= purchase_log_likelihood(TRUTH, histories)
    assert fit.log_likelihood == pytest.approx(purchase_log_likelihood(fit.model, histories))
    held = purchase_holdout(fit.model, histories, later, time=26)
    assert isinstance(held, PurchaseHoldout)
    assert held.error == pytest.approx(0, abs=0.03)
    assert sum(number for _, number, _, _ in held.by_purchases) == 40_000
    assert sum(seen for _, _, seen, _ in held.by_purchases) == held.observed == later.sum()
    assert [x for x, _, _, _ in held.by_purchases] == [0, 1, 2, 3, 4, 5, 6, 7]
    for _, _, seen, foretold in held.by_purchases:
        assert foretold == pytest.approx(seen, rel=0.15)


@pytest.mark.slow
def test_standard_errors_are_those_of_repeated_samples() -> None:
    fits = []
    for seed in range(60):
        generator = np.random.default_rng(seed)
        histories = exact(TRUTH, 3000, 60, generator)
        fit = fit_purchases(histories)
        assert isinstance(fit, PurchaseFit)
        fits.append(fit)
    r = np.array([fit.model.r for fit in fits])
    alpha = np.array([fit.model.alpha for fit in fits])
    assert np.mean([fit.standard_errors[0] for fit in fits]) == pytest.approx(r.std(), rel=0.3)
    assert np.mean([fit.standard_errors[1] for fit in fits]) == pytest.approx(alpha.std(), rel=0.3)
    assert abs(r.mean() - TRUTH.r) < 3 * r.std() / 60**0.5
    assert abs(alpha.mean() - TRUTH.alpha) < 3 * alpha.std() / 60**0.5


def exact(
    model: PurchaseModel, customers: int, age: float, generator: np.random.Generator
) -> PurchaseHistories:
    rate = generator.gamma(model.r, 1 / model.alpha, customers)
    chance = generator.beta(model.a, model.b, customers)
    x, last = np.zeros(customers), np.zeros(customers)
    for index in range(customers):
        clock = generator.exponential(1 / max(rate[index], 1e-12))
        while clock <= age:
            x[index], last[index] = x[index] + 1, clock
            if generator.random() < chance[index]:
                break
            clock += generator.exponential(1 / rate[index])
    return checked(x, last, np.full(customers, float(age)), np.ones(customers))


def test_counts_and_customers_one_by_one_give_the_same_fit() -> None:
    histories, _ = simulated(TRUTH, customers=3000, weeks=52, later=0, seed=3)
    each = np.repeat(np.arange(len(histories.customers)), histories.customers.astype(int))
    one_by_one = checked(
        histories.purchases[each], histories.last[each], histories.age[each], np.ones(len(each))
    )
    grouped, single = fit_purchases(histories), fit_purchases(one_by_one)
    assert isinstance(grouped, PurchaseFit) and isinstance(single, PurchaseFit)
    assert grouped.model.alpha == pytest.approx(single.model.alpha, rel=1e-6)
    assert grouped.standard_errors == pytest.approx(single.standard_errors, rel=1e-4)


def test_the_unit_of_time_is_free() -> None:
    histories, _ = simulated(TRUTH, customers=3000, weeks=52, later=0, seed=3)
    in_days = checked(histories.purchases, 7 * histories.last, 7 * histories.age, histories.customers)
    weeks, days = fit_purchases(histories), fit_purchases(in_days)
    assert isinstance(weeks, PurchaseFit) and isinstance(days, PurchaseFit)
    assert (days.model.r, days.model.alpha) == pytest.approx((weeks.model.r, 7 * weeks.model.alpha), rel=1e-5)
    assert days.standard_errors[1] == pytest.approx(7 * weeks.standard_errors[1], rel=1e-4)


parameters = st.floats(0.05, 20)


@settings(deadline=None, max_examples=60)
@given(
    parameters, parameters, st.floats(0.2, 20), st.floats(0.2, 20), st.integers(0, 60), st.floats(0.01, 300)
)
def test_expected_purchases_are_the_integral_they_stand_for(
    r: float, alpha: float, a: float, b: float, x: int, time: float
) -> None:
    model, age = PurchaseModel(r, alpha, a, b), 20.0

    def given_chance(p: float) -> float:
        reach = time / (alpha + age)
        return float(-np.expm1(-(r + x) * np.log1p(p * reach)) / p) if p > 0 else (r + x) * reach

    # Asked for in full, it comes without a warning where rounding keeps it from its last digits.
    whole = quad(
        *(given_chance, 0, 1),
        **{"weight": "alg", "wvar": (a - 1, b + x - 1), "epsabs": 0, "epsrel": 1e-9, "limit": 400},
        full_output=True,
    )[0]
    (expected,) = model.expected_purchases([x], [age], [age], time=time)
    (alive,) = model.alive([x], [age], [age])
    assert expected / alive == pytest.approx(whole / beta(a, b + x), rel=1e-6)


@pytest.mark.parametrize(
    ("a", "b", "r"), [(1.0, 2.0, 0.5), (0.3, 0.7, 0.5), (2.0, 2.0, 1.0), (3.0, 0.5, 7.0)]
)
@pytest.mark.parametrize("x", [0, 1, 1000, 10**9])
def test_no_parameter_falls_into_a_hole_of_the_formula(a: float, b: float, r: float, x: int) -> None:
    near = PurchaseModel(r, 4.0, a, b).expected_purchases([x], [10.0], [10.0], time=1000.0)
    beside = PurchaseModel(r + 0.001, 4.0, a + 0.002, b).expected_purchases([x], [10.0], [10.0], time=1000.0)
    assert np.isfinite(near).all()
    assert near == pytest.approx(beside, rel=0.02)


@settings(deadline=None)
@given(parameters, parameters, parameters, parameters, st.floats(0, 100))
def test_probabilities_add_up_and_give_the_mean(
    r: float, alpha: float, a: float, b: float, time: float
) -> None:
    model = PurchaseModel(r, alpha, a, b)
    shares = [model.probability(number, time) for number in range(400)]
    assert all(0 <= share <= 1 + 1e-12 for share in shares)
    assert sum(shares) <= 1 + 1e-9
    if shares[-1] < 1e-12:
        assert sum(shares) == pytest.approx(1, abs=1e-6)
        mean = sum(number * share for number, share in enumerate(shares))
        assert model.mean_purchases(time) == pytest.approx(mean, rel=1e-4, abs=1e-9)


def test_who_has_not_bought_again_is_alive_by_assumption() -> None:
    assert PUBLISHED.alive([0, 5], [0.0, 1.0], [100.0, 100.0])[0] == 1.0
    assert PUBLISHED.alive([50], [1.0], [100.0])[0] < 1e-9


THIRTY = np.full(30, 1.0)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (([], [], [], []), "There are no customers."),
        (([1], [1.0], [2.0], [0]), "There are no customers."),
        (([1, 2], [1.0], [2.0], [3]), "Purchases, last purchase, age and customers are not equally many."),
        (([1], [float("nan")], [2.0], [3]), "A purchase history has a missing or infinite figure."),
        (([1], [1.0], [float("inf")], [3]), "A purchase history has a missing or infinite figure."),
        (([1], [1.0], [2.0], [-3]), "A purchase history has a negative number of customers."),
        (
            ([1.5], [1.0], [2.0], [3]),
            "A number of purchases after the first is not a whole number from 0 on.",
        ),
        (([-1], [0.0], [2.0], [3]), "A number of purchases after the first is not a whole number from 0 on."),
        (([1], [3.0], [2.0], [3]), "A last purchase lies before the first or after the end of the records."),
        (([1], [-3.0], [2.0], [3]), "A last purchase lies before the first or after the end of the records."),
    ],
)
def test_histories_that_cannot_be(columns: tuple[object, ...], reason: str) -> None:
    assert purchase_histories(*columns) == Insufficient(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (([0], [0.0], [52.0], [1]), "Too few customers bought again: 0; 30 are needed."),
        (([1], [3.0], [52.0], [1]), "Too few customers bought again: 1; 30 are needed."),
        (([1, 0], [3.0, 0.0], [52.0, 52.0], [2, 10**6]), "Too few customers bought again: 2; 30 are needed."),
    ],
)
def test_too_few_to_fit(columns: tuple[object, ...], reason: str) -> None:
    assert fit_purchases(checked(*columns)) == Insufficient(reason)


@pytest.mark.parametrize(
    "columns",
    [
        ([3], [10.0], [52.0], [5000]),
        ([1, 2], [10.0, 10.0], [52.0, 52.0], [5000, 5000]),
        ([5], [52.0], [52.0], [500]),
        ([0, 10**9], [0.0, 50.0], [52.0, 52.0], [1000, 40]),
        ([0, 2], [0.0, 0.0], [0.0, 0.0], [100, 100]),
    ],
    ids=["all alike", "two kinds", "nobody gone", "outlier", "no time"],
)
def test_customers_too_alike_give_a_reason_and_no_number(columns: tuple[object, ...]) -> None:
    fit = fit_purchases(checked(*columns))
    assert isinstance(fit, Insufficient)
    assert fit.reason.startswith(("The fit did", "The fit does", "No time has passed")), fit.reason


def test_a_holdout_without_purchases_or_with_the_wrong_ones() -> None:
    histories = checked([0, 1], [0.0, 3.0], [9.0, 9.0], [5, 5])
    held = purchase_holdout(PUBLISHED, histories, [0, 0], time=4.0)
    assert isinstance(held, PurchaseHoldout)
    assert (held.observed, held.error) == (0.0, None)
    assert held.expected > 0
    assert purchase_holdout(PUBLISHED, histories, [1], time=4.0) == Insufficient(
        "There is not one number of later purchases for each purchase history."
    )
    assert purchase_holdout(PUBLISHED, histories, [1, -1], time=4.0) == Insufficient(
        "A number of later purchases is missing, infinite or negative."
    )


def test_impossible_times_are_refused() -> None:
    for call in (
        lambda: PUBLISHED.mean_purchases(-1.0),
        lambda: PUBLISHED.probability(1, -1.0),
        lambda: PUBLISHED.expected_purchases([1], [1.0], [2.0], time=-1.0),
    ):
        with pytest.raises(ValueError) as refused:
            call()
        assert str(refused.value) == "time is -1.0; it must be finite and not negative."
    with pytest.raises(ValueError) as refused:
        PUBLISHED.probability(-1, 2.0)
    assert str(refused.value) == "purchases is -1; it cannot be negative."
