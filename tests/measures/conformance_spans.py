"""The conformance case of spans: a model in pandas that looks at each row on the days that matter."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd
import sqlalchemy as sa

from dashboard.measures.frame import MeasureFrame, recorded
from dashboard.periods import add_months
from tests.engines import Database
from tests.measures.brute_force import COUNT, EXTREME, QUANTILE, Key, Result, Slow, slow_cells, spans
from tests.measures.building import measured
from tests.measures.conformance import Case, told

TODAY = date(2026, 10, 15)
TABLE = sa.Table(
    "subscriptions",
    sa.MetaData(),
    sa.Column("customer", sa.String(20)),
    sa.Column("plan", sa.String(20)),
    sa.Column("region", sa.String(20)),
    sa.Column("price", sa.Numeric(10, 2, asdecimal=False)),
    sa.Column("started_on", sa.Date()),
    sa.Column("ended_on", sa.Date()),
)
SLICES: tuple[tuple[str, ...], ...] = ((), ("plan",), ("region",), ("plan", "region"))
STOCKS: Mapping[str, str] = {
    "customers": "count(distinct customer)",
    "premium": "count(distinct customer) filter (where price > 50)",
    "contracts": "count(*)",
    "priced": "count(price)",
    "revenue": "sum(price)",
    "dear": "sum(price) filter (where price > 50)",
    "mean": "avg(price)",
}
MOVED: Mapping[str, Slow] = {
    "people_joined": Slow(
        "count(distinct customer)", lambda values: len(set(values)), lambda row: row["customer"], COUNT
    ),
    "dearest_joined": Slow("max(price)", max, lambda row: row["price"], EXTREME),
    "typical_joined": Slow(
        "median(price)", lambda values: float(pd.Series(values).median()), lambda row: row["price"], QUANTILE
    ),
}
MEASURES = {
    **{
        f"{name}_{at}": {"value": text, "at": at} for name, text in STOCKS.items() for at in ("open", "close")
    },
    **{
        f"{name}_{at}": {"value": STOCKS[name], "at": at}
        for name in ("contracts", "revenue", "mean", "dear")
        for at in ("start", "end")
    },
    **{name: {"value": slow.text, "at": "start"} for name, slow in MOVED.items()},
}
ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "subscriptions": {
        "span": {"start": "started_on", "end": "ended_on"},
        "entity": "customer",
        "dimensions": {"plan": "plan", "region": "region"},
        "slices": [list(cut) for cut in SLICES[1:]],
        "measures": MEASURES,
    }
}
Row = Mapping[str, Any]


def subscriptions(seed: int, count: int = 220) -> list[dict[str, Any]]:
    """Several, overlapping, back-to-back, reversed, empty and never-ending spans of a few customers."""
    draw = random.Random(seed)  # noqa: S311
    rows: list[dict[str, Any]] = []
    for _ in range(count):
        start: date | None = date(2024, 1, 1) + timedelta(days=draw.randint(0, 1100))
        if draw.random() < 0.25 and start is not None:
            start = start.replace(day=1)
        last = rows[-1] if rows else None
        if last and last["ended_on"] and draw.random() < 0.3:  # back to back with the row before
            start = last["ended_on"]
        length = draw.choice([None, None, 0, 1, -3, 28, 31, 90, 365, draw.randint(1, 700)])
        end = None if length is None or start is None else start + timedelta(days=length)
        if draw.random() < 0.03:
            start = None
        if draw.random() < 0.2 and end is not None:
            end = end.replace(day=1)
        if last and draw.random() < 0.1:
            start, end = last["started_on"], last["ended_on"]
        rows.append(
            {
                "customer": draw.choice(["ann", "bob", "cleo", "dave", "eve", "Eve", None])
                if not last or draw.random() < 0.7
                else last["customer"],
                "plan": draw.choice(["basic", "plus", None]),
                "region": draw.choice(["north", "south"]),
                "price": draw.choice([None, 10, 49.99, 50.01, 100, draw.randint(0, 20000) / 100]),
                "started_on": start,
                "ended_on": end,
            }
        )
    return rows


def counting(rows: Sequence[Row]) -> pd.DataFrame:
    """The rows that count, by the rule of the documentation."""
    table = pd.DataFrame(rows, columns=[column.name for column in TABLE.columns], dtype=object)
    kept = [
        start is not None and start <= TODAY and (end is None or end >= start)
        for start, end in zip(table["started_on"], table["ended_on"], strict=True)
    ]
    found = table[pd.Series(kept, index=table.index, dtype=bool)].copy()
    found["ended_on"] = [end if end is not None and end <= TODAY else date.max for end in found["ended_on"]]
    for name in ("plan", "region"):
        found[name] = [value if value is not None else "(unknown)" for value in found[name]]
    return found


def model(rows: Sequence[Row]) -> dict[Key, Result]:
    """Every cell that matters, each looked up among all rows."""
    table = counting(rows)
    if table.empty:
        return {}
    days = [*table["started_on"], *(end for end in table["ended_on"] if end < date.max)]
    months = [day.year * 12 + day.month - 1 for day in (*table["started_on"], max(days))]
    found: dict[Key, Result] = {}
    for cut in SLICES:
        for member, own in _members(table, cut):
            for month in range(min(months), max(months) + 1):
                for name, (take, picked) in _asked(own, date(month // 12, month % 12 + 1, 1)).items():
                    found[name, cut, member, "month", month, month + 1] = take(picked)
    return found | _moved(table)


def _members(table: pd.DataFrame, cut: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    if not cut:
        yield (), table
    else:
        yield from table.groupby(list(cut), sort=False)


Taker = Callable[[pd.DataFrame], Result]


def _asked(own: pd.DataFrame, first: date) -> dict[str, tuple[Taker, pd.DataFrame]]:
    """For each measure what is taken of which rows in the month that begins with `first`."""
    after = add_months(first, 1)
    started, ended = own["started_on"], own["ended_on"]
    moments = {
        "open": own[(started < first) & (ended >= first)],
        "close": own[(started < after) & (ended >= after)],
        "start": own[(started >= first) & (started < after)],
        "end": own[(ended >= first) & (ended < after)],
    }
    return {
        name: (TAKERS[name.rpartition("_")[0]], moments[str(entry["at"])])
        for name, entry in MEASURES.items()
        if name not in MOVED
    }


def _summed(rows: pd.DataFrame) -> Result:
    prices = [price for price in rows["price"] if price is not None]
    if not prices:
        return (None if len(rows) else 0.0), 0
    return recorded(float(sum(prices))), len(prices)


def _items(rows: pd.DataFrame) -> Result:
    items = [item for item in rows["customer"] if item is not None]
    return float(len(set(items))), len(items)


def _dear(rows: pd.DataFrame) -> pd.DataFrame:
    kept = [price is not None and price > 50 for price in rows["price"]]
    return rows[pd.Series(kept, index=rows.index, dtype=bool)]


def _priced(rows: pd.DataFrame) -> Result:
    count = sum(price is not None for price in rows["price"])
    return float(count), count


TAKERS: Mapping[str, Taker] = {
    "customers": _items,
    "premium": lambda rows: _items(_dear(rows)),
    "contracts": lambda rows: (float(len(rows)), len(rows)),
    "priced": _priced,
    "revenue": _summed,
    "dear": lambda rows: _summed(_dear(rows)),
    "mean": _summed,
}


def _moved(table: pd.DataFrame) -> dict[Key, Result]:
    """What cannot be added up of those that start, over every span."""
    rows = [
        {**row, "month": row["started_on"].year * 12 + row["started_on"].month - 1}
        for row in table.to_dict("records")
    ]
    days = [*table["started_on"], *(end for end in table["ended_on"] if end < date.max)]
    reach = max(day.year * 12 + day.month - 1 for day in days)
    found = slow_cells(rows, MOVED, SLICES, 4, last=reach)
    nothing: Mapping[str, Result] = {
        name: (0.0 if slow.nothing is COUNT else None, 0) for name, slow in MOVED.items()
    }
    known = {
        (name, (), (), *span): nothing[name]
        for span in spans([min(row["month"] for row in rows)], reach, 4)
        for name in MOVED
    }
    return known | found


def fill(database: Database, rows: Sequence[Row]) -> None:
    """The table anew, with these rows."""
    database.run("drop table if exists subscriptions")
    database.fill(TABLE, rows)


def frame(database: Database) -> MeasureFrame:
    """The subscriptions of the seed 7."""
    fill(database, subscriptions(7))
    return measured(database, ENTRIES, fiscal_year_start=4)


@lru_cache
def wanted() -> dict[Key, Result]:
    """What the model makes of them."""
    return told(model(subscriptions(7)))


CASES = (Case("spans", frame, wanted),)
