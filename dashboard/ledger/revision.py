"""How far the ledger has come: what everything that is read from it depends on, in one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    if as_of is None:
        run, *numbers = connection.execute(_NEWEST).one()
    else:
        run, *numbers = connection.execute(_NEWEST_BY_THEN, {"as_of": as_of}).one()
    return Revision(run, tuple(numbers))


def _newest(*, by_then: bool) -> sa.Select[Any]:
    found = [sa.select(sa.func.max(runs.c.id))]
    found += [sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)) for table in ACTS]
    if by_then:
        moments = [runs.c.finished_at, *(table.c.at for table in ACTS)]
        bounded = zip(found, moments, strict=True)
        found = [each.where(moment <= sa.bindparam("as_of")) for each, moment in bounded]
    return sa.select(*(each.scalar_subquery().label(f"part{place}") for place, each in enumerate(found)))


# It is asked at every drawing of a page, and building it took longer than what the database does.
_NEWEST, _NEWEST_BY_THEN = _newest(by_then=False), _newest(by_then=True)
