"""The same measures computed the slow way: every span is cut out of the rows, and counted anew."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.measures.frame import MeasureFrame, recorded

Key = tuple[str, tuple[str, ...], tuple[str, ...], str, int, int]  # measure, slice, member, grain, months
Result = tuple[float | None, int]
Row = Mapping[str, Any]

# What is recorded where no row meets the condition, and where all values are null; None: nothing.
COUNT: tuple[Result, Result] = ((0.0, 0), (0.0, 0))
SUM: tuple[Result, Result] = ((0.0, 0), (None, 0))
EXTREME: tuple[Result, Result] = ((None, 0), (None, 0))
QUANTILE = (None, None)


@dataclass(frozen=True)
class Slow:
    """A measure: its text in the YAML, what it takes of values, the value of a row, the rows it wants."""

    text: str
    take: Callable[[list[Any]], float]
    value: Callable[[Row], Any]
    nothing: tuple[Result | None, Result | None]
    wants: Callable[[Row], bool | None] = lambda row: True
    additive: bool = False


def slow_cells(
    rows: Sequence[Row],
    measures: Mapping[str, Slow],
    slices: Sequence[tuple[str, ...]],
    first_month: int,
    last: int | None = None,
) -> dict[Key, Result]:
    """Every cell that measuring should give. A row has `month` (12 * year + month - 1) and its dimensions.

    `last` is the last month that overlapping spans end with; None: that of the newest row.
    """
    found: dict[Key, Result] = {}
    last = max(row["month"] for row in rows) if last is None else last
    for cut in slices:
        members: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            members.setdefault(tuple(row[name] for name in cut), []).append(row)
        for member, own in members.items():
            for grain, start, end in set(spans([row["month"] for row in own], last, first_month)):
                inside = [row for row in own if start <= row["month"] < end]
                for name, slow in measures.items():
                    if inside and (grain == "month" or not slow.additive):
                        result = _result(slow, inside)
                        if result is not None:
                            found[name, cut, member, grain, start, end] = result
    return found


def cells_of(frame: MeasureFrame) -> dict[Key, Result]:
    """The cells of a frame, keyed alike; none may come twice."""
    keyed: dict[Key, Result] = {}
    for cell in frame.cells:
        start, end = (day.year * 12 + day.month - 1 for day in (cell.period.start, cell.period.end))
        name = cell.measure.partition(".")[2]
        key = (name, cell.slice, cell.member, cell.period.grain.value, start, end)
        assert key not in keyed, f"{key} comes twice"
        assert cell.n is not None
        keyed[key] = (cell.value, cell.n)
    return keyed


def unlike(found: Mapping[Key, Result], wanted: Mapping[Key, Result]) -> dict[Key, object]:
    """Where the two differ, beyond the last digits of a float."""
    return {
        key: (found.get(key), wanted.get(key))
        for key in found.keys() | wanted.keys()
        if key not in found or key not in wanted or not _alike(found[key], wanted[key])
    }


def _alike(one: Result, other: Result) -> bool:
    (a, n), (b, m) = one, other
    if a is None or b is None:
        return n == m and a is b
    return n == m and abs(a - b) <= 1e-9 * max(1, abs(b))


def _result(slow: Slow, rows: list[Row]) -> Result | None:
    kept = [row for row in rows if slow.wants(row)]
    values = [value for row in kept if (value := slow.value(row)) is not None]
    if not values:
        return slow.nothing[bool(kept)]
    return recorded(slow.take(values)), len(values)


def spans(months: list[int], last: int, first_month: int) -> Iterator[tuple[str, int, int]]:
    for month in range(min(months), last + 1):
        into = (month % 12 + 1 - first_month) % 12
        yield "month", month, month + 1
        yield "quarter", month - into % 3, month - into % 3 + 3
        yield "year", month - into, month - into + 12
        yield "year_to_date", month - into, month + 1
        yield "twelve_months", month - 11, month + 1
