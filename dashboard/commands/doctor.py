"""`boardseat doctor`: is everything there that Boardseat needs?"""

import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import click

from connectors.engines import SourceEngine
from connectors.errors import SourceError
from connectors.sources import Source
from dashboard.commands.place import Place, with_place
from dashboard.commands.wording import counted
from dashboard.deployment import Deployment
from dashboard.errors import ConfigurationError, DashboardError
from dashboard.ledger.store import Ledger

LEAST_PYTHON = (3, 11)
LIBRARIES = (
    "streamlit",
    "altair",
    "SQLAlchemy",
    "duckdb",
    "duckdb-sqlalchemy",
    "sqlglot",
    "pydantic",
    "vl-convert-python",
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    well: bool
    told: str

    def __str__(self) -> str:
        return f"{'ok     ' if self.well else 'PROBLEM'}  {self.what}: {self.told}"


@click.command()
@with_place
def doctor(place: Place) -> None:
    """Look at Python, libraries, configuration, sources and ledger, and say what is amiss."""
    well = True
    for finding in _findings(place):
        click.echo(finding)
        well = well and finding.well
    if not well:
        raise click.exceptions.Exit(1)


def _findings(place: Place) -> Iterator[Finding]:
    yield Finding(
        "Python", sys.version_info >= LEAST_PYTHON, f"{platform.python_version()} at {sys.executable}"
    )
    for name in LIBRARIES:
        yield _library(name)
    try:
        deployment = place.deployment()
    except ConfigurationError as error:
        more = f" And {len(error.problems) - 1} more: see boardseat check." if len(error.problems) > 1 else ""
        yield Finding("Configuration", False, f"{place.config}: {error.problems[0]}{more}")
        return
    yield Finding("Configuration", True, str(place.config))
    for source in deployment.sources.values():
        yield _looked(f"Source {source.name}", lambda source=source: _source(source))  # type: ignore[misc]
    yield _looked("Ledger", lambda: _ledger(deployment))


def _library(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed. Install Boardseat again.")


def _looked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except (SourceError, DashboardError) as error:
        return Finding(what, False, str(error))


def _source(source: Source) -> str:
    with SourceEngine(source) as engine:
        return f"{source.place} answers, {counted(len(engine.tables()), 'table')}"


def _ledger(deployment: Deployment) -> str:
    with Ledger(deployment.ledger_url) as ledger:
        newest = next(iter(ledger.runs(1)), None)
        told = (
            "no run yet"
            if newest is None
            else f"run {newest.id} of {newest.finished_at:%Y-%m-%d %H:%M} UTC is the newest"
        )
        return f"{ledger.name}, {told}"
