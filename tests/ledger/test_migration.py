"""A ledger of an older program is brought forward with nothing lost, after a copy of it was taken."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.ledger import migrating
from dashboard.ledger.book import Observation
from dashboard.ledger.closes import Act
from dashboard.ledger.schema import SCHEMA_VERSION, metadata, observations, seals, version
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.sealing import sealed
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START, cell, frame, month, quarter, read, record
from tests.ledger.version_1 import write_version_1

TOTAL = {"sales.total": "v1"}


@pytest.fixture
def old(ledger_url: str) -> str:
    """The address of a ledger of schema 1."""
    write_version_1(ledger_url)
    return ledger_url


def rows(ledger: Ledger, table: str) -> list[str]:
    with ledger._database.reading() as connection:
        return sorted(map(str, connection.exec_driver_sql(f"SELECT * FROM {table}")))


def test_all_that_was_recorded_is_still_there(old: str) -> None:
    with Ledger(old) as ledger:
        assert [run.id for run in ledger.runs(9)] == [4, 3, 2, 1]
        book = ledger.book(TOTAL, [("plan",)], scope=EVERYTHING)
        assert book.observation("sales.total", month("2026-05")) == Observation(13.5, 5)
        assert book.observation("sales.total", month("2026-04")) is None
        assert book.observation("sales.total", month("2026-05"), ("plan",), ("Zürich",)) == Observation(
            None, 0
        )
        assert ledger.reads()["sales"].failure == "Source 'shop' is away."


def test_a_clock_that_went_back_in_schema_1_hides_no_run_before_it(old: str) -> None:
    with Ledger(old) as ledger:
        asked = [START + timedelta(hours=hour) for hour in (0, 1, 2, 3)]
        assert [ledger.newest_run(moment) for moment in asked] == [1, 1, 3, 4]


def test_what_is_new_can_be_used(old: str) -> None:
    with Ledger(old) as ledger:
        assert record(ledger, read(frame(cell("sales.total", "2026-05", 14.0))), at=9).id == 5
        close = ledger.closes.close("2026-Q2", quarter("2026-05"), author="Ann", now=START, run=2)
        assert (close.act, close.run) == (Act.CLOSE, 2)
        with ledger._database.reading() as connection:
            stored = dict(map(tuple, connection.execute(sa.select(seals))))
            assert dict(sealed(connection)) == stored
        assert sorted(stored) == [1, 2, 3, 4, 5]


def test_a_file_is_copied_first(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    write_version_1(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as before:
        expected = list(before.iterdump())
    Ledger(f"sqlite:///{path}").close()
    copy = tmp_path / "ledger-backup-1-20260701T090000Z.sqlite"
    with closing(sqlite3.connect(copy)) as backup:
        assert list(backup.iterdump()) == expected
    copy.replace(path)
    Ledger(f"sqlite:///{path}").close()
    assert copy.exists(), "the copy can be put back, and is brought forward again"


def test_no_copy_is_overwritten(tmp_path: Path) -> None:
    for _ in range(2):
        (tmp_path / "ledger.sqlite").unlink(missing_ok=True)
        write_version_1(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
        Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}").close()
    names = sorted(path.name for path in tmp_path.glob("*backup*"))
    assert names == ["ledger-backup-1-20260701T090000Z-2.sqlite", "ledger-backup-1-20260701T090000Z.sqlite"]


def test_tables_of_a_server_are_copied_first(old: str) -> None:
    if old.startswith("sqlite"):
        pytest.skip("A file is copied as a file.")
    with Ledger(old) as ledger:
        assert rows(ledger, "backup_1_20260701t090000z_schema") == ["(1,)"]
        for table in ("runs", "reads", "series", "observations", "latest"):
            assert rows(ledger, f"backup_1_20260701t090000z_{table}") == rows(ledger, f"ledger_{table}")


def test_a_ledger_brought_forward_has_the_tables_of_a_new_one(old: str, tmp_path: Path) -> None:
    with Ledger(old) as ledger, ledger._database.reading() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.tables.values():
            columns = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
            assert columns == {column.name: column.nullable for column in table.columns}, table.name


def test_a_migration_that_fails_changes_nothing(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second = migrating.MIGRATIONS[2]

    def broken(connection: sa.Connection) -> None:
        second(connection)
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(migrating, "MIGRATIONS", {2: broken})
    with pytest.raises(RuntimeError):
        Ledger(old)
    monkeypatch.undo()
    with Ledger(old) as ledger, ledger._database.reading() as connection:
        assert connection.execute(sa.select(version)).all() == [(SCHEMA_VERSION,)]
        assert connection.execute(sa.select(sa.func.count()).select_from(observations)).scalar() == 6


def test_many_programs_may_bring_it_forward_at_once(old: str) -> None:
    start, errors = threading.Barrier(4), []

    def opened() -> None:
        start.wait()
        try:
            Ledger(old).close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Ledger(old) as ledger:
        assert [run.id for run in ledger.runs(9)] == [4, 3, 2, 1]


def test_every_version_has_its_migration() -> None:
    assert sorted(migrating.MIGRATIONS) == list(range(2, SCHEMA_VERSION + 1))
