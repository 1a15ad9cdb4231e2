"""The pieces that DrawingML charts are written with: lines, fills, texts, references and labels."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from dashboard.pack.plain_text import plain_text, single_line
from dashboard.pack.slides.chart_model import ErrorBars, Fill, Label, Marker, PointStyle, Series, Stroke
from dashboard.pack.slides.chart_table import MONTH_CODE, ChartTable

EMU_A_POINT = 12_700
NOTHING = "<a:noFill/>"
MUTED = '<a:schemeClr val="tx1"><a:lumMod val="65000"/><a:lumOff val="35000"/></a:schemeClr>'
INK = '<a:schemeClr val="tx1"/>'


def text(value: str) -> str:
    """A text that XML takes, on one line."""
    return escape(single_line(value))


def colour(hexadecimal: str, opacity: float = 1.0) -> str:
    """`#0F6E6E` as DrawingML writes it."""
    alpha = f'<a:alpha val="{round(opacity * 100_000)}"/>' if opacity < 1 else ""
    return f'<a:srgbClr val="{hexadecimal.lstrip("#").upper()}">{alpha}</a:srgbClr>'


def line(stroke: Stroke | None) -> str:
    """The outline of a shape, or that it has none."""
    if stroke is None:
        return f"<a:ln>{NOTHING}</a:ln>"
    dash = f'<a:prstDash val="{stroke.dash}"/>' if stroke.dash else ""
    width = round(stroke.width * EMU_A_POINT)
    inside = f"<a:solidFill>{colour(stroke.colour, stroke.opacity)}</a:solidFill>{dash}<a:round/>"
    return f'<a:ln w="{width}" cap="flat">{inside}</a:ln>'


def filling(fill: Fill | None) -> str:
    """The inside of a shape, or that it has none."""
    return NOTHING if fill is None else f"<a:solidFill>{colour(fill.colour, fill.opacity)}</a:solidFill>"


def shape(fill: Fill | None, outline: Stroke | None) -> str:
    """The look of a bar."""
    return f"<c:spPr>{filling(fill)}{line(outline)}</c:spPr>"


def marker(found: Marker | None) -> str:
    """The look of a point, or that it has none."""
    if found is None:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    look = f"<c:spPr>{filling(found.fill)}{line(found.outline)}</c:spPr>"
    return f'<c:marker><c:symbol val="{found.symbol}"/><c:size val="{found.size}"/>{look}</c:marker>'


def text_look(size: int, *, muted: bool = True, bold: bool = False, turn: bool = False) -> str:
    """How the texts of an axis, a label or a legend look; `turn` False keeps them level."""
    body = "<a:bodyPr/>" if turn else '<a:bodyPr rot="0" vert="horz"/>'
    return (
        f'<c:txPr>{body}<a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size * 100}" b="{int(bold)}">'
        f"<a:solidFill>{MUTED if muted else INK}</a:solidFill></a:defRPr></a:pPr>"
        '<a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
    )


def rich(value: str, size: int, *, bold: bool = False, muted: bool = False) -> str:
    """A text of its own; its lines stay lines."""
    look = f'sz="{size * 100}" b="{int(bold)}"'
    fill = f"<a:solidFill>{MUTED if muted else INK}</a:solidFill>"
    lines = "".join(
        f'<a:p><a:pPr><a:defRPr {look}/></a:pPr><a:r><a:rPr lang="en-GB" {look}>{fill}</a:rPr>'
        f"<a:t>{text(part)}</a:t></a:r></a:p>"
        for part in plain_text(value).split("\n")
    )
    return f'<c:tx><c:rich><a:bodyPr wrap="none" rot="0"/><a:lstStyle/>{lines}</c:rich></c:tx>'


def heading(table: ChartTable, column: int) -> str:
    """The name of a series: the heading of its column."""
    name = text(table.columns[column].name)
    return (
        f"<c:tx><c:strRef><c:f>{table.heading_place(column)}</c:f><c:strCache>"
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    )


def labels_of(table: ChartTable) -> str:
    """The categories: the first column, as texts or as months."""
    if table.dates:
        days = "".join(f'<c:pt idx="{place}"><c:v>{day}</c:v></c:pt>' for place, day in enumerate(table.days))
        return (
            f"<c:cat><c:numRef><c:f>{table.labels_place}</c:f><c:numCache><c:formatCode>{MONTH_CODE}"
            f'</c:formatCode><c:ptCount val="{len(table.days)}"/>{days}</c:numCache></c:numRef></c:cat>'
        )
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{text(label)}</c:v></c:pt>' for place, label in enumerate(table.labels)
    )
    return (
        f"<c:cat><c:strRef><c:f>{table.labels_place}</c:f><c:strCache>"
        f'<c:ptCount val="{len(table.labels)}"/>{points}</c:strCache></c:strRef></c:cat>'
    )


def numbers(table: ChartTable, column: int) -> str:
    """The figures of a column, with their number format; a missing one is a gap."""
    found = table.columns[column]
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{value!r}</c:v></c:pt>'
        for place, value in enumerate(found.values)
        if value is not None
    )
    return (
        f"<c:numRef><c:f>{table.place(column)}</c:f><c:numCache><c:formatCode>{escape(found.code)}"
        f'</c:formatCode><c:ptCount val="{len(found.values)}"/>{points}</c:numCache></c:numRef>'
    )


def points(found: Mapping[int, PointStyle], *, bars: bool) -> str:
    """The points that look unlike their series."""
    told = []
    for place, style in sorted(found.items()):
        inner = f'<c:idx val="{place}"/>'
        if bars:
            look = shape(style.fill, style.outline)
            told.append(f'<c:dPt>{inner}<c:invertIfNegative val="0"/><c:bubble3D val="0"/>{look}</c:dPt>')
            continue
        if style.marker is not None:
            inner += marker(style.marker)
        inner += '<c:bubble3D val="0"/>'
        if style.stroke is not None:
            inner += f"<c:spPr>{line(style.stroke)}</c:spPr>"
        told.append(f"<c:dPt>{inner}</c:dPt>")
    return "".join(told)


_SHOWN = (
    '<c:showLegendKey val="0"/><c:showVal val="{0}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


def data_labels(found: Mapping[int, Label]) -> str:
    """What is written at the points; nothing at all others."""
    if not found:
        return ""
    told = []
    for place, label in sorted(found.items()):
        own = "" if label.text is None else rich(label.text, label.size)
        code = (
            "" if label.code is None else f'<c:numFmt formatCode={quoteattr(label.code)} sourceLinked="0"/>'
        )
        look = f"<c:spPr>{NOTHING}<a:ln>{NOTHING}</a:ln></c:spPr>{text_look(label.size, muted=False)}"
        told.append(
            f'<c:dLbl><c:idx val="{place}"/>{own}{code}{look}<c:dLblPos val="{label.position}"/>'
            f"{_SHOWN.format(1)}</c:dLbl>"
        )
    return f"<c:dLbls>{''.join(told)}{_SHOWN.format(0)}</c:dLbls>"


def error_bars(table: ChartTable, found: ErrorBars | None) -> str:
    """The lines to both sides of each point, as long as two columns of the table say."""
    if found is None:
        return ""
    direction = f'<c:errDir val="{found.direction}"/>' if found.direction else ""
    sides = f"<c:plus>{numbers(table, found.plus)}</c:plus><c:minus>{numbers(table, found.minus)}</c:minus>"
    return (
        f'<c:errBars>{direction}<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f"{sides}<c:spPr>{line(found.stroke)}</c:spPr></c:errBars>"
    )


def legend(series: Sequence[Series], size: int) -> str:
    """The legend of the series that are in it, above the chart; "" where none is."""
    if not any(each.in_legend for each in series):
        return ""
    left_out = "".join(
        f'<c:legendEntry><c:idx val="{place}"/><c:delete val="1"/></c:legendEntry>'
        for place, each in enumerate(series)
        if not each.in_legend
    )
    return f'<c:legend><c:legendPos val="t"/>{left_out}<c:overlay val="0"/>{text_look(size)}</c:legend>'
