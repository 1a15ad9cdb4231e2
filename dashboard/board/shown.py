"""What a page shows: the metrics of its panels, neighbours and lines of derivations included."""

from collections.abc import Iterator

from dashboard.board.cohorts import age_slice, retained_metric
from dashboard.board.desk import recorded_slice
from dashboard.board.lines import line_metrics
from dashboard.board.view import View
from dashboard.definitions.model import Catalog, Metric, Page, PanelKind, PanelSpec, Slice

OF_BRIDGES = frozenset({PanelKind.BRIDGE, PanelKind.STATEMENT})
OF_COHORTS = frozenset({PanelKind.COHORT, PanelKind.SURVIVAL})
OF_DERIVATIONS = OF_BRIDGES | OF_COHORTS


def shown_metrics(catalog: Catalog, page: Page) -> tuple[Metric, ...]:
    """All metrics on a page, in order of first use."""
    found: dict[str, Metric] = {}
    for spec in page.panels:
        for metric in _of(catalog, spec):
            found.setdefault(metric.id, metric)
    return tuple(found.values())


def shown_slices(catalog: Catalog, page: Page, view: View) -> Iterator[Slice]:
    """The slices that the panels are cut by, as they are recorded, and of cohorts the ages of the groups."""
    for spec in page.panels:
        if spec.kind in OF_COHORTS:
            yield from (age_slice(view.slice), spec.by, age_slice(spec.by))
            continue
        for metric in _of(catalog, spec) if spec.by else ():
            yield recorded_slice(catalog, metric, spec.by)


def _of(catalog: Catalog, spec: PanelSpec) -> Iterator[Metric]:
    if spec.kind in OF_BRIDGES:
        for name in spec.subjects:
            yield from line_metrics(catalog.derivations[name])
        return
    if spec.kind in OF_COHORTS:
        yield from (retained_metric(catalog.derivations[name]) for name in spec.subjects)
        return
    for name in spec.subjects:
        metric = catalog.metric(name)
        yield metric
        if spec.kind is PanelKind.PAIR and metric.neighbour is not None:
            yield catalog.metric(metric.neighbour.metric)
