"""What became of a decision: whether the metric that it should move did, by the rules for signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dashboard.analysis.change import Signal
from dashboard.board.masking import read_masked
from dashboard.board.reading import Reading, read_metric
from dashboard.board.view import View
from dashboard.board.wording import value_text
from dashboard.definitions.model import Better, Catalog
from dashboard.ledger.book import Book
from dashboard.ledger.decisions import Decision, DecisionState
from dashboard.ledger.figures import Figure, Status, figure
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain, add_months
from dashboard.units import format_change, format_day, format_period


class Verdict(StrEnum):
    """Whether the metric moved as the board expected."""

    NOTHING_EXPECTED = "nothing expected"
    TOO_EARLY = "too early to tell"
    MOVED = "moved as expected"
    SHORT = "moved, but not as far"
    NOT_DETECTED = "no detectable change"
    WRONG_WAY = "moved the other way"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Outcome:
    """A verdict with the sentence that says what it rests on."""

    verdict: Verdict
    sentence: str


def outcome(catalog: Catalog, book: Book, decision: Decision, today: date) -> Outcome:
    """Compare the quarter before the decision with the newest whole one until the day it was promised by.

    A difference alone proves nothing: it counts as moved only where the metric's process-behaviour chart has
    a signal in that direction. The book must hold the metric's measures.
    """
    expected = decision.resolution.expects
    if expected is None:
        return Outcome(Verdict.NOTHING_EXPECTED, "No metric was named that it should move.")
    if decision.resolution.state is DecisionState.DROPPED:
        return Outcome(Verdict.NOTHING_EXPECTED, "It was dropped, so nothing is expected of it.")
    metric = catalog.metrics.get(expected.metric)
    if metric is None:
        return Outcome(Verdict.NOT_MEASURED, f"There is no metric {expected.metric!r} any more.")
    calendar, decided = catalog.board.calendar, decision.at.date()
    last = min(expected.by, today)
    after = calendar.containing(Grain.QUARTER, last)
    if after.end > last:
        after = after.shifted(-3)
    before = calendar.containing(Grain.QUARTER, decided).shifted(-3)
    if after.start < decided:
        until = format_day(expected.by, locale=catalog.board.locale)
        return Outcome(Verdict.TOO_EARLY, f"No whole quarter has passed since; it is promised by {until}.")
    reading = read_metric(catalog, book, metric, View(Grain.QUARTER, add_months(after.start, 2)))
    return _judged(reading, figure(catalog, book, metric, before), expected.change)


def _judged(reading: Reading, before: Figure, expected: float) -> Outcome:
    now, board = reading.figure, reading.board
    if now.value is None or before.value is None or now.status is Status.OPEN:
        return Outcome(Verdict.NOT_MEASURED, f"{reading.metric.name} has no figure before it or after it.")
    change = now.value - before.value
    unit, locale, currency = reading.metric.unit, board.locale, board.currency
    by, hoped = (format_change(each, unit, locale=locale, currency=currency) for each in (change, expected))
    told = (
        f"{reading.metric.name} was {value_text(reading, before.value)} in "
        f"{format_period(before.period, locale=locale)} and {value_text(reading, now.value)} in "
        f"{format_period(now.period, locale=locale)}: {by} against {hoped} expected"
    )
    moved = _direction(reading)
    if moved == 0:
        return Outcome(Verdict.NOT_DETECTED, f"{told}; no signal, so it may be chance.")
    if moved * expected < 0:
        return Outcome(Verdict.WRONG_WAY, f"{told}, with a signal in the other direction.")
    if change * expected <= 0 or abs(change) < abs(expected):
        return Outcome(Verdict.SHORT, f"{told}, with a signal.")
    return Outcome(Verdict.MOVED, f"{told}, with a signal.")


def _direction(reading: Reading) -> int:
    """1 where the chart has a signal upwards, -1 downwards, 0 where it has none."""
    sign = -1 if reading.metric.better is Better.LOWER else 1
    return {
        Signal.IMPROVED: sign,
        Signal.WORSENED: -sign,
        Signal.SHIFTED_UP: 1,
        Signal.SHIFTED_DOWN: -1,
    }.get(reading.signal, 0)


def outcomes(
    catalog: Catalog, ledger: Ledger, decisions: Sequence[Decision], *, today: date
) -> tuple[Outcome, ...]:
    """The outcome of each decision, from one reading of the ledger, as everything is known now."""
    names = {each.resolution.expects.metric for each in decisions if each.resolution.expects is not None}
    metrics = [catalog.metrics[name] for name in sorted(names) if name in catalog.metrics]
    book = read_masked(catalog, ledger, metrics, scope=EVERYTHING, restated=True)
    return tuple(outcome(catalog, book, decision, today) for decision in decisions)
