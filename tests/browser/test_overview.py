"""The main job in a real browser: open, choose, follow a link, ask why, take away."""

import csv
import io
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import open_overview, settle

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NPS = "[class*='st-key-panel-pair-net_promoter_score']"


def figures(page: Page) -> list[str]:
    return page.locator("[data-testid='stMetricValue']").all_inner_texts()


def test_the_overview_shows_ten_pairs_with_their_signals(page: Page, served: str) -> None:
    open_overview(page, served)
    assert page.locator("[class*='st-key-panel-pair-']").count() == 10
    expect(page.get_by_role("heading", level=1)).to_contain_text("creating value for customers")
    shown = figures(page)
    assert len(shown) >= 20
    assert not [text for text in shown if re.search(r"nan|None|n/a", text)]
    assert page.get_by_text("Improved").count() > 0
    assert page.get_by_text("No detectable change").count() > 0


def test_period_and_group_change_the_figures_and_the_address(page: Page, served: str) -> None:
    open_overview(page, served)
    quarter = figures(page)
    page.get_by_role("radio", name="12 months").click()
    page.wait_for_url("**span=twelve_months**", timeout=120_000)
    settle(page)
    year = figures(page)
    assert year != quarter
    page.get_by_role("combobox", name="Group").click()
    page.get_by_role("option", name="Enterprise", exact=True).click()
    page.wait_for_url("**group=segment**", timeout=120_000)
    settle(page)
    assert figures(page) != year
    expect(page.get_by_text("Enterprise · 12 months ended 30 September 2026")).to_be_visible()


def test_a_link_reproduces_the_view(chromium: Browser, page: Page, served: str) -> None:
    address = f"{served}/?span=twelve_months&group=segment%3AConsumer"
    open_overview(page, address)
    first = figures(page)
    context = chromium.new_context(viewport={"width": 1440, "height": 1100})
    again = context.new_page()
    open_overview(again, address)
    assert figures(again) == first
    expect(again.get_by_text("Consumer · 12 months ended 30 September 2026")).to_be_visible()
    context.close()


def test_a_link_with_nonsense_falls_back_to_the_default(page: Page, served: str) -> None:
    open_overview(page, served)
    default = figures(page)
    open_overview(page, f"{served}/?span=century&group='; drop table x; --&ending=9999-99")
    assert figures(page) == default


def test_about_tells_why_who_and_how(page: Page, served: str) -> None:
    open_overview(page, served)
    page.locator(NPS).get_by_role("button", name="About").click()
    about = page.get_by_role("dialog", name="About")
    for text in ("Owner:", "Formula", "survey_response", "Freshness", "SELECT"):
        expect(about.get_by_text(text).first).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("form", ["PNG", "SVG", "CSV"])
def test_each_form_can_be_taken_away(page: Page, served: str, form: str, tmp_path: Path) -> None:
    open_overview(page, served)
    page.locator(NPS).get_by_role("button", name="About").click()
    page.get_by_role("tab", name="Download").click()
    with page.expect_download(timeout=60_000) as taken:
        page.get_by_role("button", name=f"Download {form}").click()
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    content = path.read_bytes()
    if form == "PNG":
        assert content.startswith(b"\x89PNG")
    elif form == "SVG":
        assert b"<svg" in content
        assert b"Net Promoter Score" in content
    else:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert {row["metric"] for row in rows} >= {"net_promoter_score"}
        assert all(row["period"].endswith("-01") for row in rows)


def test_axe_finds_no_violation(chromium: Browser, served: str, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 1100}, color_scheme=scheme)
    page = context.new_page()
    open_overview(page, served)
    page.locator(NPS).get_by_role("button", name="About").click()
    expect(page.get_by_role("dialog", name="About").get_by_text("Owner:").first).to_be_visible(timeout=30_000)
    page.mouse.move(1, 1)
    settle(page)
    results = Axe().run(page)
    context.close()
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [1440, 820, 390])
def test_nothing_is_wider_than_the_window(chromium: Browser, served: str, scheme: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 1100}, color_scheme=scheme)
    page = context.new_page()
    open_overview(page, served)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    clipped = page.evaluate(
        """() => [...document.querySelectorAll("[data-testid='stMetric'] *, h1, h3")]
        .filter(e => e.childElementCount === 0 && e.scrollWidth > e.clientWidth + 1
                && getComputedStyle(e).overflow !== 'visible' && e.clientWidth > 0)
        .map(e => e.innerText)"""
    )
    context.close()
    assert clipped == []
