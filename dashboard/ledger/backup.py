"""Copies of a ledger: a file beside a SQLite ledger, tables beside those of a ledger on PostgreSQL."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from dashboard.ledger.schema import Moment

PREFIX = "ledger_"


def take_backup(path: Path | None, connection: sa.Connection, schema: int) -> str:
    """Copy all that is committed, and give the name of the copy; `path` is that of a SQLite ledger.

    The name has the schema's version and the moment of the newest run:
    `ledger-backup-1-20261004T060000Z.sqlite` beside `ledger.sqlite`, or, on PostgreSQL, tables named
    `backup_1_20261004t060000z_runs` and so on in the ledger's own schema. `connection` is in the only write
    transaction; the tables appear when that is committed.
    """
    stamp = _stamp(connection)
    if path is None:
        return _copied_tables(connection, f"backup_{schema}_{stamp.lower()}")
    copy = _free(path, f"-backup-{schema}-{stamp}")
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(copy)
    return str(copy)


def newest_backup(ledger: Path) -> Path | None:
    """The newest copy beside a SQLite ledger."""
    found = ledger.parent.glob(f"{ledger.stem}-backup-*{ledger.suffix}")
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)


def _stamp(connection: sa.Connection) -> str:
    newest = sa.text("SELECT max(finished_at) AS newest FROM ledger_runs").columns(newest=Moment())
    found: datetime | None = connection.execute(newest).scalar()
    return "empty" if found is None else f"{found:%Y%m%dT%H%M%SZ}"


def _free(ledger: Path, middle: str) -> Path:
    """A name that is not taken: no backup is ever overwritten."""
    path, again = ledger.with_name(f"{ledger.stem}{middle}{ledger.suffix}"), 1
    while path.exists():
        again += 1
        path = ledger.with_name(f"{ledger.stem}{middle}-{again}{ledger.suffix}")
    return path


def _copied_tables(connection: sa.Connection, prefix: str) -> str:
    names = sa.inspect(connection).get_table_names()
    middle, again = prefix, 1
    while any(name.startswith(f"{middle}_") for name in names):
        again += 1
        middle = f"{prefix}_{again}"
    quoted = connection.dialect.identifier_preparer.quote
    for name in names:
        if name.startswith(PREFIX):
            copy = quoted(f"{middle}_{name.removeprefix(PREFIX)}")
            connection.exec_driver_sql(f"CREATE TABLE {copy} AS TABLE {quoted(name)}")
    return middle
