"""What a metric is made of: the measures and datasets under its formula, through other metrics too."""

from collections.abc import Iterator

from dashboard.definitions.derivation import (
    AGE,
    ENTRY,
    FREQUENCY_SLICE,
    VOICE,
    Cohort,
    Derivation,
    Frequency,
    Register,
    Voices,
)
from dashboard.definitions.expressions import (
    Calculation,
    Choice,
    Formula,
    MeasureRef,
    MetricRef,
    Number,
    TimeShift,
)
from dashboard.definitions.model import Catalog, Metric, Slice


def measures_of(catalog: Catalog, metric: Metric) -> dict[str, str]:
    """Keys of the measures that a metric needs, base included, each with its version, alphabetically."""
    found: set[str] = set()
    _collect(catalog, metric, found, set())
    return {key: catalog.measure(key).version for key in sorted(found)}


def datasets_of(catalog: Catalog, metric: Metric) -> tuple[str, ...]:
    """Names of the datasets that a metric is made of, in alphabetical order."""
    return tuple(sorted({key.partition(".")[0] for key in measures_of(catalog, metric)}))


def groupings(catalog: Catalog, name: str) -> tuple[Slice, ...]:
    """The slices of a dataset or derivation whose members are groups: each row counts in one, and all add up.

    The ages of a cohort are none, for one entity is there at many ages, and neither is how often it bought,
    nor is a text.
    """
    origin = catalog.origin(name)
    if not isinstance(origin, Derivation):
        return origin.slices
    none = {Cohort: {AGE}, Frequency: {*FREQUENCY_SLICE}, Voices: {*VOICE}, Register: {*ENTRY}}
    return tuple(cut for cut in origin.slices if not none.get(type(origin.rule), set()) & set(cut))


def references(formula: Formula) -> Iterator[MeasureRef | MetricRef]:
    """Every measure and metric that a formula names, in order of the text."""
    match formula:
        case MeasureRef() | MetricRef():
            yield formula
        case Calculation(_, operands):
            for part in operands:
                yield from references(part)
        case Choice(branches, otherwise):
            for condition, result in branches:
                yield from references(condition)
                yield from references(result)
            if otherwise is not None:
                yield from references(otherwise)
        case TimeShift(_, operand, _):
            yield from references(operand)
        case Number():
            return


def _collect(catalog: Catalog, metric: Metric, found: set[str], seen: set[str]) -> None:
    if metric.id in seen:
        return
    seen.add(metric.id)
    for formula in (metric.formula, metric.base, *metric.interval_parts):
        for reference in references(formula) if formula is not None else ():
            if isinstance(reference, MeasureRef):
                found.add(reference.key)
            else:
                _collect(catalog, catalog.metric(reference.metric), found, seen)
