"""What a figure can be at all, read from its formula: a share is 0 to 1, a count is not below 0."""

import math
from dataclasses import replace

from dashboard.definitions.chart_kinds import ChartKind
from dashboard.definitions.expressions import (
    AggregateKind,
    Calculation,
    Choice,
    Expression,
    Formula,
    MeasureRef,
    MetricRef,
    Number,
    Operation,
    TimeShift,
)
from dashboard.definitions.model import Catalog, IntervalKind, Metric
from dashboard.definitions.origins import At, Measure
from dashboard.definitions.rendering import render, render_aggregate

Bounds = tuple[float, float]

ANYTHING: Bounds = (-math.inf, math.inf)
SHARE: Bounds = (0.0, 1.0)
NOT_NEGATIVE: Bounds = (0.0, math.inf)
_DECLARED = {
    IntervalKind.NPS: (-100.0, 100.0),
    IntervalKind.PROPORTION: SHARE,
    ChartKind.P: SHARE,
    ChartKind.U: NOT_NEGATIVE,
}
_COUNTS = (AggregateKind.COUNT, AggregateKind.COUNT_DISTINCT)


def natural_bounds(catalog: Catalog, metric: Metric) -> Bounds:
    """The least and the most that the metric can be: by its interval, its chart and its formula.

    A part of a sum is taken to be 0 to all of it: of amounts of both signs, that need not hold.
    """
    told = (
        _DECLARED.get(metric.interval, ANYTHING),
        _DECLARED.get(metric.chart, ANYTHING),
        _of(catalog, metric.formula),
    )
    return max(low for low, _ in told), min(high for _, high in told)


def _of(catalog: Catalog, formula: Formula) -> Bounds:  # noqa: PLR0911 - one line a kind of formula
    match formula:
        case Number(value):
            return value, value
        case MeasureRef():
            return NOT_NEGATIVE if catalog.measure(formula.key).aggregate.kind in _COUNTS else ANYTHING
        case MetricRef(name):
            return natural_bounds(catalog, catalog.metric(name))
        case TimeShift(_, operand, _):
            return _of(catalog, operand)
        case Choice(branches, otherwise):
            results = [result for _, result in branches] + ([] if otherwise is None else [otherwise])
            each = [_of(catalog, result) for result in results]
            return min(low for low, _ in each), max(high for _, high in each)
        case Calculation("/", (MeasureRef() as part, MeasureRef() as whole)) if _inside(catalog, part, whole):
            return SHARE
        case Calculation(operator, (left, right)):
            return _joined(operator, _of(catalog, left), _of(catalog, right))
        case _:
            return ANYTHING


def _joined(operator: str, left: Bounds, right: Bounds) -> Bounds:
    not_negative = left[0] >= 0 and right[0] >= 0
    match operator:
        case "+":
            return left[0] + right[0], left[1] + right[1]
        case "-":
            return left[0] - right[1], left[1] - right[0]
        case "*" if not_negative and math.inf not in (left[1], right[1]):
            return left[0] * right[0], left[1] * right[1]
        case "*" | "/" if not_negative:
            return NOT_NEGATIVE
        case _:
            return ANYTHING


def _inside(catalog: Catalog, part: MeasureRef, whole: MeasureRef) -> bool:
    """Whether `part` counts or sums the same as `whole`, of some of its rows."""
    if part.dataset != whole.dataset or part.dataset not in catalog.datasets:
        return False  # the lines of a derivation are counted by rules of its own
    one, whole_of_it = catalog.measure(part.key), catalog.measure(whole.key)
    of_rows = one.aggregate.kind in (*_COUNTS, AggregateKind.SUM)
    alike = _without_condition(one) == _without_condition(whole_of_it)
    narrower = _conditions(whole_of_it.aggregate.where) <= _conditions(one.aggregate.where)
    return of_rows and alike and narrower


def _without_condition(measure: Measure) -> tuple[str, At | None]:
    return render_aggregate(replace(measure.aggregate, where=None)), measure.at


def _conditions(where: Expression | None) -> set[str]:
    """What a row has to fulfil, all of it; as text, for an expression knows where in its line it stood."""
    match where:
        case None:
            return set()
        case Operation("and", operands):
            return {text for operand in operands for text in _conditions(operand)}
        case _:
            return {render(where)}
