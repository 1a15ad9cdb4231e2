"""Kaplan-Meier and log-rank against published curves and an independent implementation."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.survival import LogRank, Stay, SurvivalCurve, log_rank, survival_curve

TIMES = (0.5, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 14, 17, 20, 21)
EVENTS = (0, 1, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0)
# Acute myelogenous leukaemia (Miller 1981; R's `aml`): weeks of remission, with and without maintenance.
MAINTAINED = (
    (9, 1),
    (13, 1),
    (13, 0),
    (18, 1),
    (23, 1),
    (28, 0),
    (31, 1),
    (34, 1),
    (45, 0),
    (48, 1),
    (161, 0),
)
NOT_MAINTAINED = (
    *((5, 1), (5, 1), (8, 1), (8, 1), (12, 1), (16, 0)),
    *((23, 1), (27, 1), (30, 1), (33, 1), (43, 1), (45, 1)),
)


def stays(pairs: Sequence[tuple[float, int]]) -> list[Stay]:
    return [Stay(until, lost=event, still_here=1 - event) for until, event in pairs]


def curve_of(given_stays: Sequence[Stay], *, minimum_at_risk: int = 1) -> SurvivalCurve:
    curve = survival_curve(given_stays, minimum_at_risk=minimum_at_risk)
    assert isinstance(curve, SurvivalCurve)
    return curve


def compared(groups: dict[str, list[Stay]]) -> LogRank:
    test = log_rank(groups)
    assert isinstance(test, LogRank)
    return test


def test_a_published_curve() -> None:
    curve = curve_of(stays(list(zip(TIMES, EVENTS, strict=True))))
    assert [step.age for step in curve.steps] == [1, 2, 3, 4, 6, 8, 9, 12, 14, 20]
    assert [step.survival for step in curve.steps] == pytest.approx(
        [0.8889, 0.8333, 0.7738, 0.7143, 0.6494, 0.5772, 0.5051, 0.4209, 0.3367, 0.1684], abs=5e-5
    )
    assert [step.standard_error for step in curve.steps] == pytest.approx(
        [0.0741, 0.0878, 0.0997, 0.1084, 0.1164, 0.1238, 0.1276, 0.1312, 0.1292, 0.1354], abs=5e-5
    )
    assert (curve.median, curve.customers, curve.lost, curve.ends_at) == (12, 19, 11, 21)


def test_the_maintained_group_of_aml() -> None:
    curve = curve_of(stays(MAINTAINED))
    assert [step.age for step in curve.steps] == [9, 13, 18, 23, 31, 34, 48]
    assert [step.survival for step in curve.steps] == pytest.approx(
        [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184], abs=5e-4
    )
    assert [step.standard_error for step in curve.steps] == pytest.approx(
        [0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535], abs=5e-5
    )
    # R's survfit with conf.type = "log-log" prints these for the first step and the median.
    assert (curve.steps[0].low, curve.steps[0].high) == pytest.approx((0.508, 0.987), abs=5e-4)
    assert (curve.median, curve.median_low, curve.median_high) == (31, 13, None)


def test_aml_by_log_rank() -> None:
    # R: survdiff(Surv(time, status) ~ x, aml) gives chisq 3.4, p 0.0653, expected 10.69 and 7.31.
    test = compared({"maintained": stays(MAINTAINED), "not": stays(NOT_MAINTAINED)})
    assert test.observed == {"maintained": 7, "not": 11}
    assert list(test.expected.values()) == pytest.approx([10.69, 7.31], abs=0.005)
    assert test.statistic == pytest.approx(3.3964, abs=5e-4)
    assert test.degrees_of_freedom == 1
    assert test.p == pytest.approx(0.0653, abs=5e-5)


def test_the_curve_stops_while_ten_are_at_risk() -> None:
    given_stays = stays(list(zip(TIMES, EVENTS, strict=True)))
    curve = curve_of(given_stays, minimum_at_risk=10)
    assert [(step.age, step.at_risk) for step in curve.steps] == [(1, 18), (2, 16), (3, 14), (4, 13), (6, 11)]
    assert curve.ends_at == 7
    assert curve.survival_at(7) == pytest.approx(0.6494, abs=5e-5)
    assert curve.survival_at(7.5) is None
    assert curve.survival_at(-1) is None
    assert curve.survival_at(0.5) == 1.0
    assert (curve.median, curve.median_low) == (None, 4)
    assert curve.lost == 11


def test_those_who_joined_before_the_records_are_not_at_risk_before_them() -> None:
    new = [Stay(1, lost=20, still_here=0), Stay(2, lost=20, still_here=60)]
    old = [Stay(12, lost=10, still_here=90, entered=10)]
    naive = [Stay(12, lost=10, still_here=90)]
    assert curve_of([*new, *old]).survival_at(2) == pytest.approx(0.6)
    # Counted from the start, a hundred survivors make the early losses look small.
    assert curve_of([*new, *naive]).survival_at(2) == pytest.approx(0.8)


def test_a_gap_in_who_is_watched_ends_the_curve() -> None:
    # Between ages 2 and 10 nobody was watched: that nobody was lost there is not known.
    curve = curve_of([Stay(2, lost=5, still_here=10), Stay(12, lost=5, still_here=10, entered=10)])
    assert (curve.ends_at, curve.survival_at(2), curve.survival_at(3)) == (2, pytest.approx(2 / 3), None)


def test_a_curve_from_a_later_age_on() -> None:
    old = [Stay(12, lost=10, still_here=90, entered=10), Stay(11, lost=0, still_here=5, entered=9)]
    assert survival_curve(old) == Insufficient(
        "Too few customers were watched from age 0 on: 0; 10 are needed."
    )
    curve = survival_curve([*old, Stay(8, lost=50, still_here=50)], from_age=10)
    assert isinstance(curve, SurvivalCurve)
    assert [(step.age, step.at_risk, step.survival) for step in curve.steps] == [
        (12, 100, pytest.approx(0.9))
    ]
    assert (curve.customers, curve.lost) == (105, 10)


def test_all_lost_leaves_no_error_to_tell() -> None:
    curve = curve_of([Stay(1, lost=5, still_here=0), Stay(2, lost=5, still_here=0)])
    last = curve.steps[-1]
    assert (last.survival, last.standard_error, last.low, last.high) == (0.0, None, None, None)
    assert curve.median == 1


def test_customers_lost_before_the_first_period_count() -> None:
    assert curve_of([Stay(0, lost=5, still_here=0), Stay(1, lost=0, still_here=15)]).survival_at(0) == 0.75


def test_nobody_lost() -> None:
    curve = curve_of([Stay(5, lost=0, still_here=50)])
    assert (curve.steps, curve.median, curve.ends_at, curve.survival_at(5)) == ((), None, 5, 1.0)


def test_very_many_customers_keep_a_finite_error() -> None:
    (step,) = curve_of([Stay(1, lost=1, still_here=10**18)]).steps
    assert step.standard_error == pytest.approx(1e-18)
    assert step.low is not None and 0 <= step.low <= 1


@pytest.mark.parametrize(
    ("given_stays", "reason"),
    [
        ([], "There are no customers."),
        ([Stay(1, 0, 0)], "There are no customers."),
        ([Stay(1, 1, 0)], "Too few customers were watched from age 0 on: 1; 10 are needed."),
        ([Stay(1, 1, 1)], "Too few customers were watched from age 0 on: 2; 10 are needed."),
        ([Stay(3, -1, 5)], "A count of customers at age 3 is negative."),
        ([Stay(3, 1, 5, entered=4)], "A stay from age 4 to age 3 does not last."),
        ([Stay(3, 1, 5, entered=3)], "A stay from age 3 to age 3 does not last."),
        ([Stay(float("nan"), 1, 5)], "An age is missing or infinite."),
    ],
)
def test_what_cannot_be_told(given_stays: list[Stay], reason: str) -> None:
    assert survival_curve(given_stays) == Insufficient(reason)


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ({}, "A comparison needs at least two groups."),
        ({"a": [Stay(1, 5, 5)]}, "A comparison needs at least two groups."),
        ({"a": [Stay(1, 5, 5)], "b": []}, "b: There are no customers."),
        (
            {"a": [Stay(1, 0, 5)], "b": [Stay(1, 0, 9)]},
            "No customer was lost in any group, so that losses cannot be compared.",
        ),
        (
            {"a": [Stay(1, 5, 5)], "b": [Stay(9, 5, 5, entered=8)]},
            "The groups were not at risk at the same ages, so that losses cannot be compared.",
        ),
    ],
)
def test_groups_that_cannot_be_compared(groups: dict[str, list[Stay]], reason: str) -> None:
    assert log_rank(groups) == Insufficient(reason)


def test_perfect_separation_is_found() -> None:
    test = compared({"a": [Stay(1, 50, 0)], "b": [Stay(9, 0, 50)]})
    assert test.p < 1e-12


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"level": 95}, "level is 95; a level lies between 0 and 1, such as 0.95."),
        ({"minimum_at_risk": 0}, "minimum_at_risk is 0; a curve needs at least 1 customer at risk."),
    ],
)
def test_impossible_settings_are_refused(call: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        survival_curve([Stay(1, 5, 5)], **call)  # type: ignore[arg-type]
    assert str(refused.value) == message


some_stays = st.lists(
    st.builds(
        lambda entered, length, lost, still: Stay(entered + length, lost, still, entered),
        st.integers(0, 4),
        st.integers(1, 9),
        st.integers(0, 4),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=20,
)


@settings(deadline=None)
@given(some_stays, st.integers(1, 12))
def test_a_curve_never_rises_and_stays_within_its_limits(given_stays: list[Stay], minimum: int) -> None:
    curve = survival_curve(given_stays, minimum_at_risk=minimum)
    if isinstance(curve, Insufficient):
        return
    shares = [1.0, *(step.survival for step in curve.steps)]
    assert shares == sorted(shares, reverse=True)
    for step in curve.steps:
        assert step.at_risk >= minimum
        if step.low is not None and step.high is not None:
            assert 0 <= step.low <= step.survival <= step.high <= 1
    assert survival_curve(given_stays[::-1], minimum_at_risk=minimum) == curve


def rows(given_stays: Sequence[Stay]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    listed = [
        (stay.until, event, stay.entered or -1.0)
        for stay in given_stays
        for event, count in ((1, stay.lost), (0, stay.still_here))
        for _ in range(count)
    ]
    until, events, entered = (np.array(column, dtype=float) for column in zip(*listed, strict=True))
    return until, events, entered


@settings(deadline=None)
@given(some_stays)
def test_the_curve_equals_that_of_statsmodels(given_stays: list[Stay]) -> None:
    curve = survival_curve(given_stays, minimum_at_risk=1)
    if isinstance(curve, Insufficient):
        return
    until, events, entered = rows(given_stays)
    other = SurvfuncRight(until, events, entry=entered)
    theirs = dict(zip(other.surv_times.tolist(), other.surv_prob.tolist(), strict=True))
    for step in curve.steps:
        assert step.survival == pytest.approx(theirs[step.age], abs=1e-12)


@settings(deadline=None)
@given(some_stays, some_stays, some_stays)
def test_log_rank_equals_that_of_statsmodels(a: list[Stay], b: list[Stay], c: list[Stay]) -> None:
    test = log_rank({"a": a, "b": b, "c": c})
    if isinstance(test, Insufficient):
        return
    columns = [rows(group) for group in (a, b, c)]
    labels = np.repeat([0, 1, 2], [len(column[0]) for column in columns])
    until, events, entered = (np.concatenate(column) for column in zip(*columns, strict=True))
    statistic, p = survdiff(until, events, labels, entry=entered)
    assert test.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-9)
    assert test.p == pytest.approx(p, rel=1e-6, abs=1e-9)
    assert sum(test.expected.values()) == pytest.approx(sum(test.observed.values()))
