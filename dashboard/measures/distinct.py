"""Distinct counts over every span, from one pass over who was there in which month.

A distinct count cannot be added up, and asking each span of months again would read every row many times.
Instead each item is looked at once a month, beside the months before and after in which it was there: is it
new in its quarter, in its year, does it enter or leave a window of twelve months? These are sums, and do add
up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select, Subquery

from dashboard.definitions.expressions import Expression
from dashboard.definitions.model import Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, group_items, label, months_of
from dashboard.measures.event_time import EventTime
from dashboard.measures.expressions import compile_expression
from dashboard.measures.frame import Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.relation import Relation
from dashboard.measures.spans import Asked
from dashboard.periods import Grain

Element = ColumnElement[Any]
ITEM = "item"
Totals = dict[str, list[int]]  # of each column, the running total before the first month, after it, and so on

COLUMNS = ("n", "there", "new_in_quarter", "new_in_year", "entering", "leaving")


@dataclass(frozen=True)
class DistinctStatement:
    """One row per slice, member and month: the month, then COLUMNS for each measure; all count one thing."""

    select: Select[Any]
    cut: Cut
    measures: tuple[Measure, ...]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def values(self, rows: Iterable[Sequence[Any]], asked: Asked) -> Iterator[Value]:
        """The measured values."""
        for cut, member, months in months_of(self.cut, rows):
            present = sorted(months)
            for place, measure in enumerate(self.measures):
                totals = _totals([months[month] for month in present], 1 + place * len(COLUMNS))
                for grain in Grain:
                    for period, start, end in asked.periods(grain, present):
                        n = totals["n"][end] - totals["n"][start]
                        yield Value(measure.key, period, cut, member, _items(totals, grain, start, end), n)


def distinct_statement(
    relation: Relation, event: EventTime, measures: Sequence[Measure], slices: tuple[Slice, ...]
) -> DistinctStatement:
    """The statement for measures of one argument, each with a condition of its own."""
    argument = measures[0].aggregate.argument
    if argument is None:
        raise TypeError("a distinct count has an argument")
    item = compile_expression(argument, relation)
    computed = {MONTH: event.month, ITEM: item}
    for place, measure in enumerate(measures, 1):
        where = measure.aggregate.where
        computed[f"item_{place}"] = (
            item if where is None else sa.case((compile_expression(where, relation), item))
        )
    cut = Cut(
        relation=relation,
        slices=slices,
        computed=computed,
        keys=(ITEM,),
        pieces=tuple(
            Piece(f"count_{place}", "count", f"item_{place}") for place in range(1, len(measures) + 1)
        ),
        where=event.dated,
        lookups=lookups_of(relation.dataset, [argument, *(each.aggregate.where for each in measures)]),
    )
    return DistinctStatement(_select(cut, argument), cut, tuple(measures))


def _select(cut: Cut, item: Expression) -> Select[Any]:
    grouped, to_cut = group_items(cut, item)
    there = grouped.subquery("there")
    members = [there.c[label(name)] for name in cut.dimensions]
    month, columns = there.c[MONTH], [there.c[piece.name] for piece in cut.pieces]
    beside = [
        edge(month)
        .over(partition_by=[*members, there.c[ITEM], count > 0], order_by=month)
        .label(f"{name}_{place}")
        for place, count in enumerate(columns, 1)
        for name, edge in (("before", sa.func.lag), ("after", sa.func.lead))
    ]
    seen = sa.select(*members, month, *columns, *beside).subquery("seen")
    by = [seen.c[column.name] for column in (*members, month)]
    first_month = cut.relation.catalog.board.calendar.first_month
    counts = [each for place in range(1, len(columns) + 1) for each in _counts(seen, place, first_month)]
    counted = sa.select(*by, *counts).group_by(*by)
    if not to_cut:
        return counted
    return cut_out(counted.subquery("counted"), cut, (), [Piece(each.name, "sum") for each in counts])


def _counts(seen: Subquery, place: int, first_month: int) -> Iterator[sa.Label[Any]]:
    """COLUMNS of one measure, where `before` and `after` are null for the first and last month of an item."""
    month, count = seen.c[MONTH], seen.c[f"count_{place}"]
    before, after = seen.c[f"before_{place}"], seen.c[f"after_{place}"]
    into = month + (13 - first_month)  # so many months after the beginning of some fiscal year
    conditions = {
        "there": sa.true(),
        "new_in_quarter": sa.or_(before.is_(None), before < month - into % 3),
        "new_in_year": sa.or_(before.is_(None), before < month - into % 12),
        "entering": sa.or_(before.is_(None), before < month - 12),
        "leaving": sa.or_(after.is_(None), after > month + 12),
    }
    yield sa.func.sum(count).label(f"n_{place}")
    for name, condition in conditions.items():
        counted = sa.case((sa.and_(count > 0, condition), sa.literal_column("1")))
        yield sa.func.count(counted).label(f"{name}_{place}")


def _totals(rows: Sequence[Sequence[Any]], first: int) -> Totals:
    return {
        name: list(accumulate((int(row[place]) for row in rows), initial=0))
        for place, name in enumerate(COLUMNS, first)
    }


def _items(totals: Totals, grain: Grain, start: int, end: int) -> int:
    """How many items are there in the months from place `start` to before `end`."""
    if grain is Grain.TWELVE_MONTHS:  # `leaving` takes effect when the window has passed the month
        return totals["entering"][end] - totals["leaving"][start]
    new = {Grain.MONTH: "there", Grain.QUARTER: "new_in_quarter"}.get(grain, "new_in_year")
    return totals[new][end] - totals[new][start]
