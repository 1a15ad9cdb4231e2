"""A full disk, a read-only file, a held lock, a killed process: nothing recorded is lost, and it is said."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger import months
from dashboard.ledger.recording import DatasetRead
from dashboard.ledger.schema import observations
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from tests.engines import Database
from tests.ledger.frames import cell, frame, month, read, record
from tests.ledger.recorder import CELLS

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def small(value: float = 1.0) -> DatasetRead:
    return read(frame(cell("sales.total", "2026-05", value)))


def large() -> DatasetRead:
    cells = (cell("sales.total", month("1000-01").shifted(n), n / 7) for n in range(30_000))
    return read(frame(*cells))


def failure(ledger: Ledger, reading: DatasetRead) -> str:
    with pytest.raises(LedgerError) as error:
        record(ledger, reading, at=1)
    return str(error.value)


def unharmed(ledger: Ledger) -> None:
    """The first run is there alone, and another can follow."""
    assert [run.id for run in ledger.runs(9)] == [1]
    book = ledger.book({"sales.total": "v1"}, scope=EVERYTHING)
    assert dict(book.tracks["sales.total", (), ()]) == {months.span(month("2026-05")): (1.0, 1)}
    assert record(ledger, small(2.0), at=2).id == 2


FULL = (
    "Ledger '{}' could not be written: the disk is full. "
    "Nothing of this was recorded, and all that was recorded before is kept. Free some space and try again."
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("A file system cannot be mounted here.")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    with Ledger(f"sqlite:///{small_disk / 'ledger.db'}") as ledger:
        record(ledger, small())
        assert failure(ledger, large()) == FULL.format(ledger.name)
        unharmed(ledger)


def test_a_file_that_may_not_grow_loses_nothing(file_ledger: Ledger) -> None:
    record(file_ledger, small())
    limited = True

    @sa.event.listens_for(file_ledger._database.engine, "checkout")
    def limit(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {40 if limited else 100_000}")  # type: ignore[attr-defined]

    assert failure(file_ledger, large()) == FULL.format(file_ledger.name)
    limited = False
    unharmed(file_ledger)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="boardseat-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, for whom no file is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="The system has no such accounts.")
def test_a_read_only_file_can_be_read_and_says_so_when_written(open_folder: Path) -> None:
    path = open_folder / "ledger.db"
    with Ledger(f"sqlite:///{path}") as ledger:
        record(ledger, small())
        record(ledger, small(), at=1)
    path.chmod(0o444)
    open_folder.chmod(0o777)
    with as_nobody(), Ledger(f"sqlite:///{path}") as ledger:
        assert ledger.newest_run(None) == 2
        assert failure(ledger, small(3.0)) == (
            f"Ledger '{path}' may only be read. "
            "Give this account permission to write the ledger and its folder."
        )


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="The system has no such accounts.")
def test_a_lock_file_that_cannot_be_written_is_named(open_folder: Path) -> None:
    path = open_folder / "ledger.db"
    with Ledger(f"sqlite:///{path}") as ledger:
        open_folder.chmod(0o555)
        with as_nobody(), pytest.raises(LedgerError) as error, ledger.refreshing():
            pass
    open_folder.chmod(0o755)
    assert str(error.value) == (
        f"The lock file '{path}.lock' cannot be written: Permission denied. "
        "Give this account permission to write it."
    )


def test_a_server_that_lets_nothing_be_written_says_so(postgres: Database) -> None:
    remedy = "Grant this account SELECT, INSERT and UPDATE on the ledger's tables."
    with Ledger(postgres.admin) as ledger:
        record(ledger, small())
        with pytest.raises(LedgerError) as error, ledger._database.writing() as connection:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            connection.execute(observations.delete())
        why = "cannot execute DELETE in a read-only transaction"
        assert str(error.value) == f"Ledger '{ledger.name}' may not be written: {why}. {remedy}"
    with Ledger(postgres.reader) as ledger:
        assert ledger.newest_run(None) == 1
        why = "permission denied for table ledger_runs"
        assert failure(ledger, small(2.0)) == f"Ledger '{ledger.name}' may not be written: {why}. {remedy}"


def test_a_writer_that_does_not_finish_is_told_of(
    file_ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.ledger.connecting.BUSY_SECONDS", 0.05)
    with Ledger(f"sqlite:///{file_ledger.name}") as impatient, file_ledger._database.writing():
        assert failure(impatient, small()) == (
            f"Ledger '{impatient.name}' was being written by another process "
            "for more than 0.05 seconds. Try again."
        )


def recorder(url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.recorder", url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
def test_a_killed_run_never_happened(ledger_url: str, seed: int) -> None:
    with recorder(ledger_url) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        assert process.stdout.readline() == "1\n"
        time.sleep(random.Random(seed).random() * 0.7)  # noqa: S311
        process.kill()
        told = [1, *(int(line) for line in process.stdout.read().split())]
    with Ledger(ledger_url) as ledger:
        runs = [run.id for run in reversed(ledger.runs(10_000))]
        assert runs in (told, [*told, told[-1] + 1]), (
            "what was told is kept; one more may have been under way"
        )
        per_run = sa.select(observations.c.run, sa.func.count()).group_by(observations.c.run)
        with ledger._database.reading() as connection:
            assert sorted(map(tuple, connection.execute(per_run))) == [(run, CELLS) for run in runs]
        found = ledger.book({"sales.total": "v1"}, scope=EVERYTHING).tracks["sales.total", (), ()]
        assert set(found.values()) == {(float(runs[-1]), 1)}
        lock_is_free(ledger)
        assert record(ledger, small(), at=99).id == runs[-1] + 1


def lock_is_free(ledger: Ledger) -> None:
    """At once for a file; a server needs a moment to see that its client has died."""
    for _ in range(100):
        try:
            with ledger.refreshing():
                return
        except LedgerError:
            time.sleep(0.05)
    pytest.fail("the killed process left its lock behind")


def test_another_process_holds_the_lock(ledger_url: str) -> None:
    with recorder(ledger_url) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        with Ledger(ledger_url) as ledger, pytest.raises(LedgerError) as error, ledger.refreshing():
            pass
        process.kill()
    assert str(error.value).endswith(" is running. Wait until it has finished.")
