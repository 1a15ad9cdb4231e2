"""A real shop's million lines, measured and compared with figures that were computed elsewhere."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.engines import SourceEngine
from connectors.sources import Source
from dashboard.measures.frame import MeasureFrame
from dashboard.measures.measuring import measure
from dashboard.periods import Grain
from tests.measures.building import catalog, values

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "online_retail_II"
LINES = FOLDER / "online_retail_II_dedup.parquet"
LINES_ENTRY: Mapping[str, Any] = {
    "table": "online_retail_ii_dedup",
    "event": "InvoiceDate",
    "dimensions": {"country": "Country"},
    "slices": ["country"],
    "measures": {
        "lines": "count(*)",
        "net_revenue": "sum(amount)",
        "gross_sales": "sum(amount) filter (where not Invoice like 'C%')",
        "cancelled": "sum(amount) filter (where Invoice like 'C%')",
        "customers": 'count(distinct "Customer ID")',
        "invoices": "count(distinct Invoice)",
        "cancellations": "count(distinct Invoice) filter (where Invoice like 'C%')",
        "middle_price": "median(Price)",
        "high_price": "percentile(Price, 0.95)",
    },
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINES.exists(), reason="the data set is not beside the project"),
]


@lru_cache
def frame() -> MeasureFrame:
    known = catalog({"lines": LINES_ENTRY}, zone="Europe/London", fiscal_year_start=12)
    source = Source("crm", None, FOLDER, "", 120.0, pool_size=1, retries=0, file="sources/crm.yaml")
    with SourceEngine(source) as engine:
        return measure(known, "lines", engine, since=None, now=datetime(2012, 1, 1, tzinfo=UTC))


def test_every_month_is_as_published() -> None:
    with (FOLDER / "monthly_golden.csv").open(encoding="utf-8") as file:
        golden = {row["m"]: row for row in csv.DictReader(file)}
    for name in ("net_revenue", "gross_sales", "customers", "invoices"):
        wanted = {month: pytest.approx(float(row[name]), rel=1e-11) for month, row in golden.items()}
        assert values(frame(), name) == wanted
    cancelled = values(frame(), "cancelled")
    assert cancelled == {month: pytest.approx(float(row["cancel_value"])) for month, row in golden.items()}
    invoices, cancellations = values(frame(), "invoices"), values(frame(), "cancellations")
    for month, row in golden.items():
        share = (cancellations[month] or 0) / (invoices[month] or 0)
        assert share == pytest.approx(float(row["cancel_invoice_rate"]))


def test_spans_are_those_of_a_query_of_their_own() -> None:
    asked = (
        'select count(distinct "Customer ID"), count(distinct Invoice), median(Price), '
        f"quantile_cont(Price, 0.95) from '{LINES}' where InvoiceDate >= ? and InvoiceDate < ?"
    )
    names = ("customers", "invoices", "middle_price", "high_price")
    spans = {
        (Grain.TWELVE_MONTHS, "2011-10"): ("2010-11-01", "2011-11-01"),
        (Grain.YEAR_TO_DATE, "2011-08"): ("2010-12-01", "2011-09-01"),
        (Grain.YEAR, "2010-11"): ("2009-12-01", "2010-12-01"),
        (Grain.QUARTER, "2011-05"): ("2011-03-01", "2011-06-01"),
    }
    for (grain, last), (start, end) in spans.items():
        [wanted] = duckdb.sql(asked, params=[start, end]).fetchall()
        found = tuple(values(frame(), name, grain=grain)[last] for name in names)
        assert found == pytest.approx(wanted, rel=1e-11)


def test_lines_are_all_counted_once_in_a_slice() -> None:
    assert frame().rows == 1_044_847
    assert sum(values(frame(), "lines").values()) == 1_044_847  # type: ignore[arg-type]
    assert sum(values(frame(), "lines", ("country",)).values()) == 1_044_847  # type: ignore[arg-type]
    assert frame().data_until == datetime(2011, 12, 10, tzinfo=UTC).date()
