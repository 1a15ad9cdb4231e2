"""How far the ledger has come: what everything that is read from it depends on, in one query."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dashboard.ledger.schema import ACTS, runs


@dataclass(frozen=True)
class Revision:
    """The newest run (None before the first) and, of each kind of act, the number of the newest.

    Two readings of the same revision are the same, so a page that is made once per revision is never stale.
    """

    run: int | None
    acts: tuple[int, ...]


def read_revision(connection: sa.Connection, as_of: datetime | None) -> Revision:
    """The revision at the moment `as_of`; None is now."""
    newest = sa.select(sa.func.max(runs.c.id))
    acts = [sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)) for table in ACTS]
    if as_of is not None:
        newest = newest.where(runs.c.finished_at <= as_of)
        acts = [act.where(table.c.at <= as_of) for act, table in zip(acts, ACTS, strict=True)]
    parts = [each.scalar_subquery().label(f"part{place}") for place, each in enumerate([newest, *acts])]
    run, *numbers = connection.execute(sa.select(*parts)).one()
    return Revision(run, tuple(numbers))
