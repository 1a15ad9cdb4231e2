"""How much of a period the data covers: open periods, months without a row, and what was never read."""

from dataclasses import dataclass
from datetime import date

from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Dataset, Metric
from dashboard.ledger import months
from dashboard.ledger.book import Book
from dashboard.periods import FiscalCalendar, Grain, Period

_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True)
class Coverage:
    """`until` is the first day without data; `gaps` are the months (quarters, years) inside without any row.

    `rows` says whether the dataset has a row in the period. `trouble` is why nothing can be known of it.
    """

    open: bool
    until: date | None
    gaps: tuple[Period, ...]
    rows: bool
    trouble: str | None = None


def coverage(catalog: Catalog, book: Book, measure: str, period: Period) -> Coverage:
    """What the data of the measure's dataset covers of the period; worked out once for a book."""
    key = (catalog.version, measure, period)
    found = book.coverages.get(key)
    if found is None:
        found = book.coverages[key] = _coverage(catalog, book, measure, period)
    return found


def covered(catalog: Catalog, book: Book, metric: Metric) -> tuple[date, date] | None:
    """The first month of which all parts of the metric have rows, and the first day that one of them lacks.

    None where a part was never measured. The book must hold all the metric's measures.
    """
    firsts, lasts = [], []
    for measure in measures_of(catalog, metric):
        state = book.states.get(measure.partition(".")[0])
        spans = book.measured.get(measure)
        if state is None or state.data_until is None or not spans:
            return None
        firsts.append(min(start for start, _ in spans))
        lasts.append(state.data_until)
    return (months.first_day(max(firsts)), min(lasts)) if firsts else None


def _coverage(catalog: Catalog, book: Book, measure: str, period: Period) -> Coverage:
    dataset = catalog.datasets[measure.partition(".")[0]]
    state = book.states.get(dataset.name)
    if state is None or state.last_ok_at is None:
        return _unknown(f"{dataset.name} has not been read yet.")
    until = state.data_until
    if until is None:
        return _unknown(f"{dataset.name} has no rows.")
    spans = book.measured.get(measure)
    if not spans:
        return _unknown(f"{measure} has not been read yet as it is defined now.")
    length = _MONTHS.get(dataset.covers or Grain.MONTH, 1)
    pieces = _pieces(catalog.board.calendar, dataset, period) if length > 1 else period.months
    if pieces[0].start < period.start or pieces[-1].end > period.end:
        return _unknown(f"{dataset.name} is known by {dataset.covers} only.")
    empty = [piece for piece in pieces if months.span(piece) not in spans]
    rows = len(empty) < len(pieces)
    unasked = rows and measure in book.exact and months.span(period) not in spans
    return Coverage(
        open=until < period.end,
        until=until,
        gaps=tuple(piece for piece in empty if piece.end <= until),
        rows=rows,
        trouble=f"{measure} cannot be added up over {len(period.months)} months." if unasked else None,
    )


def _pieces(calendar: FiscalCalendar, dataset: Dataset, period: Period) -> tuple[Period, ...]:
    """The quarters or years that the rows of the dataset stand for, from the period's first to its last."""
    return tuple(calendar.between(dataset.covers or Grain.MONTH, period.start, period.last_day))


def _unknown(trouble: str) -> Coverage:
    return Coverage(open=False, until=None, gaps=(), rows=False, trouble=trouble)
