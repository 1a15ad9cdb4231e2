"""NativeChart -> the XML of a chart part, in the order of elements that ECMA-376 (part 1, 21.2) lays down."""

from dataclasses import replace
from xml.sax.saxutils import quoteattr

from dashboard.pack.slides import chart_parts as parts
from dashboard.pack.slides.chart_model import Form, NativeChart, Plot, Scale, Series
from dashboard.pack.slides.chart_table import MONTH_CODE

_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
SMALL, TITLE = 10, 12
_FIRST, _SECOND, _FIRST_BEHIND, _SECOND_BEHIND = 111, 112, 113, 114


def chart_xml(chart: NativeChart, data: str) -> bytes:
    """The whole part, UTF-8; `data` is the relation to its workbook."""
    chart = _with_points(chart)
    title = '<c:autoTitleDeleted val="1"/>'
    if chart.title:
        title = (
            f"<c:title>{parts.rich(chart.title, TITLE, bold=True)}{_layout_of_title()}"
            '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/>'
        )
    everything = (*chart.behind, *chart.series)
    body = (
        f"<c:chart>{title}<c:plotArea>{_layout(chart.plot)}{_plots(chart)}{_axes(chart)}"
        f"<c:spPr>{parts.NOTHING}</c:spPr></c:plotArea>{parts.legend(everything, SMALL)}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
    )
    written = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {_SPACES}>'
        f'<c:date1904 val="0"/><c:roundedCorners val="0"/>{body}'
        f"<c:spPr>{parts.NOTHING}<a:ln>{parts.NOTHING}</a:ln></c:spPr>"
        f"{parts.text_look(SMALL, turn=True)}"
        f'<c:externalData r:id="{data}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )
    return written.encode()


def _with_points(chart: NativeChart) -> NativeChart:
    """Without series that have no figure: of those a scatter chart would draw the places, counted from 1."""
    if chart.form is not Form.SCATTER:
        return chart
    columns = chart.table.columns
    drawn = (each for each in chart.series if any(value is not None for value in columns[each.column].values))
    return replace(chart, series=tuple(drawn))


def _layout(plot: Plot) -> str:
    sides = "".join(
        f'<c:{name} val="{value:.4f}"/>'
        for name, value in (("x", plot.left), ("y", plot.top), ("w", plot.width), ("h", plot.height))
    )
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f"{sides}</c:manualLayout></c:layout>"
    )


def _layout_of_title() -> str:
    """At the left edge, as headings of exhibits stand."""
    return (
        '<c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/><c:x val="0.0"/>'
        '<c:y val="0.0"/></c:manualLayout></c:layout>'
    )


def _plots(chart: NativeChart) -> str:
    if chart.form is Form.LINE:
        series = "".join(_line(chart, each, place) for place, each in enumerate(chart.series))
        return (
            f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}'
            f'<c:marker val="1"/>{_axis_ids(_FIRST, _SECOND)}</c:lineChart>'
        )
    if chart.form is Form.SCATTER:
        series = "".join(_scatter(chart, each, place) for place, each in enumerate(chart.series))
        return (
            f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{series}'
            f"{_axis_ids(_FIRST, _SECOND)}</c:scatterChart>"
        )
    behind = ""
    if chart.behind:
        behind = _bars(chart, chart.behind, 0, gap=30, axes=(_FIRST, _SECOND))
    axes = (_FIRST_BEHIND, _SECOND_BEHIND) if chart.behind else (_FIRST, _SECOND)
    return behind + _bars(
        chart, chart.series, len(chart.behind), gap=150 if chart.behind else chart.gap, axes=axes
    )


def _bars(
    chart: NativeChart, series: tuple[Series, ...], first: int, *, gap: int, axes: tuple[int, int]
) -> str:
    grouping = "stacked" if chart.form is Form.STACKED_BARS else "clustered"
    drawn = "".join(_bar(chart, each, place) for place, each in enumerate(series, start=first))
    return (
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{drawn}'
        f'<c:gapWidth val="{gap}"/><c:overlap val="100"/>{_axis_ids(*axes)}</c:barChart>'
    )


def _begin(chart: NativeChart, series: Series, place: int) -> str:
    named = series.column if series.named is None else series.named
    return f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{parts.heading(chart.table, named)}'


def _line(chart: NativeChart, series: Series, place: int) -> str:
    return (
        f"{_begin(chart, series, place)}<c:spPr>{parts.line(series.stroke)}</c:spPr>"
        f"{parts.marker(series.marker)}{parts.points(series.points, bars=False)}"
        f"{parts.data_labels(series.labels)}{parts.labels_of(chart.table)}"
        f'<c:val>{parts.numbers(chart.table, series.column)}</c:val><c:smooth val="0"/></c:ser>'
    )


def _bar(chart: NativeChart, series: Series, place: int) -> str:
    return (
        f"{_begin(chart, series, place)}{parts.shape(series.fill, series.outline)}"
        f'<c:invertIfNegative val="0"/>{parts.points(series.points, bars=True)}'
        f"{parts.data_labels(series.labels)}{parts.error_bars(chart.table, series.errors)}"
        f"{parts.labels_of(chart.table)}<c:val>{parts.numbers(chart.table, series.column)}</c:val></c:ser>"
    )


def _scatter(chart: NativeChart, series: Series, place: int) -> str:
    """A point for each row of the table: `column` is its figure, `along` its place."""
    along = 0 if series.along is None else series.along
    return (
        f"{_begin(chart, series, place)}<c:spPr>{parts.line(series.stroke)}</c:spPr>"
        f"{parts.marker(series.marker)}{parts.points(series.points, bars=False)}"
        f"{parts.data_labels(series.labels)}{parts.error_bars(chart.table, series.errors)}"
        f"<c:xVal>{parts.numbers(chart.table, series.column)}</c:xVal>"
        f'<c:yVal>{parts.numbers(chart.table, along)}</c:yVal><c:smooth val="0"/></c:ser>'
    )


def _axis_ids(first: int, second: int) -> str:
    return f'<c:axId val="{first}"/><c:axId val="{second}"/>'


def _axes(chart: NativeChart) -> str:
    if chart.form is Form.LINE:
        return _months(_FIRST, _SECOND, chart.label_every) + _figures(chart.scale, _SECOND, _FIRST, "l")
    if chart.form is Form.SCATTER:
        places = chart.places or chart.scale
        ground = "max" if _down(places) else "min"
        return _figures(chart.scale, _FIRST, _SECOND, "b", crosses=ground, between="midCat") + _figures(
            places, _SECOND, _FIRST, "l", between="midCat"
        )
    own = _categories(_FIRST, _SECOND) + _figures(chart.scale, _SECOND, _FIRST, "b", crosses="max")
    if not chart.behind:
        return own
    return (
        own
        + _categories(_FIRST_BEHIND, _SECOND_BEHIND, shown=False)
        + _figures(chart.scale, _SECOND_BEHIND, _FIRST_BEHIND, "b", crosses="max", shown=False)
    )


def _down(scale: Scale) -> bool:
    """An axis of places, written from the highest to the lowest, counts from the top."""
    return scale.low > scale.high


def _months(own: int, other: int, every: int) -> str:
    """An axis of time, with a label every so many months."""
    return (
        f'<c:dateAx><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="{MONTH_CODE}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr><a:ln>{parts.NOTHING}</a:ln></c:spPr>{parts.text_look(SMALL)}"
        f'<c:crossAx val="{other}"/><c:crosses val="min"/><c:auto val="0"/><c:lblOffset val="60"/>'
        f'<c:baseTimeUnit val="months"/><c:majorUnit val="{every}"/>'
        '<c:majorTimeUnit val="months"/></c:dateAx>'
    )


def _categories(own: int, other: int, *, shown: bool = True) -> str:
    """An axis of names, the first on top."""
    return (
        f'<c:catAx><c:axId val="{own}"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        f'<c:delete val="{int(not shown)}"/><c:axPos val="l"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln>{parts.NOTHING}</a:ln></c:spPr>'
        f'{parts.text_look(SMALL, muted=False)}<c:crossAx val="{other}"/><c:crosses val="autoZero"/>'
        f'<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/><c:tickLblSkip val="1"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _figures(
    scale: Scale,
    own: int,
    other: int,
    side: str,
    *,
    crosses: str = "min",
    shown: bool = True,
    between: str = "between",
) -> str:
    low, high = sorted((scale.low, scale.high))
    labels = "nextTo" if scale.shown else "none"
    title = ""
    if scale.title:
        title = f'<c:title>{parts.rich(scale.title, SMALL, muted=True)}<c:overlay val="0"/></c:title>'
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling>'
        f'<c:orientation val="{"maxMin" if _down(scale) else "minMax"}"/><c:max val="{high!r}"/>'
        f'<c:min val="{low!r}"/></c:scaling><c:delete val="{int(not shown)}"/><c:axPos val="{side}"/>{title}'
        f'<c:numFmt formatCode={quoteattr(scale.code)} sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="{labels}"/>'
        f"<c:spPr><a:ln>{parts.NOTHING}</a:ln></c:spPr>{parts.text_look(SMALL)}"
        f'<c:crossAx val="{other}"/><c:crosses val="{crosses}"/><c:crossBetween val="{between}"/>'
        f'<c:majorUnit val="{scale.step!r}"/></c:valAx>'
    )
