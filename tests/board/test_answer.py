"""The answer of a page: what changed, for whom, by name, and how much of the page it is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.analysis.change import Signal
from dashboard.board.answer import answer
from dashboard.board.panels import LockedPanel, PairPanel, TrendPanel
from dashboard.board.reading import Reading, State
from dashboard.definitions.model import Side
from dashboard.ledger.figures import Status
from dashboard.ledger.store import Ledger
from tests.board import company
from tests.board.test_assembly import pair, record

Said = tuple[str, Side, Signal]


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[PairPanel]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        record(ledger)
        yield pair(ledger)


def reading(panel: PairPanel, name: str, side: Side, signal: Signal) -> Reading:
    known = panel.readings[0]
    metric = replace(known.metric, id=name.lower().replace(" ", "_"), name=name, side=side)
    return replace(known, metric=metric, signal=signal)


def told(panel: PairPanel, *said: Said) -> str:
    pairs = [replace(panel, readings=tuple(reading(panel, *each) for each in said))]
    return answer(pairs, company.LATEST)


def test_what_changed_is_named_by_side_and_the_rest_is_counted(panel: PairPanel) -> None:
    assert told(
        panel,
        ("Revenue", Side.FINANCIAL, Signal.WORSENED),
        ("Trust", Side.CUSTOMER, Signal.IMPROVED),
        ("NPS", Side.CUSTOMER, Signal.IMPROVED),
        ("Complaints", Side.CUSTOMER, Signal.WORSENED),
        ("Belief", Side.PEOPLE, Signal.NO_DETECTABLE_CHANGE),
        ("Pay", Side.FINANCIAL, Signal.SHIFTED_UP),
        ("Answers online", Side.CUSTOMER, Signal.TOO_FEW_POINTS),
    ) == (
        "For customers, trust and NPS improved, but complaints worsened; in money, revenue worsened; of 7 "
        "measures, 1 moved in a direction that is neither better nor worse, 1 shows no detectable change "
        "and 1 cannot be judged yet."
    )


def test_more_than_three_of_a_kind_are_counted(panel: PairPanel) -> None:
    names = [(f"Measure {letter}", Side.CUSTOMER, Signal.IMPROVED) for letter in "abcde"]
    assert told(panel, *names) == ("For customers, measure a, measure b, measure c and 2 more improved.")


def test_where_nothing_changed_that_is_the_answer(panel: PairPanel) -> None:
    still = [(f"Measure {letter}", Side.CUSTOMER, Signal.NO_DETECTABLE_CHANGE) for letter in "abc"]
    assert told(panel, *still) == "None of 3 measures shows a detectable change."


def test_a_figure_that_stands_twice_is_told_once(panel: PairPanel) -> None:
    twice = ("Trust", Side.CUSTOMER, Signal.IMPROVED)
    others = [(f"Measure {letter}", Side.CUSTOMER, Signal.NO_DETECTABLE_CHANGE) for letter in "ab"]
    assert told(panel, twice, *others, twice) == (
        "For customers, trust improved; of 3 measures, 2 show no detectable change."
    )


def test_groups_that_a_panel_cuts_out_are_not_told(panel: PairPanel) -> None:
    still = [(f"Measure {letter}", Side.CUSTOMER, Signal.NO_DETECTABLE_CHANGE) for letter in "abc"]
    whole = replace(panel, readings=tuple(reading(panel, *each) for each in still))
    view = replace(company.LATEST, slice=("segment",), member=("Consumer",))
    group = replace(reading(panel, "Trust", Side.CUSTOMER, Signal.WORSENED), view=view)
    cut = TrendPanel("trend-trust-by-segment", "", (group,), (), (), ("Consumer",))
    assert answer([whole, cut], company.LATEST) == "None of 3 measures shows a detectable change."


def test_a_page_with_hardly_a_figure_is_answered_by_its_first_exhibit(panel: PairPanel) -> None:
    assert answer([panel], company.LATEST) == panel.sentence
    assert answer([LockedPanel("pair-trust", "Trust", ("survey",))], company.LATEST) == ""


def test_an_open_span_and_one_without_figures_say_so(panel: PairPanel) -> None:
    still = [reading(panel, f"M {letter}", Side.CUSTOMER, Signal.NOT_MEASURED) for letter in "abc"]
    opened = [replace(each, figure=replace(each.figure, status=Status.OPEN)) for each in still]
    empty = [replace(each, state=State.EMPTY) for each in still]
    assert answer([replace(panel, readings=tuple(opened))], company.LATEST) == (
        "The span is not over yet: nothing is compared."
    )
    assert answer([replace(panel, readings=tuple(empty))], company.LATEST) == (
        "Nothing has been measured for this span and group yet."
    )
