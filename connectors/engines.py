"""A source in use: read-only, bounded in time and connections, tried again, stoppable, with plain errors."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from difflib import get_close_matches
from threading import Event, Lock, Timer
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from connectors import changes, tables
from connectors.drivers import driver_problem
from connectors.errors import MissingTable, SourceBusy, SourceError, SourceUnreachable, StatementCancelled
from connectors.failures import missing_table, translate
from connectors.sessions import has_own_timeout, interrupter, open_engine
from connectors.sources import Source
from yamlfiles.problems import did_you_mean

FIRST_PAUSE = 0.25  # seconds before the second attempt to connect; each further pause is twice as long
LONGEST_PAUSE = 8.0
# What connecting may raise: a driver's error, our own, a network's, an option that Python does not take.
CONNECTING = (sa.exc.SQLAlchemyError, SourceError, OSError, TypeError)
MOST_NAMES = 30  # tables that a message lists


class _Running:
    """A connection that another thread may stop, but never after it was given back."""

    def __init__(self, engine: sa.Engine, connection: sa.Connection) -> None:
        self._stop, self._lock = interrupter(engine, connection), Lock()
        self._over = False
        self.cancelled = False

    def stop(self, *, cancelled: bool) -> None:
        with self._lock:
            if not self._over and self._stop is not None:
                self.cancelled = self.cancelled or cancelled
                with suppress(Exception):  # a server that cannot be told ends the statement by its own clock
                    self._stop()

    def end(self) -> None:
        with self._lock:
            self._over = True


class SourceEngine:
    """Connections to one source. Use it in a `with` block, or close it; safe to use from several threads.

    Every method may raise a SourceError: the source, what is wrong, what to do, and never a password.
    """

    def __init__(self, source: Source) -> None:
        if source.url is not None and (problem := driver_problem(source.url)):
            raise SourceError(source.name, problem)
        self.source = source
        self._engine = open_engine(source)
        self._running: set[_Running] = set()
        self._lock = Lock()
        self._cancelled = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"SourceEngine({self.source!r})"

    @property
    def name(self) -> str:
        """The source's name."""
        return self.source.name

    @property
    def dialect(self) -> sa.Dialect:
        """What statements for this source are compiled with."""
        return self._engine.dialect

    def fetch(self, statement: sa.Executable) -> list[tuple[Any, ...]]:
        """All rows of one SELECT. A text() runs as a sub-query, where no grammar allows but a SELECT."""
        with self.connection() as connection:
            return [tuple(row) for row in connection.execute(_asked(statement))]

    def stream(self, statement: sa.Executable, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of one SELECT in lists of at most `size`; the time-out is for each list by itself."""
        with self._checked_out() as connection:
            with self._watched(connection):
                result = connection.execution_options(yield_per=size).execute(_asked(statement))
            with closing(result):  # given up half way, the rest must not wait for the next statement
                while True:
                    with self._watched(connection):
                        rows = result.fetchmany(size)
                    if not rows:
                        return
                    yield [tuple(row) for row in rows]

    @contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """A read-only connection for several statements; a server times each, else the block is timed."""
        with self._checked_out() as connection, self._watched(connection):
            yield connection

    def columns(self, table: str) -> Mapping[str, TypeEngine[Any]]:
        """Column -> type of "table" or "schema.table", as the database declares them."""
        with self.connection() as connection:
            found = tables.columns(connection, table)
        if not found:
            raise self._no_table(table)
        return found

    def query_columns(self, sql: str) -> Mapping[str, TypeEngine[Any]]:
        """Column -> type of what one SELECT in the source's own SQL gives, from a run that asks no row."""
        with self.connection() as connection:
            return tables.query_columns(connection, sql)

    def tables(self) -> list[str]:
        """Tables and views, sorted: "table" in the default schema, "schema.table" in another."""
        with self.connection() as connection:
            return tables.names(connection)

    def estimated_rows(self, table: str) -> int | None:
        """About how many rows a table has, from the database's statistics; None where it keeps none."""
        with self.connection() as connection:
            return tables.estimated_rows(connection, table)

    def held_unique(self, table: str, column: str) -> bool:
        """Whether the database itself keeps a value from standing twice in a column; see tables.py."""
        with self.connection() as connection:
            return tables.held_unique(connection, table, column)

    def state(self) -> str | None:
        """A mark of all that the source holds, another after any write; None where it has none (changes.py).

        Of all errors it raises only SourceUnreachable.
        """
        if self.dialect.name != "postgresql":
            return changes.state_of(self.source)
        try:
            with self.connection() as connection:
                return changes.state_of_server(connection)
        except SourceUnreachable:
            raise
        except SourceError:
            return None

    def cancel(self) -> None:
        """Stop everything that runs or waits to connect; callable from any thread. Later calls run again."""
        with self._lock:
            running = tuple(self._running)
            self._cancelled.set()
            self._cancelled = Event()
        for each in running:
            each.stop(cancelled=True)

    def close(self) -> None:
        """Close every connection. The engine is not used afterwards."""
        self._engine.dispose()

    @contextmanager
    def _checked_out(self) -> Iterator[sa.Connection]:
        connection = self._connect()
        try:
            with connection:
                yield connection
        except (sa.exc.SQLAlchemyError, SourceError) as error:
            raise self._told(error) from None

    def _connect(self) -> sa.Connection:
        cancelled, pause = self._cancelled, FIRST_PAUSE
        for left in range(self.source.retries, -1, -1):
            try:
                return self._engine.connect()
            except CONNECTING as error:
                told = translate(self.source, error)
                again = isinstance(told, SourceUnreachable | SourceBusy)
                if not left or not again or isinstance(error, sa.exc.TimeoutError):
                    raise told from None
            if cancelled.wait(pause):
                raise StatementCancelled(
                    self.name, "connecting was cancelled. Refresh again when you want it."
                )
            pause = min(2 * pause, LONGEST_PAUSE)
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def _watched(self, connection: sa.Connection) -> Iterator[None]:
        """Let `cancel` stop what runs inside, and a timer where the server has none."""
        running = _Running(self._engine, connection)
        with self._lock:
            self._running.add(running)
        timer = None
        if not has_own_timeout(self._engine):
            timer = Timer(self.source.timeout_seconds, running.stop, kwargs={"cancelled": False})
            timer.daemon = True
            timer.start()
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise translate(self.source, error, cancelled=running.cancelled) from None
        finally:
            running.end()
            if timer is not None:
                timer.cancel()
            with self._lock:
                self._running.discard(running)

    def _told(self, error: Exception) -> SourceError:
        told = translate(self.source, error)
        table = missing_table(told)
        return self._no_table(table) if table else told

    def _no_table(self, table: str) -> SourceError:
        try:
            known = self.tables()
        except SourceError:
            known = []
        near = get_close_matches(table, known, n=1) or len(known) <= MOST_NAMES
        hint = did_you_mean(table, known) if near else f"None of its {len(known)} tables has a name like it."
        return MissingTable(self.name, f"there is no table {table!r}. {hint}")


def _asked(statement: sa.Executable) -> sa.Executable:
    if isinstance(statement, sa.TextClause):
        return sa.select(sa.literal_column("*")).select_from(statement.columns().subquery("source_query"))
    return statement
