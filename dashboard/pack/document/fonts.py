"""The fonts that a document is set in: those of the look where they are there, others where they are not."""

from dataclasses import dataclass
from functools import cache

import typst

BUILT_IN = "Libertinus Serif"  # typst carries it, so there is always one
TEXT = (
    "Source Sans 3",
    "Source Sans Pro",
    "Source Sans",
    "Liberation Sans",
    "Arial",
    "Noto Sans",
    "DejaVu Sans",
)
HEADING = ("Source Serif 4", "Source Serif Pro", "Source Serif", "Liberation Serif", "Georgia", "Noto Serif")


@dataclass(frozen=True)
class Typefaces:
    """The families that were found; `note` says what stands in for one that was not, else it is empty."""

    text: str
    heading: str
    note: str


@cache
def system_fonts() -> typst.Fonts:
    """The fonts of this machine and those that typst carries; looked for once."""
    return typst.Fonts()


@cache
def built_in_fonts() -> typst.Fonts:
    """Those that typst carries, alone."""
    return typst.Fonts(include_system_fonts=False)


def typefaces(fonts: typst.Fonts) -> Typefaces:
    """Choose the families of texts and headings."""
    there = frozenset(fonts.families())
    text = next((family for family in TEXT if family in there), None)
    heading = next((family for family in HEADING if family in there), None)
    note = ""
    if text is None:
        note = (
            f"None of the fonts {', '.join(TEXT)} is on this machine; the document is set in {BUILT_IN}. "
            "Install one of them to have it without serifs."
        )
    return Typefaces(text or BUILT_IN, heading or BUILT_IN, note)
