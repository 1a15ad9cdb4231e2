"""Ratios of sums: Fieller's limits are where the t test of y - θx just rejects."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.analysis.intervals import Difference, Insufficient, Interval
from dashboard.analysis.ratios import PairedSums, ratio_change, ratio_interval
from tests.analysis.reading import bounds

MINUTES = (12.0, 30.0, 7.0, 22.0, 41.0, 16.0, 9.0, 28.0)
CONTACTS = (2.0, 5.0, 1.0, 3.0, 8.0, 2.0, 2.0, 4.0)
NEAR_ZERO = Insufficient("The denominator is too near to zero, for its spread, to divide by.")
NO_SPREAD = Insufficient("All units have the same ratio, or nearly so: their spread cannot be told.")
TOO_FEW = Insufficient("A ratio has an interval from three units on.")


def sums(y: tuple[float, ...], x: tuple[float, ...]) -> PairedSums:
    pairs = list(zip(y, x, strict=True))
    squares = (math.fsum(a * b for a, b in made) for made in (zip(y, y), zip(x, x), pairs))  # noqa: B905
    return PairedSums(len(y), math.fsum(y), math.fsum(x), *squares)


def test_fiellers_limits_are_those_of_the_t_test() -> None:
    low, high = bounds(ratio_interval(sums(MINUTES, CONTACTS)))
    for limit in (low, high):
        rest = np.array(MINUTES) - limit * np.array(CONTACTS)
        assert stats.ttest_1samp(rest, 0).pvalue == pytest.approx(0.05)
    assert low < sum(MINUTES) / sum(CONTACTS) < high


def test_the_standard_error_is_cochrans() -> None:
    interval = ratio_interval(sums(MINUTES, CONTACTS))
    ratio = sum(MINUTES) / sum(CONTACTS)
    rest = [(y - ratio * x) ** 2 for y, x in zip(MINUTES, CONTACTS, strict=True)]
    assert isinstance(interval, Interval)
    assert interval.centre == ratio
    assert interval.standard_error == pytest.approx(math.sqrt(sum(rest) * 8 / 7) / sum(CONTACTS))


def test_with_one_a_unit_it_is_the_interval_of_a_mean() -> None:
    interval = ratio_interval(sums(MINUTES, (1.0,) * 8))
    expected = stats.ttest_1samp(MINUTES, 0).confidence_interval()
    assert bounds(interval) == pytest.approx((expected.low, expected.high))


def test_a_change_of_two_ratios() -> None:
    before, after = sums(MINUTES, CONTACTS), sums(tuple(2 * y for y in MINUTES), CONTACTS)
    change = ratio_change(before, after)
    assert isinstance(change, Difference)
    assert change.difference == pytest.approx(sum(MINUTES) / sum(CONTACTS))
    assert change.low > 0
    same = ratio_change(before, before)
    assert isinstance(same, Difference)
    assert (same.difference, same.p) == (0.0, 1.0)


def test_where_the_data_does_not_suffice_there_is_a_reason() -> None:
    assert ratio_interval(PairedSums(0, 0, 0, 0, 0, 0)) == TOO_FEW
    assert ratio_interval(sums((1.0, 2.0), (1.0, 1.0))) == TOO_FEW
    assert ratio_interval(sums((2.0, 4.0, 6.0), (1.0, 2.0, 3.0))) == NO_SPREAD
    assert ratio_interval(sums((0.0, 0.0, 0.0), (1.0, 2.0, 3.0))) == NO_SPREAD
    assert ratio_interval(sums((1.0, 2.0, 3.0), (0.0, 0.0, 0.0))) == NEAR_ZERO
    assert ratio_interval(sums((1.0, 2.0, 3.0), (-1.0, 1.0, 0.1))) == NEAR_ZERO
    assert ratio_interval(sums((1.0, 2.0, 3.0, 4.0), (1.0, 1.0, 1.0, 1e9))) == NEAR_ZERO
    assert ratio_change(sums((1.0,), (1.0,)), sums(MINUTES, CONTACTS)) == TOO_FEW
    assert ratio_change(sums(MINUTES, CONTACTS), sums((1.0,), (1.0,))) == TOO_FEW


def test_impossible_sums_are_refused() -> None:
    with pytest.raises(ValueError) as refused:
        PairedSums(3, 1, 1, -1, 1, 1)
    assert str(refused.value) == "n and the sums of squares must be finite and not negative; got -1."
    with pytest.raises(ValueError) as refused:
        PairedSums(3, float("inf"), 1, 1, 1, 1)
    assert str(refused.value) == "the sums must be finite."


positive = st.floats(0.1, 1e3)


@given(st.lists(st.tuples(positive, positive), min_size=3, max_size=30))
def test_an_interval_is_finite_and_holds_the_ratio(pairs: list[tuple[float, float]]) -> None:
    y, x = zip(*pairs, strict=True)
    found = ratio_interval(sums(y, x))
    if isinstance(found, Interval):
        assert math.isfinite(found.low) and math.isfinite(found.high)
        assert found.low <= found.centre * (1 + 1e-9) and found.centre <= found.high * (1 + 1e-9)
