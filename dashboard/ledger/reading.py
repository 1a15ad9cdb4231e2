"""Reading the ledger as it stood after a run: one indexed query for all that a page needs."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from dashboard.definitions.model import Slice
from dashboard.definitions.origins import INDIVISIBLE
from dashboard.ledger.book import Book, DatasetState, Member, Recorded, Track, added
from dashboard.ledger.months import Span
from dashboard.ledger.packing import Values, unpack
from dashboard.ledger.recording import ABSENT, FAILED, OK, Run, as_text, in_version, lacking
from dashboard.ledger.schema import GONE, latest, observations, reads, runs, series
from dashboard.ledger.scope import Scope
from dashboard.periods import Grain

_Tracks = dict[Member, Values]


def newest_run(connection: sa.Connection, as_of: datetime | None) -> int | None:
    """The number of the newest run that had finished by `as_of`; None where there was none.

    It is the last before the first that finished later: a ledger of schema 1 may hold runs of a clock that
    had gone back.
    """
    query = sa.select(sa.func.max(runs.c.id))
    if as_of is not None:
        later = sa.select(sa.func.min(runs.c.id)).where(runs.c.finished_at > as_of).scalar_subquery()
        query = query.where(sa.or_(later.is_(None), runs.c.id < later))
    return connection.execute(query).scalar()


def recent_runs(connection: sa.Connection, limit: int, as_of: datetime | None) -> tuple[Run, ...]:
    """The newest runs that had finished by `as_of`, newest first."""
    columns = (runs.c.id, runs.c.started_at, runs.c.finished_at, runs.c.catalog_version, runs.c.author)
    newest = sa.select(*columns).order_by(runs.c.id.desc()).limit(limit)
    if as_of is not None:
        newest = newest.where(runs.c.id <= (newest_run(connection, as_of) or 0))
    return tuple(Run(*row) for row in connection.execute(newest))


@dataclass(frozen=True)
class _Stored:
    """What the ledger holds of the asked measures, before the viewer's scope."""

    tracks: Mapping[tuple[str, Slice], _Tracks]
    exact: frozenset[str]

    def cuts(self, measure: str) -> tuple[Slice, ...]:
        return tuple(cut for name, cut in self.tracks if name == measure)


def read_book(
    connection: sa.Connection,
    measures: Mapping[str, str],
    slices: Collection[Slice],
    scope: Scope,
    run: int | None,
    states: Mapping[str, DatasetState],
) -> Book:
    """All that `run` knew of the measures in these versions and slices, as the viewer may see it.

    `states` are those of `read_states`.
    """
    asked = {(), *slices}
    stored = _stored(connection, measures, None if scope.allowed else asked, run)
    tracks: dict[tuple[str, Slice, Member], Track] = {}
    readable, hidden = set(), set()
    for measure in {measure for measure, _ in stored.tracks}:
        cuts = stored.cuts(measure)
        whole = measure in stored.exact or measures[measure].endswith(INDIVISIBLE)
        for cut in asked:
            basis = scope.basis(cut, cuts, adds_up=not whole)
            if basis is None:
                hidden.add((measure, cut))
                continue
            readable.add((measure, cut))
            seen = stored.tracks[measure, basis]
            if scope.allowed:
                seen = _within(seen, basis, cut, scope)
            tracks.update({(measure, cut, member): track for member, track in seen.items()})
    return Book(
        run=run,
        tracks=tracks,
        measured={
            measure: frozenset(members.get((), ()))
            for (measure, cut), members in stored.tracks.items()
            if not cut
        },
        exact=stored.exact,
        readable=frozenset(readable),
        hidden=frozenset(hidden) if scope.allowed else frozenset(),
        states=states,
    )


def _within(tracks: _Tracks, basis: Slice, cut: Slice, scope: Scope) -> _Tracks:
    """The tracks of `basis` that the viewer may see, added up to the members of `cut`."""
    where = [basis.index(dimension) for dimension in cut]
    groups: dict[Member, list[Track]] = {}
    for member, track in tracks.items():
        if scope.admits(basis, member):
            groups.setdefault(tuple(member[at] for at in where), []).append(track)
    return {member: dict(_merged(group)) for member, group in groups.items()}


def _merged(group: Sequence[Track]) -> Iterator[tuple[Span, Recorded]]:
    for span in sorted({span for track in group for span in track}):
        yield span, added([track[span] for track in group if span in track])


def _stored(
    connection: sa.Connection, measures: Mapping[str, str], cuts: Collection[Slice] | None, run: int | None
) -> _Stored:
    """The values after `run`, of the slices `cuts` or of all."""
    if run is None or not measures:
        return _Stored({}, frozenset())
    wanted = sa.and_(
        in_version(measures),
        sa.true() if cuts is None else series.c.slice.in_([as_text(cut) for cut in cuts]),
    )
    current = run == newest_run(connection, None)
    tracks: dict[tuple[str, Slice], _Tracks] = {}
    exact = set()
    for measure, cut, grain, member, values in (_last if current else _earlier)(connection, wanted, run):
        if values:
            tracks.setdefault((measure, _names(cut)), {}).setdefault(_names(member), {}).update(values)
        if grain != Grain.MONTH:
            exact.add(measure)
    return _Stored(tracks, frozenset(exact))


_Series = tuple[str, str, str, str, Values]  # measure, slice, grain, member, values
_KEYS = (series.c.measure, series.c.slice, series.c.grain, series.c.member)


def _last(connection: sa.Connection, wanted: sa.ColumnElement[bool], _: int) -> Iterator[_Series]:
    """The series with their last known values."""
    query = sa.select(*_KEYS, latest.c.packed).join(latest, latest.c.series == series.c.id).where(wanted)
    for measure, cut, grain, member, packed in connection.execute(query):
        yield measure, cut, grain, member, unpack(packed)


def _earlier(connection: sa.Connection, wanted: sa.ColumnElement[bool], run: int) -> Iterator[_Series]:
    """The series with the values that `run` left."""
    table = observations
    query = (
        sa.select(
            table.c.series, table.c.start_month, table.c.end_month, table.c.run, table.c.value, table.c.n
        )
        .join(series, series.c.id == table.c.series)
        .where(wanted, table.c.run <= run)
    )
    newest: dict[int, dict[Span, tuple[int, float | None, int | None]]] = {}
    for number, start, end, by, value, n in connection.execute(query):
        values = newest.setdefault(number, {})
        known = values.get((start, end))
        if known is None or known[0] < by:
            values[start, end] = (by, value, n)
    for number, *keys in connection.execute(sa.select(series.c.id, *_KEYS).where(wanted)):
        values = newest.get(number, {})
        measure, cut, grain, member = keys
        yield (
            measure,
            cut,
            grain,
            member,
            {at: (value, n) for at, (_, value, n) in values.items() if n != GONE},
        )


@lru_cache(maxsize=65536)
def _names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def read_members(
    connection: sa.Connection, measures: Mapping[str, str], cut: Slice, scope: Scope, as_of: datetime | None
) -> tuple[Member, ...]:
    """The members of a slice that the viewer may see, in alphabetical order."""
    run = newest_run(connection, as_of)
    return read_book(connection, measures, (cut,), scope, run, {}).members(cut)


def read_states(connection: sa.Connection, run: int | None) -> Mapping[str, DatasetState]:
    """For each dataset, what its readings up to the run have come to."""
    if run is None:
        return {}
    newest = connection.execute(_newest_reads(run)).all()
    wanted = {(number, row.dataset) for row in newest for number in (row.good, row.bad, row.absent)}
    found = connection.execute(
        sa.select(reads, runs.c.finished_at)
        .join(runs, runs.c.id == reads.c.run)
        .where(reads.c.run.in_({number for number, _ in wanted if number is not None}))
    )
    states: dict[str, list[sa.Row[Any]]] = {}
    for row in found:
        if (row.run, row.dataset) in wanted:
            states.setdefault(row.dataset, []).append(row)
    return {dataset: _state(rows) for dataset, rows in sorted(states.items())}


def _newest_reads(run: int) -> sa.Select[Any]:
    """For each dataset, the newest run up to `run` that read it well, and that failed to.

    It steps from name to name through the index, for the runs of years are thousands and the datasets a few.
    """
    names = sa.select(sa.func.min(reads.c.dataset).label("dataset")).cte("names", recursive=True)
    later = sa.select(sa.func.min(reads.c.dataset)).where(reads.c.dataset > names.c.dataset).scalar_subquery()
    names = names.union_all(sa.select(later).where(names.c.dataset.is_not(None)))

    def newest(status: str) -> sa.ScalarSelect[Any]:
        mine = (reads.c.dataset == names.c.dataset, reads.c.status == status, reads.c.run <= run)
        return sa.select(sa.func.max(reads.c.run)).where(*mine).scalar_subquery()

    labels = {"good": OK, "bad": FAILED, "absent": ABSENT}
    columns = (newest(status).label(label) for label, status in labels.items())
    return sa.select(names.c.dataset, *columns).where(names.c.dataset.is_not(None))


def _state(newest: Sequence[sa.Row[Any]]) -> DatasetState:
    """From the newest reading that went well, the newest that failed, or both."""
    good = next((row for row in newest if row.status == OK), None)
    last = max(newest, key=lambda row: row.run)
    known, failed = good if good is not None else last, last if last.status == FAILED else None
    return DatasetState(
        version=known.version,
        source=known.source,
        last_ok_at=good.finished_at if good is not None else None,
        data_until=known.data_until,
        rows=known.rows or 0,
        warnings=tuple(json.loads(known.warnings)),
        failed_at=failed.finished_at if failed is not None else None,
        failure=failed.message if failed is not None else None,
        mark=good.message if good is not None else "",
        lacking=lacking(known.status, known.version, known.message),
    )


def were_read(connection: sa.Connection, versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of the (dataset, version) pairs that were ever read well, or found not to be connected."""
    pairs = sorted(versions)
    if not pairs:
        return frozenset()
    asked = (
        sa.exists().where(
            reads.c.dataset == dataset, reads.c.version == version, reads.c.status.in_((OK, ABSENT))
        )
        for dataset, version in pairs
    )
    answers = connection.execute(sa.select(*(each.label(f"read{n}") for n, each in enumerate(asked)))).one()
    return frozenset(pair for pair, answer in zip(pairs, answers, strict=True) if answer)
