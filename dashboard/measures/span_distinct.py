"""Distinct counts of what is running: exact also where spans of one item overlap, touch or never end.

Of each span only the part counts that no earlier span of the same item has covered. Those parts do not
overlap, so an item is in one of them at most, and what is there is what has begun less what has ended.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select, Subquery

from dashboard.definitions.expressions import Expression
from dashboard.definitions.model import At, Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, group_items, label
from dashboard.measures.event_time import LATER
from dashboard.measures.expressions import compile_expression
from dashboard.measures.frame import Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.relation import Relation
from dashboard.measures.span_stock import edges, tracks_of
from dashboard.measures.span_time import SpanTime
from dashboard.measures.spans import Asked, period_of
from dashboard.periods import Grain

Element = ColumnElement[Any]
ITEM, OVER = "item", "over"  # what is counted, and the month in which its span is over


@dataclass(frozen=True)
class StandingItems:
    """One row per slice, member and month: the month, then for each measure the changes of n and of items.

    All measures count one thing, at open or at close.
    """

    select: Select[Any]
    cut: Cut
    measures: tuple[Measure, ...]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def values(self, rows: Iterable[Sequence[Any]], asked: Asked, first: int) -> Iterator[Value]:
        """The measured values; those of the whole for every month from `first` on."""
        for cut, member, months in tracks_of(self.cut, rows):
            totals = [0] * (2 * len(self.measures))
            for month in range(first if not cut else min(months), asked.last + 1):
                row = months.get(month)
                before = totals
                if row is not None:
                    totals = [total + int(change) for total, change in zip(totals, row[1:], strict=True)]
                period = period_of(asked.calendar, Grain.MONTH, month)
                if not asked.holds(period) or (cut and row is None and not any(totals)):
                    continue
                for place, measure in enumerate(self.measures):
                    seen = before if measure.at is At.OPEN else totals
                    n, items = seen[2 * place : 2 * place + 2]
                    yield Value(measure.key, period, cut, member, items, n)


def standing_items(
    relation: Relation, time: SpanTime, measures: Sequence[Measure], slices: tuple[Slice, ...]
) -> StandingItems:
    """The statement for distinct counts of one argument at open or close, each with its own condition."""
    argument = measures[0].aggregate.argument
    if argument is None:
        raise TypeError("a distinct count has an argument")
    item = compile_expression(argument, relation)
    month, until = time.month_of_start, time.until
    computed = {MONTH: month, ITEM: item, OVER: sa.func.coalesce(until, sa.literal(LATER, sa.Integer()))}
    for place, measure in enumerate(measures):
        where = measure.aggregate.where
        computed[f"item_{place}"] = (
            item if where is None else sa.case((compile_expression(where, relation), item))
        )
    lasts = sa.or_(until.is_(None), until > month)  # others are gone by the month's end
    cut = Cut(
        relation=relation,
        slices=slices,
        computed=computed,
        keys=(ITEM, OVER),
        pieces=tuple(Piece(f"count_{place}", "count", f"item_{place}") for place in range(len(measures))),
        where=(*time.counted, lasts, item.is_not(None)),
        lookups=lookups_of(relation.dataset, [argument, *(each.aggregate.where for each in measures)]),
    )
    return StandingItems(_select(cut, argument), cut, tuple(measures))


def _select(cut: Cut, item: Expression) -> Select[Any]:
    spans, to_cut = group_items(cut, item)
    parts = _parts(cut, spans.subquery("spans")).subquery("parts")
    members = [parts.c[label(name)] for name in cut.dimensions]
    count = len(cut.pieces)
    froms = [f"from_{place}" for place in range(count)]
    by = [*members, parts.c[MONTH], parts.c[OVER], *(parts.c[name] for name in froms)]
    shapes = (
        sa.select(
            *by,
            *(sa.func.sum(parts.c[f"count_{place}"]).label(f"rows_{place}") for place in range(count)),
            *(sa.func.count(parts.c[name]).label(f"items_{place}") for place, name in enumerate(froms)),
        )
        .group_by(*by)
        .subquery("shapes")
    )
    source, edge, month = edges(shapes, (MONTH, OVER, *froms))
    changes = []
    for place in range(count):
        rows, items = shapes.c[f"rows_{place}"], shapes.c[f"items_{place}"]
        changes.append(sa.case((edge == 0, rows), (edge == 1, -rows), else_=0).label(f"rows_{place}"))
        changes.append(
            sa.case((edge == 2 + place, items), (edge == 1, -items), else_=0).label(f"items_{place}")
        )
    moves = (
        sa.select(*(shapes.c[label(name)] for name in cut.dimensions), month.label(MONTH), *changes)
        .select_from(source)
        .subquery("moves")
    )
    by = [moves.c[column.name] for column in (*members, parts.c[MONTH])]
    sums = [sa.func.sum(moves.c[change.name]).label(change.name) for change in changes]
    kept = sa.and_(moves.c[MONTH].is_not(None), moves.c[MONTH] < LATER)
    counted = sa.select(*by, *sums).where(kept).group_by(*by)
    if not to_cut:
        return counted
    return cut_out(counted.subquery("counted"), cut, (), [Piece(each.name, "sum") for each in sums])


def _parts(cut: Cut, spans: Subquery) -> Select[Any]:
    """Each span of an item with the month from which it covers what no span before it did; null for never."""
    members = [spans.c[label(name)] for name in cut.dimensions]
    month, over = spans.c[MONTH], spans.c[OVER]
    counts = [spans.c[piece.name] for piece in cut.pieces]
    reached = [
        sa.func.max(sa.case((count > 0, over)))
        .over(partition_by=[*members, spans.c[ITEM]], order_by=[month, over], rows=(None, -1))
        .label(f"reached_{place}")
        for place, count in enumerate(counts)
    ]
    seen = sa.select(*members, month, over, *counts, *reached).subquery("seen")
    begins = []
    for place in range(len(counts)):
        count, before = seen.c[f"count_{place}"], seen.c[f"reached_{place}"]
        begins.append(
            sa.case(
                (sa.or_(count == 0, before >= seen.c[OVER]), sa.null()),
                (before > seen.c[MONTH], before),
                else_=seen.c[MONTH],
            ).label(f"from_{place}")
        )
    kept = [seen.c[column.name] for column in (*members, month, over, *counts)]
    return sa.select(*kept, *begins)
