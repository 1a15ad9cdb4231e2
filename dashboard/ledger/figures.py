"""A metric's figure for a period, slice and member: its value, its n, and how far it can be trusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from dashboard.definitions.expressions import AggregateKind, MeasureRef
from dashboard.definitions.model import Catalog, Metric, Side, Slice
from dashboard.ledger.book import Book, Member, rounded
from dashboard.ledger.coverage import covered
from dashboard.ledger.evaluation import Evaluation, Value
from dashboard.periods import Grain, Period
from dashboard.units import Unit, format_day, format_period

__all__ = ["Figure", "Status", "covered", "figure", "parts"]

_OF_A_GROUP = frozenset(
    {
        AggregateKind.AVG,
        AggregateKind.MIN,
        AggregateKind.MAX,
        AggregateKind.MEDIAN,
        AggregateKind.PERCENTILE,
    }
)


class Status(StrEnum):
    """How far a figure can be trusted."""

    OK = "ok"
    OPEN = "open"  # the data has not passed the period's end
    PARTIAL = "partial"  # months inside have no row
    MISSING = "missing"
    SUPPRESSED = "suppressed"  # the group is too small to be shown


@dataclass(frozen=True)
class Figure:
    """The value is in the metric's unit; a percent is a fraction. `n` is the size of the group behind it.

    A missing figure has value None; a suppressed one has neither value nor n. `reason` is a sentence for the
    reader, None where the status is OK.
    """

    period: Period
    value: float | None
    n: float | None
    status: Status
    reason: str | None


def figure(
    catalog: Catalog,
    book: Book,
    metric: Metric,
    period: Period,
    slice: Slice = (),  # noqa: A002
    member: Member = (),
) -> Figure:
    """The metric over the period. The book must hold its measures and the slice."""
    work = Evaluation(catalog, book, slice, member)
    value = _number(work.value(metric.formula, period))
    n = _group(work, metric, period, value)
    least = catalog.board.minimum_group
    if value is None:
        return Figure(
            period, None, n if n is None or n >= least else None, Status.MISSING, _why_missing(work)
        )
    if n is not None and 0 < n < least:
        return Figure(period, None, None, Status.SUPPRESSED, f"Fewer than {least} in the group.")
    if work.open_until:
        return Figure(period, value, n, Status.OPEN, _why_open(work))
    if work.gaps:
        return Figure(period, value, n, Status.PARTIAL, _why_partial(work))
    return Figure(period, value, n, Status.OK, None)


def parts(
    catalog: Catalog,
    book: Book,
    metric: Metric,
    period: Period,
    slice: Slice = (),  # noqa: A002
    member: Member = (),
) -> tuple[float | None, ...]:
    """The parts of the metric's interval: promoters, detractors and answers; or successes and trials.

    All are None where the figure is suppressed.
    """
    if figure(catalog, book, metric, period, slice, member).status is Status.SUPPRESSED:
        return tuple(None for _ in metric.interval_parts)
    work = Evaluation(catalog, book, slice, member)
    return tuple(_number(work.value(part, period)) for part in metric.interval_parts)


def _group(work: Evaluation, metric: Metric, period: Period, value: float | None) -> float | None:
    """How many it speaks of: its base, or itself where it counts people, or the rows of a lone average."""
    own = Evaluation(work.catalog, work.book, work.slice, work.member)
    if metric.base is not None:
        return _number(own.value(metric.base, period))
    if metric.side is Side.FINANCIAL:
        return None
    if metric.unit is Unit.COUNT:
        return value
    match metric.formula:
        case MeasureRef(key=key) if work.catalog.measure(key).aggregate.kind in _OF_A_GROUP:
            found = own.observation(key, period)
            return found.n if found is not None else None
    return None


def _number(value: Value) -> float | None:
    return None if value is None or not isfinite(value) else rounded(float(value))


def _why_missing(work: Evaluation) -> str:
    if work.gaps:
        return _why_partial(work)
    if work.open_until:
        return _why_open(work)
    return next(iter(work.troubles), "No value was recorded.")


def _why_partial(work: Evaluation) -> str:
    locale = work.catalog.board.locale
    return f"No rows in {', '.join(format_period(span, locale=locale) for span in _joined(work.gaps))}."


def _why_open(work: Evaluation) -> str:
    ends = [day for day in work.open_until if day is not None]
    last = min(ends).toordinal() - 1
    return f"The data ends on {format_day(min(ends).fromordinal(last), locale=work.catalog.board.locale)}."


def _joined(gaps: Iterable[Period]) -> list[Period]:
    """Neighbouring periods as one span."""
    spans: list[Period] = []
    for gap in sorted(gaps):
        if spans and spans[-1].end >= gap.start:
            spans[-1] = Period(spans[-1].start, max(gap.end, spans[-1].end), Grain.TWELVE_MONTHS)
        else:
            spans.append(gap)
    return spans
