"""Configurations with derivations for tests, written and loaded as an analyst's are, and measured."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from dashboard.measures.frame import Cell, MeasureFrame
from dashboard.measures.measuring import measure
from tests.engines import Database
from tests.measures.building import NOW, asking

META = sa.MetaData()
INVOICES = sa.Table(
    "invoices",
    META,
    sa.Column("day", sa.Date()),
    sa.Column("customer", sa.String(20)),
    sa.Column("amount", sa.Numeric(12, 2, asdecimal=False)),
    sa.Column("segment", sa.String(20)),
    sa.Column("origin", sa.String(20)),
)
DATASET: Mapping[str, Any] = {
    "event": "day",
    "entity": "customer",
    "dimensions": {"segment": "segment", "origin": "origin"},
    "slices": ["segment"],
    "measures": {"revenue": "sum(amount)"},
}
Rows = Sequence[Mapping[str, Any]]


def company(
    derivations: Mapping[str, Any],
    datasets: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    zone: str = "Europe/Amsterdam",
    fiscal_year_start: int = 1,
    minimum_group: int = 1,
) -> Catalog:
    """The catalog of these derivations over the datasets, all in the source `crm`; else over invoices."""
    board = {
        "organisation": "Testing Ltd",
        "currency": "EUR",
        "locale": "en_GB",
        "time_zone": zone,
        "fiscal_year_start": fiscal_year_start,
        "minimum_group": minimum_group,
        "pages": [],
    }
    with tempfile.TemporaryDirectory() as name:
        config = Path(name)
        (config / "datasets").mkdir()
        (config / "derivations").mkdir()
        (config / "board.yaml").write_text(yaml.safe_dump(board))
        for dataset, entry in (datasets or {"invoices": DATASET}).items():
            text = yaml.safe_dump({"source": "crm", "table": dataset, **entry}, sort_keys=False)
            (config / "datasets" / f"{dataset}.yaml").write_text(text)
        (config / "derivations" / "all.yaml").write_text(yaml.safe_dump(dict(derivations), sort_keys=False))
        return load_catalog(config, sources={"crm": "Sales"})


def derived(
    database: Database, catalog: Catalog, name: str, *, since: date | None = None, now: datetime = NOW
) -> MeasureFrame:
    """The frame of a derivation, as the database has it now."""
    with asking(database) as engine:
        return measure(catalog, name, engine, since=since, now=now)


def by_place(frame: MeasureFrame) -> dict[tuple[Any, ...], tuple[float | None, int | None]]:
    """(line, slice, member, first day of the period) -> value and n."""
    return {_place(cell): (cell.value, cell.n) for cell in frame.cells}


def _place(cell: Cell) -> tuple[Any, ...]:
    return (cell.measure.partition(".")[2], cell.slice, cell.member, cell.period.start)
