"""What is looked at before a period is closed: a list of checks, each with a name and an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dashboard.board.provenance import freshness
from dashboard.definitions.lineage import datasets_of, measures_of
from dashboard.definitions.model import Catalog
from dashboard.ledger.book import DatasetState
from dashboard.ledger.defining import METRIC, Definition
from dashboard.ledger.figures import figure
from dashboard.ledger.notes import Note, NoteState
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Period
from dashboard.units import format_day, format_period, format_value


@dataclass(frozen=True)
class Check:
    """One check: whether it passes, and what was found, a line each. Only a `binding` one stops a close."""

    name: str
    passes: bool
    found: tuple[str, ...]
    binding: bool = True


@dataclass(frozen=True)
class Books:
    """What is to be closed: datasets and definitions as of the run, and the notes for the period.

    `totals` holds, by metric, the figures of the control totals over the period.
    """

    catalog: Catalog
    states: Mapping[str, DatasetState]
    notes: tuple[Note, ...]
    period: Period
    today: date
    defined: tuple[Definition, ...] = ()
    totals: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that any metric is made of."""
        metrics = self.catalog.metrics.values()
        return tuple(sorted({name for metric in metrics for name in datasets_of(self.catalog, metric)}))


def open_books(catalog: Catalog, ledger: Ledger, period: Period, *, run: int | None, now: datetime) -> Books:
    """What is to be closed, as `run` knows it; None is the newest. `now` is an aware time."""
    known = ledger.newest_run() if run is None else run
    return Books(
        catalog=catalog,
        states=ledger.reads(run=known),
        defined=() if known is None else ledger.definitions.in_force(known),
        notes=ledger.notes.of_period(catalog.board.calendar.code(period)),
        period=period,
        today=now.astimezone(ZoneInfo(catalog.board.time_zone)).date(),
        totals={} if known is None else _totals(catalog, ledger, period, known),
    )


def _totals(catalog: Catalog, ledger: Ledger, period: Period, run: int) -> Mapping[str, float | None]:
    """The figures that must tie, as the run knew them: totals of the whole company."""
    names = {name for total in catalog.board.control_totals for name in (total.metric, total.ties_to)}
    metrics = [catalog.metric(name) for name in sorted(names)]
    measures = {key: version for metric in metrics for key, version in measures_of(catalog, metric).items()}
    known = ledger.book_of_run(measures, scope=EVERYTHING, run=run)
    return {metric.id: figure(catalog, known, metric, period).value for metric in metrics}


def data_complete(books: Books) -> Check:
    """The data has passed the end of the period."""
    locale = books.catalog.board.locale
    found = []
    for name in books.datasets:
        state = books.states.get(name)
        if state is None or state.data_until is None:
            found.append(f"{name} has no data.")
        elif state.data_until < books.period.end:
            last = date.fromordinal(state.data_until.toordinal() - 1)
            found.append(f"{name} ends on {format_day(last, locale=locale)}.")
    return Check(f"The data covers {format_period(books.period, locale=locale)}", not found, tuple(found))


def sources_fresh(books: Books) -> Check:
    """No dataset is older than its owner allows."""
    states = (freshness(books.catalog, books.states, name, books.today) for name in books.datasets)
    stale = tuple(state.stale for state in states if state.stale)
    return Check("The sources are fresh", not stale, stale)


def no_failure(books: Books) -> Check:
    """The newest reading of every dataset went well."""
    failed = (books.states[name].failure for name in books.datasets if name in books.states)
    found = tuple(dict.fromkeys(failure for failure in failed if failure))
    return Check("No dataset failed", not found, found)


def present_definitions(books: Books) -> Check:
    """No metric has been defined anew since the run: what is closed is what is seen."""
    metrics = books.catalog.metrics
    found = tuple(
        f"{each.name} has been defined anew. Refresh, and close then."
        for each in sorted(books.defined, key=lambda each: each.name)
        if each.kind == METRIC and each.name in metrics and metrics[each.name].version != each.version
    )
    return Check("The figures are of the present definitions", not found, found)


def control_totals(books: Books) -> Check:
    """What must agree with another system's figure does; a missing figure agrees with nothing."""
    board = books.catalog.board
    if not board.control_totals:
        return Check("The control totals tie", True, ("No control total is declared in board.yaml.",))
    found = []
    for total in board.control_totals:
        metric, other = books.catalog.metric(total.metric), books.catalog.metric(total.ties_to)
        one, two = books.totals[metric.id], books.totals[other.id]
        if one is None or two is None or abs(one - two) > total.within:
            shown = [
                format_value(value, metric.unit, locale=board.locale, currency=board.currency)
                for value in (one, two)
            ]
            found.append(f"{metric.name} is {shown[0]}, {other.name} is {shown[1]}.")
    return Check("The control totals tie", not found, tuple(found))


def owners_and_targets(books: Books) -> Check:
    """Every metric has an owner, and a target or a reason for having none."""
    found = []
    for metric in books.catalog.metrics.values():
        absent = [] if metric.owner.strip() else ["owner"]
        if not (metric.targets or metric.target_measure or metric.no_target):
            absent.append("target")
        if absent:
            found.append(f"{metric.id} has no {' and no '.join(absent)}.")
    return Check("Every metric has an owner and a target", not found, tuple(found), binding=False)


def notes_approved(books: Books) -> Check:
    """No commentary on the period is a draft still."""
    drafts = [note for note in books.notes if note.state is NoteState.DRAFT]
    found = tuple(
        f"{note.place.page}{f', {note.place.panel}' if note.place.panel else ''}: a draft by {note.author}."
        for note in drafts
    )
    return Check("The commentary is approved", not found, found)


CHECKS: tuple[Callable[[Books], Check], ...] = (
    data_complete,
    sources_fresh,
    no_failure,
    present_definitions,
    control_totals,
    owners_and_targets,
    notes_approved,
)


def checklist(books: Books) -> tuple[Check, ...]:
    """Every check, in the order in which a preparer goes through them."""
    return tuple(check(books) for check in CHECKS)


def stops(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The checks that stop a close."""
    return tuple(check for check in checks if check.binding and not check.passes)
