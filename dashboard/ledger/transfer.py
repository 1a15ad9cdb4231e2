"""A ledger as files that anything can read, Parquet for the values and JSON for the rest, and back again."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger.packing import pack
from dashboard.ledger.schema import (
    ACTS,
    SCHEMA_VERSION,
    Moment,
    definitions,
    latest,
    observations,
    reads,
    runs,
    seals,
    series,
)
from dashboard.ledger.sealing import newest_seal
from dashboard.ledger.verifying import derived, verify

MANIFEST = "manifest.json"
IN_PARQUET = (series, observations)
IN_JSON = (runs, reads, seals, definitions, *ACTS)
BATCH = 50_000

_ARROW = {sa.Integer: pa.int32(), sa.BigInteger: pa.int64(), sa.Float: pa.float64(), sa.Text: pa.string()}


def write_files(connection: sa.Connection, folder: Path) -> tuple[Path, ...]:
    """Write all that is recorded into an empty folder, which is made where there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise LedgerError(f"The folder {folder} is not empty. Name another.")
        for table in IN_PARQUET:
            _write_parquet(connection, table, folder)
        for table in IN_JSON:
            rows = [
                row._asdict() for row in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
            _write_json(folder / f"{table.name}.json", rows)
        _write_json(folder / MANIFEST, {"schema": SCHEMA_VERSION, "seal": newest_seal(connection)})
    except OSError as error:
        raise LedgerError(f"The folder {folder} cannot be written: {error.strerror}.") from error
    return tuple(sorted(folder.iterdir()))


def read_files(connection: sa.Connection, folder: Path) -> None:
    """Fill an empty ledger, in the caller's write transaction; LedgerError where anything was changed."""
    manifest = _read_json(folder / MANIFEST)
    if manifest.get("schema") != SCHEMA_VERSION:
        raise LedgerError(
            f"The files in {folder} are of schema {manifest.get('schema')}, and this program reads schema "
            f"{SCHEMA_VERSION}. Import them with the version of Boardseat that wrote them."
        )
    if any(connection.execute(sa.select(table).limit(1)).first() for table in (runs, *ACTS)):
        raise LedgerError(
            "The ledger is not empty. Import into a new one: set BOARDSEAT_LEDGER to its address."
        )
    for table in IN_JSON:
        _fill(connection, table, _read_json(folder / f"{table.name}.json"))
    for table in IN_PARQUET:
        _fill_from_parquet(connection, table, folder)
    current = ({"series": number, "packed": pack(values)} for number, values in list(derived(connection)))
    _insert(connection, latest, current)
    found = verify(connection)
    problems = found.problems or (() if found.seal == manifest["seal"] else ("Runs at the end are missing.",))
    if problems:
        raise LedgerError(f"The files in {folder} were changed: {' '.join(problems)} Nothing was imported.")


def _write_parquet(connection: sa.Connection, table: sa.Table, folder: Path) -> None:
    schema = pa.schema([(column.name, _arrow(column)) for column in table.columns])
    rows = connection.execute(
        sa.select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    )
    with pq.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as writer:  # type: ignore[no-untyped-call]
        for batch in rows.partitions():
            columns = [list(values) for values in zip(*batch, strict=True)]
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _arrow(column: sa.Column[Any]) -> Any:
    return next(kind for sort, kind in _ARROW.items() if type(column.type) is sort)


def _write_json(path: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def _plain(value: date) -> str:
    return value.isoformat()


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LedgerError(
            f"{path} cannot be read: {error.strerror}. Name a folder that export wrote."
        ) from error
    except ValueError as error:
        raise LedgerError(f"{path} is no JSON: {error}. Export again.") from error


def _fill(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    _insert(
        connection, table, ({column.name: _value(column, row) for column in table.columns} for row in rows)
    )


def _value(column: sa.Column[Any], row: Mapping[str, Any]) -> Any:
    value = row.get(column.name)
    if isinstance(value, str) and isinstance(column.type, Moment):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    return value


def _fill_from_parquet(connection: sa.Connection, table: sa.Table, folder: Path) -> None:
    path = folder / f"{table.name}.parquet"
    try:
        with pq.ParquetFile(path) as file:  # type: ignore[no-untyped-call]
            for batch in file.iter_batches(BATCH):
                _insert(connection, table, batch.to_pylist())
    except (OSError, pa.ArrowException) as error:
        raise LedgerError(f"{path} cannot be read: {error}. Name a folder that export wrote.") from error


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    found = list(rows)
    if found:
        connection.execute(table.insert(), found)
