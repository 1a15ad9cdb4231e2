"""Conversions: the numbers of a slow model on every engine; who cannot be told yet is in no rate."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.periods import Grain
from tests.derivations.building import company, derived
from tests.engines import Database
from tests.measures.building import values

META = sa.MetaData()
COMPLAINTS = sa.Table(
    "complaints",
    META,
    sa.Column("moment", sa.DateTime()),
    sa.Column("customer", sa.Integer()),
    sa.Column("topic", sa.String(20)),
    sa.Column("severity", sa.Integer()),
)
PURCHASES = sa.Table(
    "purchases",
    META,
    sa.Column("bought", sa.DateTime()),
    sa.Column("buyer", sa.Integer()),
    sa.Column("amount", sa.Integer()),
)
DATASETS = {
    "complaints": {
        "event": "moment",
        "entity": "customer",
        "dimensions": {"topic": "topic"},
        "slices": ["topic"],
    },
    "purchases": {"event": "bought", "entity": "buyer"},
}
RULE: dict[str, Any] = {
    "from": {"dataset": "complaints", "where": "severity >= 2"},
    "to": {"dataset": "purchases", "where": "amount > 0"},
    "within": "30 days",
}
Rows = Sequence[dict[str, Any]]


def moment(month: int, day: int, hour: int) -> datetime:
    return datetime(2025, month, day, hour)  # noqa: DTZ001 - read on the clocks of the company


def random_complaints(draw: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "moment": moment(1, 1, 0) + timedelta(hours=draw.randrange(24 * 200)),
            "customer": draw.choice([*range(15), None]),
            "topic": draw.choice(["bill", "line", None]),
            "severity": draw.randint(1, 3),
        }
        for _ in range(90)
    ]


def random_purchases(draw: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "bought": moment(1, 1, 0) + timedelta(hours=draw.randrange(24 * 200)),
            "buyer": draw.choice([*range(15), None]),
            "amount": draw.choice([0, 10]),
        }
        for _ in range(60)
    ]


def slow_conversion(complaints: Rows, purchases: Rows) -> dict[tuple[str, str | None, str], int]:
    """(line, topic or None, month) -> count."""
    kept = [row for row in purchases if row["amount"] > 0]
    last = max(row["bought"] for row in kept).date()
    first: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in complaints:
        if row["severity"] >= 2 and row["customer"] is not None:
            first.setdefault((row["customer"], f"{row['moment']:%Y-%m}"), []).append(row)
    found: dict[tuple[str, str | None, str], int] = {}
    for (customer, month), rows in first.items():
        began = min(row["moment"] for row in rows)
        topic = min(row["topic"] or "(unknown)" for row in rows if row["moment"] == began)
        end = began.date() + timedelta(days=30)
        bought = [
            row
            for row in kept
            if row["buyer"] == customer and row["bought"] >= began and row["bought"].date() <= end
        ]
        eligible = end <= last
        for cut in (None, topic):
            for line, met in (("entered", True), ("eligible", eligible), ("converted", eligible and bought)):
                found[line, cut, month] = found.get((line, cut, month), 0) + bool(met)
    return found


def test_it_is_that_of_the_slow_model_on_every_engine(database: Database) -> None:
    draw = random.Random(7)  # noqa: S311
    complaints, purchases = random_complaints(draw), random_purchases(draw)
    database.fill(COMPLAINTS, complaints)
    database.fill(PURCHASES, purchases)
    frame = derived(database, company({"win_back": {"conversion": RULE}}, DATASETS), "win_back")
    found = {
        (name, member, month): value
        for name in ("entered", "eligible", "converted")
        for cut in ((), ("topic",))
        for (member, month), value in (
            ((None, place), value) if not cut else (place, value)  # type: ignore[misc]
            for place, value in values(frame, name, cut, Grain.MONTH).items()
        )
    }
    assert found == slow_conversion(complaints, purchases)
    assert sum(value or 0 for (name, cut, _), value in found.items() if name == "converted" and not cut) > 0


def test_a_month_is_open_until_the_time_of_its_last_entity_is_over(duckdb_database: Database) -> None:
    complaint = {"moment": moment(3, 20, 12), "customer": 1, "topic": "bill", "severity": 3}
    duckdb_database.fill(COMPLAINTS, [complaint])
    duckdb_database.fill(PURCHASES, [{"bought": moment(4, 18, 0), "buyer": 2, "amount": 5}])
    catalog = company({"win_back": {"conversion": RULE}}, DATASETS)
    frame = derived(duckdb_database, catalog, "win_back")
    assert values(frame, "entered") == {"2025-03": 1}
    assert values(frame, "eligible") == {"2025-03": 0}
    assert frame.data_until == date(2025, 3, 20)  # 30 days before the day after the newest purchase
    duckdb_database.run("INSERT INTO purchases VALUES (TIMESTAMP '2025-04-19 09:00', 1, 5)")
    frame = derived(duckdb_database, catalog, "win_back")
    assert values(frame, "eligible") == values(frame, "converted") == {"2025-03": 1}
    assert frame.data_until == date(2025, 3, 21)


@pytest.mark.parametrize(("hour", "converted"), [(11, 0), (12, 0), (13, 1)])
def test_of_one_dataset_only_a_later_row_counts(duckdb_database: Database, hour: int, converted: int) -> None:
    first = {"moment": moment(3, 20, 12), "customer": 1, "topic": "bill", "severity": 3}
    again = {**first, "moment": moment(3, 20, hour), "severity": 1}
    late = {**first, "moment": moment(6, 1, 0), "customer": 2}
    duckdb_database.fill(COMPLAINTS, [first, again, late])
    rule = {
        "from": {"dataset": "complaints", "where": "severity = 3"},
        "to": "complaints",
        "within": "30 days",
    }
    frame = derived(duckdb_database, company({"again": {"conversion": rule}}, DATASETS), "again")
    assert values(frame, "converted") == {"2025-03": converted, "2025-06": 0}
