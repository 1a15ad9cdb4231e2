"""Catalogs for tests of measuring, said in few words, and engines that ask a test database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.sources import Source
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Board, Catalog, Dataset, Lookup, Measure, Rules, Slice
from dashboard.definitions.parsing import parse_aggregate, parse_condition
from dashboard.measures.frame import Cell, MeasureFrame
from dashboard.measures.measuring import measure
from dashboard.periods import FiscalCalendar, Grain
from tests.engines import Database

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


def dataset(
    name: str = "answers",
    *,
    measures: Mapping[str, str] | None = None,
    dimensions: Mapping[str, str] | None = None,
    slices: Sequence[str | Sequence[str]] = (),
    lookups: Mapping[str, tuple[str, str]] | None = None,  # dataset -> (column here, key there)
    where: str | None = None,
    event: str | None = "answered_on",
    table: str | None = None,
    query: str | None = None,
    covers: Grain | None = None,
    key: str | None = None,
    time_zone: str | None = None,
) -> Dataset:
    columns = {label: text.rpartition(".") for label, text in (dimensions or {}).items()}
    return Dataset(
        name=name,
        source="crm",
        table=None if query else table or name,
        query=query,
        query_file="asked.sql" if query else None,
        event=event,
        covers=covers,
        entity=None,
        key=key,
        where=parse_condition(where) if where else None,
        lookups={
            other: Lookup(other, other, here, there) for other, (here, there) in (lookups or {}).items()
        },
        dimensions={label: Column(column, owner or None) for label, (owner, _, column) in columns.items()},
        slices=((), *(_slice(each) for each in slices)),
        measures={
            label: Measure(label, name, parse_aggregate(text), text, "1")
            for label, text in (measures or {}).items()
        },
        time_zone=time_zone,
        freshness_days=None,
        restate_months=None,
        file=f"datasets/{name}.yaml",
    )


def catalog(*datasets: Dataset, zone: str = "Europe/Amsterdam", fiscal_year_start: int = 1) -> Catalog:
    board = Board(
        organisation="Testing Ltd",
        currency="EUR",
        locale="en_GB",
        time_zone=zone,
        calendar=FiscalCalendar(fiscal_year_start),
        minimum_group=0,
        discount_rate=None,
        pages=(),
        rules=Rules(),
    )
    return Catalog(board, {"crm": ""}, {each.name: each for each in datasets}, {}, {}, "1")


@contextmanager
def asking(database: Database) -> Iterator[SourceEngine]:
    source = Source(
        name="crm",
        url=sa.make_url(database.reader),
        files=None,
        owner="",
        timeout_seconds=30.0,
        pool_size=1,
        retries=0,
        file="sources/crm.yaml",
    )
    with SourceEngine(source) as engine:
        yield engine


def measured(
    database: Database,
    *datasets: Dataset,
    zone: str = "Europe/Amsterdam",
    fiscal_year_start: int = 1,
    since: str | None = None,
    now: datetime = NOW,
) -> MeasureFrame:
    """The frame of the first dataset; the others are there to be looked up."""
    known = catalog(*datasets, zone=zone, fiscal_year_start=fiscal_year_start)
    with asking(database) as engine:
        day = None if since is None else datetime.fromisoformat(since).date()
        return measure(known, datasets[0].name, engine, since=day, now=now)


def values(
    frame: MeasureFrame, name: str, slice_: Slice = (), grain: Grain = Grain.MONTH
) -> dict[object, object]:
    """Value by (member, last month) of one measure: {"2026-04": 3.0} or {("north", "2026-04"): 3.0}."""
    return {_place(cell): cell.value for cell in cells(frame, name, slice_, grain)}


def cells(frame: MeasureFrame, name: str, slice_: Slice = (), grain: Grain = Grain.MONTH) -> list[Cell]:
    key = f"{frame.dataset}.{name}"
    return [
        cell for cell in frame.cells if (cell.measure, cell.slice, cell.period.grain) == (key, slice_, grain)
    ]


def _place(cell: Cell) -> object:
    month = f"{cell.period.last_month.start:%Y-%m}"
    return (*cell.member, month) if cell.member else month


def _slice(given: str | Sequence[str]) -> Slice:
    return (given,) if isinstance(given, str) else tuple(given)


def folder_of(database: Database) -> Path:
    """The file of a DuckDB or SQLite database."""
    return Path(sa.make_url(database.admin).database or "")
