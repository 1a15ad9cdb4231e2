"""One mask for page, popover, export and query: what is kept back so that no small group can be worked out.

Whatever slices and spans a viewer looks at, the mask is worked out from all slices by which a metric's groups
are counted, and from all months; so it is the same in every place, and two places together tell no more than
one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakKeyDictionary

from dashboard.analysis.suppression import Cell, linked_lines
from dashboard.analysis.suppression_in_time import Block, blocks
from dashboard.definitions.expressions import AggregateKind, Formula, MeasureRef
from dashboard.definitions.lineage import groupings, measures_of
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.definitions.origins import STOCKS, Behaviour
from dashboard.definitions.rendering import render
from dashboard.ledger import months
from dashboard.ledger.book import Book, Member, Track
from dashboard.ledger.closing import read_metrics
from dashboard.ledger.coverage import MONTHS_COVERED
from dashboard.ledger.figures import counted_by, group_sizes
from dashboard.ledger.months import Span
from dashboard.ledger.scope import Scope
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain, Period

__all__ = ["GroupMask", "read_masked"]

# A run never changes, so what is hidden of a group holds for as long as the run is the newest: for all views
# of a page, and for all pages that show metrics of that group.
MOST_REMEMBERED = 1024
_Hidden = Mapping[Cell, tuple[Block, ...]]
_REMEMBERED: WeakKeyDictionary[Ledger, dict[tuple[object, ...], _Hidden]] = WeakKeyDictionary()

_COUNTS = frozenset({AggregateKind.COUNT, AggregateKind.COUNT_DISTINCT, AggregateKind.SUM})


@dataclass(frozen=True)
class Stock:
    """How a span's figure is read of a metric whose groups are counted at a moment: a stock.

    `ends` are the ends of the span that are looked at, each over so many months as a row stands for.
    """

    ends: frozenset[Behaviour]
    length: int

    def moments(self, start: int, end: int) -> Iterator[Span]:
        """The months inside a span that its figure speaks of."""
        if Behaviour.OPEN in self.ends:
            yield start, start + self.length
        if Behaviour.CLOSE in self.ends:
            yield end - self.length, end


@dataclass(frozen=True)
class GroupMask:
    """Blocks of months by metric, slice and member; for metrics in `stocks`, of moments."""

    blocks: Mapping[tuple[str, Slice, Member], tuple[Block, ...]]
    stocks: Mapping[str, Stock]

    def hides(self, metric: str, slice: Slice, member: Member, start: int, end: int) -> bool:  # noqa: A002
        """Whether the metric's figure over the months from `start` to before `end` is kept back."""
        found = self.blocks.get((metric, slice, member))
        if found is None:
            return False
        stock = self.stocks.get(metric)
        spans = stock.moments(start, end) if stock else ((start, end),)
        return any(block.hides(*span) for span in spans for block in found)


def read_masked(
    catalog: Catalog,
    ledger: Ledger,
    metrics: Iterable[Metric],
    slices: Collection[Slice] = ((),),
    *,
    scope: Scope,
    as_of: datetime | None = None,
    restated: bool = False,
) -> Book:
    """Read metrics from the ledger as `read_metrics` does, with the mask that every place shares."""
    wanted = tuple(metrics)
    groups = _groups(catalog, wanted)
    remembered = _REMEMBERED.setdefault(ledger, {})
    while True:
        book = read_metrics(catalog, ledger, wanted, slices, scope=scope, as_of=as_of, restated=restated)
        state = _state(catalog, book, scope)
        keys = {each.metric.id: (*state, *_counting(each, book)) for each in groups}
        found = {key: remembered[key] for key in keys.values() if key in remembered}
        missing = [each for each in groups if keys[each.metric.id] not in found]
        if missing:
            sizes = _sizes(catalog, ledger, missing, scope=scope, as_of=as_of, restated=restated)
            if _state(catalog, sizes, scope) != state:
                continue  # a refresh or a close has come between the two
            for group in missing:
                key = keys[group.metric.id]
                if key not in found:  # metrics that count the same groups share what was worked out
                    found[key] = _blocks(catalog, sizes, group, _stock(catalog, group))
            if len(remembered) + len(found) > MOST_REMEMBERED:
                remembered.clear()
            remembered.update(found)
        return replace(book, mask=_mask(catalog, groups, {name: found[key] for name, key in keys.items()}))


@dataclass(frozen=True)
class _Group:
    """What counts a metric's groups: `counted` over `measures`, recorded by `slices`."""

    metric: Metric
    counted: Formula
    measures: tuple[str, ...]
    slices: tuple[Slice, ...]


def _state(catalog: Catalog, book: Book, scope: Scope) -> tuple[object, ...]:
    """All that a mask depends on, beside what counts the groups."""
    closes = tuple((each.span, each.run) for each in book.closed)
    return catalog.version, book.run, closes, scope


def _counting(group: _Group, book: Book) -> tuple[object, ...]:
    """What counts a metric's groups: the same for many, but for what a close may have counted otherwise."""
    own = group.metric.id if book.closed or group.metric.base is None else ""
    return render(group.counted), group.measures, own


def _sizes(
    catalog: Catalog,
    ledger: Ledger,
    groups: Sequence[_Group],
    *,
    scope: Scope,
    as_of: datetime | None,
    restated: bool,
) -> Book:
    """The sizes of groups by every slice that they are recorded by."""
    counting = [replace(each.metric, formula=each.counted, base=None, interval_parts=()) for each in groups]
    cuts = {cut for each in groups for cut in each.slices}
    return read_metrics(catalog, ledger, counting, cuts, scope=scope, as_of=as_of, restated=restated)


def _groups(catalog: Catalog, metrics: Sequence[Metric]) -> list[_Group]:
    groups = []
    for metric in metrics:
        counted = counted_by(catalog, metric)
        if counted is None:
            continue
        measures = tuple(measures_of(catalog, replace(metric, formula=counted, base=None, interval_parts=())))
        cuts = [set(groupings(catalog, key.partition(".")[0])) for key in measures]
        groups.append(_Group(metric, counted, measures, tuple(sorted(set.intersection(*cuts) | {()}))))
    return groups


def _mask(
    catalog: Catalog, groups: Sequence[_Group], found: Mapping[str, Mapping[Cell, tuple[Block, ...]]]
) -> GroupMask:
    """The blocks that were `found` of each metric, as one mask."""
    stocks = {each.metric.id: stock for each in groups if (stock := _stock(catalog, each)) is not None}
    blocks_ = {(metric, *cell): hidden for metric, cells in found.items() for cell, hidden in cells.items()}
    return GroupMask(blocks_, stocks)


def _stock(catalog: Catalog, group: _Group) -> Stock | None:
    """None where the groups are counted over time; where only some are, that is the safe reading."""
    behaviours = {catalog.measure(key).behaviour for key in group.measures}
    if not behaviours <= STOCKS:
        return None
    return Stock(frozenset(behaviours), _length(catalog, group))


def _length(catalog: Catalog, group: _Group) -> int:
    origins = (catalog.origin(key.partition(".")[0]) for key in group.measures)
    return max(MONTHS_COVERED[origin.covers or Grain.MONTH] for origin in origins)


def _blocks(
    catalog: Catalog, sizes: Book, group: _Group, stock: Stock | None
) -> Mapping[Cell, tuple[Block, ...]]:
    """The blocks of every cell that has any; a cell that nothing is ever known of is in no table."""
    named: list[Cell] = [((), ())]
    named += [(cut, member) for cut in group.slices if cut for member in sizes.members(cut)]
    plain = _plain_tracks(catalog, sizes, group, named)
    rows: dict[Span, list[float | None]] = {}
    for period in _periods(catalog, sizes, group, stock):
        span = months.span(period)
        rows[span] = (
            group_sizes(catalog, sizes, group.metric, period, named)
            if plain is None or sizes.closed_at(period) is not None
            else _added(plain, span, exact=group.measures[0] in sizes.exact)
        )
    known = [index for index in range(len(named)) if any(row[index] is not None for row in rows.values())]
    counts = {
        span: [count if (count := row[index]) is not None and count > 0 else 0.0 for index in known]
        for span, row in rows.items()
        if any(each is not None for each in row)
    }
    cells = [named[index] for index in known]
    found = blocks(counts, linked_lines(cells), catalog.board.minimum_group)
    return {cells[index]: blocks_ for index, blocks_ in found.items()}


def _periods(catalog: Catalog, sizes: Book, group: _Group, stock: Stock | None) -> Iterator[Period]:
    """The months that may have rows and the fiscal quarters around them; of stocks the moments alone."""
    length = _length(catalog, group)
    measured = {
        span for key in group.measures for span in sizes.measured.get(key, ()) if span[1] - span[0] == length
    }
    if not measured:
        return
    first = months.first_day(min(start for start, _ in measured))
    last = months.first_day(max(end for _, end in measured) - 1)
    for grain, covered in MONTHS_COVERED.items():
        if covered == length or (length < covered <= 3 and stock is None):
            yield from catalog.board.calendar.between(grain, first, last)


def _plain_tracks(catalog: Catalog, sizes: Book, group: _Group, cells: Sequence[Cell]) -> list[Track] | None:
    """The recorded values of each cell where the group is a single count, as most are: the quick way."""
    if not isinstance(group.counted, MeasureRef):
        return None
    measure = catalog.measure(group.counted.key)
    if measure.behaviour in STOCKS or measure.aggregate.kind not in _COUNTS:
        return None
    return [sizes.tracks.get((measure.key, cut, member), {}) for cut, member in cells]


def _added(tracks: Sequence[Track], span: Span, *, exact: bool) -> list[float | None]:
    """The value over a span of each track, as `Book.recorded` gives it."""
    start, end = span
    found = [track.get(span) for track in tracks]
    if exact or end - start == 1:
        return [None if each is None else each[0] for each in found]
    months_ = [(month, month + 1) for month in range(start, end)]
    return [
        _sum(track, months_) if each is None else each[0] for track, each in zip(tracks, found, strict=True)
    ]


def _sum(track: Track, parts: Sequence[Span]) -> float | None:
    known = [part[0] for span in parts if (part := track.get(span)) is not None and part[0] is not None]
    return sum(known) if known else None
