"""What each initiative did to its metric: read by month from the ledger and judged by its declared design."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from dashboard.analysis.difference_in_differences import (
    EventPoint,
    Experiment,
    difference_in_differences,
)
from dashboard.analysis.interrupted_time_series import Interruption, interrupted_time_series
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.panel import UnitMean
from dashboard.analysis.relapse import Relapse, relapse
from dashboard.board.desk import Desk, recorded_slice
from dashboard.board.view import member_text
from dashboard.definitions.chart_kinds import ChartKind
from dashboard.definitions.effect_specs import Design, EffectSpec, Member
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Metric, Slice
from dashboard.ledger.coverage import covered
from dashboard.ledger.figures import Status, figure
from dashboard.periods import Grain, Period, add_months, month_of

ALPHA = 0.05
A_POINT = 3  # months of an event study: single months of small groups scatter too much to be looked at
CYCLE = 12
WHOLE = (Status.OK, Status.PARTIAL)


class Finding(StrEnum):
    """What the figures say of an initiative."""

    HIGHER = "higher"
    LOWER = "lower"
    NOT_DETECTED = "not detected"
    UNJUDGED = "cannot be judged"


@dataclass(frozen=True)
class Judged:
    """An initiative with what its design finds; the effect and its limits are in the metric's unit.

    `months` are those that count, in order, and `values` the figures of all customers in them (of its alone).
    `reason` says why it cannot be judged. `lacking` are groups that the plan names and the ledger does not
    know. `after_end` is what became of the figure of all customers in the twelve months after its end; None
    while it lasts.
    """

    spec: EffectSpec
    metric: Metric
    finding: Finding
    found: Experiment | Interruption | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    lacking: tuple[str, ...] = ()
    months: tuple[Period, ...] = ()
    values: tuple[float | None, ...] = ()
    after_end: Relapse | Insufficient | None = None

    @property
    def began(self) -> Period:
        """The first month with it."""
        return month_of(self.spec.begun)

    @property
    def before(self) -> int:
        """How many of the months lie before the start."""
        return sum(month.start < self.spec.begun for month in self.months)


def judge_effect(desk: Desk, spec: EffectSpec) -> Judged:
    """Judge one initiative over the months of its plan, up to the end of the view's span."""
    judged = _by_design(desk, spec)
    return judged if spec.ended is None else replace(judged, after_end=_after_end(desk, spec, spec.ended))


def _after_end(desk: Desk, spec: EffectSpec, ended: date) -> Relapse | Insufficient:
    """What became of the figure in the year after the end: a shift is looked for in it, and nothing else."""
    metric = desk.catalog.metric(spec.metric)
    if refused := _refused(desk, metric):
        return Insufficient(refused)
    with_it = _known_months(desk, metric, spec.begun, ended)
    after = _known_months(desk, metric, ended, add_months(ended, CYCLE))
    return relapse(_values(desk, metric, with_it), _values(desk, metric, after))


def _by_design(desk: Desk, spec: EffectSpec) -> Judged:
    metric = desk.catalog.metric(spec.metric)
    unjudged = Judged(spec, metric, Finding.UNJUDGED)
    if spec.design is Design.NONE:
        return replace(unjudged, reason=spec.because)
    if refused := _refused(desk, metric):
        return replace(unjudged, reason=refused)
    first, end = add_months(spec.begun, -spec.before), add_months(spec.begun, spec.after)
    months = _known_months(desk, metric, first, end)
    if not months or months[-1].start < spec.begun:
        return replace(unjudged, reason="No whole month with it is known yet.")
    if months[0].start >= spec.begun:
        return replace(unjudged, reason="No month before it is known.")
    judged = replace(unjudged, months=months)
    return _by_groups(desk, judged) if spec.design is Design.DID else _before_and_after(desk, judged)


def unit_name(member: Member) -> str:
    """A group as it is called: `Consumer · North`."""
    return " · ".join(map(member_text, member))


def _refused(desk: Desk, metric: Metric) -> str | None:
    if lock := desk.locked("", metric.name, [metric]):
        return f"Not measured yet: {', '.join(lock.datasets)}."
    covers = {desk.catalog.origin(name).covers for name in datasets_of(desk.catalog, metric)}
    if covers & {Grain.QUARTER, Grain.YEAR}:
        return f"{metric.name} is not known by month."
    return None


def _known_months(desk: Desk, metric: Metric, first: date, end: date) -> tuple[Period, ...]:
    """The whole months from `first` to before `end` of which all parts of the metric are known."""
    reach = covered(desk.catalog, desk.book, metric)
    if reach is None:
        return ()
    first = max(first, reach[0])
    end = min(end, month_of(reach[1]).start, desk.period.end)
    count = max(0, (end.year - first.year) * CYCLE + end.month - first.month)
    return tuple(month_of(add_months(first, place)) for place in range(count))


def _values(
    desk: Desk, metric: Metric, months: Sequence[Period], cut: Slice = (), member: Member = ()
) -> tuple[float | None, ...]:
    """The figures by month; None is missing or kept back, never 0."""
    found = (figure(desk.catalog, desk.book, metric, month, cut, member) for month in months)
    return tuple(each.value if each.status in WHOLE else None for each in found)


def _number(day: date, first: date) -> int:
    return (day.year - first.year) * CYCLE + day.month - first.month


def _by_groups(desk: Desk, judged: Judged) -> Judged:
    """Difference in differences: each group's figures by month, each group alike."""
    spec = judged.spec
    cut = recorded_slice(desk.catalog, judged.metric, spec.by)
    known = desk.book.members(cut)
    means: list[UnitMean] = []
    lacking = []
    for group in (*spec.treated, *spec.controls):
        member = tuple(group[spec.by.index(dimension)] for dimension in cut)
        if member not in known:
            lacking.append(unit_name(group))
            continue
        values = _values(desk, judged.metric, judged.months, cut, member)
        means += [
            UnitMean(unit_name(group), _number(month.start, spec.begun), value)
            for month, value in zip(judged.months, values, strict=True)
        ]
    judged = replace(judged, lacking=tuple(lacking))
    treated = {unit_name(group) for group in spec.treated}
    found = difference_in_differences(means, treated, 0, selection=spec.selection.value)
    if isinstance(found, Insufficient):
        return replace(judged, reason=found.reason)
    found = replace(found, events=_events(means, treated, judged))
    effect = found.effect
    if effect.low is None or effect.high is None:
        few = f"{found.treated} groups with it and {found.controls} without"
        return replace(judged, found=found, reason=f"{few} are too few to tell an effect from chance.")
    finding = _direction(effect.value) if effect.p < ALPHA else Finding.NOT_DETECTED
    return replace(judged, finding=finding, found=found, value=effect.value, low=effect.low, high=effect.high)


def _events(means: Sequence[UnitMean], treated: set[str], judged: Judged) -> tuple[EventPoint, ...]:
    """The differences by three months, counted from the start; spans that are not whole are left out."""
    first, last = -(judged.before // A_POINT), (len(judged.months) - judged.before) // A_POINT
    cells: dict[tuple[str, int], list[float | None]] = {}
    for mean in means:
        if first <= mean.period // A_POINT < last:
            cells.setdefault((mean.unit, mean.period // A_POINT), []).append(mean.value)
    spans = [UnitMean(unit, span, _mean(values)) for (unit, span), values in cells.items()]
    found = difference_in_differences(spans, treated, 0, selection="random")
    return () if isinstance(found, Insufficient) else found.events


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) == len(values) else None


def _before_and_after(desk: Desk, judged: Judged) -> Judged:
    """Interrupted time series of all customers; a yearly pattern is fitted where the metric declares one."""
    values = _values(desk, judged.metric, judged.months)
    judged = replace(judged, values=values)
    cycle = CYCLE if judged.metric.chart is ChartKind.SEASONAL else None
    found = interrupted_time_series(values, judged.before, cycle=cycle)
    if isinstance(found, Insufficient):
        return replace(judged, reason=found.reason)
    effect = found.average
    finding = _direction(effect.value) if effect.p < ALPHA else Finding.NOT_DETECTED
    return replace(judged, finding=finding, found=found, value=effect.value, low=effect.low, high=effect.high)


def _direction(value: float) -> Finding:
    return Finding.HIGHER if value > 0 else Finding.LOWER
