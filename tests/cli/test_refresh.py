import re
from pathlib import Path

from dashboard.ledger.store import Ledger
from tests.cli.conftest import Ask


def test_a_line_for_each_source_and_the_progress_apart(boardseat: Ask, shop: Path) -> None:
    result = boardseat("refresh", "--config", shop)
    assert result.exit_code == 0
    assert re.fullmatch(
        r"shop: ok, 2 datasets, 28 rows, \d\d+ observations written, \d+\.\d s\n", result.stdout
    )
    assert sorted(result.stderr.splitlines()) == [
        "Measuring: 100%, shop: orders, 17 rows",
        "Measuring: 50%, shop: answers, 11 rows",
    ]


def test_a_second_refresh_writes_nothing_anew(boardseat: Ask, shop: Path) -> None:
    boardseat("refresh", "--config", shop)
    assert "28 rows, 0 observations written" in boardseat("refresh", "--config", shop, "--full").stdout
    with Ledger(f"sqlite:///{shop / 'ledger.sqlite'}") as ledger:
        assert [(run.id, run.author) for run in ledger.runs(9)] == [
            (2, "boardseat refresh"),
            (1, "boardseat refresh"),
        ]


def test_a_source_that_fails_harms_no_other(boardseat: Ask, shop: Path) -> None:
    """Answers move to a database that is not there."""
    (shop / "sources" / "survey.yaml").write_text("url: duckdb:///survey.duckdb\n")
    dataset = shop / "datasets" / "answers.yaml"
    dataset.write_text(
        dataset.read_text()
        .replace("source: shop", "source: survey")
        .replace("customers: ", "people: ")
        .replace("customers.segment", "people.segment")
    )
    people = "source: survey\ntable: people\nentity: customer_id\n"
    (shop / "datasets" / "people.yaml").write_text(people)
    result = boardseat("refresh", "--config", shop)
    assert result.exit_code == 1
    survey, well = sorted(result.stdout.splitlines(), reverse=True)
    assert survey.startswith("survey: failed, 0 datasets, 0 rows, 0 observations written, ")
    assert survey.endswith("; failed: answers")
    assert well.startswith("shop: ok, 1 dataset, 17 rows, ")
    assert result.stderr.splitlines()[-1] == (
        f"Error: Source 'survey': there is no file {shop / 'survey.duckdb'}. Put it there, or correct url in "
        "sources/survey.yaml."
    )
    with Ledger(f"sqlite:///{shop / 'ledger.sqlite'}") as ledger:
        states = ledger.reads()
    assert states["orders"].last_ok_at is not None
    assert states["answers"].failure is not None


def test_a_configuration_with_problems_is_not_measured(boardseat: Ask, shop: Path) -> None:
    (shop / "metrics" / "customers.yaml").write_text("return_rat:\n")
    result = boardseat("refresh", "--config", shop)
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.match(r"Error: The configuration has \d problems:\nmetrics/", result.stderr)
    assert not (shop / "ledger.sqlite").exists()
