"""Stationarity, prewhitening and the yearly pattern, against statsmodels and planted truths."""

import warnings

import numpy as np
import pytest
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.stattools import adfuller
from statsmodels.tsa.stattools import kpss as their_kpss

from dashboard.analysis.prewhitening import Autoregression, autoregression, best_order
from dashboard.analysis.seasonal_adjustment import seasonality
from dashboard.analysis.stationarity import adf, differences_needed, kpss, stationarity


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [24, 60, 150])
@pytest.mark.parametrize("wandering", [False, True])
def test_both_statistics_are_those_of_statsmodels(seed: int, count: int, wandering: bool) -> None:
    noise = np.random.default_rng(seed).normal(size=count)
    values = np.cumsum(noise) if wandering else noise
    most = min(int(np.ceil(12 * (count / 100) ** 0.25)), count // 6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # KPSS says that its p-value lies outside its table
        theirs = adfuller(values, maxlag=most, autolag="AIC")[0], their_kpss(values)[0]
    assert (adf(values), kpss(values)) == pytest.approx(theirs, rel=1e-8)


def test_how_often_to_difference() -> None:
    noise = np.random.default_rng(11).normal(size=(2, 120))
    walk = np.cumsum(noise, axis=1)
    assert differences_needed(*noise) == 0
    assert differences_needed(*walk) == 1
    assert differences_needed(*np.cumsum(walk, axis=1)) == 2
    assert differences_needed(*np.cumsum(np.cumsum(walk, axis=1), axis=1)) is None
    # One wandering series is enough: both are differenced alike.
    assert differences_needed(noise[0], walk[1]) == 1


def test_what_has_no_variation_cannot_be_tested() -> None:
    assert stationarity(np.ones(60)) is None
    assert stationarity(np.arange(11.0)) is None
    assert differences_needed(np.arange(60.0)) is None


def test_the_filter_is_the_autoregression_of_statsmodels() -> None:
    values = np.random.default_rng(2).normal(size=90)
    for index in range(2, 90):
        values[index] += 0.5 * values[index - 1] + 0.3 * values[index - 2]
    model = autoregression(values, most=6)
    assert model is not None
    theirs = AutoReg(values, model.order).fit()
    assert model.weights == pytest.approx(theirs.params[1:], rel=1e-8)
    whitened = model.filtered(values)
    assert whitened - theirs.params[0] == pytest.approx(theirs.resid, abs=1e-9)


def test_the_order_is_found() -> None:
    rng = np.random.default_rng(8)
    orders = []
    for _ in range(40):
        values = rng.normal(size=400)
        for index in range(2, 400):
            values[index] += 0.4 * values[index - 1] + 0.4 * values[index - 2]
        model = autoregression(values)
        assert model is not None
        orders.append(model.order)
    assert min(orders) == 2
    assert orders.count(2) > 20  # AIC adds a lag now and then


def test_a_filter_by_hand() -> None:
    model = Autoregression((0.5, 0.25))
    assert model.filtered(np.array([4.0, 8.0, 10.0, 20.0])).tolist() == [5.0, 13.0]
    assert Autoregression(()).filtered(np.array([1.0, 2.0])).tolist() == [1.0, 2.0]


def test_a_series_told_by_its_past_has_no_filter() -> None:
    assert autoregression(np.sin(np.arange(60.0))) is None


def test_an_exact_fit_keeps_no_column() -> None:
    design = np.column_stack([np.ones(5), np.arange(5.0)])
    assert best_order(design, np.zeros(5), fixed=1) == 0


def test_a_planted_yearly_pattern_is_found_and_removed() -> None:
    rng = np.random.default_rng(4)
    level = 100 + np.cumsum(rng.normal(size=60))
    pattern = np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 6, 16.0])
    found = seasonality(level + np.tile(pattern, 5), 12)
    assert found is not None
    assert found.found
    assert np.array(found.factors) == pytest.approx(pattern - pattern.mean(), abs=1.5)
    assert sum(found.factors) == pytest.approx(0, abs=1e-9)
    again = seasonality(found.removed(level + np.tile(pattern, 5)), 12)
    assert again is not None
    assert not again.found


def test_where_there_is_no_pattern_none_is_found() -> None:
    rng = np.random.default_rng(5)
    tests = [seasonality(np.cumsum(rng.normal(size=60)), 12) for _ in range(400)]
    assert sum(test is not None and test.found for test in tests) <= 10  # 1 %, give or take


def test_a_pattern_needs_three_years_and_some_noise() -> None:
    assert seasonality(np.arange(35.0) ** 2, 12) is None
    assert seasonality(np.tile(np.arange(12.0), 5), 12) is None
    with pytest.raises(ValueError) as refused:
        seasonality(np.arange(40.0), 1)
    assert str(refused.value) == "cycle is 1; a pattern has at least 2 seasons."
