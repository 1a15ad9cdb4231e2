"""The ledger's tables. Recorded rows are never changed; `ledger_latest` copies the last known values."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
)

SCHEMA_VERSION = 1
GONE = -1  # n of a value that was known once and is not there any more

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """A moment as microseconds since 1970 in UTC: exact, comparable, and the same on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Aware datetime to number."""
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """Number to aware datetime in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData()

version = Table("ledger_schema", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

runs = Table(
    "ledger_runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment, nullable=False),
    Column("catalog_version", Text, nullable=False),
    Column("author", Text, nullable=False),
)

reads = Table(
    "ledger_reads",
    metadata,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("dataset", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("seconds", Float(53), nullable=False),
    Column("since", Date),
    Column("data_until", Date),
    Column("rows", BigInteger),
    Column("warnings", Text, nullable=False),  # a JSON array
    Index("ledger_reads_newest", "dataset", "status", "run"),
    Index("ledger_reads_version", "dataset", "version", "status"),
)

series = Table(
    "ledger_series",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("measure", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("slice", Text, nullable=False),  # a JSON array, so that no name of a member can be read as two
    Column("grain", Text, nullable=False),
    Column("member", Text, nullable=False),  # a JSON array
    UniqueConstraint("measure", "version", "slice", "grain", "member"),
)


observations = Table(
    "ledger_observations",
    metadata,
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("start_month", Integer, primary_key=True, autoincrement=False),  # as months.number counts them
    Column("end_month", Integer, primary_key=True, autoincrement=False),
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("value", Float(53)),
    Column("n", BigInteger),
    sqlite_with_rowid=False,
)

latest = Table(
    "ledger_latest",
    metadata,
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),  # see packing.py; can be made again from the observations
)

_REFUSAL = "The ledger is append-only: what was recorded is never changed"


def _ddl(text: str) -> DDL:
    return DDL(text)  # type: ignore[no-untyped-call]


def _append_only(table: Table) -> None:
    """Let the database itself refuse to change or delete what was recorded."""
    for verb in ("UPDATE", "DELETE"):
        trigger = f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name}"
        event.listen(
            table,
            "after_create",
            _ddl(f"{trigger} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END").execute_if(dialect="sqlite"),
        )
        event.listen(
            table,
            "after_create",
            _ddl(f"{trigger} EXECUTE FUNCTION ledger_refuse()").execute_if(dialect="postgresql"),
        )


event.listen(
    metadata,
    "before_create",
    _ddl(
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    ).execute_if(dialect="postgresql"),
)
for recorded in (runs, reads, observations):
    _append_only(recorded)
