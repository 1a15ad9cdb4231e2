"""Whether all rows of a dataset are in the company's currency: a sum cannot see that it mixes several.

A dataset says by `currency` in which column that stands. Rows in another one are an error before there is a
number, and so are rows of which nobody says it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from connectors.engines import SourceEngine
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.checks import find_columns, kept
from dashboard.measures.joining import relation
from dashboard.measures.relation import Relation
from yamlfiles.problems import Problem

MOST_TOLD = 5


def other_currencies(source: Relation, engine: SourceEngine, rows: Sequence[Any] = ()) -> Iterator[str]:
    """What is wrong with the currencies of an opened dataset; nothing where it names no column for them.

    `rows` are conditions: where there are any, only rows that meet them are looked at.
    """
    dataset, ours = source.dataset, source.catalog.board.currency
    if dataset.currency is None:
        return
    given = kept(source, source.column(Column(dataset.currency)).label("given")).where(*rows).subquery("kept")
    count, given_ = sa.func.count(), given.c.given
    told = (
        sa.select(given_, count, sa.func.sum(count).over())
        .where(sa.or_(given_.is_(None), given_ != ours))
        .group_by(given_)
        .order_by(count.desc(), given_)
        .limit(MOST_TOLD)
    )
    found = engine.fetch(told)
    if found:
        total = int(found[0][2])
        each = [f"{currency or 'none'} ({number:,})" for currency, number, _ in found]
        more = ["and others"] if sum(int(number) for _, number, _ in found) < total else []
        is_are = "1 row is" if total == 1 else f"{total:,} rows are"
        yield (
            f"{is_are} not in {ours} by the column {dataset.currency!r}: {', '.join(each + more)}. "
            "A sum would mix currencies: convert them in a query, or leave them out by where."
        )


def currency_problems(catalog: Catalog, dataset: Dataset, engine: SourceEngine) -> tuple[Problem, ...]:
    """The same, at the place in the YAML that names the column."""
    found = find_columns(catalog, dataset, engine)
    source = relation(catalog, dataset, engine.dialect.name, found.columns, found.lookup_columns)
    uses = (use for use in catalog.column_uses if use.file == dataset.file and use.what == "currency")
    place = next(((use.line, use.place) for use in uses), (1, 1))
    return tuple(Problem(dataset.file, *place, told) for told in other_currencies(source, engine))
