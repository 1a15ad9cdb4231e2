"""What the board decided: what, who, until when, and the metric that it should move, by how much, by when."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from dashboard.errors import LedgerError, LostUpdateError
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.journal import append
from dashboard.ledger.schema import decisions


class DecisionState(StrEnum):
    """How far it is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Expectation:
    """The metric that a decision should move, by how much (signed, in the metric's unit), and by what day."""

    metric: str
    change: float
    by: date


@dataclass(frozen=True)
class Resolution:
    """What was decided. `due` is the day by which the owner has done it."""

    what: str
    owner: str
    due: date
    expects: Expectation | None = None
    state: DecisionState = DecisionState.OPEN


@dataclass(frozen=True)
class Decision:
    """One version of a decision; `number` and `version` count from 1."""

    number: int
    version: int
    resolution: Resolution
    author: str
    at: datetime


class Decisions:
    """The decisions of a ledger; may be shared by threads. Every method may raise LedgerError."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database

    def add(self, resolution: Resolution, *, author: str, now: datetime) -> Decision:
        """Enter a new decision."""
        with self._database.writing() as connection:
            newest = sa.select(sa.func.coalesce(sa.func.max(decisions.c.decision), 0))
            number = connection.execute(newest).scalar_one() + 1
            return _written(connection, number, 1, resolution, author, now)

    def change(
        self, number: int, resolution: Resolution, *, author: str, now: datetime, based_on: int
    ) -> Decision:
        """Write the next version of a decision; `based_on` is the version that the author saw.

        LostUpdateError, with both in it, where another version has been written since.
        """
        with self._database.writing() as connection:
            query = _versions(number).order_by(decisions.c.version.desc()).limit(1)
            newest = connection.execute(query).first()
            if newest is None:
                raise LedgerError(f"There is no decision {number}.")
            standing = _decision(newest)
            if standing.version != based_on:
                raise LostUpdateError(
                    f"Decision {number}",
                    as_text(resolution),
                    as_text(standing.resolution),
                    standing.author,
                    standing.at,
                )
            return _written(connection, number, based_on + 1, resolution, author, now)

    def all(self, *, as_of: datetime | None = None) -> tuple[Decision, ...]:
        """The newest version of each decision, in order of their numbers."""
        query = sa.select(decisions).order_by(decisions.c.decision, decisions.c.version)
        found = self._read(query, as_of)
        return tuple({decision.number: decision for decision in found}.values())

    def history(self, number: int, *, as_of: datetime | None = None) -> tuple[Decision, ...]:
        """All versions of a decision, newest first."""
        return self._read(_versions(number).order_by(decisions.c.version.desc()), as_of)

    def _read(self, query: sa.Select[Any], as_of: datetime | None) -> tuple[Decision, ...]:
        if as_of is not None:
            query = query.where(decisions.c.at <= as_of)
        with self._database.reading() as connection:
            return tuple(_decision(row) for row in connection.execute(query))


def as_text(resolution: Resolution) -> str:
    """`Answer within a day (Ann, due 2026-12-31, open; nps +5 by 2027-06-30)`."""
    expected = resolution.expects
    effect = f"; {expected.metric} {expected.change:+g} by {expected.by}" if expected else ""
    return f"{resolution.what} ({resolution.owner}, due {resolution.due}, {resolution.state}{effect})"


def _versions(number: int) -> sa.Select[Any]:
    return sa.select(decisions).where(decisions.c.decision == number)


def _written(
    connection: sa.Connection, number: int, version: int, resolution: Resolution, author: str, now: datetime
) -> Decision:
    expected = resolution.expects
    row = {
        "author": author,
        "decision": number,
        "version": version,
        "what": resolution.what,
        "owner": resolution.owner,
        "due": resolution.due,
        "state": resolution.state.value,
        "metric": expected.metric if expected else None,
        "change": expected.change if expected else None,
        "by": expected.by if expected else None,
    }
    return _decision(append(connection, decisions, now, row))


def _decision(row: sa.Row[Any]) -> Decision:
    expects = None if row.metric is None else Expectation(row.metric, row.change, row.by)
    resolution = Resolution(row.what, row.owner, row.due, expects, DecisionState(row.state))
    return Decision(row.decision, row.version, resolution, row.author, row.at)
