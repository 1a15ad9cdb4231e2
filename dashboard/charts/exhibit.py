"""A whole panel as one drawing, with its message, figures and origin: what an export holds."""

from typing import Any

from dashboard.board.panels import BoardPage, Exhibited, ExhibitPanel, PairPanel, TrendPanel
from dashboard.board.reading import Reading
from dashboard.board.view import group_label
from dashboard.board.wording import (
    change_text,
    detail_lines,
    headline_text,
    rules_text,
    signal_label,
)
from dashboard.charts.forms import drawing_spec
from dashboard.charts.theme import HEADING, PADDING, Palette, vega_config
from dashboard.charts.trend import domain_of, trend
from dashboard.errors import DashboardError
from dashboard.units import describe_span, format_day

CHART_WIDTH = 380
EXHIBIT_WIDTH = 640
COLUMNS = 2
LINE_LENGTH = 64
HEADING_LENGTH = 84


def chart_spec(reading: Reading, palette: Palette, readings: tuple[Reading, ...] = ()) -> dict[str, Any]:
    """One chart as a Vega-Lite specification that fills its container; `readings` share the value axis."""
    domain = domain_of(readings) if readings else None
    return {**trend(reading, palette, domain=domain), "config": vega_config(palette), "padding": PADDING}


def panel_spec(panel: Exhibited, palette: Palette, *, footer: str, checked: bool = True) -> dict[str, Any]:
    """A panel as one Vega-Lite specification of fixed size, fit for a slide or a document.

    Altair's check of an exhibit it describes is left out where it is not to be `checked`.
    """
    if isinstance(panel, ExhibitPanel):
        return _drawn(panel, palette, footer, checked)
    return _of_readings(panel, palette, footer)


def _drawn(panel: ExhibitPanel, palette: Palette, footer: str, checked: bool) -> dict[str, Any]:
    if panel.drawing is None:
        raise DashboardError(f"{panel.sentence} There is nothing to draw; take its table.")
    spec = drawing_spec(panel.drawing, palette, width=EXHIBIT_WIDTH, checked=checked)
    lines = [*(line for text in panel.small_print for line in _wrap(text, LINE_LENGTH * 2)), footer]
    return {**spec, "title": _heading(panel.sentence, lines), "padding": 24}


def _of_readings(panel: PairPanel | TrendPanel, palette: Palette, footer: str) -> dict[str, Any]:
    shared = domain_of(panel.readings) if isinstance(panel, TrendPanel) else None
    charts = []
    for index, reading in enumerate(panel.readings):
        label = panel.labels[index] if index < len(panel.labels) else ""
        drawing = trend(reading, palette, domain=shared, width=CHART_WIDTH)
        charts.append({**drawing, "title": _title(reading, label)})
    rules = dict.fromkeys(rules_text(each.board, each.metric.chart) for each in panel.readings)
    origin = [line for text in (footer, *rules) for line in _wrap(text, LINE_LENGTH * 2)]
    return {
        "concat": charts,
        "columns": COLUMNS,
        "spacing": 36,
        "resolve": {"scale": dict.fromkeys(("x", "y", "fill", "shape"), "independent")},
        "title": _heading(panel.sentence, origin),
        "padding": 24,
        "config": vega_config(palette),
    }


def _heading(sentence: str, origin: list[str]) -> dict[str, Any]:
    return {
        "text": _wrap(sentence, HEADING_LENGTH),
        "subtitle": origin,
        "anchor": "start",
        "font": HEADING,
        "fontSize": 18,
        "offset": 18,
        "subtitlePadding": 6,
    }


def footer_text(panel: Exhibited, page: BoardPage) -> str:
    """Whose, of when, of whom: the line that lets a reader trace an exhibit."""
    board, view = page.board, page.view
    cut = "" if isinstance(panel, ExhibitPanel) else _cut(panel)
    group = cut or group_label(view.slice, view.member)
    day = format_day(page.period.last_day, locale=board.locale)
    span = f"{describe_span(view.grain)} ended {day}"
    return " · ".join(
        (board.organisation, span, group, f"run {page.run if page.run is not None else 'none'}")
    )


def _cut(panel: PairPanel | TrendPanel) -> str:
    view = panel.readings[0].view if panel.readings else None
    return f"by {' and '.join(view.slice)}" if view is not None and panel.labels and view.slice else ""


def _title(reading: Reading, label: str) -> dict[str, Any]:
    name = label or f"{reading.metric.name} · {reading.metric.side.value}"
    figures = [headline_text(reading), signal_label(reading)]
    change = change_text(reading)
    if change:
        figures.insert(1, change)
    lines = [" · ".join(figures), *_wrap(" · ".join(detail_lines(reading)), LINE_LENGTH)]
    return {"text": name, "subtitle": [line for line in lines if line], "anchor": "start", "offset": 10}


def _wrap(text: str, length: int) -> list[str]:
    """Break a text into lines of at most `length` letters, between words."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > length:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
