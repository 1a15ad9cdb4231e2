"""The dictionary in a real browser: by keyboard from a word to the meaning of a KPI, and to its page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.looking import open_overview

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_kpi_is_found_by_keyboard_and_leads_to_its_page(page: Page, served: str) -> None:
    open_overview(page, served)
    page.get_by_role("button", name="Prepare").click()
    page.get_by_role("menuitem", name="Dictionary").click()
    search = page.get_by_role("textbox", name="Search KPIs and pages")
    expect(search).to_be_visible(timeout=60_000)
    search.focus()
    page.keyboard.type("net_promoter_score loyalty")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=net*", timeout=120_000)
    expect(page.get_by_text("Would our customers recommend us?").first).to_be_visible()
    expect(page.get_by_text("survey_response.promoters = ").first).to_be_visible()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert not [each["id"] for each in found if each["impact"] in ("serious", "critical")]
    page.get_by_role("link", name="Overview").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "creating value for customers", timeout=60_000
    )
