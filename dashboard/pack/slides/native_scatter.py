"""Drawings that are points on a scale: the ranking, the dumbbell, and survival curves as staircases.

The names of items are the labels of a series of their own at the left end of the axis: a scatter chart has
no axis of names.
"""

from collections.abc import Sequence
from itertools import pairwise

from dashboard.analysis.survival import SurvivalCurve
from dashboard.board.drawings import DotPlot, Dumbbell, Survival
from dashboard.charts.axis import nice_ticks
from dashboard.charts.theme import LIGHT
from dashboard.pack.number_formats import value_code
from dashboard.pack.slides.chart_model import (
    Fill,
    Form,
    Label,
    Marker,
    NativeChart,
    Plot,
    Scale,
    Series,
    Stroke,
)
from dashboard.pack.slides.chart_table import ChartTable, Column
from dashboard.pack.slides.scales import of_items, of_places
from dashboard.units import Unit

PLOT = Plot(0.32, 0.02, 0.66, 0.89)
BELOW_A_LEGEND = Plot(0.32, 0.1, 0.66, 0.81)
DOT = 0.015  # of the axis: half a dot and a little, so that a text beside it does not begin on it
DASHES = (None, "dash", "sysDot", "lgDashDot", "lgDash", "sysDash")


def ranking_chart(
    drawing: DotPlot, names: tuple[str, ...], name: str, description: str, scale: Scale | None = None
) -> NativeChart:
    """Members in order, each a dot with its interval; the figure of everything is a line through all."""
    dots, overall = drawing.dots, drawing.overall
    known = [value for dot in dots for value in (dot.value, dot.low, dot.high)]
    scale = scale or of_items(
        [*known, overall.value if overall else None], drawing.unit, drawing.board, from_zero=False
    )
    code = value_code(max(abs(scale.low), abs(scale.high)), drawing.unit, drawing.board)
    ends = tuple(behind_a_dot(dot.value, scale) if dot.high is None else dot.high for dot in dots)
    columns = [
        Column("Place", tuple(float(place) for place in range(1, len(dots) + 1))),
        Column("Figure", tuple(dot.value for dot in dots), code),
        *pieces("95% interval", [(dot.low, dot.high) for dot in dots], code),
        Column("Right end", ends, code),
        Column("Name at", tuple(scale.low for _ in dots), code),
    ]
    colour = LIGHT.line(drawing.side)
    series = [
        Series(2, along=3, stroke=Stroke(colour, 1.5)),
        Series(1, along=0, marker=Marker("circle", 9, Fill(colour))),
        texts_at([dot.text for dot in dots], 4),
        names_at(names, 5),
    ]
    if overall is not None:
        columns.append(Column(f"All: {overall.text}", tuple(overall.value for _ in dots), code))
        series.insert(0, Series(6, along=0, stroke=Stroke(LIGHT.muted, 1.0, "sysDash"), in_legend=True))
    return NativeChart(
        name=name,
        form=Form.SCATTER,
        table=ChartTable("Group", tuple(dot.label for dot in dots), tuple(columns)),
        series=tuple(series),
        scale=scale,
        places=of_places(len(dots)),
        plot=BELOW_A_LEGEND if overall is not None else PLOT,
        description=description,
    )


def dumbbell_chart(
    drawing: Dumbbell, names: tuple[str, ...], name: str, description: str, scale: Scale | None = None
) -> NativeChart:
    """Two dots an item and the line between them; round is the first side, square the second."""
    gaps = drawing.gaps
    known = [value for gap in gaps for value in (gap.left, gap.right)]
    scale = scale or of_items(known, drawing.unit, drawing.board, from_zero=False)
    code = value_code(max(abs(scale.low), abs(scale.high)), drawing.unit, drawing.board)
    pairs = [(gap.left, gap.right) for gap in gaps]
    columns = (
        Column("Place", tuple(float(place) for place in range(1, len(gaps) + 1))),
        Column(drawing.left_name, tuple(left for left, _ in pairs), code),
        Column(drawing.right_name, tuple(right for _, right in pairs), code),
        *pieces("Gap", pairs, code),
        Column("Right end", tuple(behind_a_dot(_largest(*pair), scale) for pair in pairs), code),
        Column("Name at", tuple(scale.low for _ in gaps), code),
    )
    series = (
        Series(3, along=4, stroke=Stroke(LIGHT.muted, 2.0)),
        Series(1, along=0, marker=Marker("circle", 9, Fill(LIGHT.financial)), in_legend=True),
        Series(2, along=0, marker=Marker("square", 9, Fill(LIGHT.customer)), in_legend=True),
        texts_at([gap.gap_text if None not in (gap.left, gap.right) else "" for gap in gaps], 5),
        names_at(names, 6),
    )
    return NativeChart(
        name=name,
        form=Form.SCATTER,
        table=ChartTable("Item", tuple(gap.label for gap in gaps), columns),
        series=series,
        scale=scale,
        places=of_places(len(gaps)),
        plot=BELOW_A_LEGEND,
        description=description,
    )


def survival_chart(drawing: Survival, name: str, description: str) -> NativeChart:
    """How many are still here by age: a staircase for each group, told apart by colour and dash."""
    colours = (LIGHT.customer, LIGHT.financial, LIGHT.concern, LIGHT.people, LIGHT.neutral, LIGHT.muted)
    columns: list[Column] = []
    series = []
    for place, each in enumerate(drawing.curves[: len(colours)]):
        corners = _corners(each.curve)
        columns.append(Column(f"{drawing.age}, {each.label}", tuple(age for age, _ in corners)))
        columns.append(Column(each.label, tuple(share for _, share in corners), "0.0%"))
        stroke = Stroke(colours[place], 2.0, DASHES[place])
        found = Series(2 * place, along=2 * place + 1, named=2 * place + 1, stroke=stroke, in_legend=True)
        series.append(found)
    series += _intervals(drawing, colours, columns)
    end = max((each.curve.ends_at for each in drawing.curves), default=1.0) or 1.0
    ticks = nice_ticks(0.0, end, most=7)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else end
    rows = max((len(column.values) for column in columns), default=1)
    return NativeChart(
        name=name,
        form=Form.SCATTER,
        table=ChartTable("Step", tuple(str(row + 1) for row in range(rows)), tuple(columns)),
        series=tuple(series),
        scale=Scale(0.0, end, step, "General", title=drawing.age),
        places=Scale(0.0, 1.0, 0.25, value_code(1.0, Unit.PERCENT, drawing.board).replace("0.0%", "0%")),
        plot=Plot(0.09, 0.1, 0.88, 0.74),
        description=description,
    )


def _intervals(drawing: Survival, colours: Sequence[str], columns: list[Column]) -> list[Series]:
    """Pale lines at both ends of the intervals; adds their columns. The first is in the legend for all."""
    made: list[Series] = []
    for each, colour in zip(drawing.curves, colours, strict=False):
        for name, ends in (("least", _ends(each.curve, high=False)), ("most", _ends(each.curve, high=True))):
            if len(ends) > 1:
                corners = _stairs(ends)
                columns.append(Column(f"{drawing.age}, at {name}", tuple(age for age, _ in corners)))
                heading = f"{each.label}, at {name}" if made else "95% intervals"
                columns.append(Column(heading, tuple(share for _, share in corners), "0.0%"))
                place = len(columns) - 2
                stroke = Stroke(colour, 0.75, None, 0.45)
                made.append(
                    Series(place, along=place + 1, named=place + 1, stroke=stroke, in_legend=not made)
                )
    return made


def _ends(curve: SurvivalCurve, *, high: bool) -> list[tuple[float, float]]:
    """One end of the intervals by age, as far as they are known."""
    known = ((step.age, step.high if high else step.low) for step in curve.steps)
    return [(0.0, 1.0), *((age, end) for age, end in known if end is not None)]


def _corners(curve: SurvivalCurve) -> list[tuple[float, float]]:
    corners = _stairs([(0.0, 1.0), *((step.age, step.survival) for step in curve.steps)])
    return [*corners, (curve.ends_at, corners[-1][1])]


def _stairs(levels: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    corners = [levels[0]]
    for (_, before), (age, share) in pairwise(levels):
        corners += [(age, before), (age, share)]
    return corners


def names_at(names: tuple[str, ...], column: int) -> Series:
    """The names of items at the left end of the axis, whose place stands in a column."""
    labels = {place: Label("l", text=name, size=11) for place, name in enumerate(names)}
    return Series(column, along=0, labels=labels)


def texts_at(texts: list[str], column: int) -> Series:
    """What is written behind the right end of each line."""
    labels = {place: Label("r", text=text, size=11) for place, text in enumerate(texts) if text}
    return Series(column, along=0, labels=labels)


def behind_a_dot(value: float | None, scale: Scale) -> float | None:
    """Where the text of a dot begins. Not by spaces: some programs leave them out."""
    return None if value is None else value + DOT * (scale.high - scale.low)


def pieces(name: str, pairs: Sequence[tuple[float | None, float | None]], code: str) -> tuple[Column, Column]:
    """A line from end to end at each place, and a gap behind it: two columns, of figures and of places."""
    figures: list[float | None] = []
    places: list[float | None] = []
    for place, (left, right) in enumerate(pairs, start=1):
        if left is not None and right is not None:
            figures += [left, right, None]
            places += [float(place), float(place), None]
    return Column(name, tuple(figures[:-1]), code), Column(f"Place of {name.lower()}", tuple(places[:-1]))


def _largest(left: float | None, right: float | None) -> float | None:
    return max((value for value in (left, right) if value is not None), default=None)
