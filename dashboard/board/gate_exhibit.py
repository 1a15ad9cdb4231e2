"""A checklist with a gate: each step with status, evidence, owner and date, and whether all are answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from dashboard.board.checklist_exhibit import score
from dashboard.board.desk import Desk
from dashboard.board.gate import Entry, Standing, is_passed, newest, oldest_day, standing
from dashboard.board.lines import derivation_title
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.reading import Reading, State, read_metric
from dashboard.board.sentences import listed
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.board.texts import picked, text_metric
from dashboard.board.wording import headline_text, value_text
from dashboard.definitions.derivation import ENTRY
from dashboard.definitions.model import Gate, Metric, PanelKind
from dashboard.ledger import months
from dashboard.measures.anonymising import shortened
from dashboard.units import MISSING, format_day, format_period

COLUMNS = ("Step", "Status", "Evidence", "Date", "Owner", "Scored by", "Figure", "Target")
LONGEST = 60  # letters of evidence in a table


@dataclass(frozen=True)
class _Step:
    """An item with the newest entry of its line, and the metric that scores it."""

    item: str
    entry: Entry | None
    standing: Standing
    metric: Metric
    reading: Reading | None  # None where it is not connected


def gate(
    desk: Desk, key: str, rule: Gate, items: Sequence[str], metrics: Sequence[Metric]
) -> ExhibitPanel | LockedPanel:
    """Every step in the order of the page, and the gate: passed when evidence answers all of them."""
    register = desk.catalog.derivations[rule.register]
    known = text_metric(register)
    if locked := desk.locked(key, derivation_title(register), [known]):
        return locked
    steps = _steps(desk, rule, items, metrics)
    sentence = _sentence(rule, steps)
    held = [] if rule.holds_back is None else [desk.catalog.metric(rule.holds_back)]
    flags = [] if is_passed([each.standing for each in steps]) else [_flag(desk, each) for each in held]
    return ExhibitPanel(
        key=key,
        kind=PanelKind.CHECKLIST,
        sentence=sentence,
        drawing=None,
        sheet=Sheet(tuple(map(Column, COLUMNS)), tuple(_row(desk, each) for each in steps)),
        text=f"{sentence} {' '.join(flag for flag in flags if flag)} Table of {len(steps)} steps.",
        small_print=(f"a step is answered when it is done, by evidence of at most {rule.months} months",),
        about=desk.about([*{each.id: each for each in (*metrics, *held, known)}.values()]),
        notices=(sentence, *(flag for flag in flags if flag)),
    )


def _steps(desk: Desk, rule: Gate, items: Sequence[str], metrics: Sequence[Metric]) -> list[_Step]:
    """How every step stood at the end of the page's period, or today where that is not over."""
    end = min(desk.period.end, desk.today + timedelta(days=1))
    register = desk.catalog.derivations[rule.register]
    found = picked(desk, register, ENTRY, 0, months.span(desk.period)[1])
    entries = newest((each.member, each.value) for each in found)
    oldest = oldest_day(end, rule.months)
    return [
        _Step(
            item,
            entries.get(line),
            standing(entries.get(line), oldest),
            metric,
            None
            if desk.locked("", metric.name, [metric])
            else read_metric(desk.catalog, desk.book, metric, desk.view),
        )
        for item, line, metric in zip(items, rule.lines, metrics, strict=True)
    ]


def _sentence(rule: Gate, steps: Sequence[_Step]) -> str:
    """`The gate is not passed: 2 of 6 steps are answered by evidence of the last 12 months.`"""
    count = sum(each.standing is Standing.ANSWERED for each in steps)
    passed = "passed" if is_passed([each.standing for each in steps]) else "not passed"
    verb = "is" if len(steps) == 1 else "are"
    steps_told = "step" if len(steps) == 1 else "steps"
    return (
        f"The gate is {passed}: {count} of {len(steps)} {steps_told} {verb} answered "
        f"by evidence of the last {rule.months} months."
    )


def _flag(desk: Desk, metric: Metric) -> str | None:
    """What goes on although the gate is not passed."""
    if desk.locked("", metric.name, [metric]):
        return None
    reading = read_metric(desk.catalog, desk.book, metric, desk.view)
    value = reading.figure.value
    if not value or reading.state is not State.READY:
        return None
    span = format_period(desk.period, locale=desk.catalog.board.locale)
    return f"Flagged: {metric.name} is {value_text(reading, value)} in {span}, while the gate is not passed."


def _row(desk: Desk, step: _Step) -> tuple[Field, ...]:
    entry, reading = step.entry, step.reading
    told = (step.standing.value, MISSING, MISSING, MISSING)
    if entry is not None:
        told = (
            entry.status if step.standing is Standing.NOT_DONE else step.standing.value,
            shortened(entry.evidence, LONGEST) or MISSING,
            format_day(entry.day, locale=desk.catalog.board.locale),
            entry.owner or MISSING,
        )
    if reading is None:
        lock = desk.locked("", step.metric.name, [step.metric])
        scored = (Field(f"locked until {listed(lock.datasets)} is measured" if lock else MISSING), Field(""))
    else:
        target = "" if reading.target is None else f"{value_text(reading, reading.target)}, "
        scored = (
            Field(headline_text(reading), reading.figure.value, reading.metric.unit),
            Field(f"{target}{score(reading)}", reading.target),
        )
    return (Field(step.item), *map(Field, told), Field(step.metric.name), *scored)
