"""How a test waits for a drawn page: every chart painted, nothing running, nothing still arriving."""

from playwright.sync_api import Page, expect

PANELS, FIGURES = 13, 20

# Drawn: the script rests, every part of the page is loaded (figures and charts come as code of their own),
# every chart is painted, and half a second brought nothing new.
DRAWN = """([panels, figures]) => {
    const count = selector => document.querySelectorAll(selector).length;
    const app = document.querySelector("[data-testid='stApp']");
    const charts = [...document.querySelectorAll("[data-testid='stVegaLiteChart']")];
    const state = [
        app && app.getAttribute("data-test-script-state"),
        count("[class*='st-key-panel-']"),
        count("[data-testid='stMetricValue']"),
        charts.length,
        document.body.innerText.length,
    ].join();
    const painted = charts.every(chart => chart.querySelector("canvas, svg"));
    if (window.lastState !== state) {
        window.lastState = state;
        window.lastChange = performance.now();
    }
    return app && app.getAttribute("data-test-script-state") === "notRunning"
        && count("[class*='st-key-panel-']") >= panels && count("[data-testid='stMetricValue']") >= figures
        && count("[data-testid='stSkeleton']") === 0 && charts.length >= panels && painted
        && performance.now() - window.lastChange > 500;
}"""


def open_overview(page: Page, address: str) -> None:
    """Open an address and wait until it is drawn in full."""
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page is drawn in full."""
    expect(page.locator("[data-testid='stApp']")).to_be_visible(timeout=60_000)
    page.wait_for_function(DRAWN, arg=[PANELS, FIGURES], timeout=120_000, polling=100)


def open_page(page: Page, address: str) -> None:
    """Open any page and wait until nothing more arrives, whatever it shows."""
    page.goto(address)
    rest(page)


def rest(page: Page) -> None:
    """Wait until nothing more arrives, whatever the page shows."""
    expect(page.locator("[data-testid='stApp']")).to_be_visible(timeout=60_000)
    page.wait_for_function(DRAWN, arg=[1, 0], timeout=120_000, polling=100)
