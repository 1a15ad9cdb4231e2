"""What a source gives, and that it is bounded: time, connections, attempts; and stoppable."""

import datetime as dt
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.errors import SourceBusy, SourceUnreachable, StatementCancelled, StatementTimeout
from tests.connectors.opening import opened
from tests.engines import Database

INVOICES = sa.Table(
    "invoices",
    sa.MetaData(),
    sa.Column("id", sa.Integer),
    sa.Column("name", sa.String(20)),
    sa.Column("amount", sa.Numeric(10, 2)),
    sa.Column("billed_on", sa.Date),
    sa.Column("paid_at", sa.DateTime),
)
ROWS = [
    {
        "id": number,
        "name": "50 %",
        "amount": Decimal("2.50") * number,
        "billed_on": dt.date(2026, 1, number),
        "paid_at": dt.datetime(2026, 2, number, 10, 30),  # noqa: DTZ001
    }
    for number in range(1, 6)
]
# A statement that runs for minutes on each engine.
ENDLESS = {
    "duckdb": "SELECT count(*) AS c FROM range(1000000) a(i), range(1000000) b(j) WHERE (i * j) % 7 = 3",
    "sqlite": "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) AS c FROM r",
    "postgresql": "SELECT pg_sleep(60) AS c",
    "mariadb": "SELECT sleep(60) AS c",
}


@pytest.fixture
def invoices(database: Database) -> Database:
    database.fill(INVOICES, ROWS)
    return database


def test_rows_are_plain_tuples(invoices: Database) -> None:
    with opened(invoices.admin) as engine:
        asked = sa.select(INVOICES).where(INVOICES.c.id == sa.bindparam(None, 3))
        row = (3, "50 %", Decimal("7.50"), dt.date(2026, 1, 3), dt.datetime(2026, 2, 3, 10, 30))  # noqa: DTZ001
        found = engine.fetch(asked)
    assert found == [row]
    assert type(found[0]) is tuple


def test_text_is_asked_with_its_parameters(invoices: Database) -> None:
    with opened(invoices.admin) as engine:
        asked = sa.text("SELECT id FROM invoices WHERE id > :low AND name = '50 %'")
        assert sorted(engine.fetch(asked.bindparams(low=3))) == [(4,), (5,)]


def test_a_stream_comes_in_lists(invoices: Database) -> None:
    with opened(invoices.admin, pool_size=1) as engine:
        asked = sa.select(INVOICES.c.id).order_by(INVOICES.c.id)
        assert list(engine.stream(asked, size=2)) == [[(1,), (2,)], [(3,), (4,)], [(5,)]]
        left = engine.stream(asked, size=2)
        assert next(left) == [(1,), (2,)]
        left.close()  # given up half way, it gives its connection back
        assert len(engine.fetch(asked)) == 5


def test_columns_are_those_of_the_table(invoices: Database) -> None:
    with opened(invoices.admin) as engine:
        found = engine.columns("invoices")
    assert list(found) == ["id", "name", "amount", "billed_on", "paid_at"]
    kinds = (sa.Integer, sa.String, sa.Numeric, sa.Date, sa.DateTime)
    assert all(isinstance(found[name], kind) for name, kind in zip(found, kinds, strict=True))


def test_columns_of_a_query_need_no_row(invoices: Database) -> None:
    sql = "SELECT *, amount / 2 AS half, '10:30 %' AS told -- a comment at the end\nFROM invoices;\n"
    with opened(invoices.admin) as engine:
        found = engine.query_columns(sql)
    assert list(found) == [*INVOICES.c.keys(), "half", "told"]
    dated = (sa.Text, sa.Text) if invoices.engine == "sqlite" else (sa.Date, sa.DateTime)
    number = (sa.Numeric, sa.Float)
    kinds = (sa.Integer, sa.String, number, *dated, number, sa.String)
    for name, kind in zip(found, kinds, strict=True):
        assert isinstance(found[name], kind), (name, found[name])


def test_a_zone_in_a_type_is_kept(postgres: Database, duckdb_database: Database) -> None:
    for database in (postgres, duckdb_database):
        database.run("CREATE TABLE seen (seen_at TIMESTAMP WITH TIME ZONE, done BOOLEAN, tags VARCHAR(5)[])")
        with opened(database.admin) as engine:
            for found in (engine.columns("seen"), engine.query_columns("SELECT * FROM seen")):
                assert isinstance(found["seen_at"], sa.DateTime)
                assert found["seen_at"].timezone
                assert isinstance(found["done"], sa.Boolean)
            assert isinstance(engine.query_columns("SELECT * FROM seen")["tags"], sa.types.NullType)


def test_tables_and_views_are_listed(invoices: Database) -> None:
    invoices.run("CREATE VIEW paid AS SELECT * FROM invoices")
    with opened(invoices.admin) as engine:
        assert engine.tables() == ["invoices", "paid"]
        assert list(engine.columns("paid")) == list(INVOICES.c.keys())


@pytest.mark.parametrize("name", ["postgres", "duckdb_database"])
def test_a_table_of_another_schema(name: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(name)
    database.run("CREATE SCHEMA raw", "CREATE TABLE raw.orders (id INT)", "CREATE TABLE orders (no INT)")
    with opened(database.admin) as engine:
        assert engine.tables() == ["orders", "raw.orders"]
        assert list(engine.columns("raw.orders")) == ["id"]
        assert list(engine.columns("orders")) == ["no"]


def test_rows_are_estimated_where_there_are_statistics(invoices: Database) -> None:
    if invoices.engine in ("postgresql", "mariadb"):
        invoices.run("ANALYZE invoices" if invoices.engine == "postgresql" else "ANALYZE TABLE invoices")
    with opened(invoices.admin) as engine:
        assert engine.estimated_rows("invoices") == (None if invoices.engine == "sqlite" else 5)
        assert engine.estimated_rows("nothing") is None


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_time_is_told_in_utc_wherever_it_runs(
    database: Database, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.engine == "sqlite":
        pytest.skip("SQLite has no time zones")
    instant = "2026-03-01 23:30:00"
    if database.engine == "mariadb":
        asked = sa.text("SELECT CAST(FROM_UNIXTIME(1772407800) AS CHAR) AS told")
    else:
        asked = sa.text(f"SELECT CAST(TIMESTAMPTZ '{instant}+00' AS VARCHAR) AS told")
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("PGTZ", zone)
    with opened(database.admin) as engine:
        assert str(engine.fetch(asked)[0][0]).startswith(instant)


def test_a_statement_that_takes_too_long(database: Database) -> None:
    with opened(database.admin, timeout_seconds=0.5) as engine:
        started = time.monotonic()
        with pytest.raises(StatementTimeout) as told:
            engine.fetch(sa.text(ENDLESS[database.engine]))
        assert 0.4 < time.monotonic() - started < 5
        assert engine.fetch(sa.text("SELECT 1 AS one")) == [(1,)]
    assert str(told.value) == (
        "Source 'billing': the statement ran longer than 0.5 seconds and was stopped. "
        "Narrow the dataset, or raise timeout in sources/billing.yaml."
    )


def test_a_time_out_counts_from_the_statement_not_from_the_connection(database: Database) -> None:
    with opened(database.admin, timeout_seconds=0.5, pool_size=1) as engine:
        for _ in range(3):
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
    yield raised
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
        yield server.getsockname()[1], calls
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
def test_connecting_is_tried_again_with_longer_pauses(driver: str) -> None:
    with hanging_up() as (port, calls), opened(f"{driver}://reader@127.0.0.1:{port}/x", retries=2) as engine:
        with pytest.raises(SourceUnreachable):
            engine.fetch(sa.text("SELECT 1"))
        assert len(calls) == 3
        assert 0.2 < calls[1] - calls[0] < calls[2] - calls[1] < 2


def test_a_wrong_database_is_not_tried_again(postgres: Database) -> None:
    url = sa.make_url(postgres.admin).set(database="nowhere").render_as_string(hide_password=False)
    with opened(url, retries=10) as engine:
        started_at = time.monotonic()
        with pytest.raises(Exception, match="there is no database 'nowhere'"):
            engine.fetch(sa.text("SELECT 1"))
        assert time.monotonic() - started_at < 2


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
    with opened(database.admin, pool_size=1, timeout_seconds=0.4) as engine:
        engine.fetch(sa.text("SELECT 1 AS one"))
        with engine.connection(), pytest.raises(SourceBusy) as told:
            engine.fetch(sa.text("SELECT 1 AS one"))
    assert str(told.value) == (
        "Source 'billing': its pool of 1 is all in use. Raise pool in sources/billing.yaml, or refresh later."
    )


def test_many_threads_share_one_source(invoices: Database) -> None:
    found: list[int] = []

    def ask(engine: SourceEngine) -> None:
        for _ in range(5):
            found.append(len(engine.fetch(sa.select(INVOICES))))

    with opened(invoices.admin, pool_size=2) as engine:
        threads = [threading.Thread(target=ask, args=(engine,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [5] * 30


def test_two_engines_on_one_source(invoices: Database) -> None:
    with opened(invoices.admin) as first, opened(invoices.admin) as second:
        assert first.fetch(sa.select(INVOICES)) == second.fetch(sa.select(INVOICES))
        first.close()
        assert len(second.fetch(sa.select(INVOICES))) == 5


def test_a_closed_duckdb_engine_lets_others_write(duckdb_database: Database) -> None:
    with opened(duckdb_database.admin) as engine:
        engine.fetch(sa.text("SELECT 1 AS one"))
    duckdb_database.run("CREATE TABLE later (id INT)")


def test_a_sqlite_file_is_read_while_somebody_writes_it(sqlite_database: Database) -> None:
    import sqlite3

    sqlite_database.run("PRAGMA journal_mode = WAL", "CREATE TABLE answers (id INT)")
    writer = sqlite3.connect(sqlite_database.admin.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO answers VALUES (1)")
    with opened(sqlite_database.admin) as engine:
        assert engine.fetch(sa.text("SELECT count(*) AS c FROM answers")) == [(0,)]
        writer.execute("COMMIT")
        assert engine.fetch(sa.text("SELECT count(*) AS c FROM answers")) == [(1,)]
    writer.close()


def test_what_does_not_fit_into_memory_goes_beside_no_users_file(
    duckdb_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import pathlib

    folder = pathlib.Path(duckdb_database.admin.removeprefix("duckdb:///")).parent
    before = set(folder.iterdir())
    asked = "SELECT count(DISTINCT repeat('x', 50) || n) AS c FROM range(1000000) AS r(n)"
    with opened(f"{duckdb_database.admin}?memory_limit=50MB&threads=1", timeout_seconds=60) as engine:
        assert engine.fetch(sa.text(asked)) == [(1000000,)]
        assert set(folder.iterdir()) == before
