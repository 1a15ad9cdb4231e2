"""Beside the actual line: the plan outlined, the forecast broken, last year lighter, and numbered events."""

from dashboard.board.reading import Reading
from dashboard.board.wording import scenario_label, value_text
from dashboard.charts.layers import Spec, category, layer
from dashboard.charts.theme import Palette
from dashboard.units import format_period


def scenario_layers(reading: Reading, x: Spec, y: Spec, palette: Palette) -> list[Spec]:
    """The scenarios behind the actual line, in the notation of IBCS as far as lines have one.

    Previous year: the line's colour, lighter. Plan: a thin line of steps with an outlined point wherever it
    changes. Forecast: a broken line, which stands for the hatching of bars.
    """
    line = {"color": palette.line(reading.metric.side), "strokeWidth": 1.6}
    looks = {
        "previous_year": {**line, "opacity": 0.35},
        "forecast": {**line, "strokeDash": [5, 3]},
        "plan": {"color": palette.muted, "strokeWidth": 0.8, "interpolate": "step"},
    }
    layers = []
    for scenario, look in looks.items():
        rows = _rows(reading, scenario)
        if any(row["value"] is not None for row in rows):
            layers.append(layer(rows, "line", look, x=x, y=y))
            layers += [_outlines(_turns(rows), x, y, palette)] if scenario == "plan" else []
    return layers


def _outlines(turns: list[Spec], x: Spec, y: Spec, palette: Palette) -> Spec:
    look = {"shape": "square", "filled": True, "fill": palette.paper, "stroke": palette.muted}
    told = [category("period", title="Month"), category("shown", title="Plan")]
    return layer(turns, "point", {**look, "strokeWidth": 1.2, "size": 30}, x=x, y=y, tooltip=told)


def _turns(rows: list[Spec]) -> list[Spec]:
    """The months in which a plan differs from the month before, and its last: the others say nothing new."""
    before = [None, *(row["value"] for row in rows[:-1])]
    turns = [row for row, earlier in zip(rows, before, strict=True) if row["value"] != earlier]
    return [row for row in (*turns, *rows[-1:]) if row["value"] is not None]


def mark_layers(reading: Reading, x: Spec, palette: Palette) -> list[Spec]:
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
    line = {"color": palette.muted, "strokeDash": [1, 3], "strokeWidth": 1}
    number = {"baseline": "bottom", "dy": -2, "fontSize": 10, "fontWeight": "bold", "color": palette.ink}
    told = category("told", title="Marked")
    return [
        layer(rows, "rule", line, x=x),
        layer(rows, "text", number, x=x, y={"value": 0}, text=category("text"), tooltip=told),
    ]


def _rows(reading: Reading, scenario: str) -> list[Spec]:
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
