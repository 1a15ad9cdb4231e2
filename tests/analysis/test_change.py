"""A change is claimed only where a rule supports it."""

import pytest

from dashboard.analysis.change import Signal, signal
from dashboard.analysis.process_behaviour import Better, process_behaviour

QUIET = (50, 52, 49, 51, 50, 48, 51, 50, 52, 49, 50, 51, 49)


@pytest.mark.parametrize(
    ("better", "up", "down"),
    [
        ("higher", Signal.IMPROVED, Signal.WORSENED),
        ("lower", Signal.WORSENED, Signal.IMPROVED),
        ("neutral", Signal.SHIFTED_UP, Signal.SHIFTED_DOWN),
        ("zero", Signal.WORSENED, Signal.IMPROVED),
    ],
)
def test_a_flagged_last_point_decides(better: Better, up: Signal, down: Signal) -> None:
    assert signal(process_behaviour([*QUIET, 90]), better, span_points=3) is up
    assert signal(process_behaviour([*QUIET, 10]), better, span_points=3) is down


@pytest.mark.parametrize("better", ["higher", "lower", "neutral", "zero"])
def test_a_change_within_the_limits_is_no_detectable_change(better: Better) -> None:
    assert signal(process_behaviour([*QUIET, 53]), better, span_points=3) is Signal.NO_DETECTABLE_CHANGE


def test_a_signal_that_has_passed_is_not_claimed() -> None:
    behaviour = process_behaviour([*QUIET, 90, 50, 51])
    assert signal(behaviour, "higher", span_points=3) is Signal.NO_DETECTABLE_CHANGE


def test_the_last_point_outranks_an_earlier_one() -> None:
    assert signal(process_behaviour([*QUIET, *QUIET, 90, 10]), "higher", span_points=3) is Signal.WORSENED


def test_two_points_are_never_a_change() -> None:
    assert signal(process_behaviour([50, 90]), "higher", span_points=1) is Signal.TOO_FEW_POINTS
    assert signal(process_behaviour([90]), "higher", span_points=1) is Signal.TOO_FEW_POINTS


def test_a_constant_series_has_no_detectable_change() -> None:
    assert signal(process_behaviour([7.0] * 20), "higher", span_points=3) is Signal.NO_DETECTABLE_CHANGE


def test_a_new_definition_waits_for_its_own_points() -> None:
    behaviour = process_behaviour([*QUIET, 90, 50], rebase=[14])
    assert signal(behaviour, "higher", span_points=3) is Signal.TOO_FEW_POINTS


def test_a_missing_last_point_leaves_the_rest_of_the_span() -> None:
    behaviour = process_behaviour([*QUIET, 90, None])
    assert signal(behaviour, "higher", span_points=2) is Signal.IMPROVED
    assert signal(behaviour, "higher", span_points=1) is Signal.NOT_MEASURED


def test_nothing_measured() -> None:
    assert signal(process_behaviour([]), "higher", span_points=3) is Signal.NOT_MEASURED


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        signal(process_behaviour(QUIET), "higher", span_points=0)
    assert str(refused.value) == "span_points is 0; a span holds at least one point."
