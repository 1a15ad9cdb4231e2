"""Panels put into words and drawings, ready for the screen: made once, so that a rerun only draws."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal

from dashboard.analysis.change import Signal
from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, PairPanel, Panel, TrendPanel
from dashboard.board.reading import Reading, State
from dashboard.board.sheet import Field, Sheet
from dashboard.board.wording import (
    change_text,
    detail_lines,
    headline_text,
    signal_label,
    text_equivalent,
)
from dashboard.charts.exhibit import chart_spec
from dashboard.charts.forms import drawing_spec
from dashboard.charts.theme import Palette
from dashboard.definitions.model import PanelKind
from dashboard.screens.text import literal

Colour = Literal["blue", "orange", "violet", "gray"]

TALL = 500  # pixels: a drawing so high has none of its kind to stand beside
NEAR = 3  # cards, among which the next of a kind is looked for: a farther one is left to its neighbours
AS_TABLES = frozenset({PanelKind.STATEMENT, PanelKind.CHECKLIST, PanelKind.LINES})
WITH_TABLE = frozenset({PanelKind.EFFECTS})  # beside their drawing
BADGES: dict[Signal, tuple[Colour, str]] = {
    Signal.IMPROVED: ("blue", ":material/check_circle:"),
    Signal.WORSENED: ("orange", ":material/error:"),
    Signal.SHIFTED_UP: ("violet", ":material/north_east:"),
    Signal.SHIFTED_DOWN: ("violet", ":material/south_east:"),
    Signal.NO_DETECTABLE_CHANGE: ("gray", ":material/remove:"),
    Signal.TOO_FEW_POINTS: ("gray", ":material/hourglass_empty:"),
    Signal.NOT_MEASURED: ("gray", ":material/block:"),
}


@dataclass(frozen=True)
class FigureCard:
    """One metric of a card. `chart` is a Vega-Lite specification, None where there is nothing to draw."""

    label: str
    value: str
    change: str | None
    badge: str
    colour: Colour
    icon: str
    chart: dict[str, Any] | None
    chart_text: str
    small_print: str


@dataclass(frozen=True)
class Card:
    """A panel on the screen; every text is ready to be given to Markdown."""

    key: str
    heading: str
    notes: tuple[str, ...]
    figures: tuple[FigureCard, ...]
    error: str | None
    panel: PairPanel | TrendPanel | ExhibitPanel | None
    exhibit: dict[str, Any] | None = None  # a drawing that fills the card, as a Vega-Lite specification
    exhibit_text: str = ""
    small_print: str = ""
    table: Sheet | None = None  # shown as it is, where the exhibit is a table
    quotes: tuple[str, ...] = ()  # of voices: what was said, each with whose it is
    choice: str = ""  # of a card under another: what it tells more of
    under: tuple["Card", ...] = ()  # of which one is shown at a time, below

    @property
    def wide(self) -> bool:
        """Whether it needs a row of its own."""
        large = len(self.figures) > 2 or (self.exhibit is not None and self.exhibit.get("height", 0) > TALL)
        return large or self.table is not None or bool(self.quotes)

    @cached_property
    def content(self) -> str:
        """A short name for all that is drawn below the heading: where it is equal, the drawing is."""
        drawn = replace(self, key="", heading="", panel=None, choice="", under=())
        return blake2b(repr(drawn).encode(), digest_size=16).hexdigest()


def cards(panels: Sequence[Panel], palette: Palette) -> tuple[Card, ...]:
    """A card for each panel; what tells more of another is put under it."""
    under: dict[str, list[Card]] = {}
    for panel in panels:
        if isinstance(panel, ExhibitPanel) and panel.under:
            under.setdefault(panel.under, []).append(card(panel, palette))
    return tuple(
        replace(card(panel, palette), under=tuple(under.get(panel.key, ())))
        for panel in panels
        if not (isinstance(panel, ExhibitPanel) and panel.under)
    )


def card(panel: Panel, palette: Palette) -> Card:
    """Put one panel into a card."""
    match panel:
        case LockedPanel(key, title, datasets):
            names = literal(", ".join(datasets))
            lock = f":material/lock: Locked. This exhibit opens as soon as this data is measured: {names}\\."
            return Card(key, literal(title), (lock,), (), None, None)
        case FailedPanel(key, title, message):
            return Card(key, literal(title), (), (), literal(message), None)
        case PairPanel() | TrendPanel():
            return _readings(panel, palette)
        case ExhibitPanel():
            return _exhibit(panel, palette)


def _exhibit(panel: ExhibitPanel, palette: Palette) -> Card:
    return Card(
        key=panel.key,
        heading=literal(panel.sentence),
        notes=tuple(literal(notice) for notice in panel.notices),
        figures=(),
        error=None,
        panel=panel,
        exhibit=drawing_spec(panel.drawing, palette) if panel.drawing is not None else None,
        exhibit_text=panel.text,
        small_print=literal(" · ".join(panel.small_print)),
        table=panel.sheet if _has_table(panel) else None,
        quotes=tuple(map(_quote, panel.sheet.rows)) if panel.kind is PanelKind.VOICES else (),
        choice=literal(panel.choice),
    )


def _has_table(panel: ExhibitPanel) -> bool:
    return panel.kind in AS_TABLES or (panel.kind in WITH_TABLE and not panel.under)


def _quote(row: Sequence[Field]) -> str:
    """A text in quotation marks, and below it whose it is; Streamlit's own quotations are too pale."""
    who, when, score, text = (field.text for field in row)
    told = " · ".join([who, *([f"score {score}"] if score else []), when])
    return f"“{literal(text)}”\n\n:gray[:small[{literal(told)}]]"


def _readings(panel: PairPanel | TrendPanel, palette: Palette) -> Card:
    shared = panel.readings if isinstance(panel, TrendPanel) else ()
    labels = panel.labels or tuple(
        f"{reading.metric.name} · {reading.metric.side.value}" for reading in panel.readings
    )
    figures = tuple(
        _figure(reading, label, palette, shared)
        for reading, label in zip(panel.readings, labels, strict=True)
    )
    notes = [f":material/schedule: {literal(notice)}" for notice in panel.notices]
    if not figures:
        notes.append("No group has been measured in this slice yet.")
    if isinstance(panel, TrendPanel) and panel.left_out:
        notes.append(f"The {len(figures)} largest groups are drawn, {panel.left_out} more are not.")
    return Card(panel.key, literal(panel.sentence), tuple(notes), figures, None, panel)


def _drawable(reading: Reading) -> bool:
    """A chart without a single point would only show an axis that nothing stands on."""
    has_points = any(point.figure.value is not None for point in reading.points)
    return has_points and reading.state is not State.TOO_SMALL


def _figure(reading: Reading, label: str, palette: Palette, shared: tuple[Reading, ...]) -> FigureCard:
    colour, icon = BADGES[reading.signal]
    return FigureCard(
        label=literal(label),
        value=headline_text(reading),
        change=change_text(reading),
        badge=signal_label(reading),
        colour=colour,
        icon=icon,
        chart=chart_spec(reading, palette, shared) if _drawable(reading) else None,
        chart_text=text_equivalent(reading),
        small_print=literal(" · ".join(detail_lines(reading))),
    )


def rows(cards: Sequence[Card]) -> list[tuple[Card, ...]]:
    """Cards as they stand on a page: two of one kind side by side, all others in rows of their own.

    A drawing is half as high as figures with their charts: beside them it would stand above an empty space.
    So a card takes the next one of its kind, if that is among the few that follow, and else fills the row.
    """
    left = list(cards)
    made: list[tuple[Card, ...]] = []
    while left:
        first = left.pop(0)
        near = (place for place, each in enumerate(left[:NEAR]) if _are_alike(first, each))
        place = next(near, None)
        made.append((first,) if place is None else (first, left.pop(place)))
    return made


def _are_alike(one: Card, other: Card) -> bool:
    return not (one.wide or other.wide) and bool(one.figures) is bool(other.figures)
