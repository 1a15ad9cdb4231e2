"""A monthly revenue waterfall of subscriptions: it foots in every month and is what independent SQL says."""

import random
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from dashboard.definitions.model import Behaviour
from tests.derivations.building import by_place, company, derived
from tests.engines import Database

META = sa.MetaData()
SUBSCRIPTIONS = sa.Table(
    "subscriptions",
    META,
    sa.Column("customer", sa.String(20)),
    sa.Column("plan", sa.String(20)),
    sa.Column("price", sa.Numeric(12, 2, asdecimal=False)),
    sa.Column("begun", sa.Date()),
    sa.Column("ended", sa.Date()),
)
STATES = sa.Table(
    "states",
    META,
    sa.Column("as_of", sa.Date()),
    sa.Column("customer", sa.String(20)),
    sa.Column("plan", sa.String(20)),
    sa.Column("price", sa.Numeric(12, 2, asdecimal=False)),
)
DATASETS = {
    "subscriptions": {
        "span": {"start": "begun", "end": "ended"},
        "entity": "customer",
        "dimensions": {"plan": "plan"},
        "slices": ["plan"],
    },
    "states": {
        "snapshot": "as_of",
        "entity": "customer",
        "dimensions": {"plan": "plan"},
        "slices": ["plan"],
    },
}
LINES = ("opening", "lost", "contracted", "expanded", "reactivated", "new", "closing")
SQL = """
WITH month AS (SELECT unnest(range(DATE '2024-01-01', DATE '2026-01-01', INTERVAL 1 MONTH))::DATE AS first),
customer AS (SELECT DISTINCT customer FROM subscriptions WHERE customer IS NOT NULL),
state AS (
    SELECT customer, first, coalesce(sum(price) FILTER (
               WHERE begun < first + INTERVAL 1 MONTH AND (ended IS NULL OR ended >= first + INTERVAL 1 MONTH)
           ), 0) AS value
    FROM month CROSS JOIN customer LEFT JOIN subscriptions USING (customer) GROUP BY ALL),
moved AS (
    SELECT *, lag(value, {over}, 0) OVER w AS before,
           max(value) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND {over} PRECEDING) AS most
    FROM state WINDOW w AS (PARTITION BY customer ORDER BY first))
SELECT first, sum(before), sum(before) FILTER (WHERE value = 0),
       sum(before - value) FILTER (WHERE value > 0 AND before > value),
       sum(value - before) FILTER (WHERE before > 0 AND value > before),
       sum(value) FILTER (WHERE before = 0 AND most > 0),
       sum(value) FILTER (WHERE before = 0 AND coalesce(most, 0) = 0), sum(value)
FROM moved GROUP BY first ORDER BY first
"""


def waterfall(over: str = "1 month", **more: Any) -> dict[str, Any]:
    return {"mrr": {"bridge": {"dataset": "subscriptions", "value": "sum(price)", "over": over, **more}}}


def subscriptions(seed: int, count: int = 120) -> list[dict[str, Any]]:
    """Several of one customer, overlapping, back to back, within one month, and running still."""
    draw = random.Random(seed)  # noqa: S311
    rows = []
    for _ in range(count):
        begun = date(2024, 1, 1) + timedelta(days=draw.randrange(500))
        ended = begun + timedelta(days=draw.choice([0, 3, 30, 61, 150]))
        rows.append(
            {
                "customer": f"c{draw.randrange(30)}",
                "plan": draw.choice(["basic", "plus", None]),
                "price": draw.choice([10.0, 19.99, 25.0]),
                "begun": begun,
                "ended": draw.choice([ended, ended, None]),
            }
        )
        if draw.random() < 0.3:  # the next one begins where this one ends, dearer or cheaper
            rows.append({**rows[-1], "begun": ended, "ended": None, "price": draw.choice([5.0, 40.0])})
    return rows


@pytest.mark.parametrize("over", [1, 3])
def test_it_is_what_independent_sql_says_on_every_engine(database: Database, over: int) -> None:
    rows = subscriptions(seed=5)
    database.fill(SUBSCRIPTIONS, rows)
    unit = "1 month" if over == 1 else f"{over} months"
    found = by_place(derived(database, company(waterfall(unit), DATASETS), "mrr"))
    wanted = plain_sql(rows, over)
    assert len(wanted) == 24
    months = {place[3] for place in found if not place[1]}
    assert months == {row[0] for row in wanted if row[0] <= max(months)} != set()
    for first, *values in wanted:
        if first in months:
            told = [found[line, (), (), first][0] for line in LINES]
            assert told == pytest.approx([value or 0 for value in values], abs=0.005), first
            assert foots(*told), first


def plain_sql(rows: list[dict[str, Any]], over: int) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE subscriptions (customer VARCHAR, plan VARCHAR, price DECIMAL(12, 2), "
            "begun DATE, ended DATE)"
        )
        connection.executemany(
            "INSERT INTO subscriptions VALUES (?, ?, ?, ?, ?)", [list(row.values()) for row in rows]
        )
        return [
            (first, *(None if each is None else float(each) for each in values))
            for first, *values in connection.execute(SQL.format(over=over)).fetchall()
        ]


def foots(
    opening: float,
    lost: float,
    contracted: float,
    expanded: float,
    reactivated: float,
    new: float,
    closing: float,
) -> bool:
    return abs(opening - lost - contracted + expanded + reactivated + new - closing) < 0.005


def test_movements_add_up_over_months_and_ends_do_not() -> None:
    measures = company(waterfall(), DATASETS).derivations["mrr"].measures
    told = {name: measures[name].behaviour for name in ("opening", "lost", "new", "moved", "closing")}
    assert told == {
        "opening": Behaviour.OPEN,
        "lost": Behaviour.FLOW,
        "new": Behaviour.FLOW,
        "moved": Behaviour.FLOW,
        "closing": Behaviour.CLOSE,
    }
    over_a_year = company(waterfall("12 months"), DATASETS).derivations["mrr"].measures
    assert {each.behaviour for each in over_a_year.values()} == {Behaviour.CLOSE}


def span(customer: str | None, plan: str, price: float, begun: str, ended: str | None) -> dict[str, Any]:
    until = None if ended is None else date.fromisoformat(ended)
    return {
        "customer": customer,
        "plan": plan,
        "price": price,
        "begun": date.fromisoformat(begun),
        "ended": until,
    }


def test_who_changes_the_plan_moves_and_every_plan_foots_over_the_quarter(duckdb_database: Database) -> None:
    duckdb_database.fill(
        SUBSCRIPTIONS,
        [
            span("a", "basic", 10, "2025-01-01", "2025-03-01"),
            span("a", "plus", 25, "2025-03-01", None),
            span("b", "plus", 25, "2025-02-01", "2025-04-10"),
        ],
    )
    found = by_place(derived(duckdb_database, company(waterfall(), DATASETS), "mrr"))

    def line(name: str, plan: str, month: int) -> float | None:
        return found.get((name, ("plan",), (plan,), date(2025, month, 1)), (0.0, 0))[0]

    march = {name: line(name, "basic", 3) for name in (*LINES, "moved")}
    assert march == {**dict.fromkeys(LINES, 0), "opening": 10, "expanded": 15, "moved": -25}
    march = {name: line(name, "plus", 3) for name in (*LINES, "moved")}
    assert march == {**dict.fromkeys(LINES, 0), "opening": 25, "moved": 25, "closing": 50}
    for plan in ("basic", "plus"):
        flows = ("expanded", "reactivated", "new", "moved")
        came = sum(line(name, plan, month) or 0 for name in flows for month in range(1, 5))
        gone = sum(line(name, plan, month) or 0 for name in ("lost", "contracted") for month in range(1, 5))
        assert (line("opening", plan, 1) or 0) + came - gone == line("closing", plan, 4)


def test_a_span_that_ends_before_it_starts_is_in_no_line_and_told(duckdb_database: Database) -> None:
    duckdb_database.fill(
        SUBSCRIPTIONS,
        [span("a", "basic", 10, "2025-03-01", "2025-01-01"), span("b", "basic", 20, "2025-01-15", None)],
    )
    frame = derived(duckdb_database, company(waterfall(), DATASETS), "mrr")
    assert by_place(frame)["closing", (), (), date(2025, 1, 1)] == (20.0, 1)
    assert frame.warnings == (
        "1 row of subscriptions with ended before begun: in no figure. Correct them at the source.",
    )


def test_rows_without_an_entity_are_in_no_line_and_told(duckdb_database: Database) -> None:
    duckdb_database.fill(
        SUBSCRIPTIONS,
        [span(None, "basic", 10, "2025-01-01", None), span("b", "basic", 20, "2025-01-15", None)],
    )
    frame = derived(duckdb_database, company(waterfall(), DATASETS), "mrr")
    assert by_place(frame)["closing", (), (), date(2025, 1, 1)] == (20.0, 1)
    assert frame.warnings == ("1 row of subscriptions without customer: in no figure of mrr.",)


def test_the_same_subscription_written_twice_counts_twice(duckdb_database: Database) -> None:
    """A copy is told by a key, which is an error; without one it is a second subscription."""
    row = span("a", "basic", 10, "2025-01-01", None)
    duckdb_database.fill(SUBSCRIPTIONS, [row, row])
    found = by_place(derived(duckdb_database, company(waterfall(), DATASETS), "mrr"))
    assert found["closing", (), (), date(2025, 1, 1)] == (20.0, 1)


def state(as_of: str, customer: str, price: float, plan: str = "basic") -> dict[str, Any]:
    return {"as_of": date.fromisoformat(as_of), "customer": customer, "price": price, "plan": plan}


def test_of_snapshots_the_last_of_a_month_counts_and_a_missing_month_is_a_gap(
    duckdb_database: Database,
) -> None:
    duckdb_database.fill(
        STATES,
        [
            state("2025-01-15", "a", 99),
            state("2025-01-31", "a", 10),
            state("2025-01-31", "b", 5),
            state("2025-02-28", "a", 15),
            state("2025-02-28", "c", 7),
            state("2025-04-30", "b", 8),
            state("2025-05-31", "a", 1),
            state("2025-05-31", "b", 8),
        ],
    )
    rule = {"bridge": {"dataset": "states", "value": "sum(price)", "over": "1 month"}}
    found = by_place(derived(duckdb_database, company({"mrr": rule}, DATASETS), "mrr"))
    months = sorted({place[3].month for place in found})
    assert months == [2, 5]  # of March there is no state, so neither it nor April can be told

    def told(month: int) -> list[float | None]:
        return [found[line, (), (), date(2025, month, 1)][0] for line in LINES]

    assert told(2) == [15, 5, 0, 5, 0, 7, 22]
    assert told(5) == [8, 0, 0, 0, 1, 0, 9]
