"""The terminal's door: `boardseat`, its commands, and what becomes of an error."""

import logging
import os
import secrets

import click

from connectors.errors import SourceError
from dashboard.commands.checking import check, schema
from dashboard.commands.closing import close
from dashboard.commands.doctor import doctor
from dashboard.commands.explaining import explain
from dashboard.commands.ledger import ledger
from dashboard.commands.packing import pack
from dashboard.commands.place import data_home
from dashboard.commands.querying import query
from dashboard.commands.refreshing import refresh
from dashboard.commands.restating import restated
from dashboard.commands.serving import serve
from dashboard.commands.wording import counted
from dashboard.errors import ConfigurationError, DashboardError

INTERRUPTED = 130  # what a shell expects of a command that Ctrl-C ended
LOG_FILE = "boardseat.log"
FAULT = "This is a fault of Boardseat's own, not of yours."


class Door(click.Group):
    """The group of commands: an error of the user's becomes one text, and a fault of ours a reference."""

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
        return list(self.commands)


@click.group(
    cls=Door,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 problems, 2 wrong usage, 130 interrupted.",
)
@click.version_option(package_name="boardseat", message="%(package)s %(version)s")
def cli() -> None:
    """Give the customer a seat at the board table: pages and figures, from YAML and your databases."""


for command in (serve, check, refresh, query, explain, close, restated, pack, ledger, schema, doctor):
    cli.add_command(command)


def main() -> None:
    """The console script."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    cli(prog_name="boardseat")


def _told(error: DashboardError | SourceError) -> str:
    if not isinstance(error, ConfigurationError):
        return str(error)
    return f"The configuration has {counted(len(error.problems), 'problem')}:\n{error}"


def _reference(error: Exception) -> str:
    """Write the traceback where it can be found again, and tell the user how to name it."""
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
