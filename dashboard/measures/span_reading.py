"""A dataset of spans is asked, and its answers become a MeasureFrame."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain

from connectors.engines import SourceEngine
from dashboard.definitions.expressions import AggregateKind
from dashboard.definitions.model import Behaviour, Catalog, Dataset, Measure
from dashboard.measures.cells import recorded_cells, rows_told
from dashboard.measures.frame import MeasureFrame, Value
from dashboard.measures.span_plan import SpanPlan
from dashboard.measures.span_stock import SpanPulse
from dashboard.measures.spans import Asked, period_of
from dashboard.periods import Grain, Period, add_months


def read_spans(
    catalog: Catalog, dataset: Dataset, planned: SpanPlan, engine: SourceEngine, since: date | None, day: date
) -> MeasureFrame:
    """Ask the planned statements. `day` is today where the company is."""
    answers = [engine.fetch(statement.select) for statement in planned.stocks]
    found = planned.stocks[0].pulse(answers[0])
    asked = Asked(catalog.board.calendar, since, found.pulse.last_month or 0, dataset.covers)
    first = found.first_month
    values: list[Iterator[Value]] = []
    if first is not None:
        values += [
            each.values(rows, asked, first) for each, rows in zip(planned.stocks, answers, strict=True)
        ]
        values += [each.values(engine.fetch(each.select), asked, first) for each in planned.standing]
        moving = chain.from_iterable(each.values(engine.fetch(each.select), asked) for each in planned.moving)
        values.append(_without_gaps(dataset, moving, asked, first))
    cells, warnings = recorded_cells(chain.from_iterable(values))
    return MeasureFrame(
        dataset=dataset.name,
        cells=cells,
        since=since,
        data_until=_data_until(dataset, found, day),
        rows=found.pulse.rows,
        warnings=(*_warnings(dataset, found, day), *warnings),
    )


def _without_gaps(dataset: Dataset, values: Iterable[Value], asked: Asked, first: int) -> Iterator[Value]:
    """The values, and those of periods in which nothing starts or ends: that is known, and no gap."""
    moving = [each for each in dataset.measures.values() if each.behaviour is Behaviour.EXACT]
    met: set[tuple[str, Period]] = set()
    for value in values:
        if not value.slice:
            met.add((value.measure, value.period))
        yield value
    for measure in moving:
        for grain in Grain:
            for period in _periods(asked, grain, first):
                if (measure.key, period) not in met:
                    yield Value(measure.key, period, (), (), _of_nothing(measure), 0)


def _periods(asked: Asked, grain: Grain, first: int) -> Iterator[Period]:
    """The wanted periods from the month `first` on."""
    endings = (period_of(asked.calendar, grain, month) for month in range(first, asked.last + 1))
    return (period for period in dict.fromkeys(endings) if asked.holds(period))


def _of_nothing(measure: Measure) -> int | None:
    return 0 if measure.aggregate.kind is AggregateKind.COUNT_DISTINCT else None


def _data_until(dataset: Dataset, found: SpanPulse, day: date) -> date | None:
    """The day after the newest start or end; with `covers`, the end of its month."""
    latest = found.pulse.latest
    if latest is None:
        return None
    until = latest + timedelta(days=1)
    if dataset.covers is not None:
        until = add_months(latest, 1)
    return min(until, day + timedelta(days=1))


def _warnings(dataset: Dataset, found: SpanPulse, day: date) -> Iterator[str]:
    pulse, span = found.pulse, dataset.span
    start, end = ("", "") if span is None else (span.start, span.end)
    if not pulse.rows:
        yield f"{dataset.name} has no rows."
    if pulse.undated:
        yield f"{rows_told(pulse.undated)} of {dataset.name} without {start}: in no figure."
    if found.reversed:
        yield (
            f"{rows_told(found.reversed)} of {dataset.name} with {end} before {start}: in no figure. "
            "Correct them at the source."
        )
    if pulse.earlier:
        yield f"{rows_told(pulse.earlier)} of {dataset.name} before the year 1900: in no figure."
    if pulse.later:
        yield f"{rows_told(pulse.later)} of {dataset.name} that start after {day}: in no period yet."
