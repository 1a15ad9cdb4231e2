"""A configuration folder opened: its clock, its ledger and all its problems at once."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.connections import online_problems
from dashboard.deployment import clock, fingerprint, ledger_url, load
from dashboard.errors import ConfigurationError, DashboardError
from tests.board.company import CONFIGURATION


def test_the_clock_is_the_real_one_or_stands_still() -> None:
    assert abs(clock({})() - datetime.now(UTC)) < timedelta(minutes=1)
    still = clock({"BOARDSEAT_NOW": "2026-10-15T08:00:00+00:00"})
    assert still() == still() == datetime(2026, 10, 15, 8, tzinfo=UTC)
    assert clock({"BOARDSEAT_NOW": "2026-10-15"})() == datetime(2026, 10, 15, tzinfo=UTC)


def test_a_clock_that_cannot_be_read_is_told() -> None:
    with pytest.raises(DashboardError) as caught:
        clock({"BOARDSEAT_NOW": "tomorrow"})
    assert str(caught.value) == (
        "BOARDSEAT_NOW is 'tomorrow', which is no moment. Write it as 2026-10-15T08:00:00+00:00, or unset it."
    )


def test_the_ledger_lies_beside_the_configuration_unless_told(tmp_path: Path) -> None:
    assert ledger_url(tmp_path, {}) == f"sqlite:///{tmp_path.resolve() / 'ledger.sqlite'}"
    assert ledger_url(tmp_path, {"BOARDSEAT_LEDGER": "postgresql+psycopg://db/ledger"}) == (
        "postgresql+psycopg://db/ledger"
    )


def test_the_fingerprint_follows_every_file_that_is_read_and_no_other(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIGURATION, config)
    seen = [fingerprint(config)]
    (config / "pages" / "deep" / "er").mkdir(parents=True)
    for name in ("pages/deep/er/new.yaml", "datasets/new.sql", "readme.md"):
        (config / name).write_text("text\n")
        seen.append(fingerprint(config))
    (config / "datasets" / "new.sql").unlink()
    seen.append(fingerprint(config))
    start, with_page, with_query, with_note, without_query = seen
    assert len({start, with_page, with_query}) == 3
    assert with_note == with_query
    assert without_query == with_page
    shutil.rmtree(config)
    assert fingerprint(config) not in seen


def test_problems_of_sources_and_of_definitions_come_together(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIGURATION, config)
    before = fingerprint(config)
    (config / "sources" / "warehouse.yaml").write_text("url: duckdb:///${NOT_SET}\nowner: Data office\n")
    (config / "pages" / "overview.yaml").write_text("question: Q?\npanels:\n  - pair: revenu\n")
    assert fingerprint(config) != before
    with pytest.raises(ConfigurationError) as caught:
        load(config, {})
    places = [(problem.file, problem.line) for problem in caught.value.problems]
    assert places == [("pages/overview.yaml", 3), ("sources/warehouse.yaml", 1)]


def test_a_source_that_is_not_there_is_one_problem_with_its_file(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIGURATION, config)
    problems = online_problems(load(config, {}))
    assert {problem.file for problem in problems} == {"sources/warehouse.yaml"}
    assert "survey.duckdb" in problems[0].message
