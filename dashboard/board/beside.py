"""What stands beside a metric's months: its target, its plan and other scenarios, and what happened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum

from dashboard.board.view import View
from dashboard.definitions.expressions import AggregateKind
from dashboard.definitions.model import (
    REBASING,
    AnnotationKind,
    Behaviour,
    Catalog,
    IntervalKind,
    Metric,
    Side,
)
from dashboard.definitions.origins import MARKS, Dataset
from dashboard.ledger import months
from dashboard.ledger.book import Book, Recorded, rounded
from dashboard.ledger.coverage import MONTHS_COVERED
from dashboard.ledger.figures import Figure, Status, figure
from dashboard.measures.frame import UNKNOWN
from dashboard.periods import Grain, Period, month_of

ALL = "all"
PREVIOUS_YEAR = "previous_year"


@dataclass(frozen=True)
class Mark:
    """An annotation on a chart. `number` counts from 1 in order of time; `at` is a day of its month."""

    number: int
    at: date
    kind: AnnotationKind
    text: str

    @property
    def rebases(self) -> bool:
        """Whether the control limits begin anew with its month."""
        return self.kind in REBASING


def in_scenarios(metric: Metric) -> dict[str, Metric]:
    """The metric in each of its scenarios, called as formulas name them: `plan(revenue)`.

    What is planned of customers is of nobody, so it has no group. The previous year is of those who were
    there, and what is planned of the staff tells of the few who are: these have the scenario's own group.
    """
    plain = replace(metric, interval=IntervalKind.NONE, interval_parts=())
    found = {}
    for name, formula in metric.scenarios.items():
        base, side = metric.scenario_bases.get(name), metric.side
        if name != PREVIOUS_YEAR and side is not Side.PEOPLE:
            base, side = None, Side.FINANCIAL
        found[name] = replace(plain, id=f"{name}({metric.id})", formula=formula, base=base, side=side)
    return found


def target_over(catalog: Catalog, book: Book, metric: Metric, period: Period, view: View) -> float | None:
    """The target over a period of the view's group; None where there is none for just that."""
    if metric.target_measure is not None:
        return _measured(catalog, book, metric, period, view)
    dated = metric.targets
    if any(cut == view.slice for cut, _ in metric.member_targets):
        dated = metric.member_targets.get((view.slice, view.member), ())
    day = period.last_month.start
    in_force = [value for valid_from, value in dated if valid_from <= day]
    return in_force[-1] if in_force else None


def _measured(catalog: Catalog, book: Book, metric: Metric, period: Period, view: View) -> float | None:
    """A target that is a measure: of just this period, or the newest by its end where it stands.

    A quarter's target is not made of two months: all that the period is made of must be there.
    """
    key = metric.target_measure or ""
    track = (book.beside or book).tracks.get((key, view.slice, view.member), {})
    start, end = months.span(period)
    length = MONTHS_COVERED[catalog.origin(key.partition(".")[0]).covers or Grain.MONTH]
    measure = catalog.measure(key)
    if metric.target_stands:
        begun = [span for span in track if span[1] - span[0] == length and span[0] < end]
        return _value(measure.aggregate.kind, track[max(begun)]) if begun else None
    if measure.behaviour is Behaviour.CLOSE:
        start = end - length
    if (start, end) in track:
        return _value(measure.aggregate.kind, track[start, end])
    pieces = [(each, each + length) for each in range(start, end, length)]
    if not measure.aggregate.additive or any(piece not in track for piece in pieces):
        return None
    values, counts = zip(*(track[piece] for piece in pieces), strict=True)
    if None in values:
        return None
    return _value(measure.aggregate.kind, (fsum(values), sum(n or 0 for n in counts)))


def _value(kind: AggregateKind, recorded: Recorded) -> float | None:
    value, n = recorded
    if kind is AggregateKind.AVG and value is not None:
        return rounded(value / n) if n else None
    return value


def scenario_values(
    catalog: Catalog, book: Book, metric: Metric, figures: Sequence[Figure], view: View
) -> tuple[dict[str, float], ...]:
    """For each of the metric's figures, what it is over the same period in each scenario that there is of it.

    What is kept back of the period, or of the year before it, is kept back as a scenario of it, too.
    """
    scenarios = in_scenarios(metric)
    return tuple(
        {}
        if each.status is Status.SUPPRESSED
        else dict(_in_each(catalog, book, metric, scenarios, each.period, view))
        for each in figures
    )


def _in_each(
    catalog: Catalog,
    book: Book,
    metric: Metric,
    scenarios: Mapping[str, Metric],
    period: Period,
    view: View,
) -> Iterator[tuple[str, float]]:
    for name, other in scenarios.items():
        if name == PREVIOUS_YEAR:
            before = figure(catalog, book, metric, period.shifted(-12), view.slice, view.member)
            if before.status is Status.SUPPRESSED:
                continue
        value = figure(catalog, book.beside or book, other, period, view.slice, view.member).value
        if value is not None:
            yield name, value


def marks_on(catalog: Catalog, book: Book, metric: Metric, shown: Sequence[Period]) -> tuple[Mark, ...]:
    """The annotations of the metric in the months shown, numbered in order of time."""
    if not shown:
        return ()
    first, end = shown[0].start, shown[-1].end
    found = {
        (each.at, each.text, each.kind)
        for each in catalog.annotations
        if not each.metrics or metric.id in each.metrics
    }
    found |= set(_recorded(catalog, book, metric))
    here = sorted(each for each in found if first <= each[0] < end)
    return tuple(Mark(number, at, kind, text) for number, (at, text, kind) in enumerate(here, start=1))


def _recorded(catalog: Catalog, book: Book, metric: Metric) -> Iterator[tuple[date, str, AnnotationKind]]:
    """The annotations that datasets hold; their days are those their months begin with."""
    kinds = {kind.value: kind for kind in AnnotationKind}
    slices = {marks_key(each): each.slices[-1] for each in catalog.datasets.values() if each.annotations}
    for (key, cut, member), track in (book.beside or book).tracks.items():
        if slices.get(key) != cut:
            continue
        told: Mapping[str, str] = dict(zip(cut, member, strict=True))
        if told.get("scope", ALL) in (ALL, "", UNKNOWN, metric.id) and told["text"] != UNKNOWN:
            kind = kinds.get(told.get("kind", "").lower(), AnnotationKind.EVENT)
            for start, after in track:
                if after - start == 1:
                    yield months.first_day(start), told["text"], kind


def rebased(marks: Sequence[Mark], judged: Sequence[Period]) -> tuple[int, ...]:
    """The places among the months judged at which the limits begin anew."""
    starts = (month_of(mark.at).start for mark in marks if mark.rebases)
    found = (
        next((place for place, month in enumerate(judged) if month.start >= start), None) for start in starts
    )
    return tuple(sorted({place for place in found if place is not None}))


def marks_key(dataset: Dataset) -> str:
    """The key of the one measure of a dataset of annotations."""
    return f"{dataset.name}.{MARKS}"
