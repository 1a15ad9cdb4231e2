"""`boardseat ledger`: verified, copied, taken out as files, and put back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Ask

ASKED = ("query", "revenue", "--format", "csv")


@pytest.fixture
def measured(boardseat: Ask, shop: Path) -> Path:
    boardseat("refresh", "--config", shop)
    return shop


def test_a_ledger_that_is_well_says_so_in_a_line(boardseat: Ask, measured: Path) -> None:
    result = boardseat("ledger", "verify", "--config", measured)
    assert result.exit_code == 0
    counts, seal = result.stdout.rstrip().split("; seal ")
    assert counts.startswith("ok: 1 run, ")
    assert counts.endswith(" observations, 0 entries")
    assert len(seal) == 64


def test_what_was_changed_is_named(boardseat: Ask, measured: Path) -> None:
    with closing(sqlite3.connect(measured / "ledger.sqlite")) as file, file:
        file.execute("DROP TRIGGER ledger_runs_no_update")
        file.execute("UPDATE ledger_runs SET author = 'Eve'")
    result = boardseat("ledger", "verify", "--config", measured)
    assert (result.exit_code, result.stdout) == (1, "Run 1 is not as it was recorded.\n")


def test_a_copy_lies_beside_the_ledger(boardseat: Ask, measured: Path) -> None:
    name = boardseat("ledger", "backup", "--config", measured).stdout.strip()
    assert Path(name).parent == measured
    assert Path(name).name.startswith("ledger-backup-2-")
    with closing(sqlite3.connect(name)) as copy:
        assert copy.execute("SELECT count(*) FROM ledger_runs").fetchone() == (1,)


def test_what_is_exported_is_put_back_and_gives_the_same_figures(
    boardseat: Ask, measured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = boardseat(*ASKED, "--config", measured).stdout
    seal = boardseat("ledger", "verify", "--config", measured).stdout
    written = boardseat("ledger", "export", tmp_path / "out", "--config", measured)
    assert str(tmp_path / "out" / "manifest.json") in written.stdout.splitlines()
    monkeypatch.setenv("BOARDSEAT_LEDGER", f"sqlite:///{tmp_path / 'new.sqlite'}")
    result = boardseat("ledger", "import", tmp_path / "out", "--config", measured)
    assert result.stdout == f"{tmp_path / 'new.sqlite'} holds what was exported.\n"
    assert boardseat("ledger", "verify", "--config", measured).stdout == seal
    again = boardseat(*ASKED, "--config", measured)
    assert (again.stdout, again.stderr) == (expected, ""), "nothing had to be measured anew"
