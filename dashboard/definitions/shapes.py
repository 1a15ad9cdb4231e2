"""The parts of a formula that its interval rests on: it is computed from counts, not from a quotient."""

from dataclasses import replace

from dashboard.definitions.expressions import Calculation, Formula, MeasureRef, Number
from dashboard.definitions.model import IntervalKind

WANTED = {
    IntervalKind.NPS: "100 * (promoters - detractors) / answers",
    IntervalKind.PROPORTION: "part / whole, or 1 - part / whole",
    IntervalKind.MEAN: "dataset.measure, the measure being avg(column)",
}

# What is recorded of an average beside it, behind its name: see spread.
COUNT, SQUARES = ".count", ".squares"


def divisor(kind: IntervalKind, parts: tuple[Formula, ...]) -> Formula | None:
    """What a figure with an interval rests on, where nothing else is named; of a mean, its rows are known."""
    return parts[-1] if parts and kind is not IntervalKind.MEAN else None


def interval_parts(kind: IntervalKind, formula: Formula) -> tuple[Formula, ...] | None:
    """nps: promoters, detractors, answers; proportion: successes, trials; mean: sum, squares, n; else ().

    None where the formula has another shape than its interval needs (WANTED).
    """
    match kind, formula:
        case (
            IntervalKind.NPS,
            Calculation("/", (Calculation("*", (Number(100.0), Calculation("-", (pro, con)))), answers)),
        ) | (
            IntervalKind.NPS,
            Calculation("*", (Number(100.0), Calculation("/", (Calculation("-", (pro, con)), answers)))),
        ):
            return pro, con, answers
        case IntervalKind.PROPORTION, Calculation("/", (part, whole)):
            return part, whole
        case IntervalKind.PROPORTION, Calculation("-", (Number(1.0), Calculation("/", (part, whole)))):
            return Calculation("-", (whole, part)), whole
        case IntervalKind.MEAN, MeasureRef(_, measure):
            n = replace(formula, measure=measure + COUNT)
            return Calculation("*", (formula, n)), replace(formula, measure=measure + SQUARES), n
        case ((IntervalKind.NPS | IntervalKind.PROPORTION | IntervalKind.MEAN), _):
            return None
        case _:
            return ()
