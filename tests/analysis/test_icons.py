"""The variation and assurance icons."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dashboard.analysis.process_behaviour import (
    Assurance,
    Behaviour,
    Better,
    Limits,
    Mark,
    PointSignal,
    Variation,
    assurance,
    process_behaviour,
    variation,
    variation_of,
)

QUIET = (50, 52, 49, 51, 50, 48, 51, 50, 52, 49, 50, 51, 49)
RISING = PointSignal(Mark.TREND, "high", towards_zero=True)
LOW = PointSignal(Mark.SHIFT, "low", towards_zero=False)


@pytest.mark.parametrize(
    ("better", "high", "low"),
    [
        ("higher", Variation.IMPROVEMENT, Variation.CONCERN),
        ("lower", Variation.CONCERN, Variation.IMPROVEMENT),
        ("neutral", Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW),
        ("zero", Variation.CONCERN, Variation.CONCERN),
    ],
)
def test_variation_of_a_last_point(better: Better, high: Variation, low: Variation) -> None:
    around_zero = [value - 50 for value in QUIET]
    assert variation(process_behaviour([*around_zero, 40]), better) is high
    assert variation(process_behaviour([*around_zero, -40]), better) is low
    assert variation(process_behaviour(around_zero), better) is Variation.COMMON_CAUSE


def test_variation_is_that_of_the_last_point_alone() -> None:
    assert variation(process_behaviour([*QUIET, 90, 50]), "higher") is Variation.COMMON_CAUSE


@pytest.mark.parametrize("values", [QUIET[:12], [*QUIET, None], [], [1.0]])
def test_no_variation_icon_where_the_last_point_cannot_be_judged(values: Sequence[float | None]) -> None:
    assert variation(process_behaviour(values), "higher") is None


@pytest.mark.parametrize("better", ["higher", "lower", "zero"])
def test_improvement_and_concern_at_once_is_improvement(better: Better) -> None:
    assert variation_of(replace(RISING, also=(LOW,)), better) is Variation.IMPROVEMENT
    assert variation_of(replace(LOW, also=(RISING,)), better) is Variation.IMPROVEMENT


def test_a_neutral_metric_takes_the_direction_of_the_label() -> None:
    assert variation_of(replace(RISING, also=(LOW,)), "neutral") is Variation.NEUTRAL_HIGH


@pytest.mark.parametrize(("value", "expected"), [(20, Variation.IMPROVEMENT), (80, Variation.CONCERN)])
def test_nearest_zero_is_better(value: float, expected: Variation) -> None:
    assert variation(process_behaviour([*QUIET, value]), "zero") is expected
    assert variation(process_behaviour([-v for v in (*QUIET, value)]), "zero") is expected


def test_as_far_from_zero_on_the_other_side_is_neutral() -> None:
    point = PointSignal(Mark.ASTRONOMICAL, "low", towards_zero=None)
    assert variation_of(point, "zero") is Variation.NEUTRAL_LOW


def judged(lower: float, upper: float, *, trial: bool = False) -> Behaviour:
    centre = (lower + upper) / 2
    limits = Limits(centre, lower, upper, centre, centre, mean_moving_range=1.0, trial=trial)
    return Behaviour((limits,), (PointSignal(Mark.COMMON, None),), None)


@pytest.mark.parametrize(
    ("better", "target", "expected"),
    [
        ("higher", 61, Assurance.CONSISTENTLY_FAILS),
        ("higher", 39, Assurance.CONSISTENTLY_PASSES),
        ("higher", 50, Assurance.HIT_OR_MISS),
        ("higher", 60, Assurance.HIT_OR_MISS),
        ("higher", 40, Assurance.HIT_OR_MISS),
        ("lower", 61, Assurance.CONSISTENTLY_PASSES),
        ("lower", 39, Assurance.CONSISTENTLY_FAILS),
        ("lower", 60, Assurance.HIT_OR_MISS),
        ("lower", 40, Assurance.HIT_OR_MISS),
        ("neutral", 61, Assurance.NONE),
        ("higher", None, Assurance.NONE),
        ("zero", 61, Assurance.CONSISTENTLY_PASSES),
        ("zero", -61, Assurance.CONSISTENTLY_PASSES),
        ("zero", 60, Assurance.HIT_OR_MISS),
        ("zero", 40, Assurance.HIT_OR_MISS),
        ("zero", 39, Assurance.CONSISTENTLY_FAILS),
        ("zero", 0, Assurance.CONSISTENTLY_FAILS),
    ],
)
def test_assurance_against_limits_of_40_and_60(
    better: Better, target: float | None, expected: Assurance
) -> None:
    assert assurance(judged(40, 60), target, better) is expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [(5, Assurance.CONSISTENTLY_PASSES), (4, Assurance.HIT_OR_MISS), (0, Assurance.HIT_OR_MISS)],
)
def test_a_tolerance_about_zero(target: float, expected: Assurance) -> None:
    assert assurance(judged(-4, 3), target, "zero") is expected


def test_no_assurance_from_trial_limits_or_none() -> None:
    assert assurance(judged(40, 60, trial=True), 61, "higher") is Assurance.NONE
    assert assurance(process_behaviour([5.0]), 61, "higher") is Assurance.NONE
    assert assurance(process_behaviour([]), 61, "higher") is Assurance.NONE
