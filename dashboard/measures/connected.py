"""What can be measured of a dataset while tables that it looks up are not connected.

A company begins with few tables. Without the table of customers there are no segments, but there are
complaints: slices, dimensions and measures that need what is not there are left out, and nothing else.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from connectors.engines import SourceEngine
from connectors.errors import MissingTable
from dashboard.definitions.derivation import Bridge, Conversion, Derivation, Voices, texts_read
from dashboard.definitions.derived_measures import new_lines
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Catalog, Dataset, Origin, Slice
from dashboard.definitions.walking import columns_of, needs_of_aggregate
from dashboard.measures.checks import table_columns
from dashboard.measures.failures import NotConnected
from dashboard.measures.frame import MeasureFrame
from dashboard.measures.measuring import measure


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
        part = _part(catalog, origin, frozenset(absent)) if absent else None
        if part is None:
            raise NotConnected(name, absent or (name,), str(error)) from error
    frame = measure(part, name, engine, since=None, now=now)
    told = f"{name} is measured without {', '.join(absent)}: there is no such table."
    return replace(frame, without=absent, warnings=(*frame.warnings, told))


def connected_part(catalog: Catalog, origin: Origin, absent: Collection[str]) -> Origin | None:
    """What can be measured of a dataset or derivation without the datasets `absent`; None if nothing can."""
    part = _part(catalog, origin, frozenset(absent))
    return None if part is None else part.origin(origin.name)


def _absent(catalog: Catalog, origin: Origin, engine: SourceEngine) -> Iterator[str]:
    names: dict[str, None] = {}
    for dataset in _under(catalog, origin):
        names[dataset.name] = None
        names |= dict.fromkeys(lookup.dataset for lookup in dataset.lookups.values())
    for name in names:
        try:
            table_columns(catalog.datasets[name], engine)
        except MissingTable:
            yield name


def _under(catalog: Catalog, origin: Origin) -> Iterator[Dataset]:
    if isinstance(origin, Dataset):
        yield origin
        return
    yield catalog.datasets[origin.dataset]
    if isinstance(origin.rule, Conversion):
        yield catalog.datasets[origin.rule.to_dataset]


def _part(catalog: Catalog, origin: Origin, absent: frozenset[str]) -> Catalog | None:
    """The catalog with the origin, and what it is made of, as far as they need nothing of `absent`."""
    datasets = dict(catalog.datasets)
    for dataset in _under(catalog, origin):
        part = _of_dataset(dataset, absent)
        if part is None:
            return None
        datasets[dataset.name] = part
    if isinstance(origin, Dataset):
        return replace(catalog, datasets=MappingProxyType(datasets))
    derivation = _of_derivation(origin, catalog.datasets[origin.dataset], datasets[origin.dataset])
    if derivation is None:
        return None
    derivations = MappingProxyType({**catalog.derivations, origin.name: derivation})
    return replace(catalog, datasets=MappingProxyType(datasets), derivations=derivations)


def _of_dataset(dataset: Dataset, absent: frozenset[str]) -> Dataset | None:
    if dataset.name in absent:
        return None
    gone = _gone(dataset, absent)
    if dataset.where is not None and _uses(columns_of(dataset.where), gone):
        return None
    dimensions = {name: each for name, each in dataset.dimensions.items() if each.lookup not in gone}
    measures = {
        name: each
        for name, each in dataset.measures.items()
        if not _uses((column for column, _, _ in needs_of_aggregate(each.aggregate)), gone)
    }
    if dataset.measures and not measures:
        return None
    return replace(
        dataset,
        lookups=MappingProxyType({name: each for name, each in dataset.lookups.items() if name not in gone}),
        dimensions=MappingProxyType(dimensions),
        slices=_without(dataset.slices, dataset.dimensions.keys() - dimensions.keys()),
        measures=MappingProxyType(measures),
    )


def _of_derivation(derivation: Derivation, whole: Dataset, part: Dataset) -> Derivation | None:
    gone = frozenset(whole.lookups.keys() - part.lookups.keys())
    if derivation.where is not None and _uses(columns_of(derivation.where), gone):
        return None
    lost, rule, measures = (
        whole.dimensions.keys() - part.dimensions.keys(),
        derivation.rule,
        derivation.measures,
    )
    if any(_uses(columns_of(each), gone) for each in texts_read(rule)):
        return None
    if isinstance(rule, Voices) and lost.intersection(rule.by):
        return None
    if isinstance(rule, Bridge):
        if _uses((column for column, _, _ in needs_of_aggregate(rule.value)), gone):
            return None
        if rule.split_new_by in lost:
            split = new_lines(rule)
            names = {*split, *(f"{line}_count" for line in split)}
            measures = MappingProxyType({name: each for name, each in measures.items() if name not in names})
            rule = replace(rule, split_new_by=None, new_members=None)
    return replace(derivation, rule=rule, measures=measures, slices=_without(derivation.slices, lost))


def _gone(dataset: Dataset, absent: frozenset[str]) -> frozenset[str]:
    """The look-ups that lead to, or through, what is absent."""
    direct = {name for name, each in dataset.lookups.items() if each.dataset in absent}
    return frozenset(direct | {name for name, each in dataset.lookups.items() if each.through in direct})


def _uses(columns: Iterable[Column], gone: frozenset[str]) -> bool:
    return any(column.lookup in gone for column in columns)


def _without(slices: tuple[Slice, ...], lost: Collection[str]) -> tuple[Slice, ...]:
    return tuple(cut for cut in slices if not set(cut) & set(lost))
