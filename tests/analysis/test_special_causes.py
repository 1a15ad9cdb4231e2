"""The four rules against vectors in sigma: centre 0, process limits ±3, near limits ±2."""

import pytest

from dashboard.analysis.special_causes import Limits, Mark, PointSignal, Rules, TwoInThree, point_signals

SIGMA = Limits(0.0, -3.0, 3.0, -2.0, 2.0, mean_moving_range=3 / 2.66, trial=False)
MDC = Rules()
R = Rules(two_in_three=TwoInThree.R)
SIX = Rules(trend_length=6)

LETTERS = {
    Mark.COMMON: "-",
    Mark.ASTRONOMICAL: "A",
    Mark.TREND: "T",
    Mark.TWO_IN_THREE: "2",
    Mark.SHIFT: "S",
}

ASTRONOMICAL_AND_NEAR = (0.5, -0.5, 3.5, 2.5, 0.3)
TWO_OF_THREE = (-0.5, 2.5, 0.3, 2.2, -0.5)
TWO_OF_THREE_CROSSING = (-0.5, 2.5, -0.3, 2.2, -0.5)
SIX_RISING = (-0.2, -0.1, 0.1, 0.2, 0.3, 0.4, -0.1)
SEVEN_RISING = (-0.6, -0.4, -0.2, 0.1, 0.3, 0.5, 0.7, 0.2)
SHIFT_BROKEN_ON_CENTRE = (0.5, 0.4, 0.5, 0.0, 0.5, 0.4, 0.5, 0.4)
SHIFT = (0.5, 0.4, 0.6, 0.3, 0.5, 0.4, 0.6, -0.1)


def letters(values: tuple[float | None, ...], rules: Rules = MDC) -> str:
    return "".join(LETTERS[point.mark] for point in point_signals(values, SIGMA, rules))


@pytest.mark.parametrize(
    ("values", "rules", "expected"),
    [
        (ASTRONOMICAL_AND_NEAR, R, "--A--"),
        (ASTRONOMICAL_AND_NEAR, MDC, "--A2-"),
        (TWO_OF_THREE, MDC, "-2-2-"),
        (TWO_OF_THREE, R, "-2-2-"),
        (TWO_OF_THREE_CROSSING, MDC, "-----"),
        (TWO_OF_THREE_CROSSING, R, "-----"),
        (SIX_RISING, MDC, "-------"),
        (SIX_RISING, SIX, "TTTTTT-"),
        (SEVEN_RISING, MDC, "TTTTTTT-"),
        (SHIFT_BROKEN_ON_CENTRE, MDC, "--------"),
        (SHIFT, MDC, "SSSSSSS-"),
        ((3.0, -3.0, 3.01), MDC, "--A"),
    ],
)
def test_published_vectors(values: tuple[float, ...], rules: Rules, expected: str) -> None:
    assert letters(values, rules) == expected


def test_equality_with_a_near_limit_is_inside() -> None:
    assert letters((2.0, 2.0, 0.5)) == "---"
    assert letters((2.01, 2.01, 0.5)) == "22-"


def test_equality_survives_binary_fractions() -> None:
    # 0.1 + 0.2 is above 0.3 in binary; on paper it is on the limit.
    limits = Limits(0.0, -0.3, 0.3, -0.2, 0.2, mean_moving_range=0.3 / 2.66, trial=False)
    value = 0.1 + 0.2
    assert value > limits.upper
    assert point_signals((value,), limits, MDC)[0].mark is Mark.COMMON


def test_a_tie_breaks_a_trend() -> None:
    assert letters((-0.6, -0.4, -0.2, -0.2, 0.3, 0.5, 0.7, 0.8)) == "--------"


@pytest.mark.parametrize("values", [SEVEN_RISING[:7], SHIFT[:7]], ids=["trend", "shift"])
def test_a_missing_value_breaks_a_run(values: tuple[float, ...]) -> None:
    assert "-" not in letters(values)
    assert letters((*values[:4], None, *values[4:])) == "--------"


def test_a_missing_value_breaks_two_in_three() -> None:
    assert letters((2.5, 0.5, None, 2.5, 0.5)) == "-----"
    assert letters((2.5, None, 2.5)) == "---"


def test_a_missing_value_is_no_common_cause() -> None:
    assert [point.measured for point in point_signals((0.1, None), SIGMA, MDC)] == [True, False]


def test_trend_takes_the_direction_of_travel_and_the_others_the_side() -> None:
    rising_below = tuple(-1.9 + 0.1 * step for step in range(7))
    assert {point.direction for point in point_signals(rising_below, SIGMA, MDC)} == {"high"}
    for values, index in ((ASTRONOMICAL_AND_NEAR, 2), (TWO_OF_THREE, 1), (SHIFT, 0)):
        mirrored = tuple(-value for value in values)
        assert point_signals(values, SIGMA, MDC)[index].direction == "high"
        assert point_signals(mirrored, SIGMA, MDC)[index].direction == "low"


def test_the_label_follows_the_precedence_and_the_rest_is_kept() -> None:
    # Seven rising points, all above the centre; the last two beyond near, the very last beyond the limit.
    points = point_signals((0.5, 0.8, 1.1, 1.4, 1.7, 2.5, 3.5), SIGMA, MDC)
    assert [LETTERS[point.mark] for point in points] == list("TTTTTTA")
    assert [finding.mark for finding in points[-1].also] == [Mark.TREND, Mark.TWO_IN_THREE, Mark.SHIFT]
    assert [finding.mark for finding in points[-2].also] == [Mark.TWO_IN_THREE, Mark.SHIFT]


def test_two_in_three_comes_before_shift() -> None:
    assert letters((0.5, 0.4, 2.5, 2.4, 0.5, 0.4, 0.6)) == "SS22SSS"


def test_a_turning_point_keeps_the_direction_of_the_earlier_trend() -> None:
    rise_and_fall = (-0.6, -0.4, -0.2, 0.1, 0.3, 0.5, 0.7, 0.4, 0.2, 0.0, -0.1, -0.3, -0.5)
    turning = point_signals(rise_and_fall, SIGMA, MDC)[6]
    assert [finding.direction for finding in (turning, *turning.also)] == ["high", "low"]


@pytest.mark.parametrize(
    ("values", "towards"),
    [
        ((3.5,), False),
        ((-3.5,), False),
        (tuple(-1.9 + 0.1 * step for step in range(7)), True),
        (tuple(0.1 + 0.1 * step for step in range(7)), False),
    ],
)
def test_towards_zero_about_a_centre_of_zero(values: tuple[float, ...], towards: bool) -> None:
    assert point_signals(values, SIGMA, MDC)[-1].towards_zero is towards


@pytest.mark.parametrize(("value", "towards"), [(1.0, True), (-1.0, True), (14.0, False), (-20.0, False)])
def test_towards_zero_compares_with_the_centre(value: float, towards: bool) -> None:
    limits = Limits(10.0, 7.0, 13.0, 8.0, 12.0, mean_moving_range=3 / 2.66, trial=False)
    assert point_signals((value,), limits, MDC)[0].towards_zero is towards


def test_as_far_on_the_other_side_is_neither_nearer_nor_farther() -> None:
    limits = Limits(10.0, 7.0, 13.0, 8.0, 12.0, mean_moving_range=3 / 2.66, trial=False)
    assert point_signals((-10.0,), limits, MDC) == (PointSignal(Mark.ASTRONOMICAL, "low", towards_zero=None),)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"trend_length": 8}, "trend_length is 8; use 6 or 7."),
        ({"minimum_points": 1}, "minimum_points is 1; limits need at least 2 points."),
        (
            {"fix_after": 12},
            "fix_after is 12; limits fixed on fewer than minimum_points (13)"
            " would stay trial limits for ever.",
        ),
    ],
)
def test_settings_that_can_never_judge_are_refused(settings: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        Rules(**settings)  # type: ignore[arg-type]
    assert str(refused.value) == message
