"""The Catalog: all that the configuration says, frozen and resolved. Built by `load.load_catalog` alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from dashboard.definitions.chart_kinds import ChartKind
from dashboard.definitions.derivation import Derivation
from dashboard.definitions.expressions import Formula
from dashboard.definitions.origins import (
    At,
    Behaviour,
    ColumnUse,
    Dataset,
    Drivers,
    Lookup,
    Measure,
    Slice,
    Span,
)
from dashboard.definitions.pack import PackSpec
from dashboard.definitions.panel_specs import Gate, PanelKind, PanelSpec
from dashboard.errors import UnknownNameError
from dashboard.periods import FiscalCalendar
from dashboard.units import Unit
from yamlfiles.problems import did_you_mean

__all__ = [
    "At",
    "Behaviour",
    "Better",
    "Board",
    "Catalog",
    "ChartKind",
    "ColumnUse",
    "ControlTotal",
    "Dataset",
    "Derivation",
    "Drivers",
    "Gate",
    "IntervalKind",
    "Lookup",
    "Measure",
    "Metric",
    "Neighbour",
    "Origin",
    "Page",
    "PanelKind",
    "PanelSpec",
    "Rules",
    "Side",
    "Slice",
    "Span",
    "SurveyCoverage",
]

Origin = Dataset | Derivation


class Better(StrEnum):
    """The direction that is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"
    ZERO = "zero"


class Side(StrEnum):
    """Whose figure it is."""

    CUSTOMER = "customer"
    FINANCIAL = "financial"
    PEOPLE = "people"


class IntervalKind(StrEnum):
    """The interval that belongs to the figure."""

    NPS = "nps"
    PROPORTION = "proportion"
    MEAN = "mean"
    NONE = "none"


@dataclass(frozen=True)
class Rules:
    """The process-behaviour rules that a board has chosen; printed on every chart."""

    two_in_three: str = "mdc"
    trend_length: int = 7
    minimum_points: int = 13


@dataclass(frozen=True)
class ControlTotal:
    """Two metrics that must agree over a period, within so much of their unit, before it is closed."""

    metric: str
    ties_to: str
    within: float


@dataclass(frozen=True)
class Board:
    """config/board.yaml."""

    organisation: str
    currency: str
    locale: str
    time_zone: str
    calendar: FiscalCalendar
    minimum_group: int
    discount_rate: float | None
    pages: tuple[str, ...]
    rules: Rules
    control_totals: tuple[ControlTotal, ...] = ()


@dataclass(frozen=True)
class Neighbour:
    """The metric on the other side of the pair, and the belief about how they move together."""

    metric: str
    sign: str  # plus, minus, none
    lag: tuple[int, int] | None  # quarters, first and last
    because: str


@dataclass(frozen=True)
class SurveyCoverage:
    """The metric that says how many of those asked answered: in total, or of one member of a slice."""

    metric: str
    slice: Slice = ()
    member: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric:
    """A KPI: a formula over measures, with its meaning."""

    id: str
    name: str
    question: str
    why: str
    formula: Formula
    formula_text: str
    unit: Unit
    better: Better
    side: Side
    interval: IntervalKind
    interval_parts: tuple[Formula, ...]  # as shapes.interval_parts gives them
    base: Formula | None  # n
    base_text: str | None
    owner: str
    action: str | None
    targets: tuple[tuple[date, float], ...]  # valid from, ascending
    target_measure: str | None
    neighbour: Neighbour | None
    no_neighbour: str | None  # why there is none
    source: str | None
    pitfalls: str | None
    version: str
    file: str = ""
    no_target: str | None = None  # why there is none
    chart: ChartKind = ChartKind.XMR
    tolerance: float = 0.0  # in its unit: a closed figure that differs by no more is not restated
    target_stands: bool = False  # a measured target holds until the next one, and not for its month alone
    member_targets: Mapping[tuple[Slice, tuple[str, ...]], tuple[tuple[date, float], ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    coverage: SurveyCoverage | None = None  # of a survey: how many of those asked answered
    no_coverage: str | None = None  # why that is not known
    activity: bool = False  # counts what we do, not what came of it
    feeds_pay: bool = False
    scenarios: Mapping[str, Formula] = field(default_factory=lambda: MappingProxyType({}))
    scenario_bases: Mapping[str, Formula] = field(default_factory=lambda: MappingProxyType({}))


class AnnotationKind(StrEnum):
    """What an annotation is about; the first two restart the control limits."""

    REBASE = "rebase"
    DEFINITION = "definition"
    EVENT = "event"
    PRICE = "price"
    COMPETITOR = "competitor"


REBASING = frozenset({AnnotationKind.REBASE, AnnotationKind.DEFINITION})


@dataclass(frozen=True)
class Annotation:
    """Something that happened, drawn on the trends of `metrics`; of all, where there is none."""

    at: date
    text: str
    kind: AnnotationKind
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """config/pages/<name>.yaml: one question of the board."""

    name: str
    title: str
    question: str
    panels: tuple[PanelSpec, ...]


def _no_entries() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Catalog:
    """Everything that is defined. `version` is a hash of the whole configuration."""

    board: Board
    sources: Mapping[str, str]  # name -> owner ("" where none is named)
    datasets: Mapping[str, Dataset]
    metrics: Mapping[str, Metric]
    pages: Mapping[str, Page]
    version: str
    places: Mapping[str, str] = field(
        default_factory=_no_entries
    )  # "metrics.nps" -> "metrics/loyalty.yaml:3"
    column_uses: tuple[ColumnUse, ...] = ()
    derivations: Mapping[str, Derivation] = field(default_factory=lambda: MappingProxyType({}))
    annotations: tuple[Annotation, ...] = ()
    packs: Mapping[str, PackSpec] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Everything that has measures of its own or may be looked up: datasets, then derivations."""
        return {**self.datasets, **self.derivations}

    def origin(self, name: str) -> Origin:
        """The dataset or derivation of that name; only for names that loading has resolved."""
        return self.datasets[name] if name in self.datasets else self.derivations[name]

    def metric(self, name: str) -> Metric:
        """The metric, or UnknownNameError with the nearest name."""
        if name not in self.metrics:
            raise UnknownNameError(f"There is no metric {name!r}. {did_you_mean(name, self.metrics)}")
        return self.metrics[name]

    def page(self, name: str) -> Page:
        """The page, or UnknownNameError with the nearest name."""
        if name not in self.pages:
            raise UnknownNameError(f"There is no page {name!r}. {did_you_mean(name, self.pages)}")
        return self.pages[name]

    def pack(self, name: str | None = None) -> PackSpec:
        """The pack, or the only one where none is named; UnknownNameError with the names otherwise."""
        if name is None and len(self.packs) > 1:
            raise UnknownNameError(f"There are several packs. Name one: {', '.join(self.packs)}.")
        name = next(iter(self.packs)) if name is None else name
        if name not in self.packs:
            raise UnknownNameError(f"There is no pack {name!r}. {did_you_mean(name, self.packs)}")
        return self.packs[name]

    def measure(self, key: str) -> Measure:
        """The measure `dataset.name` or `derivation.name`; only for names that loading has resolved."""
        origin, _, name = key.partition(".")
        return self.origin(origin).measures[name]
