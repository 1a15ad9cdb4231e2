"""A dataset is asked, and its answers become a MeasureFrame."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import chain

import sqlalchemy as sa

from connectors.engines import SourceEngine
from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.checks import check_keys, find_columns, refuse, repeated_keys, table_columns, uses_of
from dashboard.measures.frame import Cell, MeasureFrame, Value, recorded
from dashboard.measures.joining import relation
from dashboard.measures.monthly import Pulse
from dashboard.measures.plan import Plan, plan, today
from dashboard.measures.spans import Asked, number, period_of
from dashboard.measures.sqlite_values import look_at_values
from dashboard.measures.types import type_class

__all__ = ["check_keys", "measure", "real_columns"]


def measure(
    catalog: Catalog, dataset_name: str, engine: SourceEngine, *, since: date | None, now: datetime
) -> MeasureFrame:
    """Measure every measure of a dataset, over all its slices.

    `since` None asks everything; otherwise every period that ends after it. `now` is an aware time: rows
    after its day are in no period. MeasuringError when the data cannot be counted rightly, SourceError when
    the source fails.
    """
    dataset = catalog.datasets[dataset_name]
    if dataset.event is None:
        refuse(dataset, ["It has no event: it can only be looked up."])
    planned = _plan(catalog, dataset, engine, since=since, now=now)
    answers = [engine.fetch(statement.select) for statement in planned.by_month]
    pulse = planned.by_month[0].pulse(answers[0])
    asked = Asked(catalog.board.calendar, since, _last_month(catalog, dataset, pulse), dataset.covers)
    values = [
        statement.values(rows, asked) for statement, rows in zip(planned.by_month, answers, strict=True)
    ]
    values += [statement.values(engine.fetch(statement.select), asked) for statement in planned.exact]
    cells, warnings = _recorded(chain.from_iterable(values))
    day = today(catalog, now)
    return MeasureFrame(
        dataset=dataset.name,
        cells=cells,
        since=since,
        data_until=_data_until(catalog, dataset, pulse, day),
        rows=pulse.rows,
        warnings=(*_warnings(dataset, pulse, since, day), *warnings),
    )


def _plan(
    catalog: Catalog, dataset: Dataset, engine: SourceEngine, *, since: date | None, now: datetime
) -> Plan:
    """Look at what is there, refuse what cannot be counted rightly, and plan the rest."""
    found, dialect = find_columns(catalog, dataset, engine), engine.dialect.name
    source = relation(catalog, dataset, dialect, found.columns, found.lookup_columns)
    columns = found.columns
    if dialect == "sqlite":
        values = look_at_values(source, tuple(uses_of(catalog, dataset)), engine)
        refuse(dataset, values.faults)
        if values.with_offset:
            columns = {**columns, dataset.event or "": sa.DateTime(timezone=True)}
    refuse(dataset, repeated_keys(source, engine))
    return plan(
        catalog,
        dataset,
        since=since,
        now=now,
        columns=columns,
        lookup_columns=found.lookup_columns,
        dialect=dialect,
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
    if pulse.earlier:
        found.append(f"{_rows(pulse.earlier)} of {dataset.name} before the year 1900: in no period.")
    if pulse.later:
        found.append(f"{_rows(pulse.later)} of {dataset.name} later than {day}: in no period yet.")
    return tuple(found)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
