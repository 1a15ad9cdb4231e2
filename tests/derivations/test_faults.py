"""What is wrong with the data of a derivation is told, and never a silent number."""

from datetime import date
from typing import Any

import pytest

from dashboard.definitions.derivation import Bridge
from dashboard.errors import MeasuringError
from dashboard.measures import derived as measuring
from dashboard.measures.bridge_footing import check_foots
from dashboard.measures.spans import number
from tests.derivations.building import INVOICES, by_place, company, derived
from tests.engines import Database

BRIDGE = {"b": {"bridge": {"dataset": "invoices", "value": "sum(amount)", "over": "1 month"}}}


def invoice(day: str, customer: str | None, amount: float, segment: str = "home") -> dict[str, Any]:
    return {
        "day": date.fromisoformat(day),
        "customer": customer,
        "amount": amount,
        "segment": segment,
        "origin": "earned",
    }


def refused(database: Database, derivation: dict[str, Any], name: str = "b") -> str:
    with pytest.raises(MeasuringError) as caught:
        derived(database, company(derivation), name)
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "value", "told"),
    [
        ("closing", (99.0, 1), "opening and movements come to 100.00, and closing is 99.00"),
        ("below_zero", (-1.0, 1), "its values come to 99.00, and its rows to 100.00"),
        ("closing", (100.0, 2), "movements leave 1 entities, and closing has 2"),
        ("new", (float("nan"), 1), "opening and movements come to nan, and closing is 100.00"),
    ],
)
def test_a_bridge_that_does_not_foot_is_an_error(line: str, value: tuple[float, int], told: str) -> None:
    derivation = company(BRIDGE).derivations["b"]
    assert isinstance(derivation.rule, Bridge)
    names = ("opening", "lost", "contracted", "expanded", "reactivated", "new", "closing", "below_zero")
    found = {**dict.fromkeys(names, (0.0, 0)), "new": (100.0, 1), "closing": (100.0, 1)}
    check_foots(derivation, derivation.rule, number(date(2026, 3, 1)), found, 100.0)
    with pytest.raises(MeasuringError) as caught:
        check_foots(derivation, derivation.rule, number(date(2026, 3, 1)), {**found, line: value}, 100.0)
    assert str(caught.value) == (
        f"The bridge 'b' does not foot in Mar 2026: {told}. Refresh again, for rows may have changed "
        "while they were read; then look for values that are no finite numbers."
    )


def test_net_refunds_count_as_none_and_are_told_apart(duckdb_database: Database) -> None:
    duckdb_database.fill(
        INVOICES,
        [invoice("2025-01-05", "a", 100), invoice("2025-02-05", "a", 20), invoice("2025-02-06", "a", -50)],
    )
    found = by_place(derived(duckdb_database, company(BRIDGE), "b"))
    february = {name: found[name, (), (), date(2025, 2, 1)] for name in ("lost", "closing", "below_zero")}
    assert february == {"lost": (100, 1), "closing": (0, 0), "below_zero": (-30, 1)}


def test_infinite_values_are_an_error(duckdb_database: Database) -> None:
    duckdb_database.run(
        "CREATE TABLE invoices (day DATE, customer VARCHAR, amount DOUBLE, segment VARCHAR, origin VARCHAR)",
        "INSERT INTO invoices VALUES ('2025-01-05', 'a', 10, 'x', 'y'), ('2025-02-05', 'a', 'inf', 'x', 'y')",
    )
    assert refused(duckdb_database, BRIDGE).startswith("The bridge 'b' does not foot in Feb 2025: ")


def test_a_dimension_that_is_none_is_refused_before_it_fills_the_memory(
    duckdb_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb_database.fill(INVOICES, [invoice("2025-01-05", f"c{n}", 1, f"s{n}") for n in range(60)])
    monkeypatch.setattr(measuring, "MOST_GROUPS", 50)
    cohort = {"retention": {"cohort": {"dataset": "invoices", "by": "month"}}}
    assert refused(duckdb_database, cohort, "retention") == (
        "The derivation 'retention' has more than 50 groups, which is no summary. "
        "Slice it by fewer dimensions, or by one with fewer members."
    )
    duckdb_database.run(
        "UPDATE invoices SET day = day - CAST(CAST(substr(customer, 2) AS INTEGER) AS INTEGER)",
        "INSERT INTO invoices VALUES ('2025-03-05', 'z', 1, 'x', 'y')",
    )
    often = {"buying": {"frequency": {"dataset": "invoices", "every": "day"}}}
    assert refused(duckdb_database, often, "buying") == (
        "The derivation 'buying' has more than 50 groups, which is no summary. "
        "Count in longer units: every: month."
    )


@pytest.mark.slow
def test_a_million_cohorts_are_an_error_and_no_summary(duckdb_database: Database) -> None:
    duckdb_database.run(
        "CREATE TABLE invoices AS SELECT CAST('2025-01-05' AS DATE) AS day, 'c' || i AS customer, "
        "1.0 AS amount, 's' || i AS segment, 'x' AS origin FROM range(1000000) AS numbers(i)"
    )
    cohort = {"retention": {"cohort": {"dataset": "invoices", "by": "month"}}}
    assert refused(duckdb_database, cohort, "retention") == (
        "The derivation 'retention' has more than 250,000 groups, which is no summary. "
        "Slice it by fewer dimensions, or by one with fewer members."
    )


def test_a_column_that_is_not_there_is_told_at_its_place(duckdb_database: Database) -> None:
    duckdb_database.fill(INVOICES, [invoice("2025-01-05", "a", 1)])
    rule = {"b": {"bridge": {"dataset": "invoices", "value": "sum(amout)", "over": "1 month"}}}
    assert refused(duckdb_database, rule) == (
        "The derivation 'b' of the source 'crm' cannot be measured. derivations/all.yaml:4:16: "
        "The dataset 'invoices' has no column 'amout'. Did you mean 'amount'?"
    )


def test_without_rows_there_is_nothing_and_no_error(database: Database) -> None:
    database.fill(INVOICES, [])
    rules = {
        **BRIDGE,
        "c": {"cohort": {"dataset": "invoices", "by": "month", "ages": [1]}},
        "w": {"conversion": {"from": "invoices", "to": "invoices", "within": "9 days"}},
        "f": {"frequency": {"dataset": "invoices", "every": "day"}},
    }
    for name in rules:
        frame = derived(database, company(rules), name)
        assert (frame.cells, frame.data_until, frame.rows) == ((), None, 0)
        assert frame.warnings == ("invoices has no rows.",)


def test_the_horizon_cuts_what_is_recorded_and_not_what_is_read(duckdb_database: Database) -> None:
    rows = [invoice(f"2025-{month:02}-05", "a", 10) for month in range(1, 9)]
    duckdb_database.fill(INVOICES, rows)
    catalog = company(BRIDGE)
    whole = by_place(derived(duckdb_database, catalog, "b"))
    frame = derived(duckdb_database, catalog, "b", since=date(2025, 6, 1))
    assert frame.since == date(2025, 6, 1)
    assert by_place(frame) == {place: cell for place, cell in whole.items() if place[3] >= date(2025, 6, 1)}
