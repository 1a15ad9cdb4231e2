"""What differs now from what was closed: value then and now, by how much, and why."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from dashboard.definitions.expressions import AggregateKind, MeasureRef
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.ledger.book import Book, Mask, Member, Recorded, rounded
from dashboard.ledger.closes import Close
from dashboard.ledger.closing import closed_book, read_metrics
from dashboard.ledger.defining import MEASURE, Definition, definitions_of
from dashboard.ledger.evaluation import Evaluation, Window, window
from dashboard.ledger.figures import Figure, Status, figure
from dashboard.ledger.former import content
from dashboard.ledger.scope import Scope
from dashboard.ledger.store import Ledger

NOISE = 1e-9  # relative: sums of the same values in another order differ by less


class Cause(StrEnum):
    """Why a figure is another now, as far as the ledger can tell."""

    LATE_ROWS = "late rows"
    CHANGED_ROWS = "changed rows"
    REMOVED_ROWS = "removed rows"
    DEFINITION = "changed definition"
    SOURCE = "changed source"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Restatement:
    """A figure of a closed period that is another now.

    `size` is now less then, in the metric's unit; None where one of them is missing. `causes` are sorted by
    their names; `rows` is how many rows more (fewer, where it is negative) the figure rests on, by the
    measure that has changed the most.
    """

    close: Close
    metric: Metric
    slice: Slice
    member: Member
    then: Figure
    now: Figure
    size: float | None
    causes: tuple[Cause, ...]
    rows: int


def restatements(
    catalog: Catalog,
    ledger: Ledger,
    close: Close,
    *,
    scope: Scope,
    metrics: Iterable[Metric] | None = None,
    slices: Collection[Slice] = ((),),
    as_of: datetime | None = None,
    mask: Mask | None = None,
) -> tuple[Restatement, ...]:
    """The figures of the closed period that were known otherwise at the moment `as_of`, by metric and member.

    All metrics are looked at, or those given, over the period itself; `mask` says which are kept back. What
    differs by no more than a metric's tolerance, or cannot be shown then or now (a group too small), is no
    restatement.
    """
    wanted = tuple(catalog.metrics.values() if metrics is None else metrics)
    closed = closed_book(catalog, ledger, wanted, slices, scope=scope, close=close)
    old, known = closed.known
    before = replace(known, mask=mask)
    found = read_metrics(catalog, ledger, wanted, slices, scope=scope, as_of=as_of, restated=True)
    book = replace(found, mask=mask)
    then_and_now = _Comparison(old, before, catalog, book, ledger.definitions.in_force(close.run))
    told: list[Restatement] = []
    for metric in wanted:
        for cut in slices:
            members = sorted({*before.members(cut), *book.members(cut)}) if cut else [()]
            told += [each for member in members for each in then_and_now.of(close, metric, cut, member)]
    return tuple(told)


def restated_line(found: Collection[Restatement]) -> str:
    """`2 figures restated`: what the board reads above the list."""
    figures = len({(each.close.number, each.metric.id) for each in found})
    if not figures:
        return "No figure restated"
    return "1 figure restated" if figures == 1 else f"{figures} figures restated"


@dataclass(frozen=True)
class _Comparison:
    old: Catalog
    before: Book
    catalog: Catalog
    book: Book
    definitions: tuple[Definition, ...]

    def of(self, close: Close, metric: Metric, cut: Slice, member: Member) -> Iterator[Restatement]:
        """The restatement of one figure, or nothing."""
        formerly = self.old.metrics.get(metric.id, metric)
        then = figure(self.old, self.before, formerly, close.period, cut, member)
        now = figure(self.catalog, self.book, metric, close.period, cut, member)
        if Status.SUPPRESSED in (then.status, now.status) or not _differs(
            then.value, now.value, metric.tolerance
        ):
            return
        causes: tuple[Cause, ...]
        if formerly.version != metric.version:
            causes, rows = (self._redefined(formerly, metric),), 0
        else:
            causes, rows = self._moved(metric, then, now, cut, member)
        size = None if then.value is None or now.value is None else rounded(now.value - then.value)
        yield Restatement(close, metric, cut, member, then, now, size, causes, rows)

    def _moved(
        self, metric: Metric, then: Figure, now: Figure, cut: Slice, member: Member
    ) -> tuple[tuple[Cause, ...], int]:
        """What has become of the rows, the definition being the same."""
        at = window(then.period)
        known = _observed(self.old, self.before, metric, at, cut, member)
        found = _observed(self.catalog, self.book, metric, at, cut, member)
        changed = [place for place in known.keys() | found.keys() if known.get(place) != found.get(place)]
        grown = sorted({_rows(found.get(place)) - _rows(known.get(place)) for place in changed}, key=abs)
        if not grown:
            return (Cause.UNKNOWN,), 0
        fewer, more = min(grown) < 0, max(grown) > 0
        if (fewer and more) or not (fewer or more) or (self._counts_rows(metric) and then.n == now.n):
            return (Cause.CHANGED_ROWS,), 0  # as many as before, or from one measure into another
        return (Cause.LATE_ROWS if more else Cause.REMOVED_ROWS,), grown[-1]

    def _counts_rows(self, metric: Metric) -> bool:
        """Whether the size of the group is a number of rows."""
        base = metric.base
        return isinstance(base, MeasureRef) and (
            self.catalog.measure(base.key).aggregate.kind is AggregateKind.COUNT
        )

    def _redefined(self, formerly: Metric, metric: Metric) -> Cause:
        """Whether only the place of the rows has changed, or what is made of them."""
        then, now = measures_of(self.old, formerly), measures_of(self.catalog, metric)
        if formerly.formula_text != metric.formula_text or then.keys() != now.keys():
            return Cause.DEFINITION
        known = {each.name: each for each in self.definitions if each.kind == MEASURE}
        present = {each.name: each for each in definitions_of(self.catalog) if each.kind == MEASURE}
        changed = [name for name in now if then[name] != now[name]]
        if not changed or any(name not in known for name in changed):
            return Cause.DEFINITION
        same = all(_placeless(known[name]) == _placeless(present[name]) for name in changed)
        return Cause.SOURCE if same else Cause.DEFINITION


@dataclass
class _Noting(Evaluation):
    """Notes what was recorded of each measure over each window that the formula looks at."""

    noted: dict[tuple[str, Window], Recorded | None] = field(default_factory=dict)

    def recorded(self, measure: str, at: Window) -> Recorded | None:
        """As the evaluation does."""
        found = self.noted[measure, at] = super().recorded(measure, at)
        return found


def _observed(
    catalog: Catalog, book: Book, metric: Metric, at: Window, cut: Slice, member: Member
) -> Mapping[tuple[str, Window], Recorded | None]:
    work = _Noting(catalog, book, cut, member)
    for formula in (metric.formula, metric.base):
        if formula is not None:
            work.value(formula, at)
    return work.noted


def _rows(found: Recorded | None) -> int:
    return (found[1] or 0) if found is not None else 0


def _differs(then: float | None, now: float | None, tolerance: float) -> bool:
    if then is None or now is None:
        return then is not now
    if math.isclose(then, now, rel_tol=NOISE, abs_tol=NOISE):
        return False
    return abs(now - then) > tolerance and not math.isclose(abs(now - then), tolerance, rel_tol=NOISE)


_PLACE = frozenset({"source", "table", "query"})


def _placeless(definition: Definition) -> object:
    """A measure's definition without where its rows lie."""

    def without(value: object) -> object:
        if isinstance(value, dict):
            return {key: without(each) for key, each in value.items() if key not in _PLACE}
        return value

    return without(content(definition))
