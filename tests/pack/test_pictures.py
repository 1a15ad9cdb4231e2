"""The golden pack as pictures: every sheet of the document, small, next to what it looked like when recorded.

Fonts are those that typst brings, so that the pictures are the same on every machine. Recorded with
`pytest --update-golden`, and looked at before they are committed.
"""

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageStat

from dashboard.pack.document.compiling import manuscript, sheets
from dashboard.pack.document.fonts import built_in_fonts
from dashboard.pack.model import BoardPack
from tests.conftest import GOLDEN
from tests.pack.conftest import Made
from tests.pack.packed import with_panels

RECORDED = GOLDEN / "pack" / "sheets.png"
PPI, ACROSS = 32, 6
GREYS = 16
MOST_DIFFERENT = 1.0  # of 255 grey levels, on average over a sheet
NOTICED = 64  # a level by which a point is seen to differ
MOST_NOTICED = 0.004  # of the points of a sheet


def drawn(pack: BoardPack) -> list[Image.Image]:
    """Every sheet in few greys: a file of golden pictures stays small."""
    step = 256 // GREYS
    found = sheets(manuscript(pack, fonts=built_in_fonts()), ppi=PPI)
    return [
        Image.open(io.BytesIO(each)).convert("L").point(lambda level: min(255, (level + 1) // step * step))
        for each in found
    ]


def laid_out(found: Sequence[Image.Image]) -> Image.Image:
    """All sheets as one picture, row by row."""
    width, height = found[0].size
    whole = Image.new("L", (width * ACROSS, height * -(-len(found) // ACROSS)), 255)
    for place, each in enumerate(found):
        whole.paste(each, (width * (place % ACROSS), height * (place // ACROSS)))
    return whole


def sheet(whole: Image.Image, place: int, size: tuple[int, int]) -> Image.Image:
    left, top = size[0] * (place % ACROSS), size[1] * (place // ACROSS)
    return whole.crop((left, top, left + size[0], top + size[1]))


def differences(found: Sequence[Image.Image], recorded: Image.Image) -> list[str]:
    """The sheets that do not look as recorded, with how much."""
    if laid_out(found).size != recorded.size:
        return [f"{len(found)} sheets of another size or number: {laid_out(found).size}, {recorded.size}"]
    told = []
    for place, each in enumerate(found):
        difference = ImageChops.difference(each, sheet(recorded, place, each.size))
        mean = ImageStat.Stat(difference).mean[0]
        noticed = sum(difference.histogram()[NOTICED:]) / (each.width * each.height)
        if mean > MOST_DIFFERENT or noticed > MOST_NOTICED:
            told.append(f"sheet {place + 1}: {mean:.2f} levels on average, {noticed:.2%} of its points")
    return told


def test_sheets_look_as_recorded(made: Made, request: pytest.FixtureRequest) -> None:
    found = drawn(made.pack)
    if request.config.getoption("--update-golden"):
        laid_out(found).convert("P").save(RECORDED, optimize=True)
    assert differences(found, Image.open(RECORDED).convert("L")) == []


def test_a_sheet_that_lacks_an_exhibit_is_noticed(made: Made) -> None:
    """The comparison can fail, and says where."""
    found = drawn(made.pack)
    first = made.pack.pages[0].shown.panels
    blank = drawn(with_panels(made.pack, (first[0], *(replace(each, key="other") for each in first[2:]))))
    recorded = laid_out(found)
    assert differences(found, recorded) == []
    assert differences(blank[: len(found)] + found[len(blank) :], recorded)
