"""What figures say in sentences, by rule: of one, of a pair, of several groups."""

from collections.abc import Sequence

from dashboard.analysis.change import Signal
from dashboard.board.reading import Reading
from dashboard.board.wording import is_open
from dashboard.definitions.model import Metric

_MOVED = {
    Signal.IMPROVED: "improved",
    Signal.WORSENED: "worsened",
    Signal.SHIFTED_UP: "moved higher",
    Signal.SHIFTED_DOWN: "moved lower",
}
# Without a verb of the metric's own: no rule knows whether "complaints" or "trust" is one or many.
_QUIET = {
    Signal.NO_DETECTABLE_CHANGE: "no detectable change in",
    Signal.TOO_FEW_POINTS: "too few months to judge",
    Signal.NOT_MEASURED: "no figure for",
}
_OPEN = "no verdict yet on"


def verdict(reading: Reading) -> str:
    """`Net Promoter Score improved`, `No detectable change in complaints`."""
    return capitalised(_clause(reading))


def pair_sentence(customer: Reading, neighbour: Reading) -> str:
    """The one-sentence answer of a pair, made from the two signals alone."""
    one, other = name_inside(customer), name_inside(neighbour)
    quiet, other_quiet = _quiet(customer), _quiet(neighbour)
    if quiet and quiet == other_quiet:
        return f"{capitalised(quiet)} {_aside(one)} or {other}."
    if quiet and other_quiet:
        return f"{capitalised(quiet)} {one}, and {other_quiet} {other}."
    if quiet:
        return f"{capitalised(quiet)} {one}, but {_clause(neighbour)}."
    if other_quiet:
        return f"{verdict(customer)}, but with {other_quiet} {other}."
    if customer.signal is neighbour.signal and customer.signal in (Signal.IMPROVED, Signal.WORSENED):
        return f"{verdict(customer)}, and so did {other}."
    joint = "but" if {customer.signal, neighbour.signal} == {Signal.IMPROVED, Signal.WORSENED} else "and"
    return f"{verdict(customer)}, {joint} {_clause(neighbour)}."


def members_sentence(
    readings: tuple[Reading, ...], metric_name: str, labels: tuple[str, ...], left_out: int
) -> str:
    """The one-sentence answer of a trend by member; it speaks of the groups that are drawn alone."""
    told = []
    for found in (Signal.WORSENED, Signal.IMPROVED, Signal.SHIFTED_UP, Signal.SHIFTED_DOWN):
        names = [label for reading, label in zip(readings, labels, strict=True) if reading.signal is found]
        if names:
            told.append(f"{_MOVED[found]} for {listed(names)}")
    if readings and all(is_open(reading) for reading in readings):
        return f"{capitalised(_OPEN)} {_lowered(metric_name)}."
    if not told:
        among = f"any of the {len(readings)} largest groups" if left_out else "any group"
        return f"No detectable change in {_aside(_lowered(metric_name))} for {among}."
    return f"{_aside(metric_name)} {' and '.join(told)}."


def name_inside(reading: Reading) -> str:
    """The name of its metric inside a sentence."""
    return name_of(reading.metric)


def name_of(metric: Metric) -> str:
    """A name inside a sentence: `revenue growth`, but `NPS` and `Net Promoter Score` keep their capitals."""
    return _lowered(metric.name)


def capitalised(sentence: str) -> str:
    """A sentence with a capital at its beginning, and the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: `A`, `A and B`, `A, B and C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lowered(name: str) -> str:
    first, *rest = name.split(" ")
    proper = any(letter.isupper() for letter in first[1:]) or any(word[:1].isupper() for word in rest)
    return name if proper else name[:1].lower() + name[1:]


def _aside(name: str) -> str:
    """A name before more words; what it adds behind a comma ends in one: `attrition, a year,`."""
    return f"{name}," if ", " in name else name


def _quiet(reading: Reading) -> str:
    """How a figure is told of which no movement may be told; empty for all others."""
    return _OPEN if is_open(reading) else _QUIET.get(reading.signal, "")


def _clause(reading: Reading) -> str:
    name, quiet = name_inside(reading), _quiet(reading)
    return f"{quiet} {name}" if quiet else f"{_aside(name)} {_MOVED[reading.signal]}"
