"""A dataset looked at before it is asked: columns, values on SQLite, keys of look-ups, currencies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from connectors.engines import SourceEngine
from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.checks import find_columns, refuse, repeated_keys, uses_of
from dashboard.measures.currencies import other_currencies
from dashboard.measures.event_time import event_time
from dashboard.measures.joining import relation
from dashboard.measures.sqlite_values import look_at_values
from dashboard.measures.types import Types


@dataclass(frozen=True)
class Opened:
    """The real columns of a dataset, those of its look-ups by name, and the dialect of its source."""

    columns: Types
    lookup_columns: dict[str, Types]
    dialect: str


def open_dataset(
    catalog: Catalog, dataset: Dataset, engine: SourceEngine, *, since: date | None = None
) -> Opened:
    """What is there. MeasuringError where it cannot be counted rightly.

    `since` None looks at all keys and currencies of an event dataset, a day at those of the rows from its
    month on.
    """
    found, dialect = find_columns(catalog, dataset, engine), engine.dialect.name
    source = relation(catalog, dataset, dialect, found.columns, found.lookup_columns)
    columns = dict(found.columns)
    if dialect == "sqlite":
        values = look_at_values(source, tuple(uses_of(catalog, dataset)), engine)
        refuse(dataset, values.faults)
        columns |= dict.fromkeys(values.with_offset, sa.DateTime(timezone=True))
    timed = source
    rows: tuple[ColumnElement[Any], ...] = ()
    if since is not None and dataset.event is not None and (dataset.key or dataset.currency):
        first = since.replace(day=1)
        timed = relation(catalog, dataset, dialect, columns, found.lookup_columns)
        rows = event_time(timed, dataset.event, first=first, tomorrow=first).asked
    refuse(dataset, [*repeated_keys(timed, engine, rows), *other_currencies(timed, engine, rows)])
    return Opened(columns, dict(found.lookup_columns), dialect)
