"""A dataset as something to select from: its table or query, its look-ups, and its columns with their types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.sql.expression import ColumnElement, FromClause
from sqlalchemy.types import TypeEngine

from connectors.dialects import exact_text
from connectors.time_zones import at_home
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Catalog, Dataset, Lookup

Element = ColumnElement[Any]
Types = Mapping[str, TypeEngine[Any]]
MYSQL = frozenset({"mysql", "mariadb"})


@dataclass(frozen=True)
class Relation:
    """A dataset in its source. `types` are its real columns, `lookup_types` those of each look-up, by its name.

    `home` is the time zone that moments are put into.
    """

    catalog: Catalog
    dataset: Dataset
    dialect: str
    types: Types
    lookup_types: Mapping[str, Types]
    rows: FromClause
    lookup_rows: Mapping[str, FromClause]

    @property
    def home(self) -> str:
        """The company's time zone."""
        return self.catalog.board.time_zone

    def column(self, column: Column) -> Element:
        """The column as expressions use it: text compares exactly, moments stand in the company's time zone."""
        raw = self.raw(column)
        kind = type_class(self.type_of(column))
        if kind == "text":
            return exact_text(as_text(raw, self.type_of(column)))
        if kind == "timestamp":
            return self._moment(raw, column)
        if kind == "date" and self.dialect == "sqlite":
            return sa.func.date(raw, type_=sa.Date())
        return raw

    def raw(self, column: Column) -> Element:
        """The column as it is in the database, without a conversion that would keep an index from being used."""
        rows = self.rows if column.lookup is None else self.lookup_rows[column.lookup]
        return rows.c[column.name]

    def type_of(self, column: Column) -> TypeEngine[Any]:
        """The real type of the column."""
        return (self.types if column.lookup is None else self.lookup_types[column.lookup])[column.name]

    def written_in(self, column: Column) -> str:
        """The time zone in which time stamps without a zone were written."""
        dataset = self.dataset
        if column.lookup is not None:
            dataset = self.catalog.datasets[dataset.lookups[column.lookup].dataset]
        return dataset.time_zone or self.home

    def joined(self, lookups: frozenset[str]) -> FromClause:
        """The rows with these look-ups beside them; a row without a match keeps its place."""
        source = self.rows
        for name, lookup in self.dataset.lookups.items():
            if name in lookups:
                key = self.lookup_rows[name].c[lookup.key]
                source = source.outerjoin(self.lookup_rows[name], self.rows.c[lookup.column] == key)
        return source

    def _moment(self, raw: Element, column: Column) -> Element:
        if self.dialect == "sqlite":
            return sa.func.datetime(raw, type_=sqlite.DATETIME(truncate_microseconds=True))
        zone = None if is_instant(self.type_of(column), self.dialect) else self.written_in(column)
        return at_home(raw, zone, self.home, self.dialect)


def relation(
    catalog: Catalog,
    dataset: Dataset,
    dialect: str,
    types: Types,
    lookup_types: Mapping[str, Types],
) -> Relation:
    """The relation of a dataset whose columns are known."""
    from dashboard.measures.expressions import compile_expression  # a look-up may have a condition of its own

    lookup_rows: dict[str, FromClause] = {}
    for name, lookup in dataset.lookups.items():
        if name not in lookup_types:
            continue
        other = catalog.datasets[lookup.dataset]
        rows = _rows(other, name, lookup_types[name])
        if other.where is not None:
            plain = Relation(catalog, other, dialect, lookup_types[name], {}, rows, {})
            kept = sa.select(*rows.c).where(compile_expression(other.where, plain))
            rows = kept.subquery(_quoted(name))
        lookup_rows[name] = rows
    return Relation(
        catalog, dataset, dialect, types, lookup_types, _rows(dataset, dataset.name, types), lookup_rows
    )


def _rows(dataset: Dataset, alias: str, types: Types) -> FromClause:
    columns = [sa.column(_quoted(name), simple_type(type_)) for name, type_ in types.items()]
    if dataset.query is not None:
        # A colon begins a parameter for text(); the line break ends a comment in the query's last line.
        statement = sa.text(dataset.query.replace(":", r"\:") + "\n")
        return statement.columns(*columns).subquery(_quoted(alias))
    schema, _, name = (dataset.table or "").rpartition(".")
    table = sa.table(_quoted(name), *columns, schema=_quoted(schema) if schema else None)
    return table.alias(_quoted(alias))


def _quoted(name: str) -> quoted_name:
    """`at`, `order` and `Name` are good names for columns, and words or traps of one engine or another."""
    return quoted_name(name, quote=True)


def type_class(type_: TypeEngine[Any]) -> str:
    """number, text, date, timestamp, boolean or other."""
    classes: tuple[tuple[tuple[type[TypeEngine[Any]], ...], str], ...] = (
        ((sa.Boolean,), "boolean"),
        ((sa.Integer, sa.Numeric, sa.Float), "number"),
        ((sa.String, sa.Uuid), "text"),
        ((sa.DateTime,), "timestamp"),
        ((sa.Date,), "date"),
    )
    return next((name for kinds, name in classes if isinstance(type_, kinds)), "other")


def simple_type(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type under which a column takes part: a database's own types bring conversions that we do not want."""
    zone = getattr(type_, "timezone", False)
    plain: Mapping[str, TypeEngine[Any]] = {
        "boolean": sa.Boolean(),
        "number": sa.Numeric(asdecimal=False),
        "text": sa.String(),
        "timestamp": sa.DateTime(timezone=bool(zone)),
        "date": sa.Date(),
    }
    return plain.get(type_class(type_), sa.types.NullType())


def is_instant(type_: TypeEngine[Any], dialect: str) -> bool:
    """Whether a time stamp names a moment, not a reading of some clock. MySQL's TIMESTAMP does; sessions are in UTC."""
    return bool(getattr(type_, "timezone", False)) or (
        dialect in MYSQL and type(type_).__name__ == "TIMESTAMP"
    )


def as_text(element: Element, type_: TypeEngine[Any]) -> Element:
    """Enumerations and UUIDs as text, so that they may be compared with text."""
    if isinstance(type_, sa.Enum | sa.Uuid):
        return sa.cast(element, sa.String())
    return element


def lookup_of(dataset: Dataset, column: Column) -> Lookup | None:
    """The look-up that brings the column, if any."""
    return None if column.lookup is None else dataset.lookups[column.lookup]
