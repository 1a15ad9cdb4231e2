"""How much of a span the data covers: open spans, months without a row, and what was never read."""

from dataclasses import dataclass
from datetime import date

from dashboard.definitions.expressions import AggregateKind
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Metric
from dashboard.ledger import months
from dashboard.ledger.book import Book
from dashboard.ledger.months import Span
from dashboard.periods import Grain

MONTHS_COVERED = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of a measure over a span, before any member is looked at.

    `until` is the first day without data where that lies inside the span. `gaps` are the months (quarters,
    years of rows that stand for as much) inside without a row. `rows` says whether the dataset has a row in
    the span at all. `trouble` is why nothing can be known.
    """

    kind: AggregateKind
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
    kind = catalog.measure(measure).aggregate.kind
    dataset = catalog.origin(measure.partition(".")[0])
    state = book.states.get(dataset.name)
    if state is None or state.last_ok_at is None:
        return Coverage(kind, trouble=f"{dataset.name} has not been read yet.")
    if state.data_until is None:
        return Coverage(kind, trouble=f"{dataset.name} has no rows.")
    spans = book.measured.get(measure)
    if not spans:
        return Coverage(kind, trouble=f"{measure} has not been read yet as it is defined now.")
    length = MONTHS_COVERED.get(dataset.covers or Grain.MONTH, 1)
    pieces = _pieces(span, length, catalog.board.calendar.first_month)
    if pieces[0][0] < span[0] or pieces[-1][1] > span[1]:
        return Coverage(kind, trouble=f"{dataset.name} is known by {dataset.covers} only.")
    empty = [piece for piece in pieces if piece not in spans]
    rows = len(empty) < len(pieces)
    asked = span in spans or measure not in book.exact
    last = months.number(state.data_until)
    return Coverage(
        kind=kind,
        until=state.data_until if span[1] > last else None,
        gaps=tuple(piece for piece in empty if piece[1] <= last),
        rows=rows,
        trouble=None
        if asked or not rows
        else f"{measure} cannot be added up over {span[1] - span[0]} months.",
    )


def _pieces(span: Span, length: int, first_month: int) -> list[Span]:
    """The months, fiscal quarters or fiscal years that hold a month of the span."""
    first = span[0] - (span[0] + 1 - first_month) % length
    return [(start, start + length) for start in range(first, span[1], length)]
