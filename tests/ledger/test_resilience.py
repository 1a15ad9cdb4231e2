"""Killed refreshers, a server that restarts, clocks that go back, and eight who write at once."""

import random
import time
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from dashboard.definitions.model import Catalog
from dashboard.errors import LedgerError
from dashboard.ledger.refresh import refresh
from dashboard.ledger.schema import observations
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from tests.engines import Database
from tests.ledger.frames import START, cell, frame, month, quarter, read, record
from tests.ledger.processes import CELLS, CONTEXT, HERE, edit, record_for_ever, record_one, started
from tests.ledger.readers import Clock, Shelf, failing, found

KILLS, EDITORS, EDITS = 200, 8, 125
TOTAL = {"sales.total": "v1"}


@pytest.mark.slow
def test_refreshers_killed_at_any_point_leave_whole_runs(ledger_url: str) -> None:
    """Two hundred times; each is followed by a run that succeeds."""
    chance = random.Random(11)  # noqa: S311
    recorded = 1
    with Ledger(ledger_url) as ledger:
        begun = time.perf_counter()
        record_one(ledger)
        one_run = time.perf_counter() - begun
    for _ in range(KILLS):
        ready = CONTEXT.Event()
        process = started(record_for_ever, ledger_url, ready)
        assert ready.wait(60)
        time.sleep(3 * one_run * chance.random())  # before, inside and after its first runs
        process.kill()
        process.join()
        with Ledger(ledger_url) as ledger:
            whole(ledger)
            recorded += record_when_free(ledger)
    with Ledger(ledger_url) as ledger:
        runs = ledger.newest_run() or 0
        assert runs > recorded == KILLS + 1, "the killed ones have recorded something, too"
        assert ledger.verify().problems == ()


def whole(ledger: Ledger) -> None:
    """The newest run is there with all its values, and nothing of a later one is."""
    newest = ledger.newest_run() or 0
    later = sa.select(sa.func.count()).select_from(observations).where(observations.c.run >= newest)
    with ledger._database.reading() as connection:
        assert connection.execute(later).scalar() == (CELLS if newest else 0)
    track = ledger.book(TOTAL, scope=EVERYTHING).tracks.get(("sales.total", (), ()), {})
    assert set(track.values()) == ({(float(newest), 1)} if newest else set())


def record_when_free(ledger: Ledger) -> bool:
    """A server needs a moment to see that its client has died."""
    for _ in range(200):
        try:
            with ledger.refreshing():
                return record_one(ledger) > 0
        except LedgerError as error:
            assert str(error).endswith("is running. Wait until it has finished.")
            time.sleep(0.02)
    return False


@pytest.mark.slow
def test_a_thousand_edits_by_eight_lose_nothing(ledger_url: str) -> None:
    Ledger(ledger_url).close()
    authors = [chr(ord("a") + place) for place in range(EDITORS)]
    processes = [started(edit, ledger_url, author, EDITS) for author in authors]
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * EDITORS
    with Ledger(ledger_url) as ledger:
        history = ledger.notes.history(HERE)
        assert [note.version for note in reversed(history)] == list(range(1, EDITORS * EDITS + 1))
        texts = [note.text.split() for note in reversed(history)]
        assert {text[0] for text in texts} == {f"{who}{line}" for who in authors for line in range(EDITS)}
        assert texts[0][2] == "nothing"
        for before, after in pairwise(texts):
            assert after[2] == before[0], "each builds on the one that its author saw"
        moments = [note.at for note in history]
        assert moments == sorted(moments, reverse=True)
        assert len(set(moments)) == len(moments)
        assert ledger.verify().problems == ()


def restart(server: Database) -> None:
    """End every session of the database, as a restart of the server does."""
    engine = sa.create_engine(server.admin, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    engine.dispose()


CUT = (
    "Ledger '{}' was cut off: terminating connection due to administrator command. "
    "Nothing of this was recorded. Try again once the server is running."
)


def test_a_server_that_restarts_between_two_reads_is_not_noticed(postgres: Database) -> None:
    with Ledger(postgres.admin) as ledger:
        record(ledger, read(frame(cell("sales.total", "2026-05", 1.0))))
        restart(postgres)
        assert ledger.newest_run() == 1


def test_a_server_that_restarts_while_a_run_is_written_loses_that_run_alone(postgres: Database) -> None:
    with Ledger(postgres.admin) as ledger:
        record(ledger, read(frame(cell("sales.total", "2026-05", 1.0))))
        with pytest.raises(LedgerError) as error, ledger._database.writing() as connection:
            connection.execute(observations.insert().values(series=1, start_month=1, end_month=2, run=2))
            restart(postgres)
            connection.execute(observations.insert().values(series=1, start_month=2, end_month=3, run=2))
        assert str(error.value) == CUT.format(ledger.name)
        assert record(ledger, read(frame(cell("sales.total", "2026-05", 2.0))), at=1).id == 2
        assert ledger.verify().problems == ()


def test_a_refresh_that_lost_its_lock_records_nothing(postgres: Database, company: Catalog) -> None:
    survey = found("survey.answers", 30.0)

    def cut_off(since):  # type: ignore[no-untyped-def]
        restart(postgres)
        return survey(since)

    books = Shelf({"accounts": found("accounts.revenue", 1.0), "plan": found("plan.revenue")})
    with Ledger(postgres.admin) as ledger:
        with pytest.raises(LedgerError) as error:
            refresh(
                company,
                {"shop": Shelf({"survey": cut_off}), "books": books},
                ledger,
                now=Clock(),
                author="Ann",
            )
        assert str(error.value) == (
            f"The connection that kept others from refreshing into ledger '{ledger.name}' was lost, "
            "so this run was not recorded. Refresh again."
        )
        assert ledger.newest_run() is None
        again = {"shop": Shelf({"survey": survey}), "books": books}
        assert refresh(company, again, ledger, now=Clock(), author="Ann").run.id == 1


def test_a_source_that_fails_halfway_keeps_what_it_gave(company: Catalog, ledger: Ledger) -> None:
    shop = Shelf({"survey": found("survey.answers", 30.0)})
    broken = Shelf({"accounts": found("accounts.revenue", 5.0), "plan": failing(OSError("the cable is out"))})
    report = refresh(company, {"shop": shop, "books": broken}, ledger, now=Clock(), author="Ann")
    assert [each.dataset for each in report.failures] == ["plan"]
    book = ledger.book({"accounts.revenue": company.measure("accounts.revenue").version}, scope=EVERYTHING)
    assert book.observation("accounts.revenue", month("2026-01")) is not None
    assert ledger.reads()["plan"].last_ok_at is None


def test_a_clock_that_goes_back_leaves_runs_in_their_order(ledger: Ledger) -> None:
    first = record(ledger, read(frame(cell("sales.total", "2026-05", 1.0))), at=5)
    second = record(ledger, read(frame(cell("sales.total", "2026-05", 2.0))), at=1)
    assert (second.finished_at, second.started_at) == (
        first.finished_at + timedelta(microseconds=1),
        START + timedelta(minutes=59),
    )
    close = ledger.closes.close("2026-Q2", quarter("2026-05"), author="Ann", now=START)
    assert close.at == second.finished_at + timedelta(microseconds=1)
    for run, value in ((first, 1.0), (second, 2.0)):
        book = ledger.book(TOTAL, scope=EVERYTHING, as_of=run.finished_at)
        assert book.run == run.id
        observed = book.observation("sales.total", month("2026-05"))
        assert observed is not None
        assert observed.value == value
    assert ledger.closes.standing(as_of=second.finished_at) == ()


def test_a_clock_that_stands_still_gives_every_run_its_moment(ledger: Ledger) -> None:
    runs = [record(ledger, at=1) for _ in range(3)]
    assert [ledger.newest_run(run.finished_at) for run in runs] == [1, 2, 3]


def test_readers_do_not_wait_for_a_refresher(ledger: Ledger, ledger_url: str) -> None:
    record(ledger, read(frame(cell("sales.total", "2026-05", 1.0))))
    with Ledger(ledger_url) as other, other.refreshing(), other._database.writing() as connection:
        connection.execute(observations.insert().values(series=1, start_month=1, end_month=2, run=2))
        began = time.monotonic()
        assert ledger.book(TOTAL, scope=EVERYTHING).run == 1
        assert ledger.verify().problems == ()
        assert ledger.notes.of_period("2026-Q2") == ()
        assert time.monotonic() - began < 5
        connection.rollback()
