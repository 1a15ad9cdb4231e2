"""Look-ups of look-ups: a country two tables away, and the traps on the way to it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.errors import ConfigurationError, MeasuringError
from tests.engines import Database
from tests.measures.building import catalog, measured, values

ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "orders": {
        "event": "ordered_on",
        "lookups": {"customers": "customer"},
        "dimensions": {"country": "customers.region.country"},
        "slices": ["country"],
        "measures": {
            "orders": "count(*)",
            "euro": "sum(amount) filter (where customers.region.currency = 'EUR')",
        },
    },
    "customers": {"entity": "id", "lookups": {"region": {"dataset": "regions", "column": "region_code"}}},
    "regions": {"key": "code"},
}


def fill(database: Database, *, second_north: bool = False) -> None:
    meta = sa.MetaData()
    text = sa.String(20)
    orders = sa.Table(
        *("orders", meta, sa.Column("ordered_on", sa.Date()), sa.Column("customer", sa.Integer())),
        sa.Column("amount", sa.Double()),
    )
    customers = sa.Table("customers", meta, sa.Column("id", sa.Integer()), sa.Column("region_code", text))
    regions = sa.Table(
        *("regions", meta, sa.Column("code", text), sa.Column("country", text), sa.Column("currency", text))
    )
    days = [(1, 10.0), (1, 20.0), (2, 40.0), (3, 80.0), (9, 160.0)]
    database.fill(
        orders,
        [{"ordered_on": date(2026, 4, 1), "customer": who, "amount": amount} for who, amount in days],
    )
    lived = [(1, "N"), (2, "S"), (3, None)]
    database.fill(customers, [{"id": who, "region_code": code} for who, code in lived])
    codes = [
        ("N", "Norway", "NOK"),
        ("S", "Spain", "EUR"),
        *([("N", "Nowhere", "EUR")] if second_north else []),
    ]
    database.fill(regions, [dict(zip(("code", "country", "currency"), each, strict=True)) for each in codes])


def test_a_country_two_look_ups_away(database: Database) -> None:
    fill(database)
    frame = measured(database, ENTRIES)
    assert values(frame, "orders", ("country",)) == {
        ("Norway", "2026-04"): 2,
        ("Spain", "2026-04"): 1,
        ("(unknown)", "2026-04"): 2,  # one lives nowhere, and one is no customer at all
    }
    assert values(frame, "euro") == {"2026-04": 40}
    assert values(frame, "orders") == {"2026-04": 5}


def test_a_repeated_key_two_look_ups_away_is_refused(database: Database) -> None:
    fill(database, second_north=True)
    with pytest.raises(MeasuringError) as caught:
        measured(database, ENTRIES)
    assert str(caught.value) == (
        "The dataset 'orders' of the source 'crm' cannot be measured. The look-up 'regions' has 1 value of "
        "'code' in several rows: what belongs to them would be counted several times (fan-out). Make the key "
        "unique, or write a query."
    )


def test_what_nobody_names_is_not_looked_up(duckdb_database: Database) -> None:
    """Without a dimension two deep the table of regions is not even read."""
    fill(duckdb_database)
    duckdb_database.run("drop table regions")
    plain = {**ENTRIES["orders"], "dimensions": {}, "slices": [], "measures": {"orders": "count(*)"}}
    assert values(measured(duckdb_database, {**ENTRIES, "orders": plain}), "orders") == {"2026-04": 5}


def test_a_change_of_the_second_look_up_is_another_definition() -> None:
    def version(changed: Mapping[str, Mapping[str, Any]]) -> str:
        return catalog(changed).datasets["orders"].measures["orders"].version

    through_other = {"entity": "id", "lookups": {"region": {"dataset": "regions", "column": "home_code"}}}
    assert version(ENTRIES) == version(dict(ENTRIES))
    assert version(ENTRIES) != version({**ENTRIES, "customers": through_other})
    assert version(ENTRIES) != version({**ENTRIES, "regions": {"key": "code", "where": "open"}})


@pytest.mark.parametrize(
    ("dimension", "told"),
    [
        (
            "customers.regoin.country",
            "There is no look-up 'customers.regoin'. Did you mean 'customers.region'?",
        ),
        (
            "customers.region.country.name",
            "There is no look-up 'customers.region.country'. Did you mean 'customers.region'?",
        ),
    ],
)
def test_a_way_that_leads_nowhere(dimension: str, told: str) -> None:
    orders = {**ENTRIES["orders"], "dimensions": {"country": dimension}}
    with pytest.raises(ConfigurationError) as caught:
        catalog({**ENTRIES, "orders": orders})
    assert str(caught.value).endswith(told)


def test_a_name_in_quotes_keeps_its_dots(duckdb_database: Database) -> None:
    duckdb_database.run(
        'create table orders (ordered_on date, customer int, "a.b" varchar)',
        'create table customers (id int, "c.d" varchar)',
        "insert into orders values ('2026-04-01', 1, 'x')",
        "insert into customers values (1, 'y')",
    )
    entries: Mapping[str, Mapping[str, Any]] = {
        "orders": {
            "event": "ordered_on",
            "lookups": {"customers": "customer"},
            "dimensions": {"here": '"a.b"', "there": 'customers."c.d"'},
            "slices": ["here", "there"],
            "measures": {"orders": "count(*)"},
        },
        "customers": {"entity": "id"},
    }
    frame = measured(duckdb_database, entries)
    assert values(frame, "orders", ("here",)) == {("x", "2026-04"): 1}
    assert values(frame, "orders", ("there",)) == {("y", "2026-04"): 1}
