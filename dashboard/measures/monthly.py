"""Counts, sums, averages, minima and maxima: asked by month in one reading of the rows, and put together from months."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from dashboard.definitions.expressions import Aggregate, AggregateKind, Expression
from dashboard.definitions.model import Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, group, members_of, months_of
from dashboard.measures.event_time import LATER, EventTime
from dashboard.measures.expressions import compile_expression, plain
from dashboard.measures.frame import Number, Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.relation import Relation
from dashboard.measures.spans import Asked
from dashboard.periods import Grain

ROWS, LATEST = 1, 2  # places in a row, after its month
SUMS = frozenset({AggregateKind.SUM, AggregateKind.AVG})
EXTREMES = {AggregateKind.MIN: min, AggregateKind.MAX: max}
MONTHLY = frozenset({AggregateKind.COUNT, AggregateKind.SUM, AggregateKind.AVG, *EXTREMES})

Element = ColumnElement[Any]
Given = tuple[Expression | None, Expression | None]  # argument and condition of an aggregate


@dataclass(frozen=True)
class Pulse:
    """What the rows read say of the dataset: how many, how many without a time or after today, and the last day."""

    rows: int
    undated: int
    later: int
    latest: date | None
    last_month: int | None


@dataclass(frozen=True)
class Columns:
    """The places in a row of the columns that make a measure; `matching` counts the rows that meet its condition."""

    value: int
    n: int
    matching: int


@dataclass(frozen=True)
class MonthlyStatement:
    """One row per slice, member and month; undated rows under month null, those after today under LATER."""

    select: Select[Any]
    cut: Cut
    measures: tuple[Measure, ...]
    columns: Mapping[str, Columns]
    day_of: Callable[[Any], date | None]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def pulse(self, rows: Iterable[Sequence[Any]]) -> Pulse:
        """What the answer says of the dataset as a whole."""
        whole = {values[0]: values for cut, _, values in members_of(self.cut, rows) if not cut}
        counted = {month: int(values[ROWS]) for month, values in whole.items()}
        last = max((month for month in whole if month is not None and month != LATER), default=None)
        return Pulse(
            rows=sum(counted.values()),
            undated=counted.get(None, 0),
            later=counted.get(LATER, 0),
            latest=None if last is None else self.day_of(whole[last][LATEST]),
            last_month=last,
        )

    def values(self, rows: Iterable[Sequence[Any]], asked: Asked) -> Iterator[Value]:
        """The measured values, as the database gave them."""
        for cut, member, months in months_of(self.cut, rows):
            present = sorted(months)
            for measure in self.measures:
                kind, columns = measure.aggregate.kind, self.columns[measure.key]
                found = [_value(kind, columns, months[month]) for month in present]
                for grain in Grain if kind in EXTREMES else asked.additive_grains():
                    for period, start, end in asked.periods(grain, present):
                        value, n = _together(kind, found[start:end])
                        yield Value(measure.key, period, cut, member, value, n)


def monthly_statement(
    relation: Relation, event: EventTime, measures: Sequence[Measure], slices: tuple[Slice, ...]
) -> MonthlyStatement:
    """The statement for these measures and slices; without measures it tells the dataset's pulse alone."""
    pieces = _Pieces(relation, event)
    columns = {each.key: pieces.of(each.aggregate) for each in measures}
    read = [part for each in measures for part in (each.aggregate.argument, each.aggregate.where)]
    cut = Cut(
        relation=relation,
        slices=slices,
        computed=pieces.computed,
        keys=(),
        pieces=tuple(pieces.asked.values()),
        where=(event.asked,),
        lookups=lookups_of(relation.dataset, read),
    )
    return MonthlyStatement(group(cut), cut, tuple(measures), columns, event.day_of)


class _Pieces:
    """Collects what is computed for each row and taken of each group; what two measures share is asked once."""

    def __init__(self, relation: Relation, event: EventTime) -> None:
        self.relation = relation
        self.computed: dict[str, Element] = {MONTH: event.any_month, "latest": event.latest}
        self.asked = {
            ("count", (None, None)): Piece("rows", "count"),
            ("max", None): Piece("latest", "max", "latest"),
        }
        self.inputs: dict[Given, str] = {}

    def of(self, aggregate: Aggregate) -> Columns:
        """The places of the columns that make the aggregate."""
        argument, where = plain(aggregate.argument), plain(aggregate.where)
        n = self._place("count", (argument, where))
        if aggregate.kind is AggregateKind.COUNT:
            return Columns(n, n, n)
        how = "sum" if aggregate.kind is AggregateKind.AVG else aggregate.kind.value
        value = self._place(how, (argument, where))
        if how != "sum":
            return Columns(value, n, n)
        return Columns(value, n, self._place("count", (None, where)))

    def _place(self, how: str, given: Given) -> int:
        if (how, given) not in self.asked:
            if given not in self.inputs:
                self.inputs[given] = f"input_{len(self.inputs) + 1}"
                self.computed[self.inputs[given]] = self._input(*given)
            of = self.inputs[given]
            self.asked[how, given] = Piece(of.replace("input", how), how, of)
        return 1 + list(self.asked).index((how, given))

    def _input(self, argument: Expression | None, where: Expression | None) -> Element:
        value = sa.literal_column("1") if argument is None else compile_expression(argument, self.relation)
        return value if where is None else sa.case((compile_expression(where, self.relation), value))


def _value(kind: AggregateKind, columns: Columns, row: Sequence[Any]) -> tuple[Number, int]:
    """Value and n of a month. A sum over no row that meets the condition is 0, over nulls alone it is null."""
    value, n = row[columns.value], int(row[columns.n])
    if value is None and kind in SUMS and not row[columns.matching]:
        return 0, n
    return value, n


def _together(kind: AggregateKind, parts: Sequence[tuple[Number, int]]) -> tuple[Number, int]:
    """Value and n of several months."""
    values = [value for value, _ in parts if value is not None]
    n = sum(n for _, n in parts)
    if not values:
        return None, n
    return (EXTREMES[kind](values) if kind in EXTREMES else sum(values)), n
