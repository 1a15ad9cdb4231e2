"""`boardseat query`: figures from the ledger, or measured live, as a table, CSV or JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import TemporaryDirectory

import click

from dashboard.commands.answers import FORMATS, written
from dashboard.commands.asking import (
    Answer,
    Question,
    answers,
    read_day,
    read_moment,
    read_scenario,
    read_slice,
)
from dashboard.commands.measuring import measure, measure_missing
from dashboard.commands.place import Place, with_place
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Catalog
from dashboard.definitions.origins import SCENARIOS
from dashboard.deployment import Deployment
from dashboard.errors import DashboardError, UnknownNameError
from dashboard.ledger.refresh import RunReport
from dashboard.ledger.store import Ledger
from dashboard.periods import CALENDAR_GRAINS, Grain


@click.command()
@click.argument("metrics", nargs=-1, required=True, metavar="METRIC...")
@with_place
@click.option(
    "--by",
    metavar="SLICE",
    multiple=True,
    callback=lambda _context, _option, given: ",".join(given) or None,
    help="Cut by a slice: segment, or segment,region.",
)
@click.option(
    "--grain",
    type=click.Choice([grain.value for grain in CALENDAR_GRAINS]),
    default=Grain.MONTH.value,
    show_default=True,
    help="Length of the periods; quarters and years are fiscal.",
)
@click.option("--from", "first", metavar="D", help="First period: 2026-09-30, 2026-09, 2026-Q2 or 2026.")
@click.option("--to", "last", metavar="D", help="Last period, written like the first.")
@click.option(
    "--as-of", metavar="T", help="As it was known then: the end of 2026-10-05, or 2026-10-05T09:00."
)
@click.option("--restated", is_flag=True, help="Show closed periods as they are known now.")
@click.option(
    "--scenario", type=click.Choice(SCENARIOS), help="What was planned or forecast, or last year's figures."
)
@click.option("--live", is_flag=True, help="Measure now, and do not record it.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def query(
    place: Place,
    metrics: tuple[str, ...],
    by: str | None,
    grain: str,
    first: str | None,
    last: str | None,
    as_of: str | None,
    restated: bool,
    scenario: str | None,
    live: bool,
    form: str,
) -> None:
    """Print metrics by period.

    The figures come from the ledger, those of closed periods as they were closed. What was never measured as
    it is defined now is measured and recorded first. Columns of CSV and JSON: metric, period (its first day),
    the slice, value, n, status.
    """
    if live and as_of:
        raise click.UsageError(
            "--live measures what is there now, and --as-of asks what was known. Leave one out."
        )
    deployment = place.deployment()
    question = _question(deployment.catalog, metrics, by, grain, first, last, as_of, scenario)
    question = replace(question, restated=restated)
    with _ledger(deployment, question, live=live) as ledger:
        found = answers(deployment.catalog, ledger, question)
        _refuse_silence(deployment.catalog, ledger, question, found)
    click.echo(written(form, deployment.catalog.board, question, found), nl=False)


def _question(
    catalog: Catalog,
    metrics: tuple[str, ...],
    by: str | None,
    grain: str,
    first: str | None,
    last: str | None,
    as_of: str | None,
    scenario: str | None,
) -> Question:
    wanted = tuple(catalog.metric(name) for name in dict.fromkeys(metrics))
    if scenario is not None:
        wanted = read_scenario(wanted, scenario)
    calendar = catalog.board.calendar
    question = Question(
        metrics=wanted,
        slice=read_slice(catalog, wanted, by),
        grain=Grain(grain),
        first=None if first is None else read_day(calendar, first, last=False),
        last=None if last is None else read_day(calendar, last, last=True),
        as_of=None if as_of is None else read_moment(as_of, catalog.board.time_zone),
        scenario=scenario,
    )
    if question.first and question.last and question.first > question.last:
        raise UnknownNameError(f"--from {first} lies after --to {last}. Change the two round.")
    return question


@contextmanager
def _ledger(deployment: Deployment, question: Question, *, live: bool) -> Iterator[Ledger]:
    """The deployment's ledger with what is asked in it; or, live, one that is thrown away."""
    datasets = _datasets(deployment.catalog, question)
    author = "boardseat query"
    if live:
        with TemporaryDirectory(prefix="boardseat-") as folder, Ledger(f"sqlite:///{folder}/live") as ledger:
            _tell(measure(deployment, ledger, title="Measuring live", author=author, only=datasets))
            yield ledger
        return
    with Ledger(deployment.ledger_url) as ledger:
        if question.as_of is None:
            title = "Measuring what was never measured as it is defined now"
            _tell(measure_missing(deployment, ledger, title=title, author=author, only=datasets))
        yield ledger


def _tell(report: RunReport | None) -> None:
    for message in dict.fromkeys(read.message for read in report.failures) if report else ():
        click.echo(f"Warning: {message}", err=True)


def _refuse_silence(catalog: Catalog, ledger: Ledger, question: Question, found: tuple[Answer, ...]) -> None:
    """An empty answer says why it is empty."""
    told = {answer.metric.id for answer in found}
    states = ledger.reads(question.as_of)
    for metric in question.metrics:
        if metric.id in told:
            continue
        unread = [
            name for name in datasets_of(catalog, metric) if name not in states or not states[name].last_ok_at
        ]
        if question.as_of is not None and unread:
            raise DashboardError(
                f"{metric.id}: nothing was recorded by then. Ask for a later moment with --as-of."
            )
        if unread:
            raise DashboardError(f"{metric.id} cannot be told: {', '.join(unread)} could not be measured.")
        click.echo(f"Warning: {metric.id} has no figure in these periods.", err=True)


def _datasets(catalog: Catalog, question: Question) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for metric in question.metrics for name in datasets_of(catalog, metric)))
