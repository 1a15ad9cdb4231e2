"""Text of a measure or a condition -> AST of expressions.py. What is not on the closed list is an error."""

import math
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
from dashboard.definitions.grammar import (
    RESERVED_WORDS,
    ExpressionError,
    check_faithful,
    parse_tree,
    position,
)
from dashboard.definitions.kinds import Kind, check_condition, check_operation, kind_of
from dashboard.definitions.rendering import render, render_aggregate
from yamlfiles.problems import did_you_mean

__all__ = ["DATE_UNITS", "ExpressionError", "parse_aggregate", "parse_condition"]

Parsed = TypeVar("Parsed")

DATE_UNITS = ("minute", "hour", "day", "week", "month", "year")
FUNCTIONS = {
    "coalesce": (2, 20),
    "nullif": (2, 2),
    "abs": (1, 1),
    "round": (1, 2),
    "lower": (1, 1),
    "datediff": (3, 3),
}
AGGREGATES = ("count", "sum", "avg", "min", "max", "median", "percentile")
BINARY: dict[type[exp.Expr], str] = {
    **{exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"},
    **{exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="},
    **{exp.And: "and", exp.Or: "or", exp.Like: "like"},
}
_NUMBER_WANTED = (AggregateKind.SUM, AggregateKind.AVG, AggregateKind.MIN, AggregateKind.MAX)


@lru_cache(maxsize=4096)
def parse_aggregate(text: str) -> Aggregate:
    """Read `sum(amount) filter (where paid)`. Raises ExpressionError with the place inside the text."""
    tree, tokens = parse_tree(text)
    aggregate = _guarded(_aggregate, tree)
    check_faithful(tokens, render_aggregate(aggregate))
    return aggregate


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Expression:
    """Read what is true or false of a row: `country = 'NL' and quantity > 0`. Raises ExpressionError."""
    tree, tokens = parse_tree(text)
    condition = _guarded(_expression, tree)
    check_condition(condition, position(tree))
    check_faithful(tokens, render(condition))
    return condition


def unwrap(node: exp.Expr) -> exp.Expr:
    """The node inside any brackets."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def only(node: exp.Expr, *names: str) -> None:
    """Refuse a node that carries more than the parts we read: nothing written may be passed over."""
    extra = [
        name for name, value in node.args.items() if name not in names and value not in (None, False, [])
    ]
    if extra:
        raise not_listed(node)


def not_listed(node: exp.Expr) -> ExpressionError:
    """The error for everything outside the closed list."""
    names: dict[type[exp.Expr], str] = {
        exp.Alias: "Two values without an operator between them",
        exp.Star: "'*'",
        exp.Tuple: "A list",
    }
    what = names.get(type(node), f"{type(node).__name__.lower()!r}")
    return ExpressionError(
        f"{what} does not belong here. See the list of operators and functions.", position(node)
    )


def identifier(node: object) -> str:
    """The text of a name; an unquoted word of the language is none."""
    if not isinstance(node, exp.Identifier):
        raise (
            not_listed(node) if isinstance(node, exp.Expr) else ExpressionError("A name is missing here.", 0)
        )
    name = str(node.this)
    if not node.args.get("quoted") and name.lower() in RESERVED_WORDS:
        raise ExpressionError(
            f'{name!r} is a word of the language. Write "{name}" for a column.', position(node)
        )
    if not name:
        raise ExpressionError("An empty name is no name. Write the name of a column.", position(node))
    return name


def number(node: exp.Literal) -> int | float:
    """The value of a number as written: an int stays an int."""
    text = str(node.this)
    value = int(text) if text.isdecimal() else float(text)
    if not math.isfinite(float(value)):
        raise ExpressionError(f"{text} is too large a number.", position(node))
    return value


def call(node: exp.Anonymous, known: dict[str, tuple[int, int]], hint: str) -> tuple[str, list[exp.Expr]]:
    """Name and arguments of a call, with their number checked."""
    name = node.this.lower() if isinstance(node.this, str) else ""
    if name not in known:
        shown = node.this if isinstance(node.this, str) else node.this.this
        raise ExpressionError(
            f"There is no function {shown!r} here. {hint or did_you_mean(name, known)}", position(node)
        )
    least, most = known[name]
    if not least <= len(node.expressions) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise ExpressionError(f"{name} takes {wanted} values, not {len(node.expressions)}.", position(node))
    return name, list(node.expressions)


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
        where = _expression(clause.this)
        check_condition(where, position(clause))
    if not isinstance(node, exp.Anonymous) or not _is_aggregate(node):
        raise ExpressionError(
            f"A measure is one aggregate: {', '.join(AGGREGATES)}. Arithmetic belongs in a metric's formula.",
            position(node),
        )
    only(node, "this", "expressions")
    kind, argument, fraction = _call_of_aggregate(node)
    return Aggregate(kind, argument, where, fraction)


def _call_of_aggregate(node: exp.Anonymous) -> tuple[AggregateKind, Expression | None, float | None]:
    name, arguments = call(node, {**dict.fromkeys(AGGREGATES, (1, 1)), "percentile": (2, 2)}, "")
    first, kind = arguments[0], AggregateKind(name)
    if kind is AggregateKind.COUNT:
        if isinstance(first, exp.Star):
            only(first)
            return kind, None, None
        if isinstance(first, exp.Distinct):
            only(first, "expressions")
            if len(first.expressions) != 1:
                raise ExpressionError("count(distinct ...) takes one value.", position(node))
            kind, first = AggregateKind.COUNT_DISTINCT, first.expressions[0]
    argument = _expression(first)
    _check_argument(kind, kind_of(argument), position(first))
    return kind, argument, _fraction(arguments[1]) if kind is AggregateKind.PERCENTILE else None


def _check_argument(kind: AggregateKind, given: Kind, offset: int) -> None:
    if given is Kind.CONDITION:
        raise ExpressionError(
            f"{kind.value.partition('_')[0]} of a condition counts every row. "
            "Write count(*) filter (where ...) for the rows that meet it.",
            offset,
        )
    counted = kind in (AggregateKind.COUNT, AggregateKind.COUNT_DISTINCT)
    if given is Kind.NULL or (not counted and given in (Kind.TEXT, Kind.TRUTH)):
        raise ExpressionError(f"{kind.value.partition('_')[0]} takes a number, not {given.value}.", offset)


def _fraction(node: exp.Expr) -> float:
    if isinstance(node, exp.Literal) and not node.is_string:
        value = float(number(node))
        if 0 < value < 1:
            return value
    raise ExpressionError(
        "The percentile is a number between 0 and 1: percentile(days, 0.9).", position(node)
    )


def _expression(node: exp.Expr) -> Expression:
    node = unwrap(node)
    match node:
        case exp.Column():
            only(node, "this", "table")
            table = node.args.get("table")
            lookup = identifier(table) if table is not None else None
            return Column(identifier(node.this), lookup, position(node))
        case exp.Literal():
            return Literal(str(node.this) if node.is_string else number(node))
        case exp.Null():
            return Literal(None)
        case exp.Boolean():
            return Literal(bool(node.this))
        case exp.Case():
            return _case(node)
        case exp.Anonymous():
            return _function(node)
    return _operation(node)


def _operation(node: exp.Expr) -> Operation:
    if isinstance(node, exp.Like) and node.args.get("negate"):  # sqlglot keeps this `not` inside, unlike others
        plain = node.copy()
        plain.set("negate", None)
        return Operation("not", (_operation(plain),))
    operator, parts = operator_of(node)
    operation = Operation(operator, tuple(_expression(part) for part in parts))
    check_operation(operation, tuple(position(part) for part in parts))
    return operation


def operator_of(node: exp.Expr) -> tuple[str, list[exp.Expr]]:
    """Operator and operands of a node of the closed list. Raises ExpressionError for any other node."""
    match node:
        case exp.Neg():
            return _read(node, "neg", "this")
        case exp.Not():
            return _read(node, "not", "this")
        case exp.Between():
            return _read(node, "between", "this", "low", "high")
        case exp.In():
            only(node, "this", "expressions")
            return "in", [node.this, *node.expressions]
        case exp.Is() if isinstance(node.expression, exp.Null):
            only(node, "this", "expression")
            return "is_null", [node.this]
        case exp.Is():
            raise ExpressionError("`is` goes with null alone. Write = true or = false.", position(node))
    if type(node) in BINARY:
        return _read(node, BINARY[type(node)], "this", "expression")
    raise not_listed(node)


def _read(node: exp.Expr, operator: str, *names: str) -> tuple[str, list[exp.Expr]]:
    only(node, *names)
    return operator, [node.args[name] for name in names]


def _case(node: exp.Case) -> Case:
    branches, otherwise = case_parts(node)
    for condition, _ in branches:
        check_condition(_expression(condition), position(condition))
    read = Case(
        tuple((_expression(condition), _result(result)) for condition, result in branches),
        None if otherwise is None else _result(otherwise),
    )
    return read


def _result(node: exp.Expr) -> Expression:
    result = _expression(node)
    if kind_of(result) is Kind.CONDITION:
        raise ExpressionError("A case gives values, not conditions. Write then 1 else 0.", position(node))
    return result


def case_parts(node: exp.Case) -> tuple[list[tuple[exp.Expr, exp.Expr]], exp.Expr | None]:
    """Conditions with their results, and the rest, of `case when ... end`."""
    if node.args.get("this") is not None or not node.args.get("ifs"):
        raise ExpressionError(
            "Write a case as: case when condition then value else value end.", position(node)
        )
    only(node, "ifs", "default")
    branches = []
    for branch in node.args["ifs"]:
        only(branch, "this", "true")
        branches.append((branch.this, branch.args["true"]))
    return branches, node.args.get("default")


def _function(node: exp.Anonymous) -> Expression:
    if _is_aggregate(node):
        raise ExpressionError(
            f"An aggregate ({node.this.lower()}) cannot stand inside another one or in a condition.",
            position(node),
        )
    only(node, "this", "expressions")
    name, parts = call(node, FUNCTIONS, "")
    operands = tuple(_expression(part) for part in parts)
    if name == "datediff":
        operands = (_date_unit(parts[0]), *operands[1:])
    if name == "round" and len(parts) == 2 and not _is_digits(operands[1]):
        raise ExpressionError("round takes a whole number of digits: round(price, 2).", position(parts[1]))
    operation = Operation(name, operands)
    check_operation(operation, tuple(position(part) for part in parts))
    return operation


def _is_digits(node: Expression) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, int) and not isinstance(node.value, bool)


def _date_unit(node: exp.Expr) -> Literal:
    word = node.name.lower() if isinstance(node, exp.Column) and not node.table else ""
    if word not in DATE_UNITS:
        raise ExpressionError(
            f"datediff counts in {', '.join(DATE_UNITS)}: datediff(day, a, b).", position(node)
        )
    return Literal(word)


def _is_aggregate(node: exp.Anonymous) -> bool:
    return isinstance(node.this, str) and node.this.lower() in AGGREGATES
