"""Data that cannot be counted rightly is an error that says what to do, or left out and told."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.errors import MeasuringError
from dashboard.measures.checks import check_keys
from dashboard.measures.frame import MeasureFrame
from dashboard.periods import Grain
from tests.engines import Database
from tests.measures.building import asking, at, catalog, measured, values

SALES: Mapping[str, Any] = {
    "event": "sold_on",
    "dimensions": {"shop": "shop"},
    "slices": ["shop"],
    "measures": {
        "sales": "count(*)",
        "turnover": "sum(amount)",
        "best": "max(amount)",
        "middle": "median(amount)",
    },
}
CANNOT = "The dataset 'sales' of the source 'crm' cannot be measured. "


def table(
    amount: sa.types.TypeEngine[Any] | None = None, sold_on: sa.types.TypeEngine[Any] | None = None
) -> sa.Table:
    return sa.Table(
        "sales",
        sa.MetaData(),
        sa.Column("sold_on", sold_on or sa.Date()),
        sa.Column("shop", sa.String(20)),
        sa.Column("amount", amount or sa.Double()),
    )


def named(rows: Sequence[tuple[object, object, object]]) -> list[dict[str, object]]:
    return [dict(zip(("sold_on", "shop", "amount"), row, strict=True)) for row in rows]


def sold(
    database: Database,
    rows: Sequence[tuple[object, object, object]],
    of: sa.Table | None = None,
    **entry: Any,
) -> MeasureFrame:
    database.fill(table() if of is None else of, named(rows))
    return measured(database, {"sales": {**SALES, **entry}})


def refused(database: Database, entries: Mapping[str, Mapping[str, Any]]) -> str:
    with pytest.raises(MeasuringError) as caught:
        measured(database, entries)
    return str(caught.value)


def test_a_renamed_column_is_told_with_the_nearest(database: Database) -> None:
    database.fill(table(), [])
    entry = {**SALES, "measures": {"turnover": "sum(amont)"}, "dimensions": {"shop": "Shop"}}
    assert refused(database, {"sales": entry}) == (
        f"{CANNOT}datasets/sales.yaml:4:9: The dataset 'sales' has no column 'Shop'. Did you mean 'shop'? "
        "datasets/sales.yaml:8:17: The dataset 'sales' has no column 'amont'. Did you mean 'amount'?"
    )


def test_an_empty_table_has_no_cells(database: Database) -> None:
    frame = sold(database, [])
    assert (frame.cells, frame.rows, frame.data_until) == ((), 0, None)
    assert frame.warnings == ("sales has no rows.",)


def test_a_column_of_nulls_has_no_sum(database: Database) -> None:
    frame = sold(database, [(date(2026, 4, 1), None, None), (date(2026, 4, 2), None, None)])
    assert values(frame, "sales") == {"2026-04": 2}
    assert values(frame, "turnover") == {"2026-04": None}
    assert values(frame, "best", ("shop",)) == {("(unknown)", "2026-04"): None}
    assert values(frame, "middle") == {}
    assert frame.warnings == ()


@pytest.mark.parametrize("engine", ["duckdb_database", "postgres", "mariadb"])
def test_text_in_a_column_of_numbers(engine: str, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue(engine)
    database.fill(
        table(sa.String(20)), named([(date(2026, 4, 1), "a", "12"), (date(2026, 4, 2), "b", "n/a")])
    )
    assert refused(database, {"sales": SALES}) == CANNOT + " ".join(
        f"datasets/sales.yaml:{line}:{place}: The column 'amount' holds a text, where {what} takes a number. "
        "Name another column, or cast it in a query."
        for line, place, what in ((9, 17, "sum"), (10, 13, "max"), (11, 18, "median"))
    )


def test_text_among_the_numbers_of_sqlite(sqlite_database: Database) -> None:
    sqlite_database.run(
        "create table sales (sold_on date, shop text, amount double)",
        "insert into sales values ('2026-04-01', 'a', 12), ('2026-04-02', 'b', 'n/a')",
        "insert into sales values ('2026-04-02', 'b', x'00')",
    )
    wrong = "of 'amount' cannot be read as a number. Correct the rows, or leave them out in a query."
    assert refused(sqlite_database, {"sales": SALES}) == f"{CANNOT}2 values {wrong}"
    kept = measured(sqlite_database, {"sales": {**SALES, "where": "shop = 'a'"}})
    assert values(kept, "turnover") == {"2026-04": 12}


@pytest.mark.parametrize("engine", ["duckdb_database", "postgres", "mariadb"])
def test_text_for_a_date(engine: str, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue(engine)
    database.fill(table(sold_on=sa.String(20)), named([("2026-04-01", "a", 1.0)]))
    assert refused(database, {"sales": SALES}) == (
        f"{CANNOT}datasets/sales.yaml:2:8: The column 'sold_on' holds a text, where event takes a date or "
        "time. Name another column, or cast it in a query."
    )


def test_text_that_is_no_date_on_sqlite(sqlite_database: Database) -> None:
    days = ["2026-04-01", "2026-02-31", "soon", "now", "2026-04-01 25:00", None]
    sqlite_database.fill(table(sold_on=sa.String(20)), named([(day, "a", 1.0) for day in days]))
    assert refused(sqlite_database, {"sales": SALES}) == (
        f"{CANNOT}4 values of 'sold_on' cannot be read as a date or time (such as 2026-04-30 or 2026-04-30 "
        "18:00). Correct the rows, or leave them out in a query."
    )


def test_sqlite_takes_every_way_of_writing_a_time(sqlite_database: Database) -> None:
    written = [
        "2026-03-31",
        "2026-03-31T23:59",
        "2026-03-31 23:59:59.999",
        "2026-03-31T21:59:59Z",
        "2026-04-01T00:30:00+03:00",
    ]
    frame = sold(sqlite_database, [(text, "a", 1.0) for text in written], table(sold_on=sa.Text()))
    assert values(frame, "sales") == {"2026-03": 5}
    assert frame.data_until == date(2026, 4, 1)


def test_sqlite_takes_no_number_for_a_date(sqlite_database: Database) -> None:
    sqlite_database.run("create table sales (sold_on, shop text, amount double)")
    sqlite_database.run("insert into sales values (1775000000, 'a', 1.0), ('2026-04-01', 'a', 1.0)")
    assert refused(sqlite_database, {"sales": SALES}) == (
        f"{CANNOT}1 value of 'sold_on' cannot be read as a date or time (such as 2026-04-30 or 2026-04-30 "
        "18:00). Correct the rows, or leave them out in a query."
    )


@pytest.mark.parametrize("engine", ["duckdb_database", "postgres"])
def test_what_is_not_finite_is_missing_and_told(engine: str, request: pytest.FixtureRequest) -> None:
    rows = [
        (date(2026, 3, 1), "a", 1.0),
        (date(2026, 4, 1), "a", float("nan")),
        (date(2026, 4, 2), "b", 2.0),
        (date(2026, 5, 1), "b", float("inf")),
        (date(2026, 5, 1), "b", float("-inf")),
    ]
    measures = {"turnover": "sum(amount)", "best": "max(amount)"}
    frame = sold(request.getfixturevalue(engine), rows, measures=measures)
    assert values(frame, "best", grain=Grain.YEAR) == {"2026-12": None}
    frame = measured(
        request.getfixturevalue(engine), {"sales": {**SALES, "measures": {"turnover": "sum(amount)"}}}
    )
    assert values(frame, "turnover") == {"2026-03": 1, "2026-04": None, "2026-05": None}
    assert values(frame, "turnover", ("shop",))["b", "2026-04"] == 2
    assert frame.warnings == (
        "sales.turnover is not a finite number in 4 of its values, which are shown as missing. "
        "Look for NaN or infinity in its column.",
    )


def test_a_repeated_key_is_refused(database: Database) -> None:
    database.fill(
        table(),
        [
            {"sold_on": date(2026, 4, day), "shop": shop, "amount": 1.0}
            for day, shop in enumerate("aabbbc", 1)
        ],
    )
    entry = {**SALES, "key": "shop"}
    assert refused(database, {"sales": entry}) == (
        f"{CANNOT}It has 2 values of its key 'shop' in several rows. "
        "Leave the repeated rows out in a query, or take key out of datasets/sales.yaml."
    )
    one_of_each = {**entry, "where": "shop = 'c' or sold_on in ('2026-04-01', '2026-04-03')"}
    kept = measured(database, {"sales": one_of_each})
    assert values(kept, "sales") == {"2026-04": 3}


def test_a_later_refresh_looks_at_the_keys_of_the_rows_it_asks_for(database: Database) -> None:
    """A key of a new row that an old one has is found; old rows that repeat each other are told at --full."""
    entry = {"sales": {**SALES, "key": "shop"}}
    days = [(date(2025, 1, 2), "a"), (date(2025, 1, 3), "a"), (date(2026, 4, 1), "b"), (None, "c")]
    database.fill(table(), [{"sold_on": day, "shop": shop, "amount": 1.0} for day, shop in days])
    assert values(measured(database, entry, since=date(2026, 3, 5)), "sales") == {"2026-04": 1}
    with pytest.raises(MeasuringError):
        measured(database, entry)
    database.run("insert into sales (sold_on, shop, amount) values ('2025-02-01', 'b', 1.0)")
    with pytest.raises(MeasuringError) as caught:
        measured(database, entry, since=date(2026, 3, 5))
    assert "It has 1 value of its key 'shop' in several rows." in str(caught.value)


def test_a_look_up_that_would_multiply_rows_is_refused(database: Database) -> None:
    database.fill(table(), [{"sold_on": date(2026, 4, 1), "shop": "a", "amount": 1.0}])
    shops = sa.Table(
        "shops", sa.MetaData(), sa.Column("id", sa.String(20)), sa.Column("region", sa.String(20))
    )
    database.fill(shops, [{"id": each, "region": "north"} for each in ("a", "a", None, None)])
    entries = {"sales": {**SALES, "lookups": {"shops": "shop"}}, "shops": {"key": "id"}}
    told = (
        "The look-up 'shops' has 1 value of 'id' in several rows: what belongs to them would be counted "
        "several times (fan-out). Make the key unique, or write a query."
    )
    assert refused(database, entries) == CANNOT + told
    known = catalog(entries)
    with asking(database) as engine:
        assert check_keys(known, known.datasets["sales"], engine) == (told,)


def test_a_look_up_joins_like_with_like(database: Database) -> None:
    database.fill(table(), [])
    database.fill(sa.Table("shops", sa.MetaData(), sa.Column("id", sa.Integer())), [])
    entries = {"sales": {**SALES, "lookups": {"shops": "shop"}}, "shops": {"key": "id"}}
    assert refused(database, entries) == (
        f"{CANNOT}The look-up 'shops' joins 'shop', a text, with 'id', a number. Cast one of them in a query."
    )


def test_a_look_up_with_a_look_up_in_its_condition_is_refused(duckdb_database: Database) -> None:
    duckdb_database.fill(table(), [])
    duckdb_database.run(
        "create table shops (id varchar, town varchar)", "create table towns (id varchar, open boolean)"
    )
    entries = {
        "sales": {**SALES, "lookups": {"shops": "shop"}},
        "shops": {"key": "id", "lookups": {"towns": "town"}, "where": "towns.open"},
        "towns": {"key": "id"},
    }
    assert refused(duckdb_database, entries) == (
        "The look-up 'shops' has a condition on a look-up of its own, which cannot be asked. "
        "Write it as a query in datasets/shops.yaml."
    )


def test_a_text_that_should_be_a_date_is_refused(duckdb_database: Database) -> None:
    duckdb_database.fill(table(), [])
    entry = {**SALES, "measures": {"late": "count(*) filter (where sold_on > '31-12-2025')"}}
    assert refused(duckdb_database, {"sales": entry}) == (
        "The dataset 'sales' of the source 'crm' cannot be measured. "
        "datasets/sales.yaml:8:32: The column 'sold_on' holds a date, where > with '31-12-2025' takes a "
        "text. Write a date as '2026-04-30' or '2026-04-30 18:00'."
    )


def test_a_text_that_stands_for_a_missing_date_is_refused(duckdb_database: Database) -> None:
    duckdb_database.fill(table(), [])
    entry = {**SALES, "measures": {"late": "count(*) filter (where coalesce(sold_on, 'soon') is not null)"}}
    assert refused(duckdb_database, {"sales": entry}) == (
        "'soon' is compared with a date and is none. Write it as '2026-04-30' or '2026-04-30 18:00'."
    )


def test_a_dataset_without_time_has_nothing_to_measure(duckdb_database: Database) -> None:
    duckdb_database.run("create table shops (id varchar)")
    assert refused(duckdb_database, {"shops": {"key": "id"}}) == (
        "The dataset 'shops' of the source 'crm' cannot be measured. "
        "It has no event: it can only be looked up."
    )


def test_a_query_may_hold_colons_percents_and_a_comment_at_its_end(database: Database) -> None:
    database.fill(table(), [{"sold_on": date(2026, 4, 1), "shop": "10:30", "amount": 1.0}])
    sql = "select sold_on, amount, '%s :x 10%' as shop from sales where shop like '10:%' -- :y %(z)s"
    frame = measured(database, {"sales": {**SALES, "sql": sql}})
    assert values(frame, "sales", ("shop",)) == {("%s :x 10%", "2026-04"): 1}
    assert at("2026-04-01").date() == frame.cells[0].period.start
