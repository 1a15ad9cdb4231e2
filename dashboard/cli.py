"""The terminal's door: `boardseat`, its commands, and what becomes of an error."""

import gc
import logging
import os
import secrets
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click

from connectors.errors import SourceError
from dashboard.commands.wording import counted
from dashboard.errors import ConfigurationError, DashboardError

INTERRUPTED = 130  # what a shell expects of a command that Ctrl-C ended
LOG_FILE = "boardseat.log"

# A command loads modules, definitions and figures, which stay until it ends. With so many new objects before
# the next search for circles, instead of Python's 700, it does not look through all of them again and again.
NEW_OBJECTS = 20_000
FAULT = "This is a fault of Boardseat's own, not of yours."


# Where each command is, in the order in which they are needed. One is imported when it is run: what a command
# needs, such as the drivers of databases, would keep the others waiting.
COMMANDS = {
    "serve": "serving:serve",
    "check": "checking:check",
    "refresh": "refreshing:refresh",
    "query": "querying:query",
    "explain": "explaining:explain",
    "close": "closing:close",
    "restatements": "restating:restated",
    "pack": "packing:pack",
    "ledger": "ledger:ledger",
    "schema": "checking:schema",
    "doctor": "doctor:doctor",
}


class Door(click.Group):
    """The group of commands: an error of the user's becomes one text, and a fault of ours a reference.

    `places` says where commands are that are imported when they are asked for.
    """

    def __init__(self, *words: Any, places: Mapping[str, str] = MappingProxyType({}), **options: Any) -> None:
        super().__init__(*words, **options)
        self._places = places

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now if it has not been."""
        if cmd_name in self._places and cmd_name not in self.commands:
            module, _, name = self._places[cmd_name].partition(":")
            self.add_command(getattr(import_module(f"dashboard.commands.{module}"), name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; exit codes are 0 fine, 1 problems, 2 wrong usage, 130 interrupted."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)
        except (DashboardError, SourceError) as error:
            raise click.ClickException(_told(error)) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            raise click.ClickException(_reference(error)) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are needed, not in that of the alphabet."""
        return list({**self._places, **self.commands})


@click.group(
    cls=Door,
    places=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 problems, 2 wrong usage, 130 interrupted.",
)
@click.version_option(package_name="boardseat", message="%(package)s %(version)s")
def cli() -> None:
    """Give the customer a seat at the board table: pages and figures, from YAML and your databases."""


def main() -> None:
    """The console script."""
    gc.set_threshold(NEW_OBJECTS)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    cli(prog_name="boardseat")


def _told(error: DashboardError | SourceError) -> str:
    if not isinstance(error, ConfigurationError):
        return str(error)
    return f"The configuration has {counted(len(error.problems), 'problem')}:\n{error}"


def _reference(error: Exception) -> str:
    """Write the traceback where it can be found again, and tell the user how to name it."""
    from dashboard.commands.place import data_home  # noqa: PLC0415 - brings all that reads a configuration

    reference = secrets.token_hex(3).upper()
    record = logging.LogRecord("boardseat", logging.ERROR, "", 0, "Reference %s", (reference,), None)
    record.exc_info = (type(error), error, error.__traceback__)
    written = logging.Formatter("%(asctime)s %(message)s").format(record)
    path = data_home(os.environ) / LOG_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{written}\n")
    except OSError:
        click.echo(written, err=True)
        return f"{FAULT} Its reference is {reference}; the details are above."
    return f"{FAULT} Its reference is {reference}; the details are in {path}."
