"""A dataset is asked, and its answers become a MeasureFrame."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import chain

from connectors.engines import SourceEngine
from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.cells import recorded_cells, rows_told
from dashboard.measures.checks import check_keys, refuse, table_columns
from dashboard.measures.derived import DerivedReading
from dashboard.measures.frame import MeasureFrame
from dashboard.measures.monthly import Pulse
from dashboard.measures.opening import open_dataset
from dashboard.measures.plan import EventPlan, plan
from dashboard.measures.sharing import today
from dashboard.measures.snapshot_plan import SnapshotPlan
from dashboard.measures.snapshot_reading import read_snapshots
from dashboard.measures.span_plan import SpanPlan
from dashboard.measures.span_reading import read_spans
from dashboard.measures.spans import Asked, number, period_of
from dashboard.measures.types import type_class

__all__ = ["check_keys", "measure", "real_columns"]


def measure(
    catalog: Catalog, name: str, engine: SourceEngine, *, since: date | None, now: datetime
) -> MeasureFrame:
    """Measure every measure of a dataset or derivation, over all its slices.

    `since` None asks everything; otherwise every period that ends after it. `now` is an aware time: rows
    after its day are in no period. MeasuringError when the data cannot be counted rightly, SourceError when
    the source fails.
    """
    if name in catalog.derivations:
        derivation = catalog.derivations[name]
        return DerivedReading(catalog, derivation, engine, since, now, measure).frame()
    dataset = catalog.datasets[name]
    if not dataset.timed:
        refuse(dataset, ["It has no event: it can only be looked up."])
    opened = open_dataset(catalog, dataset, engine, since=since)
    planned = plan(
        catalog,
        dataset,
        since=since,
        now=now,
        columns=opened.columns,
        lookup_columns=opened.lookup_columns,
        dialect=opened.dialect,
    )
    day = today(catalog, now)
    match planned:
        case SpanPlan():
            return read_spans(catalog, dataset, planned, engine, since, day)
        case SnapshotPlan():
            return read_snapshots(catalog, dataset, planned, engine, since, day)
        case EventPlan():
            return _read_events(catalog, dataset, planned, engine, since, day)


def _read_events(
    catalog: Catalog,
    dataset: Dataset,
    planned: EventPlan,
    engine: SourceEngine,
    since: date | None,
    day: date,
) -> MeasureFrame:
    answers = [engine.fetch(statement.select) for statement in planned.by_month]
    pulse = planned.by_month[0].pulse(answers[0])
    asked = Asked(catalog.board.calendar, since, _last_month(catalog, dataset, pulse), dataset.covers)
    values = [
        statement.values(rows, asked) for statement, rows in zip(planned.by_month, answers, strict=True)
    ]
    values += [statement.values(engine.fetch(statement.select), asked) for statement in planned.exact]
    cells, warnings = recorded_cells(chain.from_iterable(values))
    return MeasureFrame(
        dataset=dataset.name,
        cells=cells,
        since=since,
        data_until=_data_until(catalog, dataset, pulse, day),
        rows=pulse.rows,
        warnings=(*_warnings(dataset, pulse, since, day), *warnings),
    )


def real_columns(
    catalog: Catalog, engines: Mapping[str, SourceEngine], *, only: str | None = None
) -> Mapping[str, Mapping[str, str]]:
    """Dataset -> column -> number, text, date, timestamp, boolean or other, for the sources given."""
    return {
        name: {
            column: type_class(type_)
            for column, type_ in table_columns(dataset, engines[dataset.source]).items()
        }
        for name, dataset in catalog.datasets.items()
        if dataset.source in engines and only in (None, name)
    }


def _last_month(catalog: Catalog, dataset: Dataset, pulse: Pulse) -> int:
    """The month that the newest rows reach to."""
    if pulse.last_month is None or dataset.covers is None:
        return pulse.last_month or 0
    return number(period_of(catalog.board.calendar, dataset.covers, pulse.last_month).end) - 1


def _data_until(catalog: Catalog, dataset: Dataset, pulse: Pulse, day: date) -> date | None:
    """The first day that the data does not cover."""
    if pulse.latest is None:
        return None
    until = pulse.latest + timedelta(days=1)
    if dataset.covers is not None:
        until = catalog.board.calendar.containing(dataset.covers, pulse.latest).end
    return min(until, day + timedelta(days=1))


def _warnings(dataset: Dataset, pulse: Pulse, since: date | None, day: date) -> tuple[str, ...]:
    found = []
    if not pulse.rows:
        found.append(f"{dataset.name} has no rows{'' if since is None else f' since {since}'}.")
    if pulse.undated:
        found.append(f"{rows_told(pulse.undated)} of {dataset.name} without {dataset.event}: in no period.")
    if pulse.earlier:
        found.append(f"{rows_told(pulse.earlier)} of {dataset.name} before the year 1900: in no period.")
    if pulse.later:
        found.append(f"{rows_told(pulse.later)} of {dataset.name} later than {day}: in no period yet.")
    return tuple(found)
