"""A page on paper: every card with its heading, whole, and no sheet that is empty."""

import io

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.looking import open_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("name", ["", "trust", "initiatives"])
def test_a_printed_page_holds_every_card(page: Page, served: str, name: str) -> None:
    open_page(page, f"{served}/{name}")
    headings = page.locator("[data-testid='stMain'] h1, [data-testid='stMain'] h2").all_inner_texts()
    assert len(headings) > 5
    sheets = [_letters(sheet.extract_text()) for sheet in PdfReader(_printed(page)).pages]
    assert all(sheets)
    printed = "".join(sheets)
    assert [heading for heading in headings if _letters(heading) not in printed] == []
    assert "LostcustomersPeople" not in printed, "the navigation is not for paper"


def _printed(page: Page) -> io.BytesIO:
    return io.BytesIO(page.pdf(format="A4", print_background=True))


def _letters(text: str) -> str:
    """Without white space, which a sheet of paper puts elsewhere."""
    return "".join(text.split())
