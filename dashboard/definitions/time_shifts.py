"""Functions of time in formulas: is there a number for what they ask?

What stands at a moment is not added up over months, what is asked anew for each span is asked over certain
spans alone, and only what stands at a close has an opening.
"""

from collections.abc import Iterator

from dashboard.definitions.expressions import Calculation, Choice, Formula, TimeShift
from dashboard.definitions.model import Behaviour, Measure
from dashboard.definitions.origins import STOCKS
from dashboard.definitions.references import Known, measures_under

MEASURED_TRAILS = (1, 12)  # months over which measures that do not add up are asked of the database
ADDING = ("trailing", "to_date")


def faults_of_shifts(formula: Formula, known: Known) -> Iterator[str]:
    """What cannot be had of the measures under the functions of time, each with a remedy."""
    match formula:
        case TimeShift(_, operand, _):
            for measure in _measures(operand, known):
                if fault := _fault(formula, measure):
                    yield fault
            yield from faults_of_shifts(operand, known)
        case Calculation(_, operands):
            for part in operands:
                yield from faults_of_shifts(part, known)
        case Choice(branches, otherwise):
            parts = [part for branch in branches for part in branch]
            for part in [*parts, *([otherwise] if otherwise else [])]:
                yield from faults_of_shifts(part, known)


def _measures(operand: Formula, known: Known) -> Iterator[Measure]:
    for key in sorted(measures_under(operand, known)):
        dataset, _, name = key.partition(".")
        yield known.datasets[dataset].measures[name]


def _fault(shift: TimeShift, measure: Measure) -> str | None:
    what, key = measure.behaviour, measure.key
    if shift.kind in ADDING and what in STOCKS:
        moment = "ends" if what is Behaviour.CLOSE else "begins"
        return (
            f"{key} stands at a moment, and cannot be added up over months. "
            f"Take {shift.kind} away: in a longer period it is what stands when the period {moment}."
        )
    if shift.kind == "trailing" and what is Behaviour.EXACT and shift.months not in MEASURED_TRAILS:
        return (
            f"{key} does not add up over months, so {shift.months} of them are not measured. "
            "Use trailing(x, 12), or a count or sum."
        )
    if shift.kind == "opening" and what is not Behaviour.CLOSE:
        return f"opening(x) is what stood when the period began, and {key} {_NO_CLOSE[what]}"
    return None


_NO_CLOSE = {
    Behaviour.FLOW: "is added up over it. Use prior(x), or a measure at: close.",
    Behaviour.EXACT: "is counted over it. Use prior(x), or a measure at: close.",
    Behaviour.OPEN: "is that already. Take opening away.",
}
