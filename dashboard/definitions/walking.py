"""Every column that an expression reads, and what the expression needs it to hold."""

from collections.abc import Iterator
from datetime import datetime

from dashboard.definitions.expressions import (
    Aggregate,
    AggregateKind,
    Case,
    Column,
    Expression,
    Literal,
    Operation,
)
from dashboard.definitions.kinds import ARITHMETIC, COMPARISONS, LOGICAL, Kind, kind_of

Needed = tuple[Column, str, str]  # the column, what it must hold (see model.ColumnUse), what needs it

_NEEDS = {
    **dict.fromkeys((*ARITHMETIC, "abs", "round"), "number"),
    **dict.fromkeys(LOGICAL, "truth"),
    **{"lower": "text", "like": "text", "datediff": "moment", "is_null": "any"},
}
_COUNTS = frozenset({AggregateKind.COUNT, AggregateKind.COUNT_DISTINCT})


def columns_of(expression: Expression) -> Iterator[Column]:
    """The columns inside, in order of the text."""
    return (column for column, _, _ in needs_of(expression))


def needs_of_aggregate(aggregate: Aggregate) -> Iterator[Needed]:
    """The columns of an aggregate and of its filter; all but counts need numbers."""
    if aggregate.argument is not None:
        need = "any" if aggregate.kind in _COUNTS else "number"
        yield from needs_of(aggregate.argument, need, aggregate.kind.value)
    if aggregate.where is not None:
        yield from needs_of(aggregate.where, "truth", "a condition")


def needs_of(expression: Expression, need: str = "any", what: str = "") -> Iterator[Needed]:
    """The columns of an expression; `need` and `what` come from where the expression stands."""
    match expression:
        case Column():
            yield expression, need, what
        case Literal():
            return
        case Case(branches, otherwise):
            for condition, result in branches:
                yield from needs_of(condition, "truth", "a condition")
                yield from needs_of(result, need, what)
            if otherwise is not None:
                yield from needs_of(otherwise, need, what)
        case Operation(operator, operands):
            inner, by = _inside(expression, need, what)
            for part in operands[1:] if operator == "datediff" else operands:
                yield from needs_of(part, inner, by)


def _inside(operation: Operation, need: str, what: str) -> tuple[str, str]:
    """What an operation needs of its operands."""
    operator = operation.operator
    if operator in COMPARISONS or operator in ("in", "between"):
        kinds = {kind_of(part) for part in operation.operands}
        if Kind.NUMBER in kinds:
            return "number", f"{operator} with a number"
        words = next((text for text in _texts(operation) if not _is_moment(text)), None)
        if words is not None:
            return "words", f"{operator} with {words!r}"
        return ("worded", f"{operator} with a text") if Kind.TEXT in kinds else ("any", operator)
    if operator in _NEEDS:
        return _NEEDS[operator], {"neg": "-", "is_null": "is null"}.get(operator, operator)
    return need, what  # coalesce and nullif hand on what they are given


def _texts(operation: Operation) -> Iterator[str]:
    """The texts that an operation is written with."""
    return (
        part.value for part in operation.operands if isinstance(part, Literal) and isinstance(part.value, str)
    )


def _is_moment(text: str) -> bool:
    """Whether a text can be compared with a date or time: `2026-04-30`, `2026-04-30 18:00`."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
