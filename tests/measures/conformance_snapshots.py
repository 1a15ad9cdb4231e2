"""The conformance cases of snapshots: by month, and of rows that stand for a whole fiscal quarter."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any

import pandas as pd
import sqlalchemy as sa

from dashboard.measures.frame import MeasureFrame, recorded
from tests.engines import Database
from tests.measures.brute_force import COUNT, EXTREME, QUANTILE, SUM, Key, Result, Slow
from tests.measures.building import measured
from tests.measures.conformance import Case

TABLE = sa.Table(
    "balances",
    sa.MetaData(),
    sa.Column("account", sa.String(20)),
    sa.Column("branch", sa.String(20)),
    sa.Column("balance", sa.Numeric(10, 2, asdecimal=False)),
    sa.Column("as_of", sa.Date()),
)
SLICES: tuple[tuple[str, ...], ...] = ((), ("branch",))
TODAY = date(2026, 10, 15)


def _balance(row: Mapping[str, Any]) -> Any:
    return row["balance"]


def _percentile(values: list[float]) -> float:
    return float(pd.Series(values, dtype=float).quantile(0.9))


MEASURES = {
    "accounts": Slow(
        "count(distinct account)", lambda values: len(set(values)), lambda row: row["account"], COUNT
    ),
    "rows": Slow("count(*)", len, lambda row: 1, COUNT),
    "debtors": Slow(
        "count(*) filter (where balance < 0)",
        len,
        lambda row: 1,
        COUNT,
        lambda row: row["balance"] is not None and row["balance"] < 0,
    ),
    "balance": Slow("sum(balance)", sum, _balance, SUM),
    "mean": Slow("avg(balance)", sum, _balance, SUM),
    "least": Slow("min(balance)", min, _balance, EXTREME),
    "p90": Slow("percentile(balance, 0.9)", _percentile, _balance, QUANTILE),
}
ENTRY: Mapping[str, Any] = {
    "dimensions": {"branch": "branch"},
    "slices": ["branch"],
    "measures": {name: slow.text for name, slow in MEASURES.items()},
}


def balances(seed: int) -> list[dict[str, Any]]:
    """States on some days, some of them near the edges of months; a month and a quarter have none."""
    draw = random.Random(seed)  # noqa: S311
    days = [date(2024, 1, 1) + timedelta(days=draw.randint(0, 1080)) for _ in range(40)]
    days += [date(2025, 6, 30), date(2025, 7, 1), date(2024, 2, 29), date(2026, 10, 15), date(2026, 10, 16)]
    days = [day for day in days if (day.year, day.month) not in {(2024, 7), (2025, 1), (2025, 2), (2025, 3)}]
    rows: list[dict[str, Any]] = []
    for day in [*days, None]:
        for account in draw.sample(["a", "b", "c", "d", "e", None], draw.randint(1, 6)):
            branch = draw.choice(["north", "south", None])
            balance = draw.choice([None, draw.randint(-9999, 9999) / 100])
            rows.append({"account": account, "branch": branch, "balance": balance, "as_of": day})
    return rows


def model(rows: Sequence[Mapping[str, Any]], months: int) -> dict[Key, Result]:
    """For each period of so many months: the rows of its newest day, looked up one period after the other."""
    table = pd.DataFrame(rows, dtype=object)
    table = table[[day is not None and day <= TODAY for day in table["as_of"]]].copy()
    table["branch"] = [branch or "(unknown)" for branch in table["branch"]]
    into = [(day.month - 4) % months for day in table["as_of"]]
    table["start"] = [
        day.year * 12 + day.month - 1 - part for day, part in zip(table["as_of"], into, strict=True)
    ]
    found: dict[Key, Result] = {}
    for start, inside in table.groupby("start"):
        state = inside[inside["as_of"] == inside["as_of"].max()]
        for cut in SLICES:
            groups = state.groupby(list(cut)) if cut else [((), state)]
            for member, own in groups:
                for name, result in _results(own.to_dict("records")):
                    grain = {1: "month", 3: "quarter"}[months]
                    found[name, cut, member, grain, int(start), int(start) + months] = result
    return found


def _results(rows: list[dict[str, Any]]) -> list[tuple[str, Result]]:
    found = []
    for name, slow in MEASURES.items():
        kept = [row for row in rows if slow.wants(row)]
        values = [value for row in kept if (value := slow.value(row)) is not None]
        result = (recorded(slow.take(values)), len(values)) if values else slow.nothing[bool(kept)]
        if result is not None:
            found.append((name, result))
    return found


def frame(database: Database, snapshot: object) -> MeasureFrame:
    """The balances of the seed 3."""
    database.fill(TABLE, balances(3))
    return measured(database, {"balances": {"snapshot": snapshot, **ENTRY}}, fiscal_year_start=4)


@lru_cache
def wanted(months: int) -> dict[Key, Result]:
    """What the model makes of them."""
    return model(balances(3), months)


CASES = (
    Case("snapshots", partial(frame, snapshot="as_of"), partial(wanted, 1)),
    Case(
        "snapshots-of-quarters",
        partial(frame, snapshot={"at": "as_of", "covers": "quarter"}),
        partial(wanted, 3),
    ),
)
