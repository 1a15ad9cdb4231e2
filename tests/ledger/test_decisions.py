"""What the board decided is kept with its whole history, and two who change it are both heard."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboard.errors import LedgerError, LostUpdateError
from dashboard.ledger.decisions import DecisionState, Expectation, Resolution
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START

ANSWER = Resolution(
    "Answer within a day",
    "Ann",
    date(2026, 12, 31),
    Expectation("nps", 5.0, date(2027, 6, 30)),
)
PLAIN = Resolution("Hear three customers at each meeting", "Ben", date(2026, 9, 30))
HOUR = timedelta(hours=1)


def test_a_decision_is_kept_with_its_history(ledger: Ledger) -> None:
    first = ledger.decisions.add(ANSWER, author="Cy", now=START)
    other = ledger.decisions.add(PLAIN, author="Cy", now=START)
    assert (first.number, first.version, first.resolution, first.author, first.at) == (
        1,
        1,
        ANSWER,
        "Cy",
        START,
    )
    done = replace(ANSWER, state=DecisionState.DONE)
    changed = ledger.decisions.change(1, done, author="Ann", now=START + HOUR, based_on=1)
    assert ledger.decisions.all() == (changed, other)
    assert ledger.decisions.all(as_of=START + HOUR / 2) == (first, other)
    assert ledger.decisions.all(as_of=START - HOUR) == ()
    assert ledger.decisions.history(1) == (changed, first)
    assert ledger.decisions.history(1, as_of=START) == (first,)


def test_the_second_of_two_changes_is_refused_with_both(ledger: Ledger) -> None:
    ledger.decisions.add(ANSWER, author="Cy", now=START)
    ledger.decisions.change(1, replace(ANSWER, owner="Ben"), author="Ben", now=START + HOUR, based_on=1)
    with pytest.raises(LostUpdateError) as error:
        ledger.decisions.change(1, replace(ANSWER, expects=None), author="Ann", now=START + HOUR, based_on=1)
    assert str(error.value) == (
        "Decision 1 was changed by Ben on 2026-07-01 at 07:00 UTC, after you had opened it. "
        "Yours was not saved: bring the two together and save again.\n"
        "Theirs: Answer within a day (Ben, due 2026-12-31, open; nps +5 by 2027-06-30)\n"
        "Yours: Answer within a day (Ann, due 2026-12-31, open)"
    )
    assert ledger.decisions.all()[0].resolution.owner == "Ben"


def test_a_decision_that_is_not_there_is_told(ledger: Ledger) -> None:
    with pytest.raises(LedgerError) as error:
        ledger.decisions.change(7, PLAIN, author="Ann", now=START, based_on=1)
    assert str(error.value) == "There is no decision 7."
