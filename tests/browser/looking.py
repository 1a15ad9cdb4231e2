"""How a test waits for a drawn page: every chart painted, nothing running, nothing still arriving."""

from playwright.sync_api import Page, expect

PANELS = 11

# Drawn: the script rests, every chart is painted, and half a second brought nothing new.
DRAWN = """panels => {
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
        && count("[class*='st-key-panel-']") >= panels && painted
        && performance.now() - window.lastChange > 500;
}"""


def open_overview(page: Page, address: str, *, panels: int = PANELS) -> None:
    """Open an address and wait until it is drawn in full."""
    page.goto(address)
    settle(page, panels=panels)


def settle(page: Page, *, panels: int = PANELS) -> None:
    """Wait until the page is drawn in full."""
    expect(page.locator("[data-testid='stApp']")).to_be_visible(timeout=60_000)
    page.wait_for_function(DRAWN, arg=panels, timeout=60_000, polling=100)
