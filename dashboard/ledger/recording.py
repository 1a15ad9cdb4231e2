"""Writing a run: what differs from the last known value is appended, and nothing else."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.definitions.model import Slice
from dashboard.ledger import months
from dashboard.ledger.months import Span
from dashboard.ledger.schema import GONE, latest, observations, reads, runs, series
from dashboard.measures.frame import Cell, MeasureFrame

OK, FAILED = "ok", "failed"

_SERIES_COLUMNS = ("measure", "version", "slice", "grain", "member")
_SeriesKey = tuple[str, str, str, str, str]
_Value = tuple[float | None, int | None]
_Row = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """One refresh. `id` counts from 1; the times are aware and in UTC."""

    id: int
    started_at: datetime
    finished_at: datetime
    catalog_version: str
    author: str


@dataclass(frozen=True)
class DatasetRead:
    """What reading one dataset came to: its frame, or the text of its failure.

    `measures` gives the version of each measure that was asked; a measure that is not named has the version
    of the dataset. `slices` are those that were asked; None stands for those of the frame.
    """

    dataset: str
    version: str
    source: str
    status: str
    message: str
    seconds: float
    frame: MeasureFrame | None
    measures: Mapping[str, str] = field(default_factory=dict)
    slices: tuple[Slice, ...] | None = None


def record(
    connection: sa.Connection,
    *,
    started_at: datetime,
    finished_at: datetime,
    author: str,
    catalog_version: str,
    readings: Sequence[DatasetRead],
) -> Run:
    """Write a run into the open transaction. The caller holds the only write transaction."""
    newest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(runs.c.id), 0))).scalar_one()
    run = Run(newest + 1, started_at, finished_at, catalog_version, author)
    connection.execute(
        runs.insert(),
        {
            "id": run.id,
            "started_at": started_at,
            "finished_at": finished_at,
            "catalog_version": catalog_version,
            "author": author,
        },
    )
    for reading in readings:
        connection.execute(reads.insert(), _read_row(connection, run.id, reading))
        if reading.frame is not None:
            _append(connection, run.id, reading, reading.frame)
    return run


def _read_row(connection: sa.Connection, run: int, reading: DatasetRead) -> _Row:
    frame = reading.frame
    until = frame.data_until if frame else None
    if (
        frame and frame.since is not None and until is None
    ):  # no row in the asked range: the earlier ones stand
        until = connection.execute(
            sa.select(reads.c.data_until)
            .where(reads.c.dataset == reading.dataset, reads.c.status == OK)
            .order_by(reads.c.run.desc())
            .limit(1)
        ).scalar()
    return {
        "run": run,
        "dataset": reading.dataset,
        "version": reading.version,
        "source": reading.source,
        "status": reading.status,
        "message": reading.message,
        "seconds": reading.seconds,
        "since": frame.since if frame else None,
        "data_until": until,
        "rows": frame.rows if frame else None,
        "warnings": json.dumps(frame.warnings if frame else (), ensure_ascii=False),
    }


def _append(connection: sa.Connection, run: int, reading: DatasetRead, frame: MeasureFrame) -> None:
    versions = {cell.measure: reading.version for cell in frame.cells} | dict(reading.measures)
    known_series, known = _last_known(connection, versions)
    found = _found(connection, frame.cells, versions, known_series)
    changed = {place: value for place, value in found.items() if known.get(place) != value}
    changed |= dict.fromkeys(_vanished(reading, frame, known_series, known, found), (None, GONE))
    rows = [
        {"series": number, "start_month": start, "end_month": end, "value": value, "n": n}
        for (number, (start, end)), (value, n) in sorted(changed.items())
    ]
    if not rows:
        return
    connection.execute(observations.insert(), [row | {"run": run} for row in rows])
    fresh = [row for row in rows if _place(row) not in known]
    if fresh:
        connection.execute(latest.insert(), fresh)
    _replace(connection, [row for row in rows if _place(row) in known])


_Place = tuple[int, Span]


def _place(row: _Row) -> _Place:
    return row["series"], (row["start_month"], row["end_month"])


def _last_known(
    connection: sa.Connection, versions: Mapping[str, str]
) -> tuple[dict[_SeriesKey, int], dict[_Place, _Value]]:
    """The series of the measures in these versions, and the last known value of each of their periods."""
    wanted = sa.tuple_(series.c.measure, series.c.version).in_(list(versions.items()))
    columns = (series.c.measure, series.c.version, series.c.slice, series.c.grain, series.c.member)
    stored = connection.execute(sa.select(series.c.id, *columns).where(wanted))
    numbers = {
        (measure, version, cut, grain, member): number
        for number, measure, version, cut, grain, member in stored
    }
    values = connection.execute(
        sa.select(latest.c.series, latest.c.start_month, latest.c.end_month, latest.c.value, latest.c.n)
        .join(series, series.c.id == latest.c.series)
        .where(wanted)
    )
    return numbers, {(number, (start, end)): (value, n) for number, start, end, value, n in values}


def _found(
    connection: sa.Connection,
    cells: Sequence[Cell],
    versions: Mapping[str, str],
    known_series: dict[_SeriesKey, int],
) -> dict[_Place, _Value]:
    """The frame's values by place. Series that are new are written and added to `known_series`."""
    newest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(series.c.id), 0))).scalar_one()
    new: list[_Row] = []
    found: dict[_Place, _Value] = {}
    for cell in cells:
        key = _series_key(cell, versions)
        number = known_series.get(key)
        if number is None:
            number = known_series[key] = newest + len(new) + 1
            new.append(dict(zip(_SERIES_COLUMNS, key, strict=True), id=number))
        place = number, months.span(cell.period)
        if place in found:
            raise ValueError(f"The frame holds {cell} twice.")
        if cell.value is not None and not math.isfinite(cell.value):
            raise ValueError(f"The frame holds {cell}, which is no number.")
        found[place] = (cell.value, cell.n)
    if new:
        connection.execute(series.insert(), new)
    return found


def _series_key(cell: Cell, versions: Mapping[str, str]) -> _SeriesKey:
    return (
        cell.measure,
        versions[cell.measure],
        as_text(cell.slice),
        cell.period.grain.value,
        as_text(cell.member),
    )


def _vanished(
    reading: DatasetRead,
    frame: MeasureFrame,
    known_series: Mapping[_SeriesKey, int],
    known: Mapping[_Place, _Value],
    found: Mapping[_Place, _Value],
) -> Iterator[_Place]:
    """Places that had a value, were asked again, and have none any more."""
    slices = {cell.slice for cell in frame.cells} if reading.slices is None else set(reading.slices)
    asked_slices = {as_text(cut) for cut in slices}
    asked = {number for (_, _, cut, _, _), number in known_series.items() if cut in asked_slices}
    since = months.number(frame.since) if frame.since is not None else -1
    for place, (_, n) in known.items():
        number, (_, end) = place
        if number in asked and n != GONE and end > since and place not in found:
            yield place


def _replace(connection: sa.Connection, rows: Sequence[_Row]) -> None:
    if not rows:
        return
    statement = (
        latest.update()
        .where(
            latest.c.series == sa.bindparam("at_series"),
            latest.c.start_month == sa.bindparam("at_start"),
            latest.c.end_month == sa.bindparam("at_end"),
        )
        .values(value=sa.bindparam("new_value"), n=sa.bindparam("new_n"))
    )
    names = {
        "series": "at_series",
        "start_month": "at_start",
        "end_month": "at_end",
        "value": "new_value",
        "n": "new_n",
    }
    connection.execute(statement, [{names[key]: value for key, value in row.items()} for row in rows])


def as_text(names: Sequence[str]) -> str:
    """A slice or a member as a JSON array: no character in a name can be taken for a separator."""
    return json.dumps(list(names), ensure_ascii=False)
