"""Relapse after the end of an initiative: seven in a row on one side of the mean with it, no less."""

import numpy as np
import pytest

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.relapse import Relapse, relapse

WITH_IT = [9.0, 11.0, 10.0, 9.5, 10.5, 10.0, 10.0, 9.0, 11.0]  # a mean of 10


def found(after: list[float | None]) -> Relapse:
    result = relapse(WITH_IT, after)
    assert isinstance(result, Relapse), result
    return result


def test_seven_in_a_row_below_the_mean_with_it_are_a_shift_from_the_first_of_them() -> None:
    assert found([11.0, 10.5, *[9.9] * 7, 10.2]) == Relapse(10.0, 10, "low", 2)
    assert found([*[10.1] * 7]) == Relapse(10.0, 7, "high", 0)


@pytest.mark.parametrize(
    "after",
    [
        [9.9] * 6 + [10.1] * 6,
        [9.9] * 4 + [10.0] + [9.9] * 4,  # one that lies on the mean breaks a run
        [9.9] * 6 + [None] + [9.9] * 6,
        [9.0, 11.0] * 6,
        [2.0, 11.0] * 6,  # single points far away are no relapse
    ],
)
def test_anything_less_is_none(after: list[float | None]) -> None:
    assert (found(after).side, found(after).since) == (None, None)


def test_too_few_periods_say_so() -> None:
    assert relapse([1.0] * 6, [1.0] * 12) == Insufficient(
        "There are 6 periods with it; at least 7 are needed."
    )
    assert relapse([1.0, 2.0] * 4, [1.0, None, 1.0]) == Insufficient(
        "There are 2 periods after its end; at least 7 are needed."
    )
    assert relapse([1.0], [1.0]) == Insufficient("There is 1 period with it; at least 7 are needed.")


@pytest.mark.parametrize(("with_it", "told"), [(7, 0.13), (12, 0.10), (24, 0.08)])
def test_how_often_a_figure_that_does_not_change_is_called_shifted(with_it: int, told: float) -> None:
    draw = np.random.default_rng(8)
    tries = [relapse(draw.normal(size=with_it).tolist(), draw.normal(size=12).tolist()) for _ in range(2_000)]
    share = np.mean([isinstance(each, Relapse) and each.side is not None for each in tries])
    assert share == pytest.approx(told, abs=0.015)
