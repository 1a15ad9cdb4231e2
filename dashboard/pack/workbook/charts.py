"""NativeChart -> a chart of the workbook, on series that stand in its cells."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xlsxwriter.chart import Chart

from dashboard.pack.plain_text import plain_text
from dashboard.pack.slides.chart_model import (
    ErrorBars,
    Fill,
    Form,
    Label,
    Marker,
    NativeChart,
    Scale,
    Series,
    Stroke,
)
from dashboard.pack.slides.chart_table import ChartTable, Column
from dashboard.pack.workbook.book import Page

TYPES = {
    Form.LINE: {"type": "line"},
    Form.BARS: {"type": "bar"},
    Form.STACKED_BARS: {"type": "bar", "subtype": "stacked"},
    Form.SCATTER: {"type": "scatter", "subtype": "straight_with_markers"},
}
DASHES = {
    "sysDash": "square_dot",
    "sysDot": "round_dot",
    "dash": "dash",
    "lgDash": "long_dash",
    "lgDashDot": "long_dash_dot",
}
POSITIONS = {
    "t": "above",
    "b": "below",
    "r": "right",
    "l": "left",
    "outEnd": "outside_end",
    "inBase": "inside_base",
}
MEANINGS = {
    "diamond": "change for the better",
    "square": "change for the worse",
    "triangle": "change",
    "circle": "open",
}
NONE = {"none": True}
_PLACE = re.compile(r"!(?=\$?[A-Z]+\$?\d)")


@dataclass(frozen=True)
class Block:
    """Where a chart's table stands: the row of its headings on a sheet."""

    sheet: str
    top: int
    table: ChartTable

    def values(self, column: int) -> list[Any]:
        """The place of a column, as XlsxWriter takes it; -1 is that of the labels."""
        return [self.sheet, self.top + 1, column + 1, self.top + self.rows(column), column + 1]

    def rows(self, column: int) -> int:
        """How many rows a column has: pieces of lines have more than there are labels."""
        return len(self.table.labels if column < 0 else self.table.columns[column].values)

    def heading(self, column: int) -> list[Any]:
        """The place of a column's heading."""
        return [self.sheet, self.top, column + 1]

    def formula(self, column: int) -> str:
        """The same as a reference."""
        letter, quoted = _letters(column + 1), self.sheet.replace("'", "''")
        return f"='{quoted}'!${letter}${self.top + 2}:${letter}${self.top + 1 + self.rows(column)}"


def said(text: str) -> str:
    """A text in a chart. XlsxWriter takes one that holds a place, as `Hurry!A1` does, for a formula."""
    return _PLACE.sub("!\u2060", plain_text(text))  # a joiner, which is not seen


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def spread(chart: NativeChart) -> NativeChart:
    """A line chart whose points of another look have columns of their own: a series has one shape."""
    if chart.form is not Form.LINE:
        return chart
    columns, series = list(chart.table.columns), []
    for each in chart.series:
        series += [each, *_marked(each, columns)]
    return replace(chart, table=replace(chart.table, columns=tuple(columns)), series=tuple(series))


def _marked(series: Series, columns: list[Column]) -> list[Series]:
    """A series without a line for each kind of point that looks unlike its series.

    An open month leaves the line of the others, and hangs on one of its own.
    """
    column = columns[series.column]
    kinds: dict[str, list[int]] = {}
    for place, style in series.points.items():
        if style.marker is not None:
            kinds.setdefault(style.marker.symbol, []).append(place)
    made = []
    for symbol, places in kinds.items():
        style = series.points[places[0]]
        told = MEANINGS.get(symbol, symbol)
        columns.append(replace(column, name=f"{column.name}: {told}", values=_only(column, places)))
        made.append(Series(len(columns) - 1, marker=style.marker))
        if style.stroke is not None:
            tail = [place for each in places for place in (each - 1, each)]
            columns.append(
                replace(column, name=f"{column.name}: to the {told} month", values=_only(column, tail))
            )
            made.append(Series(len(columns) - 1, stroke=style.stroke))
            closed = [place for place in range(len(column.values)) if place not in places]
            columns[series.column] = replace(column, values=_only(column, closed))
    return made


def _only(column: Column, places: Collection[int]) -> tuple[float | None, ...]:
    """The values of a column at some places."""
    return tuple(value if place in places else None for place, value in enumerate(column.values))


def write_chart(page: Page, chart: NativeChart, block: Block) -> Chart:
    """The chart, ready to be put somewhere; `chart` is spread, and `block` is where its table stands."""
    made = page.book.workbook.add_chart(dict(TYPES[chart.form]))
    if made is None:
        raise AssertionError(f"XlsxWriter knows no chart of the type {TYPES[chart.form]}")
    everything = (*chart.behind, *chart.series)
    for each in everything:
        made.add_series(_series(chart, each, block))
    if chart.title:
        made.set_title({"name": said(chart.title), "overlay": False, "name_font": {"size": 11}})
    else:
        made.set_title(NONE)
    hidden = [place for place, each in enumerate(everything) if not each.in_legend]
    if len(hidden) == len(everything):
        made.set_legend(NONE)
    else:
        made.set_legend({"position": "top", "delete_series": hidden})
    made.show_blanks_as("gap")
    made.set_chartarea({"border": NONE})
    _axes(made, chart)
    return made


def _axes(made: Chart, chart: NativeChart) -> None:
    """Items are written from the top down, so that the axis of figures crosses theirs at the far end."""
    names = {"num_font": {"size": 9}, "line": NONE, "major_tick_mark": "none", "label_position": "low"}
    figures = {**_axis(chart.scale), **names}
    below = {**figures, "label_position": "next_to" if chart.scale.shown else "none"}
    if chart.form is Form.LINE:
        level = {"size": 9, "rotation": 360}
        made.set_x_axis({**names, "num_font": level, "interval_unit": chart.label_every, "text_axis": True})
        made.set_y_axis(figures)
    elif chart.form is Form.SCATTER:
        places = chart.places or chart.scale
        down = places.low > places.high
        shown = {**names, "label_position": "low" if places.shown else "none"}
        made.set_x_axis(below)
        made.set_y_axis({**_axis(places), **shown, "reverse": down, "crossing": "max" if down else "min"})
    else:
        made.set_x_axis(below)
        made.set_y_axis({**names, "reverse": True, "crossing": "max"})


def _axis(scale: Scale) -> dict[str, Any]:
    low, high = sorted((scale.low, scale.high))
    return {
        "min": low,
        "max": high,
        "major_unit": scale.step,
        "num_format": scale.code,
        "major_gridlines": {"visible": False},
        "name": said(scale.title) or None,
        "name_font": {"size": 9, "bold": False},
        "visible": True,
    }


def _series(chart: NativeChart, series: Series, block: Block) -> dict[str, Any]:
    named = series.column if series.named is None else series.named
    told: dict[str, Any] = {"name": block.heading(named)}
    if chart.form in (Form.LINE, Form.SCATTER):  # bars may have none: Excel would repair the file
        told["marker"] = _marker(series.marker)
    if chart.form is Form.SCATTER:
        told["categories"], told["values"] = block.values(series.column), block.values(series.along or 0)
        told["line"] = _line(series.stroke)
    else:
        told["categories"], told["values"] = block.values(-1), block.values(series.column)
        if chart.form is Form.LINE:
            told["line"] = _line(series.stroke)
        else:
            told |= {"fill": _fill(series.fill), "border": _line(series.outline)}
            told |= {"gap": chart.gap, "overlap": 100}
            told["points"] = _bars(series, block.rows(series.column))
    if series.labels:
        told["data_labels"] = _labels(series.labels, block.rows(series.column))
    if series.errors is not None:
        side = "y_error_bars" if series.errors.direction == "y" else "x_error_bars"
        if chart.form is not Form.SCATTER:
            side = "y_error_bars"
        told[side] = _errors(series.errors, block)
    return {key: value for key, value in told.items() if value is not None}


def _bars(series: Series, count: int) -> list[dict[str, Any] | None] | None:
    if not series.points:
        return None
    styles = [series.points.get(place) for place in range(count)]
    return [
        None if style is None else {"fill": _fill(style.fill), "border": _line(style.outline)}
        for style in styles
    ]


def _line(stroke: Stroke | None) -> dict[str, Any]:
    if stroke is None:
        return dict(NONE)
    told: dict[str, Any] = {"color": stroke.colour, "width": stroke.width}
    if stroke.dash:
        told["dash_type"] = DASHES.get(stroke.dash, "dash")
    if stroke.opacity < 1:
        told["transparency"] = round(100 * (1 - stroke.opacity))
    return told


def _fill(fill: Fill | None) -> dict[str, Any]:
    if fill is None:
        return dict(NONE)
    return {"color": fill.colour, "transparency": round(100 * (1 - fill.opacity))}


def _marker(marker: Marker | None) -> dict[str, Any]:
    if marker is None:
        return {"type": "none"}
    told = {"type": marker.symbol, "size": marker.size, "fill": _fill(marker.fill)}
    return told | ({"border": _line(marker.outline)} if marker.outline else {})


def _labels(labels: Mapping[int, Label], count: int) -> dict[str, Any]:
    """What is written at points. Labels have one format a series: those of another are written as texts."""
    first = next(iter(labels.values()))
    custom: list[dict[str, Any]] = []
    for place in range(count):
        label = labels.get(place)
        if label is None:
            custom.append({"delete": True})
        elif label.text is not None:
            # The dot lies on its first sign otherwise, where the text does not begin with a gap already.
            gap = "\u2002" if label.position == "r" and label.text[:1] != "\u2003" else ""
            custom.append({"value": gap + said(label.text)})
        else:
            custom.append({})
    told = {"value": True, "custom": _shortened(custom), "position": POSITIONS.get(first.position, "above")}
    codes = {label.code for label in labels.values() if label.code is not None}
    if len(codes) == 1:
        told["num_format"] = codes.pop()
    return told | {"font": {"size": min(first.size, 9)}}


def _shortened(custom: Sequence[dict[str, Any]]) -> list[dict[str, Any] | None]:
    return [each or None for each in custom]


def _errors(found: ErrorBars, block: Block) -> dict[str, Any]:
    return {
        "type": "custom",
        "plus_values": block.formula(found.plus),
        "minus_values": block.formula(found.minus),
        "plus_data": [value or 0.0 for value in block.table.columns[found.plus].values],
        "minus_data": [value or 0.0 for value in block.table.columns[found.minus].values],
        "end_style": 0,
        "line": _line(found.stroke),
    }
