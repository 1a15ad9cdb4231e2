"""A cohort derivation read from the ledger: who joined when, and how many of them were there at each age."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dashboard.board.desk import Desk
from dashboard.board.lines import derivation_title, line_metric
from dashboard.definitions.derivation import AGE, Cohort, Derivation
from dashboard.definitions.expressions import Calculation, MeasureRef
from dashboard.definitions.model import Better, Catalog, IntervalKind, Metric, Side, Slice
from dashboard.errors import DashboardError
from dashboard.ledger import months
from dashboard.ledger.book import Book, Member
from dashboard.ledger.coverage import MONTHS_COVERED
from dashboard.periods import CALENDAR_GRAINS, Grain, Period
from dashboard.units import Unit

MOST_ROWS = 24
A_YEAR: Mapping[Grain, int] = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}  # in ages


@dataclass(frozen=True)
class CohortRow:
    """Those who joined in `period`: how many, and how many of them were there at age 0, 1, 2 …

    An age that is not over for all of them is not told. `size` None: the group is kept back, with its ages.
    """

    period: Period
    size: float | None
    active: tuple[float, ...]

    def share(self, age: int) -> float | None:
        """The share that was there at an age; None where it is not over, kept back, or nobody joined."""
        return self.active[age] / self.size if self.size and age < len(self.active) else None


@dataclass(frozen=True)
class CohortGrid:
    """Cohorts in order of time. Ages count in periods of `by`; `stays` tells spans and states from events."""

    rows: tuple[CohortRow, ...]
    by: Grain
    stays: bool

    @property
    def ages(self) -> int:
        """How many ages the oldest cohort has reached, that of joining included."""
        return max((len(row.active) for row in self.rows), default=0)

    @property
    def known(self) -> tuple[CohortRow, ...]:
        """The cohorts that may be shown and have somebody in them."""
        return tuple(row for row in self.rows if row.size)

    def pooled(self, age: int, rows: tuple[CohortRow, ...]) -> tuple[float, float]:
        """How many of these cohorts were there at an age, of how many; both 0 where none has reached it."""
        reached = [row for row in rows if row.size and age < len(row.active)]
        return sum(row.active[age] for row in reached), sum(row.size or 0.0 for row in reached)


def rule_of(derivation: Derivation) -> Cohort:
    """The rule of a derivation that loading has found to be a cohort."""
    if not isinstance(derivation.rule, Cohort):
        raise TypeError(f"{derivation.name} is no cohort.")
    return derivation.rule


def retained_metric(derivation: Derivation) -> Metric:
    """The share of those who joined who are there: what a grid shows by age; its n is how many joined."""
    found = line_metric(derivation, "active")
    active, size = (MeasureRef(derivation.name, name) for name in ("active", "size"))
    return replace(
        found,
        name=f"{derivation_title(derivation)}, share still there",
        question="How many of those who joined are still there?",
        why="Whether those who join stay is told by who joined when, and not by how many there are.",
        formula=Calculation("/", (active, size)),
        formula_text=f"{active.key} / {size.key}, by age",
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        side=Side.CUSTOMER,
        interval=IntervalKind.PROPORTION,
        interval_parts=(active, size),
        base=size,
        base_text=size.key,
        no_neighbour="A table of cohorts.",
    )


def by_age(metric: Metric) -> bool:
    """Whether a metric means something at an age alone, and nothing over all of them."""
    return isinstance(metric.formula, Calculation) and metric.formula_text.endswith(", by age")


def age_slice(cut: Slice) -> Slice:
    """The slice by which the ages of the groups of a slice are recorded."""
    return (AGE, *cut)


def read_grid(desk: Desk, derivation: Derivation, cut: Slice, member: Member) -> CohortGrid:
    """The cohorts of one group, as far as the view's span reaches.

    Of a span that ends in a closed period it is what was known when that was closed. Rows are periods of
    the derivation, or longer ones where there were too many to read. DashboardError where the group is not
    recorded.
    """
    catalog, book = _known(desk)
    rule = rule_of(derivation)
    if age_slice(cut) not in derivation.slices:
        named = " and ".join(cut)
        raise DashboardError(
            f"{derivation_title(derivation)} is not recorded by {named}. "
            f"Choose another group, or add slices: [{named}] to it in {derivation.file}."
        )
    state = book.states.get(derivation.name)
    end = months.number(desk.period.end)
    until = end if state is None or state.data_until is None else min(end, months.number(state.data_until))
    rows = tuple(
        _row(desk, book, derivation, (cut, member), period, until)
        for period in _periods(catalog, book, derivation, rule, until)
    )
    stays = catalog.datasets[derivation.dataset].event is None
    return CohortGrid(rows, rule.by, stays)


def _known(desk: Desk) -> tuple[Catalog, Book]:
    closed = desk.book.closed_at(desk.period)
    return (desk.catalog, desk.book) if closed is None else closed.known


def _periods(
    catalog: Catalog, book: Book, derivation: Derivation, rule: Cohort, until: int
) -> tuple[Period, ...]:
    """The periods of cohorts that are over, of the shortest length that makes few enough rows."""
    length = MONTHS_COVERED[rule.by]
    starts = [
        start
        for start, end in book.measured.get(f"{derivation.name}.size", ())
        if end - start == length and end <= until
    ]
    if not starts:
        return ()
    first, last = (months.first_day(month) for month in (min(starts), max(starts) + length - 1))
    found: tuple[Period, ...] = ()
    for grain in CALENDAR_GRAINS[CALENDAR_GRAINS.index(rule.by) :]:
        periods = catalog.board.calendar.between(grain, first, last)
        found = tuple(period for period in periods if months.number(period.end) <= until)
        if len(found) <= MOST_ROWS:
            break
    return found


def _row(
    desk: Desk,
    book: Book,
    derivation: Derivation,
    group: tuple[Slice, Member],
    period: Period,
    until: int,
) -> CohortRow:
    cut, member = group
    start, end = months.span(period)
    found = book.recorded(f"{derivation.name}.size", cut, member, start, end)
    size = found[0] or 0.0 if found is not None else 0.0
    mask = desk.book.mask
    masked = mask is not None and mask.hides(retained_metric(derivation).id, cut, member, start, end)
    if masked or 0 < size < desk.catalog.board.minimum_group:
        return CohortRow(period, None, ())
    length = MONTHS_COVERED[rule_of(derivation).by]
    reached = (until - end) // length + 1
    return CohortRow(
        period, size, tuple(_active(book, derivation, group, (start, end), age) for age in range(reached))
    )


def _active(
    book: Book, derivation: Derivation, group: tuple[Slice, Member], span: tuple[int, int], age: int
) -> float:
    cut, member = group
    found = book.recorded(f"{derivation.name}.active", age_slice(cut), (str(age), *member), *span)
    return found[0] or 0.0 if found is not None else 0.0


def drawn_ages(ages: int, most: int) -> Iterator[int]:
    """At most `most` ages from 1 on: all, or the first and then every second, third, sixth or twelfth."""
    last = ages - 1
    step = next((step for step in (1, 2, 3, 6, 12) if last // step + (step > 1) <= most), max(12, last))
    if step > 1 and last >= 1:
        yield 1
    yield from range(step, last + 1, step)
