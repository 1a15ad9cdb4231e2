"""One metric as a board reads it: figure, change, whether that is a signal, and the months behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from dashboard.analysis.capability import Capability, target_capability
from dashboard.analysis.change import Signal, signal
from dashboard.analysis.intervals import Insufficient, Interval
from dashboard.analysis.means import Sums, mean_interval
from dashboard.analysis.nps import nps_interval
from dashboard.analysis.process_behaviour import (
    Assurance,
    Behaviour,
    Limits,
    PointSignal,
    Rules,
    TwoInThree,
    Variation,
    assurance,
    variation_of,
)
from dashboard.analysis.proportions import wilson
from dashboard.board.beside import Mark, marks_on, rebased, scenario_values, target_over
from dashboard.board.process_charts import (
    YEAR,
    ProcessChart,
    chart_of_rates,
    chart_of_values,
    chart_without_season,
)
from dashboard.board.risk_trust import calibration_lines
from dashboard.board.survey_trust import trust_lines
from dashboard.board.undrawn import undrawn_lines
from dashboard.board.view import CHART_MONTHS, View
from dashboard.definitions.bounds import ANYTHING, Bounds, natural_bounds
from dashboard.definitions.chart_kinds import rate_parts
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Board, Catalog, ChartKind, IntervalKind, Metric, Slice
from dashboard.ledger.book import Book
from dashboard.ledger.figures import Figure, Status, covered, figure, parts
from dashboard.periods import Period


class State(StrEnum):
    """Whether there is a figure to show, and if not, why not."""

    READY = "ready"
    EMPTY = "empty"
    TOO_SMALL = "too_small"
    LOCKED = "locked"


@dataclass(frozen=True)
class Point:
    """One month of the chart. `signal` None: open, missing or hidden, so not judged."""

    period: Period
    figure: Figure
    signal: PointSignal | None
    variation: Variation | None
    limits: Limits | None
    target: float | None
    scenarios: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Reading:
    """A metric over one span of one group; all that a card, a slide or a sheet needs of it."""

    metric: Metric
    board: Board
    view: View
    period: Period
    state: State
    figure: Figure
    earlier: Figure
    change: float | None
    signal: Signal
    interval: Interval | None
    target: float | None
    assurance: Assurance
    points: tuple[Point, ...]
    datasets: tuple[str, ...]
    recorded: bool  # whether every dataset behind it is recorded by the view's slice
    marks: tuple[Mark, ...] = ()
    chart: str | None = None  # which chart judged the months, where it is not the plain one
    capability: Capability | None = None  # of the months to come, against the target of the last one
    trust: tuple[str, ...] = ()  # who answered, whether pay hangs on it, how chances turned out
    bounds: Bounds = ANYTHING  # what the figure can be at all

    @cached_property
    def reached(self) -> Bounds:
        """The bounds, or what lies beyond them in a month: asked for each point of each chart."""
        low, high = self.bounds
        seen = [point.figure.value for point in self.points if point.figure.value is not None]
        return min([low, *seen]), max([high, *seen])


def read_metric(catalog: Catalog, book: Book, metric: Metric, view: View) -> Reading:
    """Read one metric from what the ledger knew.

    The headline is of the view's span and is compared with the same span a year before; signals are judged
    on the last 24 months, month by month, the open ones left out.
    """
    period = view.period(catalog.board.calendar)
    now = figure(catalog, book, metric, period, view.slice, view.member)
    before = figure(catalog, book, metric, period.shifted(-12), view.slice, view.member)
    reach = covered(catalog, book, metric)
    points, chart, marks = _points(catalog, book, metric, view, reach)
    behaviour = chart.behaviour
    change = None
    if now.value is not None and before.value is not None and now.status is not Status.OPEN:
        change = now.value - before.value
    monthly = target_over(catalog, book, metric, period.last_month, view)  # as the limits are
    ahead = target_capability(behaviour, monthly, metric.better.value, pattern=chart.pattern)
    return Reading(
        metric=metric,
        board=catalog.board,
        view=view,
        period=period,
        state=_state(now, reach),
        figure=now,
        earlier=before,
        change=change,
        signal=_signal(behaviour, metric, change, now, len(period.months)),
        interval=interval_of(catalog, book, metric, now, view.slice, view.member),
        target=target_over(catalog, book, metric, period, view),
        assurance=assurance(behaviour, monthly, metric.better.value),
        points=points,
        datasets=datasets_of(catalog, metric),
        recorded=all(view.slice in catalog.origin(name).slices for name in datasets_of(catalog, metric)),
        marks=marks,
        chart=chart.text,
        capability=ahead if isinstance(ahead, Capability) else None,
        trust=(
            *trust_lines(catalog, book, metric, period, grouped=bool(view.slice)),
            *calibration_lines(catalog, book, metric, period, view),
            *undrawn_lines(catalog, metric),
        ),
        bounds=natural_bounds(catalog, metric),
    )


def drawn_limits(reading: Reading, limits: Limits) -> tuple[float, float]:
    """The process limits as they are drawn and told: inside what the figure can be at all.

    The rules judge by the unclipped limits; a share beyond 100 % would only puzzle a reader. Where a month is
    beyond the bounds itself, they do not hold.
    """
    low, high = reading.reached
    return min(max(limits.lower, low), high), max(min(limits.upper, high), low)


def _points(
    catalog: Catalog, book: Book, metric: Metric, view: View, reach: tuple[date, date] | None
) -> tuple[tuple[Point, ...], ProcessChart, tuple[Mark, ...]]:
    more = YEAR if metric.chart is ChartKind.SEASONAL else 0  # a season is told from three years
    months = [view.last_month.shifted(-back) for back in range(CHART_MONTHS + more - 1, -1, -1)]
    if reach is not None:
        months = [month for month in months if month.start >= reach[0]]
    figures = [figure(catalog, book, metric, month, view.slice, view.member) for month in months]
    following = figure(catalog, book, metric, view.last_month.shifted(1), view.slice, view.member)
    if following.status is Status.OPEN:  # a closed one would judge the past by what came after it
        figures.append(following)
    closed = [item for item in figures if item.status is not Status.OPEN]
    rebase = rebased(
        marks_on(catalog, book, metric, [item.period for item in figures]), [item.period for item in closed]
    )
    chart = _judged(catalog, book, metric, view, closed, rebase)
    since = view.last_month.shifted(1 - CHART_MONTHS).start
    shown = [(place, item) for place, item in enumerate(figures) if item.period.start >= since]
    judged = {item.period: place for place, item in enumerate(closed)}
    beside = scenario_values(catalog, book, metric, [item for _, item in shown], view)
    points = []
    for (place, item), scenarios in zip(shown, beside, strict=True):
        at = judged.get(item.period)
        limits = chart.behaviour.limits[at] if at is not None else chart.limits_ahead(place - len(closed))
        found = chart.behaviour.signals[at] if at is not None and item.value is not None else None
        meaning = variation_of(found, metric.better.value) if found else None
        target = target_over(catalog, book, metric, item.period, view)
        points.append(Point(item.period, item, found, meaning, limits, target, MappingProxyType(scenarios)))
    return tuple(points), chart, marks_on(catalog, book, metric, [item.period for _, item in shown])


def _judged(
    catalog: Catalog, book: Book, metric: Metric, view: View, closed: Sequence[Figure], rebase: Sequence[int]
) -> ProcessChart:
    """The closed months by the chart that the metric asks for."""
    rules = Rules(
        two_in_three=TwoInThree(catalog.board.rules.two_in_three),
        trend_length=7 if catalog.board.rules.trend_length == 7 else 6,
        minimum_points=catalog.board.rules.minimum_points,
    )
    values = [item.value for item in closed]
    match metric.chart:
        case ChartKind.XMR:
            return chart_of_values(values, rules, rebase)
        case ChartKind.SEASONAL:
            return chart_without_season(values, rules, rebase)
        case kind:
            counted = [
                parts(
                    catalog,
                    book,
                    metric,
                    item.period,
                    view.slice,
                    view.member,
                    of=lambda metric: rate_parts(kind, metric.formula),
                )
                for item in closed
            ]
            pairs = [(pair[0], pair[1]) if len(pair) == 2 else (None, None) for pair in counted]
            return chart_of_rates(kind, values, pairs, rules, rebase)


def _state(now: Figure, reach: tuple[date, date] | None) -> State:
    if reach is None:
        return State.LOCKED
    if now.status is Status.SUPPRESSED:
        return State.TOO_SMALL
    return State.EMPTY if now.value is None else State.READY


def _signal(behaviour: Behaviour, metric: Metric, change: float | None, now: Figure, months: int) -> Signal:
    """The rules decide; none is claimed for an open span or against the direction of the change shown."""
    if now.value is None:
        return Signal.NOT_MEASURED
    if now.status is Status.OPEN:
        return Signal.NO_DETECTABLE_CHANGE
    found = signal(behaviour, metric.better.value, span_points=months)
    if found is Signal.NOT_MEASURED:  # the span has a figure, but its last months have none that may be shown
        return Signal.TOO_FEW_POINTS
    good = {"higher": 1, "lower": -1}.get(metric.better.value)
    if good is None or change is None or found not in (Signal.IMPROVED, Signal.WORSENED):
        return found
    agrees = (change * good > 0) is (found is Signal.IMPROVED)
    return found if agrees else Signal.NO_DETECTABLE_CHANGE


def interval_of(
    catalog: Catalog, book: Book, metric: Metric, now: Figure, cut: Slice, member: tuple[str, ...]
) -> Interval | None:
    """The interval of a figure, as its metric declares one; None where it has none."""
    if now.value is None or metric.interval is IntervalKind.NONE:
        return None
    numbers = parts(catalog, book, metric, now.period, cut, member)
    if any(number is None for number in numbers):
        return None
    counts = [number for number in numbers if number is not None]
    found: Interval | Insufficient | None = None
    match metric.interval, counts:
        case IntervalKind.NPS, (promoters, detractors, answers):
            found = nps_interval(promoters, answers - promoters - detractors, detractors)
        case IntervalKind.MEAN, (total, squares, n):
            found = mean_interval(Sums(n, total, squares))
        case IntervalKind.PROPORTION, (successes, trials) if 0 <= successes <= trials:
            found = wilson(successes, trials)
    return found if isinstance(found, Interval) else None
