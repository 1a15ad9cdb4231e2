"""Configurations for tests of measuring, written and loaded as an analyst's are, and a database to ask."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from connectors.engines import SourceEngine
from connectors.sources import Source
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog, Slice
from dashboard.measures.frame import Cell, MeasureFrame
from dashboard.measures.measuring import measure
from dashboard.periods import Grain
from tests.engines import Database

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
Entries = Mapping[
    str, Mapping[str, Any]
]  # dataset -> its YAML; `sql` instead of table or query is the query's text


def catalog(datasets: Entries, *, zone: str = "Europe/Amsterdam", fiscal_year_start: int = 1) -> Catalog:
    """The catalog of a configuration that holds these datasets alone, all in the source `crm`."""
    board = {
        "organisation": "Testing Ltd",
        "currency": "EUR",
        "locale": "en_GB",
        "time_zone": zone,
        "fiscal_year_start": fiscal_year_start,
        "minimum_group": 1,
        "pages": [],
    }
    with tempfile.TemporaryDirectory() as name:
        config = Path(name)
        (config / "datasets").mkdir()
        (config / "board.yaml").write_text(yaml.safe_dump(board))
        for dataset, entry in datasets.items():
            written = {"source": "crm", **entry}
            if "sql" in written:
                (config / "datasets" / f"{dataset}.sql").write_text(written.pop("sql"))
                written["query"] = f"{dataset}.sql"
            elif "table" not in written:
                written["table"] = dataset
            text = yaml.safe_dump(written, sort_keys=False, allow_unicode=True)
            (config / "datasets" / f"{dataset}.yaml").write_text(text)
        return load_catalog(config, sources={"crm": "Sales"})


def at(text: str) -> datetime:
    """A time without zone, as a clock on some wall shows it."""
    return datetime.fromisoformat(text)


@contextmanager
def asking(database: Database) -> Iterator[SourceEngine]:
    """The database as the source `crm`."""
    url = sa.make_url(database.reader)
    source = Source("crm", url, None, "Sales", 30.0, pool_size=1, retries=0, file="sources/crm.yaml")
    with SourceEngine(source) as engine:
        yield engine


def measured(
    database: Database,
    datasets: Entries,
    *,
    zone: str = "Europe/Amsterdam",
    fiscal_year_start: int = 1,
    since: date | None = None,
    now: datetime = NOW,
) -> MeasureFrame:
    """The frame of the first dataset; the others are there to be looked up."""
    known = catalog(datasets, zone=zone, fiscal_year_start=fiscal_year_start)
    with asking(database) as engine:
        return measure(known, next(iter(datasets)), engine, since=since, now=now)


def values(
    frame: MeasureFrame, name: str, cut: Slice = (), grain: Grain = Grain.MONTH
) -> dict[object, float | None]:
    """Value by last month, after the member if any: {"2026-04": 3.0} or {("north", "2026-04"): 3.0}."""
    return {_place(cell): cell.value for cell in cells(frame, name, cut, grain)}


def cells(frame: MeasureFrame, name: str, cut: Slice = (), grain: Grain = Grain.MONTH) -> list[Cell]:
    """The cells of one measure, slice and grain."""
    wanted = (f"{frame.dataset}.{name}", cut, grain)
    return [cell for cell in frame.cells if (cell.measure, cell.slice, cell.period.grain) == wanted]


def _place(cell: Cell) -> object:
    month = f"{cell.period.last_month.start:%Y-%m}"
    return (*cell.member, month) if cell.member else month
