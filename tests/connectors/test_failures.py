"""What goes wrong outside, made to go wrong for real, and the whole text that a user then reads."""

import logging
import pickle
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.errors import (
    MissingTable,
    SourceBusy,
    SourceDataError,
    SourceError,
    SourceRefused,
    SourceUnreachable,
)
from tests.connectors.opening import opened
from tests.engines import Database, duckdb_file, sqlite_file

CORRECT = "or correct url in sources/billing.yaml."
ONE = sa.text("SELECT 1 AS one")


def failure(place: str | Path, statement: sa.Executable = ONE, **settings: object) -> SourceError:
    with opened(place, **settings) as engine, pytest.raises(SourceError) as caught:
        engine.fetch(statement)
    assert caught.value.source == "billing"
    return caught.value


def told(kind: type[SourceError], place: str | Path, statement: str = "SELECT 1 AS one") -> str:
    error = failure(place, sa.text(statement))
    assert type(error) is kind
    return str(error).removeprefix("Source 'billing': ")


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
def test_a_server_that_is_not_there(driver: str) -> None:
    assert told(SourceUnreachable, f"{driver}://reader:geheim@127.0.0.1:1/x") == (
        f"nothing answers at 127.0.0.1:1 (Connection refused). Start the database, {CORRECT}"
    )


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
def test_a_host_that_is_not_known(driver: str) -> None:
    text = told(SourceUnreachable, f"{driver}://reader:geheim@no-such-host.invalid/x")
    assert text.startswith("nothing answers at no-such-host.invalid (")
    assert text.endswith(f"). Start the database, {CORRECT}")


def test_a_wrong_password(mariadb: Database) -> None:
    url = sa.make_url(mariadb.reader).set(password="geheim4711")
    text = told(SourceRefused, url.render_as_string(hide_password=False))
    assert text.startswith(f"the database refused user '{url.username}' (Access denied for user ")
    assert text.endswith(
        "(using password: YES)). Correct the user or the password of url in sources/billing.yaml."
    )


def test_a_user_that_is_not_known(postgres: Database) -> None:
    url = sa.make_url(postgres.admin).set(username="nobody_here", password="geheim4711")
    assert told(SourceRefused, url.render_as_string(hide_password=False)) == (
        "the database refused user 'nobody_here' (role \"nobody_here\" does not exist). "
        "Correct the user or the password of url in sources/billing.yaml."
    )


@pytest.mark.parametrize("engine", ["postgres", "mariadb"])
def test_a_database_that_is_not_known(engine: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(engine)
    url = sa.make_url(database.admin).set(database="no_such_database")
    assert told(SourceRefused, url.render_as_string(hide_password=False)) == (
        f"there is no database 'no_such_database' at {url.host}:{url.port}. "
        "Correct url in sources/billing.yaml."
    )


def test_a_table_that_one_may_not_read(postgres: Database) -> None:
    postgres.run("CREATE SCHEMA private", "CREATE TABLE private.pay (id INT)")
    user = sa.make_url(postgres.reader).username
    assert told(SourceRefused, postgres.reader, "SELECT * FROM private.pay") == (
        f"user '{user}' may not do this (permission denied for schema private). Ask for the SELECT right."
    )


def test_a_table_that_is_not_there(database: Database) -> None:
    database.run("CREATE TABLE invoices (id INT)")
    nearly = "there is no table 'invoice'. Did you mean 'invoices'?"
    assert told(MissingTable, database.admin, "SELECT * FROM invoice") == nearly
    with opened(database.admin) as engine, pytest.raises(MissingTable) as caught:
        engine.columns("invoice")
    assert caught.value.message == nearly
    assert told(MissingTable, database.admin, "SELECT * FROM zzz") == (
        "there is no table 'zzz'. Known: invoices."
    )


def test_too_many_tables_are_not_listed(sqlite_database: Database) -> None:
    sqlite_database.run(*(f"CREATE TABLE t{number} (id INT)" for number in range(31)))
    assert told(MissingTable, sqlite_database.admin, "SELECT * FROM invoices") == (
        "there is no table 'invoices'. None of its 31 tables has a name like it."
    )


def test_a_column_that_is_not_there(database: Database) -> None:
    database.run("CREATE TABLE invoices (id INT)")
    text = told(SourceError, database.admin, "SELECT amount FROM invoices")
    assert text.startswith("the query failed (")
    assert "amount" in text
    assert text.endswith("). Correct the dataset or its query.")


@pytest.mark.parametrize("engine", ["duckdb_database", "postgres"])
def test_a_value_that_is_no_number(engine: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(engine)
    database.run("CREATE TABLE invoices (amount VARCHAR(10))", "INSERT INTO invoices VALUES ('n/a')")
    text = told(SourceDataError, database.admin, "SELECT CAST(amount AS INT) AS amount FROM invoices")
    assert text.startswith("a value cannot be read (")
    assert "n/a" in text
    assert text.endswith("). Correct it in the source, or correct the dataset.")


@pytest.mark.parametrize("backend", ["duckdb", "sqlite"])
def test_a_file_that_is_not_there(tmp_path: Path, backend: str) -> None:
    path = tmp_path / "sales.db"
    assert told(SourceUnreachable, f"{backend}:///{path}") == (
        f"there is no file {path}. Put it there, {CORRECT}"
    )
    assert not path.exists()


@pytest.mark.parametrize(
    ("backend", "why"),
    [("duckdb", "exists, but it is not a valid DuckDB database file!"), ("sqlite", "file is not a database")],
)
def test_a_file_that_is_no_database(tmp_path: Path, backend: str, why: str) -> None:
    path = tmp_path / "sales.db"
    path.write_text("id,amount\n" * 1000)
    text = told(SourceDataError, f"{backend}:///{path}", "SELECT * FROM sales")
    assert text.startswith(f"{path} cannot be read (")
    assert text.endswith(f"{why}). Restore the file, {CORRECT}")


def test_a_sqlite_file_that_somebody_locked(tmp_path: Path) -> None:
    database = sqlite_file(tmp_path, "CREATE TABLE invoices (id INT)")
    with closing(sqlite3.connect(database.admin.removeprefix("sqlite:///"))) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        error = failure(database.admin, sa.text("SELECT * FROM invoices"), timeout_seconds=0.6)
    assert type(error) is SourceBusy
    assert error.message == "it is in use (database is locked). Close what uses it, or refresh again later."


@contextmanager
def writing_process(path: str) -> Iterator[int]:
    """Another process that has a DuckDB file open for writing; gives its number."""
    script = f"import duckdb; held = duckdb.connect({path!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process.pid
        process.communicate("\n")


def test_a_duckdb_file_that_another_process_writes(duckdb_database: Database) -> None:
    with writing_process(duckdb_database.admin.removeprefix("duckdb:///")) as pid:
        text = told(SourceBusy, duckdb_database.admin)
    assert text.startswith(f"it is in use (process {pid}, ")
    assert text.endswith(", has it open for writing). Close what uses it, or refresh again later.")


def test_a_duckdb_file_that_this_process_writes(duckdb_database: Database) -> None:
    import duckdb

    with duckdb.connect(duckdb_database.admin.removeprefix("duckdb:///")):
        assert told(SourceBusy, duckdb_database.admin) == (
            "it is in use (this process has it open for writing or with other options). "
            "Close what uses it, or refresh again later."
        )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("duckdb:///{path}?treads=2", "The following options were not recognized: treads"),
        ("postgresql+psycopg://127.0.0.1/x?slmode=require", 'invalid connection option "slmode"'),
        (
            "mysql+pymysql://127.0.0.1/x?sl_ca=x",
            "Connection.__init__() got an unexpected keyword argument 'sl_ca'",
        ),
    ],
)
def test_an_option_that_the_driver_does_not_know(tmp_path: Path, url: str, why: str) -> None:
    path = duckdb_file(tmp_path).admin.removeprefix("duckdb:///")
    assert told(SourceRefused, url.format(path=path)) == (
        f"the driver does not take an option of url ({why}). Correct url in sources/billing.yaml."
    )


def test_too_little_memory(duckdb_database: Database) -> None:
    url = f"{duckdb_database.admin}?memory_limit=20MB&threads=1&max_temp_directory_size=1MB"
    distinct = "SELECT count(DISTINCT repeat('x', 50) || n) AS c FROM range(3000000) AS r(n)"
    text = told(SourceError, url, distinct)
    assert text.startswith("the database ran out of memory or disk (")
    assert text.endswith("). Narrow the dataset, or add some.")


def test_a_dialect_that_is_not_installed() -> None:
    with pytest.raises(SourceError) as caught:
        opened("trino://reader:geheim@warehouse/x")
    assert str(caught.value) == (
        "Source 'billing': The dialect 'trino' is not installed. Run: pip install 'trino[sqlalchemy]'"
    )


SECRET = "p@ss w/rd%41"


@pytest.mark.parametrize(
    "url",
    [
        sa.URL.create("postgresql+psycopg", "reader", SECRET, "127.0.0.1", 1, "x"),
        sa.URL.create("postgresql+psycopg", "reader", None, "127.0.0.1", 1, "x", {"password": SECRET}),
        sa.URL.create("postgresql+psycopg", "reader", SECRET, "127.0.0.1", 5432, "x", {"nope": SECRET}),
        sa.URL.create("mysql+pymysql", "reader", SECRET, "127.0.0.1", 1, "x"),
        sa.URL.create("mysql+pymysql", "reader", SECRET, "127.0.0.1", 1, "x", {"nope": SECRET}),
    ],
)
def test_no_text_and_no_traceback_holds_a_secret(url: sa.URL, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with opened(url.render_as_string(hide_password=False)) as engine:
        try:
            engine.fetch(ONE)
        except SourceError as error:
            shown = "".join(traceback.format_exception(error)) + repr(error) + repr(engine) + caplog.text
    assert "reader" in shown
    for form in (SECRET, "p%40ss", "p@ss"):
        assert form not in shown


def test_a_secret_that_a_driver_repeats_is_blotted_out() -> None:
    url = sa.URL.create(
        "postgresql+psycopg", "reader", "hemlig7", "127.0.0.1", 1, "x", {"sslmode": "hemlig7"}
    )
    assert told(SourceRefused, url.render_as_string(hide_password=False)) == (
        'the driver does not take an option of url (invalid sslmode value: "***"). '
        "Correct url in sources/billing.yaml."
    )


def test_no_log_holds_a_value_that_was_asked_for(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with opened(database.admin) as engine:
        asked = sa.text("SELECT :name AS name").bindparams(name="Anna Geheim")
        assert engine.fetch(asked) == [("Anna Geheim",)]
    assert "Geheim" not in caplog.text


def test_an_error_survives_the_way_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(SourceBusy("billing", "it is in use.")))  # noqa: S301
    assert (type(error), error.source, str(error)) == (
        SourceBusy,
        "billing",
        "Source 'billing': it is in use.",
    )


def test_a_failed_statement_does_not_spoil_the_next_one(database: Database) -> None:
    with opened(database.admin, pool_size=1) as engine:
        with pytest.raises(SourceError):
            engine.fetch(sa.text("SELECT nothing AS x FROM nowhere"))
        assert engine.fetch(ONE) == [(1,)]
