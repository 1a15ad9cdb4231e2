"""Formulas worked out from recorded observations. A missing part gives a missing result, never zero."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

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
from dashboard.ledger.book import Book, Member, Observation
from dashboard.ledger.coverage import Coverage, coverage
from dashboard.periods import FiscalCalendar, Grain, Period

Value = float | bool | None

_EMPTY_IS_ZERO = frozenset({AggregateKind.COUNT, AggregateKind.COUNT_DISTINCT, AggregateKind.SUM})
_STEP = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12, Grain.YEAR_TO_DATE: 12, Grain.TWELVE_MONTHS: 12}


@dataclass
class Evaluation:
    """One working-out for one slice and member. It notes what it met on the way, for the figure's status."""

    catalog: Catalog
    book: Book
    slice: Slice
    member: Member
    open_until: set[date | None] = field(default_factory=set)
    gaps: set[Period] = field(default_factory=set)
    troubles: dict[str, None] = field(default_factory=dict)  # in the order they were met
    _known: dict[tuple[str, Period], Value] = field(default_factory=dict)

    def value(self, formula: Formula, period: Period) -> Value:
        """The formula's value over the period."""
        match formula:
            case MeasureRef():
                return self._measured(formula.key, period)
            case Number(value):
                return value
            case Calculation(symbol, operands):
                return self._calculated(symbol, operands, period)
            case MetricRef(metric):
                return self._metric(metric, period)
            case TimeShift(kind, operand, count):
                return self.value(operand, shifted(self.catalog.board.calendar, kind, count, period))
            case Choice():
                return self._chosen(formula, period)

    def observation(self, measure: str, period: Period) -> Observation | None:
        """What is recorded, or zero where the dataset has rows in the period but this member has none."""
        here = coverage(self.catalog, self.book, measure, period)
        self._note(here)
        if here.trouble is not None:
            self.troubles[here.trouble] = None
            return None
        if (measure, self.slice) not in self.book.readable:
            self.troubles[self._unreadable(measure)] = None
            return None
        found = self.book.observation(measure, period, self.slice, self.member)
        kind = self.catalog.measure(measure).aggregate.kind
        if found is None and here.rows and (kind in _EMPTY_IS_ZERO or kind is AggregateKind.AVG):
            return Observation(0.0, 0)
        return found

    def _note(self, here: Coverage) -> None:
        if here.open:
            self.open_until.add(here.until)
        if here.gaps:
            self.gaps.update(here.gaps)

    def _unreadable(self, measure: str) -> str:
        if (measure, self.slice) in self.book.hidden:
            return "Outside what you may see."
        dataset = measure.partition(".")[0]
        if not self.slice:
            return f"{dataset} has no rows."
        return f"{dataset} is not measured by {' and '.join(self.slice)}."

    def _measured(self, measure: str, period: Period) -> float | None:
        found = self.observation(measure, period)
        if found is None:
            return None
        if self.catalog.measure(measure).aggregate.kind is AggregateKind.AVG:
            return found.value / found.n if found.n and found.value is not None else None
        return found.value

    def _metric(self, metric: str, period: Period) -> Value:
        key = (metric, period)
        if key not in self._known:
            self._known[key] = self.value(self.catalog.metrics[metric].formula, period)
        return self._known[key]

    def _calculated(self, symbol: str, operands: tuple[Formula, ...], period: Period) -> Value:
        if symbol == "coalesce":
            return self._first(operands, period)
        values = [self.value(operand, period) for operand in operands]
        if symbol in _LOGIC:
            return _LOGIC[symbol](values)
        if values[0] is None or (len(values) > 1 and values[1] is None and symbol != "nullif"):
            return None
        if symbol == "/" and not values[1]:
            self.troubles["Division by zero."] = None
            return None
        return _ARITHMETIC[symbol](*values)

    def _chosen(self, choice: Choice, period: Period) -> Value:
        for condition, result in choice.branches:
            if self.value(condition, period):
                return self.value(result, period)
        return None if choice.otherwise is None else self.value(choice.otherwise, period)

    def _first(self, operands: tuple[Formula, ...], period: Period) -> Value:
        for operand in operands:
            value = self.value(operand, period)
            if value is not None:
                return value
        return None


def shifted(calendar: FiscalCalendar, kind: str, count: int, period: Period) -> Period:
    """The span that `prior`, `year_ago`, `trailing` (`count` months) or `to_date` looks at from `period`."""
    if kind == "year_ago":
        return period.shifted(-12)
    if kind == "prior":
        start, end = months.span(period)
        of_no_grain = period.grain is Grain.TWELVE_MONTHS and end - start != 12
        return period.shifted(start - end if of_no_grain else -_STEP[period.grain])
    if kind == "trailing":
        end = months.number(period.end)
        return months.period_of(calendar, end - count, end)
    if kind == "to_date":
        return calendar.year_to_date(period)
    raise ValueError(f"A formula cannot look at {kind!r}.")


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
