"""Currencies mixed in one column are an error with their number. An amount below zero is an amount."""

from datetime import date

import pytest
import sqlalchemy as sa

from dashboard.errors import MeasuringError
from dashboard.measures.currencies import currency_problems
from tests.engines import Database
from tests.measures.building import asking, catalog, measured, values

PAID = {"event": "day", "currency": "money", "measures": {"paid": "sum(amount)", "payments": "count(*)"}}
CANNOT = "The dataset 'payments' of the source 'crm' cannot be measured. "
REMEDY = "A sum would mix currencies: convert them in a query, or leave them out by where."


def paid(database: Database, *rows: tuple[date | None, str | None]) -> None:
    columns = sa.Column("day", sa.Date()), sa.Column("money", sa.String(9)), sa.Column("amount", sa.Double())
    found = [{"day": day, "money": money, "amount": 10.0} for day, money in rows]
    database.fill(sa.Table("payments", sa.MetaData(), *columns), found)


def refused(database: Database, *, since: date | None = None, **entry: object) -> str:
    with pytest.raises(MeasuringError) as caught:
        measured(database, {"payments": {**PAID, **entry}}, since=since)
    return str(caught.value)


def test_rows_in_another_currency_are_refused_with_their_number(database: Database) -> None:
    april = date(2026, 4, 1)
    others = [*["USD"] * 3, *["GBP"] * 2, "eur", None]
    paid(database, (april, "EUR"), *((april, money) for money in others))
    told = f"7 rows are not in EUR by the column 'money': USD (3), GBP (2), {{}}. {REMEDY}"
    found = refused(database)
    # nulls come first or last among those of one number, as the engine has it
    assert found in (CANNOT + told.format("none (1), eur (1)"), CANNOT + told.format("eur (1), none (1)"))


def test_one_row_in_another_currency(database: Database) -> None:
    paid(database, (date(2026, 4, 1), "EUR"), (date(2026, 4, 2), "USD"))
    told = f"1 row is not in EUR by the column 'money': USD (1). {REMEDY}"
    assert refused(database) == CANNOT + told
    known = catalog({"payments": PAID})
    with asking(database) as engine:
        [problem] = currency_problems(known, known.datasets["payments"], engine)
    assert str(problem) == f"datasets/payments.yaml:3:11: {told}"


def test_of_many_currencies_five_are_named(duckdb_database: Database) -> None:
    april = date(2026, 4, 1)
    paid(duckdb_database, *((april, money) for money in ("AUD", "CAD", "CHF", "DKK", "NOK", "SEK")))
    each = "AUD (1), CAD (1), CHF (1), DKK (1), NOK (1), and others"
    told = f"6 rows are not in EUR by the column 'money': {each}. {REMEDY}"
    assert refused(duckdb_database) == CANNOT + told


def test_rows_that_are_left_out_may_be_in_any_currency(database: Database) -> None:
    paid(database, (date(2026, 4, 1), "EUR"), (date(2026, 4, 2), "USD"))
    frame = measured(database, {"payments": {**PAID, "where": "money = 'EUR'"}})
    assert values(frame, "paid") == {"2026-04": 10}
    assert frame.warnings == ()


def test_a_later_refresh_looks_at_the_currencies_of_the_rows_it_asks_for(database: Database) -> None:
    paid(database, (date(2025, 1, 1), "USD"), (date(2026, 4, 1), "EUR"))
    since = date(2026, 3, 5)
    assert values(measured(database, {"payments": PAID}, since=since), "paid") == {"2026-04": 10}
    assert refused(database).startswith(f"{CANNOT}1 row is not in EUR")
    database.run("insert into payments (day, money, amount) values ('2026-03-01', 'GBP', 1)")
    assert refused(database, since=since).startswith(
        f"{CANNOT}1 row is not in EUR by the column 'money': GBP (1)"
    )


def test_a_currency_is_a_text(duckdb_database: Database) -> None:
    duckdb_database.run("create table payments (day date, money integer, amount double)")
    assert refused(duckdb_database) == (
        f"{CANNOT}datasets/payments.yaml:3:11: The column 'money' holds a number, where currency takes a "
        "text. Name another column, or cast it in a query."
    )


def test_amounts_below_zero_are_amounts(database: Database) -> None:
    """A credit note lowers the revenue of its month; a month of credit notes alone is below zero."""
    columns = sa.Column("day", sa.Date()), sa.Column("money", sa.String(9)), sa.Column("amount", sa.Double())
    amounts = [(3, 50.0), (3, -20.0), (4, -30.0)]
    rows = [{"day": date(2026, month, 1), "money": "EUR", "amount": amount} for month, amount in amounts]
    database.fill(sa.Table("payments", sa.MetaData(), *columns), rows)
    frame = measured(
        database, {"payments": {**PAID, "measures": {"paid": "sum(amount)", "least": "min(amount)"}}}
    )
    assert values(frame, "paid") == {"2026-03": 30, "2026-04": -30}
    assert values(frame, "least") == {"2026-03": -20, "2026-04": -30}
    assert frame.warnings == ()
