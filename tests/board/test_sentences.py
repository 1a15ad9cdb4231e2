"""What a pair, a figure and groups say in a sentence, each to the letter."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dashboard.analysis.change import Signal
from dashboard.board.panels import PairPanel
from dashboard.board.reading import Reading
from dashboard.board.sentences import members_sentence, pair_sentence, verdict
from dashboard.ledger.figures import Status
from dashboard.ledger.store import Ledger
from tests.board.test_assembly import pair, record

SAME, FEW, NONE = Signal.NO_DETECTABLE_CHANGE, Signal.TOO_FEW_POINTS, Signal.NOT_MEASURED


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PairPanel]:
    path = tmp_path_factory.mktemp("sentences") / "ledger.sqlite"
    with Ledger(f"sqlite:///{path}") as ledger:
        record(ledger)
        yield pair(ledger)


def reading(panel: PairPanel, name: str, signal: Signal | None) -> Reading:
    """A figure of that name and signal; None is one whose span is not over yet."""
    known = panel.readings[0]
    found = replace(known, metric=replace(known.metric, name=name), signal=signal or SAME)
    return found if signal else replace(found, figure=replace(found.figure, status=Status.OPEN))


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (Signal.IMPROVED, Signal.IMPROVED, "Complaints improved, and so did trust."),
        (Signal.WORSENED, Signal.WORSENED, "Complaints worsened, and so did trust."),
        (Signal.IMPROVED, Signal.WORSENED, "Complaints improved, but trust worsened."),
        (Signal.IMPROVED, Signal.SHIFTED_UP, "Complaints improved, and trust moved higher."),
        (Signal.IMPROVED, SAME, "Complaints improved, but with no detectable change in trust."),
        (SAME, Signal.IMPROVED, "No detectable change in complaints, but trust improved."),
        (SAME, SAME, "No detectable change in complaints or trust."),
        (FEW, FEW, "Too few months to judge complaints or trust."),
        (FEW, SAME, "Too few months to judge complaints, and no detectable change in trust."),
        (NONE, Signal.SHIFTED_DOWN, "No figure for complaints, but trust moved lower."),
        (None, None, "No verdict yet on complaints or trust."),
        (None, SAME, "No verdict yet on complaints, and no detectable change in trust."),
    ],
)
def test_a_pair_says_what_both_signals_say(
    panel: PairPanel, one: Signal | None, other: Signal | None, sentence: str
) -> None:
    assert pair_sentence(reading(panel, "Complaints", one), reading(panel, "Trust", other)) == sentence


def test_what_a_name_adds_behind_a_comma_ends_before_the_sentence_goes_on(panel: PairPanel) -> None:
    attrition = "Attrition, a year"
    pay = reading(panel, "Pay", SAME)
    assert pair_sentence(reading(panel, attrition, SAME), pay) == (
        "No detectable change in attrition, a year, or pay."
    )
    assert pair_sentence(reading(panel, attrition, FEW), pay) == (
        "Too few months to judge attrition, a year, and no detectable change in pay."
    )
    assert verdict(reading(panel, attrition, Signal.WORSENED)) == "Attrition, a year, worsened"
    thousands = "Complaints per 1,000 customers"
    assert verdict(reading(panel, thousands, Signal.WORSENED)) == f"{thousands} worsened"


def test_groups_are_told_by_what_they_did(panel: PairPanel) -> None:
    def told(*signals: Signal | None, left_out: int = 0) -> str:
        readings = tuple(reading(panel, "Complaints", signal) for signal in signals)
        return members_sentence(readings, "Complaints", ("North", "South")[: len(signals)], left_out)

    assert told(Signal.IMPROVED, Signal.WORSENED) == "Complaints worsened for South and improved for North."
    assert told(SAME, FEW) == "No detectable change in complaints for any group."
    assert told(SAME, SAME, left_out=3) == (
        "No detectable change in complaints for any of the 2 largest groups."
    )
    assert told(None, None) == "No verdict yet on complaints."
