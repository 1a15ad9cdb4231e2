"""What leads through many slides: the sections of the slide sorter, and links from tables to slides."""

import uuid
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn

from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.plan import Grid, Slide, Text

_SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
_SPACE = "http://schemas.microsoft.com/office/powerpoint/2010/main"
_JUMP = "ppaction://hlinksldjump"


def mark_sections(presentation: Any, planned: Sequence[Slide]) -> None:
    """A section for each page and appendix, in the order of the slides."""
    ids = [each.get("id") for each in presentation.slides._sldIdLst]
    root = presentation.part._element
    extensions = etree.SubElement(root, qn("p:extLst"))
    extension = etree.SubElement(extensions, qn("p:ext"), uri=_SECTIONS)
    listed = etree.SubElement(extension, f"{{{_SPACE}}}sectionLst", nsmap={"p14": _SPACE})
    runs = groupby(range(len(planned)), key=lambda place: planned[place].section)
    for number, (name, places) in enumerate(runs):
        section = etree.SubElement(listed, f"{{{_SPACE}}}section")
        section.set("name", single_line(name)[:250])
        # Counted, not drawn by lot: equal packs are equal files.
        section.set("id", "{" + str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {name}")).upper() + "}")
        slides = etree.SubElement(section, f"{{{_SPACE}}}sldIdLst")
        for place in places:
            etree.SubElement(slides, f"{{{_SPACE}}}sldId").set("id", ids[place])


def link_tables(presentation: Any, planned: Sequence[Slide]) -> None:
    """Fields of tables that name a slide lead to it."""
    slides = list(presentation.slides)
    for slide, each in zip(slides, planned, strict=True):
        if not (isinstance(each, Text) and isinstance(each.body, Grid)):
            continue
        fields = [cell for row in each.body.rows for cell in row]
        if not any(cell.to for cell in fields):
            continue
        table = next(shape.table for shape in slide.shapes if shape.has_table)
        drawn = [cell for row in table._tbl.tr_lst[1:] for cell in row.tc_lst]
        for cell, element in zip(fields, drawn, strict=True):
            if cell.to:
                link = etree.SubElement(element.find(".//" + qn("a:rPr")), qn("a:hlinkClick"))
                relation = slide.part.relate_to(slides[cell.to - 1].part, RELATIONSHIP_TYPE.SLIDE)
                link.set(qn("r:id"), relation)
                link.set("action", _JUMP)
