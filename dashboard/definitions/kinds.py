"""What sort of value an expression gives, as far as its text tells, and the mistakes that this shows.

Columns may be anything until a database is asked (columns.py), so only what is surely wrong is refused.
"""

from enum import Enum

from dashboard.definitions.expressions import Case, Column, Expression, Literal, Operation
from dashboard.definitions.grammar import ExpressionError

COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
LOGICAL = frozenset({"and", "or", "not"})
PREDICATES = COMPARISONS | {"in", "between", "like", "is_null"}
ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "neg"})


class Kind(Enum):
    """The sort of a value."""

    ANY = "a value"
    NUMBER = "a number"
    TEXT = "a text"
    TRUTH = "true or false"  # written as such
    CONDITION = "a condition"  # the outcome of a comparison
    NULL = "null"


def kind_of(node: Expression) -> Kind:
    """The kind of a checked expression."""
    match node:
        case Column():
            return Kind.ANY
        case Literal(value):
            return _kind_of_value(value)
        case Case(branches, otherwise):
            results = [result for _, result in branches] + ([otherwise] if otherwise is not None else [])
            return _one_of(results)
        case Operation("coalesce" | "nullif", operands):
            return _one_of(operands)
        case Operation("lower"):
            return Kind.TEXT
        case Operation(operator) if operator in PREDICATES or operator in LOGICAL:
            return Kind.CONDITION
        case Operation():
            return Kind.NUMBER


def check_condition(node: Expression, offset: int) -> None:
    """Refuse what cannot be true or false, such as `filter (where score + 1)`."""
    kind = kind_of(node)
    if kind in (Kind.NUMBER, Kind.TEXT, Kind.NULL):
        raise ExpressionError(
            f"A condition is wanted here, not {kind.value}. Compare it: score >= 9.", offset
        )


def check_operation(node: Operation, offsets: tuple[int, ...]) -> None:
    """Refuse operands that the operator cannot take; `offsets` are the places of the operands."""
    if node.operator in LOGICAL:
        for operand, offset in zip(node.operands, offsets, strict=True):
            check_condition(operand, offset)
        return
    kinds = [kind_of(operand) for operand in node.operands]
    for kind, offset in zip(kinds, offsets, strict=True):
        if kind is Kind.CONDITION:
            raise ExpressionError(
                f"A condition stands here as a value of {node.operator!r}. Join conditions with and, or.",
                offset,
            )
    if node.operator in COMPARISONS | {"in", "between", "like"}:
        _check_comparison(kinds, offsets)
    wanted = _wanted(node.operator)
    for kind, offset in zip(kinds, offsets, strict=True):
        if wanted is not None and kind not in (wanted, Kind.ANY, Kind.NULL):
            raise ExpressionError(f"{node.operator!r} takes {wanted.value}, not {kind.value}.", offset)


def _check_comparison(kinds: list[Kind], offsets: tuple[int, ...]) -> None:
    for kind, offset in zip(kinds, offsets, strict=True):
        if kind is Kind.NULL:
            raise ExpressionError("Nothing equals null. Write `is null` or `is not null`.", offset)
    known = [(kind, offset) for kind, offset in zip(kinds, offsets, strict=True) if kind is not Kind.ANY]
    for kind, offset in known[1:]:
        if kind is not known[0][0]:
            raise ExpressionError(f"{known[0][0].value} is compared with {kind.value}.".capitalize(), offset)


def _wanted(operator: str) -> Kind | None:
    if operator in ARITHMETIC or operator in ("abs", "round"):
        return Kind.NUMBER
    return Kind.TEXT if operator in ("lower", "like") else None


def _kind_of_value(value: str | int | float | bool | None) -> Kind:
    if value is None:
        return Kind.NULL
    if isinstance(value, bool):
        return Kind.TRUTH
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def _one_of(nodes: list[Expression] | tuple[Expression, ...]) -> Kind:
    kinds = {kind_of(node) for node in nodes} - {Kind.NULL}
    return kinds.pop() if len(kinds) == 1 else Kind.ANY
