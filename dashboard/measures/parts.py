"""What remains of a dataset or derivation while tables that it looks up are not there."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType

from dashboard.definitions.derivation import Bridge, Conversion, Derivation, Voices, texts_read
from dashboard.definitions.derived_measures import new_lines
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Catalog, Dataset, Origin, Slice
from dashboard.definitions.walking import columns_of, needs_of_aggregate


def connected_part(catalog: Catalog, origin: Origin, absent: Collection[str]) -> Origin | None:
    """What can be measured of a dataset or derivation without the datasets `absent`; None if nothing can."""
    part = part_of(catalog, origin, frozenset(absent))
    return None if part is None else part.origin(origin.name)


def part_of(catalog: Catalog, origin: Origin, absent: frozenset[str]) -> Catalog | None:
    """The catalog with the origin, and what it is made of, as far as they need nothing of `absent`."""
    datasets = dict(catalog.datasets)
    for dataset in read_for(catalog, origin):
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


def read_for(catalog: Catalog, origin: Origin) -> Iterator[Dataset]:
    """The datasets that a dataset or derivation reads, itself among them."""
    if isinstance(origin, Dataset):
        yield origin
        return
    yield catalog.datasets[origin.dataset]
    if isinstance(origin.rule, Conversion):
        yield catalog.datasets[origin.rule.to_dataset]
