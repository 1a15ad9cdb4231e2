"""`boardseat refresh`: every source is measured and the run is recorded."""

from collections.abc import Sequence

import click

from dashboard.commands.measuring import measure
from dashboard.commands.place import Place, with_place
from dashboard.ledger.recording import OK, DatasetRead
from dashboard.ledger.refresh import RunReport
from dashboard.ledger.store import Ledger


@click.command()
@with_place
@click.option("--full", is_flag=True, help="Ask for all periods, not only for those that may still change.")
def refresh(place: Place, full: bool) -> None:
    """Measure every source and record the run.

    A source that fails keeps the values that were recorded last, and harms no other.
    """
    deployment = place.deployment()
    with Ledger(deployment.ledger_url) as ledger:
        report = measure(deployment, ledger, title="Measuring", author="boardseat refresh", full=full)
    tell_report(report)
    if report.failures:
        raise click.exceptions.Exit(1)


def tell_report(report: RunReport) -> None:
    """A line for each source on stdout; what failed, and what the preparer should know, on stderr."""
    for source in dict.fromkeys(read.source for read in report.reads):
        click.echo(_line(source, [read for read in report.reads if read.source == source]))
    for read in report.reads:
        for warning in read.frame.warnings if read.frame else ():
            click.echo(f"Warning: {warning}", err=True)
    for failure in dict.fromkeys(read.message for read in report.failures):
        click.echo(f"Error: {failure}", err=True)


def _line(source: str, reads: Sequence[DatasetRead]) -> str:
    failed = [read.dataset for read in reads if read.status != OK]
    read_well = len(reads) - len(failed)
    datasets = f"{read_well} dataset{'' if read_well == 1 else 's'}"
    rows = sum(read.frame.rows for read in reads if read.frame)
    values = sum(len(read.frame.cells) for read in reads if read.frame)
    seconds = sum(read.seconds for read in reads)
    line = f"{source}: {'failed' if failed else 'ok'}, {datasets}, {rows:,} rows, {values:,} values"
    return f"{line}, {seconds:.1f} s" + (f"; failed: {', '.join(failed)}" if failed else "")
