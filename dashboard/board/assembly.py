"""Series, analysis and definitions become the panels of a page: the ledger is read once, then all is pure."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.board.heading import stale_line, summary
from dashboard.board.panels import BoardPage, FailedPanel, LockedPanel, PairPanel, Panel, TrendPanel
from dashboard.board.provenance import Freshness, Provenance, freshness, locked_datasets, provenance
from dashboard.board.reading import Reading, State, read_metric
from dashboard.board.view import View, group_label
from dashboard.board.wording import members_sentence, pair_sentence, verdict
from dashboard.definitions.lineage import datasets_of, measures_of
from dashboard.definitions.model import Catalog, Metric, Page, PanelKind, PanelSpec, Slice
from dashboard.errors import DashboardError, fault_reference, fault_text
from dashboard.ledger.book import Book, DatasetState
from dashboard.ledger.figures import figure
from dashboard.ledger.scope import Scope
from dashboard.ledger.store import Ledger
from dashboard.units import Unit

MOST_MEMBERS = 6
LOG = logging.getLogger("boardseat")


@dataclass(frozen=True)
class _Desk:
    """What every panel of a page is made from."""

    catalog: Catalog
    book: Book
    view: View
    today: date


def assemble(
    catalog: Catalog, ledger: Ledger, page: Page, view: View, *, scope: Scope, today: date
) -> BoardPage:
    """Read once from the ledger and make every panel of a page.

    One that cannot be made becomes a FailedPanel with its error's text, or, where the fault is ours, with a
    reference to the traceback in the log; the others stand.
    `today` is the day in the company's own zone.
    """
    metrics = [catalog.metric(name) for name in page_metrics(catalog, page)]
    measures = {key: version for metric in metrics for key, version in measures_of(catalog, metric).items()}
    slices: set[Slice] = {(), view.slice, *(spec.by for spec in page.panels)}
    book = ledger.book(measures, slices, scope=scope)
    desk = _Desk(catalog, book, view, today)
    datasets = sorted({name for metric in metrics for name in datasets_of(catalog, metric)})
    states = [freshness(catalog, book.states, name, today) for name in datasets]
    stale = tuple(state.stale for state in states if state.stale)
    return BoardPage(
        page=page,
        view=view,
        summary=summary(catalog, view),
        panels=tuple(_panel(desk, spec) for spec in page.panels),
        stale=stale,
        stale_line=stale_line(len(stale), len(states)),
        failures=tuple(dict.fromkeys(state.failure for state in states if state.failure)),
        run=book.run,
    )


def page_metrics(catalog: Catalog, page: Page) -> tuple[str, ...]:
    """Names of all metrics on a page, neighbours included, in order of first use."""
    names: dict[str, None] = {}
    for spec in page.panels:
        names[spec.metric] = None
        pair = catalog.metric(spec.metric).neighbour
        if spec.kind is PanelKind.PAIR and pair is not None:
            names[pair.metric] = None
    return tuple(names)


def _panel(desk: _Desk, spec: PanelSpec) -> Panel:
    key = f"{spec.kind.value}-{spec.metric}" + (f"-by-{'-'.join(spec.by)}" if spec.by else "")
    make = {PanelKind.PAIR: _pair, PanelKind.TREND: _trend}[spec.kind]
    try:
        panel = make(desk, spec, key)
    except DashboardError as error:
        return FailedPanel(key, desk.catalog.metric(spec.metric).name, str(error))
    except Exception as error:
        reference = fault_reference(error)
        LOG.exception("Reference %s: panel %s of the configuration %s", reference, key, desk.catalog.version)
        return FailedPanel(key, desk.catalog.metric(spec.metric).name, fault_text(reference))
    return replace(panel, sentence=spec.title) if spec.title and not isinstance(panel, LockedPanel) else panel


def _pair(desk: _Desk, spec: PanelSpec, key: str) -> PairPanel | LockedPanel:
    metric = desk.catalog.metric(spec.metric)
    if metric.neighbour is None:
        raise DashboardError(
            f"{metric.name} has no neighbour. Name one in {metric.file}, or draw it as a trend."
        )
    sides = (metric, desk.catalog.metric(metric.neighbour.metric))
    readings = tuple(read_metric(desk.catalog, desk.book, side, desk.view) for side in sides)
    if locked := _locked(desk.book.states, readings):
        return LockedPanel(key, f"{sides[0].name} and {sides[1].name}", locked)
    about = tuple(provenance(desk.catalog, desk.book.states, side, desk.today) for side in sides)
    return PairPanel(key, pair_sentence(*readings), readings, about, _notices(about))


def _trend(desk: _Desk, spec: PanelSpec, key: str) -> TrendPanel | LockedPanel:
    metric = desk.catalog.metric(spec.metric)
    groups = _groups(desk, metric, spec.by)
    largest = sorted(groups[:MOST_MEMBERS])
    views = [replace(desk.view, slice=spec.by or desk.view.slice, member=member) for member in largest]
    readings = tuple(read_metric(desk.catalog, desk.book, metric, view) for view in views)
    if locked := _locked(
        desk.book.states, readings or (read_metric(desk.catalog, desk.book, metric, desk.view),)
    ):
        return LockedPanel(key, metric.name, locked)
    labels = tuple(group_label(view.slice, view.member) for view in views)
    about = (provenance(desk.catalog, desk.book.states, metric, desk.today),)
    left_out = len(groups) - len(largest)
    sentence = (
        members_sentence(readings, metric.name, labels, left_out) if spec.by else f"{verdict(readings[0])}."
    )
    return TrendPanel(key, sentence, readings, about, _notices(about), labels, left_out)


def _groups(desk: _Desk, metric: Metric, by: Slice) -> list[tuple[str, ...]]:
    """The members to draw, largest first: by the figure where it is an amount or a count, else by n."""
    if not by:
        return [desk.view.member]
    members = desk.book.members(by)
    if desk.view.slice == by:  # the viewer has chosen one group of this very slice
        return [member for member in members if member == desk.view.member]
    period = desk.view.period(desk.catalog.board.calendar)

    def size(member: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
        found = figure(desk.catalog, desk.book, metric, period, by, member)
        weight = found.value if metric.unit in (Unit.CURRENCY, Unit.COUNT) else found.n
        return -(weight or found.value or 0), member

    return sorted(members, key=size)


def _locked(states: Mapping[str, DatasetState], readings: Sequence[Reading]) -> tuple[str, ...]:
    locked = [reading for reading in readings if reading.state is State.LOCKED]
    return tuple(sorted({name for reading in locked for name in locked_datasets(states, reading)}))


def _notices(about: Sequence[Provenance]) -> tuple[str, ...]:
    states = [item for part in about for item in part.freshness]
    return tuple(dict.fromkeys(_failed(item) for item in states if item.failure))


def _failed(state: Freshness) -> str:
    return f"The last refresh of {state.dataset} failed; the figures are those known before."
