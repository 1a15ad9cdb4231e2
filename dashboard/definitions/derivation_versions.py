"""Versions of a derivation's measures: a hash over all that determines their numbers."""

from collections.abc import Mapping
from dataclasses import replace

from dashboard.definitions.derivation import (
    EQUITY,
    OF_RISK,
    Bridge,
    Cohort,
    Conversion,
    Derivation,
    Frequency,
    Register,
    Rule,
    Voices,
    texts_read,
    value_of,
)
from dashboard.definitions.derived_measures import COUNT
from dashboard.definitions.expressions import Aggregate, AggregateKind, Expression
from dashboard.definitions.model import Board, Dataset
from dashboard.definitions.origins import Measure, Slice
from dashboard.definitions.rendering import render, render_aggregate
from dashboard.definitions.versions import digest, measure_version


def derivation_version(
    board: Board, derivation: Derivation, measure: Measure, datasets: Mapping[str, Dataset]
) -> str:
    """The version of one measure: that of the rows, and of the rule as far as it touches this measure."""
    rule = derivation.rule
    dimensions = datasets[derivation.dataset].dimensions
    cuts = tuple(cut for cut in derivation.slices if set(cut) <= set(dimensions))
    value = value_of(rule) or COUNT
    return digest(
        {
            "rows": _rows_version(
                board, datasets[derivation.dataset], cuts, value, derivation.where, datasets, texts_read(rule)
            ),
            "entity": derivation.entity,
            "slices": sorted(derivation.slices),
            "rule": _rule(rule),
            "split": _split(rule, measure.name),
            **_other(board, rule, datasets),
            **_valued(board, rule, measure.name),
            **({"minimum_group": board.minimum_group} if isinstance(rule, Voices) else {}),
        }
    )


def _rows_version(
    board: Board,
    dataset: Dataset,
    cuts: tuple[Slice, ...],
    value: Aggregate,
    where: Expression | None,
    datasets: Mapping[str, Dataset],
    texts: tuple[Expression, ...] = (),
) -> list[str | None]:
    """The rows, with the look-ups that value, condition, slices and texts read."""
    sliced = replace(dataset, slices=cuts)
    read = replace(value, where=where) if value.where is None else value
    counts = (Aggregate(AggregateKind.COUNT, argument=each) for each in texts)
    parts = [Measure("", dataset.name, each, "", "") for each in dict.fromkeys((value, read, *counts))]
    return [
        *(measure_version(board, sliced, each, datasets) for each in parts),
        None if where is None else render(where),
    ]


def _rule(rule: Rule) -> list[object]:
    """The rule without the lists that only add measures."""
    match rule:
        case Bridge(value, over):
            return ["bridge", render_aggregate(value), over]
        case Cohort(by, _, value):
            return ["cohort", by.value, None if value is None else render_aggregate(value)]
        case Conversion(dataset, entity, days, _):
            return ["conversion", dataset, entity, days]
        case Frequency(every, value):
            return ["frequency", every, None if value is None else render_aggregate(value)]
        case Voices(score=score, by=by):
            return ["voices", list(rule.strata), score is not None, list(by)]
        case Register():
            return ["register"]


def _split(rule: Rule, name: str) -> list[object]:
    """What a line of new value is split by; nothing for any other measure."""
    if not isinstance(rule, Bridge) or not rule.new_members:
        return []
    line = name.removesuffix("_count")
    if line in rule.new_members:
        return [rule.split_new_by, rule.new_members[line]]
    return [rule.split_new_by, *rule.new_members.values()] if line == "new_other" else []


def _valued(board: Board, rule: Rule, name: str) -> dict[str, object]:
    """What the value of customers, or of what is at risk, rests on besides; nothing for any other measure."""
    if isinstance(rule, Bridge) and rule.risk is not None and name in OF_RISK:
        return {"risk": [rule.risk.by, rule.risk.a_year]}
    if not isinstance(rule, Cohort) or rule.margin_per is None or not name.startswith(EQUITY):
        return {}
    return {"margin_per": rule.margin_per.value, "discount_rate": board.discount_rate}


def _other(board: Board, rule: Rule, datasets: Mapping[str, Dataset]) -> dict[str, object]:
    if not isinstance(rule, Conversion):
        return {}
    return {"to": _rows_version(board, datasets[rule.to_dataset], ((),), COUNT, rule.to_where, datasets)}
