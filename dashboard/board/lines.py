"""The lines of a bridge as metrics, so that one reading, one mask and one ledger serve them too."""

from collections.abc import Iterator

from dashboard.definitions.derivation import Bridge, Derivation
from dashboard.definitions.derived_measures import BRIDGE_LINES, new_lines
from dashboard.definitions.expressions import MeasureRef
from dashboard.definitions.model import Better, IntervalKind, Metric, Side
from dashboard.units import Unit

FALLS = frozenset({"lost", "contracted"})
TOTALS = frozenset({"opening", "closing"})
_NAMES = {
    "opening": "Opening",
    "lost": "Lost",
    "contracted": "Contracted",
    "expanded": "Expanded",
    "reactivated": "Won back",
    "new": "New",
    "moved": "Moved between groups",
    "closing": "Closing",
}


def derivation_title(derivation: Derivation) -> str:
    """The name of a derivation as a reader sees it: `Revenue bridge`."""
    return derivation.name.replace("_", " ").capitalize()


def bridge_lines(derivation: Derivation) -> tuple[str, ...]:
    """The lines of a bridge that add up, in order; new value by its origin, if that is told apart."""
    rule = derivation.rule
    split = new_lines(rule) if isinstance(rule, Bridge) else ()
    found = [line for line in BRIDGE_LINES if line != "new" or not split]
    return (*found, *split, *(("moved",) if "moved" in derivation.measures else ()), "closing")


def line_metrics(derivation: Derivation) -> Iterator[Metric]:
    """Each line of a bridge as a metric; its n is how many entities are in the line."""
    for line in bridge_lines(derivation):
        yield line_metric(derivation, line)


def line_metric(derivation: Derivation, line: str) -> Metric:
    """One line as a metric that nobody configures: named by rule, in the company's currency."""
    measure = derivation.measures[line]
    counted = f"{line}_count"
    base = MeasureRef(derivation.name, counted) if counted in derivation.measures else None
    return Metric(
        id=measure.key,
        name=line_name(line),
        question=f"How much is {line_name(line).lower()}?",
        why="A line of a statement that foots.",
        formula=MeasureRef(derivation.name, line),
        formula_text=measure.key,
        unit=Unit.CURRENCY,
        better=Better.NEUTRAL,
        side=Side.FINANCIAL,
        interval=IntervalKind.NONE,
        interval_parts=(),
        base=base,
        base_text=None if base is None else base.key,
        owner="",
        action=None,
        targets=(),
        target_measure=None,
        neighbour=None,
        no_neighbour="A line of a statement.",
        source=None,
        pitfalls=None,
        version=measure.version,
        file=derivation.file,
    )


def line_name(line: str) -> str:
    """A line as a reader sees it: `Lost`, `New, earned`."""
    if line in _NAMES:
        return _NAMES[line]
    return f"New, {line.removeprefix('new_').replace('_', ' ')}"
