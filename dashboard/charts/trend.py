"""A metric month by month: actual, limits, target, plan, events and the open month. Reading in, chart out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import altair as alt

from dashboard.analysis.process_behaviour import Mark, Variation
from dashboard.board.reading import Point, Reading, drawn_limits
from dashboard.board.wording import point_text, value_text
from dashboard.charts.axis import month_axis, value_axis
from dashboard.charts.beside import mark_layers, scenario_layers
from dashboard.charts.marks import Layer, inline
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
class TimeAxis:
    """The months of a chart: every layer stands on the same axis and scale."""

    axis: alt.Axis
    scale: alt.Scale

    def at(self, field: str) -> alt.X:
        """The position that a field of the layer's rows gives."""
        return alt.X(f"{field}:Q", axis=self.axis, scale=self.scale)


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
) -> alt.LayerChart:
    """Draw one reading. `domain` is given where several charts of one unit share a scale."""
    scale = domain or domain_of([reading])
    months = [point.period for point in reading.points]
    time = TimeAxis(
        month_axis(months, reading.board.locale),
        alt.Scale(domain=[-0.5, max(len(months) - 0.5, 0.5)], nice=False),
    )
    x = time.at("month")
    y = alt.Y(
        "value:Q",
        axis=value_axis(scale.low, scale.high, reading.metric.unit, reading.board, upright=True),
        scale=alt.Scale(domain=[scale.low, scale.high], nice=False, zero=False),
    )
    rows = [_row(reading, index, point) for index, point in enumerate(reading.points)]
    layers = [*_limit_layers(reading, time, palette), *_target_layers(reading, time, palette)]
    layers += [*mark_layers(reading, x, palette), *scenario_layers(reading, x, y, palette)]
    layers += [_line(rows, x, y, palette.line(reading.metric.side)), *_open_line(rows, x, y, palette)]
    layers.append(_points(rows, x, y, reading, palette))
    return alt.LayerChart(layer=layers, width=width, height=HEIGHT)


def _values(reading: Reading, point: Point) -> list[float]:
    limits = point.limits
    found = [point.figure.value, point.target, *point.scenarios.values()]
    if limits is not None and not limits.trial:
        found += drawn_limits(reading, limits)
    return [value for value in found if value is not None]


def _row(reading: Reading, index: int, point: Point) -> dict[str, Any]:
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


def _line(rows: list[dict[str, Any]], x: alt.X, y: alt.Y, colour: str) -> alt.Chart:
    closed = [row if row["kind"] != "open" else {**row, "value": None} for row in rows]
    line: alt.Chart = Layer(inline(closed)).mark_line(color=colour, strokeWidth=1.6).encode(x=x, y=y)
    return line


def _open_line(rows: list[dict[str, Any]], x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """The open month hangs on a broken line: its figure is not final."""
    for before, after in pairwise(rows):
        if after["kind"] == "open" and before["value"] is not None and after["value"] is not None:
            ends = inline([before, after])
            mark = Layer(ends).mark_line(color=palette.muted, strokeDash=[2, 3], strokeWidth=1.2)
            return [mark.encode(x=x, y=y)]
    return []


def _points(rows: list[dict[str, Any]], x: alt.X, y: alt.Y, reading: Reading, palette: Palette) -> alt.Chart:
    own = palette.line(reading.metric.side)
    colours = {
        "common": own,
        "improvement": palette.improvement,
        "concern": palette.concern,
        "neutral": palette.neutral,
        "open": palette.paper,
    }
    kinds = list(_SHAPES)
    points: alt.Chart = (
        Layer(inline([row for row in rows if row["value"] is not None]))
        .mark_point(filled=True, opacity=1, strokeWidth=1.2)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=kinds, range=list(_SHAPES.values())), legend=None
            ),
            fill=alt.Fill(
                "kind:N", scale=alt.Scale(domain=kinds, range=[colours[kind] for kind in kinds]), legend=None
            ),
            # Channels, not alt.condition: that is a dictionary, which Altair takes long to recognise.
            stroke=alt.StrokeValue(
                palette.paper, condition={"test": "datum.kind == 'open'", "value": palette.muted}
            ),
            size=alt.SizeValue(62, condition={"test": "datum.kind == 'common'", "value": 34}),
            tooltip=[
                alt.Tooltip("period:N", title="Month"),
                alt.Tooltip("shown:N", title=reading.metric.name),
                alt.Tooltip("reading:N", title="Reading"),
            ],
        )
    )
    return points


def _limit_layers(reading: Reading, time: TimeAxis, palette: Palette) -> list[alt.Chart]:
    """Limits and mean as stepped lines, so that a new baseline begins where its months begin."""
    segments: list[dict[str, Any]] = []
    for index, point in enumerate(reading.points):
        if point.limits is None or point.limits.trial:
            continue
        lower, upper = drawn_limits(reading, point.limits)
        for name, value in (("upper", upper), ("mean", point.limits.centre), ("lower", lower)):
            segments.append({"from": index - 0.5, "to": index + 0.5, "value": value, "limit": name})
    if not segments:
        return []
    merged = _merge(segments)
    base = Layer(inline(merged)).encode(x=time.at("from"), x2=alt.X2("to:Q"), y=alt.Y("value:Q"))
    dashed = base.transform_filter("datum.limit != 'mean'").mark_rule(
        color=palette.muted, strokeDash=[3, 3], opacity=0.7
    )
    return [
        dashed,
        base.transform_filter("datum.limit == 'mean'").mark_rule(color=palette.muted, opacity=0.45),
    ]


def _merge(segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring pieces of one height become one rule."""
    open_pieces: dict[str, dict[str, Any]] = {}
    merged: list[dict[str, Any]] = []
    for piece in segments:
        current = open_pieces.get(piece["limit"])
        if current is not None and current["to"] == piece["from"] and current["value"] == piece["value"]:
            current["to"] = piece["to"]
        else:
            open_pieces[piece["limit"]] = dict(piece)
            merged.append(open_pieces[piece["limit"]])
    return merged


def _target_layers(reading: Reading, time: TimeAxis, palette: Palette) -> list[alt.Chart]:
    pieces = [
        {"from": index - 0.5, "to": index + 0.5, "value": point.target, "limit": "target"}
        for index, point in enumerate(reading.points)
        if point.target is not None
    ]
    if not pieces:
        return []
    merged = _merge(pieces)
    base = Layer(inline(merged)).encode(x=time.at("from"), x2=alt.X2("to:Q"), y=alt.Y("value:Q"))
    rule = base.mark_rule(color=palette.target, strokeWidth=1.2)
    label = (
        Layer(inline([{**merged[-1], "text": "target"}]))
        .mark_text(align="left", baseline="middle", dx=4, color=palette.target, fontSize=10)
        .encode(x=time.at("to"), y=alt.Y("value:Q"), text=alt.Text("text:N"))
    )
    return [rule, label]
