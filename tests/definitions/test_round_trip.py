"""What is written out is read back as the same tree, whatever names and texts it holds."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.definitions.expressions import Aggregate, Expression, Formula
from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.grammar import ExpressionError
from dashboard.definitions.parsing import parse_aggregate, parse_condition
from dashboard.definitions.rendering import render, render_aggregate
from tests.definitions.trees import aggregates, conditions, formulas, without_places


@given(aggregates())
def test_an_aggregate_is_read_as_it_is_written(aggregate: Aggregate) -> None:
    assert without_places(parse_aggregate(render_aggregate(aggregate))) == without_places(aggregate)


@given(conditions())
def test_a_condition_is_read_as_it_is_written(condition: Expression) -> None:
    assert without_places(parse_condition(render(condition))) == without_places(condition)


@given(formulas())
def test_a_formula_is_read_as_it_is_written(formula: Formula) -> None:
    assert without_places(parse_formula(render(formula))) == without_places(formula)


@given(aggregates(), st.data())
def test_a_word_more_or_less_is_never_passed_over(aggregate: Aggregate, data: st.DataObject) -> None:
    """Take one character out, or put one in: the text means something else, or nothing. Never the same."""
    text = render_aggregate(aggregate)
    place = data.draw(st.integers(0, len(text) - 1))
    added = data.draw(st.sampled_from("+-*/%<>=!,.()'\"ax1 ;|&^~#@?[]{}:"))
    for changed in (text[:place] + text[place + 1 :], text[:place] + added + text[place:]):
        try:
            read = parse_aggregate(changed)
        except ExpressionError as error:
            assert 0 <= error.offset <= len(changed)
            continue
        if without_places(read) == without_places(aggregate):
            assert _words(changed) == _words(text)


WORDS = (
    *(
        "count",
        "sum",
        "avg",
        "percentile",
        "coalesce",
        "nullif",
        "round",
        "lower",
        "datediff",
        "prior",
        "trailing",
    ),
    *(
        "case",
        "when",
        "then",
        "else",
        "end",
        "and",
        "or",
        "not",
        "in",
        "between",
        "like",
        "is",
        "null",
        "true",
    ),
    *(
        "distinct",
        "filter",
        "where",
        "over",
        "within",
        "group",
        "select",
        "from",
        "as",
        "cast",
        "interval",
        "all",
    ),
    *(
        "(",
        "(",
        ")",
        ")",
        ",",
        ".",
        "*",
        "+",
        "-",
        "/",
        "%",
        "=",
        "<>",
        "<",
        ">=",
        "1",
        "0.5",
        "'x'",
        "score",
    ),
    *("customers", "day", '"a b"', "array", "false", "order", "by", "escape", "{#", "#}"),
)


@given(
    st.one_of(
        st.text(string.printable, max_size=40), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_aggregate, parse_condition, parse_formula):
        try:
            read = parse(text)
        except ExpressionError as error:
            assert 0 <= error.offset <= len(text)
        else:
            again = render_aggregate(read) if isinstance(read, Aggregate) else render(read)
            assert without_places(parse(again)) == without_places(read)


@pytest.mark.parametrize(
    "deep", ["(" * 2000 + "a" + ")" * 2000, "-(" * 1500 + "a" + ")" * 1500, "a+" * 3000 + "a"]
)
def test_depth_is_refused_and_not_a_crash(deep: str) -> None:
    with pytest.raises(ExpressionError, match=r"nested too deeply|longer than"):
        parse_aggregate(f"sum({deep})")


def _words(text: str) -> str:
    """The text without what may be written in several ways: blanks, brackets and the spelling of numbers."""
    plain = "".join(sign for sign in text.lower() if not sign.isspace() and sign not in '()"')
    numbers = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?")
    return numbers.sub(lambda found: repr(float(found[0])), plain).replace("!=", "<>")
