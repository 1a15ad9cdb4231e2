"""Colours and type of every drawing, light and dark: one place for the screen, the slide and the paper."""

from dataclasses import dataclass
from typing import Any

from dashboard.definitions.model import Side

FONT = "Source Sans, Source Sans Pro, Liberation Sans, Arial, sans-serif"
# Around a chart on the screen, in pixels; what is not told here, Streamlit fills with an empty band.
PADDING = {"left": 2, "right": 2, "top": 6, "bottom": 4}
HEADING = "Source Serif, Source Serif Pro, Liberation Serif, Georgia, serif"


@dataclass(frozen=True)
class Palette:
    """The colours of one theme. Blue and orange are told apart with any colour vision; shape repeats them."""

    paper: str
    ink: str
    muted: str
    rule: str
    customer: str
    financial: str
    people: str
    improvement: str
    concern: str
    neutral: str
    target: str

    def line(self, side: Side) -> str:
        """The colour of a metric's own line."""
        return {Side.CUSTOMER: self.customer, Side.FINANCIAL: self.financial, Side.PEOPLE: self.people}[side]


LIGHT = Palette(
    paper="#FBFAF7",
    ink="#1F2328",
    muted="#5B6169",
    rule="#DDD9CF",
    customer="#0F6E6E",
    financial="#3B4A63",
    people="#6B4E71",
    improvement="#1B7FB8",
    concern="#C8570B",
    neutral="#6D5BA8",
    target="#8A1C1C",
)
DARK = Palette(
    paper="#16191D",
    ink="#ECEAE4",
    muted="#A9AFB8",
    rule="#3A4048",
    customer="#4FB3AE",
    financial="#9FB2D4",
    people="#C3A2CC",
    improvement="#5BB7EE",
    concern="#F29A55",
    neutral="#B5A6EE",
    target="#EE8A8A",
)


def vega_config(palette: Palette) -> dict[str, Any]:
    """The Vega-Lite configuration that every chart carries."""
    return {
        "background": palette.paper,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": palette.muted,
            "labelFontSize": 11,
            "titleColor": palette.muted,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "titleFont": FONT,
            "labelFont": FONT,
            "domain": False,
            "ticks": False,
            "grid": False,
            "labelPadding": 6,
            "labelLimit": 0,  # labels are broken where they are written; to cut them, each is measured twice
        },
        "title": {
            "color": palette.ink,
            "anchor": "start",
            "font": FONT,
            "fontSize": 13,
            "subtitleColor": palette.muted,
        },
        "legend": {"labelColor": palette.muted, "labelFontSize": 12, "labelFont": FONT, "titleFont": FONT},
        "text": {"color": palette.ink, "fontSize": 11},
    }
