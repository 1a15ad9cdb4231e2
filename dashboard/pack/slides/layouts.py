"""What a template must have: three layouts with named placeholders. Built-in and company templates alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pptx.util import Emu

from dashboard.pack.slides.fitting import Room

COVER, EXHIBIT, TEXT = "Boardseat cover", "Boardseat exhibit", "Boardseat text"

PLACEHOLDERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        COVER: ("Title", "Text", "Footer"),
        EXHIBIT: ("Title", "Question", "Exhibit", "Figures", "Why", "Footer"),
        TEXT: ("Title", "Question", "Text", "Footer"),
    }
)


@dataclass(frozen=True)
class Look:
    """Where a placeholder of the built-in template lies, in inches, and its text in points."""

    left: float
    top: float
    width: float
    height: float
    size: float
    heading: bool = False
    bold: bool = False
    muted: bool = False
    anchor: str = "t"


WIDTH, HEIGHT = 13.333, 7.5
_FOOT = Look(0.6, 7.02, 12.13, 0.28, 9, muted=True, anchor="ctr")
_TITLE = Look(0.6, 0.38, 12.13, 0.82, 24, heading=True, bold=True, anchor="b")
_QUESTION = Look(0.6, 1.24, 12.13, 0.34, 13, muted=True)

LOOKS: Mapping[str, Mapping[str, Look]] = MappingProxyType(
    {
        COVER: {
            "Title": Look(0.9, 1.3, 11.5, 1.5, 40, heading=True, bold=True, anchor="b"),
            "Text": Look(0.9, 3.0, 11.5, 3.7, 16),
            "Footer": _FOOT,
        },
        EXHIBIT: {
            "Title": _TITLE,
            "Question": _QUESTION,
            "Exhibit": Look(0.6, 1.75, 8.2, 5.1, 12),
            "Figures": Look(9.05, 1.75, 3.68, 3.05, 12),
            "Why": Look(9.05, 4.9, 3.68, 1.95, 11),
            "Footer": _FOOT,
        },
        TEXT: {
            "Title": _TITLE,
            "Question": _QUESTION,
            "Text": Look(0.6, 1.75, 12.13, 5.1, 14),
            "Footer": _FOOT,
        },
    }
)


@dataclass(frozen=True)
class Slot:
    """A placeholder of a layout: its number there, and left, top, width and height in EMU."""

    source: Any
    index: int
    place: tuple[int, int, int, int]

    @property
    def room(self) -> Room:
        """All of it, in points."""
        return Room(Emu(self.place[2]).pt, Emu(self.place[3]).pt)


def named(layout: Any) -> dict[str, Any]:
    """The placeholders of a layout by their names; of two with one name the first."""
    found: dict[str, Any] = {}
    for placeholder in layout.placeholders:
        found.setdefault(placeholder.name.strip(), placeholder)
    return found
