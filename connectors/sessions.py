"""Source -> SQLAlchemy engine whose sessions can only read, and how to stop what runs in one.

The database itself holds to it: DuckDB opens the file read-only and its parser passes one SELECT; SQLite
opens it read-only behind an authorizer; PostgreSQL, MariaDB and MySQL run read-only transactions.
Every session is set to UTC, so that no result depends on the machine or on the account's settings.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

import duckdb
import psycopg
import sqlalchemy as sa
from duckdb_sqlalchemy import ConnectionWrapper
from sqlalchemy import event
from sqlalchemy.pool import NullPool, QueuePool

from connectors.errors import SourceRefused, SourceUnreachable
from connectors.files import open_folder, scratch_folder
from connectors.sources import Source

SELECT_ALONE = "only one SELECT may run here. A source is read, never written."
# What a server may be asked: SQLAlchemy learns columns by SHOW and DESCRIBE. Anything else could change the
# session before its transaction refuses to write.
READS = re.compile(r"(\s|--[^\n]*\n|/\*.*?\*/|\()*(SELECT|WITH|VALUES|SHOW|DESCRIBE)\b", re.I | re.S)
OPENING = Lock()  # engines on one DuckDB file share an instance, which is set up once
CONNECT_SECONDS = 10.0  # a server that is there answers sooner; the time-out of statements may be much longer
SQLITE_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION})
SQLITE_READS |= {sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT}
SQLITE_PRAGMAS = frozenset({"database_list", "foreign_key_list", "index_info", "index_list", "index_xinfo"})
SQLITE_PRAGMAS |= {"read_uncommitted", "table_info", "table_list", "table_xinfo"}


def open_engine(source: Source) -> sa.Engine:
    """The engine of a source; it connects when first used. `dispose` closes all that it holds."""
    if source.url is None:
        return _duckdb(source, lambda: open_folder(source))
    backend = source.url.get_backend_name()
    if backend == "duckdb":
        return _duckdb(source, lambda: _open_duckdb_file(source))
    if backend == "sqlite":
        return sa.create_engine(
            "sqlite://", creator=lambda: _open_sqlite(source), poolclass=QueuePool, **_pool(source)
        )
    driver = source.url.get_driver_name()
    if backend == "postgresql" and driver == "psycopg":
        engine = _postgresql(source, source.url)
    elif backend in ("mysql", "mariadb") and driver == "pymysql":
        engine = _mysql(source, source.url)
    else:
        engine = sa.create_engine(source.url, poolclass=QueuePool, pool_pre_ping=True, **_pool(source))

    @event.listens_for(engine, "before_cursor_execute")
    def begins_as_select(_connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if not READS.match(statement):
            raise SourceRefused(source.name, SELECT_ALONE)

    return engine


def interrupter(engine: sa.Engine, connection: sa.Connection) -> Callable[[], None] | None:
    """What stops the statement that runs on `connection`, called from another thread; None if nothing can."""
    raw: Any = connection.connection.dbapi_connection
    if engine.dialect.name in ("duckdb", "sqlite"):
        interrupt: Callable[[], None] = raw.interrupt
        return interrupt
    if engine.dialect.driver == "psycopg":
        return lambda: raw.cancel_safe(timeout=CONNECT_SECONDS)
    if engine.dialect.driver == "pymysql":
        return lambda: _kill_query(engine.url, raw.thread_id())
    return None


def has_own_timeout(engine: sa.Engine) -> bool:
    """Whether the server ends a statement by itself; the others must be stopped from here."""
    return engine.dialect.driver in ("psycopg", "pymysql")


def _pool(source: Source) -> Mapping[str, Any]:
    return {
        "pool_size": source.pool_size,
        "max_overflow": 0,
        "pool_timeout": source.timeout_seconds,
        "hide_parameters": True,  # a bound value may be personal data; no error shows it
    }


class _Instance:
    """One DuckDB instance, opened when first needed; each pooled connection is a cursor of it."""

    def __init__(self, open_base: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._open, self._lock = open_base, Lock()
        self._base: duckdb.DuckDBPyConnection | None = None

    def connect(self) -> ConnectionWrapper:
        with self._lock:
            if self._base is None:
                self._base = self._open()
            return ConnectionWrapper(self._base.cursor())

    def close(self) -> None:
        with self._lock:
            if self._base is not None:
                self._base.close()
            self._base = None


def _duckdb(source: Source, open_base: Callable[[], duckdb.DuckDBPyConnection]) -> sa.Engine:
    instance = _Instance(open_base)
    engine = sa.create_engine("duckdb://", creator=instance.connect, poolclass=QueuePool, **_pool(source))

    def parsed_as_select(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        raw: Any = connection.connection.dbapi_connection
        if [parsed.type for parsed in raw.extract_statements(statement)] != [duckdb.StatementType.SELECT]:
            raise SourceRefused(source.name, SELECT_ALONE)

    event.listen(engine, "before_cursor_execute", parsed_as_select)
    event.listen(engine, "engine_disposed", lambda _: instance.close())
    return engine


def _open_duckdb_file(source: Source) -> duckdb.DuckDBPyConnection:
    path = _existing(source)
    assert source.url is not None  # noqa: S101  (told by the caller)
    options: dict[str, str | bool | int | float | list[str]] = {
        key: str(value) for key, value in source.url.query.items()
    }
    options |= {"temp_directory": str(scratch_folder(path))}
    with OPENING:
        base = duckdb.connect(str(path), read_only=True, config=options)
        try:
            base.execute("SELECT current_setting('lock_configuration')")
            if base.fetchall() == [(False,)]:  # else another engine of this process has set it up
                base.execute("SET GLOBAL TimeZone = 'UTC'")
                base.execute("SET enable_external_access = false")
                base.execute("SET lock_configuration = true")
        except duckdb.Error:
            base.close()
            raise
    return base


def _open_sqlite(source: Source) -> sqlite3.Connection:
    path = _existing(source)
    # Half the time-out: a lock is then told as a lock, not as a statement that took too long.
    wait = min(source.timeout_seconds / 2, CONNECT_SECONDS)
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, timeout=wait, check_same_thread=False
    )
    connection.execute("PRAGMA query_only = ON")
    connection.create_function("md5", 1, _md5, deterministic=True)  # of `dialects.lot`
    connection.set_authorizer(_sqlite_reads_alone)
    return connection


def _md5(text: str | None) -> str | None:
    """As other engines have it; no secret hangs on it."""
    return None if text is None else hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _sqlite_reads_alone(action: int, name: str | None, value: str | None, *_: str | None) -> int:
    """SQLite asks here about every step of a statement it prepares; anything but reading is denied."""
    if action in SQLITE_READS or (action == sqlite3.SQLITE_PRAGMA and name in SQLITE_PRAGMAS):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _existing(source: Source) -> Path:
    """The file of a DuckDB or SQLite source; both would otherwise say little about one that is not there."""
    path = Path((source.url and source.url.database) or "")
    if not path.is_file():
        raise SourceUnreachable(
            source.name, f"there is no file {path}. Put it there, or correct url in {source.file}."
        )
    return path


class _SingleStatement(psycopg.Cursor[Any]):
    """Without parameters psycopg would send a text that may hold several statements; prepared, it is one."""

    def execute(self, query: Any, params: Any = None, *, prepare: bool | None = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True if not params else prepare, **options)


def _postgresql(source: Source, url: sa.URL) -> sa.Engine:
    milliseconds = max(1, round(source.timeout_seconds * 1000))
    given = url.query.get("options", "")
    options = (
        f"{given if isinstance(given, str) else ' '.join(given)} -c default_transaction_read_only=on "
        f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
    )
    engine = sa.create_engine(
        url,
        connect_args={
            "options": options.strip(),
            "connect_timeout": max(2, round(min(CONNECT_SECONDS, source.timeout_seconds))),
            "application_name": "boardseat",
            "cursor_factory": _SingleStatement,
        },
        pool_pre_ping=True,
        **_pool(source),
    )

    @event.listens_for(engine, "connect")
    def set_session(connection: psycopg.Connection[Any], _record: object) -> None:
        connection.autocommit = True
        connection.execute("SET TIME ZONE 'UTC'")  # PGTZ of the environment would win over an option
        connection.autocommit = False
        connection.read_only = True

    return engine


def _mysql(source: Source, url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        connect_args={
            "connect_timeout": max(1, round(min(CONNECT_SECONDS, source.timeout_seconds))),
            "read_timeout": round(source.timeout_seconds) + 10,  # a server that is there ends first
            "local_infile": False,
        },
        pool_pre_ping=True,
        **_pool(source),
    )

    @event.listens_for(engine, "connect")
    def set_session(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute("SET SESSION time_zone = '+00:00'")
            if "mariadb" in connection.get_server_info().lower():
                cursor.execute("SET SESSION max_statement_time = %s", (source.timeout_seconds,))
            else:
                cursor.execute("SET SESSION max_execution_time = %s", (round(source.timeout_seconds * 1000),))

    return engine


def _kill_query(url: sa.URL, thread_id: int) -> None:
    engine = sa.create_engine(
        url, poolclass=NullPool, connect_args={"connect_timeout": round(CONNECT_SECONDS)}
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"KILL QUERY {int(thread_id)}")
    finally:
        engine.dispose()
