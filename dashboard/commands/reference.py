"""docs/cli-reference.md from the commands themselves: `python -m dashboard.commands.reference FILE`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from dashboard.cli import cli

WIDTH = 100
OPENING = """# Command line

Written by `make docs` from the program's own help; a test compares the two.
"""


def reference() -> str:
    """The page."""
    return OPENING + "".join(_sections())


def _sections() -> Iterator[str]:
    with click.Context(cli, info_name="boardseat", terminal_width=WIDTH) as parent:
        yield _section("boardseat", cli.get_help(parent))
        for name, command in cli.commands.items():
            with click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH) as ctx:
                yield _section(f"boardseat {name}", command.get_help(ctx))


def _section(title: str, text: str) -> str:
    return f"\n## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
