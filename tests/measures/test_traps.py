"""Traps into which dashboards fall, one test each: on every engine the figure is right, or there is none."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.errors import ConfigurationError, MeasuringError
from dashboard.periods import Grain
from tests.engines import Database
from tests.measures.building import at, catalog, cells, measured, values

Rows = Sequence[tuple[Any, ...]]
TEXT = sa.String(20)


def fill(database: Database, name: str, columns: Mapping[str, sa.types.TypeEngine[Any]], rows: Rows) -> None:
    table = sa.Table(name, sa.MetaData(), *(sa.Column(each, type_) for each, type_ in columns.items()))
    database.fill(table, [dict(zip(columns, row, strict=True)) for row in rows])


ORDERS: Mapping[str, sa.types.TypeEngine[Any]] = {
    **{"id": sa.Integer(), "at": sa.Date(), "customer": sa.Integer()},
    **{"segment": TEXT, "amount": sa.Double()},
}
ENTRY: Mapping[str, Any] = {
    "event": "at",
    "dimensions": {"segment": "segment"},
    "slices": ["segment"],
    "measures": {
        "orders": "count(*)",
        "turnover": "sum(amount)",
        "buyers": "count(distinct customer)",
        "mean": "avg(amount)",
        "best": "max(amount)",
    },
}


def ordered(database: Database, rows: Rows, **entry: Any) -> Any:
    fill(database, "orders", ORDERS, rows)
    return measured(database, {"orders": {**ENTRY, **entry}})


def test_double_counting(database: Database) -> None:
    """A customer of every month is one customer of the quarter; and one of both segments, one of all."""
    frame = ordered(
        database,
        [
            (1, date(2026, 4, 2), 7, "a", 1.0),
            (2, date(2026, 5, 2), 7, "b", 1.0),
            (3, date(2026, 6, 2), 7, "b", 1.0),
        ],
    )
    assert values(frame, "buyers", grain=Grain.QUARTER) == {"2026-06": 1}
    assert values(frame, "buyers", ("segment",), Grain.QUARTER) == {("a", "2026-06"): 1, ("b", "2026-06"): 1}
    assert sum(filter(None, values(frame, "buyers").values())) == 3


CUSTOMERS = {"entity": "customer"}


def test_fan_out(database: Database) -> None:
    """Two addresses of a customer would count its orders twice."""
    fill(database, "orders", ORDERS, [(1, date(2026, 4, 2), 7, "a", 10.0)])
    fill(database, "addresses", {"customer": sa.Integer(), "town": TEXT}, [(7, "Ghent"), (7, "Bruges")])
    entry = {**ENTRY, "lookups": {"addresses": "customer"}, "dimensions": {"segment": "addresses.town"}}
    with pytest.raises(MeasuringError) as caught:
        measured(database, {"orders": entry, "addresses": CUSTOMERS})
    assert str(caught.value) == (
        "The dataset 'orders' of the source 'crm' cannot be measured. The look-up 'addresses' has 1 value of "
        "'customer' in several rows: what belongs to them would be counted several times (fan-out). Make the "
        "key unique, or write a query."
    )


def refused(entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        catalog(entries)
    return [problem.message for problem in caught.value.problems]


def test_fan_out_is_seen_before_anything_is_asked() -> None:
    told = refused(
        {
            "customers": {
                "event": "joined",
                "entity": "customer",
                "lookups": {"orders": "customer"},
                "measures": {"all": "count(*)"},
            },
            "orders": {**ENTRY, "entity": "customer", "key": "id"},
        }
    )
    assert told == [
        "Of 'orders' several rows may have the same 'customer', for its key is 'id': each row here would be "
        "counted once for every one of them (fan-out). Measure it in datasets/orders.yaml, and combine the "
        "measures in a metric's formula."
    ]


def test_chasm() -> None:
    """Orders and tickets of a customer, joined with each other through it: three by four is twelve."""
    many = {"entity": "customer", "key": "id"}
    told = refused(
        {
            "customers": {
                "event": "joined",
                "lookups": {"orders": "customer", "tickets": "customer"},
                "measures": {"all": "count(*)"},
            },
            "orders": {**ENTRY, **many},
            "tickets": many,
        }
    )
    assert told == [
        f"Of '{one}' and of '{other}' several rows may have the same 'customer': every row of the one would "
        f"be counted once for every row of the other (chasm). Measure it in datasets/{one}.yaml, and combine "
        "the measures in a metric's formula."
        for one, other in (("orders", "tickets"), ("tickets", "orders"))
    ]


def test_semi_additive_sums(database: Database) -> None:
    """A balance is not added up over months: the quarter's is that of its end."""
    fill(
        database,
        "balances",
        {"as_of": sa.Date(), "amount": sa.Double()},
        [
            (date(2026, month, day), amount)
            for month, day, amount in ((4, 30, 10.0), (5, 31, 20.0), (6, 15, 99.0), (6, 30, 30.0))
        ],
    )
    frame = measured(database, {"balances": {"snapshot": "as_of", "measures": {"balance": "sum(amount)"}}})
    assert values(frame, "balance") == {"2026-04": 10, "2026-05": 20, "2026-06": 30}
    assert {cell.period.grain for cell in frame.cells} == {
        Grain.MONTH
    }  # the ledger reads a quarter as its end


def test_mean_of_ratios(database: Database) -> None:
    """An average is kept as sum and count: 100 orders of 1 and one of 1,000 are no mean of 500.50."""
    rows = [(number, date(2026, 4, 2), 7, "a", 1.0) for number in range(100)]
    frame = ordered(database, [*rows, (100, date(2026, 5, 2), 7, "b", 1000.0)])
    found = {cell.period.last_month.start.month: (cell.value, cell.n) for cell in cells(frame, "mean")}
    assert found == {4: (100.0, 100), 5: (1000.0, 1)}


def test_late_arriving_rows(duckdb_database: Database) -> None:
    """A row that comes late is counted in the month in which it happened."""
    rows = [(1, date(2026, 4, 2), 7, "a", 1.0), (2, date(2026, 6, 2), 7, "a", 1.0)]
    fill(duckdb_database, "orders", ORDERS, rows)
    since = date(2026, 3, 31)
    before = measured(duckdb_database, {"orders": ENTRY}, since=since)
    duckdb_database.run("insert into orders values (3, '2026-04-30', 8, 'b', 5.0)")
    after = measured(duckdb_database, {"orders": ENTRY}, since=since)
    assert values(before, "turnover") == {"2026-04": 1, "2026-06": 1}
    assert values(after, "turnover") == {"2026-04": 6, "2026-06": 1}


def test_restated_history(duckdb_database: Database) -> None:
    """What changes before the horizon is not asked again; a reading of everything finds it."""
    fill(
        duckdb_database,
        "orders",
        ORDERS,
        [(1, date(2024, 4, 2), 7, "a", 1.0), (2, date(2026, 6, 2), 7, "a", 1.0)],
    )
    duckdb_database.run("update orders set amount = 100 where id = 1")
    part = measured(duckdb_database, {"orders": ENTRY}, since=date(2025, 6, 1))
    whole = measured(duckdb_database, {"orders": ENTRY})
    assert values(part, "turnover") == {"2026-06": 1}
    assert values(whole, "turnover") == {"2024-04": 100, "2026-06": 1}


def test_leap_day(database: Database) -> None:
    frame = ordered(database, [(1, date(2024, 2, 29), 7, "a", 1.0), (2, date(2024, 3, 1), 7, "a", 1.0)])
    assert values(frame, "orders") == {"2024-02": 1, "2024-03": 1}
    only = ordered_leap(database)
    assert only.data_until == date(2024, 3, 1)


def ordered_leap(database: Database) -> Any:
    return measured(database, {"orders": {**ENTRY, "where": "at <= '2024-02-29'"}})


def test_daylight_saving_change(database: Database) -> None:
    """The hour before midnight of 31 October in Amsterdam is 22 or 23 o'clock in UTC, as the clocks stand."""
    moments = [
        "2026-03-28 22:59",
        "2026-03-31 21:59",
        "2026-03-31 22:00",
        "2026-09-30 22:30",
        "2025-10-31 23:00",
    ]
    fill(database, "calls", {"at": sa.DateTime()}, [(at(each),) for each in moments])
    entry = {"event": "at", "time_zone": "UTC", "measures": {"calls": "count(*)"}}
    frame = measured(database, {"calls": entry})
    assert values(frame, "calls") == {"2025-11": 1, "2026-03": 2, "2026-04": 1, "2026-10": 1}


def test_fiscal_year_boundary(database: Database) -> None:
    fill(
        database, "orders", ORDERS, [(1, date(2026, 3, 31), 7, "a", 1.0), (2, date(2026, 4, 1), 7, "a", 1.0)]
    )
    frame = measured(database, {"orders": ENTRY}, fiscal_year_start=4)
    years = {
        (cell.period.start, cell.period.end): cell.value for cell in cells(frame, "buyers", (), Grain.YEAR)
    }
    assert years == {
        (date(2025, 4, 1), date(2026, 4, 1)): 1,
        (date(2026, 4, 1), date(2027, 4, 1)): 1,
    }


def test_partial_first_and_last_period(database: Database) -> None:
    """Data from 15 April to 10 June: the frame says how far it reaches, so that June is not judged."""
    frame = ordered(database, [(1, date(2026, 4, 15), 7, "a", 1.0), (2, date(2026, 6, 10), 7, "a", 1.0)])
    assert frame.data_until == date(2026, 6, 11)
    assert values(frame, "orders") == {"2026-04": 1, "2026-06": 1}  # and May is absent, not 0


def test_null_members(database: Database) -> None:
    frame = ordered(database, [(1, date(2026, 4, 2), 7, None, 1.0), (2, date(2026, 4, 2), None, "a", None)])
    assert values(frame, "orders", ("segment",)) == {("(unknown)", "2026-04"): 1, ("a", "2026-04"): 1}
    assert values(frame, "turnover", ("segment",)) == {("(unknown)", "2026-04"): 1, ("a", "2026-04"): None}
    assert values(frame, "buyers") == {"2026-04": 1}


def test_one_row_groups(database: Database) -> None:
    """The one row of a group is its mean and its extreme, and the group's size says that it is one."""
    frame = ordered(database, [(1, date(2026, 4, 2), 7, "a", 5.0), (2, date(2026, 4, 2), 8, "b", 9.0)])
    [alone] = [cell for cell in cells(frame, "mean", ("segment",)) if cell.member == ("a",)]
    assert (alone.value, alone.n) == (5.0, 1)
    assert values(frame, "best", ("segment",))["a", "2026-04"] == 5.0


def test_an_average_row_among_the_members(database: Database) -> None:
    """Exports carry rows called Total and Average. A condition leaves them out; without it they are members
    like others, and the total is made of rows, never of a row that is called so."""
    rows = [
        (1, date(2026, 4, 2), 7, "a", 4.0),
        (2, date(2026, 4, 2), 8, "b", 8.0),
        (3, date(2026, 4, 2), None, "Average", 6.0),
    ]
    frame = ordered(database, rows)
    assert values(frame, "turnover") == {"2026-04": 18}
    assert values(frame, "turnover", ("segment",))["Average", "2026-04"] == 6
    kept = measured(database, {"orders": {**ENTRY, "where": "segment not in ('Average', 'Total')"}})
    assert values(kept, "turnover") == {"2026-04": 12}
