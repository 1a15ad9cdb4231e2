"""What the board receives: which pages, in which order, and what stands before and behind them."""

from dataclasses import dataclass
from enum import StrEnum


class Appendix(StrEnum):
    """What may stand behind the pages of a pack."""

    DEFINITIONS = "definitions"
    RESTATEMENTS = "restatements"
    METHOD_NOTES = "method_notes"


@dataclass(frozen=True)
class Cover:
    """The first sheet; `text` is a paragraph under the title, and may be empty."""

    title: str
    text: str = ""


@dataclass(frozen=True)
class PackSpec:
    """config/packs/<name>.yaml; `recipients` says who may read it, and may be empty."""

    name: str
    pages: tuple[str, ...]
    appendices: tuple[Appendix, ...]
    cover: Cover
    recipients: str = ""


STANDARD = "board"
TITLE = "Board pack"


def standard_pack(pages: tuple[str, ...]) -> PackSpec:
    """The pack of a configuration that describes none: all its pages, and every appendix."""
    return PackSpec(STANDARD, pages, tuple(Appendix), Cover(TITLE))
