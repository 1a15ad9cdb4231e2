"""Bridges: what became of each entity's value, from one state of every entity at each change of it.

An entity's value does not change from month to month, but where it has a row, and where that row leaves the
window. So each row is laid out as a few steps: in which month it enters and leaves the closing and the
opening value. The running totals over an entity's steps are its two values, and between two steps every line
of the bridge stays as it is. States that are alike are added up, what changes from one to the next is added
up by month, and the lines are the running totals of that. The cost grows with the rows, not with rows times
months.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select
from sqlalchemy.sql.functions import FunctionElement

from dashboard.definitions.derivation import Bridge
from dashboard.definitions.derived_measures import lines
from dashboard.definitions.model import Slice
from dashboard.measures.bridge_changes import NONE, UNTIL, changes_of, kinds_of
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, finest, label
from dashboard.measures.derived_rows import ENTITY, DerivedRows
from dashboard.measures.numbers import numbers
from dashboard.measures.spans import number

Element = ColumnElement[Any]
VALUE, LATEST = "value", "latest"
MONTH_DIGITS = 5  # of the number of a month, from the year 834 to the year 8333


@dataclass(frozen=True)
class Step:
    """A row enters (1) or leaves (-1) the closing and the opening value, `shift` months after `begins`.

    `begins` is the row's month, or the month in which its span ends.
    """

    begins: str
    shift: int
    closing: int
    opening: int
    now: int  # whether it tells what the entity is by the slices, at the closing
    then: int  # and at the opening


def steps_of(rows: DerivedRows, over: int) -> tuple[Step, ...]:
    """Events count for `over` months, snapshots for their own month, spans until they end."""
    if rows.dataset.span is not None:
        return (
            Step(MONTH, 0, 1, 0, 1, 0),
            Step(MONTH, over, 0, 1, 0, 1),
            Step(UNTIL, 0, -1, 0, 0, 0),
            Step(UNTIL, over, 0, -1, 0, 0),
        )
    length = over if rows.dataset.event is not None else 1
    found: dict[int, Step] = {}
    for step in (
        Step(MONTH, 0, 1, 0, 1, 0),
        Step(MONTH, length, -1, 0, 0, 0),
        Step(MONTH, over, 0, 1, 0, 1),
        Step(MONTH, over + length, 0, -1, 0, 0),
    ):
        met = found.get(step.shift, Step(MONTH, step.shift, 0, 0, 0, 0))
        found[step.shift] = Step(
            MONTH,
            step.shift,
            met.closing + step.closing,
            met.opening + step.opening,
            met.now + step.now,
            met.then + step.then,
        )
    return tuple(found.values())


@dataclass(frozen=True)
class BridgeStatement:
    """One row per slice, member and month: of each line, by how much its value and its count change."""

    select: Select[Any]
    cut: Cut
    names: tuple[str, ...]  # the lines, in the order of the columns

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices


def bridge_statement(rows: DerivedRows, rule: Bridge, slices: tuple[Slice, ...]) -> BridgeStatement:
    """The statement for these slices of a bridge."""
    split = rule.split_new_by if rule.new_members else None
    asked = (*slices, (split,)) if split is not None else slices
    cut = Cut(
        relation=rows.relation,
        slices=asked,
        computed={
            ENTITY: rows.owner,
            VALUE: rows.value(rule.value),
            MONTH: rows.span.month if rows.dataset.span is not None else rows.event.month,
            LATEST: rows.span.started if rows.dataset.span is not None else rows.event.latest,
            **({UNTIL: rows.span.until} if rows.dataset.span is not None else {}),
        },
        keys=(ENTITY, UNTIL) if rows.dataset.span is not None else (ENTITY,),
        pieces=(Piece(VALUE, "sum", VALUE), Piece(LATEST, "max", LATEST)),
        where=rows.counted,
        lookups=rows.lookups(rule.value.argument, rule.value.where),
    )
    final = Cut(rows.relation, slices, {}, (), (), (), frozenset())
    names = lines(rule, sliced=False)
    states = _states(_points(cut, rows, rule), cut, lasting=rows.dataset.snapshot is None)
    changes = changes_of(kinds_of(states, cut.dimensions, final.dimensions), final.dimensions, rule, names)
    if final.dimensions:
        pieces = [Piece(f"{name}{kind}", "sum") for name in names for kind in ("", "_count")]
        changes = cut_out(changes.subquery("changes"), final, (), pieces)
    return BridgeStatement(changes, final, names)


def _points(cut: Cut, rows: DerivedRows, rule: Bridge) -> Select[Any]:
    """One row per entity and month in which anything of it changes: by how much, and what it is by slices."""
    history = _history(cut).subquery("history")
    steps = steps_of(rows, rule.over)
    table = numbers(
        ("step", "shift", "closing", "opening", "is_now", "is_then"),
        [
            (place, each.shift, each.closing, each.opening, each.now, each.then)
            for place, each in enumerate(steps)
        ],
    )
    ending = [place for place, each in enumerate(steps) if each.begins == UNTIL]
    begins: Element = history.c[MONTH]
    if ending:
        begins = sa.case((table.c.step.in_(ending), history.c[UNTIL]), else_=begins)
    month = begins + table.c.shift
    kept = [each for each in history.c if each.name not in (MONTH, UNTIL)]
    laid = (
        sa.select(
            *kept, month.label(MONTH), *(each for each in table.c if each.name not in ("step", "shift"))
        )
        .select_from(history.join(table, sa.true()))
        .where(month <= number(rows.tomorrow))
        .subquery("laid")
    )
    value, is_now, is_then = laid.c[VALUE], laid.c.is_now == 1, laid.c.is_then == 1
    members = [  # of several rows at one time, the first member in the alphabet
        sa.func.min(sa.case((sa.and_(flag, laid.c[LATEST] == 1), laid.c[label(name)]))).label(
            f"{when}_{name}"
        )
        for when, flag in (("now", is_now), ("then", is_then))
        for name in cut.dimensions
    ]
    by = [laid.c[ENTITY], laid.c[MONTH]]
    return sa.select(
        *by,
        sa.func.sum(value * laid.c.closing).label("closing"),
        sa.func.sum(value * laid.c.opening).label("opening"),
        *members,
    ).group_by(*by)


def _history(cut: Cut) -> Select[Any]:
    """The value of each entity by month and members, and which of these the entity's last row is of."""
    groups = finest(cut).subquery("finest")
    kept = [groups.c[name] for name in (MONTH, *cut.keys, *map(label, cut.dimensions))]
    history = sa.select(*kept, sa.func.coalesce(groups.c[VALUE], 0).label(VALUE))
    if not cut.dimensions:
        return history
    last = sa.func.max(groups.c[LATEST]).over(partition_by=[groups.c[ENTITY], groups.c[MONTH]])
    return history.add_columns(sa.case((groups.c[LATEST] == last, 1), else_=0).label(LATEST))


def _states(points: Select[Any], cut: Cut, *, lasting: bool) -> Select[Any]:
    """What each entity is from each point up to the next: its two values, and its members at both.

    `lasting`: a value lasts for more than the month of its row, and so do its members: between two points
    that name a member the first of them holds. Running maxima of month and member tell which that is.
    """
    each = points.subquery("points")
    of, by = each.c[ENTITY], each.c[MONTH]
    named = [f"{when}_{name}" for when in ("now", "then") for name in cut.dimensions]
    running: dict[str, FunctionElement[Any]] = {
        "closing": sa.func.sum(each.c.closing),
        "opening": sa.func.sum(each.c.opening),
    }
    if lasting:
        running |= {name: sa.func.max(sa.cast(by, sa.String()) + each.c[name]) for name in named}
    told = sa.select(
        each.c[ENTITY],
        each.c[MONTH],
        sa.func.lead(each.c[MONTH]).over(partition_by=of, order_by=by).label(UNTIL),
        *(total.over(partition_by=of, order_by=by).label(name) for name, total in running.items()),
        *(each.c[name] for name in named if not lasting),
    ).subquery("told")
    had = sa.case((told.c.opening > NONE, 1), else_=0)
    before = sa.func.max(had).over(partition_by=told.c[ENTITY], order_by=told.c[MONTH]).label("before")
    kept = [told.c[name] for name in (MONTH, UNTIL, "closing", "opening")]
    members = [told.c[name] for name in named]
    if lasting:
        members = [sa.func.substr(each, MONTH_DIGITS + 1).label(each.name) for each in members]
    return sa.select(*kept, before, *members)
