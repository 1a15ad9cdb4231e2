"""A key that PostgreSQL itself holds unique is not looked for among all rows; any other is."""

from datetime import date
from typing import Any

import pytest

from dashboard.errors import MeasuringError
from dashboard.measures.measuring import measure
from tests.engines import Database
from tests.measures.building import NOW, asking, catalog, measured, values

SALES = {"event": "day", "key": "id", "lookups": {"shops": "shop"}, "measures": {"sales": "count(*)"}}
ENTRIES = {"sales": SALES, "shops": {"key": "id"}}
ROWS = "insert into sales values (1, '2026-04-01', 'a'), (2, '2026-04-02', 'b')"
NARROW = {"sales": {key: each for key, each in SALES.items() if key != "lookups"}}


class Listening:
    """A source engine that keeps the statements it was asked."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def fetch(self, statement: Any) -> Any:
        self.asked.append(str(statement))
        return self._engine.fetch(statement)


def looked_for(database: Database, entries: Any = ENTRIES) -> int:
    """How many statements look for keys in several rows."""
    known = catalog(entries)
    with asking(database) as engine:
        listening = Listening(engine)
        measure(known, "sales", listening, since=None, now=NOW)  # type: ignore[arg-type]
    return sum("HAVING count(*) > " in each for each in listening.asked)


def test_a_key_that_the_table_holds_is_not_looked_for(postgres: Database) -> None:
    postgres.run(
        "create table shops (id text unique)",
        "create table sales (id int primary key, day date, shop text)",
        ROWS,
    )
    assert looked_for(postgres) == 0


@pytest.mark.parametrize(
    "made",
    [
        "create table sales (id int, day date, shop text)",
        "create table sales (id int, day date, shop text, primary key (id, day))",
        "create table rows_of_sales (id int primary key, day date, shop text); "
        "create view sales as select * from rows_of_sales",
    ],
    ids=["no constraint", "a constraint of two columns", "a view"],
)
def test_any_other_key_is_looked_for(postgres: Database, made: str) -> None:
    postgres.run(*made.split("; "))
    assert looked_for(postgres, NARROW) == 1


def test_a_key_is_not_held_over_tables_that_inherit(postgres: Database) -> None:
    """Rows of the heir are read with the table, and no constraint keeps their keys apart."""
    postgres.run(
        "create table sales (id int primary key, day date, shop text)",
        "create table old_sales () inherits (sales)",
        ROWS,
        "insert into old_sales values (1, '2025-04-01', 'a')",
    )
    with pytest.raises(MeasuringError) as caught:
        measured(postgres, NARROW)
    assert "It has 1 value of its key 'id' in several rows." in str(caught.value)


def test_a_key_is_held_over_partitions(postgres: Database) -> None:
    postgres.run(
        "create table sales (id int primary key, day date, shop text) partition by range (id)",
        "create table first_sales partition of sales for values from (0) to (1000)",
        ROWS,
    )
    assert looked_for(postgres, NARROW) == 0
    assert values(measured(postgres, NARROW), "sales") == {"2026-04": 2}
    assert measured(postgres, NARROW).data_until == date(2026, 4, 3)
