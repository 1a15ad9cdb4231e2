"""Writing a run: what differs from the last known value is appended, and nothing else."""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from dashboard.definitions.model import Slice
from dashboard.ledger import months
from dashboard.ledger.defining import Definition, record_definitions
from dashboard.ledger.journal import next_moment
from dashboard.ledger.months import Span
from dashboard.ledger.packing import Values, pack, unpack
from dashboard.ledger.schema import GONE, latest, observations, reads, runs, seals, series
from dashboard.ledger.sealing import SERIES_COLUMNS, Observed, SeriesKey, newest_seal, seal
from dashboard.measures.frame import Cell, MeasureFrame

OK, FAILED = "ok", "failed"
ABSENT = "absent"  # its table is not there, and never was: its message names what is not connected
_PARTIAL = "-partial"  # measured without a table that it looks up: its message names what is not connected


def partial_version(version: str) -> str:
    """The version of a dataset of which only a part is measured: with the rest, it is asked in full again."""
    return version + _PARTIAL


def lacking(status: str, version: str, message: str) -> tuple[str, ...]:
    """The datasets that a reading tells are not connected."""
    told = status == ABSENT or (status == OK and version.endswith(_PARTIAL))
    return tuple(message.split(", ")) if told else ()


NOTHING_ASKED = date.max  # no period ends after it

_Row = dict[str, Any]

_GONE = (None, GONE)


@dataclass(frozen=True)
class Run:
    """One refresh. `id` counts from 1; the times are aware and in UTC.

    `finished_at` is the moment from which it is known: where the clock had gone back, a microsecond after the
    newest moment in the ledger, so that runs follow one another in time as they do in number.

    `written` counts the observations that recording it appended, by dataset; empty when it is read again.
    """

    id: int
    started_at: datetime
    finished_at: datetime
    catalog_version: str
    author: str
    written: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class DatasetRead:
    """What reading one dataset came to: its frame, or the text of its failure.

    `message` is that text; of a reading that went well, a mark of the files that were read, or empty.
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

    @property
    def unchanged(self) -> bool:
        """Whether nothing was asked, because the source is as it was when it was read before."""
        return self.frame is not None and self.frame.since == NOTHING_ASKED


def record(
    connection: sa.Connection,
    *,
    started_at: datetime,
    finished_at: datetime,
    author: str,
    catalog_version: str,
    readings: Sequence[DatasetRead],
    defined: Collection[Definition] = (),
) -> Run:
    """Write a run into the open transaction. The caller holds the only write transaction."""
    before = newest_seal(connection)
    newest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(runs.c.id), 0))).scalar_one()
    run = Run(newest + 1, started_at, next_moment(connection, finished_at), catalog_version, author)
    run_row = {
        "id": run.id,
        "started_at": started_at,
        "finished_at": run.finished_at,
        "catalog_version": catalog_version,
        "author": author,
    }
    connection.execute(runs.insert(), run_row)
    written, read_rows, observed = {}, [], []
    for reading in readings:
        read_rows.append(_read_row(connection, run.id, reading))
        connection.execute(reads.insert(), read_rows[-1])
        if reading.frame is not None and not reading.unchanged:
            appended = _append(connection, run.id, reading, reading.frame)
            written[reading.dataset] = sum(len(values) for _, values in appended)
            observed += appended
    definition_rows = record_definitions(connection, run.id, defined)
    sealed = seal(before, run_row, read_rows, definition_rows, observed)
    connection.execute(seals.insert(), {"run": run.id, "hash": sealed})
    return replace(run, written=written)


def _read_row(connection: sa.Connection, run: int, reading: DatasetRead) -> _Row:
    frame = reading.frame
    until = frame.data_until if frame else None
    if frame and frame.since is not None and until is None:
        # Nothing was found in the range that was asked, so the last day found before it stands.
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


def _append(
    connection: sa.Connection, run: int, reading: DatasetRead, frame: MeasureFrame
) -> list[tuple[SeriesKey, list[Observed]]]:
    """Append what differs, and give it by series."""
    versions = {cell.measure: reading.version for cell in frame.cells} | dict(reading.measures)
    numbers, known = _last_known(connection, versions)
    found = _found(connection, frame.cells, versions, numbers)
    asked = {cell.slice for cell in frame.cells} if reading.slices is None else set(reading.slices)
    since = months.number(frame.since) if frame.since is not None else -1
    keys = {number: key for key, number in numbers.items()}
    rows, packed, appended = [], [], []
    for number in _in_slices(numbers, asked) | found.keys():
        before = known.get(number, {})
        changes = _changes(before, found.get(number, {}), since)
        rows += [_row(number, run, span, value) for span, value in changes.items()]
        if changes:
            now = {span: value for span, value in (before | changes).items() if value != _GONE}
            packed.append({"at": number, "now": pack(now), "new": number not in known})
            appended.append((keys[number], [(number, *span, *value) for span, value in changes.items()]))
    if rows:
        connection.execute(observations.insert(), rows)
        _keep_latest(connection, packed)
    return appended


def _changes(before: Values, found: Values, since: int) -> Values:
    """What differs from the last known values; those that were asked again and not found are gone."""
    changes = {span: value for span, value in found.items() if before.get(span) != value}
    gone = (span for span in before if span[1] > since and span not in found)
    return changes | dict.fromkeys(gone, _GONE)


def _row(number: int, run: int, span: Span, value: tuple[float | None, int | None]) -> _Row:
    return {
        "series": number,
        "start_month": span[0],
        "end_month": span[1],
        "run": run,
        "value": value[0],
        "n": value[1],
    }


def _last_known(
    connection: sa.Connection, versions: Mapping[str, str]
) -> tuple[dict[SeriesKey, int], dict[int, Values]]:
    """The series of the measures in these versions, and their last known values."""
    keys = (series.c.measure, series.c.version, series.c.slice, series.c.grain, series.c.member)
    stored = connection.execute(
        sa.select(series.c.id, latest.c.packed, *keys)
        .join(latest, series.c.id == latest.c.series, isouter=True)
        .where(in_version(versions))
    )
    numbers, known = {}, {}
    for number, packed, measure, version, cut, grain, member in stored:
        numbers[measure, version, cut, grain, member] = number
        if packed is not None:
            known[number] = unpack(packed)
    return numbers, known


def in_version(versions: Mapping[str, str]) -> sa.ColumnElement[bool]:
    """The series of measures (key to version). SQLite looks up names in its index, but not pairs."""
    pairs = sa.tuple_(series.c.measure, series.c.version).in_(list(versions.items()))
    return sa.and_(series.c.measure.in_(list(versions)), pairs)


def _found(
    connection: sa.Connection,
    cells: Sequence[Cell],
    versions: Mapping[str, str],
    numbers: dict[SeriesKey, int],
) -> dict[int, Values]:
    """The frame's values by series. Series that are new are written, and added to `numbers`."""
    newest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(series.c.id), 0))).scalar_one()
    new: list[_Row] = []
    found: dict[int, Values] = {}
    for cell in cells:
        key = _series_key(cell, versions)
        if key not in numbers:
            numbers[key] = newest + len(new) + 1
            new.append(dict(zip(SERIES_COLUMNS, key, strict=True), id=numbers[key]))
        values = found.setdefault(numbers[key], {})
        span = months.span(cell.period)
        if span in values:
            raise ValueError(f"The frame holds {cell} twice.")
        if cell.value is not None and not math.isfinite(cell.value):
            raise ValueError(f"The frame holds {cell}, which is no number.")
        values[span] = (cell.value, cell.n)
    if new:
        connection.execute(series.insert(), new)
    return found


def _series_key(cell: Cell, versions: Mapping[str, str]) -> SeriesKey:
    grain = cell.period.grain.value
    return cell.measure, versions[cell.measure], as_text(cell.slice), grain, as_text(cell.member)


def _in_slices(numbers: Mapping[SeriesKey, int], slices: Collection[Slice]) -> set[int]:
    texts = {as_text(cut) for cut in slices}
    return {number for (_, _, cut, _, _), number in numbers.items() if cut in texts}


def _keep_latest(connection: sa.Connection, packed: Sequence[_Row]) -> None:
    new = [{"series": row["at"], "packed": row["now"]} for row in packed if row["new"]]
    if new:
        connection.execute(latest.insert(), new)
    old = [row for row in packed if not row["new"]]
    if old:
        change = latest.update().where(latest.c.series == sa.bindparam("at"))
        connection.execute(change.values(packed=sa.bindparam("now")), old)


@lru_cache(maxsize=65536)
def as_text(names: tuple[str, ...]) -> str:
    """A slice or a member as a JSON array: no character in a name can be taken for a separator."""
    return json.dumps(names, ensure_ascii=False)
