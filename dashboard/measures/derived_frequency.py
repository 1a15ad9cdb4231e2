"""Frequencies: how many entities were there again x times, the last time t_x after the first, watched for T.

These counts are what models of lifetime value are fitted to, and all that they need: no entity leaves its
database. Time is counted in whole days, weeks (from Monday) or months; a unit with several rows counts once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from connectors.dialects import day_number
from connectors.time_zones import KNOWN_YEARS
from dashboard.definitions.derivation import FREQUENCY_SLICE, Derivation, Frequency
from dashboard.definitions.model import Slice
from dashboard.measures.cut import MONTH, Cut, Piece, finest
from dashboard.measures.derived_rows import ENTITY, DerivedRows
from dashboard.measures.event_time import clock
from dashboard.measures.frame import Value
from dashboard.measures.spans import number
from dashboard.periods import Period

Element = ColumnElement[Any]
VALUE = "value"
_DAYS: Mapping[str, int] = {"day": 1, "week": 7}


@dataclass(frozen=True)
class FrequencyStatement:
    """One row per x, t_x and T: these, how many entities, and the value of their repeats."""

    select: Select[Any]
    slices: tuple[Slice, ...]
    period: Period

    def values(
        self, derivation: Derivation, rule: Frequency, rows: Iterable[Sequence[Any]]
    ) -> Iterator[Value]:
        """The measured values, all of the newest month that is over."""
        names = ("entities",) if rule.value is None else ("entities", "value")
        total = [0, 0.0]
        for x, t_x, watched, count, value in rows:
            member = tuple(str(int(part)) for part in (x, t_x, watched))
            found = (int(count), float(value or 0))
            total = [have + more for have, more in zip(total, found, strict=True)]
            for name, told in zip(names, found, strict=False):
                yield Value(f"{derivation.name}.{name}", self.period, FREQUENCY_SLICE, member, told, found[0])
        for name, told in zip(names, total, strict=False):
            yield Value(f"{derivation.name}.{name}", self.period, (), (), told, int(total[0]))


def frequency_statement(rows: DerivedRows, rule: Frequency, period: Period) -> FrequencyStatement:
    """The statement for all rows up to the end of the month `period`."""
    cut = Cut(
        relation=rows.relation,
        slices=((),),
        computed={ENTITY: rows.owner, MONTH: _unit(rows, rule.every), VALUE: rows.value(rule.value)},
        keys=(ENTITY,),
        pieces=(Piece(VALUE, "sum", VALUE),),
        where=(*rows.counted, rows.event.month < number(period.end)),
        lookups=rows.lookups(*(() if rule.value is None else (rule.value.argument, rule.value.where))),
    )
    groups = finest(cut).subquery("finest")
    begun = sa.func.min(groups.c[MONTH]).over(partition_by=groups.c[ENTITY]).label("first")
    each = sa.select(groups.c[ENTITY], groups.c[MONTH], groups.c[VALUE], begun).subquery("each")
    first = sa.func.min(each.c[MONTH])
    of_one = (
        sa.select(
            (sa.func.count() - 1).label("x"),
            (sa.func.max(each.c[MONTH]) - first).label("t_x"),
            (unit_of(rule.every, period.end - timedelta(days=1)) - first).label("t"),
            sa.func.sum(sa.case((each.c[MONTH] > each.c.first, each.c[VALUE]))).label(VALUE),
        )
        .group_by(each.c[ENTITY])
        .subquery("of_one")
    )
    by = [of_one.c[name] for name in FREQUENCY_SLICE]
    counted = sa.select(*by, sa.func.count(), sa.func.sum(of_one.c[VALUE])).group_by(*by)
    return FrequencyStatement(counted, ((), FREQUENCY_SLICE), period)


def unit_of(every: str, day: date) -> int:
    """The number of the day, week or month, as the database counts them."""
    return number(day) if every == "month" else (day.toordinal() - 1) // _DAYS[every]


def _unit(rows: DerivedRows, every: str) -> Element:
    if every == "month":
        return rows.event.month
    local = clock(rows.relation, rows.dataset.event or "", (KNOWN_YEARS[0], rows.tomorrow.year + 1)).local
    days = day_number(local)
    return days if _DAYS[every] == 1 else days // _DAYS[every]
