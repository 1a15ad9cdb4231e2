"""An exhibit's table: what a screen reader reads, a CSV holds and a sheet of a workbook shows."""

import csv
import io
from dataclasses import dataclass

from dashboard.units import Unit

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Field:
    """A field of a table: what it says, and the number behind it where there is one.

    `unit` is told where the numbers of a column have units of their own, as those of practices.
    """

    text: str
    value: float | None = None
    unit: Unit | None = None


@dataclass(frozen=True)
class Column:
    """A column: its heading, and the unit of its numbers; None for a column of texts.

    Probabilities of chance are told to three decimals, and one below all of these as `< 0.001`.
    """

    name: str
    unit: Unit | None = None
    probability: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table by rows; every row has a field for each column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Field, ...], ...]

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the columns that hold numbers, whatever their units."""
        return tuple(
            column.name
            for place, column in enumerate(self.columns)
            if any(row[place].value is not None for row in self.rows)
        )

    def csv_bytes(self) -> bytes:
        """UTF-8 with a byte-order mark, so that spreadsheets read it; numbers in full, missing empty."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([plain(column.name) for column in self.columns])
        for row in self.rows:
            writer.writerow(
                [
                    plain(field.text if column.unit is None else field.value)
                    for column, field in zip(self.columns, row, strict=True)
                ]
            )
        return b"\xef\xbb\xbf" + out.getvalue().encode()


def plain(value: str | float | None) -> str | float:
    """A cell that no spreadsheet takes for a formula: a text that could begin one gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return repr(value)
