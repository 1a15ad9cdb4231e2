"""A served demo company and a real Chromium to look at it with."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

from tests.browser.serving import FLAGS, chromium_path, serving


@pytest.fixture(scope="session")
def chromium_binary() -> str:
    """The system's Chromium; absent it skips, or fails where CI promises it."""
    found = chromium_path()
    if found is None:
        reason = "Chromium is not installed; install Debian's package chromium."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def served(chromium_binary: str, demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running `boardseat serve --demo` over Meridian Communications."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(demo_home, home)
    with serving(home) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, chromium_binary: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_binary, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def is_ours(message: ConsoleMessage) -> bool:
    """Whether an error of the console is one of the product's.

    Under a page's own path Streamlit asks there for its health first, is told 404, and then asks at the root.
    """
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A light page at 1440; fails the test when the browser's console shows an error."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 1100}, color_scheme="light", accept_downloads=True
    )
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors, f"The console shows: {errors}"
