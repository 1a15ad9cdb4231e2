"""A dataset as something to select from: its rows, its look-ups, and its columns as expressions use them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, FromClause
from sqlalchemy.types import TypeEngine

from connectors.dialects import exact_text
from connectors.time_zones import STAMP, at_home
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.types import MYSQL, Types, is_instant, needs_cast, type_class

Element = ColumnElement[Any]


@dataclass(frozen=True)
class Relation:
    """A dataset in its source. `types` are its real columns, `lookup_types` those of look-ups by name."""

    catalog: Catalog
    dataset: Dataset
    dialect: str
    types: Types
    lookup_types: Mapping[str, Types]
    rows: FromClause
    lookup_rows: Mapping[str, FromClause]

    @property
    def home(self) -> str:
        """The company's time zone, into which moments are put."""
        return self.catalog.board.time_zone

    def column(self, column: Column) -> Element:
        """The column as expressions use it: text equals only itself, moments are in the company's zone."""
        raw, type_ = self.raw(column), self.type_of(column)
        kind = type_class(type_)
        if kind == "text":
            return exact_text(sa.cast(raw, sa.String()) if needs_cast(type_) else raw)
        if kind == "timestamp":
            return self._moment(raw, column)
        if kind == "date" and self.dialect == "sqlite":
            return sa.func.date(raw, type_=sa.Date())
        return raw

    def raw(self, column: Column) -> Element:
        """The column as the database has it: compared like this, an index on it can be used."""
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
        """The rows with these look-ups beside them; a row without a match stays."""
        source = self.rows
        needed = {name for lookup in lookups for name in self.dataset.way_to(lookup)}
        for name, lookup in self.dataset.lookups.items():  # those that lead on come behind
            if name in needed:
                here, there = Column(lookup.column, lookup.through), Column(lookup.key, name)
                same = self.raw(here) == self.raw(there)
                if self.dialect in MYSQL and type_class(self.type_of(there)) == "text":
                    same = sa.and_(
                        same, self.column(here) == self.column(there)
                    )  # the first can use an index
                source = source.outerjoin(self.lookup_rows[name], same)
        return source

    def _moment(self, raw: Element, column: Column) -> Element:
        if self.dialect == "sqlite":  # kept as text; without this, 10:00 and 10:00:00.000 would differ
            return sa.func.datetime(raw, type_=STAMP)
        zone = None if is_instant(self.type_of(column), self.dialect) else self.written_in(column)
        return at_home(raw, zone, self.home, self.dialect)
