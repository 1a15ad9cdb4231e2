"""A walk over all pages of the demo company: light and dark, at every width, with every control."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from dashboard.definitions.load import collect
from tests.browser.conftest import is_ours
from tests.browser.looking import open_page, rest
from tests.browser.serving import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

WIDTHS = {"light": (1440, 820, 720, 390), "dark": (1440, 390)}  # 720 is 1440 at a zoom of 200 %
WITH_AXE = (1440, 390)

# Not ours to mend: Streamlit's navigation on a narrow screen has headings in a list, and its tables scroll
# without a tab stop of their own, which browsers give to what scrolls.
THEIRS = {"exclude": [["[data-testid='stSidebarNav']"]]}
LEFT_TO_BROWSERS = {"rules": {"scrollable-region-focusable": {"enabled": False}}}

# What holds text and cuts it: hidden overflow with more inside than fits. What is hidden on purpose, for
# screen readers and a pixel wide, is left out.
CUT = """() => [...document.querySelectorAll("[data-testid='stMain'] *")].filter(each => {
    const style = getComputedStyle(each);
    return ["hidden", "clip"].includes(style.overflowX) && each.clientWidth > 2
        && each.scrollWidth > each.clientWidth + 1 && each.innerText && each.innerText.trim();
}).map(each => `${each.tagName} ${each.dataset.testid || each.className}: ${each.innerText.slice(0, 60)}`)"""
WIDER = """() => { const main = document.querySelector("[data-testid='stMain']");
    return main.scrollWidth - main.clientWidth; }"""
WITHOUT_WORDS = """() => [...document.querySelectorAll("[data-testid='stVegaLiteChart']")].filter(each =>
    !(each.getAttribute("aria-label") || each.querySelector("[aria-label]"))).length"""


def paths() -> tuple[str, ...]:
    """The path of each page; the first one is at the root."""
    catalog, problems = collect(ROOT / "config", sources={"meridian": ""})
    assert catalog is not None, problems
    return ("", *catalog.board.pages[1:])


@pytest.fixture
def window(chromium: Browser, scheme: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 1100}, color_scheme=scheme)  # type: ignore[arg-type]
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors, f"The console shows: {errors}"


@pytest.mark.parametrize("name", paths())
def test_a_page_is_whole_at_every_width(window: Page, served: str, scheme: str, name: str) -> None:
    open_page(window, f"{served}/{name}")
    assert window.locator("[data-testid='stException']").count() == 0
    assert window.evaluate(WITHOUT_WORDS) == 0
    assert window.get_by_role("heading", level=1).count() == 1
    for width in WIDTHS[scheme]:
        window.set_viewport_size({"width": width, "height": 1100})
        rest(window)
        with suppress(PlaywrightTimeoutError):  # a chart follows its window a moment later
            window.wait_for_function(f"({WIDER})() <= 0", timeout=30_000)
        assert window.evaluate(WIDER) <= 0, f"{name} is wider than {width}"
        assert window.evaluate(CUT) == [], f"{name} cuts text at {width}"
        if width in WITH_AXE:
            found = Axe().run(window, context=THEIRS, options=LEFT_TO_BROWSERS)
            assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", paths())
def test_every_control_of_a_page_does_what_it_says(page: Page, served: str, name: str) -> None:
    open_page(page, f"{served}/{name}")
    page.get_by_role("radio", name="12 months").click()
    page.wait_for_url("**span=twelve_months**", timeout=120_000)
    rest(page)
    expect(page.get_by_text("12 months ended 30 September 2026").first).to_be_visible()
    page.get_by_role("combobox", name="Ending").click()
    page.get_by_role("option").nth(1).click()
    page.wait_for_url("**ending=**", timeout=120_000)
    rest(page)
    page.get_by_role("combobox", name="Group").click()
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    options.nth(min(1, options.count() - 1)).click()
    expect(options.first).to_be_hidden()
    rest(page)
    page.get_by_role("button", name="How to read this page").click()
    rest(page)
    page.keyboard.press("Escape")
    about = page.get_by_role("button", name=re.compile("About")).first
    about.focus()
    page.keyboard.press("Enter")  # by the keyboard alone
    expect(page.get_by_role("tab", name="Download").first).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Commentary on this page").click()
    rest(page)
    assert page.locator("[data-testid='stException']").count() == 0
    again = page.url
    page.goto(again)
    rest(page)
    assert page.url == again
