"""The built-in template: paper, ink and fonts of the screen, in the three layouts that packs are made of."""

import re
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches

from dashboard.charts.theme import LIGHT
from dashboard.pack.slides.layouts import HEIGHT, LOOKS, WIDTH, Look

# The last of the screen's fonts: the reader's machine has them, or fonts of the same widths.
HEADING_FONT, TEXT_FONT = "Georgia", "Arial"
_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_SLOTS = {
    "dk1": LIGHT.ink,
    "lt1": LIGHT.paper,
    "dk2": LIGHT.financial,
    "lt2": LIGHT.rule,
    "accent1": LIGHT.customer,
    "accent2": LIGHT.financial,
    "accent3": LIGHT.improvement,
    "accent4": LIGHT.concern,
    "accent5": LIGHT.people,
    "accent6": LIGHT.target,
    "hlink": LIGHT.customer,
    "folHlink": LIGHT.people,
}


def own_template() -> Any:
    """An empty presentation of wide slides."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    kept = list(presentation.slide_layouts)
    for layout in kept[len(LOOKS) :]:
        presentation.slide_layouts.remove(layout)
    for layout, (name, looks) in zip(kept, LOOKS.items(), strict=False):
        _lay_out(layout, name, looks)
    _dress(presentation.slide_master)
    return presentation


def _lay_out(layout: Any, name: str, looks: Any) -> None:
    """Give a layout its name and its placeholders, in the order in which they are read."""
    layout.name = name
    element = layout._element
    element.attrib.pop("type", None)  # its own arrangement is of no built-in type
    element.set("userDrawn", "1")
    tree = element.cSld.spTree
    for shape in list(tree.iter_shape_elms()):
        tree.remove(shape)
    for place, (called, look) in enumerate(looks.items()):
        tree.append(parse_xml(_placeholder(called, look, place)))


def _placeholder(name: str, look: Look, place: int) -> str:
    kind = 'type="title"' if name == "Title" else f'type="body" sz="quarter" idx="{10 + place}"'
    font = "+mj-lt" if look.heading else "+mn-lt"
    ink = '<a:schemeClr val="tx1"/>'
    if look.muted:
        ink = '<a:schemeClr val="tx1"><a:lumMod val="65000"/><a:lumOff val="35000"/></a:schemeClr>'
    left, top, width, height = (
        int(Inches(number)) for number in (look.left, look.top, look.width, look.height)
    )
    return (
        f'<p:sp {_SPACES}><p:nvSpPr><p:cNvPr id="{place + 2}" name="{name}"/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{look.anchor}"><a:normAutofit/>'
        '</a:bodyPr><a:lstStyle><a:lvl1pPr marL="0" indent="0" algn="l"><a:lnSpc><a:spcPct val="100000"/>'
        '</a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{round(look.size * 100)}" b="{int(look.bold)}"><a:solidFill>{ink}</a:solidFill>'
        f'<a:latin typeface="{font}"/></a:defRPr></a:lvl1pPr></a:lstStyle>'
        f'<a:p><a:r><a:rPr lang="en-GB"/><a:t>{name}</a:t></a:r></a:p></p:txBody></p:sp>'
    )


def _dress(master: Any) -> None:
    """Paper behind everything, our colours and fonts in the theme, and no shapes of another slide size."""
    tree = master._element.cSld.spTree
    scale = Inches(WIDTH) / Inches(10)
    for shape in tree.iter_shape_elms():
        for part, sides in (("a:off", ("x",)), ("a:ext", ("cx",))):
            for each in shape.iter(qn(part)):
                for side in sides:
                    each.set(side, str(int(int(each.get(side)) * scale)))
    theme = next(
        relation.target_part for relation in master.part.rels.values() if relation.reltype.endswith("/theme")
    )
    theme._blob = _themed(theme.blob)


def _themed(blob: bytes) -> bytes:
    root = etree.fromstring(blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    root.set("name", "Boardseat")
    for slot, colour in _SLOTS.items():
        for found in root.iterfind(f".//a:clrScheme/a:{slot}", space):
            for child in list(found):
                found.remove(child)
            etree.SubElement(found, f"{{{space['a']}}}srgbClr", val=colour.lstrip("#"))
    for kind, font in (("majorFont", HEADING_FONT), ("minorFont", TEXT_FONT)):
        for found in root.iterfind(f".//a:fontScheme/a:{kind}/a:latin", space):
            found.set("typeface", font)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return re.sub(rb"\s+panose=\"[^\"]*\"", b"", written)
