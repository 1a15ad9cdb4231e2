"""The lines of a bridge, from what every entity is between two changes of it.

Many entities are in few kinds of states at the same time: these are added up first, and the lines are told
apart from the sums.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select, Subquery

from dashboard.definitions.derivation import OTHER, Bridge
from dashboard.measures.cut import MONTH, label
from dashboard.measures.numbers import numbers

Element = ColumnElement[Any]
NONE = 0.000001  # a value up to this is none: sums of doubles leave such rests behind
UNTIL = "until"
CONTRACTED, EXPANDED, KEPT, LOST_BELOW, LOST, REACTIVATED, NEW, BELOW = range(1, 9)  # what an entity is
AT_OPENING = (CONTRACTED, EXPANDED, KEPT, LOST_BELOW, LOST)
OF_OPENING = ("opening", "lost", "contracted", "expanded")  # lines by what an entity was at the opening


def kinds_of(states: Select[Any], now: Sequence[str], then: Sequence[str]) -> Select[Any]:
    """States that begin, end and have members alike, added up by what an entity is in them."""
    state = states.subquery("states")
    opening, closing = state.c.opening, state.c.closing
    was, is_, below = opening > NONE, closing > NONE, closing < -NONE
    kind = sa.case(
        (sa.and_(was, is_, opening - closing > NONE), CONTRACTED),
        (sa.and_(was, is_, closing - opening > NONE), EXPANDED),
        (sa.and_(was, is_), KEPT),
        (sa.and_(was, below), LOST_BELOW),
        (was, LOST),
        (sa.and_(is_, state.c.before > 0), REACTIVATED),
        (is_, NEW),
        (below, BELOW),
    ).label("kind")
    looked_at = sa.select(*(each for each in state.c if each.name != "before"), kind).subquery("looked_at")
    members = [f"then_{name}" for name in then] + [f"now_{name}" for name in now]
    by = [looked_at.c[name] for name in (MONTH, UNTIL, "kind", *members)]
    return (
        sa.select(
            *by,
            sa.func.sum(looked_at.c.opening).label("opening"),
            sa.func.sum(looked_at.c.closing).label("closing"),
            sa.func.count().label("entities"),
        )
        .where(looked_at.c.kind.is_not(None))
        .group_by(*by)
    )


def changes_of(
    kinds: Select[Any], dimensions: Sequence[str], rule: Bridge, names: Sequence[str]
) -> Select[Any]:
    """By how much each line changes, by month and members.

    Each state is looked at as it begins and, the other way round, as it ends. Where there are members it is
    looked at twice: for the lines of the opening under the member then, for the others under that of now.
    """
    state = kinds.subquery("kinds")
    looks = numbers(
        ("edge", "side"), [(edge, side) for edge in (0, 1) for side in ((0, 1) if dimensions else (0,))]
    )
    edge, side = looks.c.edge, looks.c.side
    there: Element = sa.true()
    if dimensions:
        there = sa.case((side == 0, state.c.kind.in_(AT_OPENING)), else_=state.c.kind != LOST)
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
            seen = begun.c.side == (0 if name in OF_OPENING else 1)
            met = sa.and_(seen, condition) if dimensions else condition
            sums += [
                sa.func.sum(sa.case((met, amount * begun.c.sign), else_=0)).label(name),
                sa.func.sum(sa.case((met, begun.c.entities * begun.c.sign), else_=0)).label(f"{name}_count"),
            ]
    by = [begun.c[label(name)] for name in dimensions] + [begun.c[MONTH]]
    return sa.select(*by, *sums).group_by(*by)


def _met(state: Subquery, rule: Bridge) -> dict[str, tuple[Element, Element]]:
    """Who is in each line, and with what."""
    opening, closing, kind = state.c.opening, state.c.closing, state.c.kind
    met: dict[str, tuple[Element, Element]] = {
        "opening": (kind.in_(AT_OPENING), opening),
        "lost": (kind.in_((LOST_BELOW, LOST)), opening),
        "contracted": (kind == CONTRACTED, opening - closing),
        "expanded": (kind == EXPANDED, closing - opening),
        "reactivated": (kind == REACTIVATED, closing),
        "new": (kind == NEW, closing),
    }
    members = rule.new_members or {}
    if members:
        source = state.c[f"now_{rule.split_new_by}"]
        met |= {name: (sa.and_(kind == NEW, source == member), closing) for name, member in members.items()}
        met[OTHER] = (sa.and_(kind == NEW, source.not_in(list(members.values()))), closing)
    closes = kind.in_((CONTRACTED, EXPANDED, KEPT, REACTIVATED, NEW))
    return {**met, "closing": (closes, closing), "below_zero": (kind.in_((LOST_BELOW, BELOW)), closing)}
