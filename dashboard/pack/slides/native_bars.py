"""Drawings that are bars: the waterfall of stacked ones, Pareto, butterfly and bullets."""

from dashboard.board.drawings import BulletRow, Bullets, Butterfly, Pareto, Role, Step, Waterfall
from dashboard.charts.theme import LIGHT
from dashboard.pack.number_formats import absolute, change_code, value_code
from dashboard.pack.slides.chart_model import (
    ErrorBars,
    Fill,
    Form,
    Label,
    NativeChart,
    Plot,
    PointStyle,
    Scale,
    Series,
    Stroke,
)
from dashboard.pack.slides.chart_table import ChartTable, Column
from dashboard.pack.slides.scales import of_items

PLOT = Plot(0.3, 0.03, 0.66, 0.88)
BELOW_A_LEGEND = Plot(0.3, 0.11, 0.66, 0.8)


def waterfall_chart(
    drawing: Waterfall, names: tuple[str, ...], name: str, description: str, scale: Scale | None = None
) -> NativeChart:
    """A bridge of stacked bars: an empty one lifts each movement to where the one before ended.

    A bar that crosses zero has a part on either side. The last, empty series carries the amounts, so that
    each is written behind its bar and stays a figure.
    """
    steps, unit, board = drawing.steps, drawing.unit, drawing.board
    largest = max((abs(end) for step in steps for end in (step.start, step.end)), default=0.0)
    code = value_code(largest, unit, board)
    columns = [Column("Lifted by", tuple(_lift(step) for step in steps), code)]
    series = [Series(0)]
    looks = {
        Role.TOTAL: ("Total", Fill(LIGHT.line(drawing.side)), None),
        Role.RISE: ("Rise", Fill(LIGHT.improvement), None),
        Role.FALL: ("Fall", Fill(LIGHT.concern, 0.35), Stroke(LIGHT.concern, 1.25)),
    }
    for role, (heading, fill, outline) in looks.items():
        for below in (False, True):
            values = tuple(_part(step, below=below) if step.role is role else None for step in steps)
            if any(value is not None for value in values):
                columns.append(Column(f"{heading} below zero" if below else heading, values, code))
                series.append(Series(len(columns) - 1, fill=fill, outline=outline))
    amounts = tuple(abs(step.end if step.role is Role.TOTAL else step.end - step.start) for step in steps)
    columns.append(Column("Amount", amounts, code))
    labels = {place: Label("inBase", code=_amount_code(step, drawing)) for place, step in enumerate(steps)}
    series.append(Series(len(columns) - 1, labels=labels))
    # Bars are cut where the axis begins: PowerPoint draws no break, the small print tells it.
    ends = [drawing.drawn(end) for step in steps for end in (step.start, step.end)]
    return NativeChart(
        name=name,
        form=Form.STACKED_BARS,
        table=ChartTable("Line", names, tuple(columns)),
        series=tuple(series),
        scale=scale or of_items(ends, unit, board, from_zero=not drawing.begins),
        plot=PLOT,
        description=description,
    )


def _ends(step: Step) -> tuple[float, float]:
    start = 0.0 if step.role is Role.TOTAL else step.start
    return min(start, step.end), max(start, step.end)


def _lift(step: Step) -> float:
    """The end nearer to zero; a bar that crosses zero is not lifted."""
    low, high = _ends(step)
    return low if low > 0 else high if high < 0 else 0.0


def _part(step: Step, *, below: bool) -> float | None:
    low, high = _ends(step)
    if below:
        return min(high, 0.0) - low if high < 0 else low if low < 0 else None
    return None if high < 0 or (high == 0 and low < 0) else high - max(low, 0.0)


def _amount_code(step: Step, drawing: Waterfall) -> str:
    amount = step.end if step.role is Role.TOTAL else step.end - step.start
    if step.role is not Role.TOTAL:
        return change_code(amount, drawing.unit, drawing.board)
    plain, _, negative = value_code(amount, drawing.unit, drawing.board).partition(";")
    return plain if amount >= 0 else negative


def pareto_chart(
    drawing: Pareto, names: tuple[str, ...], name: str, description: str, scale: Scale | None = None
) -> NativeChart:
    """Causes by size; what they add up to is written beside each, and stands in the table."""
    values = tuple(share.value for share in drawing.shares)
    code = value_code(max(map(abs, values), default=0.0), drawing.unit, drawing.board)
    colour = LIGHT.line(drawing.side)
    rest = PointStyle(fill=Fill(LIGHT.paper), outline=Stroke(colour, 1.25))
    bars = Series(
        0,
        fill=Fill(colour),
        outline=Stroke(colour, 1.25),
        points={place: rest for place, share in enumerate(drawing.shares) if share.rest},
        labels={
            place: Label("outEnd", text=f"{share.text} · {share.cumulative_text}")
            for place, share in enumerate(drawing.shares)
        },
    )
    columns = (
        Column("Figure", values, code),
        Column("With all above", tuple(share.cumulative for share in drawing.shares), "0.0%"),
    )
    room = max([value * 1.25 for value in values], default=1.0)
    return NativeChart(
        name=name,
        form=Form.BARS,
        table=ChartTable("Cause", names, columns),
        series=(bars,),
        scale=scale or of_items([*values, room], drawing.unit, drawing.board, from_zero=True),
        plot=PLOT,
        description=description,
    )


def butterfly_chart(
    drawing: Butterfly, names: tuple[str, ...], name: str, description: str, scale: Scale | None = None
) -> NativeChart:
    """Bars to the left and to the right of one line; those to the left are negative in the table alone."""
    largest = max(
        (abs(value) for gap in drawing.gaps for value in (gap.left, gap.right) if value is not None),
        default=1.0,
    )
    code = absolute(value_code(largest, drawing.unit, drawing.board))
    sides = (
        (drawing.left_name, -1, [gap.left for gap in drawing.gaps], LIGHT.financial),
        (drawing.right_name, 1, [gap.right for gap in drawing.gaps], LIGHT.customer),
    )
    columns, series = [], []
    for place, (heading, sign, values, colour) in enumerate(sides):
        columns.append(
            Column(heading, tuple(None if value is None else sign * value for value in values), code)
        )
        labels = {
            row: Label("outEnd", code=absolute(value_code(value, drawing.unit, drawing.board)))
            for row, value in enumerate(values)
            if value is not None
        }
        series.append(Series(place, fill=Fill(colour), labels=labels, in_legend=True))
    reach = largest * 1.3 or 1.0
    return NativeChart(
        name=name,
        form=Form.BARS,
        table=ChartTable("Item", names, tuple(columns)),
        series=tuple(series),
        scale=scale or Scale(-reach, reach, reach, code, shown=False),
        plot=BELOW_A_LEGEND,
        description=description,
    )


def bullets_chart(
    drawing: Bullets, names: tuple[str, ...], name: str, description: str, scale: Scale | None = None
) -> NativeChart:
    """A solid bar for the measured inside an outlined one for the planned, and the interval as a line."""
    rows, unit, board = drawing.rows, drawing.unit, drawing.board
    known = [value for row in rows for value in (row.value, row.target, row.low, row.high)]
    largest = max((abs(value) for value in known if value is not None), default=0.0)
    code = value_code(largest, unit, board)
    columns = (
        Column(drawing.value_name, tuple(row.value for row in rows), code),
        Column(drawing.target_name, tuple(row.target for row in rows), code),
        Column("Interval above", tuple(_length(row.value, row.high) for row in rows), code),
        Column("Interval below", tuple(_length(row.low, row.value) for row in rows), code),
        Column("Right end", tuple(_right_end(row) for row in rows), code),
    )
    measured = Series(
        0, fill=Fill(LIGHT.customer), errors=ErrorBars(2, 3, Stroke(LIGHT.ink, 1.25)), in_legend=True
    )
    planned = Series(1, fill=Fill(LIGHT.target, 0.08), outline=Stroke(LIGHT.target, 1.5), in_legend=True)
    told = {place: Label("outEnd", text=f"{row.text} · {row.target_text}") for place, row in enumerate(rows)}
    return NativeChart(
        name=name,
        form=Form.BARS,
        table=ChartTable("Item", names, columns),
        series=(measured,),
        behind=(planned, Series(4, labels=told)),
        scale=scale or of_items([*known, largest * 1.2], unit, board, from_zero=True),
        plot=BELOW_A_LEGEND,
        description=description,
    )


def _right_end(row: BulletRow) -> float:
    """Behind which the figures are written."""
    return max([0.0, *(value for value in (row.value, row.target, row.high) if value is not None)])


def _length(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else max(0.0, high - low)
