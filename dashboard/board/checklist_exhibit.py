"""Practices, each scored by a metric: where it stands, whether it changes, and who answers for it."""

from collections.abc import Sequence

from dashboard.analysis.change import Signal
from dashboard.board.desk import Desk
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.reading import Reading, State, read_metric
from dashboard.board.sentences import listed
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.board.wording import headline_text, signal_label, value_text
from dashboard.definitions.model import Better, Metric, PanelKind
from dashboard.ledger.figures import Status

COLUMNS = ("Practice", "Scored by", "Figure", "Change", "Target", "Score", "Owner")
OF_TARGETS = ("Target", "Score")  # which say nothing where no practice has one
REACHED, MISSED, NO_TARGET, NOT_TOLD = "reached", "not reached", "no target", "cannot be told"


def checklist(
    desk: Desk, key: str, items: Sequence[str], metrics: Sequence[Metric]
) -> ExhibitPanel | LockedPanel:
    """Every practice in the order of the page; one whose data is not connected says what would unlock it."""
    locked = [desk.locked(key, metric.name, [metric]) for metric in metrics]
    if all(locked):
        datasets = sorted({name for each in locked if each for name in each.datasets})
        return LockedPanel(key, listed(items), tuple(datasets))
    readings = [read_metric(desk.catalog, desk.book, metric, desk.view) for metric in metrics]
    scores = [NOT_TOLD if lock else score(reading) for lock, reading in zip(locked, readings, strict=True)]
    sentence = _sentence(scores, readings)
    rows = [
        _row(item, reading, told, lock)
        for item, reading, told, lock in zip(items, readings, scores, locked, strict=True)
    ]
    aimed = [each for each in COLUMNS if each not in OF_TARGETS or set(scores) != {NO_TARGET}]
    kept = [COLUMNS.index(name) for name in aimed]
    return ExhibitPanel(
        key=key,
        kind=PanelKind.CHECKLIST,
        sentence=sentence,
        drawing=None,
        sheet=Sheet(
            tuple(Column(name) for name in aimed), tuple(tuple(row[place] for place in kept) for row in rows)
        ),
        text=f"{sentence} Table of {len(items)} practices.",
        small_print=(),
        about=desk.about(metrics),
        notices=(),
    )


def score(reading: Reading) -> str:
    """Whether the figure reaches its target, in the direction that is good."""
    if reading.metric.better not in (Better.HIGHER, Better.LOWER):
        return NO_TARGET
    if reading.target is None:
        return NO_TARGET
    value = reading.figure.value
    if value is None or reading.figure.status is Status.OPEN or reading.state is State.TOO_SMALL:
        return NOT_TOLD
    lower = reading.metric.better is Better.LOWER
    return REACHED if (value <= reading.target if lower else value >= reading.target) else MISSED


def _sentence(scores: Sequence[str], readings: Sequence[Reading]) -> str:
    """`3 of 5 practices reach their target and 2 have none; 1 improved and 1 worsened.`"""
    judged = [each for each in scores if each in (REACHED, MISSED)]
    parts = ["No practice can be scored yet"]
    if judged:
        reach = "practice reaches its" if len(judged) == 1 else "practices reach their"
        parts = [f"{judged.count(REACHED)} of {len(judged)} {reach} target"]
    if scores.count(NO_TARGET) == len(scores):
        parts = [f"None of {len(scores)} practices has a target"]
    elif scores.count(NO_TARGET):
        parts.append(f"{scores.count(NO_TARGET)} {'has' if scores.count(NO_TARGET) == 1 else 'have'} none")
    moved = [
        f"{count} {word}"
        for signal, word in ((Signal.IMPROVED, "improved"), (Signal.WORSENED, "worsened"))
        if (count := sum(reading.signal is signal for reading in readings))
    ]
    told = " and ".join(parts)
    return f"{told}; {' and '.join(moved)}." if moved else f"{told}; no detectable change."


def _row(item: str, reading: Reading, told: str, lock: LockedPanel | None) -> tuple[Field, ...]:
    metric = reading.metric
    if lock is not None:
        wanted = f"locked until {listed(lock.datasets)} is measured"
        return (
            Field(item),
            Field(metric.name),
            Field(wanted),
            *(Field("") for _ in range(3)),
            Field(metric.owner),
        )
    return (
        Field(item),
        Field(metric.name),
        Field(headline_text(reading), reading.figure.value, metric.unit),
        Field(signal_label(reading)),
        Field(value_text(reading, reading.target), reading.target, metric.unit),
        Field(told),
        Field(metric.owner),
    )
