"""Formulas over another scenario: plan(x), forecast(x), previous_year(x), and a metric as a whole."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from dashboard.definitions.expressions import (
    Calculation,
    Choice,
    Formula,
    MeasureRef,
    MetricRef,
    Number,
    TimeShift,
)
from dashboard.definitions.lineage import references
from dashboard.definitions.origins import SCENARIOS, Dataset
from dashboard.definitions.references import Known


def without_scenario(formula: Formula, known: Known) -> Iterator[tuple[int, str]]:
    """Where a formula asks for a scenario that there is none of, and what to do."""
    match formula:
        case TimeShift(scenario, operand, _) if scenario in SCENARIOS:
            for reference in references(operand):
                lacking = _lacking(reference, scenario, known, frozenset()) & known.datasets.keys()
                for name in sorted(lacking):
                    file = known.datasets[name].file
                    yield (
                        reference.offset,
                        f"The dataset {name!r} has no {scenario}. "
                        f"Add scenario: {{column: ..., actual: ..., {scenario}: ...}} to {file}, "
                        f"or take it out of {scenario}(...).",
                    )
        case _:
            for part in parts_of(formula):
                yield from without_scenario(part, known)


def _lacking(
    reference: MeasureRef | MetricRef, scenario: str, known: Known, seen: frozenset[str]
) -> set[str]:
    """The datasets under a name that have no such scenario; names that do not exist are told elsewhere."""
    if isinstance(reference, MeasureRef):
        dataset = known.datasets.get(reference.dataset)
        return set() if scenario in _scenarios(dataset) else {reference.dataset}
    draft = known.metrics.get(reference.metric)
    if draft is None or draft.formula is None or reference.metric in seen:
        return set()
    inner = seen | {reference.metric}
    return set().union(*(_lacking(each, scenario, known, inner) for each in references(draft.formula)))


def _scenarios(origin: object) -> Mapping[str, str]:
    return origin.scenarios if isinstance(origin, Dataset) else {}


def written_out(formula: Formula, known: Known) -> Formula:
    """The formula with plan(x) and its like put as x over the datasets of that scenario."""
    match formula:
        case TimeShift(scenario, operand, _) if scenario in SCENARIOS:
            return in_scenario(written_out(operand, known), scenario, known)
        case _:
            return rebuilt(formula, [written_out(part, known) for part in parts_of(formula)])


def in_scenario(formula: Formula, scenario: str, known: Known) -> Formula:
    """The formula over the datasets of the scenario, the metrics that it names written out.

    Only for a formula without a complaint of `without_scenario`.
    """
    match formula:
        case MeasureRef():
            names = _scenarios(known.datasets.get(formula.dataset))
            return replace(formula, dataset=names.get(scenario, formula.dataset))
        case MetricRef() if formula.metric in known.metrics:
            inner = known.metrics[formula.metric].formula
            return formula if inner is None else in_scenario(written_out(inner, known), scenario, known)
        case _:
            return rebuilt(formula, [in_scenario(part, scenario, known) for part in parts_of(formula)])


def scenarios_of(formula: Formula, known: Known) -> Mapping[str, Formula]:
    """The formula in every scenario that all its measures have."""
    found = {}
    for scenario in SCENARIOS:
        named = list(references(formula))
        if named and not any(_lacking(each, scenario, known, frozenset()) for each in named):
            found[scenario] = in_scenario(formula, scenario, known)
    return MappingProxyType(found)


def parts_of(formula: Formula) -> tuple[Formula, ...]:
    """The formulas inside, in order of the text."""
    match formula:
        case Calculation(_, operands):
            return operands
        case Choice(branches, otherwise):
            inside = tuple(part for branch in branches for part in branch)
            return inside if otherwise is None else (*inside, otherwise)
        case TimeShift(_, operand, _):
            return (operand,)
        case Number() | MeasureRef() | MetricRef():
            return ()


def rebuilt(formula: Formula, parts: list[Formula]) -> Formula:
    """The formula with other parts, in the order of `parts_of`."""
    match formula:
        case Calculation(operator, _):
            return Calculation(operator, tuple(parts))
        case Choice(branches, otherwise):
            pairs = iter(parts)
            new = tuple((next(pairs), next(pairs)) for _ in branches)
            return Choice(new, None if otherwise is None else next(pairs))
        case TimeShift():
            return replace(formula, operand=parts[0])
        case Number() | MeasureRef() | MetricRef():
            return formula
