import io
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dashboard.cli import Door, cli
from dashboard.commands.place import data_home
from dashboard.commands.progress import Bar
from dashboard.commands.reference import reference

ROOT = Path(__file__).parents[2]


@click.group(cls=Door)
def door() -> None:
    """A door with commands that fail."""


@door.command()
def fail() -> None:
    """Fail as our own bugs do."""
    raise RuntimeError("the pump is dry")


@door.command()
def interrupt() -> None:
    """Be interrupted."""
    raise KeyboardInterrupt


def test_a_fault_of_ours_is_a_reference_and_its_traceback_is_in_the_log(home: Path) -> None:
    result = CliRunner().invoke(door, ["fail"])
    assert result.exit_code == 1
    assert result.stdout == ""
    found = re.fullmatch(
        r"Error: This is a fault of Boardseat's own, not of yours\. Its reference is ([0-9A-F]{6}); "
        r"the details are in (.+)\.\n",
        result.stderr,
    )
    assert found is not None
    log = Path(found[2]).read_text()
    assert found[2] == str(home / "boardseat.log")
    assert f"Reference {found[1]}" in log
    assert "Traceback" in log
    assert "RuntimeError: the pump is dry" in log


def test_where_no_log_can_be_written_the_traceback_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BOARDSEAT_HOME", str(tmp_path / "file"))
    result = CliRunner().invoke(door, ["fail"])
    assert "RuntimeError: the pump is dry" in result.stderr
    assert result.stderr.endswith("; the details are above.\n")


def test_an_interruption_is_130(home: Path) -> None:
    result = CliRunner().invoke(door, ["interrupt"])
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "Interrupted.\n")


def test_wrong_usage_is_2() -> None:
    assert CliRunner().invoke(cli, ["frobnicate"]).exit_code == 2
    assert CliRunner().invoke(cli, ["query"]).exit_code == 2


def test_the_reference_is_that_of_the_program() -> None:
    assert (ROOT / "docs" / "cli-reference.md").read_text() == reference(cli), "Run make docs."


def test_every_command_and_option_is_explained() -> None:
    ctx = click.Context(cli)
    names = cli.list_commands(ctx)
    assert len(names) == 11
    for name in names:
        command = cli.get_command(ctx, name)
        assert command is not None
        assert command.name == name
        assert command.help, name
        for option in command.params:
            if isinstance(option, click.Option) and option.name != "form":
                assert option.help, f"{command.name} --{option.name}"


@pytest.mark.parametrize(
    ("environ", "home"),
    [
        ({"BOARDSEAT_HOME": "/srv/seat", "XDG_DATA_HOME": "/data"}, Path("/srv/seat")),
        ({"XDG_DATA_HOME": "/data"}, Path("/data/boardseat")),
        ({}, Path("~/.local/share/boardseat").expanduser()),
    ],
)
def test_data_home(environ: dict[str, str], home: Path) -> None:
    assert data_home(environ) == home


class Terminal(io.StringIO):
    """What a bar takes for a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_moves_in_a_terminal_and_leaves_nothing_behind() -> None:
    out = Terminal()
    with Bar("Measuring", out) as bar:
        bar.tell("shop: orders", 0.5)
        bar.tell("shop: orders", 0.5)
        bar.tell("shop: answers", 1.0)
    shown = out.getvalue().split("\r\x1b[K")
    assert shown == [
        "",
        "Measuring  ████████████░░░░░░░░░░░░  50%  shop: orders",
        "Measuring  ████████████████████████ 100%  shop: answers",
        "",
    ]


def test_progress_is_plain_lines_where_it_is_kept() -> None:
    out = io.StringIO()
    with Bar("Measuring", out) as bar:
        bar.tell("shop: orders", 0.5)
        bar.tell("shop: orders", 0.5)
        bar.tell("shop: answers", 1.0)
    assert out.getvalue() == "Measuring: 50%, shop: orders\nMeasuring: 100%, shop: answers\n"


@pytest.mark.slow
def test_python_m_dashboard_is_boardseat() -> None:
    command = [sys.executable, "-m", "dashboard", "--help"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("Usage: boardseat [OPTIONS] COMMAND [ARGS]...")
