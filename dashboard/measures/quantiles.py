"""Medians and percentiles over every span, exact and interpolated as PERCENTILE_CONT does, on every engine.

The rows become counts of each value a month; these are spread over the spans that hold the month, and the
values of the two ranks beside the asked one are read off the running counts. All of it is integers until the
last step.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select, Subquery

from dashboard.definitions.expressions import Aggregate
from dashboard.definitions.model import Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, group, label, members_of
from dashboard.measures.event_time import EARLIEST, EventTime
from dashboard.measures.expressions import compile_expression
from dashboard.measures.frame import Number, Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.relation import Relation
from dashboard.measures.spans import Asked, period_of
from dashboard.periods import Grain

Element = ColumnElement[Any]
MEASURED = "value"
GRAINS = tuple(Grain)


@dataclass(frozen=True)
class QuantileStatement:
    """One row per slice, member, grain and last month: the latter two, n, then for each measure two values.

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
        fractions = [(measure, fraction(measure.aggregate)) for measure in self.measures]
        for cut, member, (grain, last, n, *ranks) in members_of(self.cut, rows):
            if last < EARLIEST:
                continue
            period = period_of(asked.calendar, GRAINS[grain], last)
            if asked.holds(period):
                for place, (measure, asked_for) in enumerate(fractions):
                    low, high = ranks[2 * place : 2 * place + 2]
                    value = _between(low, high, asked_for, int(n))
                    yield Value(measure.key, period, cut, member, value, int(n))


def quantile_statement(
    relation: Relation,
    event: EventTime,
    measures: Sequence[Measure],
    slices: tuple[Slice, ...],
    *,
    oldest: int | None,
) -> QuantileStatement:
    """The statement for measures of one argument and condition, over spans that end from `oldest` on."""
    argument, where = measures[0].aggregate.argument, measures[0].aggregate.where
    if argument is None:
        raise TypeError("a median has an argument")
    value = compile_expression(argument, relation)
    kept = [] if where is None else [compile_expression(where, relation)]
    cut = Cut(
        relation=relation,
        slices=slices,
        computed={MONTH: event.month, MEASURED: value},
        keys=(MEASURED,),
        pieces=(Piece("times", "count"),),
        where=(*event.dated, value.is_not(None), *kept),
        lookups=lookups_of(relation.dataset, [argument, where]),
    )
    return QuantileStatement(_select(cut, measures, oldest), cut, tuple(measures))


def fraction(aggregate: Aggregate) -> Fraction:
    """The percentile that is asked, 0 to 1, as written: 0.9 is nine tenths."""
    return Fraction(1, 2) if aggregate.fraction is None else Fraction(str(aggregate.fraction))


def _select(cut: Cut, measures: Sequence[Measure], oldest: int | None) -> Select[Any]:
    spread = _spread(cut, oldest).subquery("spread")
    by = [spread.c[name] for name in (*map(label, cut.dimensions), "grain", "last")]
    times, value = spread.c.times, spread.c[MEASURED]
    ranked = sa.select(
        *by,
        value,
        sa.func.sum(times).over(partition_by=by, order_by=value).label("upto"),
        sa.func.sum(times).over(partition_by=by).label("n"),
    ).subquery("ranked")
    by = [ranked.c[column.name] for column in by]
    ranks = [each for measure in measures for each in _ranks(ranked, fraction(measure.aggregate))]
    return sa.select(*by, sa.func.max(ranked.c.n), *ranks).group_by(*by)


def _ranks(ranked: Subquery, asked: Fraction) -> Iterator[Element]:
    """The values at the ranks 1 + floor(f(n - 1)) and 1 + ceil(f(n - 1)), in integers: f is p / q."""
    upto, reach = ranked.c.upto, asked.numerator * (ranked.c.n - 1)
    value = ranked.c[MEASURED]
    yield sa.func.min(sa.case((upto * asked.denominator > reach, value)))
    yield sa.func.min(sa.case(((upto - 1) * asked.denominator >= reach, value)))


def _spread(cut: Cut, oldest: int | None) -> Select[Any]:
    """How often each value comes in each span: a grain and the span's last month."""
    months = group(cut).subquery("months")
    steps = _steps()
    month, grain = months.c[MONTH], steps.c.grain
    into = (month + (13 - cut.relation.catalog.board.calendar.first_month)) % 12
    last = sa.case(
        (grain == GRAINS.index(Grain.QUARTER), month - into % 3 + 2),
        (grain == GRAINS.index(Grain.YEAR), month - into + 11),
        else_=month + steps.c.step,
    )
    inside = [sa.or_(grain != GRAINS.index(Grain.YEAR_TO_DATE), into + steps.c.step < 12)]
    if oldest is not None:
        inside.append(last >= oldest)
    members = [months.c[label(name)] for name in cut.dimensions]
    spans = (
        sa.select(*members, grain, last.label("last"), months.c[MEASURED], months.c.times)
        .select_from(months.join(steps, sa.and_(*inside)))
        .subquery("spans")
    )
    by = [column for column in spans.c if column.name != "times"]
    return sa.select(*by, sa.func.sum(spans.c.times).label("times")).group_by(*by)


def _steps() -> Subquery:
    """Each grain with the steps from a month to the last months of the spans that may hold it."""
    overlapping = (Grain.YEAR_TO_DATE, Grain.TWELVE_MONTHS)
    steps = [(grain, step) for grain in Grain for step in range(12 if grain in overlapping else 1)]
    rows = [
        sa.select(
            sa.literal(GRAINS.index(grain), sa.Integer()).label("grain"),
            sa.literal(step, sa.Integer()).label("step"),
        )
        for grain, step in steps
    ]
    return sa.union_all(*rows).subquery("steps")


def _between(low: Number, high: Number, asked: Fraction, n: int) -> Number:
    """The value at a rank between two."""
    if low is None or high is None:
        return None
    part = asked.numerator * (n - 1) % asked.denominator / asked.denominator
    return float(low) if not part else float(low) + (float(high) - float(low)) * part
