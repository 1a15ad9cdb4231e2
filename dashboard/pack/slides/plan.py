"""A presentation before it is drawn: slides with their texts, each already of a size that fits."""

from dataclasses import dataclass

from dashboard.pack.slides.chart_model import NativeChart
from dashboard.pack.slides.fitting import Room, Words

APART = 14.0  # points between a table, figures or reasons that follow one another


@dataclass(frozen=True)
class Cell:
    """A field of a table; `shade` is the colour behind it, `figure` puts it to the right.

    `colour` is that of its text, and `to` the number of the slide that it leads to.
    """

    text: str
    figure: bool = False
    shade: str | None = None
    bold: bool = False
    colour: str | None = None
    to: int | None = None


@dataclass(frozen=True)
class Grid:
    """A native table. `widths` are shares of its width, `heights` of its rows in points, the heads first.

    `padding` is what is left above and below the text of a field together, in points.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float
    description: str
    padding: float = 6.0


@dataclass(frozen=True)
class Picture:
    """A drawing that PowerPoint has no chart for: SVG, and PNG for programs that cannot show that."""

    svg: bytes
    png: bytes
    description: str
    ratio: float  # height by width


@dataclass(frozen=True)
class Charts:
    """Native charts on one slide, in rows of `columns`."""

    charts: tuple[NativeChart, ...]
    columns: int = 1


@dataclass(frozen=True)
class Cover:
    """The first slide."""

    title: str
    lines: tuple[Words, ...]
    notes: str
    section: str = "Summary"


@dataclass(frozen=True)
class Exhibit:
    """A slide with a drawing, its figures beside it, and why it is measured."""

    title: Words
    question: str
    body: Charts | Picture | Grid
    figures: tuple[Words, ...]
    why: tuple[Words, ...]
    notes: str
    section: str


@dataclass(frozen=True)
class Text:
    """A slide of words, or of one table with what stands under it."""

    title: Words
    question: str
    body: tuple[Words, ...] | Grid
    notes: str
    section: str
    under: tuple[Words, ...] = ()


Slide = Cover | Exhibit | Text


@dataclass(frozen=True)
class Rooms:
    """The places that the layouts of a template give, and the size of its titles in points."""

    title: Room
    exhibit: Room
    figures: Room
    why: Room
    text: Room
    cover: Room
    title_size: float
