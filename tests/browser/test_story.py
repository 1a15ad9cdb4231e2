"""A quarter in a real browser: measured, closed, late rows, another definition, and what is seen then."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import ROOT, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

CONFIGURATION = ROOT / "tests" / "configurations" / "exhibits"
FIRST, SERVED, LATER = "2026-10-01T08:00:00+00:00", "2026-10-15T08:00:00+00:00", "2026-10-20T08:00:00+00:00"
TREND = "trend-net_promoter_score"


@dataclass
class Company:
    """A folder of CSV files, a configuration over it, and a ledger."""

    home: Path

    @property
    def environ(self) -> dict[str, str]:
        return {
            "EXPORTS_DIR": str(self.home / "exports"),
            "BOARDSEAT_LEDGER": f"sqlite:///{self.home / 'ledger.sqlite'}",
        }

    def boardseat(self, *asked: str, now: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "dashboard", *asked, "--config", str(self.home / "config")],
            cwd=ROOT,
            env={**os.environ, **self.environ, "BOARDSEAT_NOW": now},
            check=True,
            stdout=subprocess.PIPE,
        ).stdout

    def answer(self, day: str, scores: dict[int, int]) -> None:
        with (self.home / "exports" / "answers.csv").open("a", newline="") as file:
            for score, count in scores.items():
                csv.writer(file, lineterminator="\n").writerows([[day, "North", "Consumer", score]] * count)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    shutil.copytree(CONFIGURATION, tmp_path / "config")
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "answers.csv").write_text("answered_at,region,segment,score\n")
    (exports / "purchases.csv").write_text("bought_at,customer,segment,amount\n2026-09-30,A,Consumer,1\n")
    made = Company(tmp_path)
    for month in range(24):
        year, number = 2024 + (9 + month) // 12, (9 + month) % 12 + 1
        made.answer(f"{year}-{number:02d}-28", {10: 50 + month % 3, 8: 30, 2: 20})
    made.answer("2026-09-30", {8: 1})
    return made


@pytest.fixture
def address(company: Company, chromium_binary: str) -> Iterator[str]:
    company.boardseat("refresh", now=FIRST)
    asked = ["--config", str(company.home / "config")]
    with serving(company.home, asked=asked, environ={**company.environ, "BOARDSEAT_NOW": SERVED}) as found:
        yield found


def figure(page: Page, address: str) -> str:
    """The headline of the trend, once it is drawn."""
    page.goto(address)
    card = page.get_by_test_id("stColumn").filter(has=page.locator(f"[class*='st-key-panel-{TREND}']")).last
    expect(card.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible(timeout=60_000)
    return card.get_by_test_id("stMetricValue").inner_text()


def taken_away(page: Page, address: str, path: Path) -> bytes:
    """The bytes of the trend's CSV."""
    figure(page, address)
    page.locator(f"[class*='st-key-panel-{TREND}']").get_by_role("button", name="About").click()
    page.get_by_role("tab", name="Download").click()
    with page.expect_download(timeout=60_000) as taken:
        page.get_by_role("button", name="Download CSV").click()
    taken.value.save_as(path)
    return path.read_bytes()


def close_quarter(page: Page, address: str) -> None:
    figure(page, address)
    page.get_by_role("button", name="Prepare").click()
    page.get_by_role("menuitem", name="Close").click()
    page.get_by_label("Your name").fill("Secretary")
    page.get_by_label("Your name").press("Tab")
    remark = page.get_by_label("Remark").or_(page.get_by_label("Why it is closed although a check failed"))
    remark.fill("For the October pack")
    page.get_by_role("button", name="Close 2026-Q2").click()
    expect(page.get_by_text("2026-Q2 is closed as of run 1, by Secretary.")).to_be_visible(timeout=30_000)


def test_what_was_closed_stays_and_what_changed_is_told(
    company: Company, address: str, page: Page, tmp_path: Path
) -> None:
    first = figure(page, address)
    pack = taken_away(page, address, tmp_path / "first.csv")
    queried = company.boardseat("query", "net_promoter_score", "--format", "csv", now=FIRST)
    close_quarter(page, address)

    company.answer("2026-09-29", {2: 40})
    company.answer("2026-10-02", {10: 30, 8: 10, 2: 5})
    definition = company.home / "config" / "datasets" / "answers.yaml"
    definition.write_text(definition.read_text().replace("score >= 9", "score >= 8"))
    company.boardseat("refresh", now=LATER)

    assert figure(page, address) == first
    page.get_by_text("4 figures restated").click()
    for told in (
        f"Net Promoter Score: {first} when it was closed",
        "changed definition",
        "Complaints: ",
        "late rows",
    ):
        expect(page.get_by_text(told).first).to_be_visible()
    expect(page.get_by_text("Definition changed").first).to_be_visible()
    expect(page.get_by_text("2026-Q2 closed 15 October 2026 by Secretary")).to_be_visible()

    assert taken_away(page, f"{address}/?known=2026-10-01", tmp_path / "again.csv") == pack
    as_of = company.boardseat(
        "query", "net_promoter_score", "--format", "csv", "--as-of", "2026-10-02", now=LATER
    )
    assert as_of == queried
