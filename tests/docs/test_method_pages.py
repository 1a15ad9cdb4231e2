"""Every method has a page that says what its code says, and the picture that the product draws."""

import re
from pathlib import Path

import pytest

from docs.method_pages import ANALYSIS, PICTURES, method_pages
from docs.method_pictures import CAPTIONS, pictures

METHODS = Path(__file__).parents[2] / "docs" / "methods"


def test_the_pages_are_those_of_the_code() -> None:
    pages = method_pages(CAPTIONS)
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in METHODS.glob("*.md")}
    assert on_disk == pages, "Run make docs."


def test_every_file_of_analysis_has_a_page_with_its_formula_and_its_functions() -> None:
    pages = method_pages(CAPTIONS)
    for path in ANALYSIS.glob("[!_]*.py"):
        page = pages[f"{path.stem}.md"]
        assert re.search(r"^## `", page, re.MULTILINE), f"{path.name} has no __all__ with what it offers."
        assert len(page) > 300, f"{path.name} does not say what it does."


@pytest.mark.slow
def test_every_picture_is_drawn_and_in_its_place() -> None:
    drawn = pictures()
    assert set(drawn) == set(CAPTIONS)
    assert {path.stem for path in (METHODS / PICTURES).glob("*.svg")} == set(CAPTIONS), "Run make docs."
    for name, picture in drawn.items():
        text = picture.decode()
        assert text.startswith("<svg") and "NaN" not in text and "undefined" not in text, name
        assert re.search(r"n\s?[\d(]|\(n |%|points|</text>", text), name
