"""Units reached at different times: hand-computed cells, the trap of plain regression, coverage, refusals."""

import numpy as np
import pytest

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.panel import UnitMean
from dashboard.analysis.staggered_starts import StaggeredEffect, staggered_effect


def means(values: np.ndarray) -> list[UnitMean]:
    return [
        UnitMean(f"u{row}", period, float(value))
        for row, line in enumerate(values)
        for period, value in enumerate(line)
    ]


def found(result: StaggeredEffect | Insufficient) -> StaggeredEffect:
    assert isinstance(result, StaggeredEffect), result
    return result


def test_cells_by_hand() -> None:
    # u0 and u1 start in period 1, u2 and u3 in period 2; u4 and u5 never. Controls move by 1, then by 1 or 2.
    values = np.array([[1, 5, 7], [3, 6, 9], [2, 3, 9], [4, 5, 10], [5, 6, 7], [6, 7, 9]], dtype=float)
    result = found(staggered_effect(means(values), {"u0": 1, "u1": 1, "u2": 2, "u3": 2}))
    cells = {(cell.start, cell.period): cell.value for cell in result.groups}
    assert cells == pytest.approx({(1, 0): 0, (1, 1): 2.5, (1, 2): 3.5, (2, 0): 0, (2, 1): 0, (2, 2): 4.0})
    assert result.effect.value == pytest.approx((2.5 + 3.5 + 4.0) / 3)
    assert {age: effect.value for age, effect in result.by_age} == pytest.approx({0: 3.25, 1: 3.5})
    assert (result.treated, result.controls, result.skipped) == (4, 2, ())


def growing(seed: int, *, units: int = 30) -> tuple[np.ndarray, dict[str, int], float]:
    """A third starts in period 3, a third in period 7, a third never; the effect grows by 1 a period."""
    rng = np.random.default_rng(seed)
    values = 10 + 3 * rng.normal(size=(units, 1)) + np.cumsum(rng.normal(size=(1, 10)), axis=1)
    values = values + rng.normal(size=(units, 10))
    third = units // 3
    starts = {f"u{row}": 3 if row < third else 7 for row in range(2 * third)}
    for row in range(2 * third):
        first = starts[f"u{row}"]
        values[row, first:] += np.arange(10 - first) + 1
    truth = float(np.mean([*range(1, 8), *range(1, 4)]))
    return values, starts, truth


def test_an_effect_that_grows_is_not_understated_as_by_plain_regression() -> None:
    values, starts, truth = growing(1, units=300)
    result = found(staggered_effect(means(values), starts))
    assert result.effect.value == pytest.approx(truth, abs=0.15)
    assert [round(effect.value) for _, effect in result.by_age] == [1, 2, 3, 4, 5, 6, 7]
    first = np.array([starts.get(f"u{row}", 99) for row in range(300)])
    reached = (np.arange(10)[None, :] >= first[:, None]).astype(float)

    def demeaned(table: np.ndarray) -> np.ndarray:
        return table - table.mean(1, keepdims=True) - table.mean(0, keepdims=True) + table.mean()

    plain = float((demeaned(reached) * demeaned(values)).sum() / (demeaned(reached) ** 2).sum())
    assert plain < truth - 0.25


@pytest.mark.slow
def test_intervals_cover() -> None:
    covered = 0
    for seed in range(2000):
        values, starts, truth = growing(seed)
        effect = found(staggered_effect(means(values), starts)).effect
        covered += effect.low <= truth <= effect.high
    assert 0.93 <= covered / 2000 <= 0.97


def test_a_group_of_one_has_an_interval() -> None:
    values, _, _ = growing(3)
    result = found(staggered_effect(means(values), {"u0": 3, "u10": 7}))
    assert result.effect.low < result.effect.value < result.effect.high
    assert result.treated == 2


def test_designs_that_bear_no_answer() -> None:
    values, starts, _ = growing(4)
    told = staggered_effect(means(values[:21]), starts)
    assert told == Insufficient("There is 1 unit never reached; at least 2 are needed to compare with.")
    assert staggered_effect([], {}) == Insufficient(
        "There are 0 units never reached; at least 2 are needed to compare with."
    )
    nobody = Insufficient("No unit was reached after the first and before the last period.")
    assert staggered_effect(means(values), {}) == nobody
    assert staggered_effect(means(values), {"u1": 10}) == nobody
    assert staggered_effect(means(np.ones((6, 5))), {"u0": 2}) == Insufficient(
        "All units changed alike; there is no scatter to judge by."
    )


def test_what_has_no_before_is_left_out_and_named() -> None:
    values, starts, _ = growing(5)
    holed = [mean for mean in means(values) if (mean.unit, mean.period) != ("u1", 4)]
    result = found(staggered_effect(holed, {**starts, "u0": 0}))
    assert result.skipped == ("u1", "u0")
    assert result.treated == 18
