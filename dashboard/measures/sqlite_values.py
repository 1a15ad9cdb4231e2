"""SQLite keeps text in a column of numbers and adds it up as 0, and knows no dates: so look at values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from connectors.engines import SourceEngine
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import ColumnUse
from dashboard.measures import quarter_texts
from dashboard.measures.checks import kept
from dashboard.measures.event_time import has_offset
from dashboard.measures.relation import Relation

Element = ColumnElement[Any]


@dataclass(frozen=True)
class Values:
    """What is wrong with the values, and the columns of time with a difference to UTC (Z, +02:00) in some."""

    faults: tuple[str, ...]
    with_offset: tuple[str, ...]


def look_at_values(source: Relation, uses: tuple[ColumnUse, ...], engine: SourceEngine) -> Values:
    """Count, in one reading of each table, the values that are not what the dataset takes them for."""
    by_owner: dict[str, dict[tuple[str, str], ColumnUse]] = {}
    for use in uses:
        if use.need in _WRONG:
            by_owner.setdefault(use.dataset, {})[use.column, use.need] = use
    faults: list[str] = []
    names = {lookup.dataset: name for name, lookup in source.dataset.lookups.items()}
    for owner, wanted in by_owner.items():
        faults += _faults(source, names.get(owner) if owner != source.dataset.name else None, wanted, engine)
    return Values(tuple(faults), () if faults else _with_offset(source, engine))


def _faults(
    source: Relation, lookup: str | None, wanted: dict[tuple[str, str], ColumnUse], engine: SourceEngine
) -> Iterator[str]:
    elements = [source.raw(Column(column, lookup)) for column, _ in wanted]
    wrong = [sa.case((_WRONG[need](element), 1)) for element, (_, need) in zip(elements, wanted, strict=True)]
    counts = [sa.func.count(each) for each in wrong]
    [found] = engine.fetch(kept(source, *counts, lookup=lookup))
    for count, use in zip(found, wanted.values(), strict=True):
        if count:
            named = use.column if lookup is None else f"{use.dataset}.{use.column}"
            yield (
                f"{'1 value' if count == 1 else f'{count:,} values'} of {named!r} cannot be read as "
                f"{_READ_AS[use.need]}. Correct the rows, or leave them out in a query."
            )


def _with_offset(source: Relation, engine: SourceEngine) -> tuple[str, ...]:
    names = source.dataset.moments
    texts = [sa.type_coerce(source.raw(Column(name)), sa.String()) for name in names]
    counts = [sa.func.count(sa.case((has_offset(text), 1))) for text in texts]
    [found] = engine.fetch(kept(source, *counts))
    return tuple(name for name, count in zip(names, found, strict=True) if count)


def _no_number(value: Element) -> Element:
    return sa.func.typeof(value).in_(["text", "blob"])


def _no_moment(value: Element) -> Element:
    """Not ISO text: SQLite takes a number for a Julian day, and 31 February for 3 March when it moves it."""
    text = sa.type_coerce(value, sa.String())
    day = sa.func.substr(text, 1, 10)
    unreadable = sa.or_(
        sa.func.datetime(text).is_(None), sa.func.coalesce(sa.func.date(day, "+0 days"), "") != day
    )
    return sa.and_(value.is_not(None), sa.or_(sa.func.typeof(value) != "text", unreadable))


def _no_quarter(value: Element) -> Element:
    """No moment, and no quarter either."""
    quarter = quarter_texts.first_day(sa.type_coerce(value, sa.String()))
    return sa.and_(quarter.is_(None), _no_moment(value))


_WRONG: dict[str, Callable[[Element], Element]] = {
    "number": _no_number,
    "moment": _no_moment,
    "quarter": _no_quarter,
}
_READ_AS = {
    "number": "a number",
    "moment": "a date or time (such as 2026-04-30 or 2026-04-30 18:00)",
    "quarter": "a quarter or a date (such as 2026-Q2 or 2026-04-01)",
}
