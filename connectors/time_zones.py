"""Moments put into one time zone: natively where the engine knows zones, else by a table of changes."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement
from sqlalchemy.types import TypeEngine

Element = ColumnElement[Any]
NATIVE = frozenset({"duckdb", "postgresql"})
KNOWN_YEARS = (1970, 2040)  # outside, the nearest known difference holds
STAMP: TypeEngine[datetime] = sa.DateTime().with_variant(
    sqlite.DATETIME(truncate_microseconds=True),  # type: ignore[no-untyped-call]
    "sqlite",
)
Shifts = tuple[tuple[datetime, int], ...]


def at_home(
    moment: Element,
    zone: str | None,
    home: str,
    dialect: str,
    years: tuple[int, int] = KNOWN_YEARS,
) -> Element:
    """The reading of the clocks in `home` (a time stamp without zone).

    `zone` is where the time stamps were written; None: they are instants (in UTC where the engine says no
    zone). An hour that a zone has twice is read as the second; one that it skips as if the clocks had not
    been moved yet. `years` are those of which the changes are needed, first and last.
    """
    if zone == home or (zone is None and home == "UTC" and dialect not in NATIVE):
        return moment
    if dialect in NATIVE:
        instant = moment if zone is None else sa.func.timezone(zone, moment)
        return sa.func.timezone(home, instant, type_=sa.DateTime())
    return moved(moment, *(sa.literal_column(str(each)) for each in (zone or "UTC", home, *years)))


@lru_cache(maxsize=256)
def shifts(zone: str, home: str, first_year: int, last_year: int) -> Shifts:
    """From which reading of the clocks in `zone` on how many seconds are added to read those in `home`.

    The first entry holds from the beginning; entries are in ascending order.
    """
    moments = {*_changes(zone, first_year, last_year), *_changes(home, first_year, last_year)}
    steps = [(datetime(1, 1, 1), _difference(zone, home, datetime(first_year, 1, 1, tzinfo=UTC)))]  # noqa: DTZ001
    for moment in sorted(moments):
        difference = _difference(zone, home, moment)
        if difference != steps[-1][1]:
            # A clock reading that comes twice belongs to the new time, one that is skipped to the old.
            steps.append(((moment + _offset(zone, moment)).replace(tzinfo=None), difference))
    return tuple(steps)


@lru_cache(maxsize=256)
def _changes(zone: str, first_year: int, last_year: int) -> tuple[datetime, ...]:
    """The instants at which the zone's difference to UTC changes."""
    found = []
    before = datetime(first_year, 1, 1, tzinfo=UTC)
    while before.year <= last_year:
        after = before + timedelta(days=7)
        if _offset(zone, before) != _offset(zone, after):
            found.append(_first_after(zone, before, after))
        before = after
    return tuple(found)


def _first_after(zone: str, before: datetime, after: datetime) -> datetime:
    old = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after


def _offset(zone: str, instant: datetime) -> timedelta:
    return instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def _difference(zone: str, home: str, instant: datetime) -> int:
    return int((_offset(home, instant) - _offset(zone, instant)).total_seconds())


class moved(FunctionElement[datetime]):  # noqa: N801 - named as it reads in SQL
    """A time stamp of one zone as another's, where the engine cannot convert: moment, zones, years."""

    type = sa.DateTime()
    name = "moved"
    inherit_cache = True


def _seconds(element: FunctionElement[datetime], compiler: SQLCompiler, **kw: Any) -> tuple[str, str]:
    """The moment, and the seconds to add to it: by the newest change before it."""
    clause, *said = element.clauses
    moment = compiler.process(clause, **kw)
    zone, home, first, last = (each.name for each in said)
    (_, seconds), *later = shifts(zone, home, int(first), int(last))
    branches = [f"WHEN {moment} >= '{begins}' THEN {by}" for begins, by in reversed(later)]
    return moment, f"CASE {' '.join(branches)} ELSE {seconds} END" if branches else str(seconds)


@compiles(moved)
def _moved(element: FunctionElement[datetime], compiler: SQLCompiler, **kw: Any) -> str:
    moment, seconds = _seconds(element, compiler, **kw)
    return f"({moment} + INTERVAL {seconds} SECOND)"


@compiles(moved, "sqlite")
def _moved_sqlite(element: FunctionElement[datetime], compiler: SQLCompiler, **kw: Any) -> str:
    moment, seconds = _seconds(element, compiler, **kw)
    return f"datetime({moment}, ({seconds}) || ' seconds')"
