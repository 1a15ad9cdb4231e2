"""What is looked at before anything is counted: the columns, and whether the keys of look-ups are unique.

A look-up whose key comes twice would count rows twice. That is an error before there is a number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import Select

from connectors.engines import SourceEngine
from dashboard.definitions.columns import check_columns
from dashboard.definitions.dataset_columns import key_of
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Catalog, ColumnUse, Dataset
from dashboard.definitions.walking import columns_of
from dashboard.errors import MeasuringError
from dashboard.measures.expressions import compile_expression
from dashboard.measures.joining import lookups_of, relation
from dashboard.measures.relation import Relation
from dashboard.measures.types import Types, type_class
from yamlfiles.problems import Problem


@dataclass(frozen=True)
class Found:
    """The real columns of a dataset, and those of its look-ups by the look-up's name."""

    columns: Types
    lookup_columns: Mapping[str, Types]


def find_columns(catalog: Catalog, dataset: Dataset, engine: SourceEngine) -> Found:
    """The real columns. MeasuringError where they do not fit what the dataset does with them."""
    names = {dataset.name, *(lookup.dataset for lookup in dataset.lookups.values())}
    types = {name: table_columns(catalog.datasets[name], engine) for name in names}
    found = Found(
        types[dataset.name], {name: types[lookup.dataset] for name, lookup in dataset.lookups.items()}
    )
    classes = {name: {column: type_class(each) for column, each in of.items()} for name, of in types.items()}
    problems = check_columns(
        replace(catalog, column_uses=tuple(uses_of(catalog, dataset))),
        classes,
        untyped=tuple(types) if engine.dialect.name == "sqlite" else (),
    )
    refuse(dataset, [*map(str, problems), *_unlike_keys(dataset, found)])
    return found


def table_columns(dataset: Dataset, engine: SourceEngine) -> Types:
    """The real columns of a dataset with their types."""
    if dataset.query is not None:
        return engine.query_columns(dataset.query)
    return engine.columns(dataset.table or "")


def uses_of(catalog: Catalog, dataset: Dataset) -> Iterator[ColumnUse]:
    """The uses of columns that matter to the dataset: its own, and key and condition of what it looks up."""
    needed: dict[tuple[str, str], set[str]] = {}
    for lookup in dataset.lookups.values():
        other = catalog.datasets[lookup.dataset]
        condition = () if other.where is None else columns_of(other.where)
        read = {lookup.key, *(column.name for column in condition)}
        needed.setdefault((other.name, other.file), set()).update(read)
        if lookup.through is not None:
            middle = catalog.datasets[dataset.lookups[lookup.through].dataset]
            needed.setdefault((middle.name, middle.file), set()).add(lookup.column)
    for use in catalog.column_uses:
        if use.file == dataset.file or use.column in needed.get((use.dataset, use.file), ()):
            yield replace(use, dataset=dataset.name) if use.dataset == dataset.scenario_of else use


def refuse(dataset: Dataset, faults: Iterable[str]) -> None:
    """Raise a MeasuringError that tells all faults, if there are any."""
    told = " ".join(faults)
    if told:
        raise MeasuringError(
            f"The dataset {dataset.name!r} of the source {dataset.source!r} cannot be measured. {told}"
        )


def check_keys(catalog: Catalog, dataset: Dataset, engine: SourceEngine) -> tuple[str, ...]:
    """What is wrong with the keys of look-ups, by which rows would be counted twice, and with the own key."""
    found = find_columns(catalog, dataset, engine)
    source = relation(catalog, dataset, engine.dialect.name, found.columns, found.lookup_columns)
    return tuple(repeated_keys(source, engine))


def key_problems(catalog: Catalog, dataset: Dataset, engine: SourceEngine) -> tuple[Problem, ...]:
    """What is wrong with the keys, each at the place in the YAML that names the look-up or the key.

    A look-up two deep is told where the dataset in the middle looks up.
    """
    found = find_columns(catalog, dataset, engine)
    source = relation(catalog, dataset, engine.dialect.name, found.columns, found.lookup_columns)
    own = [use for use in catalog.column_uses if use.file == dataset.file]
    places = {use.what: (use.line, use.place) for use in own}
    return tuple(
        Problem(dataset.file, *places.get("key" if name is None else key_of(name), (1, 1)), told)
        for name, told in _repeated_by_name(source, engine)
        if name is None or dataset.lookups[name].through is None
    )


def repeated_keys(source: Relation, engine: SourceEngine, rows: Sequence[Any] = ()) -> Iterator[str]:
    """What is wrong with the keys of an opened dataset.

    `rows` are conditions: where there are any, only keys of rows that meet them are looked for, among all.
    """
    return (told for _, told in _repeated_by_name(source, engine, rows))


def _repeated_by_name(
    source: Relation, engine: SourceEngine, rows: Sequence[Any] = ()
) -> Iterator[tuple[str | None, str]]:
    """The look-up (None: the dataset itself) whose key stands in several rows, and what to do."""
    dataset = source.dataset
    for name, lookup in dataset.lookups.items():
        key = source.column(Column(lookup.key, name))
        if _held(source, source.catalog.datasets[lookup.dataset], Column(lookup.key, name), engine):
            continue
        if count := _repeated(kept(source, key.label("key"), lookup=name), engine):
            yield (
                name,
                f"The look-up {lookup.dataset!r} has {_values(count)} of {lookup.key!r} in several rows: "
                "what belongs to them would be counted several times (fan-out). "
                "Make the key unique, or write a query.",
            )
    if dataset.key is not None and not _held(source, dataset, Column(dataset.key), engine):
        key = source.column(Column(dataset.key))
        keys = kept(source, key.label("key"))
        if count := _repeated(keys, engine, keys.where(*rows) if rows else None):
            yield (
                None,
                f"It has {_values(count)} of its key {dataset.key!r} in several rows. "
                f"Leave the repeated rows out in a query, or take key out of {dataset.file}.",
            )


def _held(source: Relation, of: Dataset, key: Column, engine: SourceEngine) -> bool:
    """Whether the table's own constraint says of the key what would be looked for among all rows."""
    plain = type_class(source.type_of(key)) in ("number", "text")
    return plain and of.table is not None and engine.held_unique(of.table, key.name)


def kept(source: Relation, *columns: Any, lookup: str | None = None) -> Select[Any]:
    """Columns of the rows that the dataset's condition keeps, or of a look-up's."""
    if lookup is not None:
        return sa.select(*columns).select_from(source.lookup_rows[lookup])
    rows = sa.select(*columns).select_from(source.joined(lookups_of(source.dataset, ())))
    where = source.dataset.where
    return rows if where is None else rows.where(compile_expression(where, source))


def _repeated(keys: Select[Any], engine: SourceEngine, among: Select[Any] | None = None) -> int:
    """How many keys, or how many of those in `among`, stand in more than one row; a null is no key."""
    key = keys.subquery("keys").c.key
    several = sa.select(key).where(key.is_not(None)).group_by(key).having(sa.func.count() > 1)
    if among is not None:
        several = several.where(key.in_(sa.select(among.subquery("asked_keys").c.key)))
    [(count,)] = engine.fetch(sa.select(sa.func.count()).select_from(several.subquery("several")))
    return int(count)


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"


def _unlike_keys(dataset: Dataset, found: Found) -> Iterator[str]:
    """Look-ups that join a number with a text: some engines refuse that, others join the wrong rows."""
    for name, lookup in dataset.lookups.items():
        own = found.columns if lookup.through is None else found.lookup_columns[lookup.through]
        if lookup.column in own and lookup.key in found.lookup_columns[name]:
            here = type_class(own[lookup.column])
            there = type_class(found.lookup_columns[name][lookup.key])
            if here != there and {here, there} <= {"number", "text", "boolean", "date", "timestamp"}:
                yield (
                    f"The look-up {lookup.dataset!r} joins {lookup.column!r}, a {here}, with {lookup.key!r}, "
                    f"a {there}. Cast one of them in a query."
                )
