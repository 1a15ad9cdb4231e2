"""Is the ledger as it was written? Every seal, every act and every current value is worked out anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from dashboard.ledger.journal import broken_acts
from dashboard.ledger.packing import Values, pack, unpack
from dashboard.ledger.schema import ACTS, GONE, latest, observations, runs, seals, series
from dashboard.ledger.sealing import newest_seal, sealed


@dataclass(frozen=True)
class Verification:
    """What was looked at, and a sentence for each thing that is not as it was written.

    `seal` is that of the newest run: kept elsewhere, it shows that no run was cut off at the end.
    """

    runs: int
    observations: int
    acts: int
    seal: str
    problems: tuple[str, ...]


def verify(connection: sa.Connection) -> Verification:
    """Go through the whole ledger; takes seconds for each million of observations."""
    problems = (*_damage(connection), *_runs(connection), *_acts(connection), *_current(connection))
    return Verification(
        runs=_count(connection, runs),
        observations=_count(connection, observations),
        acts=sum(_count(connection, table) for table in ACTS),
        seal=newest_seal(connection),
        problems=problems,
    )


def derived(connection: sa.Connection) -> Iterator[tuple[int, Values]]:
    """Each series with its current values, made from the observations alone."""
    table = observations.c
    query = sa.select(table.series, table.start_month, table.end_month, table.value, table.n)
    ordered = query.order_by(table.series, table.start_month, table.end_month, table.run)
    rows = connection.execute(ordered.execution_options(yield_per=10_000))
    for number, of_series in groupby(rows, key=lambda row: row[0]):
        values: Values = {}
        for _, start, end, value, n in of_series:
            values[start, end] = (value, n)
        yield number, {span: found for span, found in values.items() if found[1] != GONE}


def _damage(connection: sa.Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (told,) in connection.exec_driver_sql("PRAGMA integrity_check(10)"):
            if told != "ok":
                yield f"The file is damaged: {told}."


def _runs(connection: sa.Connection) -> Iterator[str]:
    stored: dict[int, str] = dict(map(tuple, connection.execute(sa.select(seals))))
    expected = 1
    for run, seal in sealed(connection, stored):
        yield from (f"Run {number} is missing." for number in range(expected, run))
        expected = run + 1
        if run not in stored:
            yield f"Run {run} has no seal."
        elif stored[run] != seal:
            yield f"Run {run} is not as it was recorded."
    yield from (f"Run {number} is missing." for number in sorted(stored) if number >= expected)
    known = sa.select(runs.c.id)
    strays = sa.select(observations.c.run).where(observations.c.run.not_in(known)).distinct()
    for (number,) in connection.execute(strays.order_by(observations.c.run)):
        if number not in stored:
            yield f"There are observations of a run {number}, which never was."


def _acts(connection: sa.Connection) -> Iterator[str]:
    for table in ACTS:
        for number in broken_acts(connection, table):
            yield f"Entry {number} of {table.name} is not as it was written, or one before it is missing."


def _current(connection: sa.Connection) -> Iterator[str]:
    kept: dict[int, bytes] = dict(map(tuple, connection.execute(sa.select(latest))))
    for number, values in derived(connection):
        packed = kept.pop(number, None)
        if packed is None or _unpacked(packed) != pack(values):
            yield f"The current values of {_named(connection, number)} are not those of its observations."
    for number in sorted(kept):
        yield f"There are current values of {_named(connection, number)}, but no observations."


def _unpacked(packed: bytes) -> bytes | None:
    """Packed anew, so that the order and the sign of a missing number do not count."""
    try:
        return pack(unpack(packed))
    except Exception:  # the bytes of a damaged cell may be anything
        return None


def _named(connection: sa.Connection, number: int) -> str:
    row: sa.Row[Any] | None = connection.execute(sa.select(series).where(series.c.id == number)).first()
    if row is None:
        return f"series {number}, which has no name"
    where = f", {row.slice} = {row.member}" if row.slice != "[]" else ""
    return f"{row.measure} (version {row.version}{where}, by {row.grain})"


def _count(connection: sa.Connection, table: sa.Table) -> int:
    found: int = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return found
