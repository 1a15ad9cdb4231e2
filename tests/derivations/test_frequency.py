"""Frequencies: counts of (x, t_x, T) as a slow model has them, on every engine."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from dashboard.definitions.derivation import FREQUENCY_SLICE
from tests.derivations.building import INVOICES, by_place, company, derived
from tests.engines import Database

END = date(2025, 6, 30)  # the last day of the newest month that is over


def random_rows(seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)  # noqa: S311
    return [
        {
            "day": date(2025, 1, 1) + timedelta(days=draw.randrange(190)),
            "customer": draw.choice([*(f"c{place}" for place in range(30)), None]),
            "amount": draw.choice([10.0, 20.5]),
            "segment": "home",
            "origin": "earned",
        }
        for _ in range(120)
    ]


def unit(day: date, every: str) -> int:
    if every == "month":
        return day.year * 12 + day.month
    return (day - date(2024, 1, 1)).days // (7 if every == "week" else 1)  # a Monday


def slow(rows: list[dict[str, Any]], every: str) -> dict[tuple[str, ...], tuple[int, float]]:
    bought: dict[str, list[tuple[int, float]]] = {}
    for row in rows:
        if row["customer"] is not None and row["day"] <= END:
            bought.setdefault(row["customer"], []).append((unit(row["day"], every), row["amount"]))
    counts: Counter[tuple[str, ...]] = Counter()
    worth: dict[tuple[str, ...], float] = {}
    for purchases in bought.values():
        units = {at for at, _ in purchases}
        first = min(units)
        place = tuple(map(str, (len(units) - 1, max(units) - first, unit(END, every) - first)))
        counts[place] += 1
        worth[place] = worth.get(place, 0.0) + sum(amount for at, amount in purchases if at > first)
    return {place: (count, worth[place]) for place, count in counts.items()}


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_it_is_that_of_the_slow_model_on_every_engine(database: Database, every: str) -> None:
    rows = random_rows(seed=11)
    database.fill(INVOICES, rows)
    rule = {"dataset": "invoices", "every": every, "value": "sum(amount)"}
    frame = derived(database, company({"buying": {"frequency": rule}}), "buying")
    found, wanted = by_place(frame), slow(rows, every)
    month = date(2025, 6, 1)
    assert {place[2] for place in found if place[1] == FREQUENCY_SLICE} == wanted.keys()
    for member, (count, worth) in wanted.items():
        assert found["entities", FREQUENCY_SLICE, member, month] == (count, count)
        assert found["value", FREQUENCY_SLICE, member, month] == (pytest.approx(worth), count)
    total = sum(count for count, _ in wanted.values())
    assert found["entities", (), (), month] == (total, total)
    assert (frame.since, frame.data_until) == (month, date(2025, 7, 1))


def test_before_a_month_is_over_there_is_nothing_to_tell(duckdb_database: Database) -> None:
    rows = [row for row in random_rows(seed=1) if row["day"] < date(2025, 1, 20)]
    duckdb_database.fill(INVOICES, rows)
    catalog = company({"buying": {"frequency": {"dataset": "invoices", "every": "week"}}})
    assert derived(duckdb_database, catalog, "buying").cells == ()
