"""A yearly pattern is no signal, and a signal is none the less for a yearly pattern."""

import math

import numpy as np
import pytest

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.process_behaviour import process_behaviour
from dashboard.analysis.seasonal_behaviour import SeasonalBehaviour, seasonal_behaviour
from dashboard.analysis.special_causes import Mark

PATTERN = [8 * math.sin(2 * math.pi * month / 12) + (12 if month == 11 else -12 / 11) for month in range(12)]


def series(seed: int, months: int, *, slope: float = 0.0, size: float = 1.0) -> list[float | None]:
    rng = np.random.default_rng(seed)
    rest = rng.normal(0, 1, months)
    return [size * (50 + PATTERN[t % 12] + slope * t + float(rest[t])) for t in range(months)]


def found(values: list[float | None], **settings: bool) -> SeasonalBehaviour:
    made = seasonal_behaviour(values, **settings)  # type: ignore[arg-type]
    assert isinstance(made, SeasonalBehaviour), made
    return made


@pytest.mark.parametrize("slope", [0.0, 0.4])
def test_the_pattern_is_found_beside_a_trend(slope: float) -> None:
    made = found(series(1, 48, slope=slope))
    assert made.factors == pytest.approx(PATTERN, abs=1.7)
    assert sum(made.factors) == pytest.approx(0, abs=1e-9)
    assert made.p < 1e-6
    assert made.told == "Without the yearly pattern of 48 periods: the rules judge what is left."


def test_the_least_squares_fit_is_that_of_numpy_on_a_complete_table() -> None:
    """With whole years and no trend a factor is the month's mean less the mean of all."""
    values = np.array([[10.0, 20.0, 30.0, 44.0], [12.0, 18.0, 31.0, 40.0], [11.0, 19.0, 32.0, 42.0]])
    level = values - values.mean(axis=1, keepdims=True)
    flat = (level + 100).ravel()
    made = seasonal_behaviour(flat.tolist(), cycle=4, declared=True)
    assert isinstance(made, SeasonalBehaviour)
    time = np.arange(12.0)
    design = np.column_stack([np.ones(12), time, *(time % 4 == season for season in (1, 2, 3))])
    coefficients = np.linalg.lstsq(design, flat, rcond=None)[0]
    raw = np.array([0, *coefficients[2:]])
    assert made.factors == pytest.approx(raw - raw.mean())


def test_a_plain_chart_flags_the_seasons_and_this_one_does_not() -> None:
    plain, seasonal = [], []
    for seed in range(60):
        values = series(seed, 36)
        plain.append(sum(point.mark is not Mark.COMMON for point in process_behaviour(values).signals))
        seasonal.append(sum(point.mark is Mark.ASTRONOMICAL for point in found(values).behaviour.signals))
    assert np.mean(plain) > 5
    assert np.mean(seasonal) / 36 < 0.01


def test_false_alarms_are_no_more_frequent_than_on_a_plain_chart() -> None:
    """Two years leave little beside twelve factors; without widened limits one point in twenty is flagged."""
    flagged = 0
    for seed in range(200):
        made = seasonal_behaviour(series(seed, 24), declared=True)
        if isinstance(made, SeasonalBehaviour):
            flagged += sum(point.mark is Mark.ASTRONOMICAL for point in made.behaviour.signals)
    assert flagged / (200 * 24) < 0.01


def test_a_break_is_still_seen() -> None:
    values = series(4, 48)
    values[46] = (values[46] or 0) - 10
    assert found(values).behaviour.signals[46].direction == "low"


def test_the_limits_are_drawn_around_the_values_themselves() -> None:
    made = found(series(2, 36))
    drawn, limits = made.limits_as_seen()[11], made.behaviour.limits[11]
    assert drawn is not None and limits is not None
    assert drawn.upper - limits.upper == pytest.approx(made.factors[11])


def test_missing_months_stay_missing() -> None:
    values = series(3, 40)
    values[7] = values[20] = None
    made = found(values)
    assert made.adjusted[7] is None
    assert not made.behaviour.signals[20].measured


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "A yearly pattern needs 24 periods; 0 are measured."),
        ([1.0, 2.0], "A yearly pattern needs 24 periods; 2 are measured."),
        ([7.0] * 36, "The series does not vary."),
        ([float(t) for t in range(36)], "The series does not vary but for its trend."),
        (PATTERN * 3, "The series is its yearly pattern and nothing else."),
        ([None] * 12 + series(5, 24)[:12] + [None] * 12 + series(5, 24)[:12], None),
        ([None, *[None] * 11, *series(5, 35)], "A yearly pattern needs every season measured twice."),
    ],
)
def test_where_the_data_does_not_suffice_there_is_a_reason(
    values: list[float | None], reason: str | None
) -> None:
    if reason == "A yearly pattern needs every season measured twice.":
        values = [None if t % 12 == 3 and t > 20 else value for t, value in enumerate(values)]
    made = seasonal_behaviour(values)
    if reason is None:
        assert isinstance(made, SeasonalBehaviour | Insufficient)
    else:
        assert made == Insufficient(reason)


def test_no_pattern_is_taken_out_where_none_is_found() -> None:
    rng = np.random.default_rng(9)
    made = seasonal_behaviour(rng.normal(0, 1, 36).tolist())
    assert isinstance(made, Insufficient)
    assert made.reason.startswith("No yearly pattern is found (p = 0.")


def test_the_unit_does_not_matter() -> None:
    small, large = found(series(6, 36)), found(series(6, 36, size=1e9))
    assert large.f == pytest.approx(small.f)
    assert large.behaviour.signals == small.behaviour.signals


def test_an_outlier_of_a_milliard_leaves_finite_numbers() -> None:
    values = series(8, 36)
    values[30] = 1e9
    made = seasonal_behaviour(values, declared=True)
    assert isinstance(made, SeasonalBehaviour)
    assert all(math.isfinite(each) for each in (*made.factors, made.f, made.p))


def test_a_cycle_of_one_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        seasonal_behaviour([1.0], cycle=1)
    assert str(refused.value) == "cycle is 1; a year has at least 2 periods."
