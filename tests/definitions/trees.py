"""Hypothesis strategies for expressions and formulas that the language can say, and a way to compare them."""

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

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
from dashboard.definitions.grammar import RESERVED_WORDS
from dashboard.definitions.parsing import DATE_UNITS

Tree = TypeVar("Tree")

NAMES = st.one_of(
    st.sampled_from(
        ["score", "Score", "customer_id", "order", "select", "date", "day", "x1", "_x", "left", "sum"]
    ),
    st.sampled_from(sorted(RESERVED_WORDS)),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8),
)
STEPS = NAMES.filter(lambda name: "." not in name)  # a look-up is called as a file is: without a dot
LOOKUPS = st.one_of(st.none(), STEPS, st.builds("{}.{}".format, STEPS, STEPS))
COLUMNS = st.builds(Column, name=NAMES, lookup=LOOKUPS)
NUMBERS = st.one_of(
    st.integers(0, 10**12), st.floats(0, 1e300, allow_nan=False), st.sampled_from([0.1, 1e-7, 1e22, 9.0])
)
TEXTS = st.one_of(
    st.sampled_from(
        ["'; drop table x; --", "NL", "it's", 'say "no"', "a\\'b", "", "%_", "/* */", "--", "{# #}"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
)


def without_places(tree: Tree) -> Tree:
    """The tree with every offset 0: where something stood is no part of what it means."""
    if isinstance(tree, tuple):
        return tuple(without_places(part) for part in tree)  # type: ignore[return-value]
    if not is_dataclass(tree) or isinstance(tree, type):
        return tree
    parts: dict[str, Any] = {field.name: without_places(getattr(tree, field.name)) for field in fields(tree)}
    if "offset" in parts:
        parts["offset"] = 0
    return replace(tree, **parts)


def _operation(operators: list[str], *operands: st.SearchStrategy[Any]) -> st.SearchStrategy[Expression]:
    return st.builds(Operation, st.sampled_from(operators), st.tuples(*operands))


def _several(operator: str, operands: st.SearchStrategy[Any], least: int) -> st.SearchStrategy[Expression]:
    return st.builds(Operation, st.just(operator), st.lists(operands, min_size=least, max_size=3).map(tuple))


def _case(
    conditions: st.SearchStrategy[Any], results: st.SearchStrategy[Any]
) -> st.SearchStrategy[Expression]:
    branches = st.lists(st.tuples(conditions, results), min_size=1, max_size=2).map(tuple)
    return st.builds(Case, branches, st.one_of(st.none(), results, st.just(Literal(None))))


@cache
def _numeric(depth: int) -> st.SearchStrategy[Expression]:
    leaves = st.one_of(COLUMNS, st.builds(Literal, NUMBERS))
    if depth == 0:
        return leaves
    inner, moments = st.deferred(lambda: _numeric(depth - 1)), st.one_of(COLUMNS, st.builds(Literal, TEXTS))
    return st.one_of(
        leaves,
        _operation(["+", "-", "*", "/", "%"], inner, inner),
        _operation(["neg", "abs", "round"], inner),
        _operation(["round"], inner, st.builds(Literal, st.integers(0, 6))),
        _operation(["nullif"], inner, inner),
        _operation(["datediff"], st.builds(Literal, st.sampled_from(DATE_UNITS)), moments, moments),
        _several("coalesce", inner, 2),
        _case(conditions(depth - 1), inner),
    )


@cache
def _textual(depth: int) -> st.SearchStrategy[Expression]:
    leaves = st.one_of(COLUMNS, st.builds(Literal, TEXTS))
    if depth == 0:
        return leaves
    inner = st.deferred(lambda: _textual(depth - 1))
    return st.one_of(leaves, _operation(["lower"], inner), _several("coalesce", inner, 2))


@cache
def conditions(depth: int = 3) -> st.SearchStrategy[Expression]:
    """What is true or false of a row."""
    numbers, texts = _numeric(max(depth - 1, 0)), _textual(max(depth - 1, 0))
    compared = ["=", "<>", "<", "<=", ">", ">="]
    simple = st.one_of(
        COLUMNS,
        _operation(["="], COLUMNS, st.builds(Literal, st.booleans())),
        _operation(compared, numbers, numbers),
        _operation(compared, texts, texts),
        _operation(["between"], numbers, numbers, numbers),
        _operation(["like"], texts, texts),
        _operation(["is_null"], st.one_of(numbers, texts)),
        _several("in", numbers, 2),
        _several("in", texts, 2),
    )
    if depth == 0:
        return simple
    inner = st.deferred(lambda: conditions(depth - 1))
    return st.one_of(simple, _operation(["and", "or"], inner, inner), _operation(["not"], inner))


def aggregates() -> st.SearchStrategy[Aggregate]:
    """Every aggregate that a measure may be."""
    plain = [kind for kind in AggregateKind if kind is not AggregateKind.PERCENTILE]
    where = st.one_of(st.none(), conditions(2))
    return st.one_of(
        st.builds(Aggregate, st.just(AggregateKind.COUNT), st.none(), where),
        st.builds(Aggregate, st.sampled_from(plain), _numeric(2), where),
        st.builds(
            Aggregate,
            st.just(AggregateKind.PERCENTILE),
            _numeric(1),
            where,
            st.floats(0, 1, exclude_min=True, exclude_max=True),
        ),
    )


@cache
def formulas(depth: int = 3) -> st.SearchStrategy[Formula]:
    """Every formula that a metric may have."""
    leaves = st.one_of(
        st.builds(Number, NUMBERS.map(float)),
        st.builds(MeasureRef, NAMES, NAMES),
        st.builds(MetricRef, NAMES),
    )
    if depth == 0:
        return leaves
    inner = st.deferred(lambda: formulas(depth - 1))
    compared = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    simple = st.builds(Calculation, compared, st.tuples(inner, inner))
    condition = st.one_of(
        simple,
        st.builds(Calculation, st.sampled_from(["and", "or"]), st.tuples(simple, simple)),
        st.builds(Calculation, st.just("not"), st.tuples(simple)),
    )
    branches = st.lists(st.tuples(condition, inner), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        leaves,
        st.builds(
            Calculation, st.sampled_from(["+", "-", "*", "/", "nullif", "coalesce"]), st.tuples(inner, inner)
        ),
        st.builds(Calculation, st.sampled_from(["neg", "abs", "round"]), st.tuples(inner)),
        st.builds(Choice, branches, st.one_of(st.none(), inner)),
        st.builds(TimeShift, st.sampled_from(["prior", "year_ago", "to_date", "opening"]), inner),
        st.builds(TimeShift, st.just("trailing"), inner, st.integers(1, 120)),
    )
