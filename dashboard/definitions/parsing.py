"""Text of a measure or a condition -> AST of expressions.py. What is not on the closed list is an error."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from sqlglot import exp

from dashboard.definitions.expressions import (
    Aggregate,
    AggregateKind,
    Case,
    Column,
    Expression,
    Literal,
    Operation,
)
from dashboard.definitions.grammar import ExpressionError, check_faithful, parse_tree, position
from dashboard.definitions.kinds import Kind, fault_of, fault_of_condition, kind_of
from dashboard.definitions.nodes import (
    call,
    case_parts,
    identifier,
    is_call_of,
    number,
    only,
    operator_of,
    unwrap,
)
from dashboard.definitions.rendering import render, render_aggregate

__all__ = ["AGGREGATES", "DATE_UNITS", "ExpressionError", "parse_aggregate", "parse_condition"]

Parsed = TypeVar("Parsed")

DATE_UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
FUNCTIONS = {
    **{"coalesce": (2, 20), "nullif": (2, 2), "abs": (1, 1), "round": (1, 2), "lower": (1, 1)},
    "datediff": (3, 3),
}
AGGREGATES = ("count", "sum", "avg", "min", "max", "median", "percentile", "only")
_ARGUMENTS = {**dict.fromkeys(AGGREGATES, (1, 1)), "percentile": (2, 2)}
_COUNTS = (AggregateKind.COUNT, AggregateKind.COUNT_DISTINCT)


@lru_cache(maxsize=4096)
def parse_aggregate(text: str) -> Aggregate:
    """Read `sum(amount) filter (where paid)`. Raises ExpressionError with the place inside the text."""
    tree, words = parse_tree(text)
    aggregate = _guarded(_aggregate, tree)
    check_faithful(text, words, render_aggregate(aggregate))
    return aggregate


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Expression:
    """Read what is true or false of a row: `country = 'NL' and quantity > 0`. Raises ExpressionError."""
    tree, words = parse_tree(text)
    condition = _guarded(_condition, tree)
    check_faithful(text, words, render(condition))
    return condition


def _guarded(read: Callable[[exp.Expr], Parsed], tree: exp.Expr) -> Parsed:
    try:
        return read(tree)
    except RecursionError:
        raise ExpressionError("This is nested too deeply. Split it into several measures.", 0) from None


def _aggregate(node: exp.Expr) -> Aggregate:
    node, where = unwrap(node), None
    if isinstance(node, exp.Filter):
        only(node, "this", "expression")
        clause, node = node.expression, node.this
        only(clause, "this")
        where = _condition(clause.this)
    if not isinstance(node, exp.Anonymous) or not is_call_of(node, AGGREGATES):
        told = f"A measure is one aggregate: {', '.join(AGGREGATES)}."
        raise ExpressionError(f"{told} Arithmetic on several belongs in a metric's formula.", position(node))
    kind, argument, fraction = _called(node)
    return Aggregate(kind, argument, where, fraction)


def _called(node: exp.Anonymous) -> tuple[AggregateKind, Expression | None, float | None]:
    name, arguments = call(node, _ARGUMENTS)
    first, kind = arguments[0], AggregateKind(name)
    if kind is AggregateKind.COUNT:
        if isinstance(first, exp.Star):
            only(first)
            return kind, None, None
        if isinstance(first, exp.Distinct):
            only(first, "expressions")
            if len(first.expressions) != 1:
                raise ExpressionError("count(distinct ...) takes one value in its brackets.", position(first))
            kind, first = AggregateKind.COUNT_DISTINCT, first.expressions[0]
    argument = _expression(first)
    if fault := _fault_of_argument(kind, kind_of(argument)):
        raise ExpressionError(fault, position(first))
    return kind, argument, _fraction(arguments[1]) if kind is AggregateKind.PERCENTILE else None


def _fault_of_argument(kind: AggregateKind, given: Kind) -> str | None:
    name = kind.value.partition("_")[0]
    if given is Kind.CONDITION:
        remedy = "Write count(*) filter (where ...) for the rows that meet it."
        return f"{name} takes a value, not a condition. {remedy}"
    if given is Kind.NULL or (kind not in _COUNTS and given in (Kind.TEXT, Kind.TRUTH)):
        wanted = "a value" if kind in _COUNTS else "a number"
        return f"{name} takes {wanted}, not {given.value}. Name a column."
    return None


def _fraction(node: exp.Expr) -> float:
    if isinstance(node, exp.Literal) and not node.is_string:
        value = float(number(node))
        if 0 < value < 1:
            return value
    told = "The percentile is a number between 0 and 1: percentile(days, 0.9)."
    raise ExpressionError(told, position(node))


def _expression(node: exp.Expr) -> Expression:
    node = unwrap(node)
    read: Expression
    match node:
        case exp.Column():
            read = _column(node)
        case exp.Literal():
            read = Literal(str(node.this) if node.is_string else number(node))
        case exp.Null():
            read = Literal(None)
        case exp.Boolean():
            read = Literal(bool(node.this))
        case exp.Case():
            branches, otherwise = case_parts(node)
            results = tuple((_condition(condition), _result(result)) for condition, result in branches)
            read = Case(results, None if otherwise is None else _result(otherwise))
        case exp.Anonymous():
            read = _function(node)
        case _:
            operator, parts = operator_of(node)
            read = _checked(Operation(operator, tuple(_expression(part) for part in parts)), parts)
    return read


def _column(node: exp.Column) -> Column:
    only(node, "this", "table", "db")
    place = position(node)
    way = [identifier(part, place) for name in ("db", "table") if (part := node.args.get(name)) is not None]
    return Column(identifier(node.this, place), ".".join(way) or None, place)


def _condition(node: exp.Expr) -> Expression:
    condition = _expression(node)
    if fault := fault_of_condition(condition):
        raise ExpressionError(fault, position(node))
    return condition


def _result(node: exp.Expr) -> Expression:
    result = _expression(node)
    if kind_of(result) is Kind.CONDITION:
        raise ExpressionError("A case gives values, not conditions. Write then 1 else 0.", position(node))
    return result


def _checked(operation: Operation, parts: list[exp.Expr]) -> Operation:
    if fault := fault_of(operation):
        index, told = fault
        raise ExpressionError(told, position(parts[index]))
    return operation


def _function(node: exp.Anonymous) -> Operation:
    if is_call_of(node, AGGREGATES):
        told = "An aggregate cannot stand inside another one or in a condition. Make it a measure of its own."
        raise ExpressionError(told, position(node))
    name, parts = call(node, FUNCTIONS)
    if name == "datediff":
        dates = (_expression(part) for part in parts[1:])
        return _checked(Operation(name, (_date_unit(parts[0]), *dates)), parts)
    operands = tuple(_expression(part) for part in parts)
    if name == "round" and len(parts) == 2 and not _is_digits(operands[1]):
        raise ExpressionError("round takes a whole number of digits: round(price, 2).", position(parts[1]))
    return _checked(Operation(name, operands), parts)


def _is_digits(node: Expression) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, int) and 0 <= node.value <= 15


def _date_unit(node: exp.Expr) -> Literal:
    word = node.name.lower() if isinstance(node, exp.Column) and not node.table else ""
    if word not in DATE_UNITS:
        told = f"datediff counts in {', '.join(DATE_UNITS)}: datediff(day, opened, closed)."
        raise ExpressionError(told, position(node))
    return Literal(word)
