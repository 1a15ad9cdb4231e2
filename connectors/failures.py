"""What a driver says -> what we say: which source, what is wrong, what to do, and no secret in it."""

import re
from collections.abc import Mapping
from urllib.parse import quote, quote_plus

import sqlalchemy as sa

from connectors.driver_errors import NO_TABLE, Failure, classify
from connectors.errors import (
    MissingTable,
    SourceBusy,
    SourceDataError,
    SourceError,
    SourceRefused,
    SourceUnreachable,
    StatementCancelled,
    StatementTimeout,
)
from connectors.sources import Source

KINDS: Mapping[Failure, type[SourceError]] = {
    Failure.UNREACHABLE: SourceUnreachable,
    Failure.BROKEN: SourceUnreachable,
    Failure.WRONG_USER: SourceRefused,
    Failure.NO_DATABASE: SourceRefused,
    Failure.WRONG_OPTION: SourceRefused,
    Failure.NO_PERMISSION: SourceRefused,
    Failure.READ_ONLY: SourceRefused,
    Failure.BUSY: SourceBusy,
    Failure.TOO_MANY: SourceBusy,
    Failure.STOPPED: StatementTimeout,
    Failure.NO_TABLE: MissingTable,
    Failure.BAD_DATA: SourceDataError,
    Failure.BAD_FILE: SourceDataError,
    Failure.NO_MEMORY: SourceError,
    Failure.QUERY: SourceError,
}
TEXTS: Mapping[Failure, str] = {
    Failure.UNREACHABLE: "nothing answers at {host} ({why}). Start the database, or correct url in {file}.",
    Failure.BROKEN: "the connection to {host} broke ({why}). Refresh again, or ask its administrator.",
    Failure.WRONG_USER: "the database refused user {user!r} ({why}). "
    "Correct the user or the password of url in {file}.",
    Failure.NO_DATABASE: "there is no database {database!r} at {host}. Correct url in {file}.",
    Failure.WRONG_OPTION: "the driver does not take an option of url ({why}). Correct url in {file}.",
    Failure.NO_PERMISSION: "user {user!r} may not do this ({why}). Ask for the SELECT right.",
    Failure.READ_ONLY: "the statement writes ({why}). A source is only read: make it a SELECT.",
    Failure.BUSY: "it is in use ({why}). Close what uses it, or refresh again later.",
    Failure.TOO_MANY: "the database takes no more connections ({why}). Lower pool in {file}.",
    Failure.STOPPED: "the statement ran longer than {timeout} and was stopped. "
    "Narrow the dataset, or raise timeout in {file}.",
    Failure.NO_TABLE: "there is no table {table!r}.",
    Failure.BAD_DATA: "a value cannot be read ({why}). Correct it in the source, or correct the dataset.",
    Failure.BAD_FILE: "{database} cannot be read ({why}). Restore the file, or correct url in {file}.",
    Failure.NO_MEMORY: "the database ran out of memory or disk ({why}). Narrow the dataset, or add some.",
    Failure.QUERY: "the query failed ({why}). Correct the dataset or its query.",
}
CSV_LINE = re.compile(r"CSV Error on Line: (\d+)")
# Among the reasons stands the row itself, of several lines perhaps, which is nobody's business.
CSV_REASON = re.compile(
    r"^(Expected Number of Columns|Error when converting|Invalid unicode|Value with unterminated|"
    r"Maximum line size|Missing|The CSV Parser state).*$",
    re.M,
)
EXPECTED = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
CSV_FILE = re.compile(r"^\s*file = (.+)$", re.M)


def translate(source: Source, error: BaseException, *, cancelled: bool = False) -> SourceError:
    """The error to raise for what SQLAlchemy or a driver raised; raise it `from None`.

    `cancelled` says that we stopped the statement because somebody asked; a stop without it is the time-out.
    """
    if isinstance(error, SourceError):
        return error
    if isinstance(error, sa.exc.TimeoutError):
        return SourceBusy(
            source.name,
            f"its pool of {source.pool_size} is all in use. Raise pool in {source.file}, or refresh later.",
        )
    driver_error = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig else error
    failure, why = classify(driver_error)
    if failure is Failure.STOPPED and cancelled:
        return StatementCancelled(source.name, "the statement was cancelled. Refresh again when you want it.")
    if failure is Failure.BAD_DATA and (found := csv_place(why)):
        return SourceDataError(source.name, found)
    table = NO_TABLE.search(why)
    if failure is Failure.NO_TABLE and table is None:
        failure = Failure.QUERY
    text = TEXTS[failure].format(
        why=without_secrets(source, _short(why)),
        host=_host(source),
        user=(source.url and source.url.username) or "",
        database=(source.url and source.url.database) or source.place,
        timeout=_duration(source.timeout_seconds),
        table=table[table.lastgroup or 0] if table else "",
        file=source.file,
    )
    return KINDS[failure](source.name, text)


def missing_table(error: SourceError) -> str | None:
    """The name of the table that a MissingTable of `translate` is about."""
    found = re.search(r"there is no table '(.+)'\.$", error.message)
    return found[1] if found and isinstance(error, MissingTable) else None


def csv_place(text: str) -> str | None:
    """The file and line that DuckDB names for a broken CSV row, in our words; None for another message."""
    line, file = CSV_LINE.search(text), CSV_FILE.search(text)
    if line is None or file is None:
        return None
    found = CSV_REASON.search(text)
    reason = found[0].strip().rstrip(".") if found else "the row cannot be read"
    if counts := EXPECTED.search(reason):
        reason = f"the row has {counts[2]} values, the first line names {counts[1]}"
    name = file[1].strip().replace("\\", "/").rpartition("/")[2]
    return f"{name}, line {line[1]}: {reason}. Correct that line, or export the file again."


def without_secrets(source: Source, text: str) -> str:
    """The text with every secret of the source blotted out, also where a driver has percent-encoded it."""
    for secret in source.secrets:
        for form in (secret, quote(secret, safe=""), quote_plus(secret)):
            text = text.replace(form, "***")
    return text


# What drivers put before the reason, and what surrounds it.
PREFIXES = re.compile(
    r"^(\w+ )*Error: |^invalid dsn: |^connection (failed|is bad): "
    r"|^connection to server .*? failed: |^FATAL:\s+|\[Errno -?\d+\] "
)
MYSQL_SYNTAX = re.compile(r"^You have an error in your SQL syntax; .*? for the right syntax to use")
LOCK_HOLDER = re.compile(r"Conflicting lock is held in (.+?) \(PID (\d+)\)")
CANNOT_CONNECT = re.compile(r"^Can't connect to MySQL server on .*? \((.*)\)$")


def _short(text: str) -> str:
    """The one line of a driver's message that says why, without its prefixes and its final stop."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "no reason given")
    if holder := LOCK_HOLDER.search(line):
        return f"process {holder[2]}, {holder[1]}, has it open for writing"
    if "different configuration" in line:
        return "this process has it open for writing or with other options"
    line = MYSQL_SYNTAX.sub("syntax error", CANNOT_CONNECT.sub(r"\1", line))
    while (shorter := PREFIXES.sub("", line)) != line:
        line = shorter
    return (line if len(line) <= 300 else line[:299] + "…").rstrip(".")


def _host(source: Source) -> str:
    if source.url is None or not source.url.host:
        return source.place
    return f"{source.url.host}:{source.url.port}" if source.url.port else source.url.host


def _duration(seconds: float) -> str:
    return "1 second" if seconds == 1 else f"{seconds:g} seconds"
