"""A dataset and its look-ups opened as a Relation."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.sql.expression import FromClause

from dashboard.definitions.expressions import Expression
from dashboard.definitions.model import Catalog, Dataset
from dashboard.definitions.walking import columns_of
from dashboard.errors import MeasuringError
from dashboard.measures.expressions import compile_expression
from dashboard.measures.relation import Relation
from dashboard.measures.types import Types, simple_type


def relation(
    catalog: Catalog, dataset: Dataset, dialect: str, types: Types, lookup_types: Mapping[str, Types]
) -> Relation:
    """The relation of a dataset whose real columns are known."""
    alias = dataset.name if dataset.name not in dataset.lookups else f"{dataset.name} itself"
    rows = _rows(dataset, alias, types)
    beside = {
        name: _kept(catalog, catalog.datasets[lookup.dataset], name, dialect, lookup_types[name])
        for name, lookup in dataset.lookups.items()
    }
    return Relation(catalog, dataset, dialect, types, lookup_types, rows, beside)


def lookups_of(dataset: Dataset, expressions: Iterable[Expression | None]) -> frozenset[str]:
    """The look-ups that the expressions, and the dataset's own condition, read."""
    read = [each for each in (*expressions, dataset.where) if each is not None]
    names = (column.lookup for each in read for column in columns_of(each))
    return frozenset(name for name in names if name is not None)


def _kept(catalog: Catalog, dataset: Dataset, alias: str, dialect: str, types: Types) -> FromClause:
    """The rows of a look-up that its own condition keeps."""
    rows = _rows(dataset, alias, types)
    if dataset.where is None:
        return rows
    if lookups_of(dataset, ()):
        raise MeasuringError(
            f"The look-up {dataset.name!r} has a condition on a look-up of its own, which cannot be asked. "
            f"Write it as a query in {dataset.file}."
        )
    alone = Relation(catalog, dataset, dialect, types, {}, rows, {})
    return sa.select(*rows.c).where(compile_expression(dataset.where, alone)).subquery(_quoted(alias))


def _rows(dataset: Dataset, alias: str, types: Types) -> FromClause:
    columns = [sa.column(_quoted(name), simple_type(type_)) for name, type_ in types.items()]
    if dataset.query is not None:
        # A colon would begin a parameter of text(); the line break ends a comment in the query's last line.
        asked = sa.text(dataset.query.replace(":", r"\:") + "\n")
        return asked.columns(*columns).subquery(_quoted(alias))
    schema, _, name = (dataset.table or "").rpartition(".")
    return sa.table(_quoted(name), *columns, schema=_quoted(schema) if schema else None).alias(_quoted(alias))


def _quoted(name: str) -> quoted_name:
    """Always in quotes: `at`, `order` and `Total` are good columns, and words of one engine or another."""
    return quoted_name(name, quote=True)
