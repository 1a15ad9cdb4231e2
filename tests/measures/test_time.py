"""When a row counts: zones, changes of the clocks, the fiscal calendar, and rows that are in no period."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from dashboard.measures.frame import MeasureFrame
from dashboard.measures.measuring import measure
from dashboard.periods import Grain
from tests.engines import Database
from tests.measures.building import NOW, asking, at, catalog, measured, values

INSTANT = (
    sa.DateTime(timezone=True).with_variant(mysql.TIMESTAMP(), "mysql").with_variant(sa.Text(), "sqlite")
)
VISITS: Mapping[str, Any] = {
    "event": "at",
    "measures": {"visits": "count(*)", "guests": "count(distinct guest)"},
}


def visits(
    database: Database, type_: sa.types.TypeEngine[Any], moments: Sequence[object], **options: Any
) -> MeasureFrame:
    """The frame of a table with these moments, each of a guest of its own."""
    entry = {**VISITS, **options.pop("entry", {})}
    table = sa.Table("visits", sa.MetaData(), sa.Column("at", type_), sa.Column("guest", sa.Integer()))
    as_text = database.engine == "sqlite" and type_ is INSTANT
    rows = [
        {"at": moment.isoformat() if as_text and isinstance(moment, datetime) else moment, "guest": place}
        for place, moment in enumerate(moments)
    ]
    database.fill(table, rows)
    return measured(database, {"visits": entry}, **options)


def test_a_moment_falls_into_the_month_of_the_companys_clocks(database: Database) -> None:
    moments = [
        datetime(2026, 2, 28, 22, 59, 59, tzinfo=UTC),  # 23:59:59, winter time
        datetime(2026, 2, 28, 23, 0, 0, tzinfo=UTC),  # midnight: March
        datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC),  # 23:59:59, summer time
        datetime(2026, 3, 31, 22, 0, 0, tzinfo=UTC),  # midnight: April
    ]
    frame = visits(database, INSTANT, moments)
    assert values(frame, "visits") == {"2026-02": 1, "2026-03": 2, "2026-04": 1}
    assert values(frame, "guests") == {"2026-02": 1, "2026-03": 2, "2026-04": 1}
    assert frame.data_until == date(2026, 4, 2)


@pytest.mark.parametrize(
    "zone", ["America/St_Johns", "Pacific/Auckland", "Africa/Casablanca", "Asia/Kolkata"]
)
def test_any_zone_has_months_of_its_own(database: Database, zone: str) -> None:
    moments = [
        datetime(2025, month, 1, hour, 29, tzinfo=UTC) for month in range(1, 13) for hour in (0, 3, 9, 23)
    ]
    moments += [moment - timedelta(hours=12) for moment in moments]
    frame = visits(database, INSTANT, moments, zone=zone)
    wanted = Counter(f"{moment.astimezone(ZoneInfo(zone)):%Y-%m}" for moment in moments)
    assert values(frame, "visits") == wanted


def test_the_answer_for_one_zone_is_not_that_for_another(database: Database) -> None:
    visits(database, INSTANT, [datetime(2026, 3, 31, 22, 30, tzinfo=UTC)])
    with asking(database) as engine:  # one engine, so that both statements meet in one cache
        found = {
            zone: [
                values(
                    measure(catalog({"visits": VISITS}, zone=zone), "visits", engine, since=None, now=NOW),
                    "visits",
                )
                for _ in range(2)
            ]
            for zone in ("Europe/London", "Europe/Amsterdam", "Europe/Lisbon", "Asia/Tokyo", "America/Lima")
        }
    months = {zone: next(iter(first)) for zone, (first, second) in found.items() if first == second}
    assert months == {
        "Europe/London": "2026-03",
        "Europe/Amsterdam": "2026-04",
        "Europe/Lisbon": "2026-03",
        "Asia/Tokyo": "2026-04",
        "America/Lima": "2026-03",
    }


def test_a_time_without_zone_is_read_on_the_companys_clocks(database: Database) -> None:
    frame = visits(database, sa.DateTime(), [at("2026-03-31 23:59:59"), at("2026-04-01")])
    assert values(frame, "visits") == {"2026-03": 1, "2026-04": 1}


def test_a_time_without_zone_is_read_on_the_clocks_of_the_dataset(database: Database) -> None:
    moments = [at("2026-03-31 21:59:59"), at("2026-03-31 22:00"), at("2026-10-31 23:00")]
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    frame = visits(database, sa.DateTime(), moments, entry={"time_zone": "UTC"}, now=now)
    assert values(frame, "guests") == {"2026-03": 1, "2026-04": 1, "2026-11": 1}
    assert frame.data_until == date(2026, 11, 2)


def test_a_date_is_the_same_date_everywhere(database: Database) -> None:
    days = [date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28)]
    for zone in ("Pacific/Auckland", "America/Adak"):
        if zone == "Pacific/Auckland":
            frame = visits(database, sa.Date(), days, zone=zone)
        else:
            frame = measured(database, {"visits": VISITS}, zone=zone)
        assert values(frame, "visits") == {"2024-02": 1, "2024-03": 1, "2025-02": 1}


def test_years_begin_where_the_company_begins_them(duckdb_database: Database) -> None:
    days = [date(2024, 2, 29), date(2025, 3, 31), date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 1)]
    frame = visits(duckdb_database, sa.Date(), days, fiscal_year_start=4)
    assert values(frame, "guests", grain=Grain.YEAR) == {"2024-03": 1, "2025-03": 1, "2026-03": 3}
    assert values(frame, "guests", grain=Grain.QUARTER) == {
        "2024-03": 1,
        "2025-03": 1,
        "2025-06": 2,
        "2025-09": 1,
    }
    assert values(frame, "guests", grain=Grain.YEAR_TO_DATE) == {
        "2024-02": 1,
        "2024-03": 1,
        "2025-03": 1,
        "2025-04": 1,
        "2025-05": 1,
        "2025-06": 2,
        "2025-07": 3,
    }


def test_twelve_months_end_with_every_month_that_has_data_behind_it(duckdb_database: Database) -> None:
    frame = visits(duckdb_database, sa.Date(), [date(2024, 2, 29), date(2025, 2, 1), date(2025, 3, 31)])
    windows = values(frame, "guests", grain=Grain.TWELVE_MONTHS)
    assert next(iter(windows)) == "2024-02"
    assert (windows["2025-01"], windows["2025-02"], windows["2025-03"]) == (1, 1, 2)
    assert list(windows)[-1] == "2025-03"  # the last month with data, although today is in 2026


def test_rows_after_today_are_in_no_period(database: Database) -> None:
    moments = [
        datetime(2026, 10, 15, 21, 59, 59, tzinfo=UTC),  # today, later than now
        datetime(2026, 10, 15, 22, tzinfo=UTC),  # tomorrow in Amsterdam
        datetime(2030, 1, 1, tzinfo=UTC),
    ]
    frame = visits(database, INSTANT, moments)
    assert values(frame, "visits") == {"2026-10": 1}
    assert values(frame, "guests", grain=Grain.YEAR) == {"2026-12": 1}
    assert (frame.rows, frame.data_until) == (3, date(2026, 10, 16))
    assert frame.warnings == ("2 rows of visits later than 2026-10-15: in no period yet.",)


def test_rows_without_a_time_are_in_no_period(database: Database) -> None:
    frame = visits(database, sa.DateTime(), [None, at("2026-09-01"), None])
    assert values(frame, "guests") == {"2026-09": 1}
    assert (frame.rows, frame.data_until) == (3, date(2026, 9, 2))
    assert frame.warnings == ("2 rows of visits without at: in no period.",)


def test_default_dates_are_in_no_period(database: Database) -> None:
    frame = visits(database, sa.Date(), [date(1, 1, 1), date(1899, 12, 31), date(1900, 1, 1)])
    assert values(frame, "visits") == {"1900-01": 1}
    assert values(frame, "guests") == {"1900-01": 1}
    assert frame.warnings == ("2 rows of visits before the year 1900: in no period.",)


@pytest.mark.parametrize("engine", ["duckdb_database", "postgres"])
def test_mistyped_years_are_in_no_period(engine: str, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue(engine)
    database.run('create table visits ("at" date, guest integer)')
    database.run(
        "insert into visits values ('20226-01-01', 1), ('2026-01-01', 2), ('infinity', 3), ('0202-01-01', 4)"
    )
    frame = measured(database, {"visits": VISITS})
    assert values(frame, "guests") == {"2026-01": 1}
    assert frame.data_until == date(2026, 1, 2)
    assert frame.warnings == (
        "1 row of visits before the year 1900: in no period.",
        "2 rows of visits later than 2026-10-15: in no period yet.",
    )


def test_a_month_without_rows_has_no_cell(database: Database) -> None:
    frame = visits(database, sa.Date(), [date(2026, 3, 1), date(2026, 5, 1)])
    assert values(frame, "visits") == {"2026-03": 1, "2026-05": 1}
    assert values(frame, "guests") == {"2026-03": 1, "2026-05": 1}
    assert values(frame, "guests", grain=Grain.TWELVE_MONTHS) == {"2026-03": 1, "2026-04": 1, "2026-05": 2}


@pytest.mark.parametrize(
    ("covers", "until"),
    [("month", date(2026, 8, 1)), ("quarter", date(2026, 10, 1)), ("year", date(2026, 10, 16))],
)
def test_a_row_may_stand_for_a_whole_period(duckdb_database: Database, covers: str, until: date) -> None:
    entry = {"event": {"at": "at", "covers": covers}}
    frame = visits(duckdb_database, sa.Date(), [date(2026, 4, 30), date(2026, 7, 1)], entry=entry)
    assert frame.data_until == until
    grains = {cell.period.grain for cell in frame.cells}
    shorter = {"month": set(), "quarter": {Grain.MONTH}, "year": {Grain.MONTH, Grain.QUARTER}}[covers]
    assert not grains & shorter
    if covers != "month":
        assert values(frame, "visits", grain=Grain.YEAR) == {"2026-12": 2}
    if covers == "quarter":
        assert values(frame, "visits", grain=Grain.QUARTER) == {"2026-06": 1, "2026-09": 1}
        assert values(frame, "visits", grain=Grain.YEAR_TO_DATE) == {"2026-06": 1, "2026-09": 2}
