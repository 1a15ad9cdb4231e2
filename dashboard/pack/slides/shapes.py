"""Charts, tables and pictures for a slide, each with a name and a text for those who hear it."""

from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.parts.chart import ChartPart
from pptx.parts.embeddedpackage import EmbeddedXlsxPart
from pptx.parts.slide import SlidePart
from pptx.util import Emu, Pt

from dashboard.charts.theme import LIGHT
from dashboard.pack.slides.chart_model import NativeChart
from dashboard.pack.slides.chart_parts import EMU_A_POINT, INK, colour, text
from dashboard.pack.slides.chart_workbook import table_workbook
from dashboard.pack.slides.chart_writing import chart_xml
from dashboard.pack.slides.plan import Cell, Grid, Picture
from dashboard.pack.slides.writing import describe, description_of, name_of

Place = tuple[int, int, int, int]  # left, top, width and height in EMU
_SPACES = nsdecls("a", "p", "r")
_KINDS = "http://schemas.openxmlformats.org/drawingml/2006/"
_CHART = nsdecls("c")
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # a table without lines: ours are drawn
_VECTOR = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_VECTOR_SPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def add_chart(slide: SlidePart, chart: NativeChart, place: Place, number: int) -> Any:
    """The frame of a chart that PowerPoint can edit, with its workbook inside.

    `number` is that of the shape. The chart is put into the package as it is written: python-pptx would read
    it first.
    """
    package = slide.package
    part = Part(package.next_partname(ChartPart.partname_template), CONTENT_TYPE.DML_CHART, package)
    data = EmbeddedXlsxPart.new(table_workbook(chart.table), package)
    part.blob = chart_xml(chart, part.relate_to(data, RELATIONSHIP_TYPE.PACKAGE))
    relation = slide.relate_to(part, RELATIONSHIP_TYPE.CHART)
    return _frame(
        number, (chart.name, chart.description), place, "chart", f'<c:chart {_CHART} r:id="{relation}"/>'
    )


def add_table(grid: Grid, place: Place, number: int) -> Any:
    """A table of PowerPoint's own: a head that is repeated on each slide, figures to the right."""
    left, top, width, _ = place
    widths = [int(width * share) for share in grid.widths]
    heights = [int(Pt(height)) for height in grid.heights]
    figures = [row.figure for row in grid.rows[0]] if grid.rows else [False] * len(grid.heads)
    heads = tuple(
        Cell(head, figure=figure, bold=True) for head, figure in zip(grid.heads, figures, strict=True)
    )
    rows = "".join(
        f'<a:tr h="{height}">{"".join(_cell(cell, grid, head=cells is heads) for cell in cells)}</a:tr>'
        for cells, height in zip((heads, *grid.rows), heights, strict=True)
    )
    columns = "".join(f'<a:gridCol w="{wide}"/>' for wide in widths)
    table = (
        f'<a:tbl><a:tblPr firstRow="1"><a:tableStyleId>{_NO_STYLE}</a:tableStyleId></a:tblPr>'
        f"<a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl>"
    )
    return _frame(number, ("Table", grid.description), (left, top, sum(widths), sum(heights)), "table", table)


def _frame(number: int, called: tuple[str, str], place: Place, kind: str, inside: str) -> Any:
    """What a chart or a table stands in, parsed with all its cells; `called` is its name and its text."""
    left, top, width, height = place
    name, description = name_of(called[0]), description_of(called[1])
    return parse_xml(
        f'<p:graphicFrame {_SPACES}><p:nvGraphicFramePr><p:cNvPr id="{number}" name={quoteattr(name)} '
        f'descr={quoteattr(description)}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/>'
        f'</p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></p:xfrm><a:graphic><a:graphicData uri="{_KINDS}{kind}">'
        f"{inside}</a:graphicData></a:graphic></p:graphicFrame>"
    )


def _cell(cell: Cell, grid: Grid, *, head: bool) -> str:
    side = "r" if cell.figure else "l"
    ink = INK if cell.colour is None else colour(cell.colour)
    look = f'lang="en-GB" sz="{round(grid.size * 100)}" b="{int(cell.bold)}" dirty="0"'
    run = (
        f"<a:r><a:rPr {look}><a:solidFill>{ink}</a:solidFill></a:rPr><a:t>{text(cell.text)}</a:t></a:r>"
        if cell.text
        else f"<a:endParaRPr {look}/>"  # without it, an empty field is as high as a usual line
    )
    rule = f"<a:solidFill>{colour(LIGHT.ink if head else LIGHT.rule)}</a:solidFill>"
    fill = "<a:noFill/>" if cell.shade is None else f"<a:solidFill>{colour(cell.shade)}</a:solidFill>"
    half = round(grid.padding / 2 * EMU_A_POINT)
    return (
        f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{side}"/>{run}</a:p></a:txBody>'
        f'<a:tcPr marL="{5 * EMU_A_POINT}" marR="{5 * EMU_A_POINT}" marT="{half}" marB="{half}" '
        f'anchor="ctr"><a:lnB w="{12_700 if head else 6_350}">{rule}</a:lnB>{fill}</a:tcPr></a:tc>'
    )


def add_picture(slide: SlidePart, picture: Picture, place: Place, file: Any) -> Any:
    """A drawing as SVG, with the PNG in `file` for programs that cannot show that."""
    left, top, width, height = place
    wide = min(width, int(height / picture.ratio))
    shapes = slide.slide.shapes
    shape = shapes.add_picture(file, Emu(left), Emu(top), Emu(wide), Emu(int(wide * picture.ratio))).element
    package = slide.package
    vector = Part(package.next_image_partname("svg"), "image/svg+xml", package, picture.svg)
    relation = slide.relate_to(vector, RELATIONSHIP_TYPE.IMAGE)
    blip = shape.find(".//" + qn("a:blip"))
    extensions = etree.SubElement(blip, qn("a:extLst"))
    extension = etree.SubElement(extensions, qn("a:ext"), uri=_VECTOR)
    vector_blip = etree.SubElement(extension, f"{{{_VECTOR_SPACE}}}svgBlip", nsmap={"asvg": _VECTOR_SPACE})
    vector_blip.set(qn("r:embed"), relation)
    describe(shape, "Drawing", picture.description)
    return shape
