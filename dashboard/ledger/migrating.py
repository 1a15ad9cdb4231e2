"""A ledger of an older program is brought forward, one version after the other, after a backup was taken."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from dashboard.ledger.backup import take_backup
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.schema import ACTS, SCHEMA_VERSION, definitions, metadata, seals, version
from dashboard.ledger.sealing import sealed


def _seal_and_keep_acts(connection: sa.Connection) -> None:
    """Version 2: seals over runs, definitions, and what people enter."""
    metadata.create_all(connection, tables=[seals, definitions, *ACTS])
    rows = [{"run": run, "hash": seal} for run, seal in sealed(connection)]
    if rows:
        connection.execute(seals.insert(), rows)


MIGRATIONS: Mapping[int, Callable[[sa.Connection], None]] = {2: _seal_and_keep_acts}
"""What makes each version from the one before. A change of a table that an earlier one made freezes its
columns there first: a migration gives for ever what it gave when it was written."""


def migrate(database: LedgerDatabase, connection: sa.Connection, found: int) -> None:
    """Bring a ledger of schema `found` to the present one, in the caller's write transaction."""
    take_backup(database.path, connection, found)
    for number in range(found + 1, SCHEMA_VERSION + 1):
        MIGRATIONS[number](connection)
    connection.execute(version.update().values(version=SCHEMA_VERSION))
