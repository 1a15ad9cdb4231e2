"""Bridges: what became of each entity's value, from one state of every entity at each change of it.

An entity's value does not change from month to month, but where it has a row, and where that row leaves the
window. So each row is laid out as a few steps: in which month it enters and leaves the closing and the
opening value. The running totals over an entity's steps are its two values, and between two steps every line
of the bridge stays as it is. What changes is added up by month; the lines are the running totals of that. The
cost grows with the rows, not with rows times months.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select, Subquery

from dashboard.definitions.derivation import OTHER, Bridge
from dashboard.definitions.derived_measures import lines
from dashboard.definitions.model import Slice
from dashboard.measures.cut import MONTH, Cut, Piece, cut_out, finest, label
from dashboard.measures.derived_rows import ENTITY, DerivedRows
from dashboard.measures.numbers import numbers
from dashboard.measures.spans import number

Element = ColumnElement[Any]
NONE = 0.000001  # a value up to this is none: sums of doubles leave such rests behind
VALUE, LATEST, UNTIL = "value", "latest", "until"
AT_OPENING = ("opening", "lost", "contracted", "expanded")  # by what an entity was at the opening


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
    changes = _changes(_states(_points(cut, rows, rule), cut), final.dimensions, rule, names)
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
        sa.func.max(laid.c.is_now).label("is_now"),
        sa.func.max(laid.c.is_then).label("is_then"),
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


def _states(points: Select[Any], cut: Cut) -> Select[Any]:
    """What each entity is from each point up to the next: its two values, and its members at both."""
    each = points.subquery("points")
    of, by = each.c[ENTITY], each.c[MONTH]
    named = [f"{when}_{name}" for when in ("now", "then") for name in cut.dimensions]
    totals = {"closing": each.c.closing, "opening": each.c.opening}
    if cut.dimensions:  # rows between two that name a member belong to the first of them
        totals |= {"now_row": each.c.is_now, "then_row": each.c.is_then}
    told = sa.select(
        each.c[ENTITY],
        each.c[MONTH],
        sa.func.lead(each.c[MONTH]).over(partition_by=of, order_by=by).label(UNTIL),
        *(
            sa.func.sum(total).over(partition_by=of, order_by=by).label(name)
            for name, total in totals.items()
        ),
        *(each.c[name] for name in named),
    ).subquery("told")
    had = sa.case((told.c.opening > NONE, 1), else_=0)
    before = sa.func.max(had).over(partition_by=told.c[ENTITY], order_by=told.c[MONTH]).label("before")
    carried = [
        sa.func.max(told.c[name])
        .over(partition_by=[told.c[ENTITY], told.c[f"{name.partition('_')[0]}_row"]])
        .label(name)
        for name in named
    ]
    kept = (told.c[name] for name in (MONTH, UNTIL, "closing", "opening"))
    return sa.select(*kept, before, *carried)


def _changes(
    states: Select[Any], dimensions: Sequence[str], rule: Bridge, names: Sequence[str]
) -> Select[Any]:
    """By how much each line changes, by month and members.

    Each state is looked at as it begins and, the other way round, as it ends. Where there are members it is
    looked at twice: for the lines of the opening under the member then, for the others under that of now.
    """
    state = states.subquery("states")
    looks = numbers(
        ("edge", "side"), [(edge, side) for edge in (0, 1) for side in ((0, 1) if dimensions else (0,))]
    )
    edge, side = looks.c.edge, looks.c.side
    was, is_ = state.c.opening > NONE, sa.or_(state.c.closing > NONE, state.c.closing < -NONE)
    there = sa.or_(was, is_)
    if dimensions:
        there = sa.case((side == 0, was), else_=is_)
    month = sa.case((edge == 0, state.c[MONTH]), else_=state.c[UNTIL])
    members = [
        sa.case((side == 0, state.c[f"then_{name}"]), else_=state.c[f"now_{name}"]).label(label(name))
        for name in dimensions
    ]
    begun = (
        sa.select(
            *members,
            month.label(MONTH),
            *(
                each
                for each in state.c
                if each.name not in (MONTH, UNTIL) and not each.name.startswith("then_")
            ),
            (1 - 2 * edge).label("sign"),
            side,
        )
        .select_from(state.join(looks, sa.true()))
        .where(there, sa.or_(edge == 0, state.c[UNTIL].is_not(None)))
        .subquery("begun")
    )
    sums = []
    for name, (condition, amount) in _met(begun, rule).items():
        if name in names:
            seen = begun.c.side == (0 if name in AT_OPENING else 1)
            met = sa.and_(seen, condition) if dimensions else condition
            sums += [
                sa.func.sum(sa.case((met, amount * begun.c.sign), else_=0)).label(name),
                sa.func.sum(sa.case((met, begun.c.sign), else_=0)).label(f"{name}_count"),
            ]
    by = [begun.c[label(name)] for name in dimensions] + [begun.c[MONTH]]
    return sa.select(*by, *sums).group_by(*by)


def _met(state: Subquery, rule: Bridge) -> dict[str, tuple[Element, Element]]:
    """Who is in each line, and with what."""
    opening, closing = state.c.opening, state.c.closing
    was, is_ = opening > NONE, closing > NONE
    stayed, fresh = sa.and_(was, is_), sa.and_(sa.not_(was), is_)
    new = sa.and_(fresh, state.c.before == 0)
    met: dict[str, tuple[Element, Element]] = {
        "opening": (was, opening),
        "lost": (sa.and_(was, sa.not_(is_)), opening),
        "contracted": (sa.and_(stayed, opening - closing > NONE), opening - closing),
        "expanded": (sa.and_(stayed, closing - opening > NONE), closing - opening),
        "reactivated": (sa.and_(fresh, state.c.before > 0), closing),
        "new": (new, closing),
    }
    members = rule.new_members or {}
    if members:
        source = state.c[f"now_{rule.split_new_by}"]
        met |= {name: (sa.and_(new, source == member), closing) for name, member in members.items()}
        met[OTHER] = (sa.and_(new, source.not_in(list(members.values()))), closing)
    return {**met, "closing": (is_, closing), "below_zero": (closing < -NONE, closing)}
