"""Commentary: Markdown for a page, a panel and a period, with its author, its history and its approval."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from dashboard.errors import LedgerError, LostUpdateError
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.journal import append
from dashboard.ledger.schema import notes


class NoteState(StrEnum):
    """Who may rely on it."""

    DRAFT = "draft"
    APPROVED = "approved"


@dataclass(frozen=True, order=True)
class Place:
    """Where a note stands: a page's name, a panel's key ("" for the whole page), a period's code.

    The period is written as `FiscalCalendar.code` does ("2026-Q2"); "" is a note for whatever period.
    """

    page: str
    panel: str = ""
    period: str = ""


@dataclass(frozen=True)
class Note:
    """One version of a note. An empty text takes the note away; `version` counts from 1."""

    place: Place
    version: int
    text: str
    state: NoteState
    author: str
    at: datetime


class Notes:
    """The notes of a ledger; may be shared by threads. Every method may raise LedgerError."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database

    def write(
        self,
        place: Place,
        text: str,
        *,
        author: str,
        now: datetime,
        based_on: int,
        state: NoteState = NoteState.DRAFT,
    ) -> Note:
        """Write the next version of the note at `place`; to approve one, write its text as approved.

        `based_on` is the version that the author saw, 0 where there was none. LostUpdateError, with both
        texts in it, where another version has been written since.
        """
        with self._database.writing() as connection:
            newest = connection.execute(_versions(place).order_by(notes.c.version.desc()).limit(1)).first()
            if newest is None and based_on:
                raise LedgerError(f"There is no note here yet, so there is no version {based_on} to change.")
            if newest is not None and newest.version != based_on:
                raise LostUpdateError("The note", text, newest.text, newest.author, newest.at)
            row = append(
                connection,
                notes,
                now,
                {
                    "author": author,
                    "page": place.page,
                    "panel": place.panel,
                    "period": place.period,
                    "version": based_on + 1,
                    "text": text,
                    "state": state.value,
                },
            )
        return _note(row)

    def of_page(
        self,
        page: str,
        period: str,
        *,
        as_of: datetime | None = None,
        states: Collection[NoteState] = tuple(NoteState),
    ) -> tuple[Note, ...]:
        """Of each of the page's notes for the period the newest version in one of `states`, the page's first.

        Notes that have been emptied are left out.
        """
        return self._newest((notes.c.page == page, notes.c.period == period), as_of, states)

    def of_period(
        self,
        period: str,
        *,
        as_of: datetime | None = None,
        states: Collection[NoteState] = tuple(NoteState),
    ) -> tuple[Note, ...]:
        """The same for all pages, in order of their names."""
        return self._newest((notes.c.period == period,), as_of, states)

    def history(
        self, place: Place, *, as_of: datetime | None = None, limit: int | None = None
    ) -> tuple[Note, ...]:
        """The versions of a note, newest first; all, or the newest `limit`."""
        query = _versions(place).order_by(notes.c.version.desc()).limit(limit)
        if as_of is not None:
            query = query.where(notes.c.at <= as_of)
        with self._database.reading() as connection:
            return tuple(_note(row) for row in connection.execute(query))

    def _newest(
        self,
        where: tuple[sa.ColumnElement[bool], ...],
        as_of: datetime | None,
        states: Collection[NoteState],
    ) -> tuple[Note, ...]:
        wanted = [*where, notes.c.state.in_([state.value for state in states])]
        if as_of is not None:
            wanted.append(notes.c.at <= as_of)
        newest = sa.select(sa.func.max(notes.c.id)).where(*wanted).group_by(*_PLACE)
        with self._database.reading() as connection:
            found = [_note(row) for row in connection.execute(sa.select(notes).where(notes.c.id.in_(newest)))]
        return tuple(sorted((note for note in found if note.text.strip()), key=lambda note: note.place))


_PLACE = (notes.c.page, notes.c.panel, notes.c.period)


def _versions(place: Place) -> sa.Select[Any]:
    return sa.select(notes).where(
        notes.c.page == place.page, notes.c.panel == place.panel, notes.c.period == place.period
    )


def _note(row: sa.Row[Any]) -> Note:
    return Note(
        place=Place(row.page, row.panel, row.period),
        version=row.version,
        text=row.text,
        state=NoteState(row.state),
        author=row.author,
        at=row.at,
    )
