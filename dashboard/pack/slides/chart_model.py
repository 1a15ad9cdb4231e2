"""A chart as PowerPoint can edit it, as plain values: which series, drawn how, on which axes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dashboard.pack.slides.chart_table import ChartTable


@dataclass(frozen=True)
class Stroke:
    """A line; `width` in points; `dash` is a name of DrawingML's, such as sysDash. `opacity` from 0 to 1."""

    colour: str
    width: float
    dash: str | None = None
    opacity: float = 1.0


@dataclass(frozen=True)
class Fill:
    """The inside of a bar or a marker."""

    colour: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Marker:
    """A point's own shape; `symbol` is a name of DrawingML's, such as diamond; `size` in points."""

    symbol: str
    size: int
    fill: Fill | None
    outline: Stroke | None = None


@dataclass(frozen=True)
class PointStyle:
    """One point that looks unlike its series; of a line, `stroke` is that of the piece that leads to it."""

    marker: Marker | None = None
    stroke: Stroke | None = None
    fill: Fill | None = None
    outline: Stroke | None = None


@dataclass(frozen=True)
class Label:
    """What is written at a point: its value in a number format, or a text. `position` is DrawingML's."""

    position: str
    code: str | None = None
    text: str | None = None
    size: int = 10


@dataclass(frozen=True)
class ErrorBars:
    """Lines from each point to both sides; lengths stand in two columns of the table."""

    plus: int
    minus: int
    stroke: Stroke
    direction: str | None = None  # x or y; of bars None, for they have but one


@dataclass(frozen=True)
class Series:
    """One column of the table, drawn. `along` is the column of the places of a scatter chart.

    The series is called after its column, or after the column `named`.
    """

    column: int
    stroke: Stroke | None = None
    fill: Fill | None = None
    outline: Stroke | None = None
    marker: Marker | None = None
    points: Mapping[int, PointStyle] = field(default_factory=dict)
    labels: Mapping[int, Label] = field(default_factory=dict)
    errors: ErrorBars | None = None
    along: int | None = None
    named: int | None = None
    in_legend: bool = False


@dataclass(frozen=True)
class Scale:
    """An axis of figures from `low` to `high` with a label every `step`."""

    low: float
    high: float
    step: float
    code: str
    shown: bool = True
    title: str = ""


class Form(StrEnum):
    """What kind of chart it is; bars lie, the first on top."""

    LINE = "line"
    BARS = "bars"
    STACKED_BARS = "stacked bars"
    SCATTER = "scatter"


@dataclass(frozen=True)
class Plot:
    """Where the chart itself lies inside its frame, as fractions of it."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class NativeChart:
    """A whole chart.

    `behind` are series drawn first, with wider bars (of bullets). `places` is the scale of the other axis of
    a scatter chart; a line chart has a label `label_every` so many months.
    """

    name: str
    form: Form
    table: ChartTable
    series: tuple[Series, ...]
    scale: Scale
    plot: Plot
    description: str
    title: str = ""
    behind: tuple[Series, ...] = ()
    places: Scale | None = None
    label_every: int = 1
    gap: int = 60
