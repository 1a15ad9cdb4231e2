"""The online retailer's example and its data, for tests: loaded, measured into a ledger, and asked."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from dashboard.connections import readers
from dashboard.definitions.derivation import FREQUENCY_SLICE
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog
from dashboard.deployment import load
from dashboard.ledger.book import Book
from dashboard.ledger.figures import Figure, figure
from dashboard.ledger.refresh import RunReport, refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain, Period, add_months, month_of

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "docs" / "examples" / "online_retail"
DATA = ROOT.parent / "shared" / "data" / "online_retail_II"
LINES = DATA / "online_retail_II_dedup.parquet"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CENT = 0.005

MONTHS = tuple(month_of(add_months(date(2009, 12, 1), count)) for count in range(25))
OPEN_MONTH = MONTHS[-1]

needs_data = pytest.mark.skipif(not LINES.is_file(), reason=f"The test data {DATA} is not there.")


@dataclass(frozen=True)
class Shop:
    """The example after a refresh."""

    catalog: Catalog
    book: Book
    report: RunReport

    def figure(self, metric: str, period: Period, country: str | None = None) -> Figure:
        """The metric's figure, in total or for a country."""
        cut = ((), ()) if country is None else (("country",), (country,))
        return figure(self.catalog, self.book, self.catalog.metric(metric), period, *cut)

    def values(self, metric: str, country: str | None = None) -> list[float | None]:
        """The metric's values month by month."""
        return [self.figure(metric, month, country).value for month in MONTHS]

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country that has a figure."""
        return tuple(name for (name,) in self.book.members(("country",)))

    def periods(self, *grains: Grain) -> list[Period]:
        """Every period of the grains that has rows."""
        calendar = self.catalog.board.calendar
        return [
            period
            for grain in grains
            for period in calendar.between(grain, MONTHS[0].start, OPEN_MONTH.start)
        ]


def measured(folder: Path, config: Path, environ: Mapping[str, str]) -> Shop:
    """Load the configuration, measure all of it into a fresh ledger in `folder`, and open its book."""
    ledger_url = f"sqlite:///{folder / 'ledger.sqlite'}"
    deployment = load(config, {**environ, "BOARDSEAT_LEDGER": ledger_url})
    catalog = deployment.catalog
    with readers(deployment) as sources, Ledger(deployment.ledger_url) as ledger:
        report = refresh(catalog, sources, ledger, now=lambda: NOW, author="test", full=True)
        wanted: dict[str, str] = {}
        for metric in catalog.metrics.values():
            wanted |= measures_of(catalog, metric)
        slices = ((), ("country",), ("age",), FREQUENCY_SLICE)
        for derivation in catalog.derivations.values():  # also the lines that no metric names
            wanted |= {each.key: each.version for each in derivation.measures.values()}
        book = ledger.book(wanted, slices, scope=EVERYTHING)
    return Shop(catalog, book, report)


def golden() -> list[dict[str, float]]:
    """monthly_golden.csv, a mapping for each of MONTHS."""
    with (DATA / "monthly_golden.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row.pop("m") for row in rows] == [f"{month.start:%Y-%m}" for month in MONTHS]
    return [{name: float(value) for name, value in row.items()} for row in rows]


@contextmanager
def the_lines() -> Iterator[duckdb.DuckDBPyConnection]:
    """The lines as a view `line`, with the columns invoice, code, moment, customer, country and amount."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE VIEW line AS SELECT Invoice AS invoice, StockCode AS code, InvoiceDate AS moment, "
            f"\"Customer ID\" AS customer, Country AS country, amount FROM '{LINES}'"
        )
        yield connection


def asked(sql: str) -> list[tuple]:
    """The rows that hand-written SQL over `line` gives, without any of our own code."""
    with the_lines() as connection:
        return connection.execute(sql).fetchall()
