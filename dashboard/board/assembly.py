"""Series, analysis and definitions become the panels of a page: the ledger is read once, then all is pure."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from dashboard.board.answer import answer
from dashboard.board.beside_book import read_beside
from dashboard.board.bridge_exhibits import bridge, statement
from dashboard.board.checklist_exhibit import checklist
from dashboard.board.closed_period import closed_period
from dashboard.board.cohort_exhibits import cohort
from dashboard.board.cohorts import by_age
from dashboard.board.definition_changes import as_annotations, definition_changes
from dashboard.board.desk import Desk
from dashboard.board.driver_exhibits import drivers, drivers_title
from dashboard.board.effect_exhibits import TITLE, effects
from dashboard.board.equity import is_valued
from dashboard.board.equity_exhibits import equity_bridge, equity_statement
from dashboard.board.evidence_exhibits import evidence, register
from dashboard.board.gap_exhibits import bullets, butterfly, dumbbell
from dashboard.board.gate_exhibit import gate
from dashboard.board.heading import stale_line, summary
from dashboard.board.lines import derivation_title
from dashboard.board.lines_exhibit import lines
from dashboard.board.masking import read_masked
from dashboard.board.member_exhibits import matrix, pareto, ranking
from dashboard.board.note_exhibit import note
from dashboard.board.panels import (
    BoardPage,
    ExhibitPanel,
    FailedPanel,
    LockedPanel,
    PairPanel,
    Panel,
    TrendPanel,
)
from dashboard.board.provenance import Freshness, Provenance, freshness, locked_datasets
from dashboard.board.reading import Reading, State, read_metric
from dashboard.board.risk_trust import calibration_lines
from dashboard.board.sentences import members_sentence, pair_sentence, verdict
from dashboard.board.shown import OF_DERIVATIONS, metrics_known, shown_metrics, shown_slices
from dashboard.board.survey_trust import said_of, trust_lines
from dashboard.board.survival_exhibits import survival
from dashboard.board.view import View, group_label
from dashboard.board.voices_exhibit import voices
from dashboard.definitions.derivation import Derivation
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Catalog, Metric, Page, PanelKind, PanelSpec, Slice
from dashboard.errors import DashboardError, fault_reference, fault_text
from dashboard.ledger.book import DatasetState
from dashboard.ledger.closing import catalog_as_of
from dashboard.ledger.figures import figure
from dashboard.ledger.scope import Scope
from dashboard.ledger.store import Ledger
from dashboard.units import Unit

MOST_MEMBERS = 6
LOG = logging.getLogger("boardseat")


def assemble(
    catalog: Catalog,
    ledger: Ledger,
    page: Page,
    view: View,
    *,
    scope: Scope,
    today: date,
    as_of: datetime | None = None,
    restated: bool = False,
) -> BoardPage:
    """Read from the ledger, as it stood at the moment `as_of`, and make every panel of a page.

    Periods that were closed are shown as they were closed; `restated` shows them as they are known now.

    One that cannot be made becomes a FailedPanel with its error's text, or, where the fault is ours, with a
    reference to the traceback in the log; the others stand.
    `today` is the day in the company's own zone.
    """
    catalog = catalog_as_of(catalog, ledger, as_of)
    metrics = shown_metrics(catalog, page)
    slices: set[Slice] = {(), view.slice, *shown_slices(catalog, page, view)}
    known = metrics_known(catalog, page)
    book = read_masked(catalog, ledger, known, slices, scope=scope, as_of=as_of, restated=restated)
    changes = definition_changes(catalog, ledger, metrics, as_of=as_of)
    catalog = replace(catalog, annotations=(*catalog.annotations, *as_annotations(changes)))
    book = replace(book, beside=read_beside(catalog, ledger, metrics, slices, scope=scope, as_of=as_of))
    desk = Desk(catalog, book, view, today, changes)
    datasets = sorted({name for metric in metrics for name in datasets_of(catalog, metric)})
    states = [freshness(catalog, book.states, name, today) for name in datasets]
    stale = tuple(state.stale for state in states if state.stale)
    panels = tuple(panel for spec in page.panels for panel in _panels(desk, spec))
    by_period = [metric for metric in metrics if not by_age(metric)]
    return BoardPage(
        page=page,
        view=view,
        summary=summary(catalog, view),
        answer=answer(panels, view),
        panels=panels,
        stale=stale,
        stale_line=stale_line(len(stale), len(states)),
        failures=tuple(dict.fromkeys(state.failure for state in states if state.failure)),
        run=book.run,
        board=catalog.board,
        closed=closed_period(catalog, ledger, book, by_period, view, scope=scope, as_of=as_of),
    )


def _panels(desk: Desk, spec: PanelSpec) -> tuple[Panel, ...]:
    """The panel of an entry; effects bring a picture of each initiative with them."""
    title = _title(desk.catalog, spec)
    try:
        made = effects(desk, spec) if spec.kind is PanelKind.EFFECTS else (_made(desk, spec),)
        locked = _unsliced(desk, spec, title)
    except DashboardError as error:
        return (FailedPanel(spec.key, title, str(error)),)
    except Exception as error:
        reference = fault_reference(error)
        LOG.exception(
            "Reference %s: panel %s of the configuration %s", reference, spec.key, desk.catalog.version
        )
        return (FailedPanel(spec.key, title, fault_text(reference)),)
    first, *others = (locked,) if locked else made
    return (_told(desk, spec, first), *(_with_trust(desk, spec, each) for each in others))


def _told(desk: Desk, spec: PanelSpec, panel: PairPanel | TrendPanel | ExhibitPanel | LockedPanel) -> Panel:
    """The panel under the heading that it was given, with what its surveys lack."""
    if isinstance(panel, ExhibitPanel):
        panel = _with_trust(desk, spec, panel)
    return replace(panel, sentence=spec.title) if spec.title and not isinstance(panel, LockedPanel) else panel


def _with_trust(desk: Desk, spec: PanelSpec, panel: ExhibitPanel | LockedPanel) -> ExhibitPanel | LockedPanel:
    """The exhibit with what it says of its surveys; of effects each picture says that of its own metric."""
    if isinstance(panel, LockedPanel) or (spec.kind is PanelKind.EFFECTS and not panel.under):
        return panel
    names = [each.metric.id for each in panel.about] if panel.under else spec.subjects
    return replace(panel, small_print=(*panel.small_print, *_trust(desk, spec, names)))


def _trust(desk: Desk, spec: PanelSpec, names: Sequence[str]) -> tuple[str, ...]:
    """What an exhibit says of its surveys and of chances that it told."""
    metrics = [desk.catalog.metrics[name] for name in names if name in desk.catalog.metrics]
    grouped = bool(spec.by or desk.view.slice)
    lines = [trust_lines(desk.catalog, desk.book, each, desk.period, grouped=grouped) for each in metrics]
    lines += [calibration_lines(desk.catalog, desk.book, each, desk.period, desk.view) for each in metrics]
    return said_of([each.name for each in (*metrics, *metrics)], lines)


OF_ONE = {PanelKind.RANKING: ranking, PanelKind.PARETO: pareto, PanelKind.MATRIX: matrix}
OF_WORDS = frozenset({PanelKind.NOTE, PanelKind.CHECKLIST, PanelKind.EVIDENCE})
OF_TWO = {PanelKind.DUMBBELL: dumbbell, PanelKind.BUTTERFLY: butterfly, PanelKind.BULLET: bullets}


def _title(catalog: Catalog, spec: PanelSpec) -> str:
    if spec.kind is PanelKind.EFFECTS:
        return TITLE
    if spec.kind is PanelKind.DRIVERS:
        return drivers_title(catalog.datasets[spec.subjects[0]])
    if spec.kind in OF_DERIVATIONS:
        return " and ".join(derivation_title(catalog.derivations[name]) for name in spec.subjects)
    return " and ".join(catalog.metric(name).name for name in spec.subjects) or "Evidence"


def _unsliced(desk: Desk, spec: PanelSpec, title: str) -> LockedPanel | None:
    metrics = [desk.catalog.metrics[name] for name in spec.subjects if name in desk.catalog.metrics]
    return desk.unsliced(spec.key, title, metrics, spec.by)


def _made(desk: Desk, spec: PanelSpec) -> PairPanel | TrendPanel | ExhibitPanel | LockedPanel:
    if spec.kind in OF_DERIVATIONS:
        return _derived(desk, spec, desk.catalog.derivations[spec.subjects[0]])
    if spec.kind is PanelKind.DRIVERS:
        return drivers(desk, spec.key, desk.catalog.datasets[spec.subjects[0]])
    metrics = [desk.catalog.metric(name) for name in spec.subjects]
    if spec.kind in OF_WORDS:
        return _in_words(desk, spec, metrics)
    if spec.kind in OF_ONE:
        return OF_ONE[spec.kind](desk, spec.key, metrics[0], spec.by)
    if spec.kind in OF_TWO:
        return OF_TWO[spec.kind](desk, spec.key, metrics, spec.by)
    return (_pair if spec.kind is PanelKind.PAIR else _trend)(desk, spec, spec.key)


def _in_words(desk: Desk, spec: PanelSpec, metrics: Sequence[Metric]) -> ExhibitPanel | LockedPanel:
    if spec.kind is PanelKind.NOTE:
        return note(spec)
    if spec.kind is PanelKind.CHECKLIST:
        if spec.gate is not None:
            return gate(desk, spec.key, spec.gate, spec.items, metrics)
        return checklist(desk, spec.key, spec.items, metrics)
    return evidence(desk, spec.key, metrics[0]) if metrics else register(desk, spec.key)


def _derived(desk: Desk, spec: PanelSpec, derivation: Derivation) -> ExhibitPanel | LockedPanel:
    if spec.kind is PanelKind.SURVIVAL:
        return survival(desk, spec.key, derivation, spec.by)
    if spec.kind is PanelKind.COHORT:
        return cohort(desk, spec.key, derivation)
    if spec.kind is PanelKind.VOICES:
        return voices(desk, spec.key, derivation)
    if spec.kind is PanelKind.LINES:
        return lines(desk, spec.key, derivation)
    if is_valued(derivation):
        of_equity = equity_bridge if spec.kind is PanelKind.BRIDGE else equity_statement
        return of_equity(desk, spec.key, derivation)
    return (bridge if spec.kind is PanelKind.BRIDGE else statement)(desk, spec.key, derivation)


def _pair(desk: Desk, spec: PanelSpec, key: str) -> PairPanel | TrendPanel | LockedPanel:
    metric = desk.catalog.metric(spec.subjects[0])
    if metric.neighbour is None:
        raise DashboardError(
            f"{metric.name} has no neighbour. Name one in {metric.file}, or draw it as a trend."
        )
    sides = (metric, desk.catalog.metric(metric.neighbour.metric))
    readings = tuple(read_metric(desk.catalog, desk.book, side, desk.view) for side in sides)
    if locked := _locked(desk.book.states, readings):
        return _one_side(desk, key, readings, locked)
    about = desk.about(sides)
    return PairPanel(key, pair_sentence(*readings), readings, about, _notices(about))


def _one_side(
    desk: Desk, key: str, readings: Sequence[Reading], locked: tuple[str, ...]
) -> TrendPanel | LockedPanel:
    """A pair of which one side is not connected: the other alone, with what would unlock the pair."""
    there = [reading for reading in readings if reading.state is not State.LOCKED]
    if not there:
        return LockedPanel(key, " and ".join(each.metric.name for each in readings), locked)
    [absent] = (each.metric.name for each in readings if each.state is State.LOCKED)
    metric = there[0].metric
    about = desk.about([metric])
    told = f"{absent} is locked. It opens as soon as this data is measured: {', '.join(locked)}."
    label = f"{metric.name} · {metric.side.value}"
    return TrendPanel(key, f"{verdict(there[0])}.", tuple(there), about, (told, *_notices(about)), (label,))


def _trend(desk: Desk, spec: PanelSpec, key: str) -> TrendPanel | LockedPanel:
    metric = desk.catalog.metric(spec.subjects[0])
    groups = _groups(desk, metric, spec.by)
    largest = sorted(groups[:MOST_MEMBERS])
    views = [replace(desk.view, slice=spec.by or desk.view.slice, member=member) for member in largest]
    readings = tuple(read_metric(desk.catalog, desk.book, metric, view) for view in views)
    if locked := _locked(
        desk.book.states, readings or (read_metric(desk.catalog, desk.book, metric, desk.view),)
    ):
        return LockedPanel(key, metric.name, locked)
    labels = tuple(group_label(view.slice, view.member) for view in views)
    about = desk.about([metric])
    left_out = len(groups) - len(largest)
    sentence = (
        members_sentence(readings, metric.name, labels, left_out) if spec.by else f"{verdict(readings[0])}."
    )
    return TrendPanel(key, sentence, readings, about, _notices(about), labels, left_out)


def _groups(desk: Desk, metric: Metric, by: Slice) -> list[tuple[str, ...]]:
    """The members to draw, largest first: by the figure where it is an amount or a count, else by n."""
    if not by:
        return [desk.view.member]
    members = desk.book.members(by)
    if desk.view.slice == by:  # the viewer has chosen one group of this very slice
        return [member for member in members if member == desk.view.member]
    period = desk.view.period(desk.catalog.board.calendar)

    def size(member: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
        found = figure(desk.catalog, desk.book, metric, period, by, member)
        weight = found.value if metric.unit in (Unit.CURRENCY, Unit.COUNT, Unit.ITEMS) else found.n
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
