"""The switch to each page in a browser against the same switch in a bare Streamlit app of the same ten pages.

From the click in the top navigation until the page is drawn: its question stands there, the script rests, all
of its charts are there, and none is painted any more. (A chart that stands at one place on both pages is kept
by the browser, of ours as of the bare one.) Both apps run as servers of their own, warm, and are switched in
turn in one browser; the medians of the clock are compared. The bare app has a navigation, too; what else it
has is told in benchmarks/bare_page.py. Goal: at most 1.2 for every page.

    python -m benchmarks.page_switch [--rounds 5] [--page journeys --page initiatives]
"""

import argparse
import pickle
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.bare_page import BARE_PAGES, constants
from benchmarks.pages import measured_demo
from dashboard.service import Service
from tests.browser.serving import FLAGS, ROOT, chromium_path, started

GOAL = 1.2
SERVERS = {  # commands but for the port at their end
    "ours": (sys.executable, "-m", "dashboard", "serve", "--demo", "--port"),
    "bare": (
        *(sys.executable, "-m", "streamlit", "run", str(ROOT / "benchmarks" / "bare_app.py")),
        *("--server.headless=true", "--server.port"),
    ),
}
SIZE = {"width": 1800, "height": 1180}  # every page has its place in the navigation

SWITCH = """([label, title, charts]) => new Promise((done, failed) => {
    const STILL = 700;
    const all = selector => [...document.querySelectorAll(selector)];
    const link = all("[data-testid='stTopNavLink']").find(each => each.innerText.trim() === label);
    all("canvas, svg.marks").forEach(each => { each.dataset.before = "yes"; });
    const began = performance.now();
    let painted = -1, last = began;
    const there = () => {
        const app = document.querySelector("[data-testid='stApp']");
        const found = all("[data-testid='stVegaLiteChart']");
        return app.getAttribute("data-test-script-state") === "notRunning"
            && all("h1").some(each => each.innerText.trim() === title)
            && found.length === charts
            && found.every(each => each.querySelector("canvas, svg.marks"));
    };
    const look = () => {
        const now = performance.now();
        const anew = there() ? all("canvas:not([data-before]), svg.marks:not([data-before])").length : -1;
        if (anew !== painted) { painted = anew; last = now; }
        if (painted > 0 && now - last > STILL) done(last - began);
        else if (now - began > 120000) failed(new Error(`${label} was not drawn within two minutes`));
        else requestAnimationFrame(look);
    };
    link.click();
    requestAnimationFrame(look);
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", action="append", help="only this page, and the first; may be repeated")
    asked = parser.parse_args()
    rounds = asked.rounds
    place = measured_demo()
    service = Service(place.config, place.environ)
    now = place.deployment().now()
    first, *others = service.opened[0].board.pages
    names = [first, *(name for name in others if name in (asked.page or others))]
    pages = [constants(service, name, now=now) for name in names]
    service.close()
    ours: dict[str, list[float]] = {page.name: [] for page in pages}
    bare: dict[str, list[float]] = {page.name: [] for page in pages}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        kept = Path(folder) / "constants.pickle"
        kept.write_bytes(pickle.dumps(pages))
        environ = {**place.environ, "PYTHONPATH": str(ROOT), BARE_PAGES: str(kept)}
        addresses = [
            stack.enter_context(started(command, Path(folder) / f"{name}.log", environ))
            for name, command in SERVERS.items()
        ]
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=chromium_path(), args=FLAGS
        )
        tabs = [_opened(browser, address, pages[0].charts) for address in addresses]
        for turn in range(rounds + 1):  # the first makes all warm
            for page in (*pages[1:], pages[0]):
                for tab, found in zip(tabs, (ours, bare), strict=True):
                    tab.bring_to_front()
                    passed = tab.evaluate(SWITCH, [page.label, page.title, page.charts])
                    if turn:
                        found[page.name].append(passed)
        browser.close()
    _tell(ours, bare)


def _opened(browser: Browser, address: str, charts: int) -> Page:
    tab = browser.new_context(viewport=SIZE, color_scheme="light").new_page()  # type: ignore[arg-type]
    tab.goto(address)
    expect(tab.locator("[data-testid='stVegaLiteChart']")).to_have_count(charts, timeout=120_000)
    return tab


def _tell(ours: dict[str, list[float]], bare: dict[str, list[float]]) -> None:
    ratios = {}
    for name, times in ours.items():
        mine, theirs = statistics.median(times), statistics.median(bare[name])
        ratios[name] = mine / theirs
        print(f"{name:16}{mine:7.0f} ms, bare {theirs:7.0f} ms, ratio {ratios[name]:.2f}")
    worst = max(ratios, key=lambda name: ratios[name])
    print(f"worst switch: to {worst}, ratio {ratios[worst]:.2f}  (goal at most {GOAL})")


if __name__ == "__main__":
    main()
