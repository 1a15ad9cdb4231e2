"""The company with the tables to start with: pages open, and what is locked says what would unlock it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dashboard.board.assembly import assemble
from dashboard.board.panels import BoardPage, FailedPanel, LockedPanel, PairPanel, TrendPanel
from dashboard.board.reading import State
from dashboard.board.view import View
from dashboard.connections import readers
from dashboard.definitions.model import Catalog
from dashboard.deployment import Deployment, load
from dashboard.ledger.refresh import RunReport, missing, refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain
from tests.demo.kpis import CONFIG, NOW

MINIMUM = (
    *("customer_month", "financial_month", "survey_wave", "survey_question", "survey_response"),
    *("complaint", "contact", "target"),
)
VIEW = View(Grain.QUARTER, NOW.date().replace(month=9, day=1))


class Company:
    """A company that has some of the tables of another, and its ledger."""

    def __init__(self, whole: Path, folder: Path) -> None:
        self.whole, self.database = whole, folder / "company.duckdb"
        environment = {
            "MERIDIAN_DATABASE": str(self.database),
            "BOARDSEAT_LEDGER": f"sqlite:///{folder / 'ledger.sqlite'}",
        }
        shutil.copyfile(whole, self.database)
        self.deployment: Deployment = load(CONFIG, environment)
        self.catalog: Catalog = self.deployment.catalog
        self.ledger = Ledger(self.deployment.ledger_url)

    def keep(self, *tables: str) -> None:
        with duckdb.connect(str(self.database)) as connection:
            for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                if table not in tables:
                    connection.execute(f'DROP TABLE "{table}"')

    def bring_back(self, table: str) -> None:
        with duckdb.connect(str(self.database)) as connection:
            connection.execute(f"ATTACH '{self.whole}' AS whole (READ_ONLY)")
            connection.execute(f"CREATE TABLE {table} AS FROM whole.{table}")

    def measure(self) -> RunReport:
        with readers(self.deployment) as found:
            return refresh(self.catalog, found, self.ledger, now=lambda: NOW, author="test")

    def page(self, name: str) -> BoardPage:
        page = self.catalog.page(name)
        return assemble(self.catalog, self.ledger, page, VIEW, scope=EVERYTHING, today=NOW.date())


@pytest.fixture(scope="module")
def partial(small_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(small_company, tmp_path_factory.mktemp("partial"))
    company.keep(*MINIMUM)
    report = company.measure()
    assert report.failures == ()
    yield company
    company.ledger.close()


def test_every_page_opens_and_no_panel_fails(partial: Company) -> None:
    for name in partial.catalog.board.pages:
        made = partial.page(name)
        assert made.failures == ()
        assert [panel.message for panel in made.panels if isinstance(panel, FailedPanel)] == [], name


def test_what_can_be_computed_is_shown(partial: Company) -> None:
    shown = {
        reading.metric.id: reading
        for name in partial.catalog.board.pages
        for panel in partial.page(name).panels
        if isinstance(panel, (PairPanel, TrendPanel))
        for reading in panel.readings
    }
    for metric in ("net_promoter_score", "customer_effort_score", "complaints_per_1000"):
        assert shown[metric].state is State.READY, metric
        assert shown[metric].figure.value is not None, metric


def test_what_is_locked_names_what_is_not_connected(partial: Company) -> None:
    known = partial.ledger.reads()
    measured = {name for name, state in known.items() if state.last_ok_at and not state.lacking}
    found = [
        panel
        for name in partial.catalog.board.pages
        for panel in partial.page(name).panels
        if isinstance(panel, LockedPanel)
    ]
    assert found
    for panel in found:
        assert panel.datasets, panel.key
        assert set(panel.datasets) <= set(partial.catalog.datasets) - measured, panel.key


def test_without_segments_a_trend_by_segment_asks_for_the_customers(partial: Company) -> None:
    panels = {panel.key: panel for panel in partial.page("overview").panels}
    locked = panels["trend-complaints_per_1000-by-segment"]
    assert isinstance(locked, LockedPanel)
    assert "customer" in locked.datasets


def test_nothing_is_measured_again_in_the_background(partial: Company) -> None:
    assert missing(partial.catalog, partial.ledger) == ()


@pytest.mark.slow
def test_a_table_that_comes_unlocks_with_all_its_months(small_company: Path, tmp_path: Path) -> None:
    company = Company(small_company, tmp_path)
    company.keep(*MINIMUM)
    company.measure()
    company.bring_back("customer")
    assert company.measure().failures == ()
    state = company.ledger.reads()["complaint"]
    assert state.lacking == ("channel",)
    panels = {panel.key: panel for panel in company.page("overview").panels}
    trend = panels["trend-complaints_per_1000-by-segment"]
    assert isinstance(trend, TrendPanel)
    assert all(
        len([point for point in each.points if point.figure.value is not None]) == 24
        for each in trend.readings
    )
    company.ledger.close()


@pytest.mark.slow
def test_a_table_that_was_there_and_is_gone_is_a_failure(small_company: Path, tmp_path: Path) -> None:
    company = Company(small_company, tmp_path)
    company.measure()
    company.keep(*(set(MINIMUM) - {"contact"}), "channel", "purchase")
    report = company.measure()
    told = {read.dataset: read.message for read in report.failures}
    assert told["contact"].startswith(
        "Dataset 'contact' was not read, without contact and customer. Source 'meridian': there is no table"
    )
    assert told["complaint"] == (
        "Dataset 'complaint' was not read: it looks up customer, whose table is gone."
    )
    assert not [read for read in report.reads if read.status == "absent"]
    figures = company.page("overview")
    assert figures.failures
    assert not [panel for panel in figures.panels if isinstance(panel, (LockedPanel, FailedPanel))]
    company.ledger.close()
