"""Rate charts against Montgomery's worked examples, and Laney's correction against the XmR chart."""

from collections.abc import Callable

import numpy as np
import pytest

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.process_behaviour import process_behaviour
from dashboard.analysis.rate_charts import RateChart, rate_chart
from dashboard.analysis.special_causes import Mark

# Montgomery: nonconforming cans in 30 samples of 50, and nonconformities on 26 lots of circuit boards.
CANS = (
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
)
BOARDS = (
    21,
    24,
    16,
    12,
    15,
    5,
    28,
    20,
    31,
    25,
    20,
    24,
    16,
    19,
    10,
    17,
    13,
    22,
    18,
    39,
    30,
    24,
    16,
    19,
    17,
    15,
)


def chart(found: RateChart | Insufficient) -> RateChart:
    assert isinstance(found, RateChart)
    return found


def outside(found: RateChart) -> list[int]:
    return [i for i, point in enumerate(found.behaviour.signals, start=1) if point.mark is Mark.ASTRONOMICAL]


def test_montgomerys_cans() -> None:
    found = chart(rate_chart(CANS, [50] * 30, kind="p", laney=False))
    limits = found.behaviour.limits[0]
    assert limits is not None
    assert (limits.centre, limits.lower, limits.upper) == pytest.approx((0.2313, 0.0524, 0.4102), abs=5e-5)
    assert outside(found) == [15, 23]
    assert (found.kind, found.sigma_z) == ("p", 1.0)


def test_montgomerys_circuit_boards() -> None:
    found = chart(rate_chart(BOARDS, [1] * 26, kind="u", laney=False))
    limits = found.behaviour.limits[0]
    assert limits is not None
    assert (limits.centre, limits.lower, limits.upper) == pytest.approx((19.85, 6.48, 33.21), abs=0.006)
    assert outside(found) == [6, 20]


def test_limits_are_wider_where_n_is_smaller() -> None:
    found = chart(rate_chart([5, 50, 8] * 5, [50, 500, 100] * 5, kind="p"))
    widths = [limits.upper - limits.lower for limits in found.behaviour.limits[:3] if limits is not None]
    assert widths[0] == pytest.approx(widths[1] * 10**0.5) == pytest.approx(widths[2] * 2**0.5)


def test_with_equal_large_n_laneys_chart_is_the_xmr_chart() -> None:
    rng = np.random.default_rng(3)
    rates = rng.normal(0.3, 0.02, 30).round(4)
    found = chart(rate_chart((rates * 1e6).tolist(), [1e6] * 30, kind="p"))
    expected = process_behaviour(rates.tolist()).limits[0]
    limits = found.behaviour.limits[0]
    assert limits is not None and expected is not None
    assert (limits.lower, limits.upper) == pytest.approx((expected.lower, expected.upper), abs=1e-4)
    assert found.kind == "p′" and found.sigma_z > 30
    assert outside(found) == []
    assert len(outside(chart(rate_chart((rates * 1e6).tolist(), [1e6] * 30, kind="p", laney=False)))) > 20


def test_chance_alone_is_rarely_called_a_signal() -> None:
    rng = np.random.default_rng(17)
    flagged = 0
    for _ in range(200):
        numbers = rng.integers(20, 200, 24)
        found = chart(rate_chart(rng.binomial(numbers, 0.3).tolist(), numbers.tolist(), kind="p"))
        flagged += len(outside(found))
    assert flagged / (200 * 24) < 0.01


def test_missing_periods_and_periods_without_a_number_have_no_rate() -> None:
    found = chart(rate_chart([5, None, 0, 7] * 4, [50, 50, 0, 60] * 4, kind="p"))
    assert found.rates[:4] == (0.1, None, None, pytest.approx(7 / 60))
    assert found.behaviour.limits[1] is None
    assert not found.behaviour.signals[2].measured


def test_few_rates_have_trial_limits_and_no_signals() -> None:
    found = chart(rate_chart([1, 40, 1], [50, 50, 50], kind="p"))
    assert found.behaviour.limits[0] is not None and found.behaviour.limits[0].trial
    assert outside(found) == []


@pytest.mark.parametrize(
    ("events", "numbers", "kind", "reason"),
    [
        ([], [], "p", "A rate chart needs two periods; 0 have a rate."),
        ([3], [9], "u", "A rate chart needs two periods; 1 have a rate."),
        ([0, 0], [0, 0], "u", "A rate chart needs two periods; 0 have a rate."),
        ([0, 0, 0], [9, 9, 9], "p", "Nothing happened."),
        ([9, 9], [9, 9], "p", "It happened every time."),
    ],
)
def test_where_the_data_does_not_suffice_there_is_a_reason(
    events: list[float], numbers: list[float], kind: str, reason: str
) -> None:
    assert rate_chart(events, numbers, kind=kind) == Insufficient(reason)  # type: ignore[arg-type]


def test_an_outlier_of_a_milliard_is_a_signal_and_no_fault() -> None:
    found = chart(rate_chart([10, 12, 9, 11] * 5 + [1e9], [100] * 21, kind="u"))
    assert all(np.isfinite(limits.upper) for limits in found.behaviour.limits if limits is not None)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: rate_chart([1], [1, 2], kind="u"),
            "1 counts of events and 2 numbers; they belong together.",
        ),
        (
            lambda: rate_chart([3], [2], kind="p"),
            "period 0 has 3 events of 2; a share does not exceed 1.",
        ),
        (
            lambda: rate_chart([1, -3], [2, 2], kind="u"),
            "period 1 has -3 events of 2; both must be finite and not negative.",
        ),
    ],
)
def test_impossible_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value) == message
