"""Means and medians against published tables, and against SciPy on the values themselves."""

import math
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.analysis.intervals import Difference, Insufficient, Interval
from dashboard.analysis.means import Sums, mean_change, mean_interval, median_interval
from tests.analysis.reading import bounds

EQUAL = Insufficient("All values are equal, or nearly so: their spread cannot be told.")


def sums(*values: float) -> Sums:
    return Sums(len(values), math.fsum(values), math.fsum(value * value for value in values))


def test_mean_interval() -> None:
    # t(0.975, 9) = 2.262157; ten values of mean 50 and standard deviation 10.
    interval = mean_interval(Sums(10, 500.0, 10 * 2500 + 9 * 100))
    assert bounds(interval) == pytest.approx((50 - 7.15357, 50 + 7.15357), abs=1e-4)
    assert isinstance(interval, Interval)
    assert (interval.method, interval.centre, interval.n) == ("t", 50.0, 10)
    assert interval.standard_error == pytest.approx(3.162278, abs=1e-6)


def test_the_flow_rates_of_the_nist_handbook() -> None:
    rates = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
    expected = stats.ttest_1samp(rates, 50).confidence_interval()
    assert bounds(mean_interval(sums(*rates))) == pytest.approx((expected.low, expected.high))


def test_welch_agrees_with_scipy() -> None:
    first, second = (7.0, 8.0, 6.0, 9.0, 7.5), (9.0, 12.0, 4.0, 15.0, 11.0, 10.0, 8.0)
    expected = stats.ttest_ind(second, first, equal_var=False)
    change = mean_change(sums(*first), sums(*second))
    assert isinstance(change, Difference)
    limits = expected.confidence_interval()
    assert bounds(change) == pytest.approx((limits.low, limits.high))
    assert (change.p, change.method, change.n) == (pytest.approx(expected.pvalue), "welch", 12)


def test_too_few_or_equal_values_have_no_mean_to_be_sure_of() -> None:
    few = Insufficient("A mean has an interval from two values on.")
    assert mean_interval(Sums(0, 0, 0)) == few
    assert mean_interval(sums(4.0)) == few
    assert mean_interval(sums(4.0, 4.0)) == EQUAL
    assert mean_interval(sums(*[0.1] * 7)) == EQUAL
    assert mean_interval(sums(0.0, 0.0)) == EQUAL
    assert mean_change(sums(1.0), sums(1.0, 2.0)) == few
    assert mean_change(sums(1.0, 2.0), sums(3.0, 3.0)) == EQUAL
    assert mean_interval(Sums(4, 20.0, 50.0)) == Insufficient(
        "The sum of squares is smaller than the sum allows: the two do not belong together."
    )


def test_an_outlier_of_a_milliard_widens_the_interval_and_no_more() -> None:
    low, high = bounds(mean_interval(sums(*[5.0] * 30, 1e9)))
    assert low < 5.0 < 1e9 / 31 < high
    assert math.isfinite(high)


@pytest.mark.parametrize(
    ("n", "ranks"),
    # Exact two-sided 95 % ranks of the median, as in the tables of order statistics.
    [(6, (1, 6)), (8, (1, 8)), (9, (2, 8)), (10, (2, 9)), (20, (6, 15)), (30, (10, 21)), (100, (40, 61))],
)
def test_the_ranks_of_a_median(n: int, ranks: tuple[int, int]) -> None:
    interval = median_interval({float(value): 1 for value in range(1, n + 1)})
    assert bounds(interval) == ranks
    assert isinstance(interval, Interval)
    assert (interval.centre, interval.standard_error, interval.n) == ((n + 1) / 2, None, n)


def test_a_median_of_few_values_and_of_ties() -> None:
    for n in range(6):
        found = median_interval({1.0: n} if n else {})
        assert found == Insufficient(f"Too few values for the interval of a median: {n}.")
    assert bounds(median_interval({7.0: 20})) == (7.0, 7.0)
    assert bounds(median_interval({7.0: 20, 1e9: 1, 8.0: 0})) == (7.0, 7.0)
    assert bounds(median_interval({5.0: 10**6, 6.0: 10**6})) == (5.0, 6.0)


@given(st.lists(st.integers(-5, 5), min_size=6, max_size=60))
def test_a_median_lies_in_its_interval(values: list[int]) -> None:
    interval = median_interval({float(value): count for value, count in Counter(values).items()})
    low, high = bounds(interval)
    assert low <= sorted(values)[len(values) // 2] <= high


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Sums(-1, 0, 0), "n and the sum of squares must be finite and not negative; got -1."),
        (lambda: Sums(5, float("nan"), 0), "the sum must be finite; got nan."),
        (
            lambda: mean_interval(Sums(5, 1, 9), level=0),
            "level is 0; a level lies between 0 and 1, such as 0.95.",
        ),
        (lambda: median_interval({float("inf"): 9}), "a value is not finite; leave missing values out."),
        (lambda: median_interval({1.0: -2}), "counts must be finite and not negative; got -2."),
    ],
)
def test_impossible_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value) == message
