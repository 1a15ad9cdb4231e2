"""Corrections for many tests, against Benjamini and Hochberg's own example and SciPy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from dashboard.analysis.multiple_testing import (
    benjamini_hochberg,
    bonferroni,
    critical_z,
    smallest_detectable,
)

# Benjamini & Hochberg (1995), section 3.2.
EXAMPLE = (
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000),
)


def test_the_example_of_benjamini_and_hochberg() -> None:
    adjusted = benjamini_hochberg(EXAMPLE)
    assert [round(p, 4) for p in adjusted[:9]] == [
        *(0.0015, 0.0030, 0.0095, 0.0356, 0.0603, 0.0639, 0.0639, 0.0645, 0.0765),
    ]
    assert sum(p <= 0.05 for p in adjusted) == 4
    assert sum(p <= 0.05 for p in bonferroni(EXAMPLE)) == 3


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_it_is_that_of_scipy_in_any_order(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(false_discovery_control(p_values), abs=1e-12)


def test_the_smallest_correlation_that_shows() -> None:
    found = [round(smallest_detectable(n, tests), 2) for n in (36, 60) for tests in (1, 13)]
    assert found == [0.33, 0.48, 0.25, 0.37]
    assert critical_z(1) == pytest.approx(1.959964, abs=1e-6)


def test_no_tests() -> None:
    assert bonferroni([]) == ()
    assert benjamini_hochberg([]) == ()


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        benjamini_hochberg([0.2, float("nan")])
    assert str(refused.value) == "nan is no p-value; it must lie between 0 and 1."
    with pytest.raises(ValueError) as refused:
        critical_z(0)
    assert str(refused.value) == "tests is 0; a family has at least one."
    with pytest.raises(ValueError) as refused:
        smallest_detectable(0, 1)
    assert str(refused.value) == "n is 0; a correlation needs pairs."
