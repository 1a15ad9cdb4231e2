"""Where an axis has labels and what they say: computed here, so that one formatter serves all drawings."""

import json
import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from dashboard.definitions.model import Board
from dashboard.periods import Period
from dashboard.units import MINUS, Unit, axis_unit, format_month_tick, format_tick

MOST_SIGNED = 27
_ABOVE: dict[str, Any] = {
    "titleAngle": 0,
    "titleAnchor": "end",
    "titleAlign": "right",
    "titleX": -6,
    "titleY": -10,
}


def nice_ticks(low: float, high: float, *, most: int = 4) -> tuple[float, ...]:
    """At most `most` round values inside `low` to `high`, 1, 2 or 5 times a power of ten apart."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return (low,) if math.isfinite(low) else ()
    magnitude = 10.0 ** math.floor(math.log10((high - low) / most))
    for factor in (1, 2, 5, 10, 20):
        step = factor * magnitude
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return tuple(round(n * step, 12) for n in range(first, last + 1))
    return (low, high)


def value_axis(low: float, high: float, unit: Unit, board: Board) -> alt.Axis:
    """An axis of figures, labelled by the one formatter, with below it what its labels do not say."""
    return alt.Axis(**_values(low, high, unit, board))


def upright_axis(low: float, high: float, unit: Unit, board: Board) -> dict[str, Any]:
    """The same at the side of a chart, as Vega-Lite takes it: its unit stands above its labels."""
    axis = _values(low, high, unit, board)
    return axis if axis["title"] is None else {**axis, **_ABOVE}


def _values(low: float, high: float, unit: Unit, board: Board) -> dict[str, Any]:
    ticks = nice_ticks(low, high)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else abs(high - low)
    how: dict[str, Any] = {"locale": board.locale, "currency": board.currency}
    largest = max((abs(tick) for tick in ticks), default=0.0)
    labels = {_key(tick): format_tick(tick, step, unit, largest=largest, **how) for tick in ticks}
    # Vega would leave out all but the ends in a low chart, unless it is told how many there are.
    kept = {"values": list(ticks), "tickCount": max(len(ticks), 1)}
    return {**kept, "labelExpr": _lookup(labels), "title": axis_unit(unit)}


def month_axis(months: Sequence[Period], locale: str, *, every: int = 6) -> dict[str, Any]:
    """An axis of months, positions from 0; a label every so many months, counted back from the last.

    As Vega-Lite takes it.
    """
    last = len(months) - 1
    ticks = [index for index in range(len(months)) if (last - index) % every == 0]
    labels = {_key(index): format_month_tick(months[index], locale=locale) for index in ticks}
    placed = {"title": None, "labelFlush": False, "labelAngle": 0}
    return {"values": ticks, "labelExpr": _lookup(labels), **placed}


def signed_axis(first: int, last: int, *, step: int = 1) -> alt.Axis:
    """Multiples of `step` from `first` to `last` with their sign: lags, or periods about an event."""
    every = step * max(1, math.ceil((last - first + 1) / step / MOST_SIGNED))
    ticks = [number for number in range(first, last + 1) if number % every == 0]
    labels = {_key(number): "0" if number == 0 else f"{number:+d}".replace("-", MINUS) for number in ticks}
    # On a phone every other label goes, for they would run into one another.
    return alt.Axis(values=ticks, labelExpr=_lookup(labels), labelOverlap="parity")


def _key(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _lookup(labels: dict[str, str]) -> str:
    """A Vega expression from value to label; JSON quoting keeps any text a text."""
    return f"{json.dumps(labels, ensure_ascii=False)}[toString(datum.value)] || ''"
