"""Short ways to write frames, readings and runs."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from dashboard.definitions.model import Catalog, Slice
from dashboard.ledger.book import Book
from dashboard.ledger.recording import DatasetRead, Run
from dashboard.ledger.refresh import dataset_version
from dashboard.ledger.scope import EVERYTHING, Scope
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell, MeasureFrame
from dashboard.periods import FiscalCalendar, Grain, Period, month_of

START = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
CALENDAR = FiscalCalendar(1)


def month(text: str) -> Period:
    return month_of(date.fromisoformat(f"{text}-01"))


def quarter(text: str) -> Period:
    return CALENDAR.containing(Grain.QUARTER, month(text).start)


def cell(
    measure: str,
    period: Period | str,
    value: float | None,
    n: int | None = 1,
    *,
    by: Slice = (),
    member: tuple[str, ...] = (),
) -> Cell:
    return Cell(measure, month(period) if isinstance(period, str) else period, by, member, value, n)


def frame(*cells: Cell, since: date | None = None, until: date | None = date(2026, 7, 1)) -> MeasureFrame:
    dataset = cells[0].measure.partition(".")[0] if cells else "sales"
    return MeasureFrame(dataset, cells, since, until, len(cells), ())


def read(
    found: MeasureFrame,
    *,
    version: str = "v1",
    measures: Mapping[str, str] | None = None,
    slices: tuple[Slice, ...] | None = None,
) -> DatasetRead:
    return DatasetRead(found.dataset, version, "shop", "ok", "", 0.1, found, measures or {}, slices)


def record(ledger: Ledger, *reads: DatasetRead, at: int = 0) -> Run:
    """A run that finishes `at` hours after START."""
    finished = START + timedelta(hours=at)
    return ledger.record(finished - timedelta(minutes=1), finished, "Ann", "c1", reads)


def company_read(
    catalog: Catalog, *cells: Cell, since: date | None = None, until: date | None = date(2026, 7, 1)
) -> DatasetRead:
    """A reading of the dataset of the cells, as a refresh would make it."""
    dataset = catalog.datasets[cells[0].measure.partition(".")[0]]
    versions = {measure.key: measure.version for measure in dataset.measures.values()}
    return read(
        frame(*cells, since=since, until=until),
        version=dataset_version(dataset),
        measures=versions,
        slices=dataset.slices,
    )


def book(catalog: Catalog, ledger: Ledger, *slices: Slice, scope: Scope = EVERYTHING) -> Book:
    """All measures of the catalog."""
    measures = {m.key: m.version for d in catalog.datasets.values() for m in d.measures.values()}
    return ledger.book(measures, slices, scope=scope)
