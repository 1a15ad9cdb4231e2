"""Texts, tables, charts and pictures put onto a slide, each with a name and a text for those who hear it."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from dashboard.charts.theme import LIGHT
from dashboard.pack.plain_text import plain_text, single_line
from dashboard.pack.slides.chart_model import NativeChart
from dashboard.pack.slides.chart_parts import EMU_A_POINT, INK, MUTED, colour, text
from dashboard.pack.slides.chart_workbook import table_workbook
from dashboard.pack.slides.chart_writing import chart_xml
from dashboard.pack.slides.fitting import Words
from dashboard.pack.slides.plan import Cell, Grid, Picture

_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # a table without lines: ours are drawn
_VECTOR = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_VECTOR_SPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


class _Data:
    """What python-pptx asks of the data of a chart."""

    def __init__(self, chart: NativeChart) -> None:
        self._chart = chart

    def xml_bytes(self, _kind: object) -> bytes:
        """The chart part."""
        return chart_xml(self._chart)

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook behind it."""
        return table_workbook(self._chart.table)


def describe(shape: Any, name: str, description: str) -> None:
    """Give a shape the name that the selection pane shows, and the text that a screen reader speaks."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", single_line(name)[:250])
    properties.set("descr", plain_text(description))


def write(frame: Any, paragraphs: Sequence[Words], *, keep_size: bool = False) -> None:
    """Put paragraphs into a text frame; `keep_size` leaves the size to the template."""
    _fill_frame(frame, "".join(_paragraph(each, keep_size=keep_size) for each in paragraphs))


def write_lines(frame: Any, text: str) -> None:
    """Put a text without styles into a text frame, each of its lines a paragraph."""
    lines = (f"<a:r><a:t>{escape(line)}</a:t></a:r>" if line else "" for line in text.split("\n"))
    _fill_frame(frame, "".join(f"<a:p>{line}</a:p>" for line in lines))


def _fill_frame(frame: Any, written: str) -> None:
    """Paragraphs in the place of those of a text frame; parsed at once, for there are tens of thousands."""
    body = frame._txBody
    for old in body.findall(qn("a:p")):
        body.remove(old)
    body.extend(parse_xml(f"<a:txBody {_A}>{written or '<a:p/>'}</a:txBody>"))


def _paragraph(found: Words, *, keep_size: bool) -> str:
    indent = (
        f'marL="{14 * EMU_A_POINT}" indent="-{14 * EMU_A_POINT}"' if found.bullet else 'marL="0" indent="0"'
    )
    bullet = '<a:buChar char="•"/>' if found.bullet else "<a:buNone/>"
    before = f'<a:spcBef><a:spcPts val="{round(found.before * 100)}"/></a:spcBef>'
    size = "" if keep_size else f' sz="{round(found.size * 100)}"'
    fill = ""
    if found.colour or found.muted:
        fill = f"<a:solidFill>{colour(found.colour) if found.colour else MUTED}</a:solidFill>"
    runs = "".join(
        f'<a:r><a:rPr lang="en-GB"{size} b="{int(run.bold)}" i="{int(run.slanted)}" dirty="0">{fill}</a:rPr>'
        f"<a:t>{text_of(run.text)}</a:t></a:r>"
        for run in found.runs
        if run.text
    )
    return (
        f'<a:p><a:pPr {indent}><a:lnSpc><a:spcPct val="100000"/></a:lnSpc>{before}{bullet}</a:pPr>'
        f"{runs}</a:p>"
    )


def text_of(value: str) -> str:
    """A run's text: spaces at its ends are kept, line ends become spaces."""
    clean = plain_text(value).replace("\n", " ").replace("\t", " ")
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def add_chart(slide: Any, chart: NativeChart, place: tuple[int, int, int, int]) -> Any:
    """A chart that PowerPoint can edit, with its workbook inside."""
    frame = slide.shapes.add_chart(None, *(Emu(side) for side in place), _Data(chart))
    describe(frame, chart.name, chart.description)
    return frame


def add_picture(slide: Any, picture: Picture, place: tuple[int, int, int, int], file: Any) -> Any:
    """A drawing as SVG, with the PNG in `file` for programs that cannot show that."""
    left, top, width, height = place
    wide = min(width, int(height / picture.ratio))
    shape = slide.shapes.add_picture(file, Emu(left), Emu(top), Emu(wide), Emu(int(wide * picture.ratio)))
    package = slide.part.package
    vector = Part(package.next_image_partname("svg"), "image/svg+xml", package, picture.svg)
    relation = slide.part.relate_to(vector, RELATIONSHIP_TYPE.IMAGE)
    blip = shape._element.find(".//" + qn("a:blip"))
    extensions = etree.SubElement(blip, qn("a:extLst"))
    extension = etree.SubElement(extensions, qn("a:ext"), uri=_VECTOR)
    vector_blip = etree.SubElement(extension, f"{{{_VECTOR_SPACE}}}svgBlip", nsmap={"asvg": _VECTOR_SPACE})
    vector_blip.set(qn("r:embed"), relation)
    describe(shape, "Drawing", picture.description)
    return shape


def add_table(slide: Any, grid: Grid, place: tuple[int, int, int, int]) -> Any:
    """A table of PowerPoint's own: a head that is repeated on each slide, figures to the right."""
    left, top, width, _ = place
    used = int(width * sum(grid.widths))
    frame = slide.shapes.add_table(
        len(grid.rows) + 1,
        len(grid.heads),
        Emu(left),
        Emu(top),
        Emu(used),
        Pt(sum(grid.heights)),
    )
    table = frame.table
    properties = table._tbl.tblPr
    properties.find(qn("a:tableStyleId")).text = _NO_STYLE
    table.first_row, table.horz_banding = True, False
    for column, share in zip(table.columns, grid.widths, strict=True):
        column.width = Emu(int(width * share))
    figures = [row.figure for row in grid.rows[0]] if grid.rows else [False] * len(grid.heads)
    heads = tuple(
        Cell(head, figure=figure, bold=True) for head, figure in zip(grid.heads, figures, strict=True)
    )
    for row, (cells, height) in enumerate(zip((heads, *grid.rows), grid.heights, strict=True)):
        table.rows[row].height = Pt(height)
        for found, cell in zip(table._tbl.tr_lst[row].tc_lst, cells, strict=True):
            _fill(found, cell, grid.size, grid.padding, head=row == 0)
    describe(frame, "Table", grid.description)
    return frame


def _fill(element: Any, cell: Cell, size: float, padding: float, *, head: bool) -> None:
    for child in list(element):
        element.remove(child)
    side = "r" if cell.figure else "l"
    ink = INK if cell.colour is None else colour(cell.colour)
    look = f'lang="en-GB" sz="{round(size * 100)}" b="{int(cell.bold)}" dirty="0"'
    run = (
        f"<a:r><a:rPr {look}><a:solidFill>{ink}</a:solidFill></a:rPr><a:t>{text(cell.text)}</a:t></a:r>"
        if cell.text
        else f"<a:endParaRPr {look}/>"  # without it, an empty field is as high as a usual line
    )
    written = f'<a:txBody {_A}><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{side}"/>{run}</a:p></a:txBody>'
    rule = f"<a:solidFill>{colour(LIGHT.ink if head else LIGHT.rule)}</a:solidFill>"
    fill = "<a:noFill/>" if cell.shade is None else f"<a:solidFill>{colour(cell.shade)}</a:solidFill>"
    half = round(padding / 2 * EMU_A_POINT)
    fielded = (
        f'<a:tcPr {_A} marL="{5 * EMU_A_POINT}" marR="{5 * EMU_A_POINT}" marT="{half}" '
        f'marB="{half}" anchor="ctr"><a:lnB w="{12_700 if head else 6_350}">{rule}</a:lnB>'
        f"{fill}</a:tcPr>"
    )
    element.append(parse_xml(written))
    element.append(parse_xml(fielded))
