"""A dataset is asked, and its answers become a MeasureFrame."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from connectors.engines import SourceEngine
from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.frame import Cell, MeasureFrame, Value, recorded
from dashboard.measures.monthly import Pulse
from dashboard.measures.plan import plan, today
from dashboard.measures.relation import Types, type_class
from dashboard.measures.spans import Asked


def measure(
    catalog: Catalog, dataset_name: str, engine: SourceEngine, *, since: date | None, now: datetime
) -> MeasureFrame:
    """Measure every measure of a dataset, over all its slices.

    `since` None asks everything; otherwise every period that ends after it. `now` is an aware time: rows after its day
    are in no period. Raises MeasuringError when the data cannot be counted rightly, SourceError when the source fails.
    """
    dataset = catalog.datasets[dataset_name]
    statements = plan(
        catalog,
        dataset,
        since=since,
        now=now,
        columns=columns_of(dataset, engine),
        lookup_columns={
            name: columns_of(catalog.datasets[lookup.dataset], engine)
            for name, lookup in dataset.lookups.items()
        },
        dialect=engine.dialect.name,
    )
    pulse, values = None, []
    asked = None
    for statement in statements:
        rows = engine.fetch(statement.select)
        if pulse is None:
            pulse = statement.pulse(rows)
            asked = Asked(catalog.board.calendar, since, pulse.last_month or 0, dataset.covers)
        values.extend(statement.values(rows, asked))
    cells, warnings = _recorded(values)
    day = today(catalog, now)
    return MeasureFrame(
        dataset=dataset.name,
        cells=cells,
        since=since,
        data_until=_data_until(catalog, dataset, pulse, day),
        rows=pulse.rows,
        warnings=(*_warnings(dataset, pulse, since, day), *warnings),
    )


def columns_of(dataset: Dataset, engine: SourceEngine) -> Types:
    """The real columns of a dataset with their types."""
    if dataset.query is not None:
        return engine.query_columns(dataset.query)
    return engine.columns(dataset.table or "")


def real_columns(
    catalog: Catalog, engines: Mapping[str, SourceEngine], *, only: str | None = None
) -> Mapping[str, Mapping[str, str]]:
    """Dataset -> column -> class of type (number, text, date, timestamp, boolean, other), for the sources given."""
    return {
        name: {
            column: type_class(type_)
            for column, type_ in columns_of(dataset, engines[dataset.source]).items()
        }
        for name, dataset in catalog.datasets.items()
        if dataset.source in engines and only in (None, name)
    }


def _data_until(catalog: Catalog, dataset: Dataset, pulse: Pulse, day: date) -> date | None:
    """The first day that the data does not cover."""
    if pulse.latest is None:
        return None
    until = pulse.latest + timedelta(days=1)
    if dataset.covers is not None:
        until = catalog.board.calendar.containing(dataset.covers, pulse.latest).end
    return min(until, day + timedelta(days=1))


def _recorded(values: Iterable[Value]) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Cells fit to be recorded, and what had to be left out of them."""
    cells, not_finite = [], Counter[str]()
    for value in values:
        number = recorded(value.value)
        if number is None and value.value is not None:
            not_finite[value.measure] += 1
        cells.append(Cell(value.measure, value.period, value.slice, value.member, number, value.n))
    return tuple(cells), tuple(
        f"{measure} is not a finite number in {count} of its values, which are shown as missing. "
        "Look for NaN or infinity in its column."
        for measure, count in not_finite.items()
    )


def _warnings(dataset: Dataset, pulse: Pulse, since: date | None, day: date) -> tuple[str, ...]:
    found = []
    if not pulse.rows:
        found.append(f"{dataset.name} has no rows{'' if since is None else f' since {since}'}.")
    if pulse.undated:
        found.append(f"{_rows(pulse.undated)} of {dataset.name} without {dataset.event}: in no period.")
    if pulse.later:
        found.append(f"{_rows(pulse.later)} of {dataset.name} later than {day}: in no period yet.")
    return tuple(found)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
