"""A refresh of one dataset in DuckDB against the best hand-written single-scan SQL for the same measures.

Database time of both in one process, in turn, the medians compared (goal: at most 1.2); and the peak of
Python's own memory while measuring 10^5 and 10^7 rows (goal: flat).

    python -m benchmarks.refresh [--rows 10000000] [--runs 7]
"""

import argparse
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.sources import load_sources
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from dashboard.measures.measuring import measure

GOAL, FLAT = 1.2, 1.5
NOW = datetime(2026, 10, 15, tzinfo=UTC)
ROWS = """
CREATE TABLE orders AS
SELECT timestamp '2021-10-01' + to_seconds((hash(i) % 157766400)::BIGINT) AS ordered_at,
       'segment ' || (hash(i, 1) % 4) AS segment, 'region ' || (hash(i, 2) % 12) AS region,
       (hash(i, 3) % 100000) / 100.0 AS amount, (hash(i, 4) % 11)::INTEGER AS score,
       hash(i, 5) % 10 = 0 AS returned
FROM range({rows}) AS rows(i)
"""
CONFIGURATION = {
    "board.yaml": """
organisation: Benchmark
currency: EUR
locale: en_GB
time_zone: Europe/Amsterdam
fiscal_year_start: 4
minimum_group: 10
pages: []
""",
    "sources/shop.yaml": "url: duckdb:///{database}\nowner: Nobody\ntimeout: 5 minutes\n",
    "datasets/orders.yaml": """
source: shop
table: orders
event: ordered_at
dimensions: {segment: segment, region: region}
slices: [segment, region, [segment, region]]
measures:
  orders: count(*)
  revenue: sum(amount)
  returns: count(*) filter (where returned)
  refunds: sum(amount) filter (where returned)
  answers: count(score)
  promoters: count(*) filter (where score >= 9)
  detractors: count(*) filter (where score <= 6)
  score: avg(score)
""",
}
# The same measures by the hand of somebody who reads the table once: the finest groups, then rolled up.
BY_HAND = """
WITH finest AS (
  SELECT year(ordered_at) * 12 + month(ordered_at) AS month, segment, region,
         count(*) AS orders, sum(amount) AS revenue, count(amount) AS amounts,
         sum(CASE WHEN returned THEN 1 ELSE 0 END) AS returns,
         sum(CASE WHEN returned THEN amount END) AS refunds,
         count(CASE WHEN returned THEN amount END) AS refunded,
         count(score) AS answers, sum(CASE WHEN score >= 9 THEN 1 ELSE 0 END) AS promoters,
         sum(CASE WHEN score <= 6 THEN 1 ELSE 0 END) AS detractors, sum(score) AS score,
         max(ordered_at) AS newest
  FROM orders GROUP BY ALL
)
SELECT month, segment, region, sum(orders), sum(revenue), sum(amounts), sum(returns), sum(refunds),
       sum(refunded), sum(answers), sum(promoters), sum(detractors), sum(score), max(newest)
FROM finest
GROUP BY GROUPING SETS ((month), (month, segment), (month, region), (month, segment, region))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = python_peak(Path(folder) / "small", asked.rows // 100)
        large = python_peak(Path(folder) / "large", asked.rows)
        ours, floor = database_times(Path(folder) / "large", asked.runs)
    print(f"Python memory at {asked.rows // 100:>10,} rows: {small / 1e6:6.1f} MB at the peak")
    print(f"Python memory at {asked.rows:>10,} rows: {large / 1e6:6.1f} MB at the peak")
    print(f"memory ratio {large / small:.2f}  (goal at most {FLAT})")
    print(f"refresh, database time:      {1000 * statistics.median(ours):7.0f} ms, median of {asked.runs}")
    print(f"hand-written, database time: {1000 * statistics.median(floor):7.0f} ms")
    print(f"ratio {statistics.median(ours) / statistics.median(floor):.2f}  (goal at most {GOAL})")


def python_peak(folder: Path, rows: int) -> int:
    """Bytes that Python holds at the peak of one measurement; made with a first, uncounted one."""
    with opened(folder, rows) as (catalog, engine):
        measure(catalog, "orders", engine, since=None, now=NOW)
        tracemalloc.start()
        measure(catalog, "orders", engine, since=None, now=NOW)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak


def database_times(folder: Path, runs: int) -> tuple[list[float], list[float]]:
    """Seconds inside the database, ours and by hand, in turn."""
    ours, floor = [], []
    by_hand = sa.text(BY_HAND)
    with opened(folder, 0) as (catalog, engine):
        clocked = Clocked(engine)
        for _ in range(runs + 1):
            clocked.seconds = 0.0
            measure(catalog, "orders", clocked, since=None, now=NOW)  # type: ignore[arg-type]
            ours.append(clocked.seconds)
            clocked.seconds = 0.0
            clocked.fetch(by_hand)
            floor.append(clocked.seconds)
    return ours[1:], floor[1:]


class Clocked:
    """A source engine that adds up the time its statements take, and the processor's time.

    The latter hardly minds what else the machine does. It is that of this process for an embedded database,
    that of its own process for a PostgreSQL on this machine (without parallel workers), and else 0.
    """

    def __init__(self, engine: SourceEngine) -> None:
        self._engine = engine
        self.seconds = 0.0
        self.processor = 0.0
        self._used: Callable[[], float] = time.process_time
        if engine.dialect.name == "postgresql":  # one connection: its pool has no more
            [(process,)] = engine.fetch(sa.text("SELECT pg_backend_pid()"))
            told = Path(f"/proc/{process}/schedstat")
            here = engine.source.url is not None and engine.source.url.host in ("localhost", "127.0.0.1")
            self._used = (lambda: int(told.read_text().split()[0]) / 1e9) if here else (lambda: 0.0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def fetch(self, statement: Any) -> list[tuple[Any, ...]]:
        began, used = time.perf_counter(), self._used()
        rows = self._engine.fetch(statement)
        self.seconds += time.perf_counter() - began
        self.processor += self._used() - used
        return rows


@contextmanager
def opened(folder: Path, rows: int) -> Iterator[tuple[Catalog, SourceEngine]]:
    """The configuration over a table of so many rows, made on first use."""
    database = folder / "shop.duckdb"
    if not database.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(database)) as connection:
            connection.execute(ROWS.format(rows=rows))
        for name, text in CONFIGURATION.items():
            path = folder / "config" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("{database}", str(database)))
        (folder / "config" / "pages").mkdir()
    sources, problems = load_sources(folder / "config", {})
    if problems:
        raise SystemExit("\n".join(map(str, problems)))
    catalog = load_catalog(
        folder / "config", sources={name: source.owner for name, source in sources.items()}
    )
    with SourceEngine(sources["shop"]) as engine:
        yield catalog, engine


if __name__ == "__main__":
    main()
