"""A refresh: every dataset is measured, sources side by side, and what was found is recorded as one run."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Protocol, runtime_checkable

from dashboard.definitions.model import Catalog, Origin
from dashboard.ledger.book import DatasetState
from dashboard.ledger.defining import definitions_of
from dashboard.ledger.recording import ABSENT, FAILED, OK, DatasetRead, Run, partial_version
from dashboard.ledger.store import Ledger
from dashboard.ledger.unchanged import dataset_version, kept, stands_today
from dashboard.measures.failures import MeasuringError, NotConnected, SourceError, SourceUnreachable
from dashboard.measures.frame import MeasureFrame
from dashboard.measures.parts import connected_part
from dashboard.periods import add_months

__all__ = ["Progress", "Reader", "RunReport", "dataset_version", "missing", "refresh"]

LOG = logging.getLogger(__name__)
RESTATE_MONTHS = 13  # how far back a dataset is asked again, where it does not say so itself


class Reader(Protocol):
    """Measures the datasets and derivations of one source. It is used by one thread."""

    def measure(
        self, catalog: Catalog, dataset: Origin, *, since: date | None, now: datetime
    ) -> MeasureFrame:
        """Measure all periods that end after `since`; SourceError or MeasuringError when that cannot be."""


@runtime_checkable
class Cancellable(Protocol):
    """A reader that can be told, from another thread, to give up what it is doing."""

    def cancel(self) -> None:
        """Stop the statement that is running."""


@runtime_checkable
class Marked(Protocol):
    """A reader that can tell whether its source has been written to."""

    def mark(self) -> str | None:
        """The same mark as before means the same rows as before; None where that cannot be told."""


@dataclass(frozen=True)
class Progress:
    """A dataset has been read: `done` of `total`. `rows` is None where it failed.

    `unchanged`: it was not asked, because nothing was written since it was read.
    """

    source: str
    dataset: str
    rows: int | None
    done: int
    total: int
    unchanged: bool = False


@dataclass(frozen=True)
class RunReport:
    """What a refresh came to; the reads are in the order of the catalog."""

    run: Run
    reads: tuple[DatasetRead, ...]

    @property
    def failures(self) -> tuple[DatasetRead, ...]:
        """The reads that failed; their datasets keep the values that were recorded last."""
        return tuple(read for read in self.reads if read.status == FAILED)


@dataclass(frozen=True)
class _Order:
    """One dataset to be read."""

    dataset: Origin
    since: date | None
    known: DatasetState | None = None  # what is to be kept where the source is as it was then
    before: DatasetState | None = None  # what is known of it at all


def refresh(
    catalog: Catalog,
    readers: Mapping[str, Reader],
    ledger: Ledger,
    *,
    now: Callable[[], datetime],
    author: str,
    full: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> RunReport:
    """Measure every dataset and derivation that has measures and record one run.

    A dataset that fails keeps its last values and is recorded as failed. `full` asks for everything, not only
    for what may have been restated; without it, a source whose files are as they were is not asked at all.
    `progress` is called in this thread. Ctrl-C, or any other exception, leaves the ledger as it was.
    LedgerError when another refresh runs or the ledger cannot be written.
    """
    with ledger.refreshing():
        started = now()
        states = ledger.reads()
        orders: dict[str, list[_Order]] = {}
        for dataset in catalog.origins.values():
            if dataset.measures:
                state = None if full else states.get(dataset.name)
                known = state if state and stands_today(catalog, dataset, state, started) else None
                order = _Order(dataset, _since(dataset, state), known, states.get(dataset.name))
                orders.setdefault(dataset.source, []).append(order)
        found = _Reading(catalog, readers, started).all(orders, progress)
        reads = tuple(found[name] for name in catalog.origins if name in found)
        run = ledger.record(started, now(), author, catalog.version, reads, definitions_of(catalog))
    return RunReport(run, reads)


def missing(catalog: Catalog, ledger: Ledger) -> tuple[str, ...]:
    """The datasets that were never measured as they are defined now, in the order of the catalog.

    One whose table was looked for and is not there counts as measured: a refresh looks again.
    """
    versions = {
        name: dataset_version(dataset) for name, dataset in catalog.origins.items() if dataset.measures
    }
    whole = {(name, version): name for name, version in versions.items()}
    partial = {(name, partial_version(version)): name for name, version in versions.items()}
    known = {(whole | partial)[pair] for pair in ledger.were_read([*whole, *partial])}
    return tuple(name for name in versions if name not in known)


def _since(dataset: Origin, state: DatasetState | None) -> date | None:
    """The day after which periods must end to be asked again; None for all, when the definition is new."""
    if state is None or state.last_ok_at is None or state.data_until is None:
        return None
    if state.version != dataset_version(dataset):
        return None
    return add_months(state.data_until, -(dataset.restate_months or RESTATE_MONTHS))


@dataclass(frozen=True)
class _Reading:
    """All sources at once, one thread for each."""

    catalog: Catalog
    readers: Mapping[str, Reader]
    started: datetime

    def all(
        self, orders: Mapping[str, Sequence[_Order]], progress: Callable[[Progress], None] | None
    ) -> dict[str, DatasetRead]:
        """The reading of every dataset ordered, by name."""
        total = sum(map(len, orders.values()))
        finished: SimpleQueue[DatasetRead] = SimpleQueue()
        stop = threading.Event()
        pool = ThreadPoolExecutor(max_workers=max(1, len(orders)), thread_name_prefix="boardseat-refresh")
        found: dict[str, DatasetRead] = {}
        try:
            sources = [pool.submit(self._source, orders[name], finished, stop) for name in orders]
            while len(found) < total:
                read = _next(finished, sources)
                found[read.dataset] = read
                if progress is not None:
                    rows = read.frame.rows if read.frame else None
                    step = Progress(read.source, read.dataset, rows, len(found), total, read.unchanged)
                    progress(step)
        except BaseException:
            stop.set()
            self._cancel()
            raise
        finally:
            pool.shutdown(wait=len(found) == total, cancel_futures=True)
        return found

    def _source(
        self, orders: Sequence[_Order], finished: "SimpleQueue[DatasetRead]", stop: threading.Event
    ) -> None:
        mark, away = self._mark(orders)
        for order in orders:
            if stop.is_set():
                return
            began = perf_counter()
            status, message, frame = OK, mark, None
            try:
                if away is not None:  # to wait for every dataset until the time-out would take hours
                    status, message = FAILED, away
                elif mark and order.known is not None and order.known.mark == mark:
                    frame = kept(order.dataset, order.known)
                else:
                    frame = self._measure(order)
                    status, message, frame = _judged(order, mark, frame)
            except NotConnected as error:
                known = _was_whole(order)
                status, message = (FAILED, str(error)) if known else (ABSENT, ", ".join(error.datasets))
            except SourceUnreachable as error:
                status, message = FAILED, str(error)
                away = message
            except (SourceError, MeasuringError) as error:
                status, message = FAILED, str(error)
            except Exception as error:
                LOG.exception("Measuring %s failed", order.dataset.name)
                status, message = FAILED, _unforeseen(order.dataset, error)
            finished.put(_read(self.catalog, order.dataset, status, message, perf_counter() - began, frame))

    def _mark(self, orders: Sequence[_Order]) -> tuple[str, str | None]:
        """The mark of the source, before anything of it is read; or the message that it is away."""
        reader = self.readers.get(orders[0].dataset.source) if orders else None
        try:
            return (reader.mark() or "") if isinstance(reader, Marked) else "", None
        except SourceUnreachable as error:
            return "", str(error)

    def _measure(self, order: _Order) -> MeasureFrame:
        dataset = order.dataset
        reader = self.readers.get(dataset.source)
        if reader is None:
            raise MeasuringError(
                f"Dataset '{dataset.name}' was not read: source '{dataset.source}' is not open. "
                f"Check config/sources/{dataset.source}.yaml."
            )
        return reader.measure(self.catalog, dataset, since=order.since, now=self.started)

    def _cancel(self) -> None:
        for reader in self.readers.values():
            if isinstance(reader, Cancellable):
                reader.cancel()


def _next(finished: "SimpleQueue[DatasetRead]", sources: Sequence["Future[None]"]) -> DatasetRead:
    """The next dataset that has been read. A thread that died of our own bug passes its error on."""
    while True:
        try:
            return finished.get(timeout=0.5)  # a wait without end would not hear Ctrl-C on Windows
        except Empty:
            for source in _over(sources):
                source.result()


def _over(sources: Sequence["Future[None]"]) -> Iterator["Future[None]"]:
    return (source for source in sources if source.done())


def _was_whole(order: _Order) -> bool:
    """Whether all of a dataset was measured before: then a table that is not there now has been lost."""
    before = order.before
    return before is not None and before.last_ok_at is not None and not before.lacking


def _judged(order: _Order, mark: str, frame: MeasureFrame) -> tuple[str, str, MeasureFrame | None]:
    """Status, message and frame of what was measured: without a table that was there before, nothing is."""
    if not frame.without:
        return OK, mark, frame
    lacking = ", ".join(frame.without)
    if _was_whole(order):
        told = f"Dataset '{order.dataset.name}' was not read: it looks up {lacking}, whose table is gone."
        return FAILED, told, None
    return OK, lacking, frame


def _read(
    catalog: Catalog, dataset: Origin, status: str, message: str, seconds: float, frame: MeasureFrame | None
) -> DatasetRead:
    version = dataset_version(dataset)
    lacking = () if frame is None else frame.without
    part = (connected_part(catalog, dataset, lacking) or dataset) if lacking else dataset
    return DatasetRead(
        dataset=dataset.name,
        version=partial_version(version) if lacking else version,
        source=dataset.source,
        status=status,
        message=message,
        seconds=seconds,
        frame=frame,
        measures={measure.key: measure.version for measure in part.measures.values()},
        slices=part.slices,
    )


def _unforeseen(dataset: Origin, error: Exception) -> str:
    return (
        f"Dataset '{dataset.name}' could not be measured: {type(error).__name__}: {error}. "
        "This is a fault of the program; its log has the details."
    )
