"""A parsed expression of the YAML becomes a Core expression: names are columns, values bound parameters."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.types import NullType, TypeEngine

from connectors.dialects import elapsed, half_up, matches, quotient, remainder
from dashboard.definitions.expressions import Case, Column, Expression, Literal, Operation
from dashboard.errors import MeasuringError
from dashboard.measures.relation import Relation

Element = ColumnElement[Any]

OPERATORS: Mapping[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": quotient,
    "%": remainder,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "and": sa.and_,
    "or": sa.or_,
    "not": sa.not_,
    "neg": operator.neg,
    "between": lambda value, low, high: sa.and_(value >= low, value <= high),
    "in": lambda value, *members: value.in_(members),
    "is_null": lambda value: value.is_(sa.null()),
    "coalesce": sa.func.coalesce,
    "nullif": lambda value, other: sa.func.nullif(value, other, type_=value.type),
    "abs": sa.func.abs,
    "lower": sa.func.lower,
    "like": matches,
}


def compile_expression(expression: Expression, relation: Relation) -> Element:
    """The expression over the columns of `relation`. MeasuringError for a text that should be a date."""
    match expression:
        case Column():
            return relation.column(expression)
        case Literal(value):
            return _bound(value, NullType())
        case Case(branches, otherwise):
            results = [result for _, result in branches] + ([] if otherwise is None else [otherwise])
            values = _compiled(tuple(results), relation)
            conditions = [compile_expression(condition, relation) for condition, _ in branches]
            otherwise_value = None if otherwise is None else values[-1]
            return sa.case(*zip(conditions, values, strict=False), else_=otherwise_value)
        case Operation():
            return _operation(expression, relation)


def _operation(operation: Operation, relation: Relation) -> Element:
    name, operands = operation.operator, operation.operands
    if name == "datediff":
        start, end = (compile_expression(operand, relation) for operand in operands[1:])
        return elapsed(str(_value(operands[0])), start, end)
    if name == "round":
        digits = _value(operands[1]) if len(operands) > 1 else 0
        return half_up(compile_expression(operands[0], relation), sa.literal(digits, sa.Integer()))
    element: Element = OPERATORS[name](*_compiled(operands, relation))
    return element


def _compiled(operands: tuple[Expression, ...], relation: Relation) -> list[Element]:
    """Operands that meet: a value that is written takes the type of a column beside it."""
    known = [compile_expression(each, relation) for each in operands if not isinstance(each, Literal)]
    beside = next((each.type for each in known if not isinstance(each.type, NullType)), NullType())
    rest = iter(known)
    return [_bound(each.value, beside) if isinstance(each, Literal) else next(rest) for each in operands]


def _bound(value: str | int | float | bool | None, beside: TypeEngine[Any]) -> Element:
    if value is None:
        return sa.null()
    if isinstance(value, bool):
        return sa.literal(value, sa.Boolean())
    if isinstance(value, str) and isinstance(beside, sa.Date | sa.DateTime):
        return sa.literal(_moment(value, beside), beside)
    return sa.literal(value)


def _moment(text: str, beside: TypeEngine[Any]) -> date | datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MeasuringError(
            f"{text!r} is compared with a date and is none. Write it as '2026-04-30' or '2026-04-30 18:00'."
        ) from None
    return moment.date() if isinstance(beside, sa.Date) and not isinstance(beside, sa.DateTime) else moment


def _value(expression: Expression) -> Any:
    if isinstance(expression, Literal):
        return expression.value
    raise TypeError(f"{expression} must be a literal; parsing admits nothing else here")


def plain(expression: Expression | None) -> Expression | None:
    """The expression without places in the text: two measures that say the same are then equal."""
    return None if expression is None else _plain(expression)


def _plain(expression: Expression) -> Expression:
    match expression:
        case Column(name, lookup):
            return Column(name, lookup)
        case Operation(name, operands):
            return Operation(name, tuple(_plain(each) for each in operands))
        case Case(branches, otherwise):
            return Case(tuple((_plain(a), _plain(b)) for a, b in branches), plain(otherwise))
    return expression
