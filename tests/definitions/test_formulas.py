"""Formulas of metrics: arithmetic over measures and metrics, with functions of time."""

# ruff: noqa: E501 - a table is read a row a line

import pytest

from dashboard.definitions.expressions import (
    Calculation,
    Choice,
    Formula,
    MeasureRef,
    MetricRef,
    Number,
    TimeShift,
)
from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.grammar import ExpressionError
from dashboard.definitions.model import IntervalKind
from dashboard.definitions.shapes import interval_parts
from tests.definitions.trees import without_places

P, D, N = (
    MeasureRef("answers", "promoters"),
    MeasureRef("answers", "detractors"),
    MeasureRef("answers", "all"),
)

READ = {
    "revenue": MetricRef("revenue"),
    "answers.promoters": P,
    "answers.promoters / answers.all": Calculation("/", (P, N)),
    "100 * (answers.promoters - answers.detractors) / answers.all": Calculation(
        "/", (Calculation("*", (Number(100.0), Calculation("-", (P, D)))), N)
    ),
    "trailing(revenue, 12) / year_ago(trailing(revenue, 12)) - 1": Calculation(
        "-",
        (
            Calculation(
                "/",
                (
                    TimeShift("trailing", MetricRef("revenue"), 12),
                    TimeShift("year_ago", TimeShift("trailing", MetricRef("revenue"), 12)),
                ),
            ),
            Number(1.0),
        ),
    ),
    "revenue / opening(revenue)": Calculation(
        "/", (MetricRef("revenue"), TimeShift("opening", MetricRef("revenue")))
    ),
    "prior(revenue) + to_date(revenue)": Calculation(
        "+", (TimeShift("prior", MetricRef("revenue")), TimeShift("to_date", MetricRef("revenue")))
    ),
    "coalesce(revenue, 0) - abs(-cost)": Calculation(
        "-",
        (
            Calculation("coalesce", (MetricRef("revenue"), Number(0.0))),
            Calculation("abs", (Calculation("neg", (MetricRef("cost"),)),)),
        ),
    ),
    "case when answers.all > 10 and revenue <> 0 then 1 else 2 end": Choice(
        (
            (
                Calculation(
                    "and",
                    (
                        Calculation(">", (N, Number(10.0))),
                        Calculation("<>", (MetricRef("revenue"), Number(0.0))),
                    ),
                ),
                Number(1.0),
            ),
        ),
        Number(2.0),
    ),
    "nullif(round(revenue, 2), 0)": Calculation(
        "nullif", (Calculation("round", (MetricRef("revenue"), Number(2.0))), Number(0.0))
    ),
}  # fmt: skip

REFUSED = [
    ("opening(revenue, 2)", 0, "opening takes 1 value in its brackets, not 2."),
    ("1 + sum(amount)", 4, "An aggregate has no place in a formula. Make it a measure of a dataset; "
     "write dataset.measure."),
    ("count(*) filter (where a)", 0, "An aggregate has no place in a formula. Make it a measure of a dataset; "
     "write dataset.measure."),
    ("trailing(revenue)", 0, "trailing takes 2 values in its brackets, not 1."),
    ("trailing(revenue, 0)", 18, "trailing takes a whole number of months: trailing(x, 12), from 1 to 120."),
    ("trailing(revenue, cost)", 18, "trailing takes a whole number of months: trailing(x, 12), from 1 to 120."),
    ("round(revenue, cost)", 15, "round takes a whole number of digits: round(x, 2), from 0 to 15."),
    ("round(revenue, 1.5)", 15, "round takes a whole number of digits: round(x, 2), from 0 to 15."),
    ("lower(revenue)", 0, "There is no function 'lower' here. "
     "Known: abs, coalesce, forecast, nullif, opening, plan, previous_year, prior, round, to_date, trailing, "
     "year_ago."),
    ("revenue > 0", 0, "A formula gives a number, not a condition. Use case when ... end."),
    ("case when revenue then 1 end", 10, "A condition is wanted here. Compare it with something: x > 0."),
    ("case when revenue > 0 then cost > 1 end", 27,
     "A formula gives a number, not a condition. Use case when ... end."),
    ("revenue % 2", 0, "'%' has no place in a formula. Use it in a measure."),
    ("revenue in (1, 2)", 0, "'in' has no place in a formula. Use it in a measure."),
    ("revenue is null", 0, "'is null' has no place in a formula. Use it in a measure."),
    ("coalesce(revenue, 'none')", 18, "A formula knows numbers, measures and metrics alone. "
     "Compare texts and null in a measure."),
    ("coalesce(revenue, null)", 18, "A formula knows numbers, measures and metrics alone. "
     "Compare texts and null in a measure."),
    ("a.b.c", 0, "A name has too many parts. Write look-up.column or dataset.measure."),
    ("a b", 0, "Two values stand side by side. Put an operator between them."),
    ("a, b", 1, "This is out of place, near ','. Check the brackets, commas and words around it."),
    ("(a, b)", 1, "A list belongs behind `in`. Take the brackets or the comma out."),
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_formula_is_read(text: str) -> None:
    assert without_places(parse_formula(text)) == READ[text]


@pytest.mark.parametrize(("text", "offset", "message"), REFUSED)
def test_a_formula_is_refused(text: str, offset: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_formula(text)
    assert (caught.value.message, caught.value.offset) == (message, offset)


def test_names_know_their_place() -> None:
    assert parse_formula("1 + answers.all * revenue") == Calculation(
        "+",
        (
            Number(1.0),
            Calculation("*", (MeasureRef("answers", "all", 4), MetricRef("revenue", 18))),
        ),
    )


@pytest.mark.parametrize(
    ("kind", "text", "parts"),
    [
        (IntervalKind.NPS, "100 * (answers.promoters - answers.detractors) / answers.all", (P, D, N)),
        (IntervalKind.NPS, "100 * ((answers.promoters - answers.detractors) / answers.all)", (P, D, N)),
        (IntervalKind.NPS, "(answers.promoters - answers.detractors) / answers.all", None),
        (IntervalKind.NPS, "100 * (answers.promoters + answers.detractors) / answers.all", None),
        (IntervalKind.PROPORTION, "answers.promoters / answers.all", (P, N)),
        (IntervalKind.PROPORTION, "1 - answers.promoters / answers.all", (Calculation("-", (N, P)), N)),
        (IntervalKind.PROPORTION, "2 - answers.promoters / answers.all", None),
        (IntervalKind.PROPORTION, "answers.promoters", None),
        (IntervalKind.NONE, "answers.promoters", ()),
        (
            IntervalKind.MEAN,
            "answers.score",
            (
                Calculation("*", (MeasureRef("answers", "score"), MeasureRef("answers", "score.count"))),
                MeasureRef("answers", "score.squares"),
                MeasureRef("answers", "score.count"),
            ),
        ),
        (IntervalKind.MEAN, "answers.score / 2", None),
    ],
)
def test_an_interval_knows_its_parts(
    kind: IntervalKind, text: str, parts: tuple[Formula, ...] | None
) -> None:
    assert without_places(interval_parts(kind, parse_formula(text))) == parts
