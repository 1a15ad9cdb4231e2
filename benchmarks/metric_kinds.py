"""Each kind of metric against hand-written SQL for the same numbers: database time, and Python memory.

Cases: twenty measures of events in four slices (goal: at most 1.2 of the time by hand), the closing stock of
spans in four slices (1.3), distinct customers at close (told, without a goal), a bridge over twelve months
and a cohort by month (1.3). A case is a dataset or a derivation, and a SELECT; more are added to CASES.

    python -m benchmarks.metric_kinds [--rows 100000 1000000] [--runs 5] [--cases NAME ...] [--postgres URL]

`--rows` without a number leaves DuckDB out; PostgreSQL has 10^6 rows, and answers without parallel workers.
"""

import argparse
import statistics
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from benchmarks.refresh import Clocked
from connectors.engines import SourceEngine
from connectors.sources import Source
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from dashboard.measures.measuring import measure

NOW = datetime(2026, 10, 15, tzinfo=UTC)
FLAT = 1.5
POSTGRES_ROWS = 1_000_000
SETS = "((month), (month, segment), (month, region), (month, segment, region))"
MONTH = "CAST(date_part('year', {}) * 12 + date_part('month', {}) AS INTEGER)"
ALONE = {
    "options": "-c max_parallel_workers_per_gather=0"
}  # what others work, this process's clock does not tell


@dataclass(frozen=True)
class Case:
    """A dataset, and the SELECT by hand for what it measures; `goal` is the most times its time allowed."""

    dataset: str
    by_hand: str
    goal: float | None


# The same random numbers on every engine: a row is its number, scattered by multiplication.
TABLES = {
    "orders": """
CREATE TABLE orders AS SELECT CAST('2021-10-01' AS date) + CAST(i * 7919 % 1826 AS INTEGER) AS ordered_on,
  'segment ' || (i * 31 % 4) AS segment, 'region ' || (i * 17 % 12) AS region,
  i * 104729 % ({rows} / 20 + 1) AS customer,
  CAST(i * 104729 % 100000 AS DOUBLE PRECISION) / 100 AS amount, CAST(i * 13 % 11 AS INTEGER) AS score,
  i % 10 = 0 AS returned, CAST(i * 7 % 30 AS INTEGER) AS days
FROM {numbers}""",
    "subscriptions": """
CREATE TABLE subscriptions AS
SELECT CAST('2021-10-01' AS date) + CAST(i * 7919 % 1826 AS INTEGER) AS started_on,
  CASE WHEN i % 3 > 0 THEN CAST('2021-10-01' AS date) + CAST(i * 7919 % 1826 + i * 31 % 700 AS INTEGER) END
    AS ended_on,
  'segment ' || (i * 31 % 4) AS segment, 'region ' || (i * 17 % 12) AS region,
  CAST(i * 104729 % 10000 AS DOUBLE PRECISION) / 100 AS price, i * 104729 % ({rows} / 2 + 1) AS customer
FROM {numbers}""",
}
NUMBERS = {
    "duckdb": "range({rows}) AS numbers(i)",
    "postgresql": "generate_series(CAST(0 AS bigint), {rows} - 1) AS numbers(i)",
}
BOARD = """
organisation: Benchmark
currency: EUR
locale: en_GB
time_zone: UTC
minimum_group: 10
pages: []
"""
FOUR = "dimensions: {segment: segment, region: region}\nslices: [segment, region, [segment, region]]\n"
COUNTED = ("score >= 9", "score <= 6", "returned", "days > 14", "amount > 500", "score = 10", "days = 0")
SUMMED = ("amount", "score", "days")
DATASETS = {
    "orders": "source: shop\ntable: orders\nevent: ordered_on\n"
    + FOUR
    + "measures:\n  orders: count(*)\n"
    + "".join(f"  counted_{place}: count(*) filter (where {each})\n" for place, each in enumerate(COUNTED))
    + "".join(f"  sum_of_{each}: sum({each})\n  mean_{each}: avg({each})\n" for each in SUMMED)
    + "".join(f"  returned_{each}: sum({each}) filter (where returned)\n" for each in SUMMED)
    + "".join(f"  praised_{each}: sum({each}) filter (where score >= 9)\n" for each in SUMMED),
    "subscriptions": "source: shop\ntable: subscriptions\nspan: {start: started_on, end: ended_on}\n"
    + FOUR
    + "measures:\n  contracts: {value: count(*), at: close}\n  revenue: {value: sum(price), at: close}\n",
    "subscribers": "source: shop\ntable: subscriptions\nspan: {start: started_on, end: ended_on}\n"
    + FOUR
    + "measures:\n  customers: {value: count(distinct customer), at: close}\n",
}
DERIVATIONS = """
bridge:
  bridge: {dataset: orders, entity: customer, value: sum(amount), over: 12 months, slices: []}
cohort:
  cohort: {dataset: orders, entity: customer, by: month, value: sum(amount), slices: []}
"""


def _events() -> str:
    parts = ["count(*) AS c0"]
    parts += [f"sum(CASE WHEN {each} THEN 1 ELSE 0 END) AS c{place}" for place, each in enumerate(COUNTED, 1)]
    for each in SUMMED:
        parts += [f"sum({each}) AS s_{each}", f"count({each}) AS n_{each}"]
        for name, condition in (("r", "returned"), ("p", "score >= 9")):
            value = f"CASE WHEN {condition} THEN {each} END"
            parts += [f"sum({value}) AS {name}s_{each}", f"count({value}) AS {name}n_{each}"]
    names = [part.rpartition(" ")[2] for part in parts]
    month = MONTH.replace("{}", "ordered_on")
    return (
        f"WITH finest AS (SELECT {month} AS month, segment, region, {', '.join(parts)} "
        "FROM orders GROUP BY 1, 2, 3) "
        f"SELECT month, segment, region, {', '.join(f'sum({name})' for name in names)} "
        f"FROM finest GROUP BY GROUPING SETS {SETS}"
    )


def _stock() -> str:
    """Starts and ends, each grouped in a reading of its own, then added up: what one writes first."""
    halves = [
        f"SELECT {MONTH.replace('{}', column)} AS month, segment, region, {sign}count(*) AS c, "
        f"{sign}sum(price) AS s FROM subscriptions WHERE {column} < DATE '2026-10-16' GROUP BY 1, 2, 3"
        for column, sign in (("started_on", ""), ("ended_on", "-"))
    ]
    return (
        f"WITH moves AS ({' UNION ALL '.join(halves)}), cut AS (SELECT month, segment, region, sum(c) AS c, "
        f"sum(s) AS s FROM moves GROUP BY GROUPING SETS {SETS}) SELECT month, segment, region, "
        "sum(c) OVER w, sum(s) OVER w FROM cut WINDOW w AS (PARTITION BY segment, region ORDER BY month)"
    )


def _standing() -> str:
    """Distinct customers month by month: every month joined with the spans that run at its end."""
    return (
        "WITH months AS (SELECT DISTINCT CAST(date_trunc('month', started_on) AS date) AS first "
        "FROM subscriptions) "
        "SELECT first, segment, region, count(DISTINCT customer) FROM months JOIN subscriptions "
        "ON started_on < first + INTERVAL '1' MONTH "
        "AND (ended_on IS NULL OR ended_on >= first + INTERVAL '1' MONTH) "
        "GROUP BY GROUPING SETS ((first), (first, segment), (first, region), (first, segment, region))"
    )


def _bridge() -> str:
    """Every customer in every month since the first, twelve months added up, and that of a year before."""
    by_customer = "PARTITION BY customer ORDER BY month"
    return (
        f"WITH paid AS (SELECT customer, {MONTH.replace('{}', 'ordered_on')} AS month, sum(amount) AS amount "
        "FROM orders GROUP BY 1, 2), months AS (SELECT DISTINCT month FROM paid), "
        "born AS (SELECT customer, min(month) AS first FROM paid GROUP BY 1), "
        "grid AS (SELECT born.customer, months.month, paid.amount FROM born "
        "JOIN months ON months.month >= born.first "
        "LEFT JOIN paid ON paid.customer = born.customer AND paid.month = months.month), "
        f"rolled AS (SELECT customer, month, sum(amount) OVER ({by_customer} "
        "ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS b FROM grid), "
        f"each AS (SELECT month, b, lag(b, 12) OVER ({by_customer}) AS a FROM rolled) "
        "SELECT month, sum(a), sum(CASE WHEN b IS NULL THEN a END), sum(CASE WHEN a > b THEN a - b END), "
        "sum(CASE WHEN b > a THEN b - a END), sum(CASE WHEN a IS NULL THEN b END), sum(b), count(a), "
        "count(b) "
        "FROM each GROUP BY 1"
    )


def _cohort() -> str:
    month = MONTH.replace("{}", "ordered_on")
    return (
        f"WITH paid AS (SELECT customer, {month} AS month, sum(amount) AS amount FROM orders GROUP BY 1, 2), "
        "born AS (SELECT *, min(month) OVER (PARTITION BY customer) AS cohort FROM paid) "
        "SELECT cohort, month - cohort, count(*), sum(amount) FROM born GROUP BY 1, 2"
    )


CASES = (
    Case("orders", _events(), 1.2),
    Case("subscriptions", _stock(), 1.3),
    Case("subscribers", _standing(), None),
    Case("bridge", _bridge(), 1.3),
    Case("cohort", _cohort(), 1.3),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cases", nargs="+", default=[case.dataset for case in CASES])
    parser.add_argument("--postgres", help="a database that may be written to; tables are made anew in it")
    asked = parser.parse_args()
    peaks: dict[str, list[int]] = {}
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as folder:
            url = sa.make_url(f"duckdb:///{folder}/shop.duckdb")
            report(url, rows, asked, peaks)
    if asked.postgres:
        url = sa.make_url(asked.postgres).update_query_dict(ALONE)
        report(url, POSTGRES_ROWS, asked, {})
    for dataset, found in peaks.items():
        ratio = found[-1] / found[0]
        told = ", ".join(f"{peak / 1e6:.1f} MB" for peak in found)
        print(f"{dataset:15} Python memory {told}: ratio {ratio:.2f}  (goal at most {FLAT})")


def report(url: sa.URL, rows: int, asked: argparse.Namespace, peaks: dict[str, list[int]]) -> None:
    """Print one line per case; the peaks of Python's memory are added to `peaks`."""
    fill(url, rows)
    with opened(url) as (catalog, engine):
        for case in (case for case in CASES if case.dataset in asked.cases):
            (ours, floor), (used, floor_used) = times(catalog, engine, case, asked.runs)
            peaks.setdefault(case.dataset, []).append(peak(catalog, engine, case.dataset))
            goal = f"goal at most {case.goal}" if case.goal else "no goal"
            name = url.get_backend_name()
            processor = f", of the processor {used / floor_used:.2f}" if floor_used else ""
            print(
                f"{name:10} {rows:>10,} rows  {case.dataset:15} ours {1000 * ours:7.0f} ms  "
                f"by hand {1000 * floor:7.0f} ms  ratio {ours / floor:.2f}{processor}  ({goal})"
            )


def fill(url: sa.URL, rows: int) -> None:
    """The tables, made anew."""
    engine = sa.create_engine(url)
    name = url.get_backend_name()
    numbers = NUMBERS[name].format(rows=rows)
    with engine.begin() as connection:
        for table, text in TABLES.items():
            made = text.format(rows=rows, numbers=numbers)
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
            connection.exec_driver_sql(made.replace("%", "%%") if name == "postgresql" else made)
            connection.exec_driver_sql(f"ANALYZE {table}")  # as a server does by itself after a minute
    engine.dispose()


@contextmanager
def opened(url: sa.URL) -> Iterator[tuple[Catalog, SourceEngine]]:
    """The datasets as an analyst writes them, over the database."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder)
        for part in ("datasets", "derivations", "pages"):
            (config / part).mkdir()
        (config / "board.yaml").write_text(BOARD)
        for name, text in DATASETS.items():
            (config / "datasets" / f"{name}.yaml").write_text(text)
        (config / "derivations" / "all.yaml").write_text(DERIVATIONS)
        catalog = load_catalog(config, sources={"shop": "Nobody"})
    source = Source("shop", url, None, "Nobody", 600.0, pool_size=1, retries=0, file="sources/shop.yaml")
    with SourceEngine(source) as engine:
        yield catalog, engine


def times(catalog: Catalog, engine: SourceEngine, case: Case, runs: int) -> tuple[tuple[float, float], ...]:
    """Seconds inside the database, ours and by hand, in turn; the medians without a first run.

    Once of the clock, and once of the processor, as far as Clocked knows it.
    """
    ours: list[tuple[float, float]] = []
    floor: list[tuple[float, float]] = []
    clocked, by_hand = Clocked(engine), sa.text(case.by_hand.replace(":", r"\:"))
    for _ in range(runs + 1):
        for found, ask in (
            (ours, lambda: measure(catalog, case.dataset, clocked, since=None, now=NOW)),  # type: ignore
            (floor, lambda: clocked.fetch(by_hand)),
        ):
            clocked.seconds = clocked.processor = 0.0
            ask()
            found.append((clocked.seconds, clocked.processor))
    return tuple(
        (
            statistics.median(each[way] for each in ours[1:]),
            statistics.median(each[way] for each in floor[1:]),
        )
        for way in (0, 1)
    )


def peak(catalog: Catalog, engine: SourceEngine, dataset: str) -> int:
    """Bytes that Python holds at the peak of one measurement."""
    tracemalloc.start()
    measure(catalog, dataset, engine, since=None, now=NOW)
    _, found = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return found


if __name__ == "__main__":
    main()
