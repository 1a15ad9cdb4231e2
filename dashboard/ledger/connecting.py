"""The database under a ledger: opened, read, written, with every failure told as a LedgerError."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from dashboard.errors import LedgerError
from dashboard.ledger.backup import newest_backup

BUSY_SECONDS = 30
_BETWEEN = 0.02  # seconds until it is tried again


class LedgerDatabase:
    """A connection pool. Reads see one moment and never wait for a write; writes follow one another."""

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.path = Path(str(self.url.database)).absolute() if self.is_sqlite else None
        self.name = str(self.path or self.url.set(drivername="postgresql", query={}).render_as_string())
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        """A file beside the configuration, not a server."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment."""
        with self.translated(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that happens wholly or not at all; any error, and Ctrl-C, undoes it."""
        with self.translated(), self.engine.connect() as connection:
            connection.execution_options(ledger_writes=True)
            with connection.begin():
                if not self.is_sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_key("write"))))
                yield connection

    def keep_journal(self) -> None:
        """Let reads and a write go on side by side; the file remembers it. A server does so anyway."""
        if self.is_sqlite:
            with self.translated(), closing(self.engine.raw_connection()) as connection:
                _keep_journal(connection.cursor())

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what the database says into what the reader can do about it."""
        try:
            yield
        except (sa.exc.DBAPIError, sqlite3.Error) as error:
            raise LedgerError(_explained(self.name, self.path, error)) from error
        except sa.exc.TimeoutError as error:
            raise LedgerError(f"Ledger '{self.name}' has too many readers at once. Try again.") from error

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _keep_journal(cursor: Any) -> None:
    """SQLite waits for others by itself, but not here: of two that open a new ledger one would be refused."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(_BETWEEN)


def lock_key(purpose: str) -> sa.ColumnElement[Any]:
    """The number of an advisory lock on PostgreSQL: one for each purpose and schema, as for each ledger."""
    return sa.func.hashtextextended(sa.func.current_schema().concat(f" boardseat {purpose}"), 0)


def _parsed(text: str) -> sa.URL:
    try:
        url = sa.make_url(text)
        backend = url.get_backend_name()
    except sa.exc.ArgumentError:
        raise LedgerError(_UNUSABLE.format("This is no database URL")) from None
    if backend not in ("sqlite", "postgresql"):
        raise LedgerError(_UNUSABLE.format(f"A ledger cannot be kept in {backend}"))
    if backend == "sqlite" and (not url.database or url.database == ":memory:"):
        raise LedgerError(_UNUSABLE.format("A ledger in memory would be forgotten"))
    return url


_UNUSABLE = "{}. Write sqlite:///path/ledger.db, or postgresql+psycopg://user@host/database."


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=8, max_overflow=24)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # the driver would begin by itself, and too late for a read
        connection.execute("PRAGMA synchronous = FULL")  # a recorded run survives a power cut

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("ledger_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=24)


_BY_SQLITE = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_CANTOPEN: "unopened",
    sqlite3.SQLITE_PERM: "unopened",
}
_BY_SQLSTATE = {
    "53100": "full",
    "25006": "ungranted",
    "42501": "ungranted",
    "XX001": "damaged",
    "XX002": "damaged",
    "55P03": "busy",
    **dict.fromkeys(("57P01", "57P02", "57P03", "08003", "08006"), "cut"),
}
_TEXTS = {
    "full": "Ledger '{}' could not be written: the disk is full. "
    "Nothing of this was recorded, and all that was recorded before is kept. Free some space and try again.",
    "read-only": "Ledger '{}' may only be read. "
    "Give this account permission to write the ledger and its folder.",
    "ungranted": "Ledger '{}' may not be written: {}. "
    "Grant this account SELECT, INSERT and UPDATE on the ledger's tables.",
    "damaged": "Ledger '{}' is damaged: {}. "
    "Restore it from a backup, or move it away and refresh into a new one.",
    "restorable": "Ledger '{}' is damaged: {}. "
    "Its last backup is '{backup}': put that in its place, or move it away and refresh into a new one.",
    "busy": "Ledger '{}' was being written by another process for more than {seconds} seconds. Try again.",
    "unopened": "Ledger '{}' cannot be opened: {}. "
    "Its folder must exist, and this account must be allowed to write there.",
    "unreachable": "Ledger '{}' cannot be reached: {}. Check the address and whether the server is running.",
    "cut": "Ledger '{}' was cut off: {}. Nothing of this was recorded. Try again once the server is running.",
    "other": "Ledger '{}' failed: {}. Nothing of this was recorded.",
}


def _explained(name: str, path: Path | None, error: BaseException) -> str:
    """The text for a failure of the ledger `name`, by the engine's own code for it."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
    if isinstance(cause, sqlite3.Error):
        kind = _BY_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, "other")
    else:
        state = getattr(cause, "sqlstate", None)
        unreachable = state is None and isinstance(error, sa.exc.OperationalError)
        kind = "unreachable" if unreachable else _BY_SQLSTATE.get(state or "", "other")
    backup = newest_backup(path) if kind == "damaged" and path is not None else None
    kind = "restorable" if backup is not None else kind
    detail = (str(cause).strip() or type(cause).__name__).splitlines()[0].rstrip(".")
    return _TEXTS[kind].format(name, detail, seconds=BUSY_SECONDS, backup=backup)
