"""Whether a text fits its place, how small it must be to do so, and where it is broken when it cannot.

Widths are those of Helvetica (its published metrics, thousandths of the size), which Arial and Liberation
Sans share; what is not in the table counts as wide. Most fonts of companies run narrower, so that a text
which fits by this measure fits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dashboard.pack.markdown import Run

SCALES = (1.0, 0.92, 0.84, 0.76, 0.7)
LINE = 1.2  # of the size
WIDE = 1000
USUAL = 600
_WIDTHS = {
    **dict.fromkeys("ijl'|", 222),
    **dict.fromkeys(" !,./:;[]\\It·f", 278),
    **dict.fromkeys("()`r-", 333),
    **dict.fromkeys("*", 389),
    **dict.fromkeys("ckszvxyJ", 500),
    **dict.fromkeys("abdeghnopqu0123456789?L#$_–£€", 556),
    **dict.fromkeys("+<=>~−±", 584),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("%", 889),
    **dict.fromkeys("W", 944),
    **dict.fromkeys("@…—", 1015),
}


# Of the bold font: by a share of the above, a heading of thin letters such as Billing would be broken inside.
_BOLD_WIDTHS = {
    **_WIDTHS,
    **dict.fromkeys("ijlI,./\\ ·", 278),
    **dict.fromkeys("!|:;[]()`ft-", 333),
    **dict.fromkeys("*r'", 389),
    **dict.fromkeys("sacekvxyz", 556),
    **dict.fromkeys("bdghnopquFLTZ?", 611),
    **dict.fromkeys("EPSVXY", 667),
    **dict.fromkeys("ABCDHKNRU&", 722),
    "J": 556,
    "w": 778,
    "m": 889,
}


@dataclass(frozen=True)
class Words:
    """A paragraph of a slide: its runs, its size in points, and the space before it in points.

    `colour` is hexadecimal; None is the ink of the slide, and `muted` a paler one.
    """

    runs: tuple[Run, ...]
    size: float
    colour: str | None = None
    muted: bool = False
    bullet: bool = False
    before: float = 0.0

    @property
    def text(self) -> str:
        """The paragraph without its styles."""
        return "".join(run.text for run in self.runs)

    def scaled(self, scale: float) -> "Words":
        """The same in another size."""
        return replace(self, size=max(8.0, round(self.size * scale, 1)), before=self.before * scale)


@dataclass(frozen=True)
class Room:
    """A place on a slide, in points, less its margins."""

    width: float
    height: float


@dataclass(frozen=True)
class Fitted:
    """What stands in a place, in which share of its size, and what must go on elsewhere."""

    here: tuple[Words, ...]
    rest: tuple[Words, ...]
    scale: float = 1.0


def words(
    text: str,
    size: float,
    *,
    bold: bool = False,
    muted: bool = False,
    colour: str | None = None,
    before: float = 0.0,
) -> Words:
    """A paragraph in one style."""
    return Words((Run(text, bold=bold),), size, colour, muted, before=before)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is on one line, in points."""
    return _units(text, bold=bold) * size / 1000


@lru_cache(maxsize=1 << 16)  # the same words stand on many slides, and are fitted in several sizes
def _units(text: str, *, bold: bool) -> int:
    """How wide a text is in thousandths of its size."""
    widths = _BOLD_WIDTHS if bold else _WIDTHS
    return sum(widths.get(sign, USUAL if sign < "\u2000" else WIDE) for sign in text)


def line_count(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes; a word that is wider than the line is broken inside."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        space = text_width(" ", size, bold=bold)
        for word in paragraph.split(" "):
            wide = text_width(word, size, bold=bold)
            if used and used + space + wide > width:
                lines, used = lines + 1, 0.0
            elif used:
                used += space
            if wide > width:
                more = math.ceil((used + wide) / width) - 1
                lines, used = lines + more, used + wide - more * width
            else:
                used += wide
    return lines


def height_of(paragraph: Words, width: float) -> float:
    """How high a paragraph is in a place of that width, in points."""
    inner = width - (14 if paragraph.bullet else 0)
    bold = any(run.bold for run in paragraph.runs)
    return (
        paragraph.before
        + line_count(paragraph.text, inner, paragraph.size, bold=bold) * paragraph.size * LINE
    )


def fits(paragraphs: Sequence[Words], room: Room) -> bool:
    """Whether all of it stands in the place."""
    return sum(height_of(each, room.width) for each in paragraphs) <= room.height


def fit(paragraphs: Sequence[Words], room: Room) -> Fitted:
    """The paragraphs in the largest size in which all fit; else, in the smallest, those that do and the rest.

    The rest is in its own size again. A paragraph that is too high for any place is broken between words.
    """
    for scale in SCALES:
        scaled = tuple(each.scaled(scale) for each in paragraphs)
        if fits(scaled, room):
            return Fitted(scaled, (), scale)
    small = tuple(each.scaled(SCALES[-1]) for each in paragraphs)
    count = standing(small, room)
    if count:
        return Fitted(small[:count], tuple(paragraphs[count:]), SCALES[-1])
    head, tail = _broken(small[0], room.width, room.height)
    rest = (*([replace(tail, size=paragraphs[0].size)] if tail else []), *paragraphs[1:])
    return Fitted((head,) if head else (), rest, SCALES[-1])


def standing(paragraphs: Sequence[Words], room: Room) -> int:
    """How many of the first paragraphs stand in the place.

    What follows another without space belongs to it, as a heading to its text: they are parted only where
    the place holds nothing else.
    """
    left = room.height
    count = 0
    while count < len(paragraphs) and height_of(paragraphs[count], room.width) <= left:
        left -= height_of(paragraphs[count], room.width)
        count += 1
    if count == len(paragraphs):
        return count
    parted = count
    while parted and (paragraphs[parted].before == 0 or _is_heading(paragraphs[parted - 1])):
        parted -= 1
    return parted or count


def _is_heading(paragraph: Words) -> bool:
    return all(run.bold for run in paragraph.runs)


def flow(paragraphs: Sequence[Words], first: Room, second: Room) -> tuple[Fitted, Fitted]:
    """The paragraphs in two places one after the other, in the largest size in which both hold them."""
    for scale in SCALES:
        scaled = tuple(each.scaled(scale) for each in paragraphs)
        count = standing(scaled, first)
        if fits(scaled[count:], second) or scale == SCALES[-1]:
            break
    behind = fit(paragraphs[count:], second)
    if behind.scale > scale:  # one text has one size
        behind = Fitted(scaled[count:], (), scale)
    return Fitted(scaled[:count], (), scale), behind


def _broken(paragraph: Words, width: float, height: float) -> tuple[Words | None, Words | None]:
    """The part of a paragraph that fits, and what is left of it; at least a word is kept."""
    text = paragraph.text
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if height_of(_cut(paragraph, 0, middle), width) <= height:
            low = middle
        else:
            high = middle - 1
    space = text.rfind(" ", 0, low)
    at = space + 1 if space > 0 and low < len(text) else low
    tail = _cut(paragraph, at, len(text))
    return _cut(paragraph, 0, at), tail if tail.text.strip() else None


def _cut(paragraph: Words, first: int, last: int) -> Words:
    runs, place = [], 0
    for run in paragraph.runs:
        part = run.text[max(0, first - place) : max(0, last - place)]
        if part:
            runs.append(replace(run, text=part))
        place += len(run.text)
    return replace(paragraph, runs=tuple(runs))
