"""Which day and period a row of a snapshot dataset belongs to, and which days are the newest of a period."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from connectors.dialects import month_number
from connectors.time_zones import KNOWN_YEARS
from dashboard.measures.event_time import LATER, clock
from dashboard.measures.expressions import compile_expression
from dashboard.measures.joining import lookups_of
from dashboard.measures.relation import Relation
from dashboard.measures.span_time import FIRST_DAY
from dashboard.periods import Grain

Element = ColumnElement[Any]
LENGTHS = {Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True)
class SnapshotTime:
    """The time of a snapshot dataset's rows in one reading.

    `day` is the day of the state in the company's zone. `month` is the last month of the period it falls
    into: a month, or the quarter or year that a row covers. `any_month` is the same, but LATER for a row
    after today (null without a time). `asked` keeps the rows of the asked periods, those after today and
    those without a time; `newest` keeps those of the newest day of each asked period alone.
    """

    day: Element
    month: Element
    any_month: Element
    asked: tuple[Element, ...]
    newest: tuple[Element, ...]
    day_of: Callable[[Any], date | None]


def snapshot_time(
    relation: Relation, column: str, covers: Grain | None, *, first: date | None, tomorrow: date
) -> SnapshotTime:
    """How to read the state's day in `column` from the day `first` on; None: from the beginning."""
    time = clock(relation, column, (first.year - 1 if first else KNOWN_YEARS[0], tomorrow.year + 1))
    begun = (time.raw >= time.begins(first),) if first else ()
    later = time.raw >= time.begins(tomorrow)
    length = LENGTHS.get(covers or Grain.MONTH, 1)
    number = month_number(time.local)
    into = (number + (13 - relation.catalog.board.calendar.first_month)) % length
    month = number if length == 1 else number - into + (length - 1)
    day = time.local if time.of_days else _day(relation, time.local)
    dated = (*(begun or (time.raw >= time.begins(FIRST_DAY),)), time.raw < time.begins(tomorrow))
    days = _newest_days(relation, day, month, dated)
    return SnapshotTime(
        day=day,
        month=month,
        any_month=sa.case((later, sa.literal(LATER, sa.Integer())), else_=month),
        asked=tuple(sa.or_(each, time.raw.is_(None)) for each in begun),
        newest=(*dated, day.in_(days)),
        day_of=date_of,
    )


def date_of(value: date | str | None) -> date | None:
    """A day as the database gives it: SQLite as text."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _day(relation: Relation, local: Element) -> Element:
    if relation.dialect == "sqlite":
        return sa.func.date(local, type_=sa.String())
    return sa.cast(local, sa.Date())


def _newest_days(relation: Relation, day: Element, month: Element, dated: tuple[Element, ...]) -> Any:
    kept = relation.dataset.where
    where = dated if kept is None else (compile_expression(kept, relation), *dated)
    rows = relation.joined(lookups_of(relation.dataset, ()))
    days = sa.select(sa.func.max(day)).select_from(rows).where(*where).group_by(month)
    return days.correlate(None)
