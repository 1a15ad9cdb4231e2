"""Text of a metric's formula -> AST: arithmetic over `dataset.measure` and metric names, with time functions."""

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
from dashboard.definitions.parsing import (
    AGGREGATES,
    call,
    case_parts,
    identifier,
    not_listed,
    number,
    only,
    operator_of,
    unwrap,
)
from dashboard.definitions.rendering import render

FUNCTIONS = {"coalesce": (2, 20), "nullif": (2, 2), "abs": (1, 1), "round": (1, 2)}
TIME_FUNCTIONS = {"prior": (1, 1), "year_ago": (1, 1), "trailing": (2, 2), "to_date": (1, 1)}
OPERATORS = frozenset({"+", "-", "*", "/", "neg"}) | COMPARISONS | LOGICAL
LONGEST_TRAIL = 120


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
    check_faithful(tokens, render(formula))
    return formula


def _formula(node: exp.Expr) -> Formula:
    node = unwrap(node)
    match node:
        case exp.Column():
            return _reference(node)
        case exp.Literal() if not node.is_string:
            return Number(float(number(node)))
        case exp.Literal():
            raise ExpressionError(
                "A text has no place in a formula. Compare texts in a measure.", position(node)
            )
        case exp.Null():
            raise ExpressionError(
                "Write no null in a formula: what is missing stays missing.", position(node)
            )
        case exp.Case():
            return _choice(node)
        case exp.Filter():
            raise _aggregate_here(position(node))
        case exp.Anonymous():
            return _call(node)
    return _calculation(node)


def _reference(node: exp.Column) -> MeasureRef | MetricRef:
    only(node, "this", "table")
    table = node.args.get("table")
    if table is None:
        return MetricRef(identifier(node.this), position(node))
    return MeasureRef(identifier(table), identifier(node.this), position(node))


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
    name = node.this.lower() if isinstance(node.this, str) else ""
    if name in AGGREGATES:
        raise _aggregate_here(position(node))
    if name == "opening":
        raise ExpressionError("opening(x) is not available in this version. Write prior(x).", position(node))
    only(node, "this", "expressions")
    name, parts = call(node, FUNCTIONS | TIME_FUNCTIONS, "")
    if name not in TIME_FUNCTIONS:
        return Calculation(name, tuple(_value(part) for part in parts))
    months = _months(parts[1]) if name == "trailing" else 0
    return TimeShift(name, _value(parts[0]), months)


def _months(node: exp.Expr) -> int:
    value = number(node) if isinstance(node, exp.Literal) and not node.is_string else 0
    if isinstance(value, int) and 1 <= value <= LONGEST_TRAIL:
        return value
    raise ExpressionError(
        f"trailing takes a whole number of months from 1 to {LONGEST_TRAIL}: trailing(x, 12).", position(node)
    )


def _aggregate_here(offset: int) -> ExpressionError:
    return ExpressionError(
        "An aggregate has no place in a formula. Name it under `measures` of its dataset and write dataset.measure.",
        offset,
    )
