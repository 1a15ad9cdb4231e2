"""A revision changes with everything that a page is read from, and is known as of any moment."""

from datetime import timedelta

from dashboard.ledger.notes import Place
from dashboard.ledger.revision import Revision
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START

HOUR = timedelta(hours=1)


def test_a_new_ledger_has_no_run_and_no_act(ledger: Ledger) -> None:
    assert ledger.revision() == Revision(None, (0, 0, 0, 0))


def test_runs_and_acts_move_it_on_and_an_earlier_moment_has_the_earlier_one(ledger: Ledger) -> None:
    run = ledger.record(START, START, "Ann", "version", []).id
    assert ledger.revision() == Revision(run, (0, 0, 0, 0))
    ledger.notes.write(Place("overview", "", "2026-Q2"), "Up.", author="Ann", now=START + HOUR, based_on=0)
    assert ledger.revision() == Revision(run, (0, 1, 0, 0))
    assert ledger.revision(START + HOUR) == ledger.revision()
    assert ledger.revision(START) == Revision(run, (0, 0, 0, 0))
    assert ledger.revision(START - HOUR) == Revision(None, (0, 0, 0, 0))
