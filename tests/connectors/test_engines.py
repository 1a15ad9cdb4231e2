"""What a source gives: rows, streams, tables, columns and their types, the same on each engine."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

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
        asked = sa.text("SELECT concat(FROM_UNIXTIME(1772407800), @@session.time_zone) AS told")
    else:
        asked = sa.text(f"SELECT CAST(TIMESTAMPTZ '{instant}+00' AS VARCHAR) AS told")
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("PGTZ", zone)
    with opened(database.admin) as engine:
        assert str(engine.fetch(asked)[0][0]).removesuffix(":00") == f"{instant}+00"


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
