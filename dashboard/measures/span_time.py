"""When a row of a span dataset starts and ends: months in the company's zone, and which rows count.

A row runs from its start up to its end, the first day on which it runs no more; without an end it is running.
An end after today has not come yet. A row that starts after today, has no start, or ends before it starts is
in no figure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from connectors.dialects import month_number
from connectors.time_zones import KNOWN_YEARS
from dashboard.definitions.model import Span
from dashboard.measures.event_time import EARLIEST, LATER, Clock, clock
from dashboard.measures.relation import Relation

Element = ColumnElement[Any]
REVERSED = -1  # the "month" of rows that end before they start
FIRST_DAY = date(EARLIEST // 12, 1, 1)


@dataclass(frozen=True)
class SpanTime:
    """The time of a span dataset's rows in one reading.

    `month` is that of the start: null without one, LATER after today, REVERSED where the end comes before.
    `until` is that of the end, null while a row is running. `counted` keeps the rows that count, which are
    those whose `month` is in a period; of them `month_of_start` is the same, more plainly. `started` and
    `ended` are greatest for the newest day, which the functions give.
    """

    month: Element
    until: Element
    month_of_start: Element
    counted: tuple[Element, ...]
    started: Element
    ended: Element
    day_of_start: Callable[[Any], date | None]
    day_of_end: Callable[[Any], date | None]


def span_time(relation: Relation, span: Span, *, tomorrow: date) -> SpanTime:
    """How to read start and end of the dataset's rows."""
    years = (KNOWN_YEARS[0], tomorrow.year + 1)
    start, end = clock(relation, span.start, years), clock(relation, span.end, years)
    later = start.raw >= start.begins(tomorrow)
    reversed_ = sa.and_(end.raw.is_not(None), _before(relation, end, start))
    counted = (
        sa.not_(later),
        start.raw >= start.begins(FIRST_DAY),
        sa.or_(end.raw.is_(None), sa.not_(_before(relation, end, start))),
    )
    over = sa.and_(end.raw >= end.begins(FIRST_DAY), end.raw < end.begins(tomorrow))
    return SpanTime(
        month=sa.case(
            (later, sa.literal(LATER, sa.Integer())),
            (reversed_, sa.literal(REVERSED, sa.Integer())),
            else_=month_number(start.local),
        ),
        until=sa.case((over, month_number(end.local))),
        month_of_start=month_number(start.local),
        counted=counted,
        started=start.raw,
        ended=end.raw,
        day_of_start=start.day_of,
        day_of_end=end.day_of,
    )


def _before(relation: Relation, end: Clock, start: Clock) -> Element:
    """Whether the end comes before the start; by the day where one of them has no time of day."""
    if relation.dialect == "sqlite":  # each value may be of either kind
        plain = sa.or_(*(sa.func.length(each.local) <= len("2026-04-30") for each in (end, start)))
        days = sa.func.date(end.local) < sa.func.date(start.local)
        return sa.case((plain, days), else_=_to_the_moment(end.local) < _to_the_moment(start.local))
    if end.of_days != start.of_days:
        return sa.cast(end.local, sa.Date()) < sa.cast(start.local, sa.Date())
    return end.local < start.local


def _to_the_moment(text: Element) -> Element:
    return sa.func.strftime("%Y-%m-%d %H:%M:%f", text)
