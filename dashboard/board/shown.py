"""What a page shows: the metrics of its panels, neighbours and lines of derivations included."""

from collections.abc import Iterator

from dashboard.board.beliefs import believed
from dashboard.board.cohorts import age_slice, retained_metric
from dashboard.board.desk import recorded_slice
from dashboard.board.drivers import driver_metrics
from dashboard.board.equity import equity_metrics, is_valued
from dashboard.board.lines import line_metrics
from dashboard.board.risk_trust import calibration_metrics, calibration_slices
from dashboard.board.texts import text_metric
from dashboard.board.view import View
from dashboard.definitions.model import Catalog, Metric, Page, PanelKind, PanelSpec, Slice

OF_BRIDGES = frozenset({PanelKind.BRIDGE, PanelKind.STATEMENT})
OF_NEIGHBOURS = frozenset({PanelKind.PAIR, PanelKind.EVIDENCE})
OF_COHORTS = frozenset({PanelKind.COHORT, PanelKind.SURVIVAL})
OF_TEXTS = frozenset({PanelKind.VOICES, PanelKind.LINES})
OF_DERIVATIONS = OF_BRIDGES | OF_COHORTS | OF_TEXTS


def shown_metrics(catalog: Catalog, page: Page) -> tuple[Metric, ...]:
    """All metrics on a page, in order of first use."""
    found: dict[str, Metric] = {}
    for spec in page.panels:
        for metric in _of(catalog, spec):
            found.setdefault(metric.id, metric)
    return tuple(found.values())


def metrics_known(catalog: Catalog, page: Page) -> tuple[Metric, ...]:
    """All metrics that a page must know of: a verdict on one belief is one among all of them."""
    found = {metric.id: metric for metric in shown_metrics(catalog, page)}
    if any(spec.kind is PanelKind.EVIDENCE for spec in page.panels):
        found |= {metric.id: metric for metric in believed(catalog) if metric.id not in found}
    coverage = [metric.coverage.metric for metric in found.values() if metric.coverage]
    found |= {name: catalog.metric(name) for name in coverage if name not in found}
    for metric in shown_metrics(catalog, page):
        found |= {each.id: each for each in calibration_metrics(catalog, metric) if each.id not in found}
    return tuple(found.values())


def shown_slices(catalog: Catalog, page: Page, view: View) -> Iterator[Slice]:
    """The slices that the panels are cut by, as they are recorded, and of cohorts the ages of the groups."""
    for metric in shown_metrics(catalog, page):
        if metric.coverage is not None:
            yield metric.coverage.slice
        yield from calibration_slices(catalog, metric)
    for spec in page.panels:
        if spec.kind in OF_COHORTS:
            yield from (age_slice(view.slice), spec.by, age_slice(spec.by))
            continue
        for name in _texts(spec):
            yield catalog.derivations[name].slices[-1]
        for effect in spec.effects:
            if effect.by:
                yield recorded_slice(catalog, catalog.metric(effect.metric), effect.by)
        for metric in _of(catalog, spec) if spec.by else ():
            yield recorded_slice(catalog, metric, spec.by)


def _texts(spec: PanelSpec) -> tuple[str, ...]:
    """The derivations whose texts a panel shows."""
    if spec.kind in OF_TEXTS:
        return spec.subjects
    return () if spec.gate is None else (spec.gate.register,)


def _of(catalog: Catalog, spec: PanelSpec) -> Iterator[Metric]:
    if spec.kind in OF_BRIDGES:
        for name in spec.subjects:
            derivation = catalog.derivations[name]
            yield from (equity_metrics if is_valued(derivation) else line_metrics)(derivation)
        return
    yield from (text_metric(catalog.derivations[name]) for name in _texts(spec))
    if spec.kind in OF_TEXTS:
        return
    if spec.gate is not None and spec.gate.holds_back is not None:
        yield catalog.metric(spec.gate.holds_back)
    if spec.kind in OF_COHORTS:
        yield from (retained_metric(catalog.derivations[name]) for name in spec.subjects)
        return
    if spec.kind is PanelKind.DRIVERS:
        yield from driver_metrics(catalog.datasets[spec.subjects[0]])
        return
    if spec.kind is PanelKind.EVIDENCE and not spec.subjects:
        yield from believed(catalog)
    for name in spec.subjects:
        metric = catalog.metric(name)
        yield metric
        if spec.kind in OF_NEIGHBOURS and metric.neighbour is not None:
            yield catalog.metric(metric.neighbour.metric)
