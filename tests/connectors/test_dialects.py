"""What dialects disagree on: a cache entry for each question, a table of changes for each pair of zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from connectors.dialects import ELAPSED_UNITS, elapsed, half_up
from connectors.time_zones import KNOWN_YEARS, at_home, shifts
from tests.engines import Database

A, B = sa.column("a", sa.DateTime()), sa.column("b", sa.DateTime())


def _key(element: sa.ColumnElement[object]) -> object:
    cached = sa.select(element)._generate_cache_key()
    assert cached is not None
    return cached.key, tuple(bind.value for bind in cached.bindparams)


def test_each_unit_has_its_own_cache_key() -> None:
    assert len({_key(elapsed(unit, A, B)) for unit in ELAPSED_UNITS}) == len(ELAPSED_UNITS)


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_each_zone_has_its_own_cache_key(dialect: str) -> None:
    zones = ["Europe/Amsterdam", "Europe/London", "America/New_York", "Asia/Tokyo"]
    assert len({_key(at_home(A, None, zone, dialect)) for zone in zones}) == len(zones)


def test_each_number_of_digits_has_its_own_cache_key() -> None:
    assert len({_key(half_up(A, sa.literal(digits))) for digits in (0, 1, 2)}) == 3


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(
        ValueError, match="'decade' is none of second, minute, hour, day, week, month, quarter, year"
    ):
        elapsed("decade", A, B)


@pytest.mark.parametrize(
    ("zone", "home"),
    [
        ("UTC", "Europe/Amsterdam"),
        ("UTC", "Australia/Lord_Howe"),  # moves its clocks by half an hour
        ("UTC", "Africa/Casablanca"),  # four changes a year
        ("America/New_York", "Europe/Amsterdam"),
        ("Pacific/Apia", "America/St_Johns"),  # left out a day in 2011
    ],
)
def test_the_table_of_changes_says_what_the_zones_say(zone: str, home: str) -> None:
    table = shifts(zone, home, 2009, 2027)
    moment = datetime(2009, 1, 1, tzinfo=UTC)
    while moment.year < 2027:
        there = moment.astimezone(ZoneInfo(zone))
        if (
            there.fold == 0 and (there + timedelta(hours=2)).utcoffset() == there.utcoffset()
        ):  # no hour that comes twice
            reading = there.replace(tzinfo=None)
            seconds = [by for begins, by in table if begins <= reading][-1]
            assert reading + timedelta(seconds=seconds) == moment.astimezone(ZoneInfo(home)).replace(
                tzinfo=None
            )
        moment += timedelta(hours=7)


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/Havana", "Australia/Lord_Howe"])
def test_hours_that_come_twice_or_never_are_read_as_postgresql_reads_them(
    postgres: Database, zone: str
) -> None:
    readings = [
        begins + timedelta(minutes=minutes)
        for begins, _ in shifts(zone, "UTC", 2024, 2026)[1:]
        for minutes in (-121, -91, -61, -60, -31, -30, -1, 0, 1, 29, 30, 59, 60, 61, 91, 121)
    ]
    engine = sa.create_engine(postgres.reader)
    rows = sa.union_all(
        *(sa.select(sa.literal(each, sa.DateTime()).label("at")) for each in readings)
    ).subquery()
    native = at_home(rows.c.at, zone, "UTC", "postgresql")
    seconds = sa.case(
        *(
            (rows.c.at >= sa.literal(begins, sa.DateTime()), by)
            for begins, by in reversed(shifts(zone, "UTC", 2024, 2026))
        )
    )
    with engine.connect() as connection:
        pairs = connection.execute(
            sa.select(native, rows.c.at + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds))
        ).all()
    engine.dispose()
    assert len(pairs) == len(readings)
    assert [one for one, _ in pairs] == [other for _, other in pairs]


def test_moving_a_time_stamp_keeps_to_the_second() -> None:
    engine = sa.create_engine("sqlite://")
    moved = at_home(sa.literal("2026-03-29 00:59:59", sa.String()), None, "Europe/Amsterdam", "sqlite")
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.type_coerce(moved, sa.String()))) == "2026-03-29 01:59:59"
    engine.dispose()


def test_the_known_years_reach_beyond_today() -> None:
    assert KNOWN_YEARS[1] > 2035
