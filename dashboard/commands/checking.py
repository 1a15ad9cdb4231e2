"""`boardseat check` and `boardseat schema`: is it right, and what helps an editor to see so."""

from pathlib import Path
from typing import NoReturn

import click

from dashboard.board.balance import remarks
from dashboard.commands.place import Place, with_place
from dashboard.commands.wording import counted
from dashboard.connections import online_problems
from dashboard.definitions.schema import write_schemas
from dashboard.deployment import Deployment
from dashboard.errors import ConfigurationError, Problem


@click.command()
@with_place
@click.option("--offline", is_flag=True, help="Read the files alone; connect to no source.")
@click.option("--strict", is_flag=True, help="Take remarks on the balance for problems.")
def check(place: Place, offline: bool, strict: bool) -> None:
    """Check the configuration, and the tables it names.

    Prints one line with what there is, or every problem with its file, line and column. Remarks say what is
    out of balance: a page with one side alone, an activity without its outcome, a survey without coverage.
    """
    try:
        deployment = place.deployment()
    except ConfigurationError as error:
        _fail(error.problems)
    if not offline and (problems := online_problems(deployment)):
        _fail(problems)
    found = remarks(deployment.catalog)
    if not (strict and found):
        click.echo(f"ok: {_counts(deployment)}")
    for remark in found:
        click.echo(f"remark: {remark}", err=not strict)
    if strict and found:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def schema(folder: Path) -> None:
    """Write JSON Schemas of the YAML files into DIR, so that editors complete and check them."""
    try:
        written = write_schemas(folder)
    except OSError as error:
        raise click.ClickException(
            f"{folder} cannot be written: {error.strerror}. Name another folder."
        ) from None
    for path in written:
        click.echo(path)


def _fail(problems: tuple[Problem, ...]) -> NoReturn:
    for problem in sorted(set(problems)):
        click.echo(problem)
    raise click.exceptions.Exit(1)


def _counts(deployment: Deployment) -> str:
    catalog = deployment.catalog
    counts = (
        counted(len(deployment.sources), "source"),
        counted(len(catalog.datasets), "dataset"),
        *([counted(len(catalog.derivations), "derivation")] if catalog.derivations else []),
        counted(len(catalog.metrics), "metric"),
        counted(len(catalog.pages), "page"),
    )
    return ", ".join(counts)
