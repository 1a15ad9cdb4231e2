"""A metric month by month: actual, limits, target, plan, events and the open month. Reading in, chart out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dashboard.analysis.process_behaviour import Mark, Variation
from dashboard.board.reading import Point, Reading, drawn_limits
from dashboard.board.wording import point_text, value_text
from dashboard.charts.axis import month_axis, upright_axis
from dashboard.charts.beside import mark_layers, scenario_layers
from dashboard.charts.layers import Spec, category, layer, quantity
from dashboard.charts.theme import Palette
from dashboard.ledger.figures import Status
from dashboard.units import format_period

HEIGHT = 170

# Meaning is never carried by colour alone: each kind of point has a shape of its own.
_SHAPES = {
    "common": "circle",
    "improvement": "diamond",
    "concern": "square",
    "neutral": "triangle-up",
    "open": "circle",
}


@dataclass(frozen=True)
class Domain:
    """The value axis: from `low` to `high`, in the metric's unit."""

    low: float
    high: float


def extremes_of(readings: Sequence[Reading]) -> Domain | None:
    """The lowest and the highest of every point, limit and target; None where there is none."""
    values = [value for reading in readings for point in reading.points for value in _values(reading, point)]
    return Domain(min(values), max(values)) if values else None


def domain_of(readings: Sequence[Reading]) -> Domain:
    """One value axis for all readings, wide enough for every point, limit and target."""
    ends = extremes_of(readings)
    if ends is None:
        return Domain(0.0, 1.0)
    margin = (ends.high - ends.low) * 0.08 or abs(ends.high) * 0.1 or 1.0
    return Domain(ends.low - margin, ends.high + margin)


def trend(
    reading: Reading,
    palette: Palette,
    *,
    domain: Domain | None = None,
    width: int | Literal["container"] = "container",
    height: int = HEIGHT,
) -> Spec:
    """One reading as a view of Vega-Lite, without a configuration.

    `domain` is given where several charts of one unit share a scale.
    """
    scale = domain or domain_of([reading])
    months = [point.period for point in reading.points]
    time = {
        "axis": month_axis(months, reading.board.locale),
        "scale": {"domain": [-0.5, max(len(months) - 0.5, 0.5)], "nice": False},
    }
    x = quantity("month", **time)
    y = quantity(
        "value",
        axis=upright_axis(scale.low, scale.high, reading.metric.unit, reading.board),
        scale={"domain": [scale.low, scale.high], "nice": False, "zero": False},
    )
    rows = [_row(reading, index, point) for index, point in enumerate(reading.points)]
    layers = [*_limit_layers(reading, time, palette), *_target_layers(reading, time, palette)]
    layers += [*mark_layers(reading, x, palette), *scenario_layers(reading, x, y, palette)]
    layers += [_line(rows, x, y, palette.line(reading.metric.side)), *_open_line(rows, x, y, palette)]
    layers.append(_points(rows, x, y, reading, palette))
    return {"layer": layers, "width": width, "height": height}


def _values(reading: Reading, point: Point) -> list[float]:
    limits = point.limits
    found = [point.figure.value, point.target, *point.scenarios.values()]
    if limits is not None and not limits.trial:
        found += drawn_limits(reading, limits)
    return [value for value in found if value is not None]


def _row(reading: Reading, index: int, point: Point) -> Spec:
    value = point.figure.value
    return {
        "month": index,
        "value": value,
        "kind": kind_of(point),
        "period": format_period(point.period, locale=reading.board.locale),
        "shown": value_text(reading, value),
        "reading": point_text(reading, point),
    }


def kind_of(point: Point) -> str:
    """How a point is drawn: common, improvement, concern, neutral or open."""
    if point.figure.status is Status.OPEN:
        return "open"
    if point.signal is None or point.signal.mark is Mark.COMMON or point.variation is None:
        return "common"
    if point.variation is Variation.IMPROVEMENT:
        return "improvement"
    return "concern" if point.variation is Variation.CONCERN else "neutral"


def _line(rows: list[Spec], x: Spec, y: Spec, colour: str) -> Spec:
    closed = [row if row["kind"] != "open" else {**row, "value": None} for row in rows]
    return layer(closed, "line", {"color": colour, "strokeWidth": 1.6}, x=x, y=y)


def _open_line(rows: list[Spec], x: Spec, y: Spec, palette: Palette) -> list[Spec]:
    """The open month hangs on a broken line: its figure is not final."""
    look = {"color": palette.muted, "strokeDash": [2, 3], "strokeWidth": 1.2}
    for before, after in pairwise(rows):
        if after["kind"] == "open" and before["value"] is not None and after["value"] is not None:
            return [layer([before, after], "line", look, x=x, y=y)]
    return []


def _points(rows: list[Spec], x: Spec, y: Spec, reading: Reading, palette: Palette) -> Spec:
    colours = {
        "common": palette.line(reading.metric.side),
        "improvement": palette.improvement,
        "concern": palette.concern,
        "neutral": palette.neutral,
        "open": palette.paper,
    }
    shapes = {"domain": list(_SHAPES), "range": list(_SHAPES.values())}
    fills = {"domain": list(_SHAPES), "range": [colours[kind] for kind in _SHAPES]}
    is_open, is_common = "datum.kind == 'open'", "datum.kind == 'common'"
    return layer(
        [row for row in rows if row["value"] is not None],
        "point",
        {"filled": True, "opacity": 1, "strokeWidth": 1.2},
        x=x,
        y=y,
        shape=category("kind", scale=shapes, legend=None),
        fill=category("kind", scale=fills, legend=None),
        stroke={"condition": {"test": is_open, "value": palette.muted}, "value": palette.paper},
        size={"condition": {"test": is_common, "value": 34}, "value": 62},
        tooltip=[
            category("period", title="Month"),
            category("shown", title=reading.metric.name),
            category("reading", title="Reading"),
        ],
    )


def _limit_layers(reading: Reading, time: Spec, palette: Palette) -> list[Spec]:
    """Limits and mean as stepped lines, so that a new baseline begins where its months begin."""
    limits: list[Spec] = []
    means: list[Spec] = []
    for index, point in enumerate(reading.points):
        if point.limits is None or point.limits.trial:
            continue
        lower, upper = drawn_limits(reading, point.limits)
        limits += [_piece(index, upper, "upper"), _piece(index, lower, "lower")]
        means.append(_piece(index, point.limits.centre, "mean"))
    if not means:
        return []
    dashed = {"color": palette.muted, "strokeDash": [3, 3], "opacity": 0.7}
    return [
        layer(_merge(limits), "rule", dashed, **_across(time)),
        layer(_merge(means), "rule", {"color": palette.muted, "opacity": 0.45}, **_across(time)),
    ]


def _piece(index: int, value: float, limit: str) -> Spec:
    """A level for one month, from the middle between it and the month before to the next middle."""
    return {"from": index - 0.5, "to": index + 0.5, "value": value, "limit": limit}


def _across(time: Spec) -> dict[str, Spec]:
    """Where the pieces of a level lie."""
    return {"x": quantity("from", **time), "x2": {"field": "to"}, "y": quantity("value")}


def _merge(segments: list[Spec]) -> list[Spec]:
    """Neighbouring pieces of one height become one rule."""
    open_pieces: dict[str, Spec] = {}
    merged: list[Spec] = []
    for piece in segments:
        current = open_pieces.get(piece["limit"])
        if current is not None and current["to"] == piece["from"] and current["value"] == piece["value"]:
            current["to"] = piece["to"]
        else:
            open_pieces[piece["limit"]] = dict(piece)
            merged.append(open_pieces[piece["limit"]])
    return merged


def _target_layers(reading: Reading, time: Spec, palette: Palette) -> list[Spec]:
    pieces = [
        _piece(index, point.target, "target")
        for index, point in enumerate(reading.points)
        if point.target is not None
    ]
    if not pieces:
        return []
    merged = _merge(pieces)
    last = [{**merged[-1], "text": "target"}]
    rule = {"color": palette.target, "strokeWidth": 1.2}
    label = {"align": "left", "baseline": "middle", "dx": 4, "color": palette.target, "fontSize": 10}
    return [
        layer(merged, "rule", rule, **_across(time)),
        layer(last, "text", label, x=quantity("to", **time), y=quantity("value"), text=category("text")),
    ]
