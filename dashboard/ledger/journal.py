"""What people enter is appended, act by act, each sealed with the one before; and time never goes back."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dashboard.ledger.schema import ACTS, microseconds, runs

_TICK = timedelta(microseconds=1)
_NAMES = {table.name: [column.name for column in table.columns] for table in ACTS}


def next_moment(connection: sa.Connection, now: datetime) -> datetime:
    """`now`, or, where the clock has gone back, a microsecond after the newest moment in the ledger.

    So everything is recorded in one strict order of moments, and what was known at a moment stays so. The
    caller holds the only write transaction.
    """
    newest = [sa.select(sa.func.max(runs.c.finished_at)).scalar_subquery()]
    newest += [sa.select(sa.func.max(table.c.at)).scalar_subquery() for table in ACTS]
    found = connection.execute(sa.select(*(each.label(f"at{n}") for n, each in enumerate(newest)))).one()
    last = max((moment for moment in found if moment is not None), default=None)
    return now if last is None or now > last else last + _TICK


def append(connection: sa.Connection, table: sa.Table, now: datetime, row: Mapping[str, Any]) -> sa.Row[Any]:
    """Append an act, with its number, its moment and its hash, and give the row as it stands.

    The caller holds the only write transaction.
    """
    last = connection.execute(
        sa.select(table.c.id, table.c.hash).order_by(table.c.id.desc()).limit(1)
    ).first()
    number, before = (last.id + 1, last.hash) if last is not None else (1, "")
    act = {**row, "id": number, "at": next_moment(connection, now)}
    connection.execute(table.insert(), {**act, "hash": act_hash(table, before, act)})
    return connection.execute(sa.select(table).where(table.c.id == number)).one()


def act_hash(table: sa.Table, before: str, act: Mapping[str, Any]) -> str:
    """The hash of an act that follows one with the hash `before`; `act` has all columns but the hash."""
    return digest([before, table.name, *(plain(act[name]) for name in _NAMES[table.name] if name != "hash")])


def digest(values: list[Any]) -> str:
    """The SHA-256 of values that `plain` has given."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def broken_acts(connection: sa.Connection, table: sa.Table) -> Iterator[int]:
    """Numbers of the acts that are not as they were entered, or that do not follow the one before."""
    before, expected = "", 1
    for row in connection.execute(sa.select(table).order_by(table.c.id)):
        if row.id != expected or act_hash(table, before, row._asdict()) != row.hash:
            yield row.id
        before, expected = row.hash, row.id + 1


def plain(value: Any) -> Any:
    """A value of a row as JSON has it; the same for every engine."""
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, date):
        return value.isoformat()
    return value + 0.0 if isinstance(value, float) else value  # SQLite keeps no minus before zero
