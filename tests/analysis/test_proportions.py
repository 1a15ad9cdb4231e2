"""Proportions against Newcombe's published examples."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.intervals import Difference, Insufficient
from dashboard.analysis.proportions import newcombe, reliable, wilson
from tests.analysis.reading import bounds


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(successes: int, n: int, low: float, high: float) -> None:
    assert bounds(wilson(successes, n)) == pytest.approx((low, high), abs=5e-5)
    assert bounds(wilson(n - successes, n)) == pytest.approx((1 - high, 1 - low), abs=5e-5)


def test_newcombe() -> None:
    assert bounds(newcombe((48, 80), (56, 70))) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_newcombe_on_executives_against_customers() -> None:
    interval = newcombe((232, 1056), (201, 329))
    assert bounds(interval) == pytest.approx((0.332, 0.448), abs=0.0005)
    assert isinstance(interval, Difference)
    assert interval.difference == pytest.approx(0.391, abs=0.0005)
    assert (interval.method, interval.n) == ("newcombe", 1385)


def test_nothing_counted_has_no_interval() -> None:
    nothing = Insufficient("Nothing was counted: n is 0.")
    assert wilson(0, 0) == nothing
    assert newcombe((1, 2), (0, 0)) == nothing
    assert newcombe((0, 0), (1, 2)) == nothing


def test_one_and_two_answers_and_very_many() -> None:
    assert bounds(wilson(1, 1)) == pytest.approx((0.2065, 1.0), abs=5e-5)
    assert bounds(wilson(0, 2)) == pytest.approx((0.0, 0.6576), abs=5e-5)
    assert bounds(wilson(5e8, 1e9)) == pytest.approx((0.5, 0.5), abs=5e-5)
    assert bounds(newcombe((0, 1), (1e9, 1e9)))[1] == 1.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wilson(3, 2), "3 successes out of 2 is more than all."),
        (lambda: wilson(-1, 2), "successes and n must be finite and not negative; got -1."),
        (lambda: wilson(1, 2, level=1), "level is 1; a level lies between 0 and 1, such as 0.95."),
    ],
)
def test_impossible_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value) == message


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 500), st.integers(1, 500))
def test_proportions_stay_possible_and_hold_what_was_seen(a: int, m: int, b: int, n: int) -> None:
    a, b = min(a, m), min(b, n)
    low, high = bounds(wilson(a, m))
    assert 0 <= low <= a / m <= high <= 1
    low, high = bounds(newcombe((b, n), (a, m)))
    assert -1 <= low <= a / m - b / n <= high <= 1
    assert bounds(newcombe((a, m), (b, n))) == pytest.approx((-high, -low))


def test_a_share_is_reliable_by_the_error_of_its_logarithm() -> None:
    assert reliable(0.10, 0.03)  # 0.130
    assert 0.03 / 0.10 / -math.log(0.10) == pytest.approx(0.130, abs=5e-4)
    assert not reliable(0.10, 0.0403)
    assert reliable(0.90, 0.03)
    assert not reliable(0.90, 0.0403)
    assert not reliable(0.0, 0.0)
    assert not reliable(1.0, 0.0)
    with pytest.raises(
        ValueError, match=r"^a share of 1\.5 with the error 0\.1; a share lies between 0 and 1\.$"
    ):
        reliable(1.5, 0.1)
