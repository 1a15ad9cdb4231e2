"""Reading with closed periods: a figure that ends in one is read as the run knew it that closed it."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.ledger.book import Book, ClosedBook
from dashboard.ledger.closes import Close
from dashboard.ledger.former import former_catalog
from dashboard.ledger.scope import Scope
from dashboard.ledger.store import Ledger


def catalog_as_of(catalog: Catalog, ledger: Ledger, as_of: datetime | None) -> Catalog:
    """The catalog with metrics and measures as they were defined at the moment `as_of`; None is today's."""
    run = None if as_of is None else ledger.newest_run(as_of)
    return catalog if run is None else former_catalog(catalog, ledger.definitions.in_force(run))


def read_metrics(
    catalog: Catalog,
    ledger: Ledger,
    metrics: Iterable[Metric],
    slices: Collection[Slice] = ((),),
    *,
    scope: Scope,
    as_of: datetime | None = None,
    restated: bool = False,
) -> Book:
    """All that is recorded of the metrics, as it was known at the moment `as_of`.

    Periods that were closed by then are read as of the runs that closed them, and as everything was defined
    then; `restated` reads them, too, as they are known now. `catalog` is that of `catalog_as_of`.
    """
    names = {metric.id: metric for metric in metrics}
    book = ledger.book(_measures(catalog, names.values()), slices, scope=scope, as_of=as_of)
    if restated:
        return book
    closed = (
        closed_book(catalog, ledger, names.values(), slices, scope=scope, close=close)
        for close in ledger.closes.standing(as_of=as_of)
    )
    return replace(book, closed=tuple(closed))


def closed_book(
    catalog: Catalog,
    ledger: Ledger,
    metrics: Iterable[Metric],
    slices: Collection[Slice],
    *,
    scope: Scope,
    close: Close,
) -> ClosedBook:
    """What the run of a close knew of the metrics; it is read when it is first asked for."""
    wanted = tuple(metrics)

    def read() -> tuple[Catalog, Book]:
        then = former_catalog(catalog, ledger.definitions.in_force(close.run))
        known = [then.metrics.get(metric.id, metric) for metric in wanted]
        return then, ledger.book_of_run(_measures(then, known), slices, scope=scope, run=close.run)

    return ClosedBook(close.span, close.run, read)


def _measures(catalog: Catalog, metrics: Iterable[Metric]) -> dict[str, str]:
    return {key: version for metric in metrics for key, version in measures_of(catalog, metric).items()}
