"""Differences in words: claimed only where the interval leaves 0 out."""

import pytest

from dashboard.analysis.change import Signal
from dashboard.analysis.intervals import Difference, Insufficient
from dashboard.analysis.nps import nps_change
from dashboard.analysis.period_change import PeriodChange, period_change
from dashboard.analysis.process_behaviour import Better
from dashboard.analysis.proportions import newcombe
from dashboard.units import Unit


def told(
    found: Difference | Insufficient, better: Better = "higher", unit: Unit = Unit.POINTS
) -> PeriodChange:
    return period_change(
        found, name="Net Promoter Score", better=better, unit=unit, locale="en_GB", currency="EUR"
    )


def test_five_points_more_are_no_detectable_change() -> None:
    made = told(nps_change((45, 35, 20), (200, 120, 80)))
    assert made == PeriodChange(
        Signal.NO_DETECTABLE_CHANGE,
        "Net Promoter Score shows no detectable change "
        "(+5.0 points, 95% interval −11.9 points to +21.9 points).",
    )


@pytest.mark.parametrize(
    ("better", "signal", "verb"),
    [
        ("higher", Signal.WORSENED, "worsened"),
        ("lower", Signal.IMPROVED, "improved"),
        ("neutral", Signal.SHIFTED_DOWN, "is lower"),
        ("zero", Signal.SHIFTED_DOWN, "is lower"),
    ],
)
def test_a_fall_is_judged_by_what_is_better(better: Better, signal: Signal, verb: str) -> None:
    made = told(newcombe((201, 329), (232, 1056)), better, Unit.PERCENT)
    assert made.signal is signal
    assert (
        made.sentence
        == f"Net Promoter Score {verb} (−39.1 points, 95% interval −44.8 points to −33.2 points)."
    )


def test_a_rise_is_the_mirror() -> None:
    rise = newcombe((232, 1056), (201, 329))
    assert told(rise, "higher").signal is Signal.IMPROVED
    assert told(rise, "lower").signal is Signal.WORSENED
    assert told(rise, "neutral").signal is Signal.SHIFTED_UP


def test_too_few_answers_say_so() -> None:
    made = told(nps_change((0, 0, 0), (5, 0, 0)))
    assert made == PeriodChange(
        Signal.TOO_FEW_POINTS, "Net Promoter Score cannot be compared. There are no answers."
    )
