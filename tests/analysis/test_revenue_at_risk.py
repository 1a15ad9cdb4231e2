"""Revenue at risk, and whether the chances behind it were right."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.revenue_at_risk import (
    Calibration,
    CalibrationVerdict,
    RevenueAtRisk,
    RiskBand,
    RiskOutcome,
    calibration,
    chances_of_loss,
    revenue_at_risk,
)

LOW, MIDDLE, HIGH = (
    RiskOutcome("low", 1000, 0.02, 18),
    RiskOutcome("middle", 500, 0.10, 55),
    RiskOutcome("high", 100, 0.40, 43),
)


def calibrated(*outcomes: RiskOutcome) -> Calibration:
    found = calibration(outcomes)
    assert isinstance(found, Calibration)
    return found


def test_revenue_is_weighed_by_chance() -> None:
    found = revenue_at_risk([RiskBand("low", 90, 9000.0, 0.1), RiskBand("high", 10, 6000.0, 0.5)])
    assert found == RevenueAtRisk(
        at_risk=pytest.approx(3900.0),
        revenue=15000.0,
        share=pytest.approx(0.26),
        customers=100,
        customers_lost=pytest.approx(14.0),
    )


def test_a_chance_is_the_share_that_was_lost_before() -> None:
    assert chances_of_loss({"low": (200, 10), "high": (50, 20)}) == {"low": 0.05, "high": 0.4}


def test_a_small_band_has_the_chance_of_all_together() -> None:
    found = chances_of_loss({"many": (90, 9), "few": (9, 9), "new": (0, 0)})
    assert found == {"many": 0.1, "few": pytest.approx(18 / 99), "new": pytest.approx(18 / 99)}


def test_of_fewer_than_ten_customers_there_is_no_chance() -> None:
    assert chances_of_loss({"few": (5, 1), "others": (4, 1)}) == {}


def test_chances_that_came_true() -> None:
    found = calibrated(LOW, MIDDLE, HIGH)
    assert (found.expected, found.observed) == (pytest.approx(110), 116)
    assert found.verdict is CalibrationVerdict.CALIBRATED
    assert found.words == "No detectable difference: 116 customers were lost where 110 were expected."
    assert [band.expected for band in found.bands] == pytest.approx([20, 50, 40])
    assert all(band.within and band.low < band.observed / band.customers < band.high for band in found.bands)
    # 4/19.6 + 25/45 + 9/24 on three degrees of freedom.
    assert found.p == pytest.approx(0.7686, abs=5e-4)


def test_the_brier_score_by_hand() -> None:
    found = calibrated(RiskOutcome("a", 100, 0.2, 20), RiskOutcome("b", 100, 0.6, 60))
    assert found.brier == pytest.approx((20 * 0.64 + 80 * 0.04 + 60 * 0.16 + 40 * 0.36) / 200)
    assert found.skill == pytest.approx(1 - 0.2 / 0.24)


@pytest.mark.parametrize(
    ("outcomes", "verdict", "words"),
    [
        (
            (replace(LOW, lost=60), MIDDLE, HIGH),
            CalibrationVerdict.TOO_LOW,
            "The chances were too low: 158 customers were lost where 110 were expected.",
        ),
        (
            (replace(LOW, lost=2), replace(MIDDLE, lost=20), HIGH),
            CalibrationVerdict.TOO_HIGH,
            "The chances were too high: 65 customers were lost where 110 were expected.",
        ),
        (
            (replace(LOW, lost=45), MIDDLE, replace(HIGH, lost=12)),
            CalibrationVerdict.UNEVEN,
            "The chances were right overall and not by band: 112 customers were lost where 110 were expected,"
            " with 1 of 3 bands in line.",
        ),
        (
            (LOW, MIDDLE, HIGH, RiskOutcome("never", 100, 0.0, 1)),
            CalibrationVerdict.UNEVEN,
            "The chances were right overall and not by band: 117 customers were lost where 110 were expected,"
            " with 3 of 4 bands in line.",
        ),
    ],
)
def test_chances_that_did_not(
    outcomes: tuple[RiskOutcome, ...], verdict: CalibrationVerdict, words: str
) -> None:
    found = calibrated(*outcomes)
    assert (found.verdict, found.words) == (verdict, words)


def test_certain_chances_that_held_and_empty_bands_do_no_harm() -> None:
    kept = calibrated(LOW, MIDDLE, HIGH, RiskOutcome("never", 100, 0.0, 0), RiskOutcome("none", 0, 0.5, 0))
    assert kept.verdict is CalibrationVerdict.CALIBRATED
    assert len(kept.bands) == 4
    assert kept.p == pytest.approx(calibrated(LOW, MIDDLE, HIGH).p)


def test_without_any_loss_there_is_no_skill_to_tell() -> None:
    found = calibrated(RiskOutcome("a", 100, 0.2, 0))
    assert (found.skill, found.verdict) == (None, CalibrationVerdict.TOO_HIGH)


def test_right_chances_are_seldom_called_wrong() -> None:
    generator = np.random.default_rng(8)
    wrong = 0
    for _ in range(600):
        outcomes = [
            replace(outcome, lost=int(generator.binomial(outcome.customers, outcome.chance)))
            for outcome in (LOW, MIDDLE, HIGH)
        ]
        wrong += calibrated(*outcomes).verdict is not CalibrationVerdict.CALIBRATED
    # Two looks, one at the sum and one at the bands, at 5 % each.
    assert wrong / 600 <= 0.11


@pytest.mark.parametrize(
    ("bands", "reason"),
    [
        ([], "There are no customers with revenue."),
        ([RiskBand("a", 5, 0.0, 0.5)], "There are no customers with revenue."),
        ([RiskBand("a", -5, 1.0, 0.5)], "a: a number of customers or a chance cannot be."),
        ([RiskBand("a", 5, 1.0, 1.5)], "a: a number of customers or a chance cannot be."),
        ([RiskBand("a", 5, 1.0, float("nan"))], "a: a number of customers or a chance cannot be."),
        ([RiskBand("a", 5, -1.0, 0.5)], "a: revenue is missing, infinite or negative."),
    ],
)
def test_revenue_that_cannot_be_weighed(bands: list[RiskBand], reason: str) -> None:
    assert revenue_at_risk(bands) == Insufficient(reason)


@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [
        ([], "Too few losses could be expected to judge the chances by."),
        ([RiskOutcome("a", 1, 0.5, 1)], "Too few losses could be expected to judge the chances by."),
        (
            [RiskOutcome("a", 900, 0.0, 0), RiskOutcome("b", 900, 1.0, 900)],
            "Too few losses could be expected to judge the chances by.",
        ),
        ([RiskOutcome("a", 5, 0.5, 6)], "a: a number of customers or a chance cannot be."),
        ([RiskOutcome("a", 5, -0.5, 1)], "a: a number of customers or a chance cannot be."),
    ],
)
def test_chances_that_cannot_be_judged(outcomes: list[RiskOutcome], reason: str) -> None:
    assert calibration(outcomes) == Insufficient(reason)


def test_an_impossible_level_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        calibration([], level=95)
    assert str(refused.value) == "level is 95; a level lies between 0 and 1, such as 0.95."


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_any_outcome_is_judged_or_has_a_reason(rows: list[tuple[int, float, float]]) -> None:
    found = calibration([RiskOutcome("band", n, chance, round(n * share)) for n, chance, share in rows])
    if isinstance(found, Insufficient):
        return
    assert 0 <= found.brier <= 1
    assert 0 <= found.p <= 1
    assert found.skill is None or found.skill <= 1
