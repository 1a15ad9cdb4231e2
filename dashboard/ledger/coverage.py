"""How much of a span the data covers: open spans, months without a row, and what was never read."""

from dataclasses import dataclass
from datetime import date

from dashboard.definitions.expressions import AggregateKind
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Behaviour, Catalog, Metric
from dashboard.definitions.origins import STOCKS
from dashboard.ledger import months
from dashboard.ledger.book import Book
from dashboard.ledger.months import Span
from dashboard.periods import Grain

MONTHS_COVERED = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of a measure over a span, before any member is looked at.

    `moment` are the months whose value stands for the span: of a stock the last ones, or the first; the rest
    is told of these. `until` is the first day without data where that lies inside. `gaps` are the months
    (quarters, years of rows that stand for as much) inside without a row. `rows` says whether the dataset has
    a row in it at all. `trouble` is why nothing can be known.
    """

    kind: AggregateKind
    moment: Span
    until: date | None = None
    gaps: tuple[Span, ...] = ()
    rows: bool = False
    trouble: str | None = None


def coverage(catalog: Catalog, book: Book, measure: str, span: Span) -> Coverage:
    """What the data of the measure's dataset covers of the span; worked out once for a book and a catalog."""
    known = book.coverages.setdefault(catalog.version, {})
    found: Coverage | None = known.get((measure, span))
    if found is None:
        found = known[measure, span] = _coverage(catalog, book, measure, span)
    return found


def covered(catalog: Catalog, book: Book, metric: Metric) -> tuple[date, date] | None:
    """The first month of which all parts of the metric have rows, and the first day that one of them lacks.

    None where a part was never measured. The book must hold all the metric's measures.
    """
    firsts, lasts = [], []
    for measure in measures_of(catalog, metric):
        name = measure.partition(".")[0]
        state, length = (
            book.states.get(name),
            MONTHS_COVERED.get(catalog.origin(name).covers or Grain.MONTH, 1),
        )
        # A window of twelve months may begin before the first row; the shortest spans alone tell of rows.
        begun = [start for start, end in book.measured.get(measure, ()) if end - start == length]
        if state is None or state.data_until is None or not begun:
            return None
        firsts.append(min(begun))
        lasts.append(state.data_until)
    return (months.first_day(max(firsts)), min(lasts)) if firsts else None


def _coverage(catalog: Catalog, book: Book, measure: str, span: Span) -> Coverage:
    defined = catalog.measure(measure)
    kind, dataset = defined.aggregate.kind, catalog.origin(measure.partition(".")[0])
    length = MONTHS_COVERED.get(dataset.covers or Grain.MONTH, 1)
    span = _moment(defined.behaviour, span, length)
    state, spans = book.states.get(dataset.name), book.measured.get(measure)
    if state is None or state.last_ok_at is None:
        return Coverage(kind, span, trouble=f"{dataset.name} has not been read yet.")
    if state.data_until is None:
        return Coverage(kind, span, trouble=f"{dataset.name} has no rows.")
    if not spans:
        return Coverage(kind, span, trouble=f"{measure} has not been read yet as it is defined now.")
    pieces = _pieces(span, length, catalog.board.calendar.first_month)
    if pieces[0][0] < span[0] or pieces[-1][1] > span[1]:
        return Coverage(kind, span, trouble=f"{dataset.name} is known by {dataset.covers} only.")
    empty = [piece for piece in pieces if piece not in spans]
    rows = len(empty) < len(pieces)
    asked = span in spans or measure not in book.exact
    last = months.number(state.data_until)
    return Coverage(
        kind=kind,
        moment=span,
        until=state.data_until if span[1] > last else None,
        gaps=tuple(piece for piece in empty if piece[1] <= last),
        rows=rows,
        trouble=None
        if asked or not rows
        else f"{measure} cannot be added up over {span[1] - span[0]} months.",
    )


def _moment(behaviour: Behaviour, span: Span, length: int) -> Span:
    if behaviour not in STOCKS:
        return span
    start, end = span
    return (start, start + length) if behaviour is Behaviour.OPEN else (end - length, end)


def _pieces(span: Span, length: int, first_month: int) -> list[Span]:
    """The months, fiscal quarters or fiscal years that hold a month of the span."""
    if length == 1 and span[1] - span[0] == 1:  # as most are
        return [span]
    first = span[0] - (span[0] + 1 - first_month) % length
    return [(start, start + length) for start in range(first, span[1], length)]
