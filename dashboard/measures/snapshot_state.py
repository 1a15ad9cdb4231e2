"""Snapshots: of each period the newest state inside it, all rows of the last day that has any.

Rows are read once and grouped by day; which day is a period's last is then seen on that small answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from dashboard.definitions.model import Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, finest, group, label, members_of, months_of
from dashboard.measures.event_time import EARLIEST, LATER
from dashboard.measures.expressions import compile_expression
from dashboard.measures.frame import Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.monthly import Pieces, Places, Pulse, value_of
from dashboard.measures.relation import Relation
from dashboard.measures.snapshot_time import SnapshotTime
from dashboard.measures.spans import Asked, period_of
from dashboard.periods import Grain

Element = ColumnElement[Any]
DAY, ITEM = "day", "item"
ROWS, LATEST, KEPT = 1, 2, 3  # places in a row: all rows of the period, its newest day, rows of that day
Row = Sequence[Any]


@dataclass(frozen=True)
class StateStatement:
    """One row per slice, member and period, the latter as its last month: ROWS, LATEST, KEPT, then pieces."""

    select: Select[Any]
    cut: Cut
    measures: tuple[Measure, ...]
    places: Mapping[str, Places]
    day_of: Callable[[Any], date | None]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def pulse(self, rows: Iterable[Row]) -> Pulse:
        """What the answer says of the dataset as a whole; the last month is that of the newest period."""
        whole = {values[0]: values for cut, _, values in members_of(self.cut, rows) if not cut}
        counted = {month: int(values[ROWS]) for month, values in whole.items()}
        undated, later = counted.get(None, 0), counted.get(LATER, 0)
        dated = [month for month in whole if month is not None and EARLIEST <= month < LATER]
        last = max(dated, default=None)
        return Pulse(
            rows=sum(counted.values()),
            undated=undated,
            earlier=sum(counted.values()) - undated - later - sum(counted[month] for month in dated),
            later=later,
            latest=None if last is None else self.day_of(whole[last][LATEST]),
            last_month=last,
        )

    def values(self, rows: Iterable[Row], asked: Asked) -> Iterator[Value]:
        """The measured values. Who is not in the newest state of a period has none for it."""
        for cut, member, months in months_of(self.cut, rows):
            for month, row in months.items():
                period = period_of(asked.calendar, asked.covers or Grain.MONTH, month)
                if not row[KEPT] or not asked.holds(period):
                    continue
                for measure in self.measures:
                    value, n = value_of(measure.aggregate.kind, self.places[measure.key], row)
                    yield Value(measure.key, period, cut, member, value, n)


def state_statement(
    relation: Relation, time: SnapshotTime, measures: Sequence[Measure], slices: tuple[Slice, ...]
) -> StateStatement:
    """The statement for counts, sums, averages and extremes; without measures it tells the pulse alone."""
    pieces = Pieces(
        relation,
        {MONTH: time.any_month, DAY: time.day},
        (Piece("row_count", "count"), Piece("latest", "latest", DAY), Piece("kept", "count")),
    )
    places = {
        each.key: _of_the_kept(pieces.places(each.aggregate)) for each in measures
    }  # what would read all rows reads those kept
    read = [part for each in measures for part in (each.aggregate.argument, each.aggregate.where)]
    cut = Cut(
        relation=relation,
        slices=slices,
        computed=pieces.computed,
        keys=(DAY,),
        pieces=tuple(pieces.asked.values()),
        where=time.asked,
        lookups=lookups_of(relation.dataset, read),
    )
    return StateStatement(_select(cut), cut, tuple(measures), places, time.day_of)


def _of_the_kept(places: Places) -> Places:
    found = (KEPT if place == ROWS else place for place in (places.value, places.n, places.matching))
    return Places(*found)


def _select(cut: Cut) -> Select[Any]:
    groups = finest(cut).subquery("finest")
    newest = sa.func.max(groups.c[DAY]).over(partition_by=groups.c[MONTH]) == groups.c[DAY]
    members = [groups.c[label(name)] for name in cut.dimensions]
    taken = [groups.c["row_count"], groups.c["latest"]]
    taken += [sa.case((newest, groups.c[piece.name])).label(piece.name) for piece in cut.pieces[2:]]
    state = sa.select(*members, groups.c[MONTH], *taken).subquery("state")
    return cut_out(state, cut, (), cut.pieces)


@dataclass(frozen=True)
class StateItems:
    """One row per slice, member and period: its last month, then n and number of items of each measure."""

    select: Select[Any]
    cut: Cut
    measures: tuple[Measure, ...]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def values(self, rows: Iterable[Row], asked: Asked) -> Iterator[Value]:
        """The measured values."""
        for cut, member, (month, *counts) in members_of(self.cut, rows):
            period = period_of(asked.calendar, asked.covers or Grain.MONTH, month)
            if asked.holds(period):
                for place, measure in enumerate(self.measures):
                    n, items = counts[2 * place : 2 * place + 2]
                    yield Value(measure.key, period, cut, member, int(items), int(n))


def state_items(
    relation: Relation, time: SnapshotTime, measures: Sequence[Measure], slices: tuple[Slice, ...]
) -> StateItems:
    """The statement for distinct counts of one argument, each with its own condition."""
    argument = measures[0].aggregate.argument
    if argument is None:
        raise TypeError("a distinct count has an argument")
    item = compile_expression(argument, relation)
    computed = {MONTH: time.month, ITEM: item}
    for place, measure in enumerate(measures):
        where = measure.aggregate.where
        computed[f"item_{place}"] = (
            item if where is None else sa.case((compile_expression(where, relation), item))
        )
    cut = Cut(
        relation=relation,
        slices=slices,
        computed=computed,
        keys=(ITEM,),
        pieces=tuple(Piece(f"count_{place}", "count", f"item_{place}") for place in range(len(measures))),
        where=time.newest,
        lookups=lookups_of(relation.dataset, [argument, *(each.aggregate.where for each in measures)]),
    )
    there = group(cut).subquery("there")
    by = [there.c[name] for name in (*map(label, cut.dimensions), MONTH)]
    counts = []
    for piece in cut.pieces:
        count = there.c[piece.name]
        counts += [sa.func.sum(count), sa.func.count(sa.case((count > 0, sa.literal_column("1"))))]
    return StateItems(sa.select(*by, *counts).group_by(*by), cut, tuple(measures))
