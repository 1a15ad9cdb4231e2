"""When a row of a dataset happened: its month in the company's zone, and which rows a reading takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import ColumnElement

from connectors.dialects import month_number
from connectors.time_zones import FIRST_YEAR, at_home
from dashboard.definitions.expressions import Column
from dashboard.measures.relation import MYSQL, Relation, is_instant, type_class

Element = ColumnElement[Any]
LATER = 9999 * 12  # the "month" of rows that lie after today


@dataclass(frozen=True)
class EventTime:
    """The event column of a dataset in one reading.

    `month` is the month's number (null for a row without a time, LATER for one after today); the maximum
    of `latest` in a month is its last row, of which `day_of` gives the day. `asked` keeps rows from the first asked day on and those
    without a time; `dated` only rows with a time that are not after today.
    """

    month: Element
    latest: Element
    asked: Element
    dated: Element
    day_of: Callable[[Any], date | None]


def event_time(relation: Relation, *, first: date | None, tomorrow: date) -> EventTime:
    """How to read the time of the dataset's rows. `first` None: from the beginning."""
    column = Column(relation.dataset.event or "")
    years = (first.year - 1 if first else FIRST_YEAR, tomorrow.year)
    clock = _clock(relation, column, years)
    later = clock.raw >= clock.begins(tomorrow)
    begun = sa.true() if first is None else clock.raw >= clock.begins(first)
    return EventTime(
        month=sa.case((later, sa.literal(LATER, sa.Integer())), else_=month_number(clock.local)),
        latest=clock.raw,
        asked=sa.true() if first is None else sa.or_(begun, clock.raw.is_(sa.null())),
        dated=sa.and_(begun, clock.raw < clock.begins(tomorrow)),
        day_of=clock.day_of,
    )


@dataclass(frozen=True)
class _Clock:
    """`raw` is what is compared and indexed, `local` what falls into a month, `begins` the bound for a day in `raw`."""

    raw: Element
    local: Element
    begins: Callable[[date], Element]
    day_of: Callable[[Any], date | None]


def _clock(relation: Relation, column: Column, years: tuple[int, int]) -> _Clock:
    type_, dialect = relation.type_of(column), relation.dialect
    raw = relation.raw(column)
    if dialect == "sqlite":
        return _written_clock(relation, raw, years, aware=is_instant(type_, dialect))
    if type_class(type_) == "date":
        return _Clock(raw, raw, lambda day: sa.literal(day, sa.Date()), lambda value: value)
    zone = None if is_instant(type_, dialect) else relation.written_in(column)
    local = at_home(raw, zone, relation.home, dialect, years)
    aware = zone is None and dialect not in MYSQL

    def begins(day: date) -> Element:
        moment = _midnight(day, relation.home).astimezone(ZoneInfo(zone or "UTC"))
        return sa.literal(moment if aware else moment.replace(tzinfo=None), sa.DateTime(timezone=aware))

    def day_of(value: datetime | None) -> date | None:
        if value is None:
            return None
        placed = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone or "UTC"))
        return placed.astimezone(ZoneInfo(relation.home)).date()

    return _Clock(raw, local, begins, day_of)


def _written_clock(relation: Relation, raw: Element, years: tuple[int, int], *, aware: bool) -> _Clock:
    """SQLite keeps times as ISO text; `aware`: some of it ends with a difference to UTC."""
    stamp = sqlite.DATETIME(truncate_microseconds=True)
    zone = relation.dataset.time_zone or relation.home
    text = sa.cast(raw, sa.String())
    local: Element = text
    if zone != relation.home or aware:
        local = at_home(sa.func.datetime(text, type_=stamp), zone, relation.home, "sqlite", years)
    if aware:
        offset = sa.or_(text.like("%Z"), sa.func.substr(text, -6, 1).in_(["+", "-"]))
        instant = at_home(sa.func.datetime(text, type_=stamp), None, relation.home, "sqlite", years)
        local = sa.case((sa.and_(sa.func.length(text) > 10, offset), instant), else_=local)
    local = sa.type_coerce(local, sa.String())

    def day_of(value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value[:10])

    return _Clock(local, local, lambda day: sa.literal(day.isoformat(), sa.String()), day_of)


def _midnight(day: date, zone: str) -> datetime:
    """The instant at which a day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
