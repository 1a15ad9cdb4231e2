"""Medians and percentiles of the newest state inside each period: exact, by one ordering of the values."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import Select

from dashboard.definitions.model import Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, group, label, members_of
from dashboard.measures.expressions import compile_expression
from dashboard.measures.frame import Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.quantiles import MEASURED, TIMES, Ranks, fraction, values_between
from dashboard.measures.relation import Relation
from dashboard.measures.snapshot_time import SnapshotTime
from dashboard.measures.spans import Asked, period_of
from dashboard.periods import Grain


@dataclass(frozen=True)
class StateQuantiles:
    """One row per slice, member and period: its last month, n, then for each measure two values.

    All measures are taken of the same values.
    """

    select: Select[Any]
    cut: Cut
    measures: tuple[Measure, ...]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def values(self, rows: Iterable[Sequence[Any]], asked: Asked) -> Iterator[Value]:
        """The measured values."""
        parts = [(measure, fraction(measure.aggregate)) for measure in self.measures]
        for cut, member, (month, n, *beside) in members_of(self.cut, rows):
            period = period_of(asked.calendar, asked.covers or Grain.MONTH, month)
            if asked.holds(period):
                yield from values_between(parts, period, cut, member, int(n), beside)


def state_quantiles(
    relation: Relation, time: SnapshotTime, measures: Sequence[Measure], slices: tuple[Slice, ...]
) -> StateQuantiles:
    """The statement for measures of one argument and condition."""
    argument, where = measures[0].aggregate.argument, measures[0].aggregate.where
    if argument is None:
        raise TypeError("a median has an argument")
    value = compile_expression(argument, relation)
    kept = [] if where is None else [compile_expression(where, relation)]
    cut = Cut(
        relation=relation,
        slices=slices,
        computed={MONTH: time.month, MEASURED: value},
        keys=(MEASURED,),
        pieces=(Piece(TIMES, "count"),),
        where=(*time.newest, value.is_not(None), *kept),
        lookups=lookups_of(relation.dataset, [argument, where]),
    )
    ranks = Ranks(tuple(fraction(each.aggregate) for each in measures))
    return StateQuantiles(_select(cut, ranks), cut, tuple(measures))


def _select(cut: Cut, ranks: Ranks) -> Select[Any]:
    groups = group(cut).subquery("groups_of_values")
    by = [groups.c[name] for name in (*map(label, cut.dimensions), MONTH)]
    times = sa.func.sum(groups.c[TIMES])
    counted = sa.select(
        *by,
        groups.c[MEASURED],
        times.over(partition_by=by, order_by=groups.c[MEASURED]).label("upto"),
        times.over(partition_by=by).label("n"),
    ).subquery("counted")
    by = [counted.c[column.name] for column in by]
    values = [
        sa.func.min(sa.case((reached, counted.c[MEASURED])))
        for reached in ranks.reached(counted.c.upto, counted.c.n)
    ]
    return sa.select(*by, sa.func.max(counted.c.n), *values).group_by(*by)
