"""A few integers as a table, to be joined with."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.sql.expression import FromClause


def numbers(names: Sequence[str], rows: Sequence[Sequence[int]]) -> FromClause:
    """A row of the columns `names` for each of `rows`."""
    selects = [
        sa.select(
            *(sa.literal(number, sa.Integer()).label(name) for name, number in zip(names, row, strict=True))
        )
        for row in rows
    ]
    return sa.union_all(*selects).subquery("_".join((*names, "numbers")))
