"""A reading as a native line chart: actual, limits, target, what was planned, events and the open month."""

import math
from collections.abc import Callable, Mapping, Sequence

from dashboard.board.reading import Point, Reading, drawn_limits
from dashboard.board.wording import text_equivalent
from dashboard.charts.theme import LIGHT
from dashboard.charts.trend import Domain, domain_of, extremes_of, kind_of
from dashboard.pack.number_formats import value_code
from dashboard.pack.slides.chart_model import (
    ErrorBars,
    Fill,
    Form,
    Label,
    Marker,
    NativeChart,
    Plot,
    PointStyle,
    Scale,
    Series,
    Stroke,
)
from dashboard.pack.slides.chart_table import ChartTable, Column
from dashboard.pack.slides.scales import rounded
from dashboard.units import Unit, format_month_tick

SHORT, LONG = 12, 30  # months
MOST_LEVELS = 4
PLOT = Plot(0.09, 0.14, 0.84, 0.72)
LIMITS = Stroke(LIGHT.muted, 1.0, "sysDash", 0.7)
MEAN = Stroke(LIGHT.muted, 1.0, None, 0.45)
TARGET = Stroke(LIGHT.target, 1.25)
_COLUMNS: Mapping[str, Callable[[Reading, Point], float | None]] = {
    "Upper limit": lambda reading, point: _limit(reading, point, 1),
    "Mean": lambda reading, point: _limit(reading, point, None),
    "Lower limit": lambda reading, point: _limit(reading, point, 0),
    "Target": lambda reading, point: point.target,
    "Previous year": lambda reading, point: point.scenarios.get("previous_year"),
    "Forecast": lambda reading, point: point.scenarios.get("forecast"),
    "Plan": lambda reading, point: point.scenarios.get("plan"),
}
_STEPPED = {"Upper limit": LIMITS, "Mean": MEAN, "Lower limit": LIMITS, "Target": TARGET}
_SIGNALS = {
    "improvement": ("diamond", LIGHT.improvement),
    "concern": ("square", LIGHT.concern),
    "neutral": ("triangle", LIGHT.neutral),
}


def trend_chart(
    reading: Reading,
    *,
    name: str,
    title: str,
    domain: Domain | None = None,
    plot: Plot = PLOT,
    dots: float = 1.0,
) -> NativeChart:
    """Draw one reading. `domain` is given where several charts of one unit share a scale.

    `dots` is the size of its points: on a small chart those of the full size run into one another.
    """
    board, unit = reading.board, reading.metric.unit
    ends = domain or natural_domain([reading])
    scale = rounded(ends.low, ends.high, unit, board)
    code = value_code(max(abs(scale.low), abs(scale.high)), unit, board)
    told = {
        heading: tuple(read(reading, point) for point in reading.points) for heading, read in _COLUMNS.items()
    }
    columns = [
        Column(heading, values, code)
        for kind, whole in told.items()
        for heading, values in _levels(kind, whole, reading)
    ]
    series = [_beside(place, column, reading) for place, column in enumerate(columns)]
    events = _events(reading, scale, len(columns))
    if events is not None:
        series.insert(0, events[0])
        columns += events[1]
    actual = Column(reading.metric.name, tuple(point.figure.value for point in reading.points), code)
    series.append(_actual(len(columns), reading, dots))
    months = tuple(format_month_tick(point.period, locale=board.locale) for point in reading.points)
    dates = tuple(point.period.start for point in reading.points)
    return NativeChart(
        name=name,
        form=Form.LINE,
        table=ChartTable("Month", months, (*columns, actual), dates),
        series=tuple(series),
        scale=scale,
        plot=plot,
        description=text_equivalent(reading),
        title=title,
        label_every=6 * -(-len(months) // LONG) if len(months) > SHORT else 3,
    )


def natural_domain(readings: Sequence[Reading]) -> Domain:
    """The domain of the screen without its margin below zero, or above all of a share, that nothing reaches.

    An axis of PowerPoint begins and ends at a label, and one of -20% or 150% tells of what cannot be.
    """
    ends = domain_of(readings)
    reached = extremes_of(readings) or ends
    low = 0.0 if ends.low < 0 <= reached.low else ends.low
    shares = all(reading.metric.unit is Unit.PERCENT for reading in readings)
    high = 1.0 if shares and reached.high <= 1 < ends.high else ends.high
    return Domain(low, high)


def _limit(reading: Reading, point: Point, side: int | None) -> float | None:
    if point.limits is None or point.limits.trial:
        return None
    return point.limits.centre if side is None else drawn_limits(reading, point.limits)[side]


def _beside(place: int, column: Column, reading: Reading) -> Series:
    """A line beside the actual one: limits and target stand in steps, scenarios as the screen draws them."""
    kind = column.name.partition(", from ")[0]
    if kind in _STEPPED:
        last = max(index for index, value in enumerate(column.values) if value is not None)
        newest = last >= len(column.values) - 2  # of an older level it would stand in the way of the next
        labels = {last: Label("r", text="target", size=9)} if kind == "Target" and newest else {}
        return Series(place, stroke=_STEPPED[kind], labels=labels)
    colour = LIGHT.line(reading.metric.side)
    if column.name == "Previous year":
        return Series(place, stroke=Stroke(colour, 1.5, None, 0.35))
    if column.name == "Forecast":
        return Series(place, stroke=Stroke(colour, 1.5, "dash"))
    outlined = Marker("square", 5, Fill(LIGHT.paper), Stroke(LIGHT.muted, 1.0))
    return Series(place, stroke=Stroke(LIGHT.muted, 0.75), marker=outlined)


def _levels(
    name: str, values: tuple[float | None, ...], reading: Reading
) -> list[tuple[str, tuple[float | None, ...]]]:
    """A column, or of what stands in steps one for each level: no line leads from one to the next.

    Where a level lasts a single month it would be no line at all, so that the levels stay together.
    """
    starts = [
        place
        for place, value in enumerate(values)
        if value is not None and (not place or values[place - 1] != value)
    ]
    if not starts:
        return []
    ends = [*starts[1:], len(values)]
    spans = list(zip(starts, ends, strict=True))
    short = any(sum(value is not None for value in values[first:last]) < 2 for first, last in spans)
    if name not in _STEPPED or not 1 < len(starts) <= MOST_LEVELS or short:
        return [(name, values)]
    found = []
    for first, last in spans:
        month = format_month_tick(reading.points[first].period, locale=reading.board.locale)
        level = tuple(value if first <= place < last else None for place, value in enumerate(values))
        found.append((f"{name}, from {month}", level))
    return found


def _events(reading: Reading, scale: Scale, place: int) -> tuple[Series, list[Column]] | None:
    """A number at the top of a month in which something happened, with a line down to the axis."""
    numbers: dict[int, list[int]] = {}
    months = {point.period.start: index for index, point in enumerate(reading.points)}
    for mark in reading.marks:
        numbers.setdefault(months[mark.at.replace(day=1)], []).append(mark.number)
    if not numbers:
        return None
    count = len(reading.points)
    columns = [
        Column("Events", tuple(scale.high if index in numbers else None for index in range(count))),
        Column("Above the event", tuple(0.0 for _ in range(count))),
        Column("Below the event", tuple(scale.high - scale.low for _ in range(count))),
    ]
    labels = {index: Label("r", text=", ".join(map(str, found))) for index, found in numbers.items()}
    lines = ErrorBars(place + 1, place + 2, Stroke(LIGHT.muted, 1.0, "sysDot"), "y")
    return Series(place, labels=labels, errors=lines), columns


def _actual(place: int, reading: Reading, dots: float) -> Series:
    colour = LIGHT.line(reading.metric.side)
    points: dict[int, PointStyle] = {}
    for index, point in enumerate(reading.points):
        kind = kind_of(point)
        if kind == "open":
            hollow = Marker("circle", round(7 * dots), Fill(LIGHT.paper), Stroke(LIGHT.muted, 1.25))
            points[index] = PointStyle(hollow, Stroke(LIGHT.muted, 1.25, "sysDot"))
        elif kind in _SIGNALS:
            symbol, own = _SIGNALS[kind]
            points[index] = PointStyle(Marker(symbol, round(8 * dots), Fill(own), Stroke(LIGHT.paper, 0.75)))
    shown = [
        index
        for index, point in enumerate(reading.points)
        if point.figure.value is not None and kind_of(point) != "open"
    ]
    labels = {}
    if shown:
        value = reading.points[shown[-1]].figure.value
        code = value_code(value, reading.metric.unit, reading.board)
        labels[shown[-1]] = Label(_clear_side(reading, shown[-1]), code=code)
    common = Marker("circle", round(5 * dots), Fill(colour), Stroke(LIGHT.paper, 0.75))
    return Series(place, stroke=Stroke(colour, 1.75), marker=common, points=points, labels=labels)


def _clear_side(reading: Reading, index: int) -> str:
    """Above or below a point, t or b: where other lines, and the one that leads to it, are farther."""
    point = reading.points[index]
    value = point.figure.value or 0.0
    beside = [
        each.figure.value for each in reading.points[max(0, index - 1) : index + 2] if each is not point
    ]
    near = [each for each in (*beside, point.target, *point.scenarios.values()) if each is not None]
    above = min((each - value for each in near if each > value), default=math.inf)
    below = min((value - each for each in near if each < value), default=math.inf)
    return "b" if below > above else "t"
