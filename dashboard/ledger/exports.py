"""What left the house: packs, slides and sheets, by whom, when, of which run, and the hash of the content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.journal import append
from dashboard.ledger.schema import exports


@dataclass(frozen=True)
class Export:
    """One export. `what` names it ("pack 2026-Q2.pptx"), `digest` is the SHA-256 of its content."""

    number: int
    what: str
    period: str
    run: int | None
    digest: str
    author: str
    at: datetime


class Exports:
    """The exports of a ledger; may be shared by threads. Every method may raise LedgerError."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database

    def add(
        self, what: str, *, digest: str, author: str, now: datetime, period: str = "", run: int | None = None
    ) -> Export:
        """Enter that something was exported."""
        row = {"author": author, "what": what, "period": period, "run": run, "digest": digest}
        with self._database.writing() as connection:
            return _export(append(connection, exports, now, row))

    def newest(self, limit: int, *, as_of: datetime | None = None) -> tuple[Export, ...]:
        """The newest exports, newest first."""
        query = sa.select(exports).order_by(exports.c.id.desc()).limit(limit)
        if as_of is not None:
            query = query.where(exports.c.at <= as_of)
        with self._database.reading() as connection:
            return tuple(_export(row) for row in connection.execute(query))


def _export(row: sa.Row[Any]) -> Export:
    return Export(row.id, row.what, row.period, row.run, row.digest, row.author, row.at)
