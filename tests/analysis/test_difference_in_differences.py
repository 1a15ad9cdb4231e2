"""Effects of initiatives: published and constructed examples, coverage, and designs that bear no answer."""

import warnings

import numpy as np
import pytest

from dashboard.analysis.difference_in_differences import (
    Experiment,
    Selection,
    difference_in_differences,
    of_four_groups,
)
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import Estimate, estimate
from dashboard.analysis.means import Sums
from dashboard.analysis.panel import UnitMean
from dashboard.analysis.permutation import permutation_test

T0, T1, C0, C1 = [10, 12, 11, 13], [15, 17, 14, 18], [9, 11, 10, 12], [10, 12, 11, 13]


def sums(values: list[int]) -> Sums:
    return Sums(len(values), sum(values), sum(value * value for value in values))


def unit_means(values: np.ndarray, treated: int) -> tuple[list[UnitMean], set[str]]:
    """Rows are units, the first `treated` of them reached; columns are periods from 0."""
    names = [f"T{row}" if row < treated else f"C{row}" for row in range(len(values))]
    means = [
        UnitMean(name, period, None if np.isnan(value) else float(value))
        for name, row in zip(names, values, strict=True)
        for period, value in enumerate(row)
    ]
    return means, set(names[:treated])


def worked_out(
    values: np.ndarray, treated: int, start: int, *, selection: Selection = "random"
) -> Experiment | Insufficient:
    return difference_in_differences(*unit_means(values, treated), start, selection=selection)


def found(result: Experiment | Insufficient) -> Experiment:
    assert isinstance(result, Experiment), result
    return result


def reason(result: Experiment | Estimate | Insufficient) -> str:
    assert isinstance(result, Insufficient), result
    return result.reason


def simulated(seed: int, units: int, *, periods: int = 10, effect: float = 2.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = 50 + 3 * rng.normal(size=(units, 1)) + np.cumsum(rng.normal(size=(1, periods)), axis=1)
    values = (
        values
        + np.cumsum(0.4 * rng.normal(size=(units, periods)), axis=1)
        + rng.normal(size=(units, periods))
    )
    values[: units // 2, periods // 2 :] += effect
    return values


def test_card_and_kruegers_means() -> None:
    # Mean employment before and after the minimum wage rose, from their four published means.
    groups = [Sums(100, 100 * mean, 100 * mean**2 + 99 * 80) for mean in (20.431, 20.898, 23.380, 21.097)]
    result = of_four_groups(*groups)
    assert isinstance(result, Estimate)
    assert result.value == pytest.approx(2.750, abs=5e-4)
    published = estimate(2.750, 1.731, 790)
    assert published is not None
    assert (published.t, published.p) == pytest.approx((1.588, 0.1126), abs=1e-3)


def test_four_groups_pooled() -> None:
    result = of_four_groups(sums(T0), sums(T1), sums(C0), sums(C1))
    assert isinstance(result, Estimate)
    assert (result.value, result.freedom) == (3.5, 12)
    assert (result.standard_error, result.t, result.p) == pytest.approx((1.4434, 2.425, 0.0320), abs=5e-4)


def test_pairing_matters() -> None:
    result = found(worked_out(np.array([[*T0, *C0], [*T1, *C1]]).T, 4, 1))
    assert result.effect.value == 3.5
    assert result.ols_error == pytest.approx(0.5)
    assert (result.effect.method, result.effect.p) == ("permutation", pytest.approx(2 / 70))
    assert (result.treated, result.controls, result.before, result.after) == (4, 4, 1, 1)
    assert [(event.relative, event.value) for event in result.events] == [(-1, 0.0), (0, 3.5)]


def test_the_limits_are_those_of_every_permutation_tried_by_hand() -> None:
    rng = np.random.default_rng(3)
    treated = np.arange(9) < 4
    changes = rng.normal(size=9) + 1.5 * treated
    tested = permutation_test(changes, treated, seed=0)
    assert (tested.choices, tested.exact) == (126, True)
    assert tested.low is not None and tested.high is not None
    for effect, kept in (
        (tested.low - 1e-6, False),
        (tested.low + 1e-6, True),
        (tested.high - 1e-6, True),
        (tested.high + 1e-6, False),
    ):
        assert (permutation_test(changes - effect * treated, treated, seed=0).p > 0.05) is kept


def test_three_against_three_rule_nothing_out() -> None:
    result = found(worked_out(simulated(1, 6, effect=50.0), 3, 5))
    assert result.effect.p == pytest.approx(0.1)
    assert (result.effect.low, result.effect.high) == (None, None)


def test_many_units_are_drawn_and_the_seed_holds() -> None:
    treated = np.arange(26) < 13
    changes = np.random.default_rng(5).normal(size=26) + treated
    tested = permutation_test(changes, treated, seed=1)
    assert (tested.choices, tested.exact) == (10_000, False)
    assert tested == permutation_test(changes, treated, seed=1)


def test_clustered_errors_are_those_of_a_regression_with_dummies() -> None:
    import statsmodels.api as sm

    values = simulated(7, 32, periods=6)
    result = found(worked_out(values, 16, 3))
    units, periods = np.repeat(np.arange(32), 6), np.tile(np.arange(6), 32)
    reached = ((units < 16) & (periods >= 3)).astype(float)
    design = np.column_stack([reached, np.eye(32)[units], np.eye(6)[periods][:, 1:]])
    theirs = sm.OLS(values.ravel(), design).fit()
    assert result.effect.value == pytest.approx(theirs.params[0])
    assert result.ols_error == pytest.approx(theirs.bse[0], rel=1e-6)
    robust = theirs.get_robustcov_results("cluster", groups=units)
    # Unit effects are nested in the clusters and cost no degrees of freedom here.
    nested = np.sqrt((192 - 32 - 6) / (192 - 1 - 6))
    assert result.clustered_error == pytest.approx(robust.bse[0] * nested, rel=1e-6)
    assert result.effect.method == "clustered"


def test_groups_that_drift_apart_are_told() -> None:
    values = simulated(9, 20, periods=12, effect=0.0)
    values[:10] += np.arange(12)
    result = found(worked_out(values, 10, 6))
    assert result.pre_trend is not None and result.pre_trend.value == pytest.approx(1, abs=0.4)
    assert result.placebo is not None and result.placebo.start == 3
    assert result.placebo.effect.p < 0.05
    assert "The groups moved apart before the start" in result.cautions[0]
    assert [event.relative for event in result.events] == list(range(-6, 6))
    honest = found(worked_out(simulated(9, 20, periods=12), 10, 6))
    assert honest.placebo is not None and honest.placebo.effect.p > 0.05
    assert honest.cautions == ()


def test_regression_to_the_mean_is_refused_or_matched_away() -> None:
    # Thirty units alike but for luck; the five worst of the first half are "treated", and nothing is done.
    rng = np.random.default_rng(15)
    values = 50 + 4 * rng.normal(size=(30, 2))
    values = values[np.argsort(values[:, 0])]
    naive = found(worked_out(values, 5, 1, selection="chosen"))
    assert naive.effect.value > 4
    assert "regression to the mean" in " ".join(naive.cautions)
    assert reason(worked_out(values, 5, 1, selection="extreme")) == (
        "5 of 5 units that were chosen for an extreme level have no control that was as extreme before the"
        " start; regression to the mean cannot be told from an effect."
    )
    # With controls as bad as they were, the "effect" is gone.
    doubled = 50 + 4 * rng.normal(size=(60, 2))
    doubled[:20, 0] = doubled[20:40, 0] = np.linspace(36, 44, 20)
    matched = found(worked_out(doubled, 20, 1, selection="extreme"))
    assert len(matched.matches) == matched.controls == 20
    assert matched.effect.p > 0.05


def test_units_with_gaps_are_left_out_and_named() -> None:
    values = simulated(4, 12)
    values[2, 3] = np.nan
    result = found(worked_out(values, 6, 5))
    assert (result.treated, result.dropped) == (5, ("T2",))
    assert result.cautions[-1] == "Left out for missing periods: T2."


def test_designs_that_bear_no_answer() -> None:
    values = simulated(4, 8)
    one = reason(worked_out(values, 1, 5))
    assert one == "There is 1 treated unit with every period; at least 2 are needed."
    assert reason(worked_out(values, 8, 5)) == (
        "There are 0 control units with every period; at least 2 are needed."
    )
    assert reason(worked_out(values[:0], 0, 5)).startswith("There are 0 treated units")
    for start in (0, 10):
        assert reason(worked_out(values, 4, start)) == (
            f"The start, period {start}, must lie inside the periods, with one before it."
        )
    alike = np.tile(np.arange(10.0), (8, 1))
    assert reason(worked_out(alike, 4, 5)) == "All units changed alike; there is no scatter to judge by."
    outlier = values.copy()
    outlier[1, 7] = 1e9
    assert reason(worked_out(outlier, 4, 5)) == (
        "One unit holds nearly all variation of the changes. Check its figures."
    )
    gap = [UnitMean("a", 0, 1.0), UnitMean("a", 2, 2.0)]
    assert reason(difference_in_differences(gap, {"a"}, 2, selection="random")) == (
        "A period is missing for every unit; the periods must follow one another."
    )
    with pytest.raises(ValueError) as refused:
        difference_in_differences([UnitMean("a", 0, 1.0)] * 2, {"a"}, 1, selection="random")
    assert str(refused.value) == (
        "A unit has two values in one period; give one mean for each unit and period."
    )
    assert reason(of_four_groups(sums([1]), sums(T1), sums(C0), sums(C1))) == (
        "Each of the four groups needs at least two answers."
    )
    assert reason(of_four_groups(*[sums([5, 5])] * 4)) == (
        "The answers in each group are all equal; there is no scatter to judge by."
    )


def test_a_perfect_effect_raises_no_warning() -> None:
    values = np.array([[1.0, 2.0, 9.0]] * 4 + [[1.0, 2.0, 3.0]] * 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = found(worked_out(values, 4, 2))
    assert (result.effect.value, result.pre_trend, result.placebo) == (6.0, None, None)
    assert result.events[-1].low is None


@pytest.mark.slow
@pytest.mark.parametrize("units", [12, 40])
def test_ninety_five_percent_intervals_cover(units: int) -> None:
    covered = 0
    for seed in range(2000):
        effect = found(worked_out(simulated(seed, units), units // 2, 5)).effect
        assert effect.low is not None and effect.high is not None
        covered += effect.low <= 2.0 <= effect.high
    assert 0.93 <= covered / 2000 <= 0.97
