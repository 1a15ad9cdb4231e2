"""A closed period keeps the values, the definitions and the sources of the run that closed it."""

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from dashboard.ledger.closing import catalog_as_of, read_metrics
from dashboard.ledger.defining import METRIC, definitions_of, difference
from dashboard.ledger.figures import figure, parts
from dashboard.ledger.former import former_catalog
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain, Period
from tests.ledger.company import load_company
from tests.ledger.frames import START, cell, company_read, month

HOUR = timedelta(hours=1)


def run(ledger: Ledger, company: Catalog, at: int, **answers: tuple[float, float, float]) -> int:
    """A refresh that finds answers, promoters and detractors by month: jan=(10, 5, 1)."""
    names = ("survey.answers", "survey.promoters", "survey.detractors")
    cells = [
        cell(name, f"2026-{number}", value, int(counts[0]))
        for number, counts in answers.items()
        for name, value in zip(names, counts, strict=True)
    ]
    reading = company_read(company, *cells)
    moment = START + at * HOUR
    return ledger.record(moment, moment, "Ann", company.version, [reading], definitions_of(company)).id


def shown(ledger: Ledger, company: Catalog, period: Period | str, **more: object) -> float | None:
    asked = month(period) if isinstance(period, str) else period
    as_of = more.get("as_of")
    catalog = catalog_as_of(company, ledger, as_of)  # type: ignore[arg-type]
    nps = catalog.metric("nps")
    book = read_metrics(catalog, ledger, [nps], scope=EVERYTHING, **more)  # type: ignore[arg-type]
    return figure(catalog, book, nps, asked).value


def close(ledger: Ledger, company: Catalog, name: str, at: int) -> None:
    period = company.board.calendar.parse(name)
    ledger.closes.close(name, period, author="Ann", now=START + at * HOUR)


def months(**answers: tuple[float, float, float]) -> dict[str, tuple[float, float, float]]:
    return {number.removeprefix("m"): counts for number, counts in answers.items()}


FIRST = months(m04=(100, 50, 10), m05=(100, 50, 10), m06=(100, 50, 10), m07=(100, 50, 10))
LATER = months(m04=(100, 50, 10), m05=(100, 50, 10), m06=(200, 160, 10), m07=(100, 80, 10))
Q1 = "2026-Q1"  # April to June: the fiscal year begins in April


@pytest.fixture
def restated(ledger: Ledger, company: Catalog) -> Ledger:
    """Q1 was closed before late answers came in."""
    run(ledger, company, 0, **FIRST)
    close(ledger, company, Q1, 1)
    run(ledger, company, 2, **LATER)
    return ledger


def test_a_closed_period_shows_what_was_closed(restated: Ledger, company: Catalog) -> None:
    quarter = company.board.calendar.parse(Q1)
    assert shown(restated, company, quarter) == 40.0
    assert shown(restated, company, quarter, restated=True) == 57.5
    assert shown(restated, company, "2026-06") == 40.0, "its months, too"
    assert shown(restated, company, "2026-07") == 70.0, "what is open moves on"


def test_spans_that_end_in_a_closed_period_are_those_of_its_pack(restated: Ledger, company: Catalog) -> None:
    calendar = company.board.calendar
    for grain in (Grain.YEAR_TO_DATE, Grain.TWELVE_MONTHS):
        closed, still_open = (calendar.containing(grain, month(f"2026-0{n}").start) for n in (6, 7))
        assert shown(restated, company, closed) == 40.0
        assert shown(restated, company, still_open) == shown(restated, company, still_open, restated=True)


def test_before_the_close_it_was_not_closed(restated: Ledger, company: Catalog) -> None:
    run(restated, company, 3, **FIRST)
    assert shown(restated, company, "2026-06", as_of=START) == 40.0
    assert shown(restated, company, "2026-06", as_of=START + 2 * HOUR) == 40.0
    assert shown(restated, company, "2026-06", as_of=START + 2 * HOUR, restated=True) == 80.0 - 5.0


def test_a_reopened_period_shows_what_is_known(restated: Ledger, company: Catalog) -> None:
    quarter = company.board.calendar.parse(Q1)
    restated.closes.reopen(Q1, quarter, author="Ben", now=START + 4 * HOUR, reason="Late answers.")
    assert shown(restated, company, quarter) == 57.5
    assert shown(restated, company, quarter, as_of=START + 3 * HOUR) == 40.0
    close(restated, company, Q1, 5)
    assert shown(restated, company, quarter) == 57.5


def test_the_last_of_two_closes_of_a_month_counts(ledger: Ledger, company: Catalog) -> None:
    run(ledger, company, 0, **FIRST)
    close(ledger, company, "2026-06", 1)
    run(ledger, company, 2, **LATER)
    assert shown(ledger, company, "2026-06") == 40.0
    close(ledger, company, Q1, 3)
    assert shown(ledger, company, "2026-06") == 75.0, "the quarter's pack has shown it anew"


def test_a_closed_period_keeps_its_definition(restated: Ledger, company: Catalog, tmp_path: Path) -> None:
    stricter = load_company(tmp_path / "config", **{"score >= 9": "score >= 10"})
    halved = load_company(
        tmp_path / "config",
        **{"score >= 9": "score >= 10", "interval: nps": "interval: none", "formula: 100 *": "formula: 50 *"},
    )
    run(restated, stricter, 3, **months(m06=(200, 100, 10), m07=(100, 30, 10)))
    assert shown(restated, stricter, "2026-06") == 40.0
    assert shown(restated, stricter, "2026-06", restated=True) == 45.0
    assert shown(restated, stricter, "2026-07") == 20.0
    run(restated, halved, 4, **months(m06=(200, 100, 10), m07=(100, 30, 10)))
    assert shown(restated, halved, "2026-06") == 40.0
    assert shown(restated, halved, "2026-07") == 10.0
    assert shown(restated, halved, "2026-07", as_of=START + 3 * HOUR) == 20.0
    assert shown(restated, halved, "2026-07", as_of=START + 2 * HOUR) == 70.0


def test_a_closed_period_outlives_its_dataset(restated: Ledger, company: Catalog, tmp_path: Path) -> None:
    config = tmp_path / "config"
    load_company(config)
    (config / "datasets" / "survey.yaml").rename(config / "datasets" / "answers.yaml")
    metrics = config / "metrics" / "all.yaml"
    metrics.write_text(metrics.read_text().replace("survey.", "answers."))
    moved = load_catalog(config, sources={"shop": "", "books": ""})
    assert "survey" not in moved.datasets
    assert shown(restated, moved, "2026-06") == 40.0


def test_the_interval_of_a_closed_figure_is_of_the_closed_parts(restated: Ledger, company: Catalog) -> None:
    nps = company.metric("nps")
    book = read_metrics(company, restated, [nps], scope=EVERYTHING)
    assert parts(company, book, nps, month("2026-06")) == (50.0, 10.0, 100.0)


def test_an_open_page_reads_no_closed_run(
    restated: Ledger, company: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nobody asked for a closed period")

    monkeypatch.setattr(restated, "book_of_run", refuse)
    assert shown(restated, company, "2026-07") == 70.0


def test_definitions_are_kept_from_the_run_that_brought_them(
    restated: Ledger, company: Catalog, tmp_path: Path
) -> None:
    halved = load_company(
        tmp_path / "config", **{"interval: nps": "interval: none", "formula: 100 *": "formula: 50 *"}
    )
    run(restated, halved, 3, **FIRST)
    run(restated, company, 4, **FIRST)
    history = restated.definitions.history(METRIC, "nps")
    assert [(each.run, each.at) for each in history] == [
        (1, START),
        (3, START + 3 * HOUR),
        (4, START + 4 * HOUR),
    ]
    assert [each.run for each in restated.definitions.history(METRIC, "nps", as_of=START + 3 * HOUR)] == [
        1,
        3,
    ]
    assert history[0].definition == history[2].definition
    assert restated.definitions.history(METRIC, "revenue")[0].run == 1
    changed = difference(history[0].definition, history[1].definition).splitlines()
    assert [line for line in changed[2:] if line[0] in "+-"] == [
        "-formula: 100 * (survey.promoters - survey.detractors) / survey.answers",
        "+formula: 50 * (survey.promoters - survey.detractors) / survey.answers",
        "-interval: nps",
        "+interval: none",
    ]


def test_the_series_of_an_old_definition_stays_readable(
    restated: Ledger, company: Catalog, tmp_path: Path
) -> None:
    stricter = load_company(tmp_path / "config", **{"score >= 9": "score >= 10"})
    run(restated, stricter, 3, **months(m07=(100, 30, 10)))
    old = former_catalog(stricter, restated.definitions.in_force(2))
    assert old.metric("nps").version == company.metric("nps").version != stricter.metric("nps").version
    book = read_metrics(old, restated, [old.metric("nps")], scope=EVERYTHING, restated=True)
    assert figure(old, book, old.metric("nps"), month("2026-07")).value == 70.0
