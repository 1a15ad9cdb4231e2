"""Formulas worked out from recorded observations. A missing part gives a missing result, never zero."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from dashboard.definitions.expressions import (
    AggregateKind,
    Calculation,
    Choice,
    Formula,
    MeasureRef,
    MetricRef,
    Number,
    TimeShift,
)
from dashboard.definitions.model import Catalog, Slice
from dashboard.ledger import months
from dashboard.ledger.book import Book, Member, Recorded
from dashboard.ledger.coverage import Coverage, coverage
from dashboard.ledger.months import Span
from dashboard.periods import Grain, Period

Value = float | bool | None

_EMPTY_IS_ZERO = frozenset({AggregateKind.COUNT, AggregateKind.COUNT_DISTINCT, AggregateKind.SUM})


class Window(NamedTuple):
    """The months that a formula looks at; `step` is how many the span before lies back."""

    start: int
    end: int
    step: int


def window(period: Period) -> Window:
    """The window of a period. The year to date before is that of the year before."""
    start, end = months.span(period)
    return Window(start, end, 12 if period.grain is Grain.YEAR_TO_DATE else end - start)


@dataclass
class Evaluation:
    """One working-out for one slice and member. It notes what it met on the way, for the figure's status.

    `until` holds the first days without data inside a window, `gaps` the spans without a row, and `troubles`
    the sentences that say why a part is missing, in the order they were met.
    """

    catalog: Catalog
    book: Book
    slice: Slice
    member: Member
    until: set[date] = field(default_factory=set)
    gaps: set[Span] = field(default_factory=set)
    troubles: dict[str, None] = field(default_factory=dict)
    _known: dict[tuple[str, Window], Value] = field(default_factory=dict)

    def forget(self) -> None:
        """Begin anew: a metric that is known already would not be noted again."""
        self._known.clear()
        self.until.clear()
        self.gaps.clear()
        self.troubles.clear()

    def value(self, formula: Formula, at: Window) -> Value:
        """The formula's value over the window."""
        match formula:
            case MeasureRef():
                return self._measured(formula.key, at)
            case Calculation():
                return self._calculated(formula, at)
            case Number():
                return formula.value
            case MetricRef():
                return self._metric(formula.metric, at)
            case TimeShift():
                return self.value(formula.operand, self._moved(formula, at))
            case Choice():
                return self._chosen(formula, at)

    def recorded(self, measure: str, at: Window) -> Recorded | None:
        """Value and n; zero where the dataset has rows in the window but this member has none."""
        here = self._covered(measure, at)
        if here.until is not None:
            self.until.add(here.until)
        if here.gaps:
            self.gaps.update(here.gaps)
        if here.trouble is not None:
            self.troubles[here.trouble] = None
            return None
        found = self.book.recorded(measure, self.slice, self.member, *here.moment)
        if found is not None:
            return found
        if (measure, self.slice) not in self.book.readable:
            self.troubles[self._unreadable(measure)] = None
            return None
        return (0.0, 0) if here.rows and here.kind in _EMPTY_IS_ZERO else None

    def _covered(self, measure: str, at: Window) -> Coverage:
        return coverage(self.catalog, self.book, measure, (at.start, at.end))

    def _unreadable(self, measure: str) -> str:
        if (measure, self.slice) in self.book.hidden:
            return "Outside what you may see."
        return f"{measure.partition('.')[0]} is not measured by {' and '.join(self.slice)}."

    def _measured(self, measure: str, at: Window) -> float | None:
        found = self.recorded(measure, at)
        if found is None:
            return None
        value, n = found
        if self._covered(measure, at).kind is AggregateKind.AVG:
            return value / n if n and value is not None else None
        return value

    def _metric(self, metric: str, at: Window) -> Value:
        key = (metric, at)
        if key not in self._known:
            self._known[key] = self.value(self.catalog.metrics[metric].formula, at)
        return self._known[key]

    def _moved(self, shift: TimeShift, at: Window) -> Window:
        if shift.kind == "trailing":
            return Window(at.end - shift.months, at.end, shift.months)
        if shift.kind == "to_date":
            into_year = (at.end - self.catalog.board.calendar.first_month) % 12
            return Window(at.end - 1 - into_year, at.end, 12)
        if shift.kind == "opening":
            return Window(at.start - 1, at.start, 1)
        back = {"prior": at.step, "year_ago": 12}[shift.kind]
        return Window(at.start - back, at.end - back, at.step)

    def _calculated(self, calculation: Calculation, at: Window) -> Value:
        symbol, operands = calculation.operator, calculation.operands
        if symbol == "coalesce":
            return self._first(operands, at)
        values = [self.value(operand, at) for operand in operands]
        if symbol in _LOGIC:
            return _LOGIC[symbol](values)
        if values[0] is None or (None in values and symbol != "nullif"):
            return None
        if symbol == "/" and not values[1]:
            self.troubles["Division by zero."] = None
            return None
        return _ARITHMETIC[symbol](*values)

    def _first(self, operands: tuple[Formula, ...], at: Window) -> Value:
        for operand in operands:
            value = self.value(operand, at)
            if value is not None:
                return value
        return None

    def _chosen(self, choice: Choice, at: Window) -> Value:
        for condition, result in choice.branches:
            if self.value(condition, at):
                return self.value(result, at)
        return None if choice.otherwise is None else self.value(choice.otherwise, at)


def _and(values: list[Value]) -> Value:
    if any(value is not None and not value for value in values):
        return False
    return None if None in values else True


def _or(values: list[Value]) -> Value:
    if any(values):
        return True
    return None if None in values else False


def _not(values: list[Value]) -> Value:
    return None if values[0] is None else not values[0]


def _round(value: float, digits: float = 0) -> float:
    return float(round(value, int(digits)))


_LOGIC: dict[str, Callable[[list[Value]], Value]] = {"and": _and, "or": _or, "not": _not}
_ARITHMETIC: dict[str, Callable[..., Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "neg": operator.neg,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "nullif": lambda value, other: None if value == other else value,
    "abs": abs,
    "round": _round,
}
