"""Snapshots: the newest state inside each period, and nothing where there is none."""

from datetime import date

import sqlalchemy as sa

from dashboard.measures.frame import MeasureFrame
from dashboard.periods import Grain
from tests.engines import Database
from tests.measures.building import at, cells, measured, values

STATES = sa.Table(
    "states",
    sa.MetaData(),
    sa.Column("customer", sa.String(10)),
    sa.Column("plan", sa.String(10)),
    sa.Column("debt", sa.Numeric(10, 2, asdecimal=False)),
    sa.Column("as_of", sa.Date()),
)
ENTRY = {
    "states": {
        "snapshot": "as_of",
        "dimensions": {"plan": "plan"},
        "slices": ["plan"],
        "measures": {
            "customers": "count(distinct customer)",
            "debt": "sum(debt)",
            "rows": "count(*) filter (where debt > 1)",
            "most": "max(debt)",
            "middle": "median(debt)",
        },
    }
}
ROWS = [
    ("a", "x", 10.5, "2026-01-10"),
    ("a", "x", 11.5, "2026-01-31"),
    ("b", "x", 2.0, "2026-01-31"),
    ("b", "y", 4.0, "2026-01-31"),
    ("c", "y", 4.0, "2026-01-30"),
    ("c", "y", 1.0, "2026-03-31"),
    ("d", "y", 1.0, None),
    ("d", "y", 1.0, "2026-12-31"),
]


def fill(database: Database) -> None:
    names = ("customer", "plan", "debt", "as_of")
    rows = [dict(zip(names, row, strict=True)) for row in ROWS]
    database.fill(
        STATES, [row | {"as_of": row["as_of"] and date.fromisoformat(str(row["as_of"]))} for row in rows]
    )


def test_the_last_day_of_each_month_counts_and_a_month_without_one_is_a_gap(database: Database) -> None:
    fill(database)
    frame = measured(database, ENTRY)
    assert values(frame, "debt") == {"2026-01": 17.5, "2026-03": 1}
    assert values(frame, "customers") == {"2026-01": 2, "2026-03": 1}
    assert values(frame, "rows") == {"2026-01": 3, "2026-03": 0}
    assert values(frame, "most") == {"2026-01": 11.5, "2026-03": 1}
    assert values(frame, "middle") == {"2026-01": 4, "2026-03": 1}
    assert values(frame, "debt", ("plan",)) == {
        ("x", "2026-01"): 13.5,
        ("y", "2026-01"): 4,
        ("y", "2026-03"): 1,
    }
    assert values(frame, "customers", ("plan",)) == {
        ("x", "2026-01"): 2,
        ("y", "2026-01"): 1,
        ("y", "2026-03"): 1,
    }
    assert {cell.period.grain for cell in frame.cells} == {Grain.MONTH}
    assert (frame.rows, frame.data_until) == (8, date(2026, 4, 1))
    assert frame.warnings == (
        "1 row of states without as_of: in no period.",
        "1 row of states later than 2026-10-15: in no period yet.",
    )


def test_a_row_may_cover_a_quarter(database: Database) -> None:
    fill(database)
    entry = {"states": {**ENTRY["states"], "snapshot": {"at": "as_of", "covers": "quarter"}}}
    frame = measured(database, entry, fiscal_year_start=2)
    assert values(frame, "debt", grain=Grain.QUARTER) == {"2026-01": 17.5, "2026-04": 1}
    assert values(frame, "customers", grain=Grain.QUARTER) == {"2026-01": 2, "2026-04": 1}
    assert values(frame, "middle", grain=Grain.QUARTER) == {"2026-01": 4, "2026-04": 1}
    assert cells(frame, "debt") == []
    assert frame.data_until == date(2026, 5, 1)


def test_a_part_is_the_same_as_in_the_whole(database: Database) -> None:
    fill(database)
    whole = measured(database, ENTRY)
    part = measured(database, ENTRY, since=date(2026, 2, 1))
    assert set(part.cells) == {cell for cell in whole.cells if cell.period.end > date(2026, 2, 1)}


def test_a_time_of_day_does_not_divide_a_state(database: Database) -> None:
    table = sa.Table(
        "states", sa.MetaData(), sa.Column("as_of", sa.DateTime()), sa.Column("debt", sa.Integer())
    )
    moments = ["2026-01-30 12:00", "2026-01-31 06:00:00", "2026-01-31 06:00:02"]
    database.fill(table, [{"as_of": at(moment), "debt": 2**place} for place, moment in enumerate(moments)])
    frame = measured(
        database,
        {"states": {"snapshot": "as_of", "measures": {"debt": "sum(debt)", "each": "count(distinct debt)"}}},
    )
    assert values(frame, "debt") == {"2026-01": 6}
    assert values(frame, "each") == {"2026-01": 2}
    assert frame.data_until == date(2026, 2, 1)


RATES = sa.Table(
    "rates",
    sa.MetaData(),
    sa.Column("quarter", sa.Date()),
    sa.Column("operator", sa.String(10)),
    sa.Column("complaints_per_thousand", sa.Double()),
)


def rated(database: Database, *slices: str) -> MeasureFrame:
    """A regulator's rates by quarter and operator, of which one operator stands twice in a quarter."""
    rows = [("2026-01-01", "us", 1.5), ("2026-01-01", "them", 3.0), ("2026-04-01", "us", 1.25)]
    rows += [("2026-07-01", "us", 1.0), ("2026-07-01", "us", 2.0), ("2026-07-01", "them", 2.5)]
    names = ("quarter", "operator", "complaints_per_thousand")
    database.fill(
        RATES,
        [
            dict(zip(names, (date.fromisoformat(day), operator, rate), strict=True))
            for day, operator, rate in rows
        ],
    )
    entry = {
        "snapshot": {"at": "quarter", "covers": "quarter"},
        "dimensions": {"operator": "operator"},
        "slices": list(slices),
        "measures": {"rate": "only(complaints_per_thousand)"},
    }
    return measured(database, {"rates": entry})


def test_a_rate_is_taken_as_it_is_and_never_put_together(database: Database) -> None:
    frame = rated(database, "operator")
    assert values(frame, "rate", ("operator",), Grain.QUARTER) == {
        ("us", "2026-03"): 1.5,
        ("them", "2026-03"): 3.0,
        ("us", "2026-06"): 1.25,
        ("us", "2026-09"): None,
        ("them", "2026-09"): 2.5,
    }
    assert values(frame, "rate", (), Grain.QUARTER) == {"2026-03": None, "2026-06": 1.25, "2026-09": None}
    assert frame.warnings == (
        "rates.rate has several rows behind 1 of its values, and cannot be put together from them: "
        "these are missing. Slice it as its rows are, or measure its parts.",
    )


def test_a_rate_that_is_not_sliced_as_its_rows_are_is_told(duckdb_database: Database) -> None:
    frame = rated(duckdb_database)
    assert frame.warnings == (
        "rates.rate has several rows behind 2 of its values, and cannot be put together from them: "
        "these are missing. Slice it as its rows are, or measure its parts.",
    )
