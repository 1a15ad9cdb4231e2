"""What measuring gives: cells, one per measure, period, slice and member."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dashboard.definitions.model import Slice
from dashboard.periods import Period

Number = float | int | Decimal | None

UNKNOWN = "(unknown)"  # the member of rows whose dimension is null or whose look-up has no such key


@dataclass(frozen=True, slots=True)
class Cell:
    """One measured value.

    `measure` is "dataset.measure"; `member` has one entry per dimension of `slice`. `n` is the number of rows
    behind the value, and for an average `value` is the sum, so that months add up. Null is None, never 0.
    """

    measure: str
    period: Period
    slice: Slice
    member: tuple[str, ...]
    value: float | None
    n: int | None


@dataclass(frozen=True)
class MeasureFrame:
    """All cells of a dataset that were asked for.

    `since` None: everything was asked; otherwise every period that ends after that day. `data_until` is the
    first day that the data does not cover (at most the day after today), None where no row read has a time.
    `rows` counts the rows read, also those without a time. Warnings are sentences for the preparer.
    """

    dataset: str
    cells: tuple[Cell, ...]
    since: date | None
    data_until: date | None
    rows: int
    warnings: tuple[str, ...]
    without: tuple[str, ...] = ()  # datasets that are not connected, and that it was measured without


class Value(NamedTuple):
    """A measured value as the database gave it: a cell before its number is made fit to be recorded."""

    measure: str
    period: Period
    slice: Slice
    member: tuple[str, ...]
    value: Number
    n: int | None


def recorded(value: Number) -> float | None:
    """A database number as it is recorded: with 12 significant digits; None for null, NaN and infinity.

    Engines add floats in parallel, in any order; without the rounding, the same rows would give a new last
    digit, and every refresh a restatement.
    """
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.12g}")
