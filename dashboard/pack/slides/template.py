"""A company's own template: opened, checked in full, and emptied of its slides. Every problem at once."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.util import Emu

from dashboard.errors import DashboardError
from dashboard.pack.slides.fitting import Room
from dashboard.pack.slides.layouts import COVER, EXHIBIT, PLACEHOLDERS, TEXT, Slot, named
from dashboard.pack.slides.own_template import own_template
from dashboard.pack.slides.plan import Rooms
from dashboard.pack.slides.prototypes import NotesPrototype, Prototype, notes_prototype, prototype

_ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1")  # the compound file in which Office keeps what has a password
_KINDS = {
    "presentationml.template.main": "a template of the kind .potx",
    "presentationml.slideshow.main": "a slide show",
    "macroEnabled": "a presentation with macros",
}
_MARGINS = {"lIns": 91_440, "rIns": 91_440, "tIns": 45_720, "bIns": 45_720}
USUAL_TITLE = 24.0


class TemplateError(DashboardError):
    """The template cannot be used; says what it lacks and how to mend it."""


@dataclass(frozen=True)
class Template:
    """A presentation without slides; by layout its placeholders and an empty slide; and their room.

    Where a placeholder lies is read once: a slide's own has to ask layout and master each time.
    """

    presentation: Any
    slots: dict[str, dict[str, Slot]]
    prototypes: dict[str, Prototype]
    notes: NotesPrototype
    rooms: Rooms


def open_template(path: Path | None) -> Template:
    """The template in a file, or the built-in one; TemplateError with all that is wrong with it."""
    presentation = own_template() if path is None else _opened(path)
    if path is not None and (problems := _problems(presentation, path)):
        raise TemplateError("\n".join(problems))
    _empty(presentation)
    layouts = {layout.name.strip(): layout for layout in _layouts(presentation)}
    slots = {name: _slots(layouts[name]) for name in PLACEHOLDERS}
    prototypes = {name: prototype(presentation, layouts[name], slots[name]) for name in PLACEHOLDERS}
    notes = notes_prototype(presentation, layouts[COVER])
    _count_parts(presentation.part.package)
    return Template(presentation, slots, prototypes, notes, _rooms(layouts))


def _slots(layout: Any) -> dict[str, Slot]:
    return {
        name: Slot(
            each,
            each.placeholder_format.idx,
            (int(each.left or 0), int(each.top or 0), int(each.width or 0), int(each.height or 0)),
        )
        for name, each in named(layout).items()
    }


def _opened(path: Path) -> Any:
    told = f"The template {path.name}"
    try:
        with path.open("rb") as file:
            head = file.read(len(_ENCRYPTED))
    except OSError as error:
        raise TemplateError(
            f"The template {path} cannot be read: {error.strerror}. Name another file with --template."
        ) from None
    if head == _ENCRYPTED:
        raise TemplateError(
            f"{told} is protected by a password, or of the old kind .ppt. "
            "Save it as .pptx without a password."
        )
    _check_kind(path, told)
    try:
        presentation = Presentation(str(path))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError):
        raise TemplateError(_no_presentation(told)) from None
    if presentation.part._element.find(qn("p:modifyVerifier")) is not None:
        raise TemplateError(
            f"{told} is protected against changes, and so would be every pack made with it. "
            "Take the protection off: File, Save As, Tools, General Options."
        )
    return presentation


def _no_presentation(told: str) -> str:
    return f"{told} is no PowerPoint presentation. Save it as .pptx."


def _check_kind(path: Path, told: str) -> None:
    """Refuse what is zipped alike and would make packs that PowerPoint does not open."""
    try:
        with zipfile.ZipFile(path) as package:
            types = package.read("[Content_Types].xml").decode("utf-8", errors="replace")
    except (zipfile.BadZipFile, KeyError, OSError):
        raise TemplateError(_no_presentation(told)) from None
    for sign, kind in _KINDS.items():
        if sign in types:
            raise TemplateError(f"{told} is {kind}. Save it as .pptx.")


def _problems(presentation: Any, path: Path) -> list[str]:
    layouts = {layout.name.strip(): layout for layout in _layouts(presentation)}
    told = f"The template {path.name}"
    if not layouts:
        return [f"{told} has no layouts. Add {', '.join(PLACEHOLDERS)} in the slide master."]
    problems = []
    for name, wanted in PLACEHOLDERS.items():
        if name not in layouts:
            has = ", ".join(layouts)
            problems.append(
                f"{told} has no layout called {name!r}. It has: {has}. "
                "Name one so in the slide master (View, Slide Master, Rename Layout)."
            )
            continue
        there = named(layouts[name])
        for missing in (each for each in wanted if each not in there):
            has = ", ".join(there) or "none"
            problems.append(
                f"The layout {name!r} of the template {path.name} has no placeholder called {missing!r}. "
                f"It has: {has}. Insert one in the slide master, and name it in the selection pane."
            )
        problems += [
            f"The placeholder {each!r} of the layout {name!r} of the template {path.name} has no size. "
            "Draw it in the slide master."
            for each in wanted
            if each in there and not (there[each].width and there[each].height)
        ]
    bodies = (each.placeholder_format.type for each in presentation.notes_master.placeholders)
    if PP_PLACEHOLDER.BODY not in bodies:
        problems.append(
            f"The notes master of {told[:1].lower()}{told[1:]} has no place for notes. Restore it."
        )
    return problems


def _layouts(presentation: Any) -> list[Any]:
    return [layout for master in presentation.slide_masters for layout in master.slide_layouts]


def _empty(presentation: Any) -> None:
    """Take away the slides that a template shows its layouts with, and the sections they stood in."""
    listed = presentation.slides._sldIdLst
    for entry in list(listed):
        presentation.part.drop_rel(entry.rId)
        listed.remove(entry)
    root = presentation.part._element
    for extensions in root.findall(qn("p:extLst")):
        root.remove(extensions)


def _count_parts(package: Any) -> None:
    """Number new parts by counting on; python-pptx walks the whole package for each of them."""
    taken = {str(part.partname) for part in package.iter_parts()}
    newest: dict[str, int] = {}

    def next_partname(template: str) -> PackURI:
        number = newest.get(template, 0) + 1
        while template % number in taken:
            number += 1
        newest[template] = number
        return PackURI(template % number)

    package.next_partname = next_partname


def _rooms(layouts: dict[str, Any]) -> Rooms:
    exhibit, text, cover = (named(layouts[name]) for name in (EXHIBIT, TEXT, COVER))
    titles = [_room(exhibit["Title"]), _room(text["Title"])]
    return Rooms(
        title=Room(min(each.width for each in titles), min(each.height for each in titles)),
        exhibit=_room(exhibit["Exhibit"]),
        figures=_room(exhibit["Figures"]),
        why=_room(exhibit["Why"]),
        text=_room(text["Text"]),
        cover=_room(cover["Text"]),
        title_size=_size(exhibit["Title"]) or USUAL_TITLE,
    )


def _room(placeholder: Any) -> Room:
    """The inside of a placeholder, in points; text in it takes a little less, for rounding."""
    body = placeholder._element.find(".//" + qn("a:bodyPr"))
    inset = {side: int(usual if body is None else body.get(side, usual)) for side, usual in _MARGINS.items()}
    width = placeholder.width - inset["lIns"] - inset["rIns"]
    height = placeholder.height - inset["tIns"] - inset["bIns"]
    return Room(Emu(width).pt, Emu(height).pt)


def _size(placeholder: Any) -> float | None:
    """The size that a layout gives its title, else its master."""
    for root in (placeholder._element, placeholder.part.slide_layout.slide_master._element):
        style = root.find(".//" + qn("p:titleStyle")) if root.tag == qn("p:sldMaster") else root
        found = None if style is None else style.find(f".//{qn('a:lvl1pPr')}/{qn('a:defRPr')}")
        if found is not None and found.get("sz"):
            return int(found.get("sz")) / 100
    return None
