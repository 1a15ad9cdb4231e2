"""Decisions as Streamlit draws them: entered, followed up by the rules for signals, changed with a name."""

from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.board.outcomes import Verdict, outcomes
from dashboard.ledger.decisions import DecisionState, Expectation, Resolution
from dashboard.ledger.store import Ledger
from tests.board.test_assembly import CATALOG, CONSUMERS, lifted, record
from tests.screens.test_overview import NOW, Screen, screen, texts  # noqa: F401  # a fixture

DECIDED = datetime(2025, 11, 20, 9, tzinfo=UTC)
LIFT = Expectation("net_promoter_score", 5.0, date(2026, 12, 31))


def decisions(screen: Screen) -> AppTest:  # noqa: F811
    app = AppTest.from_function(_script, args=(screen.service, NOW), default_timeout=30)
    return app.run()


def _script(service, moment) -> None:  # type: ignore[no-untyped-def]  # its text runs alone, without imports
    from dashboard.screens.decisions_page import show_decisions

    show_decisions(service, now=lambda: moment)


def outcome_of(ledger: Ledger, expects: Expectation | None, **measured: object) -> Verdict:
    """The verdict on a decision after which everything was measured."""
    resolution = Resolution("Answer within a day", "Ann", date(2026, 3, 31), expects)
    made = ledger.decisions.add(resolution, author="Board", now=DECIDED)
    record(ledger, **measured)
    return outcomes(CATALOG, ledger, [made], today=date(2026, 10, 5))[0].verdict


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (5.0, Verdict.MOVED),
        (40.0, Verdict.SHORT),
        (-5.0, Verdict.WRONG_WAY),
    ],
)
def test_a_change_counts_only_with_a_signal(screen: Screen, change: float, verdict: Verdict) -> None:  # noqa: F811
    expects = Expectation("net_promoter_score", change, date(2026, 12, 31))
    assert outcome_of(screen.ledger, expects, answers={**CONSUMERS, "Consumer": lifted}) is verdict


def test_without_a_signal_nothing_is_claimed(screen: Screen) -> None:  # noqa: F811
    assert outcome_of(screen.ledger, LIFT) is Verdict.NOT_DETECTED


def test_before_a_whole_quarter_has_passed_it_is_too_early(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    made = screen.ledger.decisions.add(
        Resolution("Answer within a day", "Ann", date(2026, 12, 31), LIFT), author="Board", now=NOW
    )
    found = outcomes(CATALOG, screen.ledger, [made], today=date(2026, 12, 30))[0]
    assert found.verdict is Verdict.TOO_EARLY
    assert found.sentence == "No whole quarter has passed since; it is promised by 31 December 2026."


def test_what_expects_nothing_is_judged_on_nothing(screen: Screen) -> None:  # noqa: F811
    assert outcome_of(screen.ledger, None) is Verdict.NOTHING_EXPECTED
    assert outcome_of(screen.ledger, Expectation("gone", 1.0, date(2026, 12, 31))) is Verdict.NOT_MEASURED


def test_a_decision_is_entered_and_shown_with_its_outcome(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    app = decisions(screen)
    app.text_area[0].set_value("Answer every complaint within a day")
    app.text_input[0].set_value("Chief Operating Officer")
    app.text_input[1].set_value("Secretary")
    app.selectbox[0].set_value("net_promoter_score")
    app.number_input[0].set_value(5.0)
    app.button[0].click()
    app = app.run()
    assert not app.exception
    shown = texts(app)
    assert "Answer every complaint within a day" in shown
    assert "Too early to tell" in shown
    assert "Net Promoter Score +5.0 points by" in shown
    entered = screen.ledger.decisions.all()
    assert [each.author for each in entered] == ["Secretary"]


def test_what_is_absent_is_named_and_nothing_is_entered(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    app = decisions(screen)
    app.button[0].click()
    app = app.run()
    assert [each.value.replace("\\", "") for each in app.error] == [
        "The decision was not entered: write what was decided, who does it, your name."
    ]
    assert screen.ledger.decisions.all() == ()


def test_a_decision_is_marked_as_done_with_a_name(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    screen.ledger.decisions.add(
        Resolution("Answer within a day", "Ann", date(2026, 3, 31), LIFT), author="Board", now=DECIDED
    )
    app = decisions(screen)
    app.session_state["author"] = "Secretary"
    app.segmented_control[0].set_value(DecisionState.DONE)
    app = app.run()
    assert not app.exception
    assert screen.ledger.decisions.all()[0].resolution.state is DecisionState.DONE
    assert screen.ledger.decisions.history(1)[0].author == "Secretary"
