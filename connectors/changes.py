"""Whether a source has changed: a mark that is another as soon as anything was written.

Files have size and times. PostgreSQL numbers every transaction that writes, in all of its databases, and
says which of them can be seen; where none was running, the same answer means the same rows. Other servers
have no mark: their statistics come late, and their logs count what has nothing to do with the rows.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from connectors.errors import SourceError
from connectors.files import table_files
from connectors.sources import Source

# What was committed may still be in one of these, beside the database's own file.
_BESIDE = ("", "-wal", "-journal", ".wal")


# Rows of a foreign table, or by dblink, come from where these numbers do not count. A server that was
# restarted may have been set back, or be another one.
_NUMBERED = sa.text("""
    SELECT CAST(txid_current_snapshot() AS text), CAST(pg_postmaster_start_time() AS text),
        current_database(),
        EXISTS (SELECT 1 FROM pg_foreign_table)
        OR EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'dblink')
""")


def state_of_server(connection: sa.Connection) -> str | None:
    """A mark of what the readers of a PostgreSQL server see; None where one is writing just now.

    Read it before the rows, in a transaction of its own.
    """
    seen, started, database, elsewhere = connection.execute(_NUMBERED).one()
    oldest, next_one, running = seen.split(":")
    if elsewhere or running or oldest != next_one:
        return None
    return hashlib.sha256(f"{database}\0{started}\0{seen}".encode()).hexdigest()[:32]


def state_of(source: Source) -> str | None:
    """A hash over size and times of the source's files; None where it is not kept in files.

    Read it before the rows: a write in between makes the next state another one. Files may not be written to
    by what keeps their times (a clock that was put back): change a file's content, and its times change.
    """
    if source.files is not None:
        try:
            return _hash(table_files(source).values())
        except (SourceError, OSError):
            return None
    if source.url is None or source.url.get_backend_name() not in ("sqlite", "duckdb"):
        return None
    path = source.url.database
    if not path or path == ":memory:" or not Path(path).is_file():
        return None
    return _hash(Path(f"{path}{end}") for end in _BESIDE)


def _hash(paths: Iterable[Path]) -> str | None:
    digest = hashlib.sha256()
    try:
        for path in paths:
            if path.exists():
                found: os.stat_result = path.stat()
                told = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
                digest.update(f"{path}\0{told}\n".encode())
    except OSError:
        return None
    return digest.hexdigest()[:32]
