"""What figures say in sentences, by rule: of one, of a pair, of several groups."""

from collections.abc import Sequence

from dashboard.analysis.change import Signal
from dashboard.board.reading import Reading
from dashboard.board.wording import is_open
from dashboard.definitions.model import Metric

_VERBS = {
    Signal.IMPROVED: "improved",
    Signal.WORSENED: "worsened",
    Signal.SHIFTED_UP: "moved higher",
    Signal.SHIFTED_DOWN: "moved lower",
    Signal.NO_DETECTABLE_CHANGE: "shows no detectable change",
    Signal.TOO_FEW_POINTS: "has too few months to judge",
    Signal.NOT_MEASURED: "is not measured",
}

_OPEN_VERB = "is not closed yet"


def verdict(reading: Reading) -> str:
    """`Net Promoter Score improved`."""
    return f"{reading.metric.name} {_verb(reading)}"


def pair_sentence(customer: Reading, neighbour: Reading) -> str:
    """The one-sentence answer of a pair, made from the two signals alone."""
    if is_open(customer) and is_open(neighbour):
        return f"Neither {name_inside(customer)} nor {name_inside(neighbour)} is closed yet."
    if customer.signal is neighbour.signal is Signal.NO_DETECTABLE_CHANGE and not is_open(customer):
        return f"Neither {name_inside(customer)} nor {name_inside(neighbour)} shows a detectable change."
    if customer.signal is neighbour.signal and customer.signal in (Signal.IMPROVED, Signal.WORSENED):
        return f"{_start(verdict(customer))}, and so did {name_inside(neighbour)}."
    joint = "but" if _opposed(customer, neighbour) else "and"
    return f"{_start(verdict(customer))}, {joint} {name_inside(neighbour)} {_verb(neighbour)}."


def members_sentence(
    readings: tuple[Reading, ...], metric_name: str, labels: tuple[str, ...], left_out: int
) -> str:
    """The one-sentence answer of a trend by member; it speaks of the groups that are drawn alone."""
    told = []
    for found in (Signal.WORSENED, Signal.IMPROVED, Signal.SHIFTED_UP, Signal.SHIFTED_DOWN):
        names = [label for reading, label in zip(readings, labels, strict=True) if reading.signal is found]
        if names:
            told.append(f"{_VERBS[found]} for {listed(names)}")
    if readings and all(is_open(reading) for reading in readings):
        return f"{metric_name} is not closed yet."
    if not told:
        among = f"any of the {len(readings)} largest groups" if left_out else "any group"
        return f"{metric_name} shows no detectable change for {among}."
    return f"{metric_name} {' and '.join(told)}."


def name_inside(reading: Reading) -> str:
    """The name of its metric inside a sentence."""
    return name_of(reading.metric)


def name_of(metric: Metric) -> str:
    """A name inside a sentence: `revenue growth`, but `NPS` and `Net Promoter Score` keep their capitals."""
    first, *rest = metric.name.split(" ")
    proper = any(letter.isupper() for letter in first[1:]) or any(word[:1].isupper() for word in rest)
    return metric.name if proper else metric.name[:1].lower() + metric.name[1:]


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: `A`, `A and B`, `A, B and C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _opposed(customer: Reading, neighbour: Reading) -> bool:
    return {customer.signal, neighbour.signal} == {Signal.IMPROVED, Signal.WORSENED} or (
        neighbour.signal in (Signal.NO_DETECTABLE_CHANGE, Signal.TOO_FEW_POINTS, Signal.NOT_MEASURED)
    ) != (customer.signal in (Signal.NO_DETECTABLE_CHANGE, Signal.TOO_FEW_POINTS, Signal.NOT_MEASURED))


def _verb(reading: Reading) -> str:
    return _OPEN_VERB if is_open(reading) else _VERBS[reading.signal]


def _start(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
