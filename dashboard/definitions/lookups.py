"""Look-ups of a dataset: many-to-one joins within its source, two deep, of which none may multiply rows."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dashboard.definitions.dataset_columns import Expressions, plain_column
from dashboard.definitions.entries import UNKNOWN, DatasetEntry, LookupEntry
from dashboard.definitions.origins import Dataset, Lookup
from yamlfiles.problems import did_you_mean
from yamlfiles.reading import Document


@dataclass(frozen=True)
class Draft:
    """A dataset as written, before other datasets are known to it."""

    name: str
    entry: DatasetEntry
    document: Document

    def written(self, key: str) -> Collection[str]:
        """The names under a key of the YAML, also of those that are wrong in themselves and told already."""
        value = self.document.value.get(key)
        return [str(name) for name in value] if isinstance(value, Mapping) else ()


Drafts = Mapping[str, Draft | None]


def written_lookups(draft: Draft, drafts: Drafts) -> frozenset[str]:
    """The names of look-ups as written, those of the datasets that are looked up too: `customers.regions`."""
    names = set(draft.written("lookups"))
    for name, entry in draft.entry.lookups.items():
        other = drafts.get(entry.dataset or name)
        names |= {f"{name}.{inner}" for inner in other.written("lookups")} if other is not None else set()
    return frozenset(names)


def read_lookups(draft: Draft, drafts: Drafts, reader: Expressions) -> dict[str, Lookup]:
    """The look-ups of a dataset by name, behind them those that lead on from the datasets looked up."""
    direct = {}
    for name, entry in draft.entry.lookups.items():
        target = entry.dataset or name
        location = ("lookups", name, *(("dataset",) if entry.dataset else ()))
        if target not in drafts:
            hint = did_you_mean(target, [other for other in drafts if other != draft.name])
            reader.refuse(
                location, f"There is no dataset {target!r} to look up. {hint}", key=entry.dataset is None
            )
            continue
        other = drafts[target]
        if other is not None and (lookup := _lookup(name, entry, draft, other, reader)):
            direct[name] = lookup
    _refuse_several(draft, direct, drafts, reader)
    return {**direct, **dict(_leading_on(direct, drafts))}


def without_unused(dataset: Dataset, used: Collection[str]) -> Dataset:
    """The dataset without the look-ups two deep that nothing of it names: they would be read for nothing."""
    kept = {name: each for name, each in dataset.lookups.items() if each.through is None or name in used}
    return replace(dataset, lookups=MappingProxyType(kept))


def _lookup(name: str, entry: LookupEntry, draft: Draft, other: Draft, reader: Expressions) -> Lookup | None:
    """A look-up leads to the column that is unique over there: its key, or else its entity."""
    if UNKNOWN not in (other.entry.source, draft.entry.source) and other.entry.source != draft.entry.source:
        reader.refuse(
            ("lookups", name),
            f"The dataset {other.name!r} is in another source, {other.entry.source!r}. "
            "Look up within one source; a metric may combine several.",
            key=True,
        )
        return None
    key = _key(other)
    if key is None and other.document.value.keys() & {"key", "entity"}:  # wrong in itself, and told
        return None
    if key is None:
        reader.refuse(
            ("lookups", name),
            f"The dataset {other.name!r} has no entity. "
            f"Add entity: the column in which no value stands twice, to {other.document.file}.",
            key=True,
        )
        return None
    return Lookup(name, other.name, plain_column(entry.column), key)


def _key(draft: Draft) -> str | None:
    key = draft.entry.key or draft.entry.entity
    return None if key is None else plain_column(key)


def _leading_on(direct: Mapping[str, Lookup], drafts: Drafts) -> Iterator[tuple[str, Lookup]]:
    """The look-ups of what is looked up; one that is wrong is told where it is written."""
    for name, lookup in direct.items():
        middle = drafts[lookup.dataset]
        for inner, entry in middle.entry.lookups.items() if middle is not None else ():
            other = drafts.get(entry.dataset or inner)
            if other is not None and (key := _key(other)) is not None:
                path = f"{name}.{inner}"
                yield path, Lookup(path, other.name, plain_column(entry.column), key, through=name)


def _refuse_several(draft: Draft, lookups: dict[str, Lookup], drafts: Drafts, reader: Expressions) -> None:
    """Refuse look-ups that would be joined by what is no key over there.

    `orders: customer_id`, where orders has the key order_id and the entity customer_id, would either join a
    customer's number with an order's, or each row with all orders of its customer.
    """
    several = []
    for name, lookup in lookups.items():
        other = drafts[lookup.dataset]
        entity = None if other is None or other.entry.entity is None else plain_column(other.entry.entity)
        if entity is not None and entity != lookup.key and lookup.column == entity:
            several.append(name)
    for name in several:
        lookup = lookups.pop(name)
        beside = next((each for each in several if each != name), None)
        document = drafts[lookup.dataset].document  # type: ignore[union-attr]  # it was read just above
        told = (
            f"Of {lookup.dataset!r} several rows may have the same {lookup.column!r}, for its key is "
            f"{lookup.key!r}: each row here would be counted once for every one of them (fan-out)."
            if beside is None
            else f"Of {name!r} and of {beside!r} several rows may have the same {lookup.column!r}: "
            "every row of the one would be counted once for every row of the other (chasm)."
        )
        remedy = f"Measure it in {document.file}, and combine the measures in a metric's formula."
        reader.refuse(("lookups", name), f"{told} {remedy}", key=True)
