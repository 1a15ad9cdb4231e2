"""The page about the command line, made from the commands themselves."""

from collections.abc import Iterator

import click

WIDTH = 100
OPENING = """# Command line

Written by `make docs` from the program's own help; a test compares the two.
"""


def reference(group: click.Group) -> str:
    """The help of the program and of each of its commands, as Markdown."""
    return OPENING + "".join(_sections(group))


def _sections(group: click.Group) -> Iterator[str]:
    settings = {**group.context_settings, "info_name": "boardseat", "terminal_width": WIDTH}
    with click.Context(group, **settings) as parent:
        yield _section("boardseat", group.get_help(parent))
        yield from _of_commands(group, parent)


def _of_commands(group: click.Group, parent: click.Context) -> Iterator[str]:
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is None:
            continue
        with click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH) as ctx:
            yield _section(ctx.command_path, command.get_help(ctx))
            if isinstance(command, click.Group):
                yield from _of_commands(command, ctx)


def _section(title: str, text: str) -> str:
    return f"\n## {title}\n\n```text\n{text}\n```\n"
