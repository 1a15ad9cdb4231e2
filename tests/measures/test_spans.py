"""Spans: what runs, starts and ends by month; which rows count, and on whose clocks."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from tests.engines import Database
from tests.measures.building import measured, values

SUBS = sa.Table(
    "subs",
    sa.MetaData(),
    sa.Column("c", sa.String(10)),
    sa.Column("plan", sa.String(10)),
    sa.Column("price", sa.Numeric(10, 2, asdecimal=False)),
    sa.Column("s", sa.Date()),
    sa.Column("e", sa.Date()),
)
ENTRY: dict[str, Any] = {
    "subs": {
        "span": {"start": "s", "end": "e"},
        "entity": "c",
        "dimensions": {"plan": "plan"},
        "slices": ["plan"],
        "measures": {
            "active": {"value": "count(distinct c)", "at": "close"},
            "opened": {"value": "count(distinct c)", "at": "open"},
            "rows": {"value": "count(*)", "at": "close"},
            "mrr": {"value": "sum(price)", "at": "close"},
            "joined": {"value": "count(distinct c)", "at": "start"},
            "left": {"value": "count(*)", "at": "end"},
            "dearest": {"value": "max(price)", "at": "start"},
        },
    }
}


def test_spans_are_counted_by_month(database: Database) -> None:
    def row(c, plan, price, s, e=None):
        return {
            "c": c,
            "plan": plan,
            "price": price,
            "s": s and date.fromisoformat(s),
            "e": e and date.fromisoformat(e),
        }

    database.fill(
        SUBS,
        [
            row("a", "x", 10.5, "2026-01-10"),
            row("b", "x", 5.0, "2026-01-10", "2026-03-01"),
            row("b", "y", 7.0, "2026-02-10", "2026-05-02"),
            row("c", "y", 7.0, "2026-04-10", "2026-04-02"),
            row("d", "y", 7.0, None, "2026-04-02"),
            row("e", "y", 7.0, "2026-12-02"),
        ],
    )
    frame = measured(database, ENTRY)
    assert values(frame, "active") == {"2026-01": 2, "2026-02": 2, "2026-03": 2, "2026-04": 2, "2026-05": 1}
    assert values(frame, "opened") == {"2026-01": 0, "2026-02": 2, "2026-03": 2, "2026-04": 2, "2026-05": 2}
    assert values(frame, "mrr") == {
        "2026-01": 15.5,
        "2026-02": 22.5,
        "2026-03": 17.5,
        "2026-04": 17.5,
        "2026-05": 10.5,
    }


MOMENT = sa.DateTime(timezone=True).with_variant(mysql.TIMESTAMP(), "mysql").with_variant(sa.Text(), "sqlite")


@pytest.mark.parametrize("end_type", ["moment", "day"])
def test_moments_start_and_end_on_the_companys_clocks(database: Database, end_type: str) -> None:
    """Midnight of 1 March is 23:00 UTC of 28 February in Amsterdam."""
    days = end_type == "day"
    table = sa.Table(
        "subs",
        sa.MetaData(),
        sa.Column("s", MOMENT, nullable=True),
        sa.Column("e", sa.Date() if days else MOMENT, nullable=True),
    )
    moments = [
        (
            datetime(2026, 2, 28, 22, 59, tzinfo=UTC),
            datetime(2026, 3, 31, 22, tzinfo=UTC),
        ),  # February to April
        (datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 21, 59, tzinfo=UTC)),  # inside March
        (datetime(2026, 3, 5, 12, tzinfo=UTC), datetime(2026, 3, 5, 11, 59, 58, tzinfo=UTC)),  # reversed
        (datetime(2026, 3, 5, 12, tzinfo=UTC), None),
    ]

    def end(moment: datetime | None) -> object:
        if moment is None:
            return None
        if days:
            return moment.astimezone(ZoneInfo("Europe/Amsterdam")).date()
        return moment.isoformat() if database.engine == "sqlite" else moment

    text = database.engine == "sqlite"
    database.fill(table, [{"s": s.isoformat() if text else s, "e": end(e)} for s, e in moments])
    entry = {
        "span": {"start": "s", "end": "e"},
        "measures": {at: {"value": "count(*)", "at": at} for at in ("open", "close", "start", "end")},
    }
    frame = measured(database, {"subs": entry})
    one_day = 1 if days else 0  # by the day, the third one ends on the day that it starts
    assert values(frame, "close") == {"2026-02": 1, "2026-03": 2, "2026-04": 1}
    assert values(frame, "open") == {"2026-02": 0, "2026-03": 1, "2026-04": 2}
    assert values(frame, "start") == {"2026-02": 1, "2026-03": 2 + one_day, "2026-04": 0}
    assert values(frame, "end") == {"2026-02": 0, "2026-03": 1 + one_day, "2026-04": 1}
    assert frame.data_until == date(2026, 4, 2)
    assert bool(frame.warnings) is not days


def test_dates_may_stand_for_whole_months(duckdb_database: Database) -> None:
    rows = [{"c": "a", "plan": "x", "price": 1, "s": date(2026, 1, 1), "e": None}]
    duckdb_database.fill(SUBS, rows)
    covered = {**ENTRY["subs"], "span": {"start": "s", "end": "e", "covers": "month"}}
    assert measured(duckdb_database, {"subs": covered}).data_until == date(2026, 2, 1)
    assert measured(duckdb_database, ENTRY).data_until == date(2026, 1, 2)
