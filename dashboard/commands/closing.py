"""`boardseat close`: the checklist, and then a period is closed as of a run, or opened again."""

import getpass

import click

from dashboard.board.checklist import Check, checklist, open_books, stops
from dashboard.commands.place import Place, with_place
from dashboard.commands.wording import counted
from dashboard.definitions.model import Catalog
from dashboard.errors import DashboardError
from dashboard.ledger.closes import Close
from dashboard.ledger.store import Ledger
from dashboard.periods import Period
from dashboard.units import format_period


@click.command()
@click.argument("period", metavar="PERIOD")
@with_place
@click.option("--run", type=int, metavar="N", help="Close as of this run instead of the newest.")
@click.option("--reason", metavar="TEXT", default="", help="Why it is forced or reopened, or any remark.")
@click.option("--author", metavar="NAME", help="Who closes; else the account that runs the command.")
@click.option("--force", is_flag=True, help="Close although a check failed. Needs --reason.")
@click.option("--reopen", is_flag=True, help="Open a closed period again. Needs --reason.")
def close(
    place: Place, period: str, run: int | None, reason: str, author: str | None, force: bool, reopen: bool
) -> None:
    """Close a period, like the books: its figures stay as they are, and what changes later is restated.

    PERIOD is a month as 2026-06, a fiscal quarter as 2026-Q2 or a fiscal year as 2026. A fiscal year is named
    by the calendar year it begins in, and its quarters count from there: of a year that begins in April,
    2026-Q2 is July to September 2026.
    """
    if (force or reopen) and not reason.strip():
        raise click.UsageError(f"--{'force' if force else 'reopen'} needs --reason TEXT. Say why.")
    deployment = place.deployment()
    catalog, now = deployment.catalog, deployment.now()
    calendar = catalog.board.calendar
    asked = calendar.parse(period)
    name, who = calendar.code(asked), author or getpass.getuser()
    with Ledger(deployment.ledger_url) as ledger:
        if reopen:
            ledger.closes.reopen(name, asked, author=who, now=now, reason=reason)
            click.echo(
                f"{_named(catalog, name, asked)} is open again. Its figures are those of the newest run."
            )
            return
        checks = checklist(open_books(catalog, ledger, asked, run=run, now=now))
        for check in checks:
            _tell(check)
        failed = stops(checks)
        if failed and not force:
            raise DashboardError(
                f"{name} was not closed: {counted(len(failed), 'check')} failed. "
                "Mend what they name, or close it all the same with --force and --reason TEXT."
            )
        made = ledger.closes.close(name, asked, author=who, now=now, run=run, reason=reason)
        click.echo(_told(catalog, made))


def _tell(check: Check) -> None:
    mark = "ok     " if check.passes else "FAILED " if check.binding else "remark "
    click.echo(f"{mark} {check.name}")
    for line in check.found:
        click.echo(f"        {line}")


def _told(catalog: Catalog, made: Close) -> str:
    return f"{_named(catalog, made.name, made.period)} is closed as of run {made.run}, by {made.author}."


def _named(catalog: Catalog, name: str, period: Period) -> str:
    return f"{name} ({format_period(period, locale=catalog.board.locale)})"
