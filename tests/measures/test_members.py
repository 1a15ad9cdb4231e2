"""Members of slices: whatever they are called and however many there are."""

import time
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.engines import Database, duckdb_file
from tests.measures.building import cells, measured, values

NAMES = [
    "O'Brien",
    "'; drop table sales; --",
    "Zoë & Söhne",
    "日本",
    'a "b"',
    "%s {x} :y $1 ?",
    "x\\ny",
    "",
    " a",
    "a",
    "A",
]
SALES = sa.Table(
    "sales",
    sa.MetaData(),
    sa.Column("sold_on", sa.Date()),
    sa.Column("shop", sa.String(60)),
    sa.Column("floor", sa.Integer()),
    sa.Column("open", sa.Boolean()),
    sa.Column("since", sa.Date()),
)
ENTRY = {
    "event": "sold_on",
    "dimensions": {"shop": "shop", "floor": "floor", "open": "open", "since": "since"},
    "measures": {"sales": "count(*)", "shops": "count(distinct shop)"},
}


def test_any_text_is_a_member(database: Database) -> None:
    database.fill(SALES, [{"sold_on": date(2026, 4, 1), "shop": name} for name in [*NAMES, None]])
    frame = measured(database, {"sales": {**ENTRY, "slices": ["shop"]}})
    wanted = {(name, "2026-04"): 1 for name in [*NAMES, "(unknown)"]}
    assert values(frame, "sales", ("shop",)) == wanted
    assert values(frame, "shops", ("shop",)) == wanted | {("(unknown)", "2026-04"): 0}
    assert values(frame, "shops") == {"2026-04": len(NAMES)}


def test_a_member_that_is_called_unknown_is_the_unknown(database: Database) -> None:
    database.fill(SALES, [{"sold_on": date(2026, 4, 1), "shop": name} for name in ["(unknown)", None, "a"]])
    frame = measured(database, {"sales": {**ENTRY, "slices": ["shop"]}})
    assert values(frame, "sales", ("shop",)) == {("(unknown)", "2026-04"): 2, ("a", "2026-04"): 1}


def test_what_is_no_text_is_written_as_one(database: Database) -> None:
    rows = [(1, True, date(2020, 2, 29)), (-10, False, None), (None, None, None)]
    names = ("sold_on", "floor", "open", "since")
    database.fill(SALES, [dict(zip(names, (date(2026, 4, 1), *row), strict=True)) for row in rows])
    frame = measured(database, {"sales": {**ENTRY, "slices": ["floor", "open", "since"]}})
    unknown = {("(unknown)", "2026-04"): 1}
    assert values(frame, "sales", ("floor",)) == {("1", "2026-04"): 1, ("-10", "2026-04"): 1} | unknown
    assert values(frame, "sales", ("since",)) == {("2020-02-29", "2026-04"): 1, ("(unknown)", "2026-04"): 2}
    yes, no = ("1", "0") if database.engine == "mariadb" else ("true", "false")  # it has no booleans
    assert values(frame, "sales", ("open",)) == {(yes, "2026-04"): 1, (no, "2026-04"): 1} | unknown


def test_a_combination_keeps_the_order_of_its_dimensions(database: Database) -> None:
    rows = [{"shop": "a", "floor": 1}, {"shop": "a", "floor": 2}, {"shop": None, "floor": 1}]
    database.fill(SALES, [{"sold_on": date(2026, 4, 1), **row} for row in rows])
    frame = measured(database, {"sales": {**ENTRY, "slices": [["floor", "shop"], "shop"]}})
    assert values(frame, "sales", ("floor", "shop")) == {
        ("1", "a", "2026-04"): 1,
        ("2", "a", "2026-04"): 1,
        ("1", "(unknown)", "2026-04"): 1,
    }
    assert values(frame, "sales", ("shop",)) == {("a", "2026-04"): 2, ("(unknown)", "2026-04"): 1}


@pytest.mark.slow
def test_ten_thousand_members_in_three_months(tmp_path: Path) -> None:
    database = duckdb_file(
        tmp_path,
        "create table sales as select date '2026-01-01' + (i % 90)::int as sold_on, "
        "'shop ' || (i % 10000) as shop from range(300000) t(i)",
    )
    entry = {**ENTRY, "dimensions": {"shop": "shop"}, "slices": ["shop"]}
    started = time.process_time()
    frame = measured(database, {"sales": entry})
    assert time.process_time() - started < 20
    assert len(cells(frame, "sales", ("shop",))) == 30_000
    assert len({cell.member for cell in cells(frame, "shops", ("shop",))}) == 10_000


def test_a_dataset_may_look_up_itself(database: Database) -> None:
    staff = sa.Table(
        "staff",
        sa.MetaData(),
        sa.Column("id", sa.Integer()),
        sa.Column("boss", sa.Integer()),
        sa.Column("name", sa.String(20)),
        sa.Column("joined_on", sa.Date()),
    )
    rows = [(1, None, "Ann"), (2, 1, "Bob"), (3, 1, "Cai"), (4, 2, "Dee")]
    names = ("id", "boss", "name", "joined_on")
    database.fill(staff, [dict(zip(names, (*row, date(2026, 4, 1)), strict=True)) for row in rows])
    entry = {
        "event": "joined_on",
        "key": "id",
        "lookups": {"staff": "boss", "grand": {"dataset": "staff", "column": "boss"}},
        "dimensions": {"boss": "staff.name"},
        "slices": ["boss"],
        "where": "name <> 'Dee'",
        "measures": {"staff": "count(*)", "under_bosses": "count(grand.boss)"},
    }
    frame = measured(database, {"staff": entry})
    assert values(frame, "staff", ("boss",)) == {("Ann", "2026-04"): 2, ("(unknown)", "2026-04"): 1}
    assert values(frame, "under_bosses") == {"2026-04": 0}
