"""What can be measured of a dataset while tables that it looks up are not connected.

A company begins with few tables. Without the table of customers there are no segments, but there are
complaints: slices, dimensions and measures that need what is not there are left out, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from connectors.engines import SourceEngine
from connectors.errors import MissingTable
from dashboard.definitions.model import Catalog, Origin
from dashboard.measures.checks import table_columns
from dashboard.measures.failures import NotConnected
from dashboard.measures.frame import MeasureFrame
from dashboard.measures.measuring import measure
from dashboard.measures.parts import part_of, read_for


def measure_connected(
    catalog: Catalog, name: str, engine: SourceEngine, *, since: date | None, now: datetime
) -> MeasureFrame:
    """Measure as `measure` does; where tables are not there, what needs none of them.

    `without` of the frame names the datasets that are not there. NotConnected, with their names, where
    nothing can be measured without them.
    """
    try:
        return measure(catalog, name, engine, since=since, now=now)
    except MissingTable as error:
        origin = catalog.origin(name)
        absent = tuple(_absent(catalog, origin, engine))
        part = part_of(catalog, origin, frozenset(absent)) if absent else None
        if part is None:
            raise NotConnected(name, absent or (name,), str(error)) from error
    frame = measure(part, name, engine, since=None, now=now)
    told = f"{name} is measured without {', '.join(absent)}: there is no such table."
    return replace(frame, without=absent, warnings=(*frame.warnings, told))


def _absent(catalog: Catalog, origin: Origin, engine: SourceEngine) -> Iterator[str]:
    names: dict[str, None] = {}
    for dataset in read_for(catalog, origin):
        names[dataset.name] = None
        names |= dict.fromkeys(lookup.dataset for lookup in dataset.lookups.values())
    for name in names:
        try:
            table_columns(catalog.datasets[name], engine)
        except MissingTable:
            yield name
