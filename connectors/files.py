"""A folder of CSV, Parquet and XLSX files as a DuckDB database in memory: a file is a table.

CSV and Parquet files are views, read when asked, so that memory does not grow with them. When all are there
the database is locked: it can open these files and no other, and its settings can no longer be changed. Rows
that are added to a file are seen at once, new files and new columns by the next engine.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb

from connectors.csv_files import literal, read_csv_call
from connectors.errors import SourceDataError, SourceUnreachable
from connectors.sources import Source
from connectors.xlsx_files import read_sheet

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")


def open_folder(source: Source) -> duckdb.DuckDBPyConnection:
    """The database of a folder source, with one table or view for each file.

    Raises SourceUnreachable for a folder that is not there; SourceDataError for an empty one, for two files
    of one name, and for a file that cannot be read, naming it and the line or the cell.
    """
    files = table_files(source)
    base = duckdb.connect()
    try:
        base.execute("SET GLOBAL TimeZone = 'UTC'")
        for name, path in files.items():
            _add(base, source, name, path)
        _lock(base, files.values())
    except BaseException:
        base.close()
        raise
    return base


def table_files(source: Source) -> dict[str, Path]:
    """Table -> its file: the file's name without its ending, in snake_case."""
    folder = source.files
    if folder is None or not folder.is_dir():
        text = f"there is no folder {folder}. Create it, or correct files in {source.file}."
        raise SourceUnreachable(source.name, text)
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        suffix = next((end for end in SUFFIXES if path.name.lower().endswith(end)), None)
        if suffix is None or path.name.startswith((".", "~$")) or not path.is_file():
            continue  # "~$" begins the lock file that Excel leaves beside an open workbook
        name = _snake_case(path.name[: -len(suffix)])
        if name in found:
            text = f"{found[name].name} and {path.name} would both be the table {name!r}. Rename one of them."
            raise SourceDataError(source.name, text)
        found[name] = path
    if not found:
        text = (
            f"the folder {folder} holds no .csv, .parquet or .xlsx file. Put one there, or correct files in "
        )
        raise SourceDataError(source.name, f"{text}{source.file}.")
    return found


def scratch_folder(of: object) -> Path:
    """Where DuckDB puts what does not fit into memory; it makes the folder when needed and removes it.

    It is never beside the user's file, and the same for one file in one process: two engines that open a file
    with different settings shut each other out.
    """
    digest = hashlib.sha256(str(of).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"boardseat-{os.getpid()}-{digest}"


def _add(base: duckdb.DuckDBPyConnection, source: Source, name: str, path: Path) -> None:
    table = f'"{name}"'
    if path.suffix.lower() == ".xlsx":
        base.register("sheet_of_a_workbook", read_sheet(source.name, path))
        base.execute(f"CREATE TABLE {table} AS SELECT * FROM sheet_of_a_workbook")  # noqa: S608
        base.unregister("sheet_of_a_workbook")
        return
    if path.suffix.lower() == ".parquet":
        call = f"read_parquet({literal(path)})"
    else:
        call = read_csv_call(base, source.name, path)
    try:
        base.execute(f"CREATE VIEW {table} AS SELECT * FROM {call}")  # noqa: S608
    except duckdb.Error as error:
        text = f"{path.name} cannot be read ({str(error).splitlines()[0]}). Export the file again."
        raise SourceDataError(source.name, text) from None


def _lock(base: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    base.execute(f"SET temp_directory = {literal(scratch_folder(base))}")
    base.execute(f"SET allowed_paths = [{', '.join(map(literal, files))}]")
    base.execute("SET enable_external_access = false")
    base.execute("SET lock_configuration = true")


def _snake_case(stem: str) -> str:
    return re.sub(r"\W+", "_", stem.lower()).strip("_") or "unnamed"
