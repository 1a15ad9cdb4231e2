"""The statements that a metric needs, as text for one dialect of SQL."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import sqlglot
from sqlalchemy.types import TypeEngine

from connectors.engines import SourceEngine
from connectors.errors import SourceError
from dashboard.definitions.derivation import Bridge, Conversion, Derivation, texts_read, value_of
from dashboard.definitions.expressions import Column, Expression
from dashboard.definitions.lineage import datasets_of, measures_of
from dashboard.definitions.model import Catalog, Dataset, Metric, Origin, Slice
from dashboard.definitions.walking import columns_of
from dashboard.deployment import Deployment
from dashboard.errors import DashboardError, UnknownNameError
from dashboard.measures.checks import table_columns
from dashboard.measures.derived_plan import Sources, derived_statements
from dashboard.measures.derived_rows import NAMELESS, TOTAL, DerivedRows, derived_rows
from dashboard.measures.plan import plan
from dashboard.measures.sharing import today
from yamlfiles.problems import did_you_mean

Types = Mapping[str, TypeEngine[Any]]
DIALECTS = ("duckdb", "mariadb", "mysql", "postgresql", "sqlite")
_SQLGLOT = {"postgresql": "postgres", "mariadb": "mysql", "mssql": "tsql"}  # where its names are others

# What a column holds where no database can be asked: by what the configuration needs of it.
_ASSUMED: Mapping[str, TypeEngine[Any]] = {
    "number": sa.Numeric(asdecimal=False),
    "moment": sa.DateTime(),
    "truth": sa.Boolean(),
}


@dataclass(frozen=True)
class StatementText:
    """One SELECT: the measures and slices that share it, and its text, with values written in for reading."""

    measures: tuple[str, ...]
    slices: tuple[Slice, ...]
    sql: str


@dataclass(frozen=True)
class DatasetPlan:
    """How one dataset or derivation of a metric is asked.

    `assumed` says why the types of its columns had to be assumed.
    """

    dataset: Origin
    dialect: str
    origin: str
    columns: tuple[str, ...]
    statements: tuple[StatementText, ...]
    assumed: str | None
    rows: int | None = None  # about how many its table has, where the database keeps such statistics


def dataset_plans(
    deployment: Deployment, metric: Metric, *, dialect: str | None, now: datetime
) -> tuple[DatasetPlan, ...]:
    """The plan of every dataset and derivation under a metric, for `dialect` or for that of its source."""
    catalog, keys = deployment.catalog, frozenset(measures_of(deployment.catalog, metric))
    return tuple(
        _derivation_plan(deployment, catalog.derivations[name], dialect, now)
        if name in catalog.derivations
        else _dataset_plan(deployment, catalog.datasets[name], keys, dialect, now)
        for name in datasets_of(catalog, metric)
    )


def _dataset_plan(
    deployment: Deployment, dataset: Dataset, keys: frozenset[str], dialect: str | None, now: datetime
) -> DatasetPlan:
    own = _own(deployment, dataset)
    written = _dialect(dialect or own.dialect)
    return DatasetPlan(
        dataset=dataset,
        dialect=written.name,
        origin=_origin(deployment, dataset, own.dialect),
        columns=_columns(dataset, keys),
        statements=tuple(_asked(deployment.catalog, dataset, own, written, now)),
        assumed=own.assumed,
        rows=own.rows,
    )


def _asked(
    catalog: Catalog, dataset: Dataset, own: "_Own", written: sa.Dialect, now: datetime
) -> Iterator[StatementText]:
    """What a refresh asks of a dataset, with all its measures."""
    made = plan(
        catalog,
        dataset,
        since=None,
        now=now,
        columns=own.types[dataset.name],
        lookup_columns={name: own.types[lookup.dataset] for name, lookup in dataset.lookups.items()},
        dialect=written.name,
    )
    for found in made.statements:
        names = tuple(each.name for each in found.measures)
        yield StatementText(names, found.slices, _text(found.select, written))


def _origin(deployment: Deployment, dataset: Dataset, dialect: str) -> str:
    source = deployment.sources[dataset.source]
    owner = f", {source.owner}" if source.owner else ""
    kind = f"table {dataset.table}" if dataset.table else f"query {dataset.query_file}"
    return f"{kind} of source {source.name} ({dialect}{owner})"


def _derivation_plan(
    deployment: Deployment, derivation: Derivation, dialect: str | None, now: datetime
) -> DatasetPlan:
    """What a derivation asks: how far its rows reach and what they add up to, and then its measures."""
    catalog, rule = deployment.catalog, derivation.rule
    dataset = catalog.datasets[derivation.dataset]
    own = _own(deployment, dataset)
    written = _dialect(dialect or own.dialect)
    reading = _DerivedReading(catalog, derivation, written, now)
    mine, others = reading.rows(dataset, derivation.entity, derivation.where, own), None
    origins = [_origin(deployment, dataset, own.dialect)]
    statements = list(reading.beside(mine, own))
    if isinstance(rule, Conversion):
        other = catalog.datasets[rule.to_dataset]
        found = _own(deployment, other)
        others = reading.rows(other, rule.to_entity, rule.to_where, found)
        origins.append(_origin(deployment, other, found.dialect))
        statements += reading.beside(others, found)
    asked = derived_statements(derivation, Sources(mine, others, reading.tomorrow))
    names = tuple(derivation.measures)
    statements += (StatementText(names, each.slices, _text(each.select, written)) for each in asked)
    return DatasetPlan(
        dataset=derivation,
        dialect=written.name,
        origin=f"derived from {' and '.join(dict.fromkeys(origins))}",
        columns=_derived_columns(derivation, dataset),
        statements=tuple(statements),
        assumed=own.assumed,
        rows=own.rows,
    )


@dataclass(frozen=True)
class _DerivedReading:
    """How the rows under a derivation are read, and what is asked of them beside its measures."""

    catalog: Catalog
    derivation: Derivation
    written: sa.Dialect
    now: datetime

    @property
    def tomorrow(self) -> date:
        return today(self.catalog, self.now) + timedelta(days=1)

    def rows(self, of: Dataset, entity: str, where: Expression | None, found: "_Own") -> DerivedRows:
        return derived_rows(
            self.catalog,
            of,
            entity,
            where,
            cuts=self.derivation.slices,
            tomorrow=self.tomorrow,
            columns=found.types[of.name],
            lookup_columns={name: found.types[lookup.dataset] for name, lookup in of.lookups.items()},
            dialect=self.written.name,
        )

    def beside(self, of: DerivedRows, found: "_Own") -> Iterator[StatementText]:
        """How far the rows reach, and of a bridge what its values come to."""
        rule = self.derivation.rule
        value = rule.value if isinstance(rule, Bridge) else None
        told = {NAMELESS: f"rows without {of.entity}", TOTAL: "total of the value"}
        for each in _asked(self.catalog, of.beside(value), found, self.written, self.now):
            names = (f"reach of {of.dataset.name}", *(told[name] for name in each.measures))
            yield replace(each, measures=names)


def _derived_columns(derivation: Derivation, dataset: Dataset) -> tuple[str, ...]:
    """The columns that a derivation reads of its dataset, those of its time first."""
    value = value_of(derivation.rule)
    parts = [dataset.where, derivation.where, *((value.argument, value.where) if value else ())]
    parts += texts_read(derivation.rule)
    times = dataset.event, dataset.snapshot, *((dataset.span.start, dataset.span.end) if dataset.span else ())
    found = [*(Column(name) for name in times if name), Column(derivation.entity)]
    found += [column for part in parts if part is not None for column in columns_of(part)]
    names = {name for cut in derivation.slices for name in cut}
    found += [column for name, column in dataset.dimensions.items() if name in names]
    return tuple(dict.fromkeys(f"{each.lookup}.{each.name}" if each.lookup else each.name for each in found))


def _columns(dataset: Dataset, keys: frozenset[str]) -> tuple[str, ...]:
    """The columns that these measures of a dataset read, that of its time first."""
    aggregates = [each.aggregate for each in dataset.measures.values() if each.key in keys]
    parts = [dataset.where, *(part for each in aggregates for part in (each.argument, each.where))]
    found = [Column(name) for name in dataset.moments]
    found += [column for part in parts if part is not None for column in columns_of(part)]
    return tuple(dict.fromkeys(f"{each.lookup}.{each.name}" if each.lookup else each.name for each in found))


@dataclass(frozen=True)
class _Own:
    """What a source speaks, and the columns of a dataset and of its look-ups in it."""

    dialect: str
    types: Mapping[str, Types]
    assumed: str | None
    rows: int | None = None


def _own(deployment: Deployment, dataset: Dataset) -> _Own:
    """Asked of the source; assumed where it does not answer."""
    source = deployment.sources[dataset.source]
    names = {dataset.name, *(lookup.dataset for lookup in dataset.lookups.values())}
    try:
        with SourceEngine(source) as engine:
            types = {name: table_columns(deployment.catalog.datasets[name], engine) for name in names}
            name = "mariadb" if getattr(engine.dialect, "is_mariadb", False) else engine.dialect.name
            rows = None if dataset.table is None else engine.estimated_rows(dataset.table)
            return _Own(name, types, None, rows)
    except SourceError as error:
        name = source.url.get_backend_name() if source.url is not None else "duckdb"
        types = {each: _assumed(deployment.catalog, each) for each in names}
        return _Own(name, types, f"The types of columns are assumed. {error}")


def _assumed(catalog: Catalog, dataset: str) -> Types:
    needs: dict[str, set[str]] = {}
    for use in catalog.column_uses:
        if use.dataset in (dataset, catalog.datasets[dataset].scenario_of):
            needs.setdefault(use.column, set()).add(use.need)
    return {
        column: next((type_ for need, type_ in _ASSUMED.items() if need in found), sa.String())
        for column, found in needs.items()
    }


def _dialect(name: str) -> sa.Dialect:
    try:
        found: Callable[..., sa.Dialect] = sa.URL.create(name).get_dialect()
    except (sa.exc.ArgumentError, ImportError):
        raise UnknownNameError(f"There is no SQL dialect {name!r}. {did_you_mean(name, DIALECTS)}") from None
    return found(paramstyle="named")  # with another, every % is doubled for the driver


def _text(select: sa.Select[Any], dialect: sa.Dialect) -> str:
    """The statement laid out for reading; as SQLAlchemy writes it where sqlglot does not know the dialect."""
    try:
        text = str(select.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    except sa.exc.CompileError as error:
        told = str(error).splitlines()[0].rstrip(".")
        raise DashboardError(f"The SQL cannot be written for {dialect.name}: {told}. Name another.") from None
    spoken = _SQLGLOT.get(dialect.name, dialect.name)
    try:
        return sqlglot.parse_one(text, read=spoken).sql(spoken, pretty=True)
    except (sqlglot.errors.SqlglotError, ValueError):
        return text
