"""Text of a metric's formula -> AST: arithmetic over measures and metrics, with functions of time."""

from functools import lru_cache

from sqlglot import exp

from dashboard.definitions.expressions import (
    Calculation,
    Choice,
    Formula,
    MeasureRef,
    MetricRef,
    Number,
    TimeShift,
)
from dashboard.definitions.grammar import ExpressionError, check_faithful, parse_tree, position
from dashboard.definitions.kinds import COMPARISONS, LOGICAL
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
from dashboard.definitions.origins import SCENARIOS
from dashboard.definitions.parsing import AGGREGATES
from dashboard.definitions.rendering import render

FUNCTIONS = {"coalesce": (2, 20), "nullif": (2, 2), "abs": (1, 1), "round": (1, 2)}
TIME_FUNCTIONS = {
    **dict.fromkeys(("prior", "year_ago", "to_date", "opening"), (1, 1)),
    "trailing": (2, 2),
}
SCENARIO_FUNCTIONS = dict.fromkeys(SCENARIOS, (1, 1))  # written out by scenario_formulas.py
OPERATORS = frozenset({"+", "-", "*", "/", "neg"}) | COMPARISONS | LOGICAL
MONTHS = range(1, 121)  # of a trailing span
DIGITS = range(16)  # behind the point of a rounded number


@lru_cache(maxsize=4096)
def parse_formula(text: str) -> Formula:
    """Read `100 * (answers.promoters - answers.detractors) / answers.all`. Raises ExpressionError.

    That the names exist is checked later, by metrics.py, when all files are read.
    """
    tree, tokens = parse_tree(text)
    try:
        formula = _value(tree)
    except RecursionError:
        raise ExpressionError("This is nested too deeply. Split it into several metrics.", 0) from None
    check_faithful(text, tokens, render(formula))
    return formula


def _formula(node: exp.Expr) -> Formula:
    node = unwrap(node)
    read: Formula
    match node:
        case exp.Column():
            read = _reference(node)
        case exp.Literal() if not node.is_string:
            read = Number(float(number(node)))
        case exp.Literal() | exp.Null() | exp.Boolean():
            told = "A formula knows numbers, measures and metrics alone. Compare texts and null in a measure."
            raise ExpressionError(told, position(node))
        case exp.Case():
            read = _choice(node)
        case exp.Filter():
            raise _aggregate_here(position(node))
        case exp.Anonymous():
            read = _call(node)
        case _:
            read = _calculation(node)
    return read


def _reference(node: exp.Column) -> MeasureRef | MetricRef:
    only(node, "this", "table")
    place, table = position(node), node.args.get("table")
    name = identifier(node.this, place)
    return MetricRef(name, place) if table is None else MeasureRef(identifier(table, place), name, place)


def _calculation(node: exp.Expr) -> Calculation:
    operator, parts = operator_of(node)
    if operator not in OPERATORS:
        shown = operator.replace("_", " ")
        raise ExpressionError(f"{shown!r} has no place in a formula. Use it in a measure.", position(node))
    read = _condition if operator in LOGICAL else _value
    return Calculation(operator, tuple(read(part) for part in parts))


def _value(node: exp.Expr) -> Formula:
    formula = _formula(node)
    if _is_condition(formula):
        raise ExpressionError(
            "A formula gives a number, not a condition. Use case when ... end.", position(node)
        )
    return formula


def _condition(node: exp.Expr) -> Formula:
    formula = _formula(node)
    if not _is_condition(formula):
        raise ExpressionError("A condition is wanted here. Compare it with something: x > 0.", position(node))
    return formula


def _is_condition(formula: Formula) -> bool:
    return isinstance(formula, Calculation) and formula.operator in COMPARISONS | LOGICAL


def _choice(node: exp.Case) -> Choice:
    branches, otherwise = case_parts(node)
    return Choice(
        tuple((_condition(condition), _value(result)) for condition, result in branches),
        None if otherwise is None else _value(otherwise),
    )


def _call(node: exp.Anonymous) -> Formula:
    if is_call_of(node, AGGREGATES):
        raise _aggregate_here(position(node))
    name, parts = call(node, FUNCTIONS | TIME_FUNCTIONS | SCENARIO_FUNCTIONS)
    if name == "round" and len(parts) == 2:
        return Calculation(
            name,
            (
                _value(parts[0]),
                Number(float(_whole(parts[1], DIGITS, "round takes a whole number of digits: round(x, 2),"))),
            ),
        )
    if name in FUNCTIONS:
        return Calculation(name, tuple(_value(part) for part in parts))
    months = (
        _whole(parts[1], MONTHS, "trailing takes a whole number of months: trailing(x, 12),")
        if name == "trailing"
        else 0
    )
    return TimeShift(name, _value(parts[0]), months)


def _whole(node: exp.Expr, allowed: range, told: str) -> int:
    value = number(node) if isinstance(node, exp.Literal) and not node.is_string else -1
    if isinstance(value, int) and value in allowed:
        return value
    raise ExpressionError(f"{told} from {allowed[0]} to {allowed[-1]}.", position(node))


def _aggregate_here(offset: int) -> ExpressionError:
    told = "An aggregate has no place in a formula. Make it a measure of a dataset; write dataset.measure."
    return ExpressionError(told, offset)
