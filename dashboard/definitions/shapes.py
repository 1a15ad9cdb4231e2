"""The parts of a formula that its interval rests on: it is computed from counts, not from a quotient."""

from dashboard.definitions.expressions import Calculation, Formula, Number
from dashboard.definitions.model import IntervalKind

WANTED = {
    IntervalKind.NPS: "100 * (promoters - detractors) / answers",
    IntervalKind.PROPORTION: "part / whole, or 1 - part / whole",
}


def interval_parts(kind: IntervalKind, formula: Formula) -> tuple[Formula, ...] | None:
    """nps: promoters, detractors, answers; proportion: successes, trials; else ().

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
        case ((IntervalKind.NPS | IntervalKind.PROPORTION), _):
            return None
        case _:
            return ()
