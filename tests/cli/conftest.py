"""A shop, and the command line asked about it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboard.cli import cli
from tests.cli.shop import open_shop

Ask = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Boardseat keeps what is its own; no setting of whoever runs the tests counts."""
    for name in ("BOARDSEAT_CONFIG", "BOARDSEAT_LEDGER", "BOARDSEAT_NOW", "MERIDIAN_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOARDSEAT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def boardseat(home: Path) -> Ask:
    """boardseat("check", "--offline"): the command as run in a terminal, its output and its exit code."""

    def ask(*words: str | Path) -> Result:
        return CliRunner().invoke(cli, [str(word) for word in words], prog_name="boardseat")

    return ask


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The configuration of a small company, with its database."""
    return open_shop(tmp_path)
