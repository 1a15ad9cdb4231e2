"""sqlglot nodes taken apart, for expressions and formulas. What is not on the closed list is an error."""

import math
from collections.abc import Collection, Mapping

from sqlglot import exp

from dashboard.definitions.grammar import RESERVED_WORDS, ExpressionError, position
from yamlfiles.problems import did_you_mean

_BINARY: dict[type[exp.Expr], str] = {
    **{exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"},
    **{exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="},
    **{exp.And: "and", exp.Or: "or", exp.Like: "like"},
}
_TOLD: dict[type[exp.Expr], str] = {
    exp.Alias: "Two values stand side by side. Put an operator between them.",
    exp.Concat: "Two texts stand side by side. Put an operator between them.",
    exp.Star: "'*' stands in count(*) alone. Name a column.",
    exp.Tuple: "A list belongs behind `in`. Take the brackets or the comma out.",
    exp.In: "'in' takes a list in brackets. Write it as: country in ('NL', 'BE').",
    exp.Column: "A name has too many parts. Write look-up.column or dataset.measure.",
    exp.Dot: "A name has too many parts. Write look-up.column or dataset.measure.",
    exp.Distinct: "'distinct' stands in count(distinct ...) alone. Take it out.",
    exp.Filter: "'filter' stands behind an aggregate alone. Take it out.",
}


def unwrap(node: exp.Expr) -> exp.Expr:
    """The node inside any brackets."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def only(node: exp.Expr, *names: str) -> None:
    """Refuse a node that carries more than the parts we read: nothing written may be passed over."""
    if any(name not in names and value not in (None, False, []) for name, value in node.args.items()):
        raise not_listed(node)


def not_listed(node: exp.Expr) -> ExpressionError:
    """The error for everything outside the closed list."""
    told = _TOLD.get(type(node), "This is none of the operators and functions there are. Take it out.")
    return ExpressionError(told, position(node))


def identifier(node: object, place: int) -> str:
    """The text of a name; an unquoted word of the language is none. `place` is where the name should be."""
    if not isinstance(node, exp.Identifier):
        missing = ExpressionError("A name is missing here. Write one.", place)
        raise not_listed(node) if isinstance(node, exp.Expr) else missing
    name = str(node.this)
    if not node.args.get("quoted") and name.lower() in RESERVED_WORDS:
        told = f'{name!r} is a word of the language. Write "{name}" if it is a name.'
        raise ExpressionError(told, position(node))
    if not name:
        raise ExpressionError("An empty name is no name. Write the name of a column.", position(node))
    return name


def number(node: exp.Literal) -> int | float:
    """The value of a number as written: an int stays an int."""
    text = str(node.this)
    value = int(text) if text.isdecimal() and len(text) < 40 else float(text)
    if not math.isfinite(value):
        raise ExpressionError(f"{text} is too large a number. Write a smaller one.", position(node))
    return value


def call(node: exp.Anonymous, known: Mapping[str, tuple[int, int]]) -> tuple[str, list[exp.Expr]]:
    """Name and arguments of a call; `known` says how many each function takes, at least and at most."""
    only(node, "this", "expressions")
    name = function_name(node)
    if name not in known:
        shown = node.this if isinstance(node.this, str) else node.this.this
        hint = did_you_mean(str(shown).lower(), known)
        raise ExpressionError(f"There is no function {shown!r} here. {hint}", position(node))
    (least, most), given = known[name], len(node.expressions)
    if not least <= given <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        told = f"{name} takes {wanted} value{'s' if most > 1 else ''} in its brackets, not {given}."
        raise ExpressionError(told, position(node))
    return name, list(node.expressions)


def is_call_of(node: exp.Expr, names: Collection[str]) -> bool:
    """Whether the node calls one of the functions."""
    return isinstance(node, exp.Anonymous) and function_name(node) in names


def function_name(node: exp.Anonymous) -> str:
    """The name of a call in small letters; "" where it is quoted, since no function is."""
    return node.this.lower() if isinstance(node.this, str) else ""


def operator_of(node: exp.Expr) -> tuple[str, list[exp.Expr]]:
    """Operator and operands of a node of the closed list. Raises ExpressionError for any other node."""
    match node:
        case exp.Neg():
            operator, names = "neg", ["this"]
        case exp.Not():
            operator, names = "not", ["this"]
        case exp.Between():
            operator, names = "between", ["this", "low", "high"]
        case exp.In():
            only(node, "this", "expressions")
            return "in", [node.this, *node.expressions]
        case exp.Is() if isinstance(node.expression, exp.Null):
            only(node, "this", "expression")
            return "is_null", [node.this]
        case exp.Is():
            raise ExpressionError("`is` goes with null alone. Write = true or = false.", position(node))
        case exp.Like() if node.args.get("negate"):
            positive = node.copy()
            positive.set("negate", None)
            return "not", [positive]
        case _ if type(node) in _BINARY:
            operator, names = _BINARY[type(node)], ["this", "expression"]
        case _:
            raise not_listed(node)
    only(node, *names)
    return operator, [node.args[name] for name in names]


def case_parts(node: exp.Case) -> tuple[list[tuple[exp.Expr, exp.Expr]], exp.Expr | None]:
    """Conditions with their results, and the rest, of `case when ... end`."""
    if node.args.get("this") is not None or not node.args.get("ifs"):
        told = "Write a case as: case when condition then value else value end."
        raise ExpressionError(told, position(node))
    only(node, "ifs", "default")
    branches = []
    for branch in node.args["ifs"]:
        only(branch, "this", "true")
        branches.append((branch.this, branch.args["true"]))
    return branches, node.args.get("default")
