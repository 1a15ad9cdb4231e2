"""Catalog and ledger -> BoardPack: the same pages as on the screen, of one period, as of one moment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dashboard.board.assembly import assemble
from dashboard.board.commentary import note_period, read_commentary
from dashboard.board.masking import read_masked
from dashboard.board.panels import BoardPage, FailedPanel, LockedPanel
from dashboard.board.provenance import Provenance
from dashboard.board.view import View
from dashboard.definitions.model import Catalog, Metric, Page, Slice
from dashboard.definitions.pack import Appendix, PackSpec
from dashboard.errors import DashboardError
from dashboard.ledger.closes import Close
from dashboard.ledger.closing import catalog_as_of
from dashboard.ledger.restating import Restatement, restatements
from dashboard.ledger.scope import EVERYTHING, Scope
from dashboard.ledger.store import Ledger
from dashboard.pack.markdown import escaped
from dashboard.pack.method_notes import method_notes
from dashboard.pack.model import BoardPack, PackPage, RestatedFigure
from dashboard.periods import FiscalCalendar, Grain, Period, add_months, month_of
from dashboard.units import format_change, format_period, format_value

# The spans that a page can be of, by the period that the pack is of.
_SPANS = {Grain.QUARTER: Grain.QUARTER, Grain.YEAR: Grain.YEAR_TO_DATE}


@dataclass(frozen=True)
class Request:
    """Which pack is wanted: its pages, of which period and group, as of when; `as_of` None is what is known.

    `pages` narrows the pages of the pack, in their order; () is all of them.
    """

    spec: PackSpec
    period: Period
    as_of: datetime | None = None
    slice: Slice = ()
    member: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


def bind(
    catalog: Catalog,
    ledger: Ledger,
    request: Request,
    *,
    now: datetime,
    scope: Scope = EVERYTHING,
    progress: Callable[[str, float], None] = lambda what, share: None,
    known: Callable[[PackPage], None] = lambda page: None,
) -> BoardPack:
    """Read everything that the pack holds; renderers ask nothing more.

    A closed period is as it was closed. `now` is aware. `progress` is told the page that is being made, and
    the share that is done; `known` is given each page as soon as it is made.

    Raises:
        DashboardError: the period is a month or has not begun, a page is in no pack, or nothing was ever
            measured (by `as_of`).
    """
    board = catalog.board
    today = now.astimezone(ZoneInfo(board.time_zone)).date()
    view = _view(board.calendar, request, today)
    names, run = _pages(request), _measured_run(catalog, ledger, request, today)
    pages: list[PackPage] = []
    for place, name in enumerate(names):
        page = catalog.page(name)
        progress(page.title, place / len(names))
        pages.append(_page(catalog, ledger, page, view, request, scope, today))
        known(pages[-1])
    close = _close(ledger, request, view.last_month)
    restated = Appendix.RESTATEMENTS in request.spec.appendices
    definitions = _definitions(pages) if Appendix.DEFINITIONS in request.spec.appendices else ()
    methods = method_notes(board) if Appendix.METHOD_NOTES in request.spec.appendices else ()
    return BoardPack(
        spec=request.spec,
        board=board,
        code=board.calendar.code(request.period),
        view=view,
        known=request.as_of or _last_change(catalog, ledger, view),
        run=run if close is None else close.run,
        close=close,
        version=catalog.version,
        pages=tuple(pages),
        definitions=definitions,
        restated=_restated(catalog, ledger, request, pages, scope) if restated else (),
        methods=methods,
    )


def _measured_run(catalog: Catalog, ledger: Ledger, request: Request, today: date) -> int:
    """The newest run; DashboardError where the period has not begun, or nothing was ever measured."""
    if request.period.start > today:
        code = catalog.board.calendar.code(request.period)
        raise DashboardError(f"{code} has not begun. Name a period that has.")
    run = ledger.newest_run(request.as_of)
    if run is None:
        by_then = "" if request.as_of is None else " by then"
        raise DashboardError(f"Nothing was measured{by_then}, so there is nothing to pack. Refresh first.")
    return run


def _view(calendar: FiscalCalendar, request: Request, today: date) -> View:
    """What the pages show of the period: of a year that is not over, the part that is."""
    grain, ending = _SPANS.get(request.period.grain), request.period.last_month.start
    if grain is None:
        month = calendar.code(request.period)
        quarter = calendar.code(calendar.containing(Grain.QUARTER, request.period.start))
        raise DashboardError(
            f"A pack is of a fiscal quarter or a fiscal year, as its pages are; {month} is a month in the "
            f"charts of {quarter}. Write a quarter as {quarter}, a year as {quarter[:4]}."
        )
    if request.period.grain is Grain.YEAR and ending >= month_of(today).start:
        ending = max(add_months(month_of(today).start, -1), request.period.start)
    return View(grain, ending, request.slice, request.member)


def _pages(request: Request) -> tuple[str, ...]:
    unknown = [name for name in request.pages if name not in request.spec.pages]
    if unknown:
        raise DashboardError(
            f"The pack {request.spec.name!r} has no page {unknown[0]!r}. "
            f"It has {', '.join(request.spec.pages)}."
        )
    return tuple(name for name in request.spec.pages if not request.pages or name in request.pages)


def _page(
    catalog: Catalog,
    ledger: Ledger,
    page: Page,
    view: View,
    request: Request,
    scope: Scope,
    today: date,
) -> PackPage:
    shown = assemble(catalog, ledger, page, view, scope=scope, today=today, as_of=request.as_of)
    notes = read_commentary(
        catalog, ledger, page.name, view, scope=scope, as_of=request.as_of, escape=escaped
    )
    return PackPage(shown, notes)


def _close(ledger: Ledger, request: Request, last: Period) -> Close | None:
    """The close of the very period, or of the part of it that its figures end in, the month `last`."""
    for close in reversed(ledger.closes.standing(as_of=request.as_of)):
        if close.period.start <= last.start and last.end <= close.period.end:
            return close
    return None


def _last_change(catalog: Catalog, ledger: Ledger, view: View) -> datetime:
    """The moment since which nothing has changed that the pack could show: so equal packs say the same."""
    runs = [run.finished_at for run in ledger.runs(1)]
    acts = [act.at for act in ledger.closes.history()]
    notes = [note.at for note in ledger.notes.of_period(note_period(catalog, view))]
    return max([*runs, *acts, *notes])


def _definitions(pages: Iterable[PackPage]) -> tuple[Provenance, ...]:
    """What the figures are made of, each metric once, by name."""
    found: dict[str, Provenance] = {}
    for page in pages:
        for panel in page.shown.panels:
            for about in () if isinstance(panel, LockedPanel | FailedPanel) else panel.about:
                if about.metric.owner:  # the lines of a statement are told by the statement
                    found.setdefault(about.metric.id, about)
    return tuple(sorted(found.values(), key=lambda about: (about.metric.name, about.metric.id)))


def _restated(
    catalog: Catalog,
    ledger: Ledger,
    request: Request,
    pages: Sequence[PackPage],
    scope: Scope,
) -> tuple[RestatedFigure, ...]:
    """The restatements of the pack's period and of the periods before it that are closed."""
    catalog = catalog_as_of(catalog, ledger, request.as_of)
    metrics = _metrics(catalog, [page.shown for page in pages])
    closes = [
        close
        for close in ledger.closes.standing(as_of=request.as_of)
        if close.period.end <= request.period.end
    ]
    if not closes or not metrics:
        return ()
    mask = read_masked(
        catalog, ledger, metrics, {(), request.slice}, scope=scope, as_of=request.as_of, restated=True
    ).mask
    found = [
        each
        for close in sorted(closes, key=lambda close: close.period, reverse=True)
        for each in restatements(
            catalog,
            ledger,
            close,
            scope=scope,
            metrics=metrics,
            slices=(request.slice,),
            as_of=request.as_of,
            mask=mask,
        )
        if each.member == request.member
    ]
    return tuple(_figure(catalog, each) for each in found)


def _metrics(catalog: Catalog, pages: Iterable[BoardPage]) -> tuple[Metric, ...]:
    named = {
        about.metric.id
        for page in pages
        for panel in page.panels
        if not isinstance(panel, LockedPanel | FailedPanel)
        for about in panel.about
    }
    return tuple(metric for name, metric in catalog.metrics.items() if name in named)


def _figure(catalog: Catalog, found: Restatement) -> RestatedFigure:
    how = {"locale": catalog.board.locale, "currency": catalog.board.currency}
    unit = found.metric.unit
    return RestatedFigure(
        period=f"{found.close.name} ({format_period(found.close.period, locale=catalog.board.locale)})",
        metric=found.metric.name,
        then=format_value(found.then.value, unit, **how),
        now=format_value(found.now.value, unit, **how),
        difference=format_change(found.size, unit, **how),
        causes=", ".join(found.causes),
        run=found.close.run,
    )
