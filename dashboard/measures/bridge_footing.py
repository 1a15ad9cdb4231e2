"""The lines of a bridge month by month, from how they change; they foot to the cent, or it is an error."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import fsum, isfinite
from typing import Any

from dashboard.definitions.derivation import Bridge, Derivation
from dashboard.definitions.derived_measures import lines, new_lines
from dashboard.definitions.model import Slice
from dashboard.errors import MeasuringError
from dashboard.measures.cut import months_of
from dashboard.measures.derived_bridge import BridgeStatement
from dashboard.measures.frame import Value
from dashboard.measures.span_stock import Total, added
from dashboard.measures.spans import Asked, first_day, period_of
from dashboard.periods import Grain, month_of
from dashboard.units import format_period

CENT = 0.005
SIGNS = {"opening": 1, "lost": -1, "contracted": -1, "expanded": 1, "reactivated": 1, "new": 1}
Line = tuple[float, int]  # value, and the entities in it
Lines = Mapping[str, Line]
Place = tuple[Slice, tuple[str, ...]]


def bridge_values(
    derivation: Derivation,
    rule: Bridge,
    answers: Iterable[tuple[BridgeStatement, Sequence[Sequence[Any]]]],
    months: Sequence[int],
    totals: Mapping[int, float],
    asked: Asked,
) -> Iterator[Value]:
    """The values of every line; MeasuringError where a line does not foot.

    `months` are those told; `totals` is the whole value at the end of each, as it is without any bridge.
    """
    sliced = derivation.slices != ((),)
    names = lines(rule, sliced=sliced)
    for statement, rows in answers:
        for place, by_month in _running(statement, rows, months):
            for month, found in by_month:
                told = dict(found)
                if sliced:
                    told["moved"] = _moved(told)
                if not place[0]:
                    check_foots(derivation, rule, month, told, totals.get(month, 0.0))
                period = period_of(asked.calendar, Grain.MONTH, month)
                if asked.holds(period) and (not place[0] or any(count for _, count in told.values())):
                    for name in names:
                        value, count = told[name]
                        n = None if name == "moved" else count
                        yield Value(f"{derivation.name}.{name}", period, *place, value, n)
                        yield Value(f"{derivation.name}.{name}_count", period, *place, count, n)


def check_foots(derivation: Derivation, rule: Bridge, month: int, found: Lines, total: float) -> None:
    """Opening and movements give the closing, new value its parts, and all of it what the rows add up to."""
    reached = fsum(sign * found[name][0] for name, sign in SIGNS.items())
    counted = sum(SIGNS[name] * found[name][1] for name in ("opening", "lost", "reactivated", "new"))
    parts = [found[name][0] for name in new_lines(rule)]
    faults = [
        (reached, found["closing"][0], "opening and movements come to {}, and closing is {}"),
        (found["closing"][0] + found["below_zero"][0], total, "its values come to {}, and its rows to {}"),
        (counted, found["closing"][1], "movements leave {} entities, and closing has {}"),
        *([(fsum(parts), found["new"][0], "the parts of new come to {}, and new is {}")] if parts else []),
    ]
    for one, other, told in faults:
        if not isfinite(one) or not isfinite(other) or abs(one - other) > _tolerance(one, other):
            name = format_period(month_of(first_day(month)), locale="en_GB")
            raise MeasuringError(
                f"The bridge {derivation.name!r} does not foot in {name}: "
                f"{told.format(_written(one), _written(other))}. Refresh again, for rows may have changed "
                "while they were read; then look for values that are no finite numbers."
            )


def _running(
    statement: BridgeStatement, rows: Sequence[Sequence[Any]], months: Sequence[int]
) -> Iterator[tuple[Place, Iterator[tuple[int, Lines]]]]:
    """Slice and member, and its lines by month."""
    found = {(cut, member): changes for cut, member, changes in months_of(statement.cut, rows)}
    if () in statement.slices:
        found.setdefault(((), ()), {})
    for place, changes in found.items():
        yield place, _totals(statement.names, changes, months)


def _totals(
    names: Sequence[str], changes: Mapping[int, Sequence[Any]], months: Sequence[int]
) -> Iterator[tuple[int, Lines]]:
    """The running totals of the changes, at each of the months (ascending)."""
    totals: list[Total] = [(0.0, 0.0)] * (2 * len(names))
    coming = sorted(changes, reverse=True)
    for month in months:
        while coming and coming[-1] <= month:
            row = changes[coming.pop()][1:]
            totals = [added(total, change) for total, change in zip(totals, row, strict=True)]
        values = [high for high, _ in totals]
        yield (
            month,
            {name: _line(values[2 * place], values[2 * place + 1]) for place, name in enumerate(names)},
        )


def _line(value: float, count: float) -> Line:
    """A line without entities is nothing: sums of doubles leave small rests behind."""
    if not isfinite(count):
        return value, 0
    return (value, round(count)) if round(count) else (0.0 if isfinite(value) else value, 0)


def _moved(found: Lines) -> Line:
    """What came to a member from others, less what went to them: by that alone it does not foot."""
    value = found["closing"][0] - fsum(sign * found[name][0] for name, sign in SIGNS.items())
    counted = sum(SIGNS[name] * found[name][1] for name in ("opening", "lost", "reactivated", "new"))
    count = found["closing"][1] - counted
    return (value if abs(value) > _tolerance(value, found["closing"][0]) or count else 0.0), count


def _tolerance(*amounts: float) -> float:
    """A cent; more only where doubles cannot tell a cent."""
    return max(CENT, 1e-12 * max(map(abs, amounts)))


def _written(amount: float) -> str:
    return f"{amount:,.2f}" if isinstance(amount, float) else f"{amount:,}"
