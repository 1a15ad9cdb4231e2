"""Actual, previous year, plan and forecast of one table: a dataset each. And which amounts are taken off.

The rows of a plan lie in time as all rows do; but a plan that reaches to December must not make October look
closed. So each scenario is a dataset of its own, over the same table: `finance` holds what happened,
`finance_plan` the plan.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from dashboard.definitions.dataset_columns import Expressions
from dashboard.definitions.expressions import Aggregate, Case, Column, Expression, Literal, Operation
from dashboard.definitions.lookups import Draft, Drafts
from dashboard.definitions.origins import SCENARIOS, Dataset, Measure


def of_scenarios(draft: Draft, dataset: Dataset, drafts: Drafts, reader: Expressions) -> Iterator[Dataset]:
    """The dataset of what happened, and one for each other scenario; the dataset as it is without any."""
    entry = draft.entry.scenario
    column = (
        None
        if entry is None
        else reader.column(("scenario", "column"), entry.column, dataset.lookups, "text", "scenario")
    )
    if entry is None or column is None:
        yield dataset
        return
    values = {name: value for name in SCENARIOS if (value := getattr(entry, name)) is not None}
    names = {}
    for name, value in values.items():
        of = f"{draft.name}_{name}"
        others = {"actual": entry.actual, **values}
        same = next((other for other in others if other != name and others[other] == value), None)
        if same is not None:
            told = f"{value!r} stands for {same} and for {name}. Take one of them out."
            reader.refuse(("scenario", name), told)
        elif of in drafts:
            told = (
                f"Its {name} would be the dataset {of!r}, which there is already. Name that file otherwise."
            )
            reader.refuse(("scenario", name), told, key=True)
        else:
            names[name] = of
    yield replace(_only(dataset, column, entry.actual), scenarios=MappingProxyType(names))
    for name, of in names.items():
        measures = {key: replace(each, dataset=of) for key, each in dataset.measures.items()}
        yield replace(
            _only(dataset, column, values[name]),
            name=of,
            measures=MappingProxyType(measures),
            freshness_days=None,  # a plan does not grow old
            scenario_of=dataset.name,
        )


def _only(dataset: Dataset, column: Column, value: str) -> Dataset:
    condition = Operation("=", (column, Literal(value)))
    both = condition if dataset.where is None else Operation("and", (dataset.where, condition))
    return replace(dataset, where=both)


def with_signs(
    draft: Draft, dataset: Dataset, measures: Mapping[str, Measure], reader: Expressions
) -> Mapping[str, Measure]:
    """The measures, with every amount that is taken off made negative."""
    entry = draft.entry.signs
    if entry is None:
        return measures
    of = reader.column(("signs", "of"), entry.of, dataset.lookups, "number", "signs")
    sign: Expression | None
    if entry.by is not None:
        by = reader.column(("signs", "by"), entry.by, dataset.lookups, "text", "signs")
        sign = by and Case(
            ((Operation("in", (by, *(Literal(each) for each in entry.minus or ()))), Literal(-1)),),
            Literal(1),
        )
    else:
        sign = reader.column(("signs", "column"), entry.column or "", dataset.lookups, "number", "signs")
    if of is None or sign is None:
        return measures
    signed = {
        name: replace(measure, aggregate=_signed(measure.aggregate, of, sign))
        for name, measure in measures.items()
    }
    if measures and all(signed[name] == measures[name] for name in measures):
        told = (
            f"No measure takes {entry.of!r}, so signs change nothing. Take signs out, or name another column."
        )
        reader.refuse(("signs", "of"), told)
    return signed


def _signed(aggregate: Aggregate, of: Column, sign: Expression) -> Aggregate:
    """Conditions are left as they are: `amount > 0` asks of the amount as it was booked."""
    if aggregate.argument is None:
        return aggregate
    return replace(aggregate, argument=_times(aggregate.argument, of, sign))


def _times(expression: Expression, of: Column, sign: Expression) -> Expression:
    match expression:
        case Column(name, lookup) if (name, lookup) == (of.name, of.lookup):
            return Operation("*", (expression, sign))
        case Operation(operator, operands):
            return Operation(operator, tuple(_times(each, of, sign) for each in operands))
        case Case(branches, otherwise):
            results = tuple((condition, _times(result, of, sign)) for condition, result in branches)
            return Case(results, None if otherwise is None else _times(otherwise, of, sign))
    return expression
