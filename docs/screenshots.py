"""Pictures of the demo company for docs/images: `make screenshots`. Needs Chromium."""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.looking import open_overview
from tests.browser.serving import FLAGS, chromium_path, serving

IMAGES = Path(__file__).parent / "images"
WIDTHS = {"": 1440, "-tablet": 820, "-phone": 390}


def main() -> None:
    """Serve the demo company and take a picture of each theme at each width."""
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
        browser.close()


if __name__ == "__main__":
    main()
