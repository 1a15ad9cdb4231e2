"""Each run's seal covers the seal before it and all that the run wrote, so that a later change is found."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from struct import Struct
from typing import Any

import sqlalchemy as sa

from dashboard.ledger.journal import plain
from dashboard.ledger.schema import definitions, observations, reads, runs, seals, series

SERIES_COLUMNS = ("measure", "version", "slice", "grain", "member")
SeriesKey = tuple[str, str, str, str, str]
Observed = tuple[
    int, int, int, float | None, int | None
]  # series, first month, month after the last, value, n

_ENTRY = Struct("<iidq")
_NO_NUMBER = -2  # n is never negative, but for GONE
_Row = Mapping[str, Any]


def seal(
    before: str,
    run: _Row,
    readings: Iterable[_Row],
    defined: Iterable[_Row],
    observed: Iterable[tuple[SeriesKey, Iterable[Observed]]],
) -> str:
    """The seal of a run.

    Args:
        before: the seal of the run before; empty for the first.
        run: its row. readings: its rows of ledger_reads. defined: those of ledger_definitions.
        observed: each series that the run has observations of, with them; in any order.
    """
    found = hashlib.sha256()
    _add(found, [before, *_values(runs, run)])
    for row in sorted((_values(reads, row) for row in readings), key=lambda values: values[1]):
        _add(found, row)
    for row in sorted(_values(definitions, row) for row in defined):
        _add(found, row)
    for key, rows in sorted(observed, key=lambda pair: pair[0]):
        _add(found, list(key))
        for _, start, end, value, n in sorted(rows, key=lambda row: row[1:3]):
            number = math.nan if value is None else value + 0.0  # SQLite keeps no minus before zero
            found.update(_ENTRY.pack(start, end, number, _NO_NUMBER if n is None else n))
    return found.hexdigest()


def newest_seal(connection: sa.Connection) -> str:
    """The seal of the newest run; empty where there is none."""
    found = sa.select(seals.c.hash).order_by(seals.c.run.desc()).limit(1)
    return connection.execute(found).scalar() or ""


def sealed(connection: sa.Connection, stored: Mapping[int, str] | None = None) -> Iterator[tuple[int, str]]:
    """Each run with the seal that its rows have, worked out anew.

    With `stored`, each follows the stored seal before it, so that one changed run does not spoil the others;
    without, the chain is made from the first run on.
    """
    before = ""
    found = _observed(connection)
    pending = next(found, None)
    for run in connection.execute(sa.select(runs).order_by(runs.c.id)).all():
        rows: list[tuple[SeriesKey, list[Observed]]] = []
        while pending is not None and pending[0] <= run.id:
            rows += pending[1] if pending[0] == run.id else []
            pending = next(found, None)
        here = seal(
            before if stored is None else stored.get(run.id - 1, ""),
            run._asdict(),
            _of_run(connection, reads, run.id),
            _of_run(connection, definitions, run.id),
            rows,
        )
        yield run.id, here
        before = here


def _of_run(connection: sa.Connection, table: sa.Table, run: int) -> list[_Row]:
    return [row._asdict() for row in connection.execute(sa.select(table).where(table.c.run == run))]


def _observed(connection: sa.Connection) -> Iterator[tuple[int, list[tuple[SeriesKey, list[Observed]]]]]:
    """The observations of each run by series; the table is read once."""
    keys: dict[int, SeriesKey] = {
        number: tuple(key)
        for number, *key in connection.execute(
            sa.select(series.c.id, *(series.c[name] for name in SERIES_COLUMNS))
        )
    }
    table = observations.c
    query = sa.select(table.run, table.series, table.start_month, table.end_month, table.value, table.n)
    ordered = query.order_by(table.run, table.series).execution_options(yield_per=10_000)
    rows = connection.execute(ordered)
    for run, of_run in groupby(rows, key=lambda row: row[0]):
        by_series = groupby(of_run, key=lambda row: row[1])
        yield (
            run,
            [(keys.get(number, _LOST), [tuple(row[1:]) for row in group]) for number, group in by_series],
        )


_LOST: SeriesKey = ("", "", "", "", "")


def _values(table: sa.Table, row: _Row) -> list[Any]:
    return [plain(row[column.name]) for column in table.columns]


def _add(found: Any, values: Sequence[Any]) -> None:
    found.update(json.dumps(values).encode())
    found.update(b"\n")
