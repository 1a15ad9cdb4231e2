"""Targets, scenarios and annotations read from the ledger."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from dashboard.board.beside import in_scenarios, marks_key
from dashboard.board.masking import read_masked
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.definitions.origins import MARKS
from dashboard.ledger.book import Book
from dashboard.ledger.figures import counted_by
from dashboard.ledger.scope import Scope
from dashboard.ledger.store import Ledger


def read_beside(
    catalog: Catalog,
    ledger: Ledger,
    metrics: Iterable[Metric],
    slices: Collection[Slice],
    *,
    scope: Scope,
    as_of: datetime | None = None,
) -> Book:
    """The targets and scenarios of the metrics, and all annotations, as known at the moment `as_of`.

    They are a book of their own: a member that has a target alone is no group to be drawn. Its mask is worked
    out from the groups of the scenarios themselves.
    """
    measures: dict[str, str] = {}
    scenarios: list[Metric] = []
    for metric in metrics:
        if metric.target_measure is not None:
            measures[metric.target_measure] = catalog.measure(metric.target_measure).version
        scenarios += in_scenarios(metric).values()
    for each in scenarios:
        measures |= measures_of(catalog, each)
    marking = [dataset for dataset in catalog.datasets.values() if dataset.annotations]
    measures |= {marks_key(each): each.measures[MARKS].version for each in marking}
    cuts = {*slices, *(each.slices[-1] for each in marking)}
    book = ledger.book(measures, cuts, scope=scope, as_of=as_of)
    grouped = [each for each in scenarios if counted_by(catalog, each) is not None]
    if not grouped:
        return book
    masked = read_masked(catalog, ledger, grouped, slices, scope=scope, as_of=as_of, restated=True)
    return replace(book, mask=masked.mask)
