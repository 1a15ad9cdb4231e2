"""Values as the database gave them become cells fit to be recorded, with warnings about what could not."""

from collections import Counter
from collections.abc import Iterable

from dashboard.measures.frame import Cell, Value, recorded


def recorded_cells(values: Iterable[Value]) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Cells fit to be recorded, and what had to be left out of them."""
    cells, not_finite = [], Counter[str]()
    for value in values:
        number = recorded(value.value)
        if number is None and value.value is not None:
            not_finite[value.measure] += 1
        cells.append(Cell(value.measure, value.period, value.slice, value.member, number, value.n))
    return tuple(cells), tuple(
        f"{measure} is not a finite number in {count} of its values, which are shown as missing. "
        "Look for NaN or infinity in its column."
        for measure, count in not_finite.items()
    )


def rows_told(count: int) -> str:
    """`1 row`, `1,200 rows`."""
    return "1 row" if count == 1 else f"{count:,} rows"
