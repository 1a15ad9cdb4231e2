"""How a test waits for a drawn page: every chart painted, nothing running."""

from playwright.sync_api import Page, expect

PAIRS = 8


def open_overview(page: Page, address: str, *, panels: int = PAIRS) -> None:
    """Open an address and wait until it is drawn in full."""
    page.goto(address)
    settle(page, panels=panels)


def settle(page: Page, *, panels: int = PAIRS) -> None:
    """Wait until the script has run and all charts are painted."""
    expect(page.locator("[data-testid='stApp']")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=60_000
    )
    expect(page.locator("[class*='st-key-panel-']").nth(panels - 1)).to_be_visible(timeout=60_000)
    expect(
        page.locator("[data-testid='stVegaLiteChart'] canvas, [data-testid='stVegaLiteChart'] svg").first
    ).to_be_visible(timeout=60_000)
    page.wait_for_function(
        "() => [...document.querySelectorAll(\"[data-testid='stVegaLiteChart']\")]"
        ".every(chart => chart.querySelector('canvas, svg'))",
        timeout=60_000,
    )
