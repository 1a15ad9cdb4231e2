"""A company of one pair whose months a test writes itself, recorded in a real ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.board.assembly import assemble
from dashboard.board.panels import BoardPage
from dashboard.board.view import View
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from dashboard.ledger.refresh import dataset_version
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import DatasetRead, Ledger
from dashboard.measures.frame import Cell, MeasureFrame
from dashboard.periods import Grain, Period, add_months, month_of

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "pair"
FIRST = date(2023, 10, 1)
RECORDED = datetime(2026, 10, 5, 8, tzinfo=UTC)
TODAY = date(2026, 10, 5)
LATEST = View(Grain.QUARTER, date(2026, 9, 1))

Counts = tuple[int, int, int]  # answers, promoters, detractors
Answers = Mapping[str, Callable[[int], Counts | None]]


def catalog() -> Catalog:
    return load_catalog(CONFIGURATION, sources={"warehouse": "Data office"})


def steady(answers: int, promoters: int, detractors: int) -> Callable[[int], Counts]:
    """The same share in every month, with a wobble that no rule takes for a signal."""

    def counts(month: int) -> Counts:
        wobble = (0, 3, -2, 1, -3, 2)[month % 6]
        return answers, promoters + wobble, detractors

    return counts


def frame(
    dataset: str, cells: Sequence[Cell], until: date | None, *, warnings: tuple[str, ...] = ()
) -> MeasureFrame:
    return MeasureFrame(dataset, tuple(cells), None, until, 1000, warnings)


def survey(answers: Answers, months: int) -> Iterator[Cell]:
    for index in range(months):
        period = month_of(add_months(FIRST, index))
        found = {segment: counts(index) for segment, counts in answers.items()}
        told = {segment: counts for segment, counts in found.items() if counts is not None}
        for position, measure in enumerate(("responses", "promoters", "detractors")):
            for segment, counts in told.items():
                yield _cell(f"survey.{measure}", period, counts[position], ("segment",), (segment,))
            if told:
                yield _cell(f"survey.{measure}", period, sum(counts[position] for counts in told.values()))


def revenue(amount: Callable[[int], float], months: int) -> Iterator[Cell]:
    for index in range(months):
        period = month_of(add_months(FIRST, index))
        yield Cell("finance.revenue", period, (), (), float(amount(index)), 5)


def record(
    ledger: Ledger, found: Catalog, frames: Sequence[MeasureFrame], *, failed: Mapping[str, str] | None = None
) -> None:
    reads = [_read(found, item.dataset, "ok", "", item) for item in frames]
    reads += [_read(found, name, "failed", text, None) for name, text in (failed or {}).items()]
    ledger.record(RECORDED, RECORDED, "test", found.version, reads)


def page(ledger: Ledger, found: Catalog, view: View = LATEST, *, today: date = TODAY) -> BoardPage:
    return assemble(found, ledger, found.page("overview"), view, scope=EVERYTHING, today=today)


def _read(found: Catalog, name: str, status: str, text: str, item: MeasureFrame | None) -> DatasetRead:
    dataset = found.datasets[name]
    versions = {measure.key: measure.version for measure in dataset.measures.values()}
    return DatasetRead(name, dataset_version(dataset), dataset.source, status, text, 0.1, item, versions)


def _cell(
    key: str, period: Period, value: float, slice_: tuple[str, ...] = (), member: tuple[str, ...] = ()
) -> Cell:
    return Cell(key, period, slice_, member, float(value), int(value))
