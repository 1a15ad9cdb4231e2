"""The way from rows to groups that all statements share: rows, the finest groups, then every slice of them.

Rows are read and grouped once, by everything that any slice needs. The slices are cut out of that much
smaller result, all in one statement where the engine has GROUPING SETS.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, FromClause, Select, Subquery

from dashboard.definitions.expressions import Column, Expression
from dashboard.definitions.model import Dataset, Slice
from dashboard.measures.event_time import EARLIEST, LATER
from dashboard.measures.expressions import compile_expression
from dashboard.measures.frame import UNKNOWN
from dashboard.measures.relation import Relation
from dashboard.measures.types import type_class

Element = ColumnElement[Any]
MONTH = "month"

_AGAIN = {"count": "sum", "latest": "max"}  # how groups of groups are put together; else as the groups were


@dataclass(frozen=True)
class Piece:
    """A column of the result: count, sum, min or max (`how`) of the computed `of`; None counts rows.

    `latest` is the maximum in months that are in a period, null in others.
    """

    name: str
    how: str
    of: str | None = None


@dataclass(frozen=True)
class Cut:
    """What is grouped, and how.

    `computed` are columns of each row: the month, what `pieces` are taken of, and `keys`, by which rows are
    grouped beside the month and the dimensions of `slices`. `where` are conditions, `lookups` what both
    read.
    """

    relation: Relation
    slices: tuple[Slice, ...]
    computed: Mapping[str, Element]
    keys: tuple[str, ...]
    pieces: tuple[Piece, ...]
    where: Sequence[Element]
    lookups: frozenset[str]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of all slices, each once."""
        return tuple(dict.fromkeys(name for cut in self.slices for name in cut))


def group(cut: Cut) -> Select[Any]:
    """One row per slice, member, month and keys.

    A column for each dimension (null where it is not of the slice), then month, keys and pieces.
    """
    groups = finest(cut)
    return cut_out(groups.subquery("finest"), cut, cut.keys, cut.pieces) if cut.dimensions else groups


def group_items(cut: Cut, item: Expression) -> tuple[Select[Any], bool]:
    """As `group`, of what is counted by `item`; and whether the slices are still to be cut out.

    Where every item has one member alone, they are cut out of the counts, which then add up, and not out of
    the items, which are many more.
    """
    if cut.dimensions and all(_follows(cut.relation.dataset, name, item) for name in cut.dimensions):
        return finest(cut), True
    return group(cut), False


def _follows(dataset: Dataset, dimension: str, item: Expression) -> bool:
    """Whether the item says the member: it is the column by which the dimension is looked up."""
    lookup = dataset.dimensions[dimension].lookup
    if lookup is None or not isinstance(item, Column) or item.lookup is not None:
        return False
    return dataset.lookups[dataset.way_to(lookup)[0]].column == item.name


def cut_out(groups: FromClause, cut: Cut, keys: Sequence[str], pieces: Sequence[Piece]) -> Select[Any]:
    """The slices out of the finest groups, by month and `keys`."""
    shared = [groups.c[name] for name in (MONTH, *keys)]
    members = {name: groups.c[label(name)] for name in cut.dimensions}
    taken = [_again(piece, groups.c[piece.name]).label(piece.name) for piece in pieces]
    asked = sa.select(*members.values(), *shared, *taken)
    # [plan, segment] and [segment, plan] are one grouping
    sets = {frozenset(each): [*(members[name] for name in each), *shared] for each in cut.slices}
    if len(sets) == 1:
        return asked.group_by(*members.values(), *shared)
    return asked.group_by(sa.func.grouping_sets(*(sa.tuple_(*each) for each in sets.values())))


def members_of(
    cut: Cut, rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[Slice, tuple[str, ...], Sequence[Any]]]:
    """Each row of an answer with the slice and member that it is of, and the rest of the row."""
    names = cut.dimensions
    places: dict[tuple[bool, ...], list[tuple[Slice, tuple[int, ...]]]] = {}
    for each in cut.slices:
        places.setdefault(tuple(name in each for name in names), []).append(
            (each, tuple(names.index(name) for name in each))
        )
    width = len(names)
    for row in rows:
        for each, order in places[tuple(value is not None for value in row[:width])]:
            yield each, tuple(row[place] for place in order), row[width:]


def months_of(
    cut: Cut, rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[Slice, tuple[str, ...], dict[int, Sequence[Any]]]]:
    """Slice, member, and month -> rest of the row (it begins with the month), of rows in a period."""
    found: dict[tuple[Slice, tuple[str, ...]], dict[int, Sequence[Any]]] = {}
    for each, member, values in members_of(cut, rows):
        if values[0] is not None and EARLIEST <= values[0] < LATER:
            found.setdefault((each, member), {})[values[0]] = values
    for (each, member), months in found.items():
        yield each, member, months


def label(dimension: str) -> str:
    """The column that holds the members of a dimension."""
    return f"by_{dimension}"


def finest(cut: Cut) -> Select[Any]:
    """Rows grouped by all dimensions, month and keys.

    Keys and months come first: an engine that groups by sorting compares numbers faster than texts, and
    leaves the months of a key behind each other, as windows over them need.
    """
    facts = rows_of(cut).subquery("facts")
    members, keys = [facts.c[label(name)] for name in cut.dimensions], [facts.c[name] for name in cut.keys]
    labels = [member_of(cut.relation, name, facts.c[label(name)]) for name in cut.dimensions]
    pieces = [_piece(piece, facts).label(piece.name) for piece in cut.pieces]
    month = facts.c[MONTH]
    return sa.select(*labels, month, *keys, *pieces).group_by(*keys, month, *members)


def rows_of(cut: Cut) -> Select[Any]:
    """One row per row: the dimensions as they are, and what is computed."""
    relation = cut.relation
    dimensions = {name: relation.dataset.dimensions[name] for name in cut.dimensions}
    columns = [relation.column(column).label(label(name)) for name, column in dimensions.items()]
    computed = [element.label(name) for name, element in cut.computed.items()]
    joined = cut.lookups | {column.lookup for column in dimensions.values() if column.lookup is not None}
    kept = relation.dataset.where
    where = [*cut.where] if kept is None else [compile_expression(kept, relation), *cut.where]
    return sa.select(*columns, *computed).select_from(relation.joined(joined)).where(*where)


def member_of(relation: Relation, name: str, value: Element) -> Element:
    """A value of a dimension as the name of a member."""
    text = as_text(relation, relation.dataset.dimensions[name], value)
    return sa.func.coalesce(text, sa.literal(UNKNOWN)).label(label(name))


def as_text(relation: Relation, column: Column, value: Element) -> Element:
    """A value of a column as a text; null stays null."""
    kind = type_class(relation.type_of(column))
    if kind == "boolean":
        return sa.case((value, sa.literal("true")), (sa.not_(value), sa.literal("false")))
    return value if kind == "text" else sa.cast(value, sa.String())


def _piece(piece: Piece, facts: Subquery) -> Element:
    if piece.of is None:
        return sa.func.count()
    if piece.how == "latest":  # a year beyond Python's reach must not be fetched
        in_reach = sa.and_(facts.c[MONTH] >= EARLIEST, facts.c[MONTH] < LATER)
        return sa.case((in_reach, sa.func.max(facts.c[piece.of])))
    return _taken(piece.how, facts.c[piece.of])


def _again(piece: Piece, of: Element) -> Element:
    """Groups put together. A count stays a whole number of 64 bits: wider ones are slow to fetch."""
    taken = _taken(_AGAIN.get(piece.how, piece.how), of)
    return sa.cast(taken, sa.BigInteger()) if piece.how == "count" else taken


def _taken(how: str, of: Element) -> Element:
    function: Element = getattr(sa.func, how)(of)
    return function
