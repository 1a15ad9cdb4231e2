"""Pictures of the demo company for docs/images: `make screenshots`. Needs Chromium."""

import argparse
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from dashboard.definitions.load import collect
from tests.browser.looking import open_overview, open_page
from tests.browser.serving import FLAGS, ROOT, chromium_path, serving

IMAGES = Path(__file__).parent / "images"
WIDTHS = {"": 1440, "-tablet": 820, "-phone": 390}
TALLEST = 5000  # pixels of a page that is shown whole
COLOURS = 256  # more than a page has, but for the edges of letters


def main() -> None:
    """Serve the demo company; take the overview in each theme at each width, and every other page whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=IMAGES)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Path(home)) as address,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for scheme in ("light", "dark"):
            for name, width in WIDTHS.items():
                size = {"width": width, "height": 1180}
                page = browser.new_page(viewport=size, color_scheme=scheme)
                open_overview(page, address)
                page.screenshot(path=out / f"overview-{scheme}{name}.png")
                page.close()
        for name in _pages():
            _whole(browser, f"{address}/{name}", out / f"{name}.png")
        browser.close()
    for picture in out.glob("*.png"):
        _few_colours(picture)


def _few_colours(path: Path) -> None:
    """A third of the size, and no difference that one could see."""
    with Image.open(path) as taken:
        few = taken.convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)  # keeps rare colours
        few.save(path, optimize=True)


def _pages() -> tuple[str, ...]:
    """The demo's pages but for the overview."""
    catalog, problems = collect(ROOT / "config", sources={"meridian": ""})
    if catalog is None:
        raise SystemExit("\n".join(map(str, problems)))
    return catalog.board.pages[1:]


def _whole(browser: Browser, address: str, path: Path) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1180}, color_scheme="light")
    open_page(page, address)
    tall = page.evaluate("document.querySelector(\"[data-testid='stMain']\").scrollHeight")
    page.set_viewport_size({"width": 1440, "height": min(int(tall) + 40, TALLEST)})
    page.wait_for_timeout(1000)  # what came into sight is drawn only now
    page.screenshot(path=path)
    page.close()


if __name__ == "__main__":
    main()
