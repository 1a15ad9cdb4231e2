"""A refresh asks nothing of files that nobody wrote to; whatever may give other figures is asked again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.changes import state_of
from connectors.sources import Source
from dashboard.errors import LedgerError
from dashboard.ledger.store import Ledger
from tests.cli.conftest import Ask
from tests.engines import Database, duckdb_file, sqlite_file

NOW = "2026-07-01T08:00:00+00:00"
UNCHANGED = "; unchanged: answers, orders\n"


@pytest.fixture
def read(boardseat: Ask, shop: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Refresh at a moment, and give the line of the source."""

    def refresh(*words: str, now: str = NOW) -> str:
        monkeypatch.setenv("BOARDSEAT_NOW", now)
        result = boardseat("refresh", "--config", shop, *words)
        assert result.exit_code == 0, result.output
        return str(result.stdout)

    return refresh


def run(shop: Path, statement: str) -> None:
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_what_was_not_written_to_is_not_asked(read: Callable[..., str], shop: Path) -> None:
    assert "unchanged" not in read()
    again = read()
    assert again.startswith("shop: ok, 2 datasets, 28 rows, 0 observations written, ")
    assert again.endswith(UNCHANGED)
    with Ledger(f"sqlite:///{shop / 'ledger.sqlite'}") as ledger:
        state = ledger.reads()["orders"]
    assert (state.rows, str(state.data_until)) == (17, "2024-10-01")


def test_a_row_more_is_found_at_once(read: Callable[..., str], shop: Path) -> None:
    read()
    run(shop, "insert into orders values (50, 1, date '2024-09-30', 20.0, 'paid', 'web', null)")
    assert "18 rows" in read().replace("29 rows", "18 rows")
    assert read().endswith(UNCHANGED)


def test_full_another_day_and_another_definition_ask_again(read: Callable[..., str], shop: Path) -> None:
    read()
    assert "unchanged" not in read("--full")
    assert read(now="2026-07-01T21:59:00+00:00").endswith(UNCHANGED)
    assert "unchanged" not in read(now="2026-07-01T22:01:00+00:00")  # past midnight in Amsterdam
    dataset = shop / "datasets" / "orders.yaml"
    dataset.write_text(dataset.read_text().replace("sum(amount)", "sum(2 * amount)"))
    assert read(now="2026-07-01T22:02:00+00:00").endswith("; unchanged: answers\n")


@pytest.mark.parametrize(
    ("sql", "asked"),
    [
        ("select * from answers where answered_on <= current_date", True),
        ("select * from answers where answered_on <= now()", True),
        ("select *, answered_on as date from answers", False),
    ],
)
def test_a_query_that_looks_at_the_clock_is_always_asked(
    read: Callable[..., str], shop: Path, sql: str, asked: bool
) -> None:
    dataset = shop / "datasets" / "answers.yaml"
    dataset.write_text(dataset.read_text().replace("table: answers", "query: answers.sql"))
    (shop / "datasets" / "answers.sql").write_text(sql)
    read()
    assert read().endswith("; unchanged: orders\n" if asked else UNCHANGED)


def test_what_failed_is_asked_again(read: Callable[..., str], boardseat: Ask, shop: Path) -> None:
    read()
    dataset = shop / "datasets" / "orders.yaml"
    sound = dataset.read_text()
    dataset.write_text(sound.replace("sum(amount)", "sum(amuont)"))
    assert boardseat("refresh", "--config", shop).exit_code == 1
    dataset.write_text(sound)
    assert read().endswith("; unchanged: answers\n")


def mark(database: Database | None = None, *, files: Path | None = None) -> str | None:
    url = sa.make_url(database.reader) if database else None
    return state_of(Source("crm", url, files))


@pytest.mark.parametrize("make", [duckdb_file, sqlite_file])
def test_a_write_of_any_size_is_another_mark(make: Callable[..., Database], tmp_path: Path) -> None:
    database = make(tmp_path, "create table t (a int)", "insert into t values (1)")
    marks = [mark(database), mark(database)]
    database.run("update t set a = 2")
    assert marks[0] == marks[1] != mark(database)


def test_a_copy_with_the_old_time_is_another_mark(tmp_path: Path) -> None:
    """A tool may give a new file the old file's time; when it was put there cannot be faked."""
    file = tmp_path / "t.csv"
    file.write_text("a\n1\n")
    before, times = mark(files=tmp_path), file.stat()
    file.write_text("a\n2\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert file.stat().st_size == times.st_size
    assert mark(files=tmp_path) != before


def test_a_server_has_no_mark(postgres: Database) -> None:
    assert mark(postgres) is None
    assert state_of(Source("crm", sa.make_url("duckdb://"), None)) is None
    assert state_of(Source("crm", sa.make_url("sqlite:////nowhere/x"), None)) is None


SLOW = """
create table orders as
select i as order_id, i % 1000 as customer_id, date '2024-01-01' + cast(i % 300 as integer) as ordered_at,
       1.0 as amount, 'paid' as status, 'web' as channel, cast(null as date) as returned_on
from range(20000000) t(i)
"""


def wait_for_refresh(shop: Path) -> None:
    """Until another process holds the refresh lock, and is at its statement."""
    for _ in range(150):
        try:
            with Ledger(f"sqlite:///{shop / 'ledger.sqlite'}") as ledger, ledger.refreshing():
                pass
        except LedgerError:
            break
        time.sleep(0.2)
    time.sleep(1.5)


@pytest.mark.slow
def test_ctrl_c_leaves_the_ledger_as_it_was(read: Callable[..., str], shop: Path, home: Path) -> None:
    """A real SIGINT to a real process, in the middle of a statement."""
    read()
    run(shop, "drop table orders")
    run(shop, SLOW)
    command = [sys.executable, "-m", "dashboard", "refresh", "--full", "--config", str(shop)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for_refresh(shop)
    running = process.poll() is None
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert running, told
    assert process.returncode == 130
    with Ledger(f"sqlite:///{shop / 'ledger.sqlite'}") as ledger:
        assert [each.id for each in ledger.runs(9)] == [1]
        assert ledger.reads()["orders"].rows == 17
        with ledger.refreshing():
            pass  # the lock has been given back
