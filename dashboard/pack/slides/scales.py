"""Axes of native charts: round ends, round steps, and the number format of their labels."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dashboard.charts.axis import nice_ticks
from dashboard.charts.marks import extent
from dashboard.definitions.model import Board
from dashboard.pack.number_formats import tick_code
from dashboard.pack.slides.chart_model import Scale
from dashboard.units import Unit

CLEAR = 0.03  # of an axis: what is nearer to its end touches the names beside it
FINE = 6  # labels of an axis that lies


def rounded(low: float, high: float, unit: Unit, board: Board) -> Scale:
    """The axis from `low` to `high`, widened to whole steps: PowerPoint counts its labels from the end."""
    return _stepped(nice_ticks(low, high), low, high, unit, board)


def _stepped(ticks: Sequence[float], low: float, high: float, unit: Unit, board: Board) -> Scale:
    step = ticks[1] - ticks[0] if len(ticks) > 1 else (high - low) or 1.0
    first = round(math.floor(low / step + 1e-9) * step, 12)
    last = round(math.ceil(high / step - 1e-9) * step, 12)
    if last <= first:
        last = first + step
    largest = max(abs(first), abs(last))
    return Scale(first, last, round(step, 12), tick_code(largest, step, unit, board))


def of_items(values: Iterable[float | None], unit: Unit, board: Board, *, from_zero: bool) -> Scale:
    """The axis of a chart with a line an item, with room for the figure beside the longest.

    Its far end needs no label, so that it is not widened to one: half of the chart might stay empty.
    """
    known = tuple(values)
    low, high = extent(known, from_zero=from_zero)
    least = min((value for value in known if value is not None), default=0.0)
    if low < 0 and least > CLEAR * (high - low):  # a dot on the end of the axis would stand on its name
        low = 0.0  # no label tells of what cannot be, as days before the first
    scale = _stepped(nice_ticks(low, high, most=FINE), low, high, unit, board)
    return replace(scale, high=max(float(f"{high:.4g}"), scale.low + scale.step))


def of_places(count: int) -> Scale:
    """The other axis of such a chart, where it is a scatter: from the top down, without labels."""
    return Scale(count + 0.5, 0.5, 1.0, "General", shown=False)
