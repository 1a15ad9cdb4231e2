"""What the forms with one line an item share: the axes of items and of figures, and the room they take."""

import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import altair as alt

from dashboard.charts.axis import value_axis
from dashboard.definitions.model import Board
from dashboard.units import Unit

ROW_HEIGHT = 30
LINE_HEIGHT = 14
LABEL_WIDTH = 150
LABEL_LETTERS = 24
Row = dict[str, Any]


class Layer(alt.Chart):
    """A layer of a drawing, copied without its parts: Altair copies each several times, and changes none."""

    def copy(self, deep: bool | Iterable[str] = True, ignore: list[str] | None = None) -> Self:
        """A copy that shares its data and its channels; `deep` may name the attributes that it does not."""
        return super().copy(deep=False if deep is True else deep, ignore=ignore)

    def __deepcopy__(self, memo: object) -> Self:
        return self.copy()


def inline(rows: Sequence[Row]) -> alt.InlineData:
    """Rows as the data of one layer."""
    return alt.InlineData(values=list(rows))


def pinned(pixels: float) -> alt.YValue:
    """A height in pixels. Not alt.value: that is a dictionary, which Altair takes long to recognise."""
    return alt.YValue(pixels)  # type: ignore[no-untyped-call]


def height(labels: Sequence[str]) -> int:
    """The height of a drawing with these items, in pixels; all rows are as high as the longest label."""
    return max(2, len(labels)) * _row_height(labels)


def _row_height(labels: Sequence[str]) -> int:
    return max(ROW_HEIGHT, LINE_HEIGHT * most_lines(labels, LABEL_LETTERS) + 6)


def broken(label: str, letters: int) -> list[str]:
    """A label in at most three lines, broken between words; what is longer than that ends in three dots."""
    return textwrap.wrap(label, letters, max_lines=3, placeholder=" …") or [""]


def most_lines(labels: Sequence[str], letters: int) -> int:
    """How many lines the longest label takes."""
    return max((len(broken(label, letters)) for label in labels), default=1)


def items_axis(labels: Sequence[str], field: str = "item") -> alt.Y:
    """Items from top to bottom in the order given; long names are broken.

    Positions are numbers, so that two items of one name stay two.
    """
    # A label hangs from its first line: it is lifted by half of the others, to stand beside its mark.
    lift = LINE_HEIGHT / 2 / _row_height(labels)
    places = [
        round(place - lift * (len(broken(label, LABEL_LETTERS)) - 1), 3) for place, label in enumerate(labels)
    ]
    axis = alt.Axis(**written(labels, places, LABEL_LETTERS), labelLimit=LABEL_WIDTH + 40, title=None)
    scale = alt.Scale(domain=[len(labels) - 0.5, -0.5], nice=False, zero=False)
    return alt.Y(f"{field}:Q", axis=axis, scale=scale)


def written(labels: Sequence[str], places: Sequence[float], letters: int) -> dict[str, Any]:
    """What an axis needs to write each label at its place; none is left out."""
    # Looked up by a whole number: a formatted one has a minus sign of its own, which no key has.
    texts = {_key(place): broken(label, letters) for place, label in zip(places, labels, strict=True)}
    return {
        "values": list(places),
        "labelExpr": f"{json.dumps(texts, ensure_ascii=False)}[toString(round(datum.value * 1000))]",
        "labelOverlap": False,
        "labelFontSize": 12,
    }


def _key(place: float) -> str:
    return str(round(place * 1000))


@dataclass(frozen=True)
class FiguresAxis:
    """The axis of figures: every layer of a drawing stands on the same one."""

    axis: alt.Axis
    scale: alt.Scale

    def at(self, field: str = "value") -> alt.X:
        """The position that a field of the layer's rows gives."""
        return alt.X(f"{field}:Q", axis=self.axis, scale=self.scale)


def figures_axis(
    values: Iterable[float | None], unit: Unit, board: Board, *, from_zero: bool, room: float = 0.18
) -> FiguresAxis:
    """The axis for these figures, labelled by the one formatter, with room for a text beside a mark."""
    low, high = extent(values, from_zero=from_zero, room=room)
    return FiguresAxis(
        value_axis(low, high, unit, board), alt.Scale(domain=[low, high], nice=False, zero=False)
    )


def extent(values: Iterable[float | None], *, from_zero: bool, room: float = 0.18) -> tuple[float, float]:
    """The ends of an axis that shows all values; a bar's axis begins at zero.

    `room` is what is left behind the last value for the text beside it, as a share of what is shown.
    """
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = high - low or abs(high) or 1.0
    return (low - (0.04 if low < 0 or not from_zero else 0.0) * span, high + room * span)
