"""`boardseat ledger`: verify it, copy it, take it out as files, and fill a new one from them."""

from pathlib import Path

import click

from dashboard.commands.place import Place, with_place
from dashboard.commands.wording import counted
from dashboard.deployment import ledger_url
from dashboard.ledger.store import Ledger

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def ledger() -> None:
    """Verify, copy, export or import the ledger."""


@ledger.command()
@with_place
def verify(place: Place) -> None:
    """Work out every seal and every current value anew.

    Prints one line with what there is and the seal of the newest run, or every run, entry and series that is
    not as it was written.
    """
    with _opened(place) as opened:
        found = opened.verify()
    for problem in found.problems:
        click.echo(problem)
    if found.problems:
        raise click.exceptions.Exit(1)
    told = (
        counted(found.runs, "run"),
        counted(found.observations, "observation"),
        "1 entry" if found.acts == 1 else f"{found.acts:,} entries",
    )
    click.echo(f"ok: {', '.join(told)}" + (f"; seal {found.seal}" if found.seal else ""))


@ledger.command()
@with_place
def backup(place: Place) -> None:
    """Copy the ledger beside itself, and print the name of the copy."""
    with _opened(place) as opened:
        click.echo(opened.backup())


@ledger.command("export")
@click.argument("folder", metavar="DIR", type=FOLDER)
@with_place
def export_(place: Place, folder: Path) -> None:
    """Write all that is recorded into DIR, as Parquet and JSON."""
    with _opened(place) as opened:
        for path in opened.export_to(folder):
            click.echo(path)


@ledger.command("import")
@click.argument("folder", metavar="DIR", type=FOLDER)
@with_place
def import_(place: Place, folder: Path) -> None:
    """Fill a new ledger with what was exported into DIR.

    BOARDSEAT_LEDGER says where the new ledger is; it must be empty. What is not as it was exported is
    refused.
    """
    with _opened(place) as opened:
        opened.import_from(folder)
        click.echo(f"{opened.name} holds what was exported.")


def _opened(place: Place) -> Ledger:
    return Ledger(ledger_url(place.config, place.environ))
