"""AST -> text in the language it was read from: what a version is hashed over, and what an explanation shows.

Reading the text again gives the same AST (offsets aside), so two spellings of one meaning render alike.
"""

from dashboard.definitions.expressions import (
    Aggregate,
    AggregateKind,
    Calculation,
    Case,
    Choice,
    Column,
    Expression,
    Formula,
    Literal,
    MeasureRef,
    MetricRef,
    Number,
    Operation,
    TimeShift,
)
from dashboard.definitions.grammar import quoted_name

_PREDICATE, _UNARY, _PRIMARY = 4, 7, 8
_STRENGTH = {
    **{"or": 1, "and": 2, "not": 3, "neg": _UNARY},
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">=", "in", "between", "like", "is_null"), _PREDICATE),
    **{"+": 5, "-": 5, "*": 6, "/": 6, "%": 6},
}
_Node = Expression | Formula


def render_aggregate(aggregate: Aggregate) -> str:
    """`count(distinct customer_id) filter (where score >= 9)`."""
    argument = "*" if aggregate.argument is None else render(aggregate.argument)
    match aggregate.kind:
        case AggregateKind.COUNT_DISTINCT:
            call = f"count(distinct {argument})"
        case AggregateKind.PERCENTILE:
            call = f"percentile({argument}, {aggregate.fraction!r})"
        case kind:
            call = f"{kind.value}({argument})"
    return call if aggregate.where is None else f"{call} filter (where {render(aggregate.where)})"


def render(node: _Node) -> str:  # noqa: PLR0911 - one line a kind of node
    """The text of an expression or a formula, with no more brackets than it needs."""
    match node:
        case Column(name, lookup):
            way = [] if lookup is None else lookup.split(".")
            return ".".join(map(quoted_name, [*way, name]))
        case Literal(value):
            return _literal(value)
        case Number(value):
            return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case MeasureRef():
            return f"{quoted_name(node.dataset)}.{quoted_name(node.measure)}"
        case MetricRef():
            return quoted_name(node.metric)
        case TimeShift(kind, operand, months):
            return (
                f"{kind}({render(operand)}, {months})" if kind == "trailing" else f"{kind}({render(operand)})"
            )
        case Case(branches, otherwise) | Choice(branches, otherwise):
            whens = "".join(
                f" when {render(condition)} then {render(result)}" for condition, result in branches
            )
            return f"case{whens}{'' if otherwise is None else f' else {render(otherwise)}'} end"
        case Operation(operator, operands) | Calculation(operator, operands):
            return _operation(operator, operands)


def _operation(operator: str, operands: tuple[_Node, ...]) -> str:  # noqa: PLR0911 - one line a form
    first = operands[0]
    match operator:
        case "neg":
            return f"-{_within(first, _PRIMARY)}"
        case "not":
            return f"not {_within(first, 3)}"
        case "is_null":
            return f"{_within(first, 5)} is null"
        case "in":
            return f"{_within(first, 5)} in ({', '.join(map(render, operands[1:]))})"
        case "between":
            low, high = (_within(part, 5) for part in operands[1:])
            return f"{_within(first, 5)} between {low} and {high}"
        case _ if operator in _STRENGTH:
            strength = _STRENGTH[operator]  # they join from the left; no comparison holds another one
            return f"{_within(first, strength)} {operator} {_within(operands[1], strength + 1)}"
        case "datediff":
            return f"datediff({_unit(first)}, {', '.join(map(render, operands[1:]))})"
        case _:
            return f"{operator}({', '.join(map(render, operands))})"


def _within(node: _Node, least: int) -> str:
    """The text of an operand, in brackets where it binds less strongly than its place asks."""
    text = render(node)
    strength = (
        _STRENGTH.get(node.operator, _PRIMARY) if isinstance(node, Operation | Calculation) else _PRIMARY
    )
    return f"({text})" if strength < least else text


def _unit(node: _Node) -> str:
    return str(node.value) if isinstance(node, Literal) else render(node)


def _literal(value: str | int | float | bool | None) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return repr(value)
