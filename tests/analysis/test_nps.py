"""Net promoter scores against published and hand-computed oracles."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.intervals import Difference, Insufficient, Interval
from dashboard.analysis.means import Sums
from dashboard.analysis.nps import (
    effective_n,
    nps_change,
    nps_half_width,
    nps_interval,
    nps_paired_change,
    nps_sample_size,
    weighted_nps_interval,
)
from tests.analysis.reading import bounds

TOO_FEW_FOR_WALD = Insufficient("The Wald interval needs 30 answers with 5 promoters and 5 detractors.")


@pytest.mark.parametrize(
    ("counts", "score", "error", "low", "high"),
    [
        ((50, 30, 20), 30.0, 7.810, 14.69, 45.31),
        ((450, 350, 200), 25.0, 2.424, 20.25, 29.75),
        ((16, 9, 11), 13.89, 14.247, -14.03, 41.81),
    ],
)
def test_nps_wald(counts: tuple[int, int, int], score: float, error: float, low: float, high: float) -> None:
    interval = nps_interval(*counts, wald=True)
    assert bounds(interval) == pytest.approx((low, high), abs=0.005)
    assert isinstance(interval, Interval)
    assert interval.centre == pytest.approx(score, abs=0.005)
    assert interval.standard_error == pytest.approx(error, abs=0.0005)
    assert (interval.method, interval.n) == ("wald", sum(counts))


@pytest.mark.parametrize(
    ("counts", "centre", "error", "low", "high"),
    [
        ((50, 30, 20), 29.126, 7.692, 14.05, 44.20),
        ((450, 350, 200), 24.925, 2.420, 20.18, 29.67),
        ((16, 9, 11), 12.821, 13.534, -13.71, 39.35),
        ((5, 0, 0), 62.5, 22.964, 17.49, 100.0),
    ],
)
def test_nps_adjusted_wald(
    counts: tuple[int, int, int], centre: float, error: float, low: float, high: float
) -> None:
    interval = nps_interval(*counts)
    assert bounds(interval) == pytest.approx((low, high), abs=0.005)
    assert isinstance(interval, Interval)
    assert (interval.centre, interval.standard_error) == pytest.approx((centre, error), abs=0.0005)
    assert (interval.method, interval.n) == ("adjusted_wald", sum(counts))


def test_five_promoters_are_not_a_certain_hundred() -> None:
    assert nps_interval(5, 0, 0, wald=True) == Insufficient(
        "The Wald interval needs 30 answers with 5 promoters and 5 detractors."
    )
    interval = nps_interval(5, 0, 0)
    assert isinstance(interval, Interval) and interval.standard_error is not None
    assert interval.centre + 1.959964 * interval.standard_error == pytest.approx(107.51, abs=0.005)
    assert interval.high == 100.0
    mirrored = nps_interval(0, 0, 5)
    assert bounds(mirrored) == pytest.approx((-100.0, -17.49), abs=0.005)


@pytest.mark.parametrize(
    ("counts", "given_out"),
    [
        ((10, 10, 10), True),
        ((10, 9, 10), False),
        ((5, 20, 5), True),
        ((4, 21, 5), False),
        ((5, 21, 4), False),
    ],
)
def test_plain_wald_is_refused_for_small_samples(counts: tuple[int, int, int], given_out: bool) -> None:
    assert (nps_interval(*counts, wald=True) != TOO_FEW_FOR_WALD) is given_out


def test_no_answers_have_no_interval() -> None:
    nothing = Insufficient("There are no answers.")
    assert nps_interval(0, 0, 0) == nothing
    assert nps_interval(0, 0, 0, wald=True) == nothing
    assert nps_interval(0, 0, 0, population=10) == nothing
    assert nps_change((0, 0, 0), (5, 0, 0)) == nothing
    assert nps_change((5, 0, 0), (0, 0, 0)) == nothing
    assert weighted_nps_interval(0, 0, 0, 0) == Insufficient("No answer has weight.")


def test_the_finite_population_correction() -> None:
    infinite, finite = (
        nps_interval(50, 30, 20, wald=True),
        nps_interval(50, 30, 20, wald=True, population=400),
    )
    assert isinstance(infinite, Interval) and isinstance(finite, Interval)
    assert infinite.standard_error is not None
    assert finite.centre == pytest.approx(infinite.centre)
    assert finite.standard_error == pytest.approx(infinite.standard_error * (300 / 399) ** 0.5)
    assert finite.n == 100


def test_an_adjusted_interval_narrows_to_the_score_of_a_census() -> None:
    widths = []
    for population in (None, 1000, 200, 101, 100):
        interval = nps_interval(50, 30, 20, population=population)
        low, high = bounds(interval)
        assert low <= 30.0 <= high
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    assert bounds(nps_interval(50, 30, 20, population=100)) == (30.0, 30.0)
    assert bounds(nps_interval(1, 0, 0, population=1)) == (100.0, 100.0)


def test_planning_figures() -> None:
    assert nps_sample_size(5.0) == 922
    widths = [nps_half_width(n) for n in (30, 100, 400, 1000)]
    assert widths == pytest.approx([27.7, 15.2, 7.6, 4.8], abs=0.05)


@settings(deadline=None)
@given(st.floats(0.5, 50), st.floats(0.01, 1))
def test_the_sample_size_is_the_smallest_that_suffices(half_width: float, spread: float) -> None:
    n = nps_sample_size(half_width, spread=spread)
    assert nps_half_width(n, spread=spread) <= half_width * (1 + 1e-12)
    if n > 1:
        assert nps_half_width(n - 1, spread=spread) > half_width * (1 - 1e-12)


def test_nps_change_of_five_points_is_not_detectable() -> None:
    change = nps_change((45, 35, 20), (200, 120, 80))
    assert isinstance(change, Difference)
    assert change.difference == pytest.approx(5.0)
    assert change.difference / change.standard_error == pytest.approx(0.581, abs=0.0005)
    assert change.p == pytest.approx(0.561, abs=0.0005)
    assert change.method == "wald"


def test_nps_change_of_tiny_samples_stays_finite() -> None:
    # All promoters, then all detractors: the observed scores have no variance at all.
    change = nps_change((5, 0, 0), (0, 0, 5))
    assert isinstance(change, Difference)
    assert change.method == "adjusted_wald"
    assert change.difference == pytest.approx(-125.0)
    assert change.difference / change.standard_error == pytest.approx(-125 / (22.964 * 2**0.5), abs=0.001)
    assert isinstance(nps_change((1, 0, 0), (1, 0, 0)), Difference)


def test_a_far_tail_has_a_p_value_above_zero() -> None:
    change = nps_change((9000, 500, 500), (500, 500, 9000))
    assert isinstance(change, Difference)
    assert change.difference / change.standard_error < -100
    assert 0 <= change.p < 1e-100
    nearer = nps_change((500, 300, 200), (200, 300, 500))
    assert isinstance(nearer, Difference)
    assert 0 < nearer.p < 1e-30


def test_effective_n() -> None:
    assert effective_n((1, 1, 1, 2, 2, 3)) == pytest.approx(5.0)
    assert effective_n([0.7] * 40) == pytest.approx(40.0)
    assert effective_n(()) == 0.0
    assert effective_n((0.0, 0.0)) == 0.0


def test_weights_count_as_kishs_effective_number() -> None:
    # Weights 1, 1, 1 of promoters, 2 of a passive, 2 and 3 of detractors: 5.0 answers in effect.
    weighted = weighted_nps_interval(3, 2, 5, 20)
    assert isinstance(weighted, Interval)
    assert weighted.n == pytest.approx(5.0)
    assert weighted == nps_interval(1.5, 1.0, 2.5)
    assert weighted_nps_interval(50, 30, 20, 100) == nps_interval(50, 30, 20)
    assert weighted_nps_interval(5e9, 3e9, 2e9, 1e20 / 1e2) == nps_interval(50, 30, 20)


def test_one_outlying_weight_leaves_one_answer() -> None:
    weighted = weighted_nps_interval(1e9, 0, 50, 1e18 + 50)
    assert isinstance(weighted, Interval)
    assert weighted.n == pytest.approx(1.0, abs=1e-6)
    assert weighted.high - weighted.low > 100


def test_a_panel_is_compared_customer_by_customer() -> None:
    # Of 100 customers 15 moved up by one group and 5 down: +10 points, s² = (20 - 1)/99.
    found = nps_paired_change(Sums(100, 10, 20))
    assert isinstance(found, Interval)
    assert (found.centre, found.standard_error) == pytest.approx((10.0, 100 * (19 / 99 / 100) ** 0.5))
    assert nps_paired_change(Sums(1, 1, 1)) == Insufficient("A mean has an interval from two values on.")


def test_only_passive_answers_have_a_change_only_of_the_adjusted_scores() -> None:
    change = nps_change((0, 40, 0), (0, 40, 0))
    assert isinstance(change, Difference)
    assert (change.difference, change.method) == (0.0, "adjusted_wald")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: nps_interval(-1, 0, 5),
            "promoters, passives and detractors must be finite and not negative; got -1.",
        ),
        (
            lambda: nps_interval(1, float("nan"), 5),
            "promoters, passives and detractors must be finite and not negative; got nan.",
        ),
        (lambda: nps_interval(5, 3, 2, population=9), "population is 9, smaller than the 10.0 answers."),
        (
            lambda: nps_interval(5, 3, 2, level=95),
            "level is 95; a level lies between 0 and 1, such as 0.95.",
        ),
        (lambda: effective_n((1, -1)), "weights must be finite and not negative; got -1."),
        (lambda: nps_half_width(0), "n is 0; a half-width needs answers."),
        (lambda: nps_sample_size(0), "half_width is 0; it must be above 0 points."),
    ],
)
def test_impossible_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value) == message


counts = st.integers(0, 2000)


@settings(deadline=None)
@given(counts, counts, counts)
def test_an_nps_interval_holds_the_score_and_mirrors(promoters: int, passives: int, detractors: int) -> None:
    interval = nps_interval(promoters, passives, detractors)
    n = promoters + passives + detractors
    if n == 0:
        assert isinstance(interval, Insufficient)
        return
    low, high = bounds(interval)
    assert -100 <= low <= 100 * (promoters - detractors) / n <= high <= 100
    assert bounds(nps_interval(detractors, passives, promoters)) == pytest.approx((-high, -low))
