"""Opening a ledger: made where there is none, brought forward where an older program has written it."""

import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.migrating import migrate
from dashboard.ledger.schema import SCHEMA_VERSION, metadata, version


def prepare(database: LedgerDatabase) -> None:
    """Make the ledger, or bring it to the present schema; LedgerError where a newer program wrote it."""
    with database.reading() as connection:
        if _schema(connection, database) == SCHEMA_VERSION:
            return
    database.keep_journal()
    with database.writing() as connection:  # another process may have made or migrated it meanwhile
        found = _schema(connection, database)
        if found is None:
            metadata.create_all(connection)
            connection.execute(version.insert(), {"version": SCHEMA_VERSION})
        elif found < SCHEMA_VERSION:
            migrate(database, connection, found)


def _schema(connection: sa.Connection, database: LedgerDatabase) -> int | None:
    """The version of the ledger's schema; None where there is no ledger yet."""
    tables = set(sa.inspect(connection).get_table_names())
    if version.name not in tables:
        if tables and database.is_sqlite:
            raise LedgerError(
                f"'{database.name}' is a database but no ledger: it holds the table {min(tables)!r}. "
                "Give the ledger a file of its own."
            )
        return None
    found: int = connection.execute(sa.select(sa.func.max(version.c.version))).scalar_one()
    if found > SCHEMA_VERSION:
        raise LedgerError(
            f"Ledger '{database.name}' has schema {found}, and this program writes schema {SCHEMA_VERSION}. "
            "A newer Boardseat has written it: use that version or a later one."
        )
    return found
