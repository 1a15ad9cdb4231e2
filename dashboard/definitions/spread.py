"""What a mean needs besides itself for an interval: how many values there are, and the sum of their squares.

The measures are made where a metric asks for the interval of a mean, and nowhere else: to measure them takes
two columns more of a reading of the rows that is made in any case. Their names have a point in them, so they
can be written in no file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from dashboard.definitions.expressions import (
    Aggregate,
    AggregateKind,
    Formula,
    Literal,
    MeasureRef,
    Operation,
)
from dashboard.definitions.model import Board, Dataset, IntervalKind, Measure, Metric, Origin
from dashboard.definitions.rendering import render_aggregate
from dashboard.definitions.shapes import COUNT, SQUARES, interval_parts
from dashboard.definitions.versions import measure_version


def measured_parts(
    kind: IntervalKind, formula: Formula, origins: Mapping[str, Origin]
) -> tuple[Formula, ...] | None:
    """The parts of an interval, as `interval_parts` gives them; of a mean only where rows are averaged."""
    if kind is IntervalKind.MEAN and not _is_mean(formula, origins):
        return None
    return interval_parts(kind, formula)


def _is_mean(formula: Formula, origins: Mapping[str, Origin]) -> bool:
    if not isinstance(formula, MeasureRef):
        return False
    origin = origins.get(formula.dataset)
    measure = origin.measures.get(formula.measure) if isinstance(origin, Dataset) else None
    return measure is not None and measure.aggregate.kind is AggregateKind.AVG


def with_spread(
    datasets: Mapping[str, Dataset], metrics: Iterable[Metric], board: Board
) -> Mapping[str, Dataset]:
    """The datasets with count and squares of each average that a metric's interval rests on."""
    found = dict(datasets)
    for metric in metrics:
        formula = metric.formula
        if metric.interval is IntervalKind.MEAN and isinstance(formula, MeasureRef):
            dataset = found[formula.dataset]
            extra = {
                each.name: replace(each, version=measure_version(board, dataset, each, datasets))
                for each in _spread(dataset.measures[formula.measure])
            }
            measures = MappingProxyType({**dataset.measures, **extra})
            found[dataset.name] = replace(dataset, measures=measures)
    return MappingProxyType(found)


def _spread(mean: Measure) -> tuple[Measure, Measure]:
    """Divided by 1 a whole number has room for its square on every engine."""
    value = mean.aggregate.argument
    if value is None:
        raise TypeError(f"{mean.key} is an average of nothing; parsing admits none")
    fraction = Operation("/", (value, Literal(1)))
    count = Aggregate(AggregateKind.COUNT, value, mean.aggregate.where)
    squares = Aggregate(AggregateKind.SUM, Operation("*", (fraction, fraction)), mean.aggregate.where)
    return (
        replace(mean, name=mean.name + COUNT, aggregate=count, text=render_aggregate(count)),
        replace(mean, name=mean.name + SQUARES, aggregate=squares, text=render_aggregate(squares)),
    )
