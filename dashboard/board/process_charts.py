"""The chart by which a metric's months are judged: of values, without the season, or of counted rates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.process_behaviour import Behaviour, Limits, Rules, process_behaviour
from dashboard.analysis.rate_charts import RateChart, rate_chart
from dashboard.analysis.seasonal_behaviour import SeasonalBehaviour, seasonal_behaviour
from dashboard.definitions.chart_kinds import ChartKind

__all__ = ["ProcessChart", "chart_of_rates", "chart_of_values", "chart_without_season"]

YEAR = 12


@dataclass(frozen=True)
class ProcessChart:
    """Limits and signals of closed months, in the unit of the metric; limits as they are drawn.

    `text` says which chart it is where it is another than the plain one, and why it is the plain one where
    the metric asks for another. `pattern` is what the season adds to each of the next twelve months, less
    what it adds to the last one. `ahead` are the limits of the months that follow.
    """

    behaviour: Behaviour
    text: str | None = None
    pattern: tuple[float, ...] = (0.0,)
    ahead: tuple[Limits | None, ...] = (None,)

    def limits_ahead(self, place: int) -> Limits | None:
        """The limits of a month that is not closed, counted from 0."""
        return self.ahead[place % len(self.ahead)]


def chart_of_values(values: Sequence[float | None], rules: Rules, rebase: Sequence[int]) -> ProcessChart:
    """The plain chart of individual values, in which limits come from month to month alone."""
    behaviour = process_behaviour(values, rules=rules, rebase=rebase)
    return ProcessChart(behaviour, ahead=behaviour.limits[-1:] or (None,))


def chart_without_season(values: Sequence[float | None], rules: Rules, rebase: Sequence[int]) -> ProcessChart:
    """The values judged without their yearly pattern; plain where that cannot be told, and says so."""
    plain = chart_of_values(values, rules, rebase)
    if rebase:
        return _instead(plain, "The limits begin anew, so no yearly pattern is taken out.")
    found = seasonal_behaviour(values, cycle=YEAR, rules=rules, declared=True)
    if not isinstance(found, SeasonalBehaviour):
        return _instead(plain, found.reason)
    last = found.factors[(len(values) - 1) % YEAR]
    following = range(len(values), len(values) + YEAR)
    return ProcessChart(
        behaviour=replace(found.behaviour, limits=found.limits_as_seen()),
        text=found.told,
        pattern=tuple(found.factors[place % YEAR] - last for place in following),
        ahead=tuple(found.limits_at(place) for place in following),
    )


def chart_of_rates(
    kind: ChartKind,
    values: Sequence[float | None],
    counts: Sequence[tuple[float | None, float | None]],
    rules: Rules,
    rebase: Sequence[int],
) -> ProcessChart:
    """Rates judged by how many were counted, one pair of events and number a value; else plain, and says so.

    The months that are not closed have no limits: how many will be counted is not known.
    """
    plain = chart_of_values(values, rules, rebase)
    pairs = [pair if value is not None else (None, None) for value, pair in zip(values, counts, strict=True)]
    if not all(_countable(kind, *pair) for pair in pairs):
        return _instead(plain, "What is counted is no number of rows in every month.")
    charts = []
    for start, stop in pairwise(sorted({0, len(values), *rebase})):
        events, numbers = zip(*pairs[start:stop], strict=True)
        found = rate_chart(events, numbers, kind="p" if kind is ChartKind.P else "u", rules=rules)
        if isinstance(found, Insufficient):
            return _instead(plain, found.reason)
        charts.append(found)
    if not charts:
        return plain
    behaviour = Behaviour(
        limits=tuple(each for chart in charts for each in chart.behaviour.limits),
        signals=tuple(each for chart in charts for each in chart.behaviour.signals),
        reason=charts[-1].behaviour.reason,
    )
    return ProcessChart(behaviour, _rate_text(charts[-1]))


def _countable(kind: ChartKind, events: float | None, number: float | None) -> bool:
    if events is None or number is None:
        return True
    return events >= 0 and number >= 0 and (kind is ChartKind.U or events <= number)


def _rate_text(chart: RateChart) -> str:
    told = f"{chart.kind}-chart: the limits are wider where fewer are counted"
    return (
        f"{told}; {chart.sigma_z:.1f} times as wide as chance alone makes them."
        if chart.sigma_z > 1
        else f"{told}."
    )


def _instead(plain: ProcessChart, reason: str) -> ProcessChart:
    return replace(plain, text=f"Plain limits: {reason[0].lower()}{reason[1:]}")
