"""A refresh of which nothing is new against a full one: what is spared where nobody has written.

Everything of a refresh counts: the questions, the reading of the ledger and the writing of the run. Goal: at
most 5 % of a full one. A DuckDB file to which nobody wrote is not asked at all. A server is asked for the
months of the horizon (`restate`), here one of sixty.

    python -m benchmarks.nothing_new [--rows 1000000] [--runs 5] [--postgres URL]
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import sqlalchemy as sa

from benchmarks.metric_kinds import NOW, fill, opened
from connectors.engines import SourceEngine
from dashboard.connections import SourceReader
from dashboard.definitions.model import Catalog
from dashboard.ledger.refresh import refresh
from dashboard.ledger.store import Ledger

GOAL = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--postgres", help="a database that may be written to; tables are made anew in it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        urls = [sa.make_url(f"duckdb:///{folder}/shop.duckdb")]
        urls += [sa.make_url(asked.postgres)] if asked.postgres else []
        for url in urls:
            fill(url, asked.rows)
            with opened(url) as (catalog, engine):
                for name, part in (("everything", catalog), ("orders", _orders_alone(catalog))):
                    full, again = _seconds(part, engine, Path(folder), asked.runs)
                    print(
                        f"{url.get_backend_name():10} {asked.rows:>10,} rows  {name:10} full "
                        f"{1000 * full:6.0f} ms  nothing new {1000 * again:5.0f} ms  ratio "
                        f"{again / full:.3f}  (goal at most {GOAL})"
                    )


def _orders_alone(catalog: Catalog) -> Catalog:
    """Twenty measures of events, of which one month is asked again: no stock, and no history of customers."""
    orders = replace(catalog.datasets["orders"], restate_months=1)
    return replace(catalog, datasets=MappingProxyType({"orders": orders}), derivations=MappingProxyType({}))


def _seconds(catalog: Catalog, engine: SourceEngine, folder: Path, runs: int) -> tuple[float, float]:
    """Medians of a full refresh and of one with nothing new, in turn, without the first of each."""
    found: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory(dir=folder) as name, Ledger(f"sqlite:///{name}/ledger.sqlite") as ledger:
        for _ in range(runs + 1):
            for full, seconds in found.items():
                began = time.perf_counter()
                refresh(
                    catalog,
                    {"shop": SourceReader(engine)},
                    ledger,
                    now=lambda: NOW,
                    author="benchmark",
                    full=full,
                )
                seconds.append(time.perf_counter() - began)
    return statistics.median(found[True][1:]), statistics.median(found[False][1:])


if __name__ == "__main__":
    main()
