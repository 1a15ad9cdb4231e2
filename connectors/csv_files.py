"""A CSV file -> the read_csv call that reads it the same way each time.

Left alone, DuckDB's sniffer takes a file with one broken row for a file of one column, notes above the header
for rows to skip, and a row that begins with # for a comment. So the form is fixed here: the first line names
the columns, the separator is the one that line uses, quotes are double. DuckDB finds the types alone.
"""

import csv
import gzip
import io
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.errors import SourceDataError
from connectors.failures import csv_place

SEPARATORS = ",;\t|"
LINE_ENDS = (r"\n", r"\r\n", r"\r")  # as DuckDB names them; it calls a file of one line by another name
DAY_AND_MONTH = re.compile(r"%[dm]\W%[dm]")


@dataclass(frozen=True)
class CsvFile:
    """A file with the separator and the names that its first line uses."""

    source: str
    path: Path
    separator: str
    names: tuple[str, ...]

    @property
    def arguments(self) -> str:
        """What sniff_csv and read_csv are told about the form."""
        return (
            f"{literal(self.path)}, header = true, skip = 0, delim = {literal(self.separator)}, "
            """quote = '"', escape = '"', comment = ''"""
        )

    def wrong(self, what: str) -> SourceDataError:
        """The error that says what is wrong with this file."""
        return SourceDataError(self.source, f"{self.path.name}{what}")


def read_csv_call(base: duckdb.DuckDBPyConnection, source: str, path: Path) -> str:
    """`read_csv(...)` with the types found. Raises SourceDataError, with the line of a broken row."""
    file = _opened(source, path)
    try:
        base.execute(
            "SELECT Columns, DateFormat, TimestampFormat, NewLineDelimiter "  # noqa: S608
            f"FROM sniff_csv({file.arguments})"
        )
        columns, dates, timestamps, line_end = base.fetchall()[0]
    except duckdb.Error as error:
        raise _broken(base, file, error) from None
    found = {"dateformat": dates, "timestampformat": timestamps}
    found["new_line"] = line_end if line_end in LINE_ENDS else None
    options = "".join(f", {key} = {literal(value)}" for key, value in found.items() if value)
    types = ", ".join(f"{literal(column['name'])}: {literal(column['type'])}" for column in columns)
    call = f"read_csv({file.arguments}{options}, auto_detect = false, columns = {{{types}}})"
    for kind, written in (("DATE", dates), ("TIMESTAMP", timestamps)):
        dated = [column["name"] for column in columns if column["type"].startswith(kind)]
        _refuse_ambiguous_dates(base, file, call, written or "", dated)
    return call


def literal(text: object) -> str:
    """A text as an SQL literal; file and column names come from outside and may hold a quote."""
    return "'" + str(text).replace("'", "''") + "'"


def _opened(source: str, path: Path) -> CsvFile:
    file = CsvFile(source, path, ",", ())
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as raw:
            start = raw.read(65536).decode("utf-8-sig", errors="replace")
    except (OSError, EOFError) as error:
        raise file.wrong(f" cannot be read ({error}). Export the file again.") from None
    unquoted = re.sub(r'"[^"]*"', "", start.splitlines()[0]) if start else ""
    separator = max(SEPARATORS, key=unquoted.count)
    names = next(csv.reader(io.StringIO(start, newline=""), delimiter=separator), [])
    if not any(names):
        raise file.wrong(", line 1: the names of the columns are missing. Put them into the first line.")
    for name in names:
        if not name.strip():
            raise file.wrong(", line 1: a column has no name. Name it.")
        if names.count(name) > 1:
            raise file.wrong(f", line 1: the column {name!r} stands twice. Rename one of them.")
    return CsvFile(source, path, separator, tuple(names))


def _broken(base: duckdb.DuckDBPyConnection, file: CsvFile, error: duckdb.Error) -> SourceDataError:
    """Reading every value as text finds the line that the sniffer keeps to itself."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in file.names)
    try:
        base.execute(
            f"SELECT count(*) FROM read_csv({file.arguments}, auto_detect = false, "  # noqa: S608
            f"columns = {{{columns}}})"
        )
    except duckdb.Error as found:
        error = found
    if place := csv_place(str(error)):
        return SourceDataError(file.source, place)
    return file.wrong(f" cannot be read ({str(error).splitlines()[0].rstrip('.')}). Export the file again.")


def _refuse_ambiguous_dates(
    base: duckdb.DuckDBPyConnection, file: CsvFile, call: str, written: str, columns: list[str]
) -> None:
    """01/02/2024 is January or February, only a day above 12 in the file says which; 01-02-24 may be 2001."""
    if "%y" in written and columns:
        raise file.wrong(
            f": the dates of {columns[0]!r} have a year of two digits. Write them as 2024-12-31."
        )
    if not DAY_AND_MONTH.match(written):
        return
    for column in columns:
        identifier = '"' + column.replace('"', '""') + '"'
        base.execute(f"SELECT max(day({identifier})) FROM {call}")  # noqa: S608
        highest = base.fetchall()[0][0]
        if highest is not None and highest <= 12:
            raise file.wrong(
                f": the dates of {column!r} may be day/month or month/day. Write them as 2024-12-31."
            )
