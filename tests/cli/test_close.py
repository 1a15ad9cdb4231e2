"""`boardseat close` and `boardseat restatements`, as a preparer uses them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.ledger.notes import Place
from dashboard.ledger.store import Ledger
from tests.cli.conftest import Ask

CHECKLIST = """\
FAILED  The data covers Jul–Sept 2024
        answers ends on 20 September 2024.
ok      The sources are fresh
ok      No dataset failed
ok      The figures are of the present definitions
ok      The control totals tie
        No control total is declared in board.yaml.
remark  Every metric has an owner and a target
        revenue has no target.
        revenue_per_buyer has no target.
ok      The commentary is approved
"""


@pytest.fixture
def measured(boardseat: Ask, shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOARDSEAT_NOW", "2024-10-05T09:00:00+00:00")
    boardseat("refresh", "--config", shop)
    return shop


def opened(shop: Path) -> Ledger:
    return Ledger(f"sqlite:///{shop / 'ledger.sqlite'}")


def change(shop: Path, statement: str) -> None:
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_check_that_fails_stops_the_close(boardseat: Ask, measured: Path) -> None:
    result = boardseat("close", "2024-Q2", "--config", measured)
    assert result.exit_code == 1
    assert result.stdout == CHECKLIST
    assert result.stderr == (
        "Error: 2024-Q2 was not closed: 1 check failed. Mend what they name, or close it all the same with "
        "--force and --reason TEXT.\n"
    )
    with opened(measured) as ledger:
        assert ledger.closes.standing() == ()


def test_a_period_that_is_ready_is_closed(boardseat: Ask, measured: Path) -> None:
    result = boardseat("close", "2024-08", "--config", measured, "--author", "Ann")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith("2024-08 (Aug 2024) is closed as of run 1, by Ann.\n")
    with opened(measured) as ledger:
        (close,) = ledger.closes.standing()
    assert (close.name, close.author, close.at.date()) == (
        "2024-08",
        "Ann",
        datetime(2024, 10, 5, tzinfo=UTC).date(),
    )
    again = boardseat("close", "2024-08", "--config", measured)
    assert again.exit_code == 1
    assert again.stderr == (
        "Error: 2024-08 is closed already, as of run 1, by Ann on 2024-10-05. "
        "Reopen it first, with a reason.\n"
    )


def test_a_close_may_be_forced_with_a_reason(boardseat: Ask, measured: Path) -> None:
    asked = ("close", "2024-Q2", "--config", measured, "--author", "Ann", "--force")
    assert boardseat(*asked).exit_code == 2
    assert "--force needs --reason TEXT. Say why." in boardseat(*asked).stderr
    result = boardseat(*asked, "--reason", "The survey ended early.")
    assert result.stdout == CHECKLIST + "2024-Q2 (Jul–Sept 2024) is closed as of run 1, by Ann.\n"
    with opened(measured) as ledger:
        assert ledger.closes.standing()[0].reason == "The survey ended early."


def test_a_draft_stops_the_close(boardseat: Ask, measured: Path) -> None:
    with opened(measured) as ledger:
        ledger.notes.write(
            Place("overview", "", "2024-08"), "Up.", author="Ben", now=datetime.now(UTC), based_on=0
        )
    result = boardseat("close", "2024-08", "--config", measured)
    assert result.exit_code == 1
    assert "FAILED  The commentary is approved\n        overview: a draft by Ben.\n" in result.stdout


def test_a_failed_dataset_stops_the_close(boardseat: Ask, measured: Path) -> None:
    change(measured, "ALTER TABLE answers RENAME TO elsewhere")
    boardseat("refresh", "--config", measured)
    result = boardseat("close", "2024-08", "--config", measured)
    assert result.exit_code == 1
    assert "FAILED  No dataset failed\n" in result.stdout
    assert boardseat("close", "2024-08", "--config", measured, "--run", "1").exit_code == 0


def test_a_definition_that_was_not_measured_yet_stops_the_close(boardseat: Ask, measured: Path) -> None:
    path = measured / "metrics" / "finance.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("formula: orders.", "formula: 2 * orders."))
    result = boardseat("close", "2024-08", "--config", measured)
    assert result.exit_code == 1
    assert (
        "FAILED  The figures are of the present definitions\n"
        "        revenue has been defined anew. Refresh, and close then.\n"
        "        revenue_per_buyer has been defined anew. Refresh, and close then.\n"
    ) in result.stdout
    boardseat("refresh", "--config", measured)
    assert boardseat("close", "2024-08", "--config", measured).exit_code == 0


def test_stale_data_stops_the_close(boardseat: Ask, measured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOARDSEAT_NOW", "2024-12-24T09:00:00+00:00")
    result = boardseat("close", "2024-08", "--config", measured)
    assert result.exit_code == 1
    assert (
        "FAILED  The sources are fresh\n"
        "        orders: the newest data is of 30 September 2024, 85 days ago; at most 35 are allowed.\n"
    ) in result.stdout


def test_a_period_is_reopened_with_a_reason(boardseat: Ask, measured: Path) -> None:
    boardseat("close", "2024-08", "--config", measured)
    asked = ("close", "2024-08", "--config", measured, "--reopen")
    assert "--reopen needs --reason TEXT. Say why." in boardseat(*asked).stderr
    result = boardseat(*asked, "--reason", "An order was booked late.")
    assert result.stdout == "2024-08 (Aug 2024) is open again. Its figures are those of the newest run.\n"
    with opened(measured) as ledger:
        assert ledger.closes.standing() == ()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("close", "Q2"), "'Q2' is no period. Write a month as 2026-09, a fiscal quarter as 2026-Q2,"),
        (("close", "2024-08", "--run", "9"), "There is no run 9. The newest is 1."),
        (("restatements", "2024-08"), "2024-08 is not closed. Close it with boardseat close 2024-08."),
        (
            ("close", "2024-08", "--reopen", "--reason", "x"),
            "2024-08 is not closed, so it need not be reopened.",
        ),
    ],
)
def test_what_cannot_be_is_told(boardseat: Ask, measured: Path, words: tuple[str, ...], text: str) -> None:
    result = boardseat(*words, "--config", measured)
    assert result.exit_code == 1
    assert text in result.stderr


def test_what_was_restated_is_listed_with_its_cause(boardseat: Ask, measured: Path) -> None:
    boardseat("close", "2024-08", "--config", measured)
    assert boardseat("restatements", "--config", measured).stdout == "No figure restated.\n"
    change(measured, "INSERT INTO orders VALUES (999, 1, DATE '2024-08-05', 19.5, 'paid', 'web', NULL)")
    boardseat("refresh", "--config", measured)
    asked = ("restatements", "2024-08", "--config", measured)
    assert boardseat(*asked).stdout.splitlines() == [
        "period   metric              closed      now   difference  cause      rows  run",
        "2024-08  return_rate          40.0%    33.3%  −6.7 points  late rows    +1    1",
        "2024-08  revenue            €180.50  €200.00      +€19.50  late rows    +1    1",
        "2024-08  revenue_per_buyer   €36.10   €40.00       +€3.90  late rows    +1    1",
        "3 figures restated.",
    ]
    assert boardseat(*asked, "--format", "csv").stdout.splitlines() == [
        "period,metric,closed,now,difference,cause,rows,run",
        "2024-08,return_rate,0.4,0.333333333333,-0.066666666667,late rows,1,1",
        "2024-08,revenue,180.5,200.0,19.5,late rows,1,1",
        "2024-08,revenue_per_buyer,36.1,40.0,3.9,late rows,1,1",
    ]
    rows = json.loads(boardseat("restatements", "--config", measured, "--format", "json").stdout)
    assert [row["metric"] for row in rows] == ["return_rate", "revenue", "revenue_per_buyer"]
    assert rows[1]["difference"] == 19.5


def declare(shop: Path, total: str) -> None:
    board = shop / "board.yaml"
    board.write_text(f"{board.read_text()}control_totals:\n  - {total}\n", encoding="utf-8")


def test_control_totals_that_do_not_tie_stop_the_close(boardseat: Ask, measured: Path) -> None:
    declare(measured, "{metric: revenue, ties_to: revenue_per_buyer, within: 1}")
    result = boardseat("close", "2024-08", "--config", measured)
    assert result.exit_code == 1
    assert (
        "FAILED  The control totals tie\n        Revenue is €180.50, Revenue per buyer is €36.10.\n"
        in result.stdout
    )


def test_control_totals_that_tie_let_it_close(boardseat: Ask, measured: Path) -> None:
    declare(measured, "{metric: revenue, ties_to: revenue}")
    result = boardseat("close", "2024-08", "--config", measured)
    assert result.exit_code == 0
    assert "ok      The control totals tie\n" in result.stdout


def test_control_totals_of_metrics_that_there_are_not_are_told_with_their_place(
    boardseat: Ask, measured: Path
) -> None:
    declare(measured, "{metric: revenu, ties_to: return_rate}")
    result = boardseat("check", "--offline", "--config", measured)
    assert result.exit_code == 1
    told = result.stdout + result.stderr
    assert "There is no metric 'revenu'. Did you mean 'revenue'?" in told
    declare_again = (measured / "board.yaml").read_text().replace("revenu,", "revenue,")
    (measured / "board.yaml").write_text(declare_again, encoding="utf-8")
    told = boardseat("check", "--offline", "--config", measured)
    assert (
        "'revenue' and 'return_rate' are of two units. Tie metrics of one unit." in told.stdout + told.stderr
    )
