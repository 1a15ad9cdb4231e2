"""Limits against published charts, and what holds for any series."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.process_behaviour import (
    Behaviour,
    Limits,
    Mark,
    PointSignal,
    Reason,
    Rules,
    TwoInThree,
    process_behaviour,
)

NIST_FLOW_RATE = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
VIGNETTE = (1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)
# set.seed(123); rnorm(20) in R.
R_NORMAL = (
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123),
    *(-0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314),
    *(0.49785048, -1.96661716, 0.70135590, -0.47279141),
)
R_NORMAL_WITH_OUTLIER = (*R_NORMAL[:14], 10.0, *R_NORMAL[15:])
SCREENED = Rules(screen_outliers=True)
QUIET = (50, 52, 49, 51, 50, 48, 51, 50, 52, 49, 50, 51, 49)


def only_limits(values: Sequence[float | None], rules: Rules = SCREENED) -> Limits:
    found = set(process_behaviour(values, rules=rules).limits)
    assert len(found) == 1
    limits = found.pop()
    assert limits is not None
    return limits


def flagged(behaviour: Behaviour) -> list[int]:
    return [index for index, point in enumerate(behaviour.signals) if point.mark is not Mark.COMMON]


def test_nist_flow_rate() -> None:
    limits = only_limits(NIST_FLOW_RATE)
    assert limits.centre == pytest.approx(50.81, abs=1e-9)
    assert limits.mean_moving_range == pytest.approx(1.8778, abs=5e-5)
    assert (limits.upper, limits.lower) == pytest.approx((55.8049, 45.8151), abs=5e-5)
    # NIST divides by d2 = 1.128 where we multiply by the rounded 2.66.
    reach = 3 / 1.128 * limits.mean_moving_range
    assert (limits.centre + reach, limits.centre - reach) == pytest.approx((55.8041, 45.8159), abs=5e-5)


@pytest.mark.parametrize(
    ("rules", "moving_range", "upper", "lower"),
    [(SCREENED, 1.0, 4.6044, -0.7156), (Rules(), 1.8824, 6.9515, -3.0626)],
    ids=["screened", "unscreened"],
)
def test_vignette(rules: Rules, moving_range: float, upper: float, lower: float) -> None:
    limits = only_limits(VIGNETTE, rules)
    assert limits.centre == pytest.approx(1.9444, abs=5e-5)
    assert limits.mean_moving_range == pytest.approx(moving_range, abs=5e-5)
    assert (limits.upper, limits.lower) == pytest.approx((upper, lower), abs=5e-5)
    behaviour = process_behaviour(VIGNETTE, rules=rules)
    assert flagged(behaviour) == [4]
    assert behaviour.signals[4].mark is Mark.ASTRONOMICAL


@pytest.mark.parametrize(
    ("values", "rules", "centre", "upper", "lower"),
    [
        (R_NORMAL, SCREENED, 0.1416238, 3.294627, -3.01138),
        (R_NORMAL_WITH_OUTLIER, SCREENED, 0.6694159, 3.722497, -2.383666),
        (R_NORMAL_WITH_OUTLIER, Rules(), 0.6694159, 5.935457, -4.596625),
    ],
    ids=["as drawn", "outlier screened", "outlier unscreened"],
)
def test_r_snapshots(
    values: Sequence[float], rules: Rules, centre: float, upper: float, lower: float
) -> None:
    limits = only_limits(values, rules)
    assert (limits.centre, limits.upper, limits.lower) == pytest.approx((centre, upper, lower), abs=1e-6)


def test_near_limits_lie_two_thirds_of_the_way() -> None:
    limits = only_limits(R_NORMAL)
    assert limits.near_upper - limits.centre == pytest.approx((limits.upper - limits.centre) * 2 / 3)
    assert limits.centre - limits.near_lower == pytest.approx((limits.centre - limits.lower) * 2 / 3)


@pytest.mark.parametrize(("count", "judged"), [(12, False), (13, True)])
def test_thirteen_points_are_needed_to_judge(count: int, judged: bool) -> None:
    behaviour = process_behaviour([*QUIET[: count - 1], 90])
    limits = behaviour.limits[-1]
    assert limits is not None
    assert limits.trial is not judged
    assert (behaviour.signals[-1].mark is Mark.ASTRONOMICAL) is judged
    assert (flagged(behaviour) == []) is not judged
    assert behaviour.reason is (None if judged else Reason.TOO_FEW_POINTS)


def test_missing_points_do_not_count_towards_the_minimum() -> None:
    limits = process_behaviour([*QUIET[:12], None]).limits[-1]
    assert limits is not None
    assert limits.trial


def test_no_moving_range_across_a_gap() -> None:
    limits = only_limits([1, 2, None, 12, 11])
    assert limits.mean_moving_range == pytest.approx(1.0)
    assert limits.centre == pytest.approx(6.5)


def test_limits_resting_on_few_moving_ranges_are_trial_limits() -> None:
    # A quarterly survey shown by month, once asked twice in a row: 13 points, one moving range.
    quarterly: list[float | None] = [value for score in QUIET for value in (score, None, None)]
    quarterly[1] = 50.0
    behaviour = process_behaviour(quarterly)
    assert behaviour.limits[0] is not None
    assert behaviour.limits[0].trial
    assert flagged(behaviour) == []


@pytest.mark.parametrize("values", [[], [5.0], [None, 5.0], [1.0, None, 2.0]])
def test_no_limits_without_a_moving_range(values: list[float | None]) -> None:
    behaviour = process_behaviour(values)
    assert behaviour.limits == (None,) * len(values)
    assert [point.measured for point in behaviour.signals] == [value is not None for value in values]


def test_nothing_measured_is_said_so() -> None:
    assert process_behaviour([]).reason is Reason.NOT_MEASURED
    assert process_behaviour([None, None]).reason is Reason.NOT_MEASURED
    assert process_behaviour([1.0, None]).reason is Reason.TOO_FEW_POINTS


@pytest.mark.parametrize("value", [0.0, 0.1, -7.3, 1e9 / 3])
def test_a_constant_series_has_collapsed_limits_and_no_signals(value: float) -> None:
    behaviour = process_behaviour([value] * 20)
    limits = behaviour.limits[0]
    assert limits is not None
    assert limits.upper == limits.lower == pytest.approx(value)
    assert flagged(behaviour) == []
    assert behaviour.reason is Reason.NO_VARIATION


def test_rounding_noise_is_no_variation() -> None:
    behaviour = process_behaviour([0.3, 0.1 + 0.2] * 10)
    assert behaviour.reason is Reason.NO_VARIATION
    assert flagged(behaviour) == []


def test_levels_that_differ_only_across_a_gap_are_not_judged() -> None:
    # Without moving ranges the limits have no width, and every single point would be astronomical.
    assert flagged(process_behaviour([1.0] * 8 + [None] + [5.0] * 8)) == []


def test_screening_never_leaves_limits_without_width() -> None:
    rare = [0.0] * 10 + [1.0] + [0.0] * 10
    assert only_limits(rare, SCREENED) == only_limits(rare, Rules())


def test_fixed_limits_come_from_the_first_measured_points() -> None:
    baseline = [None, *QUIET]
    later = [60, 61, 62]
    fixed = process_behaviour([*baseline, *later], rules=Rules(fix_after=13))
    assert fixed.limits[-1] == only_limits(baseline, Rules())
    assert {14, 15, 16} <= set(flagged(fixed))
    assert process_behaviour([*baseline, *later]).limits[-1] != fixed.limits[-1]


def test_a_rebase_starts_new_limits_and_breaks_runs() -> None:
    values = [*QUIET, *(value + 30 for value in QUIET)]
    behaviour = process_behaviour(values, rebase={13})
    first, second = behaviour.limits[12], behaviour.limits[13]
    assert first is not None and second is not None
    assert second.centre == pytest.approx(first.centre + 30)
    assert second.mean_moving_range == pytest.approx(first.mean_moving_range)
    assert flagged(behaviour) == []
    assert flagged(process_behaviour(values)) != []


def test_a_trend_does_not_cross_a_rebase() -> None:
    rising = [*QUIET[:9], 49, 50, 51, 52, 53, 54, 55, *QUIET]
    assert {
        index for index, point in enumerate(process_behaviour(rising).signals) if point.mark is Mark.TREND
    }
    crossing = process_behaviour(rising, rebase=[13])
    assert not [point for point in crossing.signals if point.mark is Mark.TREND]


def test_the_reason_is_that_of_the_latest_group() -> None:
    behaviour = process_behaviour([*QUIET, 70, 71], rebase=[13])
    assert behaviour.reason is Reason.TOO_FEW_POINTS
    assert behaviour.limits[0] is not None and not behaviour.limits[0].trial
    assert process_behaviour([70, 71, *QUIET], rebase=[2]).reason is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_values_that_are_no_numbers_are_refused(value: float) -> None:
    with pytest.raises(ValueError) as refused:
        process_behaviour([1.0, value])
    assert str(refused.value) == f"values[1] is {value}; a missing value is None."


@pytest.mark.parametrize("index", [-1, 2])
def test_a_rebase_outside_the_values_is_refused(index: int) -> None:
    with pytest.raises(ValueError) as refused:
        process_behaviour([1.0, 2.0], rebase=[index])
    assert str(refused.value) == f"rebase index {index} is outside the 2 values."


# What holds for any series. Whole numbers, so that a tie before the change of unit is a tie after it.

series = st.lists(st.one_of(st.none(), st.integers(-20, 20).map(float)), max_size=40)
any_rules = st.builds(
    Rules,
    two_in_three=st.sampled_from(TwoInThree),
    trend_length=st.sampled_from((6, 7)),
    minimum_points=st.integers(2, 14),
    screen_outliers=st.booleans(),
)


def marks(behaviour: Behaviour) -> list[tuple[Mark, str | None, list[tuple[Mark, str | None]]]]:
    return [(p.mark, p.direction, [(q.mark, q.direction) for q in p.also]) for p in behaviour.signals]


def assert_limits(behaviour: Behaviour, expected: Behaviour, scale: float, offset: float) -> None:
    for found, original in zip(behaviour.limits, expected.limits, strict=True):
        if original is None:
            assert found is None
            continue
        assert found is not None
        for name in ("centre", "lower", "upper", "near_lower", "near_upper"):
            assert getattr(found, name) == pytest.approx(getattr(original, name) * scale + offset, abs=1e-6)
        assert found.mean_moving_range == pytest.approx(original.mean_moving_range * scale, abs=1e-6)
        assert found.trial is original.trial


@settings(deadline=None)
@given(series, any_rules, st.floats(-1000, 1000))
def test_shifting_all_values_shifts_the_limits_and_leaves_the_marks(
    values: list[float | None], rules: Rules, offset: float
) -> None:
    original = process_behaviour(values, rules=rules)
    shifted = process_behaviour([None if v is None else v + offset for v in values], rules=rules)
    assert marks(shifted) == marks(original)
    assert_limits(shifted, original, 1, offset)


@settings(deadline=None)
@given(series, any_rules, st.floats(0.001, 1000))
def test_scaling_all_values_scales_the_limits_and_leaves_the_marks(
    values: list[float | None], rules: Rules, scale: float
) -> None:
    original = process_behaviour(values, rules=rules)
    scaled = process_behaviour([None if v is None else v * scale for v in values], rules=rules)
    assert scaled.signals == original.signals
    assert scaled.reason == original.reason
    assert_limits(scaled, original, scale, 0)


def mirrored(point: PointSignal) -> PointSignal:
    other = {"high": "low", "low": "high", None: None}
    return replace(point, direction=other[point.direction], also=tuple(map(mirrored, point.also)))  # type: ignore[arg-type]


@settings(deadline=None)
@given(series, any_rules)
def test_negating_all_values_mirrors_the_directions(values: list[float | None], rules: Rules) -> None:
    original = process_behaviour(values, rules=rules)
    negated = process_behaviour([None if v is None else -v for v in values], rules=rules)
    assert negated.signals == tuple(map(mirrored, original.signals))


@settings(deadline=None)
@given(series, any_rules, st.data())
def test_a_rebase_is_the_same_as_two_charts(
    values: list[float | None], rules: Rules, data: st.DataObject
) -> None:
    split = data.draw(st.integers(0, len(values)))
    rebase = [split] if split < len(values) else []
    whole = process_behaviour(values, rules=rules, rebase=rebase)
    left, right = (process_behaviour(part, rules=rules) for part in (values[:split], values[split:]))
    assert whole.limits == left.limits + right.limits
    assert whole.signals == left.signals + right.signals
