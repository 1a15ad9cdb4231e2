"""The chart by which a metric's months are judged, and the shape of formula that it asks for."""

from enum import StrEnum

from dashboard.definitions.expressions import Calculation, Formula, Number


class ChartKind(StrEnum):
    """How limits are found: from month to month alone, without the season, or from the numbers counted."""

    XMR = "xmr"
    SEASONAL = "seasonal"
    P = "p"
    U = "u"


_WANTED = {
    ChartKind.P: "part / whole, or 1 - part / whole, of numbers that are counted",
    ChartKind.U: "events / number, or 1000 * events / number, of events that are counted",
}


def rate_parts(kind: ChartKind, formula: Formula) -> tuple[Formula, ...]:
    """What is counted and what it is divided by; () of a chart of values, and of any other formula.

    What a rate per thousand is divided by are thousands.
    """
    match kind, formula:
        case ChartKind.P, Calculation("/", (Calculation("*", (Number(), _) | (_, Number())), _)):
            return ()  # a share in other units is no share of what is counted
        case ChartKind.P, Calculation("/", (part, whole)):
            return part, whole
        case ChartKind.P, Calculation("-", (Number(1.0), Calculation("/", (part, whole)))):
            return Calculation("-", (whole, part)), whole
        case (
            ChartKind.U,
            Calculation("/", (Calculation("*", (Number(size), events) | (events, Number(size))), number)),
        ) | (
            ChartKind.U,
            Calculation("*", (Number(size), Calculation("/", (events, number)))),
        ):
            return events, Calculation("/", (number, Number(size)))
        case ChartKind.U, Calculation("/", (events, number)):
            return events, number
        case _:
            return ()


def fault_of_chart(kind: ChartKind, formula: Formula) -> str | None:
    """What is wrong with a formula for the chart; None where nothing is."""
    if kind not in _WANTED or rate_parts(kind, formula):
        return None
    return f"The chart {kind} needs a formula of the form {_WANTED[kind]}. Write it so, or chart: xmr."
