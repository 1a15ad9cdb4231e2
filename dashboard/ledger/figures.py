"""A metric's figure for a period, slice and member: its value, its n, and how far it can be trusted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import isfinite

from dashboard.definitions.expressions import AggregateKind, Formula, MeasureRef
from dashboard.definitions.model import Catalog, Metric, Side, Slice
from dashboard.ledger import months
from dashboard.ledger.book import Book, Member, rounded
from dashboard.ledger.coverage import covered
from dashboard.ledger.evaluation import Evaluation, Value, Window, window
from dashboard.ledger.months import Span
from dashboard.periods import Period
from dashboard.units import Unit, format_day, format_period

__all__ = ["Figure", "Status", "counted_by", "covered", "figure", "group_size", "group_sizes", "parts"]

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
    SUPPRESSED = "suppressed"  # the group is too small to be shown, or would give away one that is


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
    """The metric over the period. The book must hold its measures and the slice.

    Where the period ends in one that is closed, the figure is the one that was closed. Small groups, and what
    the book's mask keeps back, are suppressed; the reason is the same for both, for that a group is small is
    itself not told.
    """
    mask = book.mask
    catalog, book, metric = _as_closed(catalog, book, metric, period)
    work, at = Evaluation(catalog, book, slice, member), window(period)
    n = _group(work, _counting(catalog, metric), at)
    work.forget()
    value = _number(work.value(metric.formula, at))
    least = catalog.board.minimum_group
    masked = n is not None and mask is not None and mask.hides(metric.id, slice, member, at.start, at.end)
    if masked or (n is not None and 0 < n < least):
        n = None
        if masked or value is not None:
            reason = f"Not shown, to protect groups of fewer than {least}."
            return Figure(period, None, None, Status.SUPPRESSED, reason)
    if value is None:
        return Figure(period, None, n, Status.MISSING, _why_missing(work))
    if work.until:
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
    *,
    of: Callable[[Metric], tuple[Formula, ...]] = lambda metric: metric.interval_parts,
) -> tuple[float | None, ...]:
    """The parts of the metric's interval, as `shapes.interval_parts` names them, or those that `of` names.

    All are None where the figure is suppressed.
    """
    if figure(catalog, book, metric, period, slice, member).status is Status.SUPPRESSED:
        return tuple(None for _ in of(metric))
    catalog, book, metric = _as_closed(catalog, book, metric, period)
    work, at = Evaluation(catalog, book, slice, member), window(period)
    return tuple(_number(work.value(part, at)) for part in of(metric))


def _as_closed(catalog: Catalog, book: Book, metric: Metric, period: Period) -> tuple[Catalog, Book, Metric]:
    """What the figure is made of: of a closed period, what was known and defined when it was closed."""
    closed = book.closed_at(period)
    if closed is None:
        return catalog, book, metric
    then, known = closed.known
    return then, known, then.metrics.get(metric.id, metric)


def group_size(
    catalog: Catalog,
    book: Book,
    metric: Metric,
    period: Period,
    slice: Slice = (),  # noqa: A002
    member: Member = (),
) -> float | None:
    """How many people the figure speaks of, however few; None where it speaks of none or nothing is known."""
    return group_sizes(catalog, book, metric, period, [(slice, member)])[0]


def group_sizes(
    catalog: Catalog, book: Book, metric: Metric, period: Period, cells: Sequence[tuple[Slice, Member]]
) -> list[float | None]:
    """The `group_size` of each cell, which is a slice and a member."""
    catalog, book, metric = _as_closed(catalog, book, metric, period)
    counting, at = _counting(catalog, metric), window(period)
    return [_group(Evaluation(catalog, book, cut, member), counting, at) for cut, member in cells]


def counted_by(catalog: Catalog, metric: Metric) -> Formula | None:
    """What counts the people that a figure speaks of; None where it speaks of none.

    It is the metric's base, or else the formula of a count of people, or of a lone average or median over
    people, whose rows they are.
    """
    if metric.base is not None:
        return metric.base
    if metric.side is Side.FINANCIAL:
        return None
    return metric.formula if metric.unit is Unit.COUNT or _over_rows(catalog, metric) else None


@dataclass(frozen=True, slots=True)
class _Counting:
    """What counts the people that a figure speaks of; with `rows` it is the n of the measure `formula`."""

    formula: Formula | None
    rows: bool


def _counting(catalog: Catalog, metric: Metric) -> _Counting:
    return _Counting(counted_by(catalog, metric), metric.base is None and _over_rows(catalog, metric))


def _group(work: Evaluation, counting: _Counting, at: Window) -> float | None:
    counted = counting.formula
    if counted is None:
        return None
    if counting.rows and isinstance(counted, MeasureRef):
        found = work.recorded(counted.key, at)
        return found[1] if found is not None else None
    return _number(work.value(counted, at))


def _over_rows(catalog: Catalog, metric: Metric) -> bool:
    formula = metric.formula
    return isinstance(formula, MeasureRef) and catalog.measure(formula.key).aggregate.kind in _OF_A_GROUP


def _number(value: Value) -> float | None:
    return None if value is None or not isfinite(value) else rounded(float(value))


def _why_missing(work: Evaluation) -> str:
    if work.gaps:
        return _why_partial(work)
    if work.until:
        return _why_open(work)
    return next(iter(work.troubles), "No value was recorded.")


def _why_partial(work: Evaluation) -> str:
    locale = work.catalog.board.locale
    spans = (format_period(months.as_period(span), locale=locale) for span in _joined(work.gaps))
    return f"No rows in {', '.join(spans)}."


def _why_open(work: Evaluation) -> str:
    last = min(work.until) - timedelta(days=1)
    return f"The data ends on {format_day(last, locale=work.catalog.board.locale)}."


def _joined(gaps: Iterable[Span]) -> list[Span]:
    """Neighbouring spans as one."""
    spans: list[Span] = []
    for start, end in sorted(gaps):
        if spans and spans[-1][1] >= start:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans
