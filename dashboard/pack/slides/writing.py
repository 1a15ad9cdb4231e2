"""Texts written into the shapes of a slide, and names for those who see or hear it."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from dashboard.pack.plain_text import plain_text, single_line
from dashboard.pack.slides.chart_parts import EMU_A_POINT, MUTED, colour
from dashboard.pack.slides.fitting import Words

_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_BODY, _PARAGRAPH = qn("p:txBody"), qn("a:p")


def describe(shape: Any, name: str, description: str) -> None:
    """Give a shape the name that the selection pane shows, and the text that a screen reader speaks."""
    properties = shape.find("*/" + qn("p:cNvPr"))
    properties.set("name", name_of(name))
    properties.set("descr", description_of(description))


def name_of(name: str) -> str:
    """A name as a shape holds it."""
    return single_line(name)[:250]


def description_of(description: str) -> str:
    """A text for a screen reader as a shape holds it."""
    return plain_text(description)


def move(shape: Any, place: tuple[int, int, int, int]) -> None:
    """Give a placeholder a place of its own: left, top, width and height in EMU."""
    left, top, width, height = place
    written = f'<a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/>'
    shape.find(qn("p:spPr")).insert(0, parse_xml(f"<a:xfrm {_A}>{written}</a:xfrm>"))


def write(shape: Any, paragraphs: Sequence[Words], *, keep_size: bool = False) -> None:
    """Put paragraphs into the element of a shape; `keep_size` leaves the size to the template."""
    _fill(shape, "".join(_paragraph(each, keep_size=keep_size) for each in paragraphs))


def write_lines(shape: Any, text: str) -> None:
    """Put a text without styles into the element of a shape, each of its lines a paragraph."""
    _fill(shape, paragraphs_of(text))


def paragraphs_of(text: str) -> str:
    """A text without styles, each of its lines a paragraph."""
    lines = (f"<a:r><a:t>{escape(line)}</a:t></a:r>" if line else "" for line in text.split("\n"))
    return "".join(f"<a:p>{line}</a:p>" for line in lines)


def _fill(shape: Any, written: str) -> None:
    """Paragraphs in the place of those of a shape; parsed at once, for there are thousands."""
    body = shape.find(_BODY)
    for old in body.findall(_PARAGRAPH):
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
