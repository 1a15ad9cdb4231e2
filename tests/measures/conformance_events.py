"""The conformance case of events: orders near the edges of months, days and changes of the clocks."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from dashboard.measures.frame import MeasureFrame
from tests.engines import Database
from tests.measures.brute_force import (
    COUNT,
    EXTREME,
    QUANTILE,
    SUM,
    Key,
    Result,
    Row,
    Slow,
    slow_cells,
)
from tests.measures.building import measured
from tests.measures.conformance import Case

INSTANT = (
    sa.DateTime(timezone=True).with_variant(mysql.TIMESTAMP(fsp=6), "mysql").with_variant(sa.Text(), "sqlite")
)
META = sa.MetaData()
ORDERS = sa.Table(
    "orders",
    META,
    sa.Column("at", INSTANT, nullable=True),
    sa.Column("customer", sa.String(60)),
    sa.Column("plan", sa.String(60)),
    sa.Column("branch", sa.Integer()),
    sa.Column("score", sa.Integer()),
    sa.Column("amount", sa.Numeric(12, 2, asdecimal=False)),
    sa.Column("weight", sa.Double()),
    sa.Column("paid", sa.Boolean()),
)
CUSTOMERS = sa.Table(
    "customers", META, sa.Column("id", sa.String(60), primary_key=True), sa.Column("region", sa.String(60))
)
NAMES = [
    "ann",
    "Ann",
    "O'Brien",
    "'; drop table orders; --",
    "Zoë",
    "日本",
    'a "b" %s :c',
    "x\\y",
    "",
    " ann",
    "ann ",
]
PLANS = ["basic", "Basic", "plus", None]
REGIONS = {name: ["north", "south", None, "(unknown)"][place % 4] for place, name in enumerate(NAMES[1:8])}


def _quantile(part: float) -> Callable[[list[float]], float]:
    return lambda values: float(pd.Series(values, dtype=float).quantile(part))


def _column(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _one(row: Row) -> int:
    return 1


def _high(row: Row) -> bool:
    return row["score"] is not None and row["score"] >= 9


def _quotient(row: Row) -> float | None:
    return row["score"] / row["branch"] if row["branch"] and row["score"] is not None else None


def _different(values: list[str]) -> int:
    return len(set(values))


MEASURES = {
    "orders": Slow("count(*)", len, _one, COUNT, additive=True),
    "scored": Slow("count(score)", len, _column("score"), COUNT, additive=True),
    "high": Slow("count(*) filter (where score >= 9)", len, _one, COUNT, _high, additive=True),
    "turnover": Slow("sum(amount)", sum, _column("amount"), SUM, additive=True),
    "won": Slow("sum(amount) filter (where score >= 9)", sum, _column("amount"), SUM, _high, additive=True),
    "mean_score": Slow("avg(score)", sum, _column("score"), SUM, additive=True),
    "shares": Slow("sum(score / branch)", sum, _quotient, SUM, additive=True),
    "least": Slow("min(weight)", min, _column("weight"), EXTREME),
    "most": Slow("max(amount)", max, _column("amount"), EXTREME),
    "customers": Slow("count(distinct customer)", _different, _column("customer"), COUNT),
    "happy": Slow(
        "count(distinct customer) filter (where score >= 9)", _different, _column("customer"), COUNT, _high
    ),
    "middle": Slow("median(amount)", _quantile(0.5), _column("amount"), QUANTILE),
    "p90": Slow("percentile(amount, 0.9)", _quantile(0.9), _column("amount"), QUANTILE),
    "p33": Slow(
        "percentile(weight, 0.33) filter (where paid)",
        _quantile(0.33),
        _column("weight"),
        QUANTILE,
        _column("paid"),
    ),
}
SLICES = [(), ("plan",), ("region",), ("branch",), ("plan", "region")]
ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "orders": {
        "event": "at",
        "lookups": {"customers": "customer"},
        "dimensions": {"plan": "plan", "region": "customers.region", "branch": "branch"},
        "slices": [list(cut) for cut in SLICES[1:]],
        "measures": {name: slow.text for name, slow in MEASURES.items()},
    },
    "customers": {"key": "id"},
}


def orders(seed: int, count: int = 160) -> list[dict[str, Any]]:
    """Orders, many of them within hours of the edges of months, of days, and of changes of the clocks."""
    draw = random.Random(seed)  # noqa: S311
    edges = [datetime(2025, month, 1, tzinfo=UTC) for month in range(1, 13)] + [
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        datetime(2025, 3, 30, 1, tzinfo=UTC),
        datetime(2024, 10, 27, 1, tzinfo=UTC),
    ]
    rows = []
    for _ in range(count):
        moment = draw.choice(edges) + timedelta(minutes=draw.randint(-1500, 1500))
        if draw.random() < 0.3:
            moment = datetime(2024, 1, 15, tzinfo=UTC) + timedelta(minutes=draw.randint(0, 600 * 1440))
        rows.append(
            {
                "at": moment.replace(microsecond=draw.choice([0, 0, 999999])),
                "customer": draw.choice([*NAMES, None]),
                "plan": draw.choice(PLANS),
                "branch": draw.choice([0, 1, 2, 7, None]),
                "score": draw.choice([None, *range(11)]),
                "amount": draw.choice([None, round(draw.uniform(-500, 5000), 2), 12.5]),
                "weight": draw.choice([None, draw.random(), draw.gauss(0, 1e6)]),
                "paid": draw.choice([True, False, None]),
            }
        )
    return [row for row in rows if row["at"].strftime("%Y-%m") != "2025-07"]  # a month without a row


def fill(database: Database, rows: list[dict[str, Any]]) -> None:
    text = database.engine == "sqlite"
    kept = [row | {"at": row["at"].isoformat(sep=" ") if text else row["at"]} for row in rows]
    database.fill(ORDERS, kept)
    database.fill(CUSTOMERS, [{"id": name, "region": region} for name, region in REGIONS.items()])


@lru_cache
def wanted(zone: str, first_month: int) -> dict[Key, Result]:
    """What the model makes of the orders of the seed `first_month`."""
    rows = [
        {
            "month": local.year * 12 + local.month - 1,
            "score": row["score"],
            "branch": row["branch"],
            "amount": row["amount"],
            "weight": row["weight"],
            "customer": row["customer"],
            "paid": row["paid"],
            "by plan": row["plan"] or "(unknown)",
            "by region": REGIONS.get(row["customer"]) or "(unknown)",
            "by branch": "(unknown)" if row["branch"] is None else str(row["branch"]),
        }
        for row in orders(first_month)
        for local in [row["at"].astimezone(ZoneInfo(zone))]
    ]
    found = slow_cells(rows, MEASURES, [tuple(f"by {name}" for name in cut) for cut in SLICES], first_month)
    return {
        (name, tuple(each.removeprefix("by ") for each in cut), *rest): result
        for (name, cut, *rest), result in found.items()
    }


def frame(database: Database) -> MeasureFrame:
    """The orders of the seed 4, measured in a fiscal year that begins in April."""
    fill(database, orders(4))
    return measured(database, ENTRIES, zone="Europe/Amsterdam", fiscal_year_start=4)


CASES = (Case("events", frame, lambda: wanted("Europe/Amsterdam", 4)),)
