"""What measuring a dataset gives: one value for each measure, period, slice and member."""

from dataclasses import dataclass
from datetime import date

from dashboard.definitions.model import Slice
from dashboard.periods import Period


@dataclass(frozen=True)
class Cell:
    """One measured value.

    `measure` is "dataset.measure"; `member` has one value for each dimension of `slice`. `n` counts the rows that
    took part. Of an average `value` is the sum, so that months add up; the average is value / n.
    """

    measure: str
    period: Period
    slice: Slice
    member: tuple[str, ...]
    value: float | None
    n: int | None


@dataclass(frozen=True)
class MeasureFrame:
    """All that one reading of a dataset found.

    `since` None: everything was asked; otherwise all periods that end after `since` were asked. `data_until` is the
    first day that the data does not cover, never later than the day after the reading; None where there is no row.
    """

    dataset: str
    cells: tuple[Cell, ...]
    since: date | None
    data_until: date | None
    rows: int
    warnings: tuple[str, ...]
