"""Targets, scenarios and annotations read from the ledger."""

from collections.abc import Collection, Iterable
from datetime import datetime

from dashboard.board.beside import in_scenarios, marks_key
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.definitions.origins import MARKS
from dashboard.ledger.book import Book
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

    They are a book of their own: a member that has a target alone is no group to be drawn.
    """
    measures: dict[str, str] = {}
    for metric in metrics:
        if metric.target_measure is not None:
            measures[metric.target_measure] = catalog.measure(metric.target_measure).version
        for other in in_scenarios(metric).values():
            measures |= measures_of(catalog, other)
    marking = [dataset for dataset in catalog.datasets.values() if dataset.annotations]
    measures |= {marks_key(each): each.measures[MARKS].version for each in marking}
    cuts = {*slices, *(each.slices[-1] for each in marking)}
    return ledger.book(measures, cuts, scope=scope, as_of=as_of)
