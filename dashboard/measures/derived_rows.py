"""The rows that a derivation looks at: those of a dataset that meet its condition and have an entity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from connectors.engines import SourceEngine
from connectors.time_zones import KNOWN_YEARS
from dashboard.definitions.columns import check_columns
from dashboard.definitions.derivation import Derivation
from dashboard.definitions.expressions import Aggregate, AggregateKind, Column, Expression, Operation
from dashboard.definitions.model import At, Catalog, Dataset, Measure, Slice
from dashboard.errors import MeasuringError
from dashboard.measures.event_time import EventTime, clock, event_time
from dashboard.measures.expressions import compile_expression
from dashboard.measures.joining import lookups_of, relation
from dashboard.measures.opening import open_dataset
from dashboard.measures.relation import Relation
from dashboard.measures.snapshot_time import snapshot_time
from dashboard.measures.span_time import FIRST_DAY, SpanTime, span_time
from dashboard.measures.sqlite_values import look_at_values
from dashboard.measures.types import Types, type_class

Element = ColumnElement[Any]
ENTITY = "entity"
NAMELESS, TOTAL = "without_entity", "total"  # what the rows are asked beside: how many have none, and the sum


@dataclass(frozen=True)
class DerivedRows:
    """The rows of one dataset under a derivation. `tomorrow` is the first day that has not come yet."""

    relation: Relation
    entity: str
    tomorrow: date

    @property
    def dataset(self) -> Dataset:
        """The dataset, with the derivation's condition beside its own."""
        return self.relation.dataset

    @property
    def owner(self) -> Element:
        """Whose row it is."""
        return self.relation.column(Column(self.entity))

    @property
    def event(self) -> EventTime:
        """When a row of events or snapshots happened."""
        column = self.dataset.event or self.dataset.snapshot or ""
        return event_time(self.relation, column, first=None, tomorrow=self.tomorrow)

    @property
    def span(self) -> SpanTime:
        """When a row of spans starts and ends."""
        if self.dataset.span is None:
            raise TypeError(f"{self.dataset.name} holds no spans")
        return span_time(self.relation, self.dataset.span, tomorrow=self.tomorrow)

    @property
    def counted(self) -> tuple[Element, ...]:
        """The conditions of rows that have an entity and a time in a period."""
        if self.dataset.span is not None:
            return (*self.span.counted, self.owner.is_not(None))
        if self.dataset.snapshot is not None:
            state = snapshot_time(
                self.relation, self.dataset.snapshot, None, first=None, tomorrow=self.tomorrow
            )
            return (*state.newest, self.owner.is_not(None))
        time = clock(self.relation, self.dataset.event or "", (KNOWN_YEARS[0], self.tomorrow.year + 1))
        return (*self.event.dated, time.raw >= time.begins(FIRST_DAY), self.owner.is_not(None))

    def lookups(self, *expressions: Expression | None) -> frozenset[str]:
        """The look-ups that the expressions read."""
        return lookups_of(self.dataset, expressions)

    def condition(self, expression: Expression) -> Element:
        """A condition over the rows."""
        return compile_expression(expression, self.relation)

    def value(self, aggregate: Aggregate | None) -> Element:
        """What a row adds to a sum; null where it does not meet the condition of the sum."""
        if aggregate is None or aggregate.argument is None:
            return sa.literal(0, sa.Integer())
        value = compile_expression(aggregate.argument, self.relation)
        return (
            value
            if aggregate.where is None
            else sa.case((compile_expression(aggregate.where, self.relation), value))
        )

    def beside(self, value: Aggregate | None) -> Dataset:
        """The dataset with what is asked beside: how many rows have no entity, and the sum of the rest."""
        absent = Operation("is_null", (Column(self.entity),))
        at = (At.START, At.CLOSE) if self.dataset.span is not None else (None, None)
        nameless = Aggregate(AggregateKind.COUNT, where=absent)
        found = [Measure(NAMELESS, self.dataset.name, nameless, "", "", at=at[0])]
        if value is not None:
            named = Operation("not", (absent,))
            where = named if value.where is None else Operation("and", (value.where, named))
            total = replace(value, where=where)
            found.append(Measure(TOTAL, self.dataset.name, total, "", "", at=at[1]))
        return replace(
            self.dataset, slices=((),), measures=MappingProxyType({each.name: each for each in found})
        )


def derived_rows(
    catalog: Catalog,
    dataset: Dataset,
    entity: str,
    where: Expression | None,
    *,
    cuts: tuple[Slice, ...],
    tomorrow: date,
    columns: Types,
    lookup_columns: Mapping[str, Types],
    dialect: str,
) -> DerivedRows:
    """The rows of a dataset whose real columns are known."""
    kept = dataset.where if where is None else where
    if where is not None and dataset.where is not None:
        kept = Operation("and", (dataset.where, where))
    known = tuple(cut for cut in cuts if set(cut) <= set(dataset.dimensions))
    narrowed = replace(dataset, where=kept, slices=known)
    return DerivedRows(relation(catalog, narrowed, dialect, columns, lookup_columns), entity, tomorrow)


def open_rows(
    catalog: Catalog,
    derivation: Derivation,
    dataset: Dataset,
    entity: str,
    where: Expression | None,
    *,
    tomorrow: date,
    engine: SourceEngine,
) -> DerivedRows:
    """Look at what is there, and refuse what cannot be counted rightly."""
    opened = open_dataset(catalog, dataset, engine)
    names = {dataset.name, *(lookup.dataset for lookup in dataset.lookups.values())}
    uses = tuple(use for use in catalog.column_uses if use.file == derivation.file and use.dataset in names)
    types = {lookup.dataset: opened.lookup_columns[name] for name, lookup in dataset.lookups.items()}
    types[dataset.name] = opened.columns
    classes = {name: {column: type_class(each) for column, each in of.items()} for name, of in types.items()}
    untyped = tuple(types) if opened.dialect == "sqlite" else ()
    problems = check_columns(replace(catalog, column_uses=uses), classes, untyped=untyped)
    refuse_derivation(derivation, map(str, problems))
    rows = derived_rows(
        catalog,
        dataset,
        entity,
        where,
        cuts=derivation.slices,
        tomorrow=tomorrow,
        columns=opened.columns,
        lookup_columns=opened.lookup_columns,
        dialect=opened.dialect,
    )
    if opened.dialect == "sqlite":
        refuse_derivation(derivation, look_at_values(rows.relation, uses, engine).faults)
    return rows


def refuse_derivation(derivation: Derivation, faults: Iterable[str]) -> None:
    """Raise a MeasuringError that tells all faults, if there are any."""
    told = " ".join(faults)
    if told:
        raise MeasuringError(
            f"The derivation {derivation.name!r} of the source {derivation.source!r} cannot be measured. "
            + told
        )
