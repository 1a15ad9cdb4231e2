"""Measures and conditions: what the language can say, and what it refuses, with the place and the remedy."""

# ruff: noqa: E501 - a table is read a row a line

import pytest

from dashboard.definitions.expressions import Aggregate, AggregateKind, Case, Column, Literal, Operation
from dashboard.definitions.grammar import ExpressionError
from dashboard.definitions.parsing import parse_aggregate, parse_condition
from dashboard.definitions.rendering import render_aggregate
from tests.definitions.trees import without_places

SCORE, AMOUNT = Column("score"), Column("amount")

READ = {
    "count(*)": Aggregate(AggregateKind.COUNT),
    "COUNT( * )": Aggregate(AggregateKind.COUNT),
    "(count(*))": Aggregate(AggregateKind.COUNT),
    "count(score)": Aggregate(AggregateKind.COUNT, SCORE),
    "count(distinct customers.id)": Aggregate(AggregateKind.COUNT_DISTINCT, Column("id", "customers")),
    'count(distinct "Customer ID")': Aggregate(AggregateKind.COUNT_DISTINCT, Column("Customer ID")),
    "sum(amount)": Aggregate(AggregateKind.SUM, AMOUNT),
    "avg(amount)": Aggregate(AggregateKind.AVG, AMOUNT),
    "min(amount)": Aggregate(AggregateKind.MIN, AMOUNT),
    "max(amount)": Aggregate(AggregateKind.MAX, AMOUNT),
    "median(amount)": Aggregate(AggregateKind.MEDIAN, AMOUNT),
    "percentile(amount, 0.9)": Aggregate(AggregateKind.PERCENTILE, AMOUNT, None, 0.9),
    "count(*) filter (where score >= 9)": Aggregate(
        AggregateKind.COUNT, None, Operation(">=", (SCORE, Literal(9)))
    ),
    "sum(-amount)": Aggregate(AggregateKind.SUM, Operation("neg", (AMOUNT,))),
    "avg(datediff(DAY, opened, closed))": Aggregate(
        AggregateKind.AVG, Operation("datediff", (Literal("day"), Column("opened"), Column("closed")))
    ),
    "sum(case when score > 2 then amount else 0 end)": Aggregate(
        AggregateKind.SUM, Case(((Operation(">", (SCORE, Literal(2))), AMOUNT),), Literal(0))
    ),
    "sum(round(amount, 2))": Aggregate(AggregateKind.SUM, Operation("round", (AMOUNT, Literal(2)))),
    "sum(order)": Aggregate(AggregateKind.SUM, Column("order")),
    "count(select)": Aggregate(AggregateKind.COUNT, Column("select")),
    'sum("end")': Aggregate(AggregateKind.SUM, Column("end")),
    "sum(amount - 1 - 2)": Aggregate(
        AggregateKind.SUM, Operation("-", (Operation("-", (AMOUNT, Literal(1))), Literal(2)))
    ),
    "sum(amount * 1.5e3)": Aggregate(AggregateKind.SUM, Operation("*", (AMOUNT, Literal(1500.0)))),
}

CONDITIONS = {
    "score <> 1": Operation("<>", (SCORE, Literal(1))),
    "score != 1": Operation("<>", (SCORE, Literal(1))),
    "score is null": Operation("is_null", (SCORE,)),
    "score is not null": Operation("not", (Operation("is_null", (SCORE,)),)),
    "score not in (1, 2)": Operation("not", (Operation("in", (SCORE, Literal(1), Literal(2))),)),
    "score not between 1 and 2": Operation("not", (Operation("between", (SCORE, Literal(1), Literal(2))),)),
    "name not like 'A%'": Operation("not", (Operation("like", (Column("name"), Literal("A%"))),)),
    "not score = 1": Operation("not", (Operation("=", (SCORE, Literal(1))),)),
    "paid": Column("paid"),
    "paid = true": Operation("=", (Column("paid"), Literal(True))),
    "name = '''; drop table x; --'": Operation("=", (Column("name"), Literal("'; drop table x; --"))),
    "name = '/* no comment */ -- none'": Operation(
        "=", (Column("name"), Literal("/* no comment */ -- none"))
    ),
    r"name = 'a\'": Operation("=", (Column("name"), Literal("a\\"))),
    "a or b and not c": Operation(
        "or", (Column("a"), Operation("and", (Column("b"), Operation("not", (Column("c"),)))))
    ),
    "(a or b) and c": Operation("and", (Operation("or", (Column("a"), Column("b"))), Column("c"))),
    "day >= '2026-01-01'": Operation(">=", (Column("day"), Literal("2026-01-01"))),
    "lower(name) = 'x'": Operation("=", (Operation("lower", (Column("name"),)), Literal("x"))),
    "coalesce(score, 0) = nullif(a, 1)": Operation(
        "=",
        (
            Operation("coalesce", (SCORE, Literal(0))),
            Operation("nullif", (Column("a"), Literal(1))),
        ),
    ),
}

REFUSED = [  # text, at which character, what is said
    ("", 0, "There is no expression here. Write one, for example count(*)."),
    ("sum(coalesce(a, 0) +* b)", 20, "Two operators stand side by side, '+' and '*'. Take one out."),
    ("sum(+a)", 4, "'+' has no meaning here. Take it out, or complete it."),
    ("sum(a b)", 6, "A closing bracket is missing here, near 'b'. Check the brackets, commas and words around it."),
    ("sum(amount) total", 0, "A measure is one aggregate: count, sum, avg, min, max, median, percentile, only. "
     "Arithmetic on several belongs in a metric's formula."),
    ("amount", 0, "A measure is one aggregate: count, sum, avg, min, max, median, percentile, only. "
     "Arithmetic on several belongs in a metric's formula."),
    ("sum(amount) as total", 12, "'as' does not belong to the language of expressions. Write it without."),
    ("sum((select max(a) from b))", 5, "'select' does not belong to the language of expressions. Write it without."),
    ("sum(a) over (order by b)", 7, "'over' does not belong to the language of expressions. Write it without."),
    ("sum(a) filter (where b) over (order by c)", 24,
     "'over' does not belong to the language of expressions. Write it without."),
    ("sum(cast(a as int))", 4, "'cast' does not belong to the language of expressions. Write it without."),
    ("sum(a::int)", 5, "':' does not belong to the language of expressions. Write it without."),
    ("sum(a) -- all", 7, "A comment is not allowed here. Write it behind a # in the YAML."),
    ("sum(a /* all */)", 6, "A comment is not allowed here. Write it behind a # in the YAML."),
    ("sum(a {# all #})", 4, "A comment is not allowed here. Write it behind a # in the YAML."),
    ("sum(a); drop table b", 6, "';' does not belong to the language of expressions. Write it without."),
    ("sum(?)", 4, "'?' does not belong to the language of expressions. Write it without."),
    ("sum(a[1])", 5, "'[' does not belong to the language of expressions. Write it without."),
    ("sum(`a`)", 4, "'`' does not belong to the language of expressions. Write it without."),
    ("sum(sum(a))", 4,
     "An aggregate cannot stand inside another one or in a condition. Make it a measure of its own."),
    ("count(*) filter (where count(*) > 1)", 23,
     "An aggregate cannot stand inside another one or in a condition. Make it a measure of its own."),
    ("sum(sqrt(a))", 4,
     "There is no function 'sqrt' here. Known: abs, coalesce, datediff, lower, nullif, round."),
    ("sum(abs(a, b))", 4, "abs takes 1 value in its brackets, not 2."),
    ("sum(coalesce(a, ))", 4, "coalesce takes 2 to 20 values in its brackets, not 1."),
    ("sum(coalesce(a, b,))", 17, "',' has no meaning here. Take it out, or complete it."),
    ("count()", 0, "count takes 1 value in its brackets, not 0."),
    ("count(distinct a, b)", 15, "count(distinct ...) takes one value in its brackets."),
    ("sum(distinct a)", 13, "'distinct' stands in count(distinct ...) alone. Take it out."),
    ("sum(*)", 4, "'*' stands in count(*) alone. Name a column."),
    ("sum('1')", 4, "sum takes a number, not a text. Name a column."),
    ("count(a = 1)", 6, "count takes a value, not a condition. "
     "Write count(*) filter (where ...) for the rows that meet it."),
    ("sum(null)", 4, "sum takes a number, not null. Name a column."),
    ("percentile(a, 90)", 14, "The percentile is a number between 0 and 1: percentile(days, 0.9)."),
    ("sum(round(a, b))", 13, "round takes a whole number of digits: round(price, 2)."),
    ("sum(datediff(fortnight, a, b))", 13,
     "datediff counts in second, minute, hour, day, week, month, quarter, year: datediff(day, opened, closed)."),
    ("sum(datediff(day, 1, b))", 18, "'datediff' takes dates and times, not a number. Put another value in its place."),
    ("sum(a.b.c.d)", 4, "A name has too many parts. Write look-up.column or dataset.measure."),
    ("sum(end)", 4, """'end' is a word of the language. Write "end" if it is a name."""),
    ('sum("")', 4, "An empty name is no name. Write the name of a column."),
    ("sum(case a when 1 then 2 end)", 9, "Write a case as: case when condition then value else value end."),
    ("sum(case when a then b = c end)", 21, "A case gives values, not conditions. Write then 1 else 0."),
    ("sum(1e999)", 4, "1e999 is too large a number. Write a smaller one."),
    ("sum(.5)", 4, "A number begins with a digit. Write it as 0.5."),
    ("count(*) filter (where a = 'x)", 27, "The quotation that begins here has no end. Close it with '."),
    ('sum("a)', 4, 'The quotation that begins here has no end. Close it with ".'),
    ("sum(a\x00)", 5, "There is an invisible character (NUL) here. Take it out."),
]  # fmt: skip

REFUSED_CONDITIONS = [
    ("score + 1", 0, "A condition is wanted here, not a number. Compare it: score >= 9."),
    ("'yes'", 0, "A condition is wanted here, not a text. Compare it: score >= 9."),
    ("score = null", 8, "Nothing equals null. Write `is null` or `is not null`."),
    ("score in (1, null)", 13, "Nothing equals null. Write `is null` or `is not null`."),
    ("a < b < c", 0, "A condition stands here as a value of '<'. Join conditions with and, or."),
    ("a = b = c", 0, "A condition stands here as a value of '='. Join conditions with and, or."),
    ("1 = 'one'", 4, "A number is compared with a text. Write both alike."),
    ("a and 1", 6, "A condition is wanted here, not a number. Compare it: score >= 9."),
    ("name like 3", 10, "'like' takes a text, not a number. Put another value in its place."),
    ("score + 'a' > 1", 8, "'+' takes a number, not a text. Put another value in its place."),
    ("paid is true", 0, "`is` goes with null alone. Write = true or = false."),
    ("a is distinct from b", 0, "This is none of the operators and functions there are. Take it out."),
    (
        "a in (select b from c)",
        6,
        "'select' does not belong to the language of expressions. Write it without.",
    ),
    ("a in b", 0, "'in' takes a list in brackets. Write it as: country in ('NL', 'BE')."),
    (
        "a like 'x' escape '!'",
        11,
        "'escape' does not belong to the language of expressions. Write it without.",
    ),
    ("a between 1 2", 0, "'and' is missing. Write it as: a between 1 and 2"),
    ("a between symmetric 1 and 2", 0, "This is none of the operators and functions there are. Take it out."),
    ("case when a 1 end > 0", 0, "'then' is missing. Write it as: case when a then 1 end > 0"),
    ("'a' 'b' = c", 0, "Two texts stand side by side. Put an operator between them."),
    ("a == b", 3, "Two operators stand side by side, '=' and '='. Take one out."),
    ("a <=> b", 4, "Two operators stand side by side, '<=' and '>'. Take one out."),
    ("a || b", 2, "'|' does not belong to the language of expressions. Write it without."),
    (
        "count(*)",
        0,
        "An aggregate cannot stand inside another one or in a condition. Make it a measure of its own.",
    ),
]


@pytest.mark.parametrize("text", READ)
def test_a_measure_is_read(text: str) -> None:
    assert without_places(parse_aggregate(text)) == READ[text]


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_is_read(text: str) -> None:
    assert without_places(parse_condition(text)) == CONDITIONS[text]


@pytest.mark.parametrize(("text", "offset", "message"), REFUSED)
def test_a_measure_is_refused(text: str, offset: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_aggregate(text)
    assert (caught.value.message, caught.value.offset) == (message, offset)


@pytest.mark.parametrize(("text", "offset", "message"), REFUSED_CONDITIONS)
def test_a_condition_is_refused(text: str, offset: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_condition(text)
    assert (caught.value.message, caught.value.offset) == (message, offset)


def test_columns_know_their_place() -> None:
    aggregate = parse_aggregate("sum( amount ) filter (where customers.paid)")
    assert aggregate.argument == Column("amount", None, 5)
    assert aggregate.where == Column("paid", "customers", 28)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("SUM(Amount)FILTER(WHERE((a)))", "sum(Amount) filter (where a)"),
        ("sum((a + b) * c)", "sum((a + b) * c)"),
        ("sum((a * b) + c)", "sum(a * b + c)"),
        ("sum(a - (b - c))", "sum(a - (b - c))"),
        ("sum(- (a))", "sum(-a)"),
        (
            "count(*) filter (where x != 1 and (y is not null))",
            "count(*) filter (where x <> 1 and not y is null)",
        ),
    ],
)
def test_spellings_of_one_meaning_render_alike(written: str, plain: str) -> None:
    assert render_aggregate(parse_aggregate(written)) == plain
