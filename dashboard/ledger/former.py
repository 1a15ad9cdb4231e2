"""A catalog as it stood: the metrics and measures of another time in place of those of today."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import yaml

from dashboard.definitions.expressions import MeasureRef, MetricRef
from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.lineage import references
from dashboard.definitions.model import Catalog, Dataset, IntervalKind, Measure, Metric, Origin
from dashboard.definitions.origins import At, Behaviour
from dashboard.definitions.parsing import parse_aggregate
from dashboard.definitions.shapes import interval_parts
from dashboard.ledger.defining import MEASURE, METRIC, Definition
from dashboard.periods import Grain


def former_catalog(catalog: Catalog, found: Iterable[Definition]) -> Catalog:
    """The catalog with metrics and measures as `found` defines them.

    Names, owners, targets and pages are those of today; a metric that is not there today is left out, and
    one that `found` does not tell of stays. A dataset that is not there today comes back, for its recorded
    values to be read, not for measuring. The same catalog where nothing differs.
    """
    known = {(each.kind, each.name): each for each in found}
    metrics = {
        name: _metric(metric, known[METRIC, name])
        for name, metric in catalog.metrics.items()
        if (METRIC, name) in known and known[METRIC, name].version != metric.version
    }
    measures = [
        each
        for (kind, name), each in known.items()
        if kind == MEASURE and each.version != _version(catalog, name)
    ]
    if not metrics and not measures:
        return catalog
    datasets, derivations = dict(catalog.datasets), dict(catalog.derivations)
    for each in measures:
        origin = each.name.partition(".")[0]
        if origin in derivations:
            derivations[origin] = _with_measure(derivations[origin], each)
        else:
            datasets[origin] = _with_measure(datasets.get(origin) or _dataset(each), each)
    there = {*_keys(datasets.values()), *_keys(derivations.values())}
    metrics = {name: _with_known_parts(metric, there) for name, metric in metrics.items()}
    return replace(
        catalog,
        sources={each.source: "" for each in datasets.values()} | dict(catalog.sources),
        metrics=MappingProxyType({**catalog.metrics, **metrics}),
        datasets=MappingProxyType(datasets),
        derivations=MappingProxyType(derivations),
    )


def content(definition: Definition) -> Mapping[str, Any]:
    """What the text of a definition says, by its keys."""
    found: Mapping[str, Any] = yaml.safe_load(definition.text)
    return found


def _keys(origins: Iterable[Origin]) -> set[str]:
    return {measure.key for origin in origins for measure in origin.measures.values()}


def _with_known_parts(metric: Metric, there: set[str]) -> Metric:
    """Without the interval of a mean whose squares were not recorded then."""
    named = {key for part in metric.interval_parts for each in references(part) if (key := _key(each))}
    return metric if named <= there else replace(metric, interval_parts=())


def _key(reference: MeasureRef | MetricRef) -> str | None:
    return reference.key if isinstance(reference, MeasureRef) else None


def _version(catalog: Catalog, measure: str) -> str | None:
    origin, _, name = measure.partition(".")
    there = catalog.origins.get(origin)
    return there.measures[name].version if there is not None and name in there.measures else None


def _metric(metric: Metric, then: Definition) -> Metric:
    told = content(then)
    formula = parse_formula(told["formula"])
    base, interval = told.get("base"), IntervalKind(told["interval"])
    return replace(
        metric,
        formula=formula,
        formula_text=told["formula"],
        interval=interval,
        interval_parts=interval_parts(interval, formula) or (),
        base=None if base is None else parse_formula(base),
        base_text=base,
        version=then.version,
    )


def _with_measure(origin: Origin, then: Definition) -> Any:
    """The dataset or derivation with one measure as it was."""
    told = content(then)
    name = then.name.partition(".")[2]
    measure = Measure(
        name=name,
        dataset=origin.name,
        aggregate=parse_aggregate(told["aggregate"]),
        text=told["measure"],
        version=then.version,
        behaviour=Behaviour(told["behaviour"]),
        at=At(told["at"]) if "at" in told else None,
    )
    return replace(origin, measures=MappingProxyType({**origin.measures, name: measure}))


def _dataset(then: Definition) -> Dataset:
    """A dataset that is not there any more: enough of it to read what was recorded."""
    told = content(then)
    rows = told["rows"]
    return Dataset(
        name=then.name.partition(".")[0],
        source=rows["source"],
        table=rows.get("table"),
        query=rows.get("query"),
        query_file=None,
        event=rows.get("event"),
        covers=Grain(rows["covers"]) if "covers" in rows else None,
        entity=None,
        key=None,
        currency=None,
        where=None,
        lookups=MappingProxyType({}),
        dimensions=MappingProxyType({}),
        slices=tuple(tuple(cut) for cut in told.get("slices", [[]])),
        measures=MappingProxyType({}),
        time_zone=None,
        freshness_days=None,
        restate_months=None,
    )
