"""Cohorts: entities by the period of their first row, and how many of them are there in each period after it.

An entity belongs to the member that its first row names; so a cohort is the same people at every age. Of
events and snapshots, who has a row in a period is there. Of spans, who is running when the period ends is:
each start and each end is laid out in its period, and the running total over an entity's periods says from
when to when it is there.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from dashboard.definitions.derivation import Cohort
from dashboard.definitions.model import Slice
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, finest, label
from dashboard.measures.derived_rows import ENTITY, DerivedRows
from dashboard.measures.numbers import numbers
from dashboard.measures.spans import number
from dashboard.periods import Grain

Element = ColumnElement[Any]
LENGTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
VALUE, FIRST, UNTIL = "value", "first", "until"
PERIOD = "period"


@dataclass(frozen=True)
class CohortStatement:
    """One row per slice, member, cohort and period: their first months, who is there, value, and who is new.

    Of spans (`changes`) the first two of these numbers are by how much they change in the period.
    """

    select: Select[Any]
    cut: Cut
    changes: bool

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices


def cohort_statement(rows: DerivedRows, rule: Cohort, slices: tuple[Slice, ...]) -> CohortStatement:
    """The statement for these slices, of dimensions of the dataset alone."""
    spans = rows.dataset.span is not None
    time = rows.span if spans else rows.event
    cut = Cut(
        relation=rows.relation,
        slices=slices,
        computed={
            ENTITY: rows.owner,
            VALUE: rows.value(rule.value),
            MONTH: time.month,
            **({FIRST: rows.span.started if spans else rows.event.latest} if any(slices) else {}),
            **({UNTIL: rows.span.until} if spans else {}),
        },
        keys=(ENTITY, UNTIL) if spans else (ENTITY,),
        pieces=(
            Piece(VALUE, "sum", VALUE),
            *((Piece(FIRST, "min", FIRST),) if any(slices) else ()),
            *((Piece("times", "count"),) if spans else ()),
        ),
        where=rows.counted,
        lookups=rows.lookups(*(() if rule.value is None else (rule.value.argument, rule.value.where))),
    )
    history = _named(finest(cut), cut).subquery("history")
    seen = (_running if spans else _seen)(history, cut, rows, rule)
    pieces = [Piece(name, "sum") for name in ("active", VALUE, "size")]
    found = cut_out(seen.subquery("seen"), cut, (PERIOD,), pieces) if cut.dimensions else seen
    return CohortStatement(found, cut, spans)


def _named(groups: Select[Any], cut: Cut) -> Select[Any]:
    """The groups under the members of each entity's first row; of several at one time, the first member."""
    found = groups.subquery("finest")
    if not cut.dimensions:
        return sa.select(*found.c)
    others = [each for each in found.c if each.name not in (FIRST, *map(label, cut.dimensions))]
    earliest = sa.func.min(found.c[FIRST]).over(partition_by=found.c[ENTITY])
    dated = sa.select(
        *others,
        *(found.c[label(name)] for name in cut.dimensions),
        sa.case((found.c[FIRST] == earliest, 1), else_=0).label(FIRST),
    ).subquery("dated")
    members = [
        sa.func.min(sa.case((dated.c[FIRST] == 1, dated.c[label(name)])))
        .over(partition_by=dated.c[ENTITY])
        .label(label(name))
        for name in cut.dimensions
    ]
    return sa.select(*(dated.c[each.name] for each in others), *members)


def _seen(history: sa.Subquery, cut: Cut, rows: DerivedRows, rule: Cohort) -> Select[Any]:
    """Entities with a row in a period, by cohort."""
    period = _begin(cut, rule.by, history.c[MONTH]).label(PERIOD)
    members = [history.c[label(name)] for name in cut.dimensions]
    by = [*members, history.c[ENTITY], period]
    once = sa.select(*by, history.c[VALUE])
    if members or rule.by is not Grain.MONTH:  # else an entity stands once under each month already
        once = sa.select(*by, sa.func.sum(history.c[VALUE]).label(VALUE)).group_by(*by)
    each = once.subquery("each")
    born = sa.func.min(each.c[PERIOD]).over(partition_by=each.c[ENTITY])
    dated = sa.select(*each.c, born.label(MONTH)).subquery("born")
    by = [*(dated.c[label(name)] for name in cut.dimensions), dated.c[MONTH], dated.c[PERIOD]]
    return sa.select(
        *by,
        sa.func.count().label("active"),
        sa.func.sum(dated.c[VALUE]).label(VALUE),
        sa.func.sum(sa.case((dated.c[PERIOD] == dated.c[MONTH], 1), else_=0)).label("size"),
    ).group_by(*by)


def _running(history: sa.Subquery, cut: Cut, rows: DerivedRows, rule: Cohort) -> Select[Any]:
    """By how much those who are running at the end of a period become more, or fewer, by cohort."""
    edges = numbers(("edge",), [(0,), (1,)])
    edge = edges.c.edge
    month = sa.case((edge == 0, history.c[MONTH]), else_=history.c[UNTIL])
    names = [label(name) for name in cut.dimensions]
    members = [history.c[name] for name in names]
    period = _begin(cut, rule.by, month).label(PERIOD)
    sign = 1 - 2 * edge
    laid = (
        sa.select(
            *members,
            history.c[ENTITY],
            period,
            sa.func.sum(sign * history.c.times).label("times"),
            sa.func.sum(sign * history.c[VALUE]).label(VALUE),
        )
        .select_from(history.join(edges, sa.true()))
        .where(month <= number(rows.tomorrow))
        .group_by(*members, history.c[ENTITY], period)
        .subquery("laid")
    )
    of, at = laid.c[ENTITY], laid.c[PERIOD]
    states = sa.select(
        *laid.c,
        sa.func.sum(laid.c.times).over(partition_by=of, order_by=at).label("running"),
        sa.func.min(laid.c[PERIOD]).over(partition_by=laid.c[ENTITY]).label(MONTH),
    ).subquery("states")
    # who was running before is told by taking this change off again
    is_, was = states.c.running > 0, states.c.running - states.c.times > 0
    by = [*(states.c[name] for name in names), states.c[MONTH], states.c[PERIOD]]
    change = sa.case((sa.and_(is_, sa.not_(was)), 1), (sa.and_(was, sa.not_(is_)), -1), else_=0)
    return sa.select(
        *by,
        sa.func.sum(change).label("active"),
        sa.func.sum(states.c[VALUE]).label(VALUE),
        sa.func.sum(sa.case((states.c[PERIOD] == states.c[MONTH], 1), else_=0)).label("size"),
    ).group_by(*by)


def _begin(cut: Cut, by: Grain, month: Element) -> Element:
    """The first month of the fiscal period that a month is in."""
    length = LENGTHS[by]
    if length == 1:
        return month
    return month - (month + (13 - cut.relation.catalog.board.calendar.first_month)) % length
