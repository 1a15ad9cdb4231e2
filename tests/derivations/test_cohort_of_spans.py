"""Cohorts of spans: who is running at the end of each later period, counted customer by customer."""

from datetime import date

import pytest

from dashboard.periods import FiscalCalendar, Grain
from tests.derivations.building import company, derived
from tests.derivations.test_bridge_of_spans import DATASETS, SUBSCRIPTIONS, span, subscriptions
from tests.derivations.test_cohort import at_grain
from tests.engines import Database

RULE = {"dataset": "subscriptions", "by": "month", "ages": [1], "value": "sum(price)", "slices": []}


@pytest.mark.parametrize("by", [Grain.MONTH, Grain.QUARTER])
def test_survivors_are_those_running_at_the_end_of_the_period(database: Database, by: Grain) -> None:
    rows = subscriptions(seed=9, count=60)
    database.fill(SUBSCRIPTIONS, rows)
    catalog = company({"kept": {"cohort": {**RULE, "by": by.value}}}, DATASETS)
    frame = derived(database, catalog, "kept")
    found = {
        (place[3], int(place[2][0])): value
        for place, value in at_grain(frame, by).items()
        if place[:2] == ("active", ("age",))
    }
    assert frame.data_until is not None
    calendar = FiscalCalendar(1)
    first = min(row["begun"] for row in rows)
    periods = list(calendar.between(by, first, frame.data_until))
    over = [period for period in periods if period.end <= frame.data_until]
    born = {
        name: calendar.containing(by, min(row["begun"] for row in rows if row["customer"] == name))
        for name in {row["customer"] for row in rows}
    }
    wanted = {
        (cohort.start, age): sum(
            born[name] == cohort and running(rows, name, over[place + age].end) for name in born
        )
        for place, cohort in enumerate(over)
        for age in range(len(over) - place)
    }
    assert found == wanted
    assert sum(wanted.values()) > len(over)


def running(rows: list[dict], name: str, end: date) -> bool:
    """Whether a span of the customer runs on the last day before `end`."""
    return any(
        row["customer"] == name and row["begun"] < end and (row["ended"] is None or row["ended"] >= end)
        for row in rows
    )


def test_who_leaves_and_comes_back_is_there_again(duckdb_database: Database) -> None:
    duckdb_database.fill(
        SUBSCRIPTIONS,
        [
            span("a", "basic", 10, "2025-01-10", "2025-02-10"),
            span("a", "plus", 25, "2025-03-05", None),
            span("b", "basic", 10, "2025-01-20", "2025-01-25"),
            span("c", "basic", 10, "2025-04-30", None),
        ],
    )
    frame = derived(duckdb_database, company({"kept": {"cohort": RULE}}, DATASETS), "kept")
    told = at_grain(frame, Grain.MONTH)
    january = date(2025, 1, 1)
    assert told["size", (), (), january] == 2
    assert [told["active", ("age",), (str(age),), january] for age in range(4)] == [1, 0, 1, 1]
    assert [told["value", ("age",), (str(age),), january] for age in range(4)] == [10, 0, 25, 25]
    assert (told["starting_1", (), (), date(2025, 2, 1)], told["retained_1", (), (), date(2025, 2, 1)]) == (
        2,
        0,
    )
