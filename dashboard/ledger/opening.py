"""Opening a ledger: made where there is none, and refused where a newer program has written it."""

import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.schema import SCHEMA_VERSION, metadata, version


def prepare(database: LedgerDatabase) -> None:
    """Check the ledger's schema version, or create the ledger. LedgerError says what to do."""
    with database.reading() as connection:
        if _is_current(connection, database):
            return
    database.keep_journal()
    with database.writing() as connection:  # another process may have made it meanwhile
        if not _is_current(connection, database):
            metadata.create_all(connection)
            connection.execute(version.insert(), {"version": SCHEMA_VERSION})


def _is_current(connection: sa.Connection, database: LedgerDatabase) -> bool:
    tables = set(sa.inspect(connection).get_table_names())
    if version.name not in tables:
        if tables and database.is_sqlite:
            raise LedgerError(
                f"'{database.name}' is a database but no ledger: it holds the table {min(tables)!r}. "
                "Give the ledger a file of its own."
            )
        return False
    found = connection.execute(sa.select(sa.func.max(version.c.version))).scalar()
    if found != SCHEMA_VERSION:
        raise LedgerError(
            f"Ledger '{database.name}' has schema {found}, and this program writes schema {SCHEMA_VERSION}. "
            "A newer Boardseat has written it: use that version or a later one."
        )
    return True
