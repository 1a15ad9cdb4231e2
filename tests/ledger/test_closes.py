"""Periods are closed once, as of a run, and reopened with a reason; all of it is kept."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger.closes import Act, Close
from dashboard.ledger.decisions import Resolution
from dashboard.ledger.notes import Place
from dashboard.ledger.schema import closes, decisions, exports, notes
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START, cell, frame, month, quarter, read, record

Q2 = quarter("2026-05")
HOUR = timedelta(hours=1)


@pytest.fixture
def measured(ledger: Ledger) -> Ledger:
    for at in (0, 1):
        record(ledger, read(frame(cell("sales.total", "2026-05", float(at)))), at=at)
    return ledger


def close(ledger: Ledger, at: int = 2, **more: object) -> Close:
    return ledger.closes.close("2026-Q2", Q2, author="Ann", now=START + at * HOUR, **more)  # type: ignore[arg-type]


def reopen(ledger: Ledger, reason: str = "An invoice was late.", at: int = 3) -> Close:
    return ledger.closes.reopen("2026-Q2", Q2, author="Ben", now=START + at * HOUR, reason=reason)


def failure(act: object, *arguments: object, **more: object) -> str:
    with pytest.raises(LedgerError) as error:
        act(*arguments, **more)  # type: ignore[operator]
    return str(error.value)


def test_a_period_is_closed_as_of_the_newest_run(measured: Ledger) -> None:
    found = close(measured, reason=" Board of 14 July ")
    assert (found.act, found.name, found.period, found.run) == (Act.CLOSE, "2026-Q2", Q2, 2)
    assert (found.author, found.at, found.reason) == ("Ann", START + 2 * HOUR, "Board of 14 July")
    assert measured.closes.standing() == (found,)
    assert measured.closes.standing(as_of=START + HOUR) == ()


def test_a_period_may_be_closed_as_of_an_earlier_run(measured: Ledger) -> None:
    assert close(measured, run=1).run == 1
    assert failure(close, measured, run=3).startswith("2026-Q2 is closed already")


def test_a_closed_period_is_not_closed_again(measured: Ledger) -> None:
    close(measured)
    assert failure(close, measured) == (
        "2026-Q2 is closed already, as of run 2, by Ann on 2026-07-01. Reopen it first, with a reason."
    )


def test_a_period_is_reopened_with_a_reason_and_closed_again(measured: Ledger) -> None:
    first = close(measured, run=1)
    assert failure(reopen, measured, " ") == "2026-Q2 is reopened only with a reason. Say why."
    opened = reopen(measured)
    assert (opened.act, opened.reason, opened.run) == (Act.REOPEN, "An invoice was late.", 1)
    assert measured.closes.standing() == ()
    assert failure(reopen, measured) == "2026-Q2 is not closed, so it need not be reopened."
    again = close(measured, at=4)
    assert measured.closes.standing() == (again,)
    assert measured.closes.standing(as_of=START + 2 * HOUR) == (first,)
    assert measured.closes.history() == (first, opened, again)


@pytest.mark.parametrize("run", [0, 3])
def test_a_run_that_never_was_closes_nothing(measured: Ledger, run: int) -> None:
    assert failure(close, measured, run=run) == f"There is no run {run}. The newest is 2."


def test_without_a_run_nothing_is_closed(ledger: Ledger) -> None:
    assert failure(close, ledger) == (
        "Nothing has been measured yet, so nothing can be closed. Run boardseat refresh."
    )


def test_other_periods_are_closed_apart(measured: Ledger) -> None:
    first = close(measured)
    may = measured.closes.close("2026-05", month("2026-05"), author="Ann", now=START + 3 * HOUR)
    assert measured.closes.standing() == (first, may)


def test_what_is_exported_is_kept(measured: Ledger) -> None:
    one, two = (
        measured.exports.add(
            f"pack {n}", digest=f"{n:064}", author="Ann", now=START + n * HOUR, period="2026-Q2", run=2
        )
        for n in (2, 3)
    )
    assert (one.number, two.number, two.what, two.period, two.run) == (1, 2, "pack 3", "2026-Q2", 2)
    assert measured.exports.newest(5) == (two, one)
    assert measured.exports.newest(5, as_of=START + 2 * HOUR) == (one,)
    assert measured.exports.newest(1) == (two,)


@pytest.mark.parametrize("table", [closes, notes, decisions, exports], ids=lambda table: table.name)
@pytest.mark.parametrize("verb", ["delete", "update"])
def test_the_database_refuses_to_change_what_was_entered(
    measured: Ledger, table: sa.Table, verb: str
) -> None:
    close(measured)
    measured.exports.add("pack", digest="", author="Ann", now=START)
    measured.notes.write(Place("overview"), "Up.", author="Ann", now=START, based_on=0)
    measured.decisions.add(Resolution("Listen", "Ann", START.date()), author="Ann", now=START)
    statement = table.delete() if verb == "delete" else table.update().values(author="Eve")
    with pytest.raises(LedgerError, match="append-only"), measured._database.writing() as connection:
        connection.execute(statement)
