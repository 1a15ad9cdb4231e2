"""Whatever is put in, evidence and effects are finite or refused with a reason; no warning, no traceback."""

import dataclasses
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.difference_in_differences import difference_in_differences
from dashboard.analysis.evidence import Belief, Verdict, judge
from dashboard.analysis.interrupted_time_series import interrupted_time_series
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.panel import UnitMean
from dashboard.analysis.staggered_starts import staggered_effect

VALUES = st.one_of(
    st.none(),
    st.sampled_from([0.0, 1.0, 1.0, 1e9, -1e9, float("nan"), float("inf")]),
    st.floats(-1e6, 1e6).map(lambda value: round(value, 3)),
)
# Mostly good, so that the later steps are reached too.
SERIES = st.tuples(
    st.integers(0, 9999), st.dictionaries(st.integers(0, 59), VALUES, max_size=3), st.integers(0, 60)
)


def series(drawn: tuple[int, dict[int, float | None], int], *, ties: bool) -> list[float | None]:
    seed, spoilt, count = drawn
    noise = np.cumsum(np.random.default_rng(seed).normal(size=count))
    values: list[float | None] = (np.round(noise) if ties else noise).tolist()
    return [spoilt.get(index, value) for index, value in enumerate(values)]


def assert_finite(found: object) -> None:
    if isinstance(found, float):
        assert math.isfinite(found)
    elif dataclasses.is_dataclass(found):
        for field in dataclasses.fields(found):
            assert_finite(getattr(found, field.name))
    elif isinstance(found, (tuple, list)):
        for part in found:
            assert_finite(part)


@settings(max_examples=400, deadline=None)
@given(SERIES, SERIES, st.booleans(), st.sampled_from([None, 4, 12]))
def test_evidence(
    customer: tuple[int, dict[int, float | None], int],
    financial: tuple[int, dict[int, float | None], int],
    ties: bool,
    cycle: int | None,
) -> None:
    belief = Belief("a", "b", "plus", (0, 4))
    found = judge(belief, series(customer, ties=ties), series(financial, ties=ties), cycle=cycle)
    assert_finite(found)
    assert found.sentence.endswith(".")
    assert (found.lead_lag is not None) or found.verdict is Verdict.INSUFFICIENT


@given(SERIES, st.integers(0, 60), st.sampled_from([None, 4]))
def test_interruptions(
    drawn: tuple[int, dict[int, float | None], int], start: int, cycle: int | None
) -> None:
    assert_finite(interrupted_time_series(series(drawn, ties=True), start, cycle=cycle))


@settings(deadline=None)
@given(
    st.lists(st.lists(VALUES, min_size=5, max_size=5), max_size=8),
    st.integers(0, 8),
    st.integers(-1, 6),
    st.sampled_from(["random", "chosen", "extreme"]),
)
def test_experiments(rows: list[list[float | None]], treated: int, start: int, selection: str) -> None:
    means = [
        UnitMean(f"u{row}", period, value)
        for row, line in enumerate(rows)
        for period, value in enumerate(line)
    ]
    reached = {f"u{row}" for row in range(treated)}
    found = difference_in_differences(means, reached, start, selection=selection)  # type: ignore[arg-type]
    assert_finite(found)
    assert not isinstance(found, Insufficient) or found.reason.endswith(".")
    assert_finite(
        staggered_effect(means, {unit: start + row % 3 for row, unit in enumerate(sorted(reached))})
    )
