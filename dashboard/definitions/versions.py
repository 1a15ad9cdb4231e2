"""Versions: a hash over everything that determines a number, and over nothing that does not.

A comment, an indentation or a new name leaves it; a new filter, column, look-up or zone does not.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping

from dashboard.definitions.expressions import Aggregate, Column, Expression
from dashboard.definitions.model import Board, Dataset, Measure
from dashboard.definitions.origins import INDIVISIBLE, STOCKS
from dashboard.definitions.rendering import render, render_aggregate
from dashboard.definitions.walking import columns_of

LENGTH = 16  # hexadecimal digits


def measure_version(board: Board, dataset: Dataset, measure: Measure, datasets: Mapping[str, Dataset]) -> str:
    """The version of one measure of `dataset`; `datasets` holds those that it looks up."""
    aggregate = measure.aggregate
    names = {name for cut in dataset.slices for name in cut if name in dataset.dimensions}
    cuts = {name: dataset.dimensions[name] for name in names}
    used = {
        name
        for column in _columns(dataset, aggregate, cuts)
        if column.lookup is not None
        for name in dataset.way_to(column.lookup)
    }
    whole = INDIVISIBLE if measure.behaviour in STOCKS and not aggregate.additive else ""
    content = digest(
        {
            **_rows(dataset),
            "event": dataset.event,
            "covers": dataset.covers,
            "lookups": {name: _looked_up(dataset, name, datasets) for name in sorted(used)},
            "dimensions": {name: render(column) for name, column in sorted(cuts.items())},
            "slices": sorted(dataset.slices),
            "aggregate": render_aggregate(aggregate),
            "time_zone": [board.time_zone, dataset.time_zone],
            "first_month": board.calendar.first_month,
            **_lasting(dataset, measure),
        }
    )
    return content + whole


def _lasting(dataset: Dataset, measure: Measure) -> dict[str, object]:
    """What spans and snapshots add; nothing for events, whose versions are older than these."""
    if dataset.span is not None:
        return {"span": [dataset.span.start, dataset.span.end], "at": measure.at}
    return {} if dataset.snapshot is None else {"snapshot": dataset.snapshot}


def metric_version(formula: str, parts: Mapping[str, str]) -> str:
    """The version of a metric: its rendered formula and the versions of all that the formula names."""
    return digest({"formula": formula, "parts": dict(sorted(parts.items()))})


def _rows(dataset: Dataset) -> dict[str, object]:
    """Which rows a dataset has."""
    return {
        "source": dataset.source,
        "table": dataset.table,
        "query": dataset.query,
        "where": None if dataset.where is None else render(dataset.where),
    }


def _looked_up(dataset: Dataset, name: str, datasets: Mapping[str, Dataset]) -> list[object]:
    lookup = dataset.lookups[name]
    return [lookup.column, lookup.key, _rows(datasets[lookup.dataset])]


def _columns(dataset: Dataset, aggregate: Aggregate, cuts: Mapping[str, Column]) -> Iterator[Column]:
    expressions: tuple[Expression | None, ...] = (
        aggregate.argument,
        aggregate.where,
        dataset.where,
        *cuts.values(),
    )
    for expression in expressions:
        if expression is not None:
            yield from columns_of(expression)


def digest(content: object) -> str:
    """A hash of what JSON can say."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
