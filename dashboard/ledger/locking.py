"""One refresh at a time. The operating system, or the server, frees the lock of a process that has died."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger.connecting import LedgerDatabase, lock_key

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


LOST = (
    "The connection that kept others from refreshing into ledger '{}' was lost, "
    "so this run was not recorded. Refresh again."
)


@contextmanager
def only_refresh(database: LedgerDatabase) -> Iterator[Callable[[], None]]:
    """Hold the ledger's refresh lock, or raise LedgerError at once where another process holds it.

    Gives what raises LedgerError where the lock has been lost meanwhile: to be called before recording.
    """
    locked = _file_locked(database.path) if database.path else _server_locked(database)
    with locked as held:
        if held is None:
            raise LedgerError(
                f"Another refresh into ledger '{database.name}' is running. Wait until it has finished."
            )
        yield held


@contextmanager
def _file_locked(ledger: Path) -> Iterator[Callable[[], None] | None]:
    """A lock on a file beside the ledger. It stays: deleting it would let two processes lock two files."""
    path = ledger.with_name(ledger.name + ".lock")
    try:
        file = path.open("ab")
    except OSError as error:
        raise LedgerError(
            f"The lock file '{path}' cannot be written: {error.strerror}. "
            "Give this account permission to write it."
        ) from error
    with file:  # closing frees the lock
        yield _never_lost if _try_lock(file) else None


def _never_lost() -> None:
    """The operating system takes no lock away."""


@contextmanager
def _server_locked(database: LedgerDatabase) -> Iterator[Callable[[], None] | None]:
    """A lock of a session of its own, which the server frees when the session ends for whatever reason."""
    with database.translated():
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            key = connection.execute(sa.select(lock_key("refresh"))).scalar_one()
            granted = connection.execute(sa.select(sa.func.pg_try_advisory_lock(key))).scalar_one()
        except BaseException:
            connection.close()
            raise

    def check() -> None:
        try:
            connection.execute(sa.select(1))
        except sa.exc.DBAPIError as error:
            raise LedgerError(LOST.format(database.name)) from error

    try:
        yield check if granted else None
    finally:
        if granted:
            with suppress(
                sa.exc.DBAPIError, sa.exc.InvalidRequestError
            ):  # the session has ended, and the lock with it
                connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))
        connection.invalidate()  # no pooled connection may keep the lock
        connection.close()
