"""What PowerPoint asks of a package before it opens it without a repair; an empty list is a sound file.

After ECMA-376, part 2 (packages) and part 1 (presentations and charts): names and content types, relations,
ids, and the order of the elements of a chart.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

CONTENT = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
SECTIONS = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_HEAD = ("idx", "order", "tx", "spPr")
ORDERS = {
    "chartSpace": ("date1904", "roundedCorners", "chart", "spPr", "txPr", "externalData"),
    "chart": ("title", "autoTitleDeleted", "plotArea", "legend", "plotVisOnly", "dispBlanksAs"),
    "title": ("tx", "layout", "overlay", "spPr", "txPr"),
    "legend": ("legendPos", "legendEntry", "layout", "overlay", "spPr", "txPr"),
    "lineChart": ("grouping", "varyColors", "ser", "dLbls", "dropLines", "marker", "axId"),
    "barChart": ("barDir", "grouping", "varyColors", "ser", "dLbls", "gapWidth", "overlap", "axId"),
    "scatterChart": ("scatterStyle", "varyColors", "ser", "dLbls", "axId"),
    "dPt": ("idx", "invertIfNegative", "marker", "bubble3D", "explosion", "spPr"),
    "dLbls": (
        *("dLbl", "numFmt", "spPr", "txPr", "dLblPos", "showLegendKey", "showVal", "showCatName"),
        *("showSerName", "showPercent", "showBubbleSize"),
    ),
    "dLbl": (
        *("idx", "layout", "tx", "numFmt", "spPr", "txPr", "dLblPos", "showLegendKey", "showVal"),
        *("showCatName", "showSerName", "showPercent", "showBubbleSize"),
    ),
    "errBars": ("errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr"),
    "scaling": ("logBase", "orientation", "max", "min"),
    "marker": ("symbol", "size", "spPr"),
}
_AXIS = (
    *("axId", "scaling", "delete", "axPos", "majorGridlines", "title", "numFmt", "majorTickMark"),
    *("minorTickMark", "tickLblPos", "spPr", "txPr", "crossAx", "crosses"),
)
ORDERS |= {
    "valAx": (*_AXIS, "crossBetween", "majorUnit"),
    "catAx": (*_AXIS, "auto", "lblAlgn", "lblOffset", "tickLblSkip", "noMultiLvlLbl"),
    "dateAx": (*_AXIS, "auto", "lblOffset", "baseTimeUnit", "majorUnit", "majorTimeUnit"),
}
SERIES = {
    "lineChart": (*_HEAD, "marker", "dPt", "dLbls", "errBars", "cat", "val", "smooth"),
    "barChart": (*_HEAD, "invertIfNegative", "dPt", "dLbls", "errBars", "cat", "val"),
    "scatterChart": (*_HEAD, "marker", "dPt", "dLbls", "errBars", "xVal", "yVal", "smooth"),
}
POSITIONS = {
    "lineChart": {"t", "b", "l", "r", "ctr"},
    "scatterChart": {"t", "b", "l", "r", "ctr"},
    "clustered": {"outEnd", "inEnd", "inBase", "ctr"},
    "stacked": {"inEnd", "inBase", "ctr"},
}


def faults(blob: bytes) -> list[str]:
    """Everything that is wrong with a .pptx file."""
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        names = package.namelist()
        parts = {name: package.read(name) for name in names}
    found = [f"twice in the package: {name}" for name in set(names) if names.count(name) > 1]
    lower = [name.lower() for name in names]
    found += [f"names differ by case alone: {name}" for name in set(lower) if lower.count(name) > 1]
    trees = {
        name: etree.fromstring(content)
        for name, content in parts.items()
        if name.endswith((".xml", ".rels", ".svg"))
    }
    found += _types(trees["[Content_Types].xml"], names)
    found += _relations(trees, set(names))
    for name, tree in trees.items():
        if re.fullmatch(r"ppt/(slides|slideLayouts|notesSlides|slideMasters)/[^/]+\.xml", name):
            found += _ids(name, tree)
        if name.startswith("ppt/charts/") and name.endswith(".xml"):
            found += _chart(name, tree)
    listed = [each.get("id") for each in trees["ppt/presentation.xml"].iter(f"{SLIDES}sldId")]
    found += _sections(trees["ppt/presentation.xml"], listed)
    found += [f"slide id {each} stands twice" for each in set(listed) if listed.count(each) > 1]
    found += [f"slide id {each} is out of range" for each in listed if not 256 <= int(each) < 2147483648]
    return found


def _sections(tree: etree._Element, slides: list[str]) -> Iterator[str]:
    """Sections hold every slide once, in the order of the slides, and have ids of their own."""
    if tree.find(f".//{SECTIONS}sectionLst") is None:
        return
    held = [each.get("id") for each in tree.iter(f"{SECTIONS}sldId")]
    if held != slides:
        yield f"the sections hold {held}, the slides are {slides}"
    ids = [each.get("id") for each in tree.iter(f"{SECTIONS}section")]
    yield from (f"section {each} stands twice" for each in set(ids) if ids.count(each) > 1)


def _types(tree: etree._Element, names: list[str]) -> Iterator[str]:
    defaults = [each.get("Extension").lower() for each in tree.iter(f"{CONTENT}Default")]
    overrides = [each.get("PartName") for each in tree.iter(f"{CONTENT}Override")]
    yield from (f"type told twice: {each}" for each in set(overrides) if overrides.count(each) > 1)
    yield from (f"type told twice: {each}" for each in set(defaults) if defaults.count(each) > 1)
    yield from (f"type of no part: {each}" for each in overrides if each.lstrip("/") not in names)
    for name in names:
        if name != "[Content_Types].xml" and f"/{name}" not in overrides:
            extension = name.rpartition(".")[2].lower()
            yield from [] if extension in defaults else [f"no type: {name}"]


def _relations(trees: dict[str, etree._Element], names: set[str]) -> Iterator[str]:
    reached = {"[Content_Types].xml", "_rels/.rels"}
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        reached.add(name)
        folder, _, file = name.rpartition("_rels/")
        source = f"{folder}{file.removesuffix('.rels')}"
        ids = [each.get("Id") for each in tree.iter(f"{RELATION}Relationship")]
        yield from (f"{name}: {each} stands twice" for each in set(ids) if ids.count(each) > 1)
        for each in tree.iter(f"{RELATION}Relationship"):
            if each.get("TargetMode") == "External":
                yield f"{name}: leads outside, to {each.get('Target')}"
                continue
            target = each.get("Target")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(folder + target)
            reached.add(path)
            if path not in names:
                yield f"{name}: {each.get('Id')} leads to {path}, which is not there"
        if source in trees:
            used = {
                value
                for element in trees[source].iter()
                for key, value in element.attrib.items()
                if key.startswith(OFFICE)
            }
            yield from (f"{source}: uses {each}, which is no relation of its own" for each in used - set(ids))
    yield from (f"reached by no relation: {each}" for each in names - reached)


def _ids(name: str, tree: etree._Element) -> Iterator[str]:
    ids = [each.get("id") for each in tree.iter("{*}cNvPr")]
    yield from (f"{name}: shape id {each} stands twice" for each in set(ids) if ids.count(each) > 1)


def _chart(name: str, tree: etree._Element) -> Iterator[str]:
    for element in tree.iter(f"{CHART}*"):
        tag = element.tag.removeprefix(CHART)
        order = ORDERS.get(tag)
        if tag == "ser":
            order = SERIES[element.getparent().tag.removeprefix(CHART)]
        if tag == "marker" and element.get("val") is not None:
            continue
        if order is None:
            continue
        children = [child.tag.removeprefix(CHART) for child in element]
        unknown = [child for child in children if child not in order]
        yield from (f"{name}: {tag} may not hold {each}" for each in unknown)
        places = [order.index(child) for child in children if child in order]
        if places != sorted(places):
            yield f"{name}: the children of {tag} are out of order: {children}"
    axes = {
        each.find(f"{CHART}axId").get("val")
        for kind in ("valAx", "catAx", "dateAx")
        for each in tree.iter(CHART + kind)
    }
    for kind in SERIES:
        for plot in tree.iter(CHART + kind):
            used = [each.get("val") for each in plot.findall(f"{CHART}axId")]
            yield from (f"{name}: there is no axis {each}" for each in used if each not in axes)
            grouping = plot.find(f"{CHART}grouping")
            allowed = POSITIONS[grouping.get("val") if kind == "barChart" else kind]
            for label in plot.iter(f"{CHART}dLblPos"):
                if label.get("val") not in allowed:
                    yield f"{name}: labels of a {kind} may not stand at {label.get('val')}"
    indexes = [each.find(f"{CHART}idx").get("val") for each in tree.iter(f"{CHART}ser")]
    yield from (f"{name}: series {each} stands twice" for each in set(indexes) if indexes.count(each) > 1)
