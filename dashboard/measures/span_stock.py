"""Counts, sums and averages of spans: what starts and ends in each month, asked in one reading of the rows.

What is running at the end of a month is the running total of what has started less what has ended by then. So
the cost grows with the rows, not with rows times months: the database adds up starts and ends by month, and
the total is run over that small answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum, isfinite
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, FromClause, Select, Subquery

from dashboard.definitions.expressions import AggregateKind
from dashboard.definitions.model import At, Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, finest, label, members_of
from dashboard.measures.event_time import EARLIEST, LATER
from dashboard.measures.frame import Number, Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.monthly import Pieces, Places, Pulse, value_of
from dashboard.measures.relation import Relation
from dashboard.measures.span_time import REVERSED, SpanTime
from dashboard.measures.spans import Asked, period_of
from dashboard.periods import Grain

Element = ColumnElement[Any]
UNTIL = "until"
STARTED, ENDED = "started", "ended"
MOVED = {At.START: 0, At.END: 1}  # which of its two columns a flow reads
NEWEST = 2  # pieces that tell how far the rows reach, and are not added up
FIRST_PIECE = 1 + NEWEST  # place of a row's first piece: month, newest start and newest end come before
Row = Sequence[Any]
Total = tuple[float, float]  # a running sum and what rounding has cost it


@dataclass(frozen=True)
class SpanPulse:
    """A Pulse, with the rows that end before they start and the first month in which a row starts."""

    pulse: Pulse
    reversed: int
    first_month: int | None


@dataclass(frozen=True)
class StockStatement:
    """One row per slice, member and month: newest start and end; then of each piece what starts, what ends.

    Rows without a start stand under month null, those that start after today under LATER, those that end
    before they start under REVERSED.
    """

    select: Select[Any]
    cut: Cut
    measures: tuple[Measure, ...]
    places: Mapping[str, Places]
    day_of_start: Callable[[Any], date | None]
    day_of_end: Callable[[Any], date | None]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def pulse(self, rows: Iterable[Row]) -> SpanPulse:
        """What the answer says of the dataset as a whole."""
        whole = {row[0]: row for cut, _, row in members_of(self.cut, rows) if not cut}
        counted = {month: int(row[FIRST_PIECE] or 0) for month, row in whole.items()}
        undated, later = counted.get(None, 0), counted.get(LATER, 0)
        turned = counted.get(REVERSED, 0)
        dated = [month for month in whole if month is not None and EARLIEST <= month < LATER]
        last = max(dated, default=None)
        days = (self.day_of_start(whole[last][1]), self.day_of_end(whole[last][2])) if last else ()
        in_period = sum(counted[month] for month in dated)
        pulse = Pulse(
            rows=sum(counted.values()),
            undated=undated,
            earlier=sum(counted.values()) - undated - later - turned - in_period,
            later=later,
            latest=max((day for day in days if day is not None), default=None),
            last_month=last,
        )
        return SpanPulse(pulse, turned, min((month for month in dated if counted[month]), default=None))

    def values(self, rows: Iterable[Row], asked: Asked, first: int) -> Iterator[Value]:
        """The measured values; those of the whole for every month from `first` on."""
        for cut, member, months in tracks_of(self.cut, rows):
            begins = first if not cut else min(months)
            totals: Sequence[Total] = [(0.0, 0.0)] * (len(self.cut.pieces) - NEWEST)
            for month in range(begins, asked.last + 1):
                row = months.get(month)
                before, totals = totals, totals if row is None else _moved(totals, row)
                period = period_of(asked.calendar, Grain.MONTH, month)
                here = not cut or row is not None or totals[0][0] or before[0][0]
                if here and asked.holds(period):
                    for measure in self.measures:
                        value, n = self._value(measure, before, totals, row)
                        yield Value(measure.key, period, cut, member, value, n)

    def _value(
        self, measure: Measure, before: Sequence[Total], after: Sequence[Total], row: Row | None
    ) -> tuple[Number, int]:
        kind, places = measure.aggregate.kind, self.places[measure.key]
        if measure.at in MOVED:
            value, n = value_of(kind, places, _of_flow(MOVED[measure.at], row, len(after)))
            return (n, n) if kind is AggregateKind.COUNT else (value, n)
        return _standing(kind, places, before if measure.at is At.OPEN else after)


def stock_statement(
    relation: Relation, time: SpanTime, measures: Sequence[Measure], slices: tuple[Slice, ...]
) -> StockStatement:
    """The statement for counts, sums and averages at any moment; without measures it tells the pulse."""
    pieces = Pieces(
        relation,
        {MONTH: time.month, UNTIL: time.until, STARTED: time.started, ENDED: time.ended},
        (Piece("row_count", "count"),),
    )
    places = {each.key: pieces.places(each.aggregate) for each in measures}
    read = [part for each in measures for part in (each.aggregate.argument, each.aggregate.where)]
    newest = (Piece(STARTED, "latest", STARTED), Piece(ENDED, "max", ENDED))
    cut = Cut(
        relation=relation,
        slices=slices,
        computed=pieces.computed,
        keys=(UNTIL,),
        pieces=(*newest, *pieces.asked.values()),
        where=(),
        lookups=lookups_of(relation.dataset, read),
    )
    return StockStatement(_select(cut), cut, tuple(measures), places, time.day_of_start, time.day_of_end)


def tracks_of(cut: Cut, rows: Iterable[Row]) -> Iterator[tuple[Slice, tuple[str, ...], dict[int, Row]]]:
    """Slice, member, and month -> row, of the months in a period; the whole also where it has none."""
    found: dict[tuple[Slice, tuple[str, ...]], dict[int, Row]] = {((), ()): {}} if () in cut.slices else {}
    for each, member, row in members_of(cut, rows):
        if row[0] is not None and EARLIEST <= row[0] < LATER:
            found.setdefault((each, member), {})[row[0]] = row
    for (each, member), months in found.items():
        yield each, member, months


def edges(groups: Subquery, months: Sequence[str]) -> tuple[FromClause, Element, Element]:
    """Each group once for each of its columns `months`: what to select from, the place, and that month."""
    numbers = sa.union_all(
        *(sa.select(sa.literal(place, sa.Integer()).label("edge")) for place in range(len(months)))
    ).subquery("edges")
    edge = numbers.c.edge
    month = sa.case(*((edge == place, groups.c[name]) for place, name in enumerate(months)))
    return groups.join(numbers, sa.true()), edge, month


def _select(cut: Cut) -> Select[Any]:
    """Groups of start and end are many; they are put together by month before slices are cut out of them."""
    groups = finest(cut).subquery("finest")
    source, edge, month = edges(groups, (MONTH, UNTIL))
    moves = [(Piece(STARTED, "max"), 0, groups.c[STARTED]), (Piece(ENDED, "max"), 1, groups.c[ENDED])]
    for piece in cut.pieces[NEWEST:]:
        for place, way in enumerate(("in", "out")):
            moves.append((Piece(f"{piece.name}_{way}", piece.how), place, groups.c[piece.name]))
    members = [groups.c[label(name)] for name in cut.dimensions]
    taken = [sa.case((edge == place, column)).label(piece.name) for piece, place, column in moves]
    ended = sa.and_(groups.c[UNTIL].is_not(None), groups.c[MONTH] >= EARLIEST, groups.c[MONTH] < LATER)
    moved = (
        sa.select(*members, month.label(MONTH), *taken)
        .select_from(source)
        .where(sa.or_(edge == 0, ended))
        .subquery("moves")
    )
    pieces = [piece for piece, _, _ in moves]
    by_month = cut_out(moved, replace(cut, slices=(cut.dimensions,)), (), pieces)
    return cut_out(by_month.subquery("by_month"), cut, (), pieces) if len(cut.slices) > 1 else by_month


def _moved(totals: Sequence[Total], row: Row) -> list[Total]:
    """The totals after a month's starts and ends."""
    return [
        added(added(total, row[FIRST_PIECE + 2 * place]), row[FIRST_PIECE + 2 * place + 1], -1)
        for place, total in enumerate(totals)
    ]


def added(total: Total, change: Number, sign: int = 1) -> Total:
    """A running sum that rounding does not add up in; one that met infinity or NaN stays NaN."""
    if not change:
        return total
    moved = sign * float(change)
    if not isfinite(moved) or not isfinite(total[0]):
        return float("nan"), 0.0
    high = fsum((*total, moved))
    return high, fsum((*total, moved, -high))


def _of_flow(way: int, row: Row | None, pieces: int) -> list[Any]:
    """What starts (or ends) in a month, as value_of reads it."""
    if row is None:
        return [None] + [0] * pieces
    return [None, *(row[FIRST_PIECE + 2 * place + way] for place in range(pieces))]


def _standing(kind: AggregateKind, places: Places, totals: Sequence[Total]) -> tuple[Number, int]:
    """Value and n of what is running. A sum over nothing is 0, over nulls alone missing."""
    n = int(totals[places.n - 1][0])
    if kind is AggregateKind.COUNT:
        return n, n
    if not n:
        return (None if totals[places.matching - 1][0] else 0), 0
    return totals[places.value - 1][0], n
