"""Beside the actual line: the plan outlined, the forecast broken, last year lighter, and numbered events."""

from typing import Any

import altair as alt

from dashboard.board.reading import Reading
from dashboard.board.wording import scenario_label, value_text
from dashboard.charts.marks import Layer, inline, pinned
from dashboard.charts.theme import Palette
from dashboard.units import format_period


def scenario_layers(reading: Reading, x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """The scenarios behind the actual line, in the notation of IBCS as far as lines have one.

    Previous year: the line's colour, lighter. Plan: a thin line of steps with an outlined point wherever it
    changes. Forecast: a broken line, which stands for the hatching of bars.
    """
    colour = palette.line(reading.metric.side)
    layers = []
    for scenario in ("previous_year", "forecast", "plan"):
        rows = _rows(reading, scenario)
        if not any(row["value"] is not None for row in rows):
            continue
        data, place = Layer(inline(rows)), {"x": x, "y": y}
        if scenario == "previous_year":
            layers.append(data.mark_line(color=colour, strokeWidth=1.6, opacity=0.35).encode(**place))
        elif scenario == "forecast":
            broken = data.mark_line(color=colour, strokeWidth=1.6, strokeDash=[5, 3])
            layers.append(broken.encode(**place))
        else:
            steps = data.mark_line(color=palette.muted, strokeWidth=0.8, interpolate="step")
            layers.append(steps.encode(**place))
            outline = Layer(inline(_turns(rows))).mark_point(
                shape="square",
                filled=True,
                fill=palette.paper,
                stroke=palette.muted,
                strokeWidth=1.2,
                size=30,
            )
            told = [alt.Tooltip("period:N", title="Month"), alt.Tooltip("shown:N", title="Plan")]
            layers.append(outline.encode(**place, tooltip=told))
    return layers


def _turns(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The months in which a plan differs from the month before, and its last: the others say nothing new."""
    before = [None, *(row["value"] for row in rows[:-1])]
    turns = [row for row, earlier in zip(rows, before, strict=True) if row["value"] != earlier]
    return [row for row in (*turns, *rows[-1:]) if row["value"] is not None]


def mark_layers(reading: Reading, x: alt.X, palette: Palette) -> list[alt.Chart]:
    """A number at the top of the month in which something happened; its text is in the small print."""
    places = {point.period.start: index for index, point in enumerate(reading.points)}
    numbers: dict[int, list[int]] = {}
    for mark in reading.marks:
        numbers.setdefault(places[mark.at.replace(day=1)], []).append(mark.number)
    if not numbers:
        return []
    rows = [
        {"month": place, "text": ", ".join(map(str, found)), "told": _told(reading, found)}
        for place, found in numbers.items()
    ]
    base = Layer(inline(rows)).encode(x=x)
    line = base.mark_rule(color=palette.muted, strokeDash=[1, 3], strokeWidth=1)
    text = base.mark_text(baseline="bottom", dy=-2, fontSize=10, fontWeight="bold", color=palette.ink)
    return [
        line,
        text.encode(y=pinned(0), text=alt.Text("text:N"), tooltip=alt.Tooltip("told:N", title="Marked")),
    ]


def _rows(reading: Reading, scenario: str) -> list[dict[str, Any]]:
    return [
        {
            "month": index,
            "value": value,
            "period": format_period(point.period, locale=reading.board.locale),
            "shown": value_text(reading, value),
            "scenario": scenario_label(scenario),
        }
        for index, point in enumerate(reading.points)
        for value in (point.scenarios.get(scenario),)
    ]


def _told(reading: Reading, numbers: list[int]) -> str:
    return "; ".join(mark.text for mark in reading.marks if mark.number in numbers)
