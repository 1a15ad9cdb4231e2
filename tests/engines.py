"""Real databases for tests: each is empty, has a random name, and is dropped at the end.

Fixtures: `postgres`, `mariadb`, `duckdb_database`, `sqlite_database`, and `database`, which runs a test on
each of the four. All give a `Database`. An engine that is not there skips the test; with CI=true it fails it.
"""

import atexit
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

ENGINES = ("duckdb", "sqlite", "postgresql", "mariadb")

POSTGRES = os.environ.get("BOARDSEAT_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
MARIADB = os.environ.get(
    "BOARDSEAT_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/?ssl_disabled=true"
)  # setting up TLS takes a tenth of a second each time


@dataclass(frozen=True)
class Database:
    """A database of one test: `admin` and `reader` are URLs with their passwords."""

    engine: str
    admin: str
    reader: str

    def run(self, *statements: str) -> None:
        """Execute SQL as the admin, each statement committed."""
        with _connected(self.admin) as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def fill(self, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Create the table and insert the rows as the admin."""
        with _connected(self.admin) as connection:
            table.create(connection)
            if rows:
                connection.execute(table.insert(), rows)


# Creating a server database takes a third of a second, emptying one little: tests of one process, one after
# the other, get the same ones, emptied.
_idle: dict[str, list[Database]] = {"postgresql": [], "mariadb": []}


@contextmanager
def postgres_database() -> Iterator[Database]:
    """An empty PostgreSQL database with a role that may read what the admin creates in its schema public."""
    _need(POSTGRES, "PostgreSQL")
    database = _idle["postgresql"].pop() if _idle["postgresql"] else _new_postgres()
    try:
        yield database
    finally:
        reader = sa.make_url(database.reader).username
        with _connected(database.admin) as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            schemas = connection.exec_driver_sql(
                "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
            )
            for (schema,) in schemas.all():
                connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
            connection.exec_driver_sql("CREATE SCHEMA public")
            connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {reader}")
            connection.exec_driver_sql(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {reader}"
            )
        _idle["postgresql"].append(database)


def _new_postgres() -> Database:
    name, password = _fresh("db"), secrets.token_hex(8)
    admin = sa.make_url(POSTGRES).set(database=name)
    with _connected(POSTGRES) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        connection.exec_driver_sql(f"CREATE ROLE {name}_reader LOGIN PASSWORD '{password}'")
    with _connected(_text(admin)) as connection:
        connection.exec_driver_sql(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {name}_reader"
        )
    reader = admin.set(username=f"{name}_reader", password=password)
    return Database("postgresql", _text(admin), _text(reader))


@contextmanager
def mariadb_database() -> Iterator[Database]:
    """An empty MariaDB database with a user that may only read it."""
    _need(MARIADB, "MariaDB")
    database = _idle["mariadb"].pop() if _idle["mariadb"] else _new_mariadb()
    try:
        yield database
    finally:
        name = sa.make_url(database.admin).database
        with _connected(MARIADB) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        _idle["mariadb"].append(database)


# An anonymous user at a nearer host would win over '%'. The driver takes a single % for a parameter.
_HOSTS = ("localhost", "127.0.0.1", "%%")


def _new_mariadb() -> Database:
    name, password = _fresh("db"), secrets.token_hex(8)
    with _connected(MARIADB) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        for host in _HOSTS:
            user = f"'{name}_reader'@'{host}'"
            connection.exec_driver_sql(f"CREATE USER {user} IDENTIFIED BY '{password}'")
            connection.exec_driver_sql(f"GRANT SELECT ON {name}.* TO {user}")
    admin = sa.make_url(MARIADB).set(database=name)
    reader = admin.set(username=f"{name}_reader", password=password)
    return Database("mariadb", _text(admin), _text(reader))


def pytest_unconfigure() -> None:
    """Drop the databases when the tests of this process are over."""
    while _idle["postgresql"]:
        reader = sa.make_url(_idle["postgresql"].pop().reader)
        with _connected(POSTGRES) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {reader.database} WITH (FORCE)")
            connection.exec_driver_sql(f"DROP ROLE {reader.username}")
    while _idle["mariadb"]:
        reader = sa.make_url(_idle["mariadb"].pop().reader)
        with _connected(MARIADB) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {reader.database}")
            for host in _HOSTS:
                connection.exec_driver_sql(f"DROP USER '{reader.username}'@'{host}'")


atexit.register(pytest_unconfigure)  # for whoever uses these without pytest


def duckdb_file(folder: Path, *statements: str) -> Database:
    """A fresh DuckDB file in `folder`; `statements` fill it. No process holds it open afterwards."""
    import duckdb

    path = folder / f"{_fresh('db')}.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return Database("duckdb", f"duckdb:///{path}", f"duckdb:///{path}")


def sqlite_file(folder: Path, *statements: str) -> Database:
    """A fresh SQLite file in `folder`; `statements` fill it."""
    import sqlite3

    path = folder / f"{_fresh('db')}.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 1")  # an empty SQLite database is an empty file
        for statement in statements:
            connection.execute(statement)
    return Database("sqlite", f"sqlite:///{path}", f"sqlite:///{path}")


@pytest.fixture
def postgres() -> Iterator[Database]:
    with postgres_database() as database:
        yield database


@pytest.fixture
def mariadb() -> Iterator[Database]:
    with mariadb_database() as database:
        yield database


@pytest.fixture
def duckdb_database(tmp_path: Path) -> Database:
    return duckdb_file(tmp_path)


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Database:
    return sqlite_file(tmp_path)


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The same test on each of the four engines."""
    if request.param == "duckdb":
        yield duckdb_file(tmp_path)
    elif request.param == "sqlite":
        yield sqlite_file(tmp_path)
    else:
        with postgres_database() if request.param == "postgresql" else mariadb_database() as database:
            yield database


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _text(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)


def _fresh(prefix: str) -> str:
    return f"boardseat_{prefix}_{secrets.token_hex(5)}"


_answers: set[str] = set()


def _need(url: str, what: str) -> None:
    if url in _answers:
        return
    try:
        with _connected(url):
            _answers.add(url)
            return
    except sa.exc.OperationalError as error:
        reason = f"{what} does not answer: {str(error.orig).splitlines()[0]}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
