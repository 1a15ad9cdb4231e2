"""Least squares against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm

from dashboard.analysis.least_squares import clustered, estimate, fit, newey_west, newey_west_lags

RNG = np.random.default_rng(7)
DESIGN = np.column_stack([np.ones(48), np.arange(48.0), RNG.normal(size=48) * 1e6])
TARGET = 3 + 0.2 * DESIGN[:, 1] + np.cumsum(RNG.normal(size=48))


def test_coefficients_and_errors_are_those_of_statsmodels() -> None:
    ours, theirs = fit(DESIGN, TARGET), sm.OLS(TARGET, DESIGN).fit()
    assert ours is not None
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-9)
    assert ours.covariance() == pytest.approx(theirs.cov_params(), rel=1e-7)
    assert (ours.freedom, ours.exact) == (45, False)


def test_newey_west_is_that_of_statsmodels() -> None:
    ours = fit(DESIGN, TARGET)
    assert ours is not None
    theirs = sm.OLS(TARGET, DESIGN).fit(cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True})
    assert newey_west(ours, 3) == pytest.approx(theirs.cov_params(), rel=1e-7)
    errors = np.sqrt(np.diag(newey_west(ours, 0, leverage=True)))
    assert errors == pytest.approx(sm.OLS(TARGET, DESIGN).fit().HC3_se, rel=1e-7)
    assert [newey_west_lags(rows) for rows in (24, 60, 100, 150)] == [2, 3, 4, 4]


def test_clustered_errors_are_those_of_statsmodels() -> None:
    ours, groups = fit(DESIGN, TARGET), np.repeat(np.arange(8), 6)
    assert ours is not None
    theirs = sm.OLS(TARGET, DESIGN).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert clustered(ours, groups) == pytest.approx(theirs.cov_params(), rel=1e-7)


def test_what_cannot_be_fitted_is_none() -> None:
    assert fit(DESIGN[:3], TARGET[:3]) is None
    assert fit(np.column_stack([DESIGN, DESIGN[:, 1] * 2 + 1]), TARGET) is None
    assert fit(np.column_stack([DESIGN, np.zeros(48)]), TARGET) is None


def test_an_exact_fit_says_so() -> None:
    line = fit(DESIGN[:, :2], 5 + 0.1 * DESIGN[:, 1])
    assert line is not None
    assert line.exact


def test_a_students_t_interval() -> None:
    found = estimate(2.178813, 1.0, 12)
    assert found is not None
    assert (found.t, found.p, found.low, found.high) == pytest.approx((2.178813, 0.05, 0, 4.357626), abs=1e-6)
    assert estimate(2.0, 0.0, 12) is None
    assert estimate(2.0, 1.0, 0) is None
