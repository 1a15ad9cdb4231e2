"""Counts, sums, averages, minima and maxima: asked by month in one reading of the rows."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from dashboard.definitions.expressions import Aggregate, AggregateKind, Expression
from dashboard.definitions.model import Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, group, members_of, months_of
from dashboard.measures.event_time import EARLIEST, LATER, EventTime
from dashboard.measures.expressions import compile_expression, plain
from dashboard.measures.frame import Number, Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.relation import Relation
from dashboard.measures.spans import Asked
from dashboard.periods import Grain

Element = ColumnElement[Any]
ROWS, LATEST = 1, 2  # places in a row, after its month
SUMS = frozenset({AggregateKind.SUM, AggregateKind.AVG})
EXTREMES = {AggregateKind.MIN: min, AggregateKind.MAX: max}
MONTHLY = frozenset({AggregateKind.COUNT, AggregateKind.ONLY, *SUMS, *EXTREMES})


@dataclass(frozen=True)
class Pulse:
    """What an answer says of the dataset: its rows, those in no period, and the last day."""

    rows: int
    undated: int
    earlier: int
    later: int
    latest: date | None
    last_month: int | None


@dataclass(frozen=True)
class Places:
    """Where in a row a measure's value is, its n, and the number of rows that meet its condition."""

    value: int
    n: int
    matching: int


@dataclass(frozen=True)
class MonthlyStatement:
    """One row per slice, member and month; undated rows under month null, those after today under LATER."""

    select: Select[Any]
    cut: Cut
    measures: tuple[Measure, ...]
    places: Mapping[str, Places]
    day_of: Callable[[Any], date | None]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def pulse(self, rows: Iterable[Sequence[Any]]) -> Pulse:
        """What the answer says of the dataset as a whole."""
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

    def values(self, rows: Iterable[Sequence[Any]], asked: Asked) -> Iterator[Value]:
        """The measured values. Extremes are put together from months; sums are left to the reader."""
        for cut, member, months in months_of(self.cut, rows):
            present = sorted(months)
            for measure in self.measures:
                kind, places = measure.aggregate.kind, self.places[measure.key]
                found = [value_of(kind, places, months[month]) for month in present]
                for grain in Grain if kind in EXTREMES else asked.additive_grains():
                    for period, start, end in asked.periods(grain, present):
                        value, n = found[start] if end - start == 1 else _together(kind, found[start:end])
                        yield Value(measure.key, period, cut, member, value, n)


def monthly_statement(
    relation: Relation, event: EventTime, measures: Sequence[Measure], slices: tuple[Slice, ...]
) -> MonthlyStatement:
    """The statement for these measures and slices; without measures it tells the dataset's pulse alone."""
    pieces = Pieces(
        relation,
        {MONTH: event.any_month, "latest": event.latest},
        (Piece("row_count", "count"), Piece("latest", "latest", "latest")),
    )
    places = {each.key: pieces.places(each.aggregate) for each in measures}
    read = [part for each in measures for part in (each.aggregate.argument, each.aggregate.where)]
    cut = Cut(
        relation=relation,
        slices=slices,
        computed=pieces.computed,
        keys=(),
        pieces=tuple(pieces.asked.values()),
        where=event.asked,
        lookups=lookups_of(relation.dataset, read),
    )
    return MonthlyStatement(group(cut), cut, tuple(measures), places, event.day_of)


class Pieces:
    """Collects what is computed of rows and taken of groups; what two measures share is asked once.

    It begins with what is `computed` and `asked` in any case; the first piece asked counts the rows.
    """

    def __init__(self, relation: Relation, computed: Mapping[str, Element], asked: Sequence[Piece]) -> None:
        self.relation = relation
        self.computed = dict(computed)
        self.asked: dict[object, Piece] = {piece.name: piece for piece in asked}
        self.inputs: dict[object, str] = {}

    def places(self, aggregate: Aggregate) -> Places:
        """Where the parts of the aggregate will be."""
        argument, where = plain(aggregate.argument), plain(aggregate.where)
        matching = self._matching(where)
        if argument is None:
            return Places(matching, matching, matching)
        n = self._of_values("count", argument, where)
        if aggregate.kind is AggregateKind.COUNT:
            return Places(n, n, matching)
        how = "sum" if aggregate.kind in SUMS else "min" if aggregate.kind is AggregateKind.MIN else "max"
        return Places(self._of_values(how, argument, where), n, matching)

    def _matching(self, where: Expression | None) -> int:
        if where is None:
            return ROWS
        met = sa.case(
            (compile_expression(where, self.relation), sa.literal_column("1")), else_=sa.literal_column("0")
        )
        return self._place("sum", (None, where), met)  # DuckDB adds up faster than it counts what is not null

    def _of_values(self, how: str, argument: Expression, where: Expression | None) -> int:
        value = compile_expression(argument, self.relation)
        if where is not None:
            value = sa.case((compile_expression(where, self.relation), value))
        return self._place(how, (argument, where), value)

    def _place(self, how: str, given: object, computed: Element) -> int:
        name = self.inputs.setdefault(given, f"input_{len(self.inputs) + 1}")
        self.computed.setdefault(name, computed)
        self.asked.setdefault((how, given), Piece(name.replace("input", how), how, name))
        return 1 + list(self.asked).index((how, given))


def value_of(kind: AggregateKind, places: Places, row: Sequence[Any]) -> tuple[Number, int]:
    """Value and n of a month. A sum over no row that meets the condition is 0, over nulls alone null.

    Of several rows there is no only value.
    """
    value, n = row[places.value], int(row[places.n] or 0)
    if kind is AggregateKind.ONLY and n > 1:
        return None, n
    if value is None and kind in SUMS and not row[places.matching]:
        return 0, n
    return value, n


def _together(kind: AggregateKind, parts: Sequence[tuple[Number, int]]) -> tuple[Number, int]:
    """Value and n of several months."""
    values = [value for value, _ in parts if value is not None]
    n = sum(n for _, n in parts)
    if not values:
        return None, n
    unknown = next((value for value in values if math.isnan(value)), None)  # min and max would pass it by
    return EXTREMES.get(kind, sum)(values) if unknown is None else unknown, n
