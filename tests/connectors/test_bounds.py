"""A source in use is bounded: time, connections, attempts. And it can be stopped."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.errors import SourceBusy, SourceUnreachable, StatementCancelled, StatementTimeout
from tests.connectors.opening import opened
from tests.engines import Database

# A statement that runs for minutes on each engine.
ENDLESS = {
    "duckdb": "SELECT count(*) AS c FROM range(1000000) a(i), range(1000000) b(j) WHERE (i * j) % 7 = 3",
    "sqlite": "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) AS c FROM r",
    "postgresql": "SELECT pg_sleep(60) AS c",
    "mariadb": "SELECT sleep(60) AS c",
}


def test_a_statement_that_takes_too_long(database: Database) -> None:
    with opened(database.admin, timeout_seconds=0.5) as engine:
        started = time.monotonic()
        with pytest.raises(StatementTimeout) as told:
            engine.fetch(sa.text(ENDLESS[database.engine]))
        assert 0.4 < time.monotonic() - started < 10
        assert engine.fetch(sa.text("SELECT 1 AS one")) == [(1,)]
    assert str(told.value) == (
        "Source 'billing': the statement ran longer than 0.5 seconds and was stopped. "
        "Narrow the dataset, or raise timeout in sources/billing.yaml."
    )


def test_a_time_out_counts_from_the_statement_not_from_the_connection(database: Database) -> None:
    with opened(database.admin, timeout_seconds=0.8, pool_size=1) as engine:
        for _ in range(4):
            assert engine.fetch(sa.text("SELECT 1 AS one")) == [(1,)]
            time.sleep(0.25)


def test_a_stream_that_takes_too_long(sqlite_database: Database, duckdb_database: Database) -> None:
    for database in (sqlite_database, duckdb_database):
        with opened(database.admin, timeout_seconds=0.5) as engine, pytest.raises(StatementTimeout):
            list(engine.stream(sa.text(ENDLESS[database.engine])))


@contextmanager
def started(run: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Run in a thread; the list holds what it raised when the block has ended."""
    raised: list[BaseException] = []

    def catch() -> None:
        try:
            run()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=catch)
    thread.start()
    try:
        yield raised
    finally:
        thread.join(10)
    assert not thread.is_alive()


def test_a_statement_is_cancelled_from_another_thread(database: Database) -> None:
    with opened(database.admin, timeout_seconds=30) as engine:
        engine.fetch(sa.text("SELECT 1 AS one"))
        with started(lambda: engine.fetch(sa.text(ENDLESS[database.engine]))) as raised:
            deadline = time.monotonic() + 10
            while not raised and time.monotonic() < deadline:
                time.sleep(0.1)
                engine.cancel()
        assert [type(error) for error in raised] == [StatementCancelled]
        assert str(raised[0]) == (
            "Source 'billing': the statement was cancelled. Refresh again when you want it."
        )
        engine.cancel()  # nothing runs: nothing happens, and the next statement is not hit
        assert engine.fetch(sa.text("SELECT 1 AS one")) == [(1,)]


@contextmanager
def hanging_up() -> Iterator[tuple[int, list[float]]]:
    """A server that takes a connection and hangs up at once; gives its port and when it was called."""
    calls: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                calls.append(time.monotonic())
                caller.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], calls
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
def test_connecting_is_tried_again_with_longer_pauses(driver: str) -> None:
    with hanging_up() as (port, calls), opened(f"{driver}://reader@127.0.0.1:{port}/x", retries=2) as engine:
        with pytest.raises(SourceUnreachable):
            engine.fetch(sa.text("SELECT 1"))
        assert len(calls) == 3
        assert calls[1] - calls[0] >= 0.24
        assert calls[2] - calls[1] >= 0.49


def test_a_wrong_database_is_not_tried_again(postgres: Database) -> None:
    url = sa.make_url(postgres.admin).set(database="nowhere").render_as_string(hide_password=False)
    with opened(url, retries=10) as engine:
        started_at = time.monotonic()
        with pytest.raises(Exception, match="there is no database 'nowhere'"):
            engine.fetch(sa.text("SELECT 1"))
        assert time.monotonic() - started_at < 5


def test_waiting_to_connect_is_cancelled() -> None:
    with opened("postgresql+psycopg://reader@127.0.0.1:1/x", retries=10) as engine:
        began = time.monotonic()
        with started(lambda: engine.fetch(sa.text("SELECT 1"))) as raised:
            time.sleep(0.4)
            engine.cancel()
    assert time.monotonic() - began < 5
    assert [str(error) for error in raised] == [
        "Source 'billing': connecting was cancelled. Refresh again when you want it."
    ]


def test_a_file_that_is_free_again_is_opened(duckdb_database: Database) -> None:
    path = duckdb_database.admin.removeprefix("duckdb:///")
    hold = f"held = duckdb.connect({path!r}); print('open', flush=True); time.sleep(0.4)"
    command = [sys.executable, "-c", f"import duckdb, time; {hold}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        with opened(duckdb_database.admin, retries=5) as engine:
            assert engine.fetch(sa.text("SELECT 1 AS one")) == [(1,)]


def test_no_more_connections_than_the_pool_has(database: Database) -> None:
    with opened(database.admin, pool_size=1, timeout_seconds=0.8) as engine:
        engine.fetch(sa.text("SELECT 1 AS one"))
        with engine.connection(), pytest.raises(SourceBusy) as told:
            engine.fetch(sa.text("SELECT 1 AS one"))
    assert str(told.value) == (
        "Source 'billing': its pool of 1 is all in use. Raise pool in sources/billing.yaml, or refresh later."
    )


def test_many_threads_share_one_source(database: Database) -> None:
    found: list[int] = []

    def ask(engine: SourceEngine) -> None:
        for _ in range(5):
            found.extend(engine.fetch(sa.text("SELECT 1 AS one"))[0])

    with opened(database.admin, pool_size=2) as engine:
        threads = [threading.Thread(target=ask, args=(engine,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [1] * 30


def kick_out(database: Database) -> None:
    """End every connection of the source at the server, as a restart would."""
    if database.engine == "postgresql":
        database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'boardseat'"
        )
        return
    engine = sa.create_engine(database.admin, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()"
        )
        for (number,) in found.all():
            connection.exec_driver_sql(f"KILL CONNECTION {number}")
    engine.dispose()


@pytest.mark.parametrize("name", ["postgres", "mariadb"])
def test_a_server_that_was_restarted_is_asked_again(name: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(name)
    with opened(database.admin, pool_size=1) as engine:
        assert engine.fetch(sa.text("SELECT 1 AS one")) == [(1,)]
        kick_out(database)
        assert engine.fetch(sa.text("SELECT 1 AS one")) == [(1,)]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("postgres", "terminating connection due to administrator command"),
        ("mariadb", "Lost connection to MySQL server during query"),
    ],
)
def test_a_connection_that_breaks(name: str, why: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(name)
    with opened(database.admin, timeout_seconds=30) as engine:
        engine.fetch(sa.text("SELECT 1 AS one"))
        with started(lambda: engine.fetch(sa.text(ENDLESS[database.engine]))) as raised:
            deadline = time.monotonic() + 10
            while not raised and time.monotonic() < deadline:
                time.sleep(0.3)  # it may not have begun yet
                kick_out(database)
        assert [type(error) for error in raised] == [SourceUnreachable]
        host = sa.make_url(database.admin)
        assert str(raised[0]) == (
            f"Source 'billing': the connection to {host.host}:{host.port} broke ({why}). "
            "Refresh again, or ask its administrator."
        )
