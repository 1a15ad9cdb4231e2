"""The measures that a derivation gives: their names, how they behave in time, and how they come about."""

from collections.abc import Iterator

from dashboard.definitions.derivation import (
    AT_RISK,
    EQUITY,
    EQUITY_CUSTOMERS,
    EQUITY_IF,
    EQUITY_LINES,
    EXPECTED_LOST,
    OTHER,
    TEXTS,
    Bridge,
    Cohort,
    Conversion,
    Derivation,
    Frequency,
    Register,
    Voices,
)
from dashboard.definitions.expressions import Aggregate, AggregateKind
from dashboard.definitions.origins import Behaviour, Measure
from dashboard.definitions.rendering import render, render_aggregate

BRIDGE_LINES = ("opening", "lost", "contracted", "expanded", "reactivated", "new")
COUNT = Aggregate(AggregateKind.COUNT)
_WHAT = {
    "opening": "value of all at the opening",
    "lost": "opening value of those who have none now",
    "contracted": "fall in value of those who have less now",
    "expanded": "rise in value of those who have more now",
    "reactivated": "value now of those who had none at the opening, but before it",
    "new": "value now of those who never had any before",
    "closing": "value of all now",
    "moved": "value of those who came from other members, less that of those who went to them",
    "below_zero": "value now of those whose value is below zero, which counts as none",
}


def lines(rule: Bridge, *, sliced: bool) -> tuple[str, ...]:
    """The lines of a bridge in order; where it is cut by something, entities may move between members."""
    return (
        *BRIDGE_LINES,
        *new_lines(rule),
        *(("moved",) if sliced else ()),
        *("closing", "below_zero"),
    )


def new_lines(rule: Bridge) -> tuple[str, ...]:
    """The lines that new value is split into."""
    return (*rule.new_members, OTHER) if rule.new_members else ()


def measures(derivation: Derivation) -> Iterator[Measure]:
    """What the derivation measures, without versions."""
    match derivation.rule:
        case Bridge():
            yield from _bridge(derivation, derivation.rule)
        case Cohort():
            yield from _cohort(derivation, derivation.rule)
        case Conversion():
            yield from _conversion(derivation, derivation.rule)
        case Frequency():
            yield from _frequency(derivation, derivation.rule)
        case Voices(text):
            told = f"{render(text)} of {derivation.dataset}, of those who consent: how many, and some by lot"
            yield Measure(TEXTS, derivation.name, COUNT, told, "")
        case Register():
            told = f"entries of {derivation.dataset} by {derivation.entity}: how many, and the newest of each"
            yield Measure(TEXTS, derivation.name, COUNT, told, "")


def _bridge(derivation: Derivation, rule: Bridge) -> Iterator[Measure]:
    of = f"{render_aggregate(rule.value)} by {derivation.entity} over {_counted(rule.over, 'month')}"
    for line in lines(rule, sliced=derivation.slices != ((),)):
        what = _WHAT.get(line) or _what_new(rule, line)
        behaviour = _behaviour(rule, line)
        yield Measure(line, derivation.name, rule.value, f"{of}: {what}", "", behaviour)
        yield Measure(f"{line}_count", derivation.name, COUNT, f"{of}: how many are in {line}", "", behaviour)
    if rule.risk is not None:
        alike = f" of the same {rule.risk.by}" if rule.risk.by else ""
        told = f"by the share of those{alike} who were there a year ago and are lost"
        for name, aggregate, what in (
            (AT_RISK, rule.value, "value of a year at risk"),
            (EXPECTED_LOST, COUNT, "how many are expected to be lost within a year"),
        ):
            text = f"{of}: {what}, {told}"
            yield Measure(name, derivation.name, aggregate, text, "", Behaviour.CLOSE)


def _what_new(rule: Bridge, line: str) -> str:
    members = rule.new_members or {}
    told = f"{rule.split_new_by} {members[line]}" if line in members else f"any other {rule.split_new_by}"
    return f"value now of those who never had any before, {told}"


def _behaviour(rule: Bridge, line: str) -> Behaviour:
    """Movements from month to month add up; those over several months are told of the month they end with."""
    if rule.over > 1 or line in ("closing", "below_zero"):
        return Behaviour.CLOSE
    return Behaviour.OPEN if line == "opening" else Behaviour.FLOW


def _cohort(derivation: Derivation, rule: Cohort) -> Iterator[Measure]:
    entity, period = derivation.entity, rule.by.value
    first = f"{entity} by {period} of the first row of {derivation.dataset}"

    def measure(name: str, text: str, aggregate: Aggregate = COUNT) -> Measure:
        return Measure(name, derivation.name, aggregate, text, "")

    yield measure("size", f"{first}: how many")
    yield measure("active", f"{first}: how many are there, {period} by {period}")
    if rule.value is not None:
        told = f"{first}: {render_aggregate(rule.value)}, {period} by {period}"
        yield measure("value", told, rule.value)
    if rule.margin_per is not None and rule.value is not None:
        yield from _equity(derivation, rule.value)
    for age in rule.ages:
        later = _counted(age, period)
        yield measure(f"starting_{age}", f"{entity} whose first row of {derivation.dataset} is {later} back")
        yield measure(f"retained_{age}", f"those of starting_{age} who are there now")


def _equity(derivation: Derivation, margin: Aggregate) -> Iterator[Measure]:
    """The value of all who are there, in currency, and what became of it."""
    of = f"{render_aggregate(margin)} by {derivation.entity}, by a model of retention"

    def told(name: str, text: str, behaviour: Behaviour, aggregate: Aggregate = margin) -> Measure:
        return Measure(name, derivation.name, aggregate, f"{of}: {text}", "", behaviour)

    yield told(EQUITY, "value of the margin to come of all who are there", Behaviour.CLOSE)
    yield told(EQUITY_CUSTOMERS, "how many are valued", Behaviour.CLOSE, COUNT)
    for name in EQUITY_IF:
        assumed = name.removeprefix("equity_").replace("_", " ")
        yield told(name, f"the same value, {assumed}", Behaviour.CLOSE)
    for name in EQUITY_LINES:
        line = name.removeprefix("equity_").replace("_", " ")
        yield told(name, f"what became of the value, {line}", Behaviour.FLOW)


def _conversion(derivation: Derivation, rule: Conversion) -> Iterator[Measure]:
    window = f"within {_counted(rule.within_days, 'day')}"
    entered = f"{derivation.entity} by month of a row of {derivation.dataset}"
    for name, text in (
        ("entered", f"{entered}: how many"),
        ("eligible", f"{entered}: those of whom the data tell the whole time {window}"),
        ("converted", f"those of eligible with a row of {rule.to_dataset} {window}"),
    ):
        yield Measure(name, derivation.name, COUNT, text, "")


def _frequency(derivation: Derivation, rule: Frequency) -> Iterator[Measure]:
    told = f"{derivation.entity} by repeats x, time of the last one t_x and time watched t, in {rule.every}s"
    yield Measure("entities", derivation.name, COUNT, f"{told}: how many", "", Behaviour.CLOSE)
    if rule.value is not None:
        repeats = f"{told}: {render_aggregate(rule.value)} of the repeats"
        yield Measure("value", derivation.name, rule.value, repeats, "", Behaviour.CLOSE)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
