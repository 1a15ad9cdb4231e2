"""Conversions: who had a row of one dataset in a month, and a row of another within some days after it.

The rows of both datasets are put into one order of time for each entity. Looking at it from its end, the
earliest row of the other dataset so far is the one that comes next: one pass, however many rows there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from connectors.dialects import day_number, second_number
from connectors.time_zones import KNOWN_YEARS
from dashboard.definitions.derivation import Conversion, Derivation
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Slice
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, finest, label, months_of
from dashboard.measures.derived_rows import ENTITY, DerivedRows
from dashboard.measures.event_time import clock
from dashboard.measures.frame import Value
from dashboard.measures.spans import Asked
from dashboard.measures.types import type_class

Element = ColumnElement[Any]
MOMENT, NEXT = "moment", "next"
DAY = {second_number: 24 * 60 * 60, day_number: 1}  # how long a day is, as moments are counted
COUNTS = ("entered", "eligible", "converted")
Unit = type[second_number] | type[day_number]


@dataclass(frozen=True)
class ConversionStatement:
    """One row per slice, member and month of entry: COUNTS."""

    select: Select[Any]
    cut: Cut

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def values(self, derivation: Derivation, rows: Iterable[Sequence[Any]], asked: Asked) -> Iterator[Value]:
        """The measured values."""
        for cut, member, months in months_of(self.cut, rows):
            present = sorted(months)
            for place, name in enumerate(COUNTS, 1):
                for grain in asked.additive_grains():
                    for period, start, end in asked.periods(grain, present):
                        count = sum(int(months[month][place]) for month in present[start:end])
                        yield Value(f"{derivation.name}.{name}", period, cut, member, count, count)


def conversion_statement(
    rows: DerivedRows, others: DerivedRows, rule: Conversion, slices: tuple[Slice, ...], *, until: date
) -> ConversionStatement:
    """The statement for these slices; `until` is the first day that the other dataset does not cover."""
    unit: Unit = second_number
    if "date" in (_kind(rows), _kind(others)):
        unit = day_number
    cut = Cut(
        relation=rows.relation,
        slices=slices,
        computed={ENTITY: rows.owner, MONTH: rows.event.month, MOMENT: _moment(rows, unit)},
        keys=(ENTITY,),
        pieces=(Piece(MOMENT, "min", MOMENT),),
        where=rows.counted,
        lookups=rows.lookups(),
    )
    entries = _entries(cut).cte("entries")
    in_order = _in_order(entries, cut, others, unit, later=others.dataset.name == rows.dataset.name)
    entry = in_order.subquery("entry")
    day = entry.c[MOMENT] // DAY[unit]
    eligible = day + rule.within_days < until.toordinal() - 1
    converted = sa.and_(eligible, entry.c[NEXT] // DAY[unit] - day <= rule.within_days)
    by = [*(entry.c[label(name)] for name in cut.dimensions), entry.c[MONTH]]
    counted = (
        sa.select(
            *by,
            sa.func.count().label("entered"),
            *(
                sa.func.sum(sa.case((condition, 1), else_=0)).label(name)
                for name, condition in (("eligible", eligible), ("converted", converted))
            ),
        )
        .where(entry.c[MONTH].is_not(None))
        .group_by(*by)
    )
    if cut.dimensions:
        counted = cut_out(counted.subquery("counted"), cut, (), [Piece(name, "sum") for name in COUNTS])
    return ConversionStatement(counted, cut)


def _entries(cut: Cut) -> Select[Any]:
    """Each entity's first row of each month, under its members; of several at one time, the first member."""
    groups = finest(cut).subquery("finest")
    by = [groups.c[ENTITY], groups.c[MONTH]]
    first = sa.func.min(groups.c[MOMENT])
    if not cut.dimensions:
        return sa.select(*groups.c)
    dated = sa.select(*groups.c, first.over(partition_by=by).label("first")).subquery("dated")
    members = [
        sa.func.min(sa.case((dated.c[MOMENT] == dated.c.first, dated.c[label(name)]))).label(label(name))
        for name in cut.dimensions
    ]
    by = [dated.c[ENTITY], dated.c[MONTH]]
    return sa.select(*members, *by, sa.func.min(dated.c[MOMENT]).label(MOMENT)).group_by(*by)


def _in_order(entries: sa.CTE, cut: Cut, others: DerivedRows, unit: Unit, *, later: bool) -> Select[Any]:
    """Entries with the moment of the next row of the other dataset; `later`: not of the same moment.

    Rows of the other dataset stand in it, too: without a month.
    """
    names = [label(name) for name in cut.dimensions]
    moment = _moment(others, unit)
    kept = others.dataset.where
    rows = (
        sa.select(others.owner.label(ENTITY), moment.label(MOMENT))
        .select_from(others.relation.joined(others.lookups()))
        .where(*others.counted, *(() if kept is None else (others.condition(kept),)))
        .subquery("rows")
    )
    found = (
        sa.select(*rows.c).group_by(*rows.c).subquery("found")
    )  # the lines of an invoice are of one moment
    nothing = sa.null()
    both = sa.union_all(
        sa.select(
            *(entries.c[name] for name in names),
            entries.c[ENTITY],
            entries.c[MONTH],
            entries.c[MOMENT],
            entries.c[MOMENT].label("at"),
            sa.cast(nothing, sa.BigInteger()).label("other"),
        ),
        sa.select(
            *(sa.cast(nothing, sa.String()).label(name) for name in names),
            found.c[ENTITY],
            sa.cast(nothing, sa.Integer()).label(MONTH),
            found.c[MOMENT],
            (found.c[MOMENT] - 1 if later else found.c[MOMENT]).label("at"),
            found.c[MOMENT].label("other"),
        ),
    ).subquery("both")
    following = sa.func.min(both.c.other).over(partition_by=both.c[ENTITY], order_by=both.c.at.desc())
    return sa.select(*(both.c[name] for name in (*names, MONTH, MOMENT)), following.label(NEXT))


def _moment(rows: DerivedRows, unit: Unit) -> Element:
    years = (KNOWN_YEARS[0], rows.tomorrow.year + 1)
    return unit(clock(rows.relation, rows.dataset.event or "", years).local)


def _kind(rows: DerivedRows) -> str:
    return type_class(rows.relation.type_of(Column(rows.dataset.event or "")))
