"""The first sheet of an Excel workbook as a table: the first row names the columns, the values give types."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pyarrow as pa
from openpyxl.reader.excel import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from connectors.errors import SourceDataError

# A workbook stores no type for a column: it is the narrowest that holds all its values, else text.
TYPES: Sequence[tuple[frozenset[type], pa.DataType]] = (
    (frozenset({bool}), pa.bool_()),
    (frozenset({int}), pa.int64()),
    (frozenset({int, float}), pa.float64()),
    (frozenset({dt.datetime}), pa.timestamp("us")),
    (frozenset({dt.time}), pa.time64("us")),
)


def read_sheet(source: str, path: Path) -> pa.Table:
    """The rows of the first sheet; empty rows are left out, a formula counts by the value saved with it.

    Raises SourceDataError: no workbook, no header, a column without a name or named twice, an error cell.
    """
    try:
        with path.open("rb") as opened:
            workbook = load_workbook(opened, read_only=True, data_only=True)  # type: ignore[no-untyped-call]
            rows = list(_rows(source, path, workbook))
            workbook.close()
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        text = f"{path.name} is not an Excel workbook ({error}). Save it as .xlsx again."
        raise SourceDataError(source, text) from None
    top, header = rows[0] if rows else (1, ())
    names = _names(source, f"{path.name}, row {top}", header)
    for number, values in rows:
        if any(value is not None for value in values[len(names) :]):
            text = f"{path.name}, row {number} has a value in a column that row {top} does not name. Name it."
            raise SourceDataError(source, text)
    columns = [tuple(values[at] for _, values in rows[1:]) for at in range(len(names))]
    return pa.table({name: _array(values) for name, values in zip(names, columns, strict=True)})


def _rows(source: str, path: Path, workbook: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row number and values of each row that holds any, none shorter than the ones before it."""
    width = 0
    for number, row in enumerate(workbook.worksheets[0].iter_rows(), start=1):
        for cell in row:
            if cell.data_type == "e":
                text = (
                    f"{path.name}, cell {cell.coordinate} holds the error {cell.value}. Correct its formula."
                )
                raise SourceDataError(source, text)
        values = tuple(cell.value for cell in row)
        width = max(width, len(values))
        if any(value is not None for value in values):
            yield number, values + (None,) * (width - len(values))


def _names(source: str, place: str, header: tuple[Any, ...]) -> list[str]:
    names = ["" if value is None else str(value).strip() for value in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        text = f"{place}: the names of the columns are missing. Put them into the first row."
        raise SourceDataError(source, text)
    for name in names:
        if names.count(name) > 1 or not name:
            what = f"the column {name!r} stands twice" if name else "a column has no name"
            raise SourceDataError(source, f"{place}: {what}. Correct that row.")
    return names


def _array(values: tuple[Any, ...]) -> pa.Array:
    kinds = frozenset(type(value) for value in values if value is not None)
    if kinds == {dt.datetime} and all(value is None or value.time() == dt.time() for value in values):
        return pa.array([value and value.date() for value in values], pa.date32())
    for known, arrow in TYPES:
        if kinds and kinds <= known:
            return pa.array(values, arrow)
    return pa.array([None if value is None else str(value) for value in values], pa.string())
