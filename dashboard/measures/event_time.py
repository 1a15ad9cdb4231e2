"""When a row of a dataset happened: its month in the company's zone, and which rows a reading takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from connectors.dialects import month_number
from connectors.time_zones import KNOWN_YEARS, STAMP, at_home
from dashboard.definitions.expressions import Column
from dashboard.measures import quarter_texts
from dashboard.measures.relation import Relation
from dashboard.measures.types import MYSQL, is_instant, type_class
from dashboard.periods import Grain

Element = ColumnElement[Any]
LATER = 9999 * 12  # the "month" of rows that lie after today
EARLIEST = 1900 * 12  # the first month that counts: before it there are but mistyped and default dates


@dataclass(frozen=True)
class EventTime:
    """A column that says when, in one reading.

    `month` is the month's number; `any_month` the same, but LATER for a row after today (null without a
    time). `latest` is greatest for the last row of a month, and `day_of` gives its day. `asked` keeps the
    rows of the asked months, those after today and those without a time; `dated` keeps the first of these
    alone.
    """

    month: Element
    any_month: Element
    latest: Element
    asked: tuple[Element, ...]
    dated: tuple[Element, ...]
    day_of: Callable[[Any], date | None]


def event_time(relation: Relation, column: str, *, first: date | None, tomorrow: date) -> EventTime:
    """How to read the time in `column` from the day `first` on; None: from the beginning."""
    time = clock(relation, column, (first.year - 1 if first else KNOWN_YEARS[0], tomorrow.year + 1))
    later = time.raw >= time.begins(tomorrow)
    begun = () if first is None else (time.raw >= time.begins(first),)
    month = month_number(time.local)
    return EventTime(
        month=month,
        any_month=sa.case((later, sa.literal(LATER, sa.Integer())), else_=month),
        latest=time.raw,
        asked=tuple(sa.or_(each, time.raw.is_(None)) for each in begun),
        dated=(*begun, time.raw < time.begins(tomorrow)),
        day_of=time.day_of,
    )


@dataclass(frozen=True)
class Clock:
    """`raw` is compared, with what `begins` gives for a day; `local` falls into a month.

    `of_days`: it has no time of day. On SQLite that is not known of a column.
    """

    raw: Element
    local: Element
    begins: Callable[[date], Element]
    day_of: Callable[[Any], date | None]
    of_days: bool = False


def clock(relation: Relation, name: str, years: tuple[int, int]) -> Clock:
    """How to read the column `name`; `years` are those of which changes of the clocks matter."""
    column = Column(name)
    type_, raw = relation.type_of(column), relation.raw(column)
    if relation.dialect == "sqlite":
        return _text_clock(relation, raw, years, aware=is_instant(type_, "sqlite"))
    kind = type_class(type_)
    if kind == "text" and relation.dataset.covers is Grain.QUARTER:
        raw, kind = sa.cast(quarter_texts.first_day(raw), sa.Date()), "date"
    if kind == "date":
        return Clock(raw, raw, lambda day: sa.literal(day, sa.Date()), lambda value: value, of_days=True)
    zone = None if is_instant(type_, relation.dialect) else relation.written_in(column)
    local = at_home(raw, zone, relation.home, relation.dialect, years)
    return _moment_clock(
        raw, local, relation.home, zone or "UTC", zone is None and relation.dialect not in MYSQL
    )


def _moment_clock(raw: Element, local: Element, home: str, zone: str, aware: bool) -> Clock:
    """Time stamps of `zone`; `aware`: the engine takes them as instants."""

    def begins(day: date) -> Element:
        midnight = datetime.combine(day, time(), ZoneInfo(home)).astimezone(ZoneInfo(zone))
        return sa.literal(midnight if aware else midnight.replace(tzinfo=None), sa.DateTime(timezone=aware))

    def day_of(value: datetime | None) -> date | None:
        if value is None:
            return None
        placed = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
        return placed.astimezone(ZoneInfo(home)).date()

    return Clock(raw, local, begins, day_of)


def has_offset(text: Element) -> Element:
    """Whether an ISO time ends with a difference to UTC; the - of a date alone is none."""
    sign = sa.func.substr(text, -6, 1).in_(["+", "-"])
    return sa.and_(sa.func.length(text) > 10, sa.or_(sa.func.substr(text, -1) == "Z", sign))


def _text_clock(relation: Relation, raw: Element, years: tuple[int, int], *, aware: bool) -> Clock:
    """SQLite keeps times as ISO text; `aware`: some of it ends with a difference to UTC."""
    text = sa.type_coerce(raw, sa.String())
    stamp = sa.func.datetime(text, type_=STAMP)
    zone = relation.dataset.time_zone or relation.home
    local = text if zone == relation.home else at_home(stamp, zone, relation.home, "sqlite", years)
    if aware:
        instant = at_home(stamp, None, relation.home, "sqlite", years)
        local = sa.case((has_offset(text), instant), else_=local)
    local = sa.type_coerce(local, sa.String())
    if relation.dataset.covers is Grain.QUARTER:
        local = sa.func.coalesce(quarter_texts.first_day(text), local)

    def day_of(value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value[:10])

    return Clock(local, local, lambda day: sa.literal(day.isoformat(), sa.String()), day_of)
