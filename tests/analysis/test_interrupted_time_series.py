"""Interrupted time series: planted changes, statsmodels, and series that bear no answer."""

import numpy as np
import pytest
import statsmodels.api as sm

from dashboard.analysis.interrupted_time_series import Interruption, interrupted_time_series
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import fit, newey_west


def series(
    seed: int, *, level: float = 5.0, slope: float = 0.3, count: int = 48, start: int = 24
) -> list[float]:
    times = np.arange(count)
    after = times >= start
    noise = np.random.default_rng(seed).normal(size=count)
    return (20 + 0.1 * times + level * after + slope * (times - start) * after + noise).tolist()


def found(result: Interruption | Insufficient) -> Interruption:
    assert isinstance(result, Interruption), result
    return result


def reason(values: list[float | None], start: int, cycle: int | None = None) -> str:
    result = interrupted_time_series(values, start, cycle=cycle)
    assert isinstance(result, Insufficient), result
    return result.reason


def test_it_is_the_regression_of_statsmodels() -> None:
    values = series(1)
    result = found(interrupted_time_series(values, 24))
    times = np.arange(48)
    after = (times >= 24).astype(float)
    design = np.column_stack([np.ones(48), times, after, (times - 24) * after])
    plain = sm.OLS(values, design).fit()
    assert [result.level.value, result.slope.value] == pytest.approx(plain.params[2:])
    assert result.fitted == pytest.approx(plain.fittedvalues)
    assert result.at_end.value == pytest.approx(plain.params[2] + 23 * plain.params[3])
    fitted = fit(design, np.array(values))
    assert fitted is not None
    robust = np.sqrt(np.diag(newey_west(fitted, 3, leverage=True)))
    assert [result.level.standard_error, result.slope.standard_error] == pytest.approx(
        np.maximum(robust, plain.bse)[2:]
    )
    assert result.level.freedom == 44
    on_average = np.array([0, 0, 1, 11.5])
    assert result.average.value == pytest.approx(on_average @ plain.params)
    assert result.average.value == pytest.approx(np.mean(np.array(values)[24:] - result.expected[24:]))
    wide = on_average @ newey_west(fitted, 3, leverage=True) @ on_average
    assert result.average.standard_error == pytest.approx(
        max(plain.t_test(on_average).sd.item(), np.sqrt(wide))
    )


def test_a_planted_change_is_seen_and_never_without_its_badge() -> None:
    result = found(interrupted_time_series(series(2), 24))
    assert result.level.low < 5 < result.level.high
    assert result.slope.low < 0.3 < result.slope.high
    assert result.at_end.low < 5 + 0.3 * 23 < result.at_end.high
    assert result.expected[47] == pytest.approx(20 + 4.7, abs=2)
    assert (result.before, result.after, result.badge) == (24, 24, "no counterfactual")


def test_a_yearly_pattern_is_no_change() -> None:
    pattern = np.tile([0.0] * 6 + [8.0] * 6, 3)
    values = (np.array(series(3, level=0.0, slope=0.0, count=36)) + pattern).tolist()
    naive = found(interrupted_time_series(values, 10))
    assert naive.level.p < 0.05
    honest = found(interrupted_time_series(values, 10, cycle=12))
    assert honest.level.p > 0.05


def test_missing_periods_are_left_out() -> None:
    values: list[float | None] = [*series(4)]
    values[5] = None
    values[30] = float("nan")
    result = found(interrupted_time_series(values, 24))
    assert (result.before, result.after, len(result.fitted)) == (23, 23, 48)


def test_series_that_bear_no_answer() -> None:
    assert reason([], 0) == "There are 0 periods before the start; at least 8 are needed."
    assert reason([1.0], 1) == "There is 1 period before the start; at least 8 are needed."
    assert reason([*series(5)], 44) == "There are 4 periods from the start; at least 8 are needed."
    assert reason([7.0] * 30, 15) == (
        "The values lie on lines without any scatter; there is nothing to judge by."
    )
    outlier = [*series(5)]
    outlier[12] = 1e9
    assert reason([*outlier], 24) == "One period holds nearly all of the scatter. Check its figure."
    assert reason([*series(5, count=16, start=8)], 8, 13) == (
        "There are too few periods to fit two lines and a yearly pattern."
    )


@pytest.mark.slow
def test_intervals_cover() -> None:
    covered = sum(
        (result := found(interrupted_time_series(series(seed), 24))).level.low <= 5 <= result.level.high
        for seed in range(2000)
    )
    assert 0.93 <= covered / 2000 <= 0.97


def test_periods_that_go_together_are_told() -> None:
    noise = np.random.default_rng(6).normal(size=60)
    for index in range(1, 60):
        noise[index] += 0.8 * noise[index - 1]
    assert found(interrupted_time_series(noise.tolist(), 30)).caution == (
        "Neighbouring periods go together, so the intervals are too narrow."
    )
    assert found(interrupted_time_series(series(2), 24)).caution is None
