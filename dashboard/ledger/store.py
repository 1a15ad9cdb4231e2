"""The ledger: opened by URL, written a run at a time, read as of any moment."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from dashboard.definitions.model import Slice
from dashboard.ledger import locking, opening, reading, recording, verifying
from dashboard.ledger.backup import take_backup
from dashboard.ledger.book import Book, DatasetState, Member
from dashboard.ledger.closes import Closes
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.decisions import Decisions
from dashboard.ledger.defining import Definition, Definitions
from dashboard.ledger.exports import Exports
from dashboard.ledger.kept import Kept
from dashboard.ledger.notes import Notes
from dashboard.ledger.recording import DatasetRead, Run
from dashboard.ledger.revision import Revision, read_revision
from dashboard.ledger.schema import SCHEMA_VERSION
from dashboard.ledger.scope import Scope
from dashboard.ledger.verifying import Verification

__all__ = ["DatasetRead", "Ledger", "Run"]

BOOKS_KEPT = 64
STATES_KEPT = 16


class Ledger:
    """A ledger in SQLite ("sqlite:///path") or PostgreSQL ("postgresql+psycopg://..."), made if new.

    `notes`, `decisions`, `closes`, `exports` and `definitions` are read and written through objects of their
    own. Every reading takes the moment `as_of` (None: now); what was entered or recorded later is not in it.
    May be shared by threads. Every method raises LedgerError with a text for the user; one that is not there,
    cannot be written, is damaged or was written by a newer program is told apart.
    """

    def __init__(self, url: str) -> None:
        self._database = LedgerDatabase(url)
        self._still_refreshing: Callable[[], None] | None = None
        self._books: Kept[Book] = Kept(BOOKS_KEPT)
        self._states: Kept[Mapping[str, DatasetState]] = Kept(STATES_KEPT)
        self.notes = Notes(self._database)
        self.decisions = Decisions(self._database)
        self.closes = Closes(self._database)
        self.exports = Exports(self._database)
        self.definitions = Definitions(self._database)
        try:
            opening.prepare(self._database)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The file, or the address without its password."""
        return self._database.name

    def close(self) -> None:
        """Give all connections back. A ledger that is used again opens new ones."""
        self._database.close()

    def record(
        self,
        started_at: datetime,
        finished_at: datetime,
        author: str,
        catalog_version: str,
        reads: Sequence[DatasetRead],
        definitions: Collection[Definition] = (),
    ) -> Run:
        """Record a run: wholly, or, when anything fails or the process dies, not at all.

        `definitions` are all that were in force; those that are new are kept. Only values that differ from
        the last known are appended. A value that was known, was asked again and is not in the frame any more
        is recorded as gone.
        """
        if self._still_refreshing is not None:
            self._still_refreshing()
        with self._database.writing() as connection:
            return recording.record(
                connection,
                started_at=started_at,
                finished_at=finished_at,
                author=author,
                catalog_version=catalog_version,
                readings=reads,
                defined=definitions,
            )

    def runs(self, limit: int, *, as_of: datetime | None = None) -> tuple[Run, ...]:
        """The newest runs, newest first."""
        with self._database.reading() as connection:
            return reading.recent_runs(connection, limit, as_of)

    def newest_run(self, as_of: datetime | None = None) -> int | None:
        """The number of the newest run that had finished by `as_of`: what a cached reading depends on."""
        with self._database.reading() as connection:
            return reading.newest_run(connection, as_of)

    def revision(self, as_of: datetime | None = None) -> Revision:
        """How far the ledger had come by `as_of`: what anything read from it depends on."""
        with self._database.reading() as connection:
            return read_revision(connection, as_of)

    def reads(self, as_of: datetime | None = None, *, run: int | None = None) -> Mapping[str, DatasetState]:
        """For each dataset that was ever read, what its readings by then, or up to `run`, had come to."""
        with self._database.reading() as connection:
            known = reading.newest_run(connection, as_of) if run is None else run
            return self._states_after(connection, known)

    def book(
        self,
        measures: Mapping[str, str],
        slices: Collection[Slice] = ((),),
        *,
        scope: Scope,
        as_of: datetime | None = None,
    ) -> Book:
        """What was known by `as_of` of measures (key to version) in total and by slices, within the scope."""
        with self._database.reading() as connection:
            run = reading.newest_run(connection, as_of)
            states = self._states_after(connection, run)
            return reading.read_book(connection, measures, slices, scope, run, states)

    def book_of_run(
        self, measures: Mapping[str, str], slices: Collection[Slice] = ((),), *, scope: Scope, run: int
    ) -> Book:
        """What was known once `run` was recorded. Some are kept, for a recorded run never changes."""

        def read() -> Book:
            with self._database.reading() as connection:
                states = self._states_after(connection, run)
                return reading.read_book(connection, measures, slices, scope, run, states)

        return self._books.kept((run, frozenset(measures.items()), frozenset(slices), scope), read)

    def _states_after(self, connection: sa.Connection, run: int | None) -> Mapping[str, DatasetState]:
        """What the readings up to `run` have come to. Some are kept, for a recorded run never changes."""
        return self._states.kept(run, lambda: reading.read_states(connection, run))

    def members(
        self,
        measures: Mapping[str, str],
        slice: Slice,  # noqa: A002
        scope: Scope,
        as_of: datetime | None = None,
    ) -> tuple[Member, ...]:
        """The members that the measures had in the slice by `as_of`, within the scope; sorted."""
        with self._database.reading() as connection:
            return reading.read_members(connection, measures, slice, scope, as_of)

    def were_read(self, versions: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Those of the (dataset, version) pairs that have ever been read without failure."""
        with self._database.reading() as connection:
            return reading.were_read(connection, versions)

    def verify(self) -> Verification:
        """Work out every seal and every current value anew, and tell what is not as it was written."""
        with self._database.reading() as connection:
            return verifying.verify(connection)

    def export_to(self, folder: Path) -> tuple[Path, ...]:
        """Write all that is recorded as Parquet and JSON into an empty folder, and give the files."""
        from dashboard.ledger import transfer  # noqa: PLC0415 - pyarrow is slow to load, and only this needs it

        with self._database.reading() as connection:
            return transfer.write_files(connection, folder)

    def import_from(self, folder: Path) -> None:
        """Fill this ledger, which must be empty, with what was exported; wholly or not at all."""
        from dashboard.ledger import transfer  # noqa: PLC0415 - as above

        with self._database.writing() as connection:
            transfer.read_files(connection, folder)

    def backup(self) -> str:
        """Copy the ledger as it is before a migration, and give the name of the copy."""
        with self._database.writing() as connection:
            return take_backup(self._database.path, connection, SCHEMA_VERSION)

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Hold the ledger's refresh lock; LedgerError where another process or thread holds it."""
        with locking.only_refresh(self._database) as check:
            self._still_refreshing = check
            try:
                yield
            finally:
                self._still_refreshing = None
