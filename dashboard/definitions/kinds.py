"""What sort of value an expression gives, as far as its text tells, and the mistakes that this shows.

Columns may be anything until a database is asked (columns.py), so only what is surely wrong is refused.
"""

from collections.abc import Sequence
from enum import Enum

from dashboard.definitions.expressions import Case, Column, Expression, Literal, Operation

COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
LOGICAL = frozenset({"and", "or", "not"})
PREDICATES = COMPARISONS | {"in", "between", "like", "is_null"}
ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "neg"})
_OF_NUMBERS = ARITHMETIC | {"abs", "round"}
_OF_TEXTS = frozenset({"lower", "like"})


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
            kind = Kind.ANY
        case Literal(value):
            kind = _kind_of_value(value)
        case Case(branches, otherwise):
            results = [result for _, result in branches]
            kind = _kind_of_one(results if otherwise is None else [*results, otherwise])
        case Operation("coalesce" | "nullif", operands):
            kind = _kind_of_one(operands)
        case Operation("lower"):
            kind = Kind.TEXT
        case Operation(operator):
            kind = Kind.CONDITION if operator in PREDICATES | LOGICAL else Kind.NUMBER
    return kind


def fault_of_condition(node: Expression) -> str | None:
    """What stands against `node` as a condition, such as `score + 1`; None where nothing is known to."""
    kind = kind_of(node)
    if kind in (Kind.NUMBER, Kind.TEXT, Kind.NULL):
        return f"A condition is wanted here, not {kind.value}. Compare it: score >= 9."
    return None


def fault_of(node: Operation) -> tuple[int, str] | None:
    """The first operand that the operator cannot take, by index, and why; None where none is known."""
    if node.operator in LOGICAL:
        faults = ((index, fault_of_condition(part)) for index, part in enumerate(node.operands))
        return next(((index, fault) for index, fault in faults if fault), None)
    kinds = [kind_of(part) for part in node.operands]
    if Kind.CONDITION in kinds:
        told = f"A condition stands here as a value of {node.operator!r}. Join conditions with and, or."
        return kinds.index(Kind.CONDITION), told
    if node.operator in COMPARISONS | {"in", "between", "like"} and (fault := _fault_of_comparison(kinds)):
        return fault
    if node.operator == "datediff":
        return _unfit(node, kinds, (Kind.TEXT, Kind.ANY, Kind.NULL), "dates and times")
    wanted = _wanted(node.operator)
    return _unfit(node, kinds, (wanted, Kind.ANY, Kind.NULL), wanted.value) if wanted else None


def _unfit(node: Operation, kinds: list[Kind], fit: tuple[Kind, ...], wanted: str) -> tuple[int, str] | None:
    for index, kind in enumerate(kinds):
        if kind not in fit:
            return (
                index,
                f"{node.operator!r} takes {wanted}, not {kind.value}. Put another value in its place.",
            )
    return None


def _fault_of_comparison(kinds: list[Kind]) -> tuple[int, str] | None:
    if Kind.NULL in kinds:
        return kinds.index(Kind.NULL), "Nothing equals null. Write `is null` or `is not null`."
    known = [(index, kind) for index, kind in enumerate(kinds) if kind is not Kind.ANY]
    for index, kind in known[1:]:
        if kind is not known[0][1]:
            told = f"{known[0][1].value} is compared with {kind.value}.".capitalize()
            return index, f"{told} Write both alike."
    return None


def _wanted(operator: str) -> Kind | None:
    if operator in _OF_NUMBERS:
        return Kind.NUMBER
    return Kind.TEXT if operator in _OF_TEXTS else None


def _kind_of_value(value: str | int | float | bool | None) -> Kind:
    if value is None:
        return Kind.NULL
    if isinstance(value, bool):
        return Kind.TRUTH
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def _kind_of_one(nodes: Sequence[Expression]) -> Kind:
    kinds = {kind_of(node) for node in nodes} - {Kind.NULL}
    return kinds.pop() if len(kinds) == 1 else Kind.ANY
