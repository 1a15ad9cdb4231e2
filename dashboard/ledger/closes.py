"""Periods are closed as of a run, and reopened with a reason; every act is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger import months
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.journal import append
from dashboard.ledger.months import Span
from dashboard.ledger.schema import closes, runs, seals
from dashboard.periods import Grain, Period


class Act(StrEnum):
    """What was done to the period."""

    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Close:
    """A period closed as of `run`, or reopened. `name` is the period's code, as in `2026-Q2`.

    `number` counts all acts of the ledger from 1. `seal` is that of the run.
    """

    number: int
    act: Act
    name: str
    period: Period
    run: int
    seal: str
    author: str
    at: datetime
    reason: str

    @property
    def span(self) -> Span:
        """The period as months."""
        return months.span(self.period)


class Closes:
    """The closes of a ledger; may be shared by threads. Every method may raise LedgerError."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database

    def close(
        self,
        name: str,
        period: Period,
        *,
        author: str,
        now: datetime,
        run: int | None = None,
        reason: str = "",
    ) -> Close:
        """Close the period as of `run`, or of the newest; LedgerError where it is closed already."""
        with self._database.writing() as connection:
            standing = _standing(connection, None).get(months.span(period))
            if standing is not None:
                raise LedgerError(
                    f"{name} is closed already, as of run {standing.run}, by {standing.author} "
                    f"on {standing.at:%Y-%m-%d}. Reopen it first, with a reason."
                )
            return _enter(connection, Act.CLOSE, name, period, _run(connection, run), author, now, reason)

    def reopen(self, name: str, period: Period, *, author: str, now: datetime, reason: str) -> Close:
        """Open a closed period again. LedgerError where it is not closed, or no reason is given."""
        if not reason.strip():
            raise LedgerError(f"{name} is reopened only with a reason. Say why.")
        with self._database.writing() as connection:
            standing = _standing(connection, None).get(months.span(period))
            if standing is None:
                raise LedgerError(f"{name} is not closed, so it need not be reopened.")
            return _enter(connection, Act.REOPEN, name, period, standing.run, author, now, reason)

    def standing(self, *, as_of: datetime | None = None) -> tuple[Close, ...]:
        """The periods that are closed, or were at the moment `as_of`, in the order they were closed."""
        with self._database.reading() as connection:
            return tuple(_standing(connection, as_of).values())

    def count(self) -> int:
        """How many acts there are: what is shown of closed periods depends on it."""
        with self._database.reading() as connection:
            newest = sa.select(sa.func.coalesce(sa.func.max(closes.c.id), 0))
            found: int = connection.execute(newest).scalar_one()
            return found

    def history(self, *, as_of: datetime | None = None) -> tuple[Close, ...]:
        """Every close and reopening, oldest first."""
        with self._database.reading() as connection:
            return _acts(connection, as_of)


def _acts(connection: sa.Connection, as_of: datetime | None) -> tuple[Close, ...]:
    query = sa.select(closes).order_by(closes.c.id)
    if as_of is not None:
        query = query.where(closes.c.at <= as_of)
    return tuple(_close(row) for row in connection.execute(query))


def _standing(connection: sa.Connection, as_of: datetime | None) -> dict[Span, Close]:
    standing: dict[Span, Close] = {}
    for act in _acts(connection, as_of):
        standing.pop(act.span, None)
        if act.act is Act.CLOSE:
            standing[act.span] = act
    return standing


def _run(connection: sa.Connection, asked: int | None) -> int:
    newest: int | None = connection.execute(sa.select(sa.func.max(runs.c.id))).scalar()
    if newest is None:
        raise LedgerError("Nothing has been measured yet, so nothing can be closed. Run boardseat refresh.")
    if asked is not None and not 1 <= asked <= newest:
        raise LedgerError(f"There is no run {asked}. The newest is {newest}.")
    return newest if asked is None else asked


def _enter(
    connection: sa.Connection,
    act: Act,
    name: str,
    period: Period,
    run: int,
    author: str,
    now: datetime,
    reason: str,
) -> Close:
    start, end = months.span(period)
    seal = connection.execute(sa.select(seals.c.hash).where(seals.c.run == run)).scalar_one()
    row = {
        "author": author,
        "act": act.value,
        "period": name,
        "grain": period.grain.value,
        "start_month": start,
        "end_month": end,
        "run": run,
        "seal": seal,
        "reason": reason.strip(),
    }
    return _close(append(connection, closes, now, row))


def _close(row: sa.Row[Any]) -> Close:
    period = Period(months.first_day(row.start_month), months.first_day(row.end_month), Grain(row.grain))
    return Close(
        number=row.id,
        act=Act(row.act),
        name=row.period,
        period=period,
        run=row.run,
        seal=row.seal,
        author=row.author,
        at=row.at,
        reason=row.reason,
    )
