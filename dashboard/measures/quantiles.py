"""Medians and percentiles over every span, exact and interpolated as PERCENTILE_CONT does, on every engine.

To spread each value over all spans that hold its month would multiply the rows twenty times. So the values
are first put into bands of about equal size, in their order. The bands are spread and counted, which tells in
which band the asked rank of a span lies, and only the values of that band are then looked at. The ranks are
integers: nothing is rounded before the two values beside an asked rank are known.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause, Select

from dashboard.definitions.expressions import Aggregate
from dashboard.definitions.model import Measure, Slice
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, finest, label, members_of
from dashboard.measures.event_time import EARLIEST, EventTime
from dashboard.measures.expressions import compile_expression
from dashboard.measures.frame import Number, Value
from dashboard.measures.joining import lookups_of
from dashboard.measures.numbers import numbers
from dashboard.measures.relation import Relation
from dashboard.measures.spans import Asked, period_of
from dashboard.periods import Grain, Period

Element = ColumnElement[Any]
BANDS = 256
GRAINS = tuple(Grain)
MEASURED, TIMES, BAND = "value", "times", "band"
SPAN = ("grain", "last")  # a span: place of its grain in GRAINS, and number of its last month


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
        parts = [(measure, fraction(measure.aggregate)) for measure in self.measures]
        for cut, member, (grain, last, n, *beside) in members_of(self.cut, rows):
            if last < EARLIEST:
                continue
            period = period_of(asked.calendar, GRAINS[grain], last)
            if asked.holds(period):
                yield from values_between(parts, period, cut, member, int(n), beside)


def values_between(
    parts: Sequence[tuple[Measure, Fraction]],
    period: Period,
    cut: Slice,
    member: tuple[str, ...],
    n: int,
    beside: Sequence[Number],
) -> Iterator[Value]:
    """Quantiles of a group of n values: the part that each measure asks for, between the two in `beside`."""
    for place, (measure, part) in enumerate(parts):
        low, high = beside[2 * place : 2 * place + 2]
        yield Value(measure.key, period, cut, member, between(low, high, part, n), n)


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
        pieces=(Piece(TIMES, "count"),),
        where=(*event.dated, value.is_not(None), *kept),
        lookups=lookups_of(relation.dataset, [argument, where]),
    )
    ranks = Ranks(tuple(fraction(each.aggregate) for each in measures))
    return QuantileStatement(_select(cut, ranks, oldest), cut, tuple(measures))


def fraction(aggregate: Aggregate) -> Fraction:
    """The percentile that is asked, 0 to 1, as written: 0.9 is nine tenths."""
    return Fraction(1, 2) if aggregate.fraction is None else Fraction(str(aggregate.fraction))


@dataclass(frozen=True)
class Ranks:
    """For each fraction p / q of n values, the ranks 1 + floor(p (n - 1) / q) and 1 + ceil(p (n - 1) / q)."""

    fractions: tuple[Fraction, ...]

    def reached(self, upto: Element, n: Element) -> list[Element]:
        """For each rank, whether the first `upto` values hold it; in integers, so that nothing is rounded."""
        found = []
        for part in self.fractions:
            wanted = part.numerator * (n - 1)
            found += [upto * part.denominator > wanted, (upto - 1) * part.denominator >= wanted]
        return found


def _select(cut: Cut, ranks: Ranks, oldest: int | None) -> Select[Any]:
    names = [label(name) for name in cut.dimensions]
    banded = _banded(cut, names).cte("banded")
    wanted = _wanted(_spread(cut, names, banded, oldest), ranks, names)
    near = _near(cut, names, banded, wanted).subquery("near")
    by = [near.c[name] for name in (*names, *SPAN)]
    upto = near.c.ahead + sa.func.sum(near.c[TIMES]).over(
        partition_by=[*by, near.c.place], order_by=near.c[MEASURED]
    )
    counted = sa.select(*by, near.c.place, near.c.n, near.c[MEASURED], upto.label("upto")).subquery("counted")
    by = [counted.c[column.name] for column in by]
    values = [
        sa.func.min(sa.case((sa.and_(counted.c.place == rank, reached), counted.c[MEASURED])))
        for rank, reached in enumerate(ranks.reached(counted.c.upto, counted.c.n))
    ]
    return sa.select(*by, sa.func.max(counted.c.n), *values).group_by(*by)


def _banded(cut: Cut, names: Sequence[str]) -> Select[Any]:
    """The finest groups with the band of their value. Equal values share a band; bands follow the values."""
    groups = finest(cut).subquery("finest")
    times = sa.func.sum(groups.c[TIMES])
    before = times.over(order_by=groups.c[MEASURED]) - 1  # values that are equal are counted together
    band = sa.func.floor(before * BANDS / times.over()).label(BAND)
    return sa.select(*(groups.c[name] for name in (*names, MONTH, MEASURED, TIMES)), band)


def _spread(cut: Cut, names: Sequence[str], banded: CTE, oldest: int | None) -> Select[Any]:
    """How many values each band has in each span."""
    months = cut_out(banded, cut, (BAND,), (Piece(TIMES, "count"),)).subquery("months")
    steps = numbers(
        ("grain", "step"), [(place, step) for place, each in enumerate(GRAINS) for step in _steps(each)]
    )
    month, grain, step = months.c[MONTH], steps.c.grain, steps.c.step
    into = _into_year(cut, month)
    last = sa.case(
        (grain == GRAINS.index(Grain.QUARTER), month - into % 3 + 2),
        (grain == GRAINS.index(Grain.YEAR), month - into + 11),
        else_=month + step,
    )
    inside = [sa.or_(grain != GRAINS.index(Grain.YEAR_TO_DATE), into + step < 12)]
    if oldest is not None:
        inside.append(last >= oldest)
    spans = (
        sa.select(
            *(months.c[name] for name in names), grain, last.label("last"), months.c[BAND], months.c[TIMES]
        )
        .select_from(months.join(steps, sa.and_(*inside)))
        .subquery("spans")
    )
    by = [spans.c[name] for name in (*names, *SPAN, BAND)]
    return sa.select(*by, sa.func.sum(spans.c[TIMES]).label(TIMES)).group_by(*by)


def _wanted(spread: Select[Any], ranks: Ranks, names: Sequence[str]) -> FromClause:
    """For each span and rank the band in which it lies, n, and how many values come before that band."""
    bands = spread.subquery("spread")
    by = [bands.c[name] for name in (*names, *SPAN)]
    times = sa.func.sum(bands.c[TIMES])
    ranked = sa.select(
        *by,
        bands.c[BAND],
        bands.c[TIMES],
        times.over(partition_by=by, order_by=bands.c[BAND]).label("upto"),
        times.over(partition_by=by).label("n"),
    ).subquery("ranked")
    by = [ranked.c[column.name] for column in by]
    reached = ranks.reached(ranked.c.upto, ranked.c.n)
    ends = sa.select(
        *by,
        sa.func.max(ranked.c.n).label("n"),
        *(
            sa.func.min(sa.case((each, ranked.c[BAND]))).label(f"band_{rank}")
            for rank, each in enumerate(reached)
        ),
        *(
            sa.func.min(sa.case((each, ranked.c.upto - ranked.c[TIMES]))).label(f"ahead_{rank}")
            for rank, each in enumerate(reached)
        ),
    ).group_by(*by)
    inner = ends.subquery("ends")
    places = numbers(("place",), [(rank,) for rank in range(len(reached))])

    def of_rank(name: str) -> Element:
        return sa.case(
            *((places.c.place == rank, inner.c[f"{name}_{rank}"]) for rank in range(len(reached)))
        ).label(name)

    columns = [inner.c[name] for name in (*names, *SPAN, "n")]
    return (
        sa.select(*columns, places.c.place, of_rank(BAND), of_rank("ahead"))
        .select_from(inner.join(places, sa.true()))
        .subquery("wanted")
    )


def _near(cut: Cut, names: Sequence[str], banded: CTE, wanted: FromClause) -> Select[Any]:
    """The values of the wanted bands, with how often they come in the span."""
    back = numbers(("step",), [(step,) for step in range(12)])
    last, grain = wanted.c.last, wanted.c.grain
    lengths = {Grain.MONTH: 1, Grain.QUARTER: 3}
    length = sa.case(
        *((grain == GRAINS.index(each), months) for each, months in lengths.items()),
        (grain == GRAINS.index(Grain.YEAR_TO_DATE), _into_year(cut, last) + 1),
        else_=12,
    )
    several = len({frozenset(each) for each in cut.slices}) > 1
    same = [
        sa.or_(wanted.c[name].is_(None), wanted.c[name] == banded.c[name])
        if several
        else wanted.c[name] == banded.c[name]
        for name in names
    ]
    there = sa.and_(banded.c[BAND] == wanted.c[BAND], banded.c[MONTH] == last - back.c.step, *same)
    by = [wanted.c[name] for name in (*names, *SPAN, "place", "n", "ahead")] + [banded.c[MEASURED]]
    return (
        sa.select(*by, sa.func.sum(banded.c[TIMES]).label(TIMES))
        .select_from(wanted.join(back, back.c.step < length).join(banded, there))
        .group_by(*by)
    )


def _into_year(cut: Cut, month: Element) -> Element:
    """How many months after the beginning of its fiscal year a month lies."""
    return (month + (13 - cut.relation.catalog.board.calendar.first_month)) % 12


def _steps(grain: Grain) -> range:
    """From a month to the last months of spans that may hold it; for calendar spans they are worked out."""
    return range(12 if grain in (Grain.YEAR_TO_DATE, Grain.TWELVE_MONTHS) else 1)


def between(low: Number, high: Number, asked: Fraction, n: int) -> Number:
    """The value at a rank between two."""
    if low is None or high is None:
        return None
    part = asked.numerator * (n - 1) % asked.denominator / asked.denominator
    return float(low) if not part else float(low) + (float(high) - float(low)) * part
