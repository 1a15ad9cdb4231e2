"""A ledger is made where there is none, opened again, and refused with a clear text where it is unfit."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.schema import SCHEMA_VERSION, runs, version
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START, cell, frame, read, record

RUN = {"started_at": START, "finished_at": START, "catalog_version": "c1", "author": "Ann"}


def refusal(url: str) -> str:
    with pytest.raises(LedgerError) as error:
        Ledger(url)
    return str(error.value)


def test_a_ledger_is_kept_between_openings(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        run = record(ledger, read(frame(cell("sales.total", "2026-05", 1.0))))
    with Ledger(ledger_url) as ledger:
        assert ledger.runs(5) == (run,)


def test_a_ledger_of_a_newer_program_is_refused(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        name = ledger.name
        with ledger._database.writing() as connection:
            connection.execute(version.update().values(version=SCHEMA_VERSION + 1))
    assert refusal(ledger_url) == (
        f"Ledger '{name}' has schema {SCHEMA_VERSION + 1}, and this program writes schema {SCHEMA_VERSION}. "
        "A newer Boardseat has written it: use that version or a later one."
    )


def test_many_programs_may_open_a_new_ledger_at_once(ledger_url: str) -> None:
    start, errors = threading.Barrier(6), []

    def opened() -> None:
        start.wait()
        try:
            Ledger(ledger_url).close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=opened) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Ledger(ledger_url) as ledger, ledger._database.reading() as connection:
        assert connection.execute(sa.select(version)).all() == [(SCHEMA_VERSION,)]


def test_a_new_ledger_waits_for_who_is_about_to_write_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path, check_same_thread=False, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        released = threading.Timer(0.5, lambda: other.execute("COMMIT"))
        released.start()
        database = LedgerDatabase(f"sqlite:///{path}")
        database.keep_journal()
        database.close()
        released.join()
    with closing(sqlite3.connect(path)) as again:
        assert again.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def test_another_database_is_not_taken_for_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "billing.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE invoices (id INT)")
    before = path.read_bytes()
    assert refusal(f"sqlite:///{path}") == (
        f"'{path}' is a database but no ledger: it holds the table 'invoices'. "
        "Give the ledger a file of its own."
    )
    assert path.read_bytes() == before


def test_reads_go_on_while_a_run_is_written(ledger: Ledger) -> None:
    record(ledger, read(frame(cell("sales.total", "2026-05", 1.0))))
    with ledger._database.writing() as connection:
        connection.execute(runs.insert().values(RUN | {"id": 2}))
        assert ledger.newest_run(None) == 1
    assert ledger.newest_run(None) == 2


def test_a_run_is_written_while_a_reader_keeps_its_moment(ledger: Ledger) -> None:
    record(ledger, read(frame(cell("sales.total", "2026-05", 1.0))))
    counted = sa.select(sa.func.count()).select_from(runs)
    with ledger._database.reading() as reader:
        assert reader.execute(counted).scalar() == 1
        assert record(ledger, at=1).id == 2
        assert reader.execute(counted).scalar() == 1
    assert ledger.newest_run(None) == 2


REMEDY = "Write sqlite:///path/ledger.db, or postgresql+psycopg://user@host/database."


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("ledger.db", f"This is no database URL. {REMEDY}"),
        ("sqlite://", f"A ledger in memory would be forgotten. {REMEDY}"),
        ("sqlite:///:memory:", f"A ledger in memory would be forgotten. {REMEDY}"),
        ("duckdb:///ledger.db", f"A ledger cannot be kept in duckdb. {REMEDY}"),
        ("nonsense://host/db", f"A ledger cannot be kept in nonsense. {REMEDY}"),
    ],
)
def test_a_url_that_is_no_ledger_is_refused(url: str, text: str) -> None:
    assert refusal(url) == text


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "ledger.db"
    assert refusal(f"sqlite:///{path}") == (
        f"Ledger '{path}' cannot be opened: unable to open database file. "
        "Its folder must exist, and this account must be allowed to write there."
    )


@pytest.mark.parametrize(
    ("damage", "detail"),
    [
        (lambda content: b"PK\x03\x04" * 4000, "file is not a database"),
        (lambda content: content[:100] + b"\xff" * (len(content) - 100), "database disk image is malformed"),
        (lambda content: content[:5000], "database disk image is malformed"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, damage: Callable[[bytes], bytes], detail: str) -> None:
    path = tmp_path / "ledger.db"
    with Ledger(f"sqlite:///{path}") as ledger:
        record(ledger, read(frame(cell("sales.total", "2026-05", 1.0))))
    path.write_bytes(damage(path.read_bytes()))
    assert refusal(f"sqlite:///{path}") == (
        f"Ledger '{path}' is damaged: {detail}. "
        "Restore it from a backup, or move it away and refresh into a new one."
    )


def test_a_server_that_is_away_is_named() -> None:
    text = refusal("postgresql+psycopg://ann:secret@127.0.0.1:1/ledger")
    assert text.startswith(
        "Ledger 'postgresql://ann:***@127.0.0.1:1/ledger' cannot be reached: connection failed"
    )
    assert text.endswith(" Check the address and whether the server is running.")
    assert "secret" not in text


def test_the_password_is_never_in_a_text(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        assert "options" not in ledger.name
        assert "secret" not in Ledger.__repr__(ledger)
