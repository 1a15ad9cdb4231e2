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

SCHEMA_VERSION = 2  # migrating.py says what each version brought
GONE = -1  # n of a value that was known once and is not there any more

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """An aware moment as microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """A moment as microseconds since 1970 in UTC: exact, comparable, and the same on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Aware datetime to number."""
        return None if value is None else microseconds(value)

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

seals = Table(
    "ledger_seals",
    metadata,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),  # covers the seal before it and all that the run wrote
)

definitions = Table(
    "ledger_definitions",
    metadata,
    Column("kind", Text, primary_key=True),  # metric or measure
    Column("name", Text, primary_key=True),
    Column("run", Integer, primary_key=True, autoincrement=False),  # the first with this version
    Column("version", Text, nullable=False),
    Column("text", Text, nullable=False),  # YAML
)

# What people enter is one row an act, never changed: `id` counts from 1, `at` never goes back, and `hash`
# covers the hash of the row before it.


def _acts(name: str, *columns: Column[Any] | UniqueConstraint) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("at", Moment, nullable=False),
        Column("author", Text, nullable=False),
        *columns,
        Column("hash", Text, nullable=False),
    )


closes = _acts(
    "ledger_closes",
    Column("act", Text, nullable=False),  # close or reopen
    Column("period", Text, nullable=False),  # as the company's calendar named it then
    Column("grain", Text, nullable=False),
    Column("start_month", Integer, nullable=False),
    Column("end_month", Integer, nullable=False),
    Column("run", Integer, nullable=False),
    Column("seal", Text, nullable=False),  # of the run
    Column("reason", Text, nullable=False),
)

notes = _acts(
    "ledger_notes",
    Column("page", Text, nullable=False),
    Column("panel", Text, nullable=False),  # empty: the page as a whole
    Column("period", Text, nullable=False),  # empty: whatever the period
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("page", "panel", "period", "version"),
)

decisions = _acts(
    "ledger_decisions",
    Column("decision", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("metric", Text),
    Column("change", Float(53)),  # in the metric's unit
    Column("by", Date),
    UniqueConstraint("decision", "version"),
)

exports = _acts(
    "ledger_exports",
    Column("what", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("run", Integer),
    Column("digest", Text, nullable=False),  # SHA-256 of what was given away
)

ACTS = (closes, notes, decisions, exports)

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
for recorded in (runs, reads, observations, seals, definitions, *ACTS):
    _append_only(recorded)
