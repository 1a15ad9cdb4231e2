"""A refresh measures all, side by side, and records one run; what fails harms no other."""

import logging
import signal
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.connections import readers
from dashboard.definitions.model import Catalog
from dashboard.deployment import load
from dashboard.errors import LedgerError
from dashboard.ledger.figures import Status, figure
from dashboard.ledger.refresh import Progress, dataset_version, missing, refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.measures.failures import MeasuringError, SourceError, SourceUnreachable
from tests.ledger.company import load_company, write_company
from tests.ledger.frames import book, month
from tests.ledger.readers import Clock, Shelf, Stuck, failing, found

SURVEY = found("survey.answers", 11.0, 12.0, 13.0, 14.0, 15.0, 16.0)
REVENUE = found("accounts.revenue", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
PLAN = found("plan.revenue")


def shelves() -> dict[str, Shelf]:
    return {"shop": Shelf({"survey": SURVEY}), "books": Shelf({"accounts": REVENUE, "plan": PLAN})}


def revenue(company: Catalog, ledger: Ledger, period: str = "2026-06") -> float | None:
    return figure(company, book(company, ledger), company.metric("revenue"), month(period)).value


def test_every_dataset_with_measures_is_read_into_one_run(company: Catalog, ledger: Ledger) -> None:
    steps: list[Progress] = []
    report = refresh(company, shelves(), ledger, now=Clock(), author="Ann", progress=steps.append)
    assert ledger.runs(5) == (report.run,)
    assert (report.run.id, report.run.author, report.run.catalog_version) == (1, "Ann", company.version)
    assert (report.run.started_at.hour, report.run.finished_at.hour) == (1, 2)
    assert [read.dataset for read in report.reads] == [name for name in company.datasets if name != "regions"]
    assert report.failures == ()
    assert revenue(company, ledger) == 6.0
    assert [(step.done, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert {(step.source, step.dataset, step.rows) for step in steps} == {
        ("shop", "survey", 6),
        ("books", "accounts", 6),
        ("books", "plan", 0),
    }


def test_sources_are_read_side_by_side(company: Catalog, ledger: Ledger) -> None:
    meet = threading.Barrier(2, timeout=20)

    def met(answer):  # type: ignore[no-untyped-def]
        def waits(since: date | None):  # type: ignore[no-untyped-def]
            meet.wait()
            return answer(since)

        return waits

    both = {"shop": Shelf({"survey": met(SURVEY)}), "books": Shelf({"accounts": met(REVENUE), "plan": PLAN})}
    assert refresh(company, both, ledger, now=Clock(), author="Ann").failures == ()


def test_all_is_measured_at_the_moment_the_run_began(company: Catalog, file_ledger: Ledger) -> None:
    sources = shelves()
    report = refresh(company, sources, file_ledger, now=Clock(), author="Ann")
    moments = {now for shelf in sources.values() for _, _, now in shelf.asked}
    assert moments == {report.run.started_at}


def test_only_what_may_be_restated_is_asked_again(company: Catalog, file_ledger: Ledger) -> None:
    sources = shelves()
    for full in (False, False, True):
        refresh(company, sources, file_ledger, now=Clock(), author="Ann", full=full)
    assert [since for _, since, _ in sources["shop"].asked] == [None, date(2025, 6, 1), None]


def test_a_dataset_may_have_its_own_horizon(tmp_path: Path, file_ledger: Ledger) -> None:
    change = {"event: answered_at": "event: answered_at\nrestate: 3 months"}
    company = load_company(tmp_path / "config", **change)
    sources = shelves()
    for _ in range(2):
        refresh(company, sources, file_ledger, now=Clock(), author="Ann")
    assert [since for _, since, _ in sources["shop"].asked] == [None, date(2026, 4, 1)]


def test_a_new_definition_is_asked_from_the_beginning(
    company: Catalog, tmp_path: Path, file_ledger: Ledger
) -> None:
    changed = load_company(tmp_path / "config", **{"score >= 9": "score >= 8"})
    assert missing(company, file_ledger) == ("accounts", "plan", "survey")
    sources = shelves()
    refresh(company, sources, file_ledger, now=Clock(), author="Ann")
    assert missing(company, file_ledger) == ()
    assert missing(changed, file_ledger) == ("survey",)
    refresh(changed, sources, file_ledger, now=Clock(), author="Ann")
    refresh(company, sources, file_ledger, now=Clock(), author="Ann")
    assert [since for _, since, _ in sources["shop"].asked] == [None, None, None]
    assert missing(changed, file_ledger) == ()
    assert dataset_version(changed.datasets["survey"]) != dataset_version(company.datasets["survey"])
    assert dataset_version(changed.datasets["plan"]) == dataset_version(company.datasets["plan"])


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SourceError("books", "no such table. Check it."), "Source 'books': no such table. Check it."),
        (MeasuringError("accounts cannot be counted."), "accounts cannot be counted."),
        (
            KeyError("amount"),
            "Dataset 'accounts' could not be measured: KeyError: 'amount'. "
            "This is a fault of the program; its log has the details.",
        ),
    ],
)
def test_what_fails_keeps_its_last_values_and_harms_no_other(
    company: Catalog, ledger: Ledger, error: Exception, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    refresh(company, shelves(), ledger, now=Clock(), author="Ann")
    sources = shelves() | {"books": Shelf({"accounts": failing(error), "plan": PLAN})}
    report = refresh(company, sources, ledger, now=Clock(2), author="Ann")
    assert [(read.dataset, read.message) for read in report.failures] == [("accounts", text)]
    state = ledger.reads(None)["accounts"]
    assert (state.failure, state.failed_at) == (text, report.run.finished_at)
    assert state.last_ok_at is not None
    assert state.last_ok_at.hour == 2
    assert ledger.reads(None)["survey"].last_ok_at == report.run.finished_at
    assert revenue(company, ledger) == 6.0
    bug = not isinstance(error, (SourceError, MeasuringError))
    assert bool(caplog.records) is bug, "a fault of ours keeps its traceback in the log"


def test_a_source_that_does_not_answer_is_asked_once(company: Catalog, file_ledger: Ledger) -> None:
    away = SourceUnreachable("books", "nothing answers at books:5432. Check the address.")
    sources = shelves() | {"books": Shelf({"accounts": failing(away), "plan": failing(away)})}
    report = refresh(company, sources, file_ledger, now=Clock(), author="Ann")
    assert {read.dataset: read.message for read in report.failures} == {
        "accounts": str(away),
        "plan": str(away),
    }
    assert len(sources["books"].asked) == 1


def test_a_source_without_a_reader_fails(company: Catalog, file_ledger: Ledger) -> None:
    report = refresh(company, {"shop": shelves()["shop"]}, file_ledger, now=Clock(), author="Ann")
    assert report.failures[0].message == (
        "Dataset 'accounts' was not read: source 'books' is not open. Check config/sources/books.yaml."
    )


def test_ctrl_c_cancels_the_sources_and_records_nothing(company: Catalog, ledger: Ledger) -> None:
    stuck = Stuck()

    def interrupt() -> None:
        assert stuck.begun.wait(30)
        signal.raise_signal(signal.SIGINT)

    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    with pytest.raises(KeyboardInterrupt):
        refresh(company, shelves() | {"books": stuck}, ledger, now=Clock(), author="Ann")
    interrupter.join()
    for thread in threading.enumerate():
        if thread.name.startswith("boardseat-refresh"):
            thread.join(30)
    assert stuck.cancelled.is_set()
    assert stuck.asked == ["accounts"], "nothing more is asked of the source"
    assert ledger.runs(1) == ()
    assert refresh(company, shelves(), ledger, now=Clock(), author="Ann").run.id == 1


def test_an_error_of_the_caller_records_nothing(company: Catalog, ledger: Ledger) -> None:
    def closed(progress: Progress) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        refresh(company, shelves(), ledger, now=Clock(), author="Ann", progress=closed)
    assert ledger.runs(1) == ()


def test_one_refresh_at_a_time(company: Catalog, ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger, Ledger(ledger_url) as other:
        with other.refreshing(), pytest.raises(LedgerError) as error:
            refresh(company, shelves(), ledger, now=Clock(), author="Ann")
        assert str(error.value) == (
            f"Another refresh into ledger '{ledger.name}' is running. Wait until it has finished."
        )
        assert refresh(company, shelves(), ledger, now=Clock(), author="Ann").failures == ()


def test_a_catalog_without_datasets_gives_an_empty_run(company: Catalog, file_ledger: Ledger) -> None:
    report = refresh(replace(company, datasets={}), {}, file_ledger, now=Clock(), author="Ann")
    assert report.reads == ()
    assert file_ledger.runs(5) == (report.run,)


def test_real_sources_are_measured_and_read_back(tmp_path: Path) -> None:
    config = write_company(tmp_path / "config")
    with closing(sqlite3.connect(config / "shop.db")) as shop, shop:
        shop.execute(
            "CREATE TABLE survey (answered_at TEXT, score REAL, segment TEXT, region TEXT, customer_id INT)"
        )
        rows = [
            (f"2026-{m:02}-15 10:00:00", 9 if k < 12 else 3, "home", "north", k)
            for m in (4, 5, 6)
            for k in range(20)
        ]
        shop.executemany("INSERT INTO survey VALUES (?, ?, ?, ?, ?)", rows)
    with closing(sqlite3.connect(config / "books.db")) as books, books:
        books.execute("CREATE TABLE accounts (month TEXT, amount REAL, cost REAL, segment TEXT)")
        books.executemany(
            "INSERT INTO accounts VALUES (?, ?, ?, ?)",
            [(f"2026-0{m}-01", 100.0 * m, 1.0, "home") for m in (4, 5, 6)],
        )
    deployment = load(config, {})
    company = deployment.catalog
    with Ledger(deployment.ledger_url) as ledger, readers(deployment) as found_readers:
        now = datetime(2026, 7, 3, 9, 0, tzinfo=UTC)
        report = refresh(company, found_readers, ledger, now=lambda: now, author="Ann")
        assert {read.dataset: read.status for read in report.reads} == {
            "survey": "ok",
            "accounts": "ok",
            "plan": "absent",
        }
        known = book(company, ledger, ("segment",))
        shown = figure(company, known, company.metric("nps"), month("2026-05"), ("segment",), ("home",))
        assert (shown.value, shown.n, shown.status) == (20.0, 20.0, Status.OK)
        assert revenue(company, ledger, "2026-06") == 600.0
        again = refresh(company, found_readers, ledger, now=lambda: now, author="Ann")
        assert again.run.id == 2
        assert ledger.book(
            {"accounts.revenue": company.measure("accounts.revenue").version}, scope=EVERYTHING
        )


def test_the_log_is_quiet_when_all_is_well(
    company: Catalog, file_ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        refresh(company, shelves(), file_ledger, now=Clock(), author="Ann")
    assert caplog.records == []
