"""`boardseat refresh`: every source is measured and the run is recorded."""

from collections.abc import Mapping, Sequence

import click

from dashboard.commands.measuring import measure
from dashboard.commands.place import Place, with_place
from dashboard.commands.wording import counted
from dashboard.ledger.recording import ABSENT, FAILED, DatasetRead
from dashboard.ledger.refresh import RunReport
from dashboard.ledger.store import Ledger


@click.command()
@with_place
@click.option("--full", is_flag=True, help="Ask for all periods, not only for those that may still change.")
def refresh(place: Place, full: bool) -> None:
    """Measure every source and record the run.

    A source that fails keeps the values that were recorded last, and harms no other. Files that were not
    written to since they were read today are not read again.
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
        reads = [read for read in report.reads if read.source == source]
        click.echo(_line(source, reads, report.run.written))
    for read in report.reads:
        for warning in read.frame.warnings if read.frame else ():
            click.echo(f"Warning: {warning}", err=True)
    for failure in dict.fromkeys(read.message for read in report.failures):
        click.echo(f"Error: {failure}", err=True)


def _line(source: str, reads: Sequence[DatasetRead], written: Mapping[str, int]) -> str:
    failed = [read.dataset for read in reads if read.status == FAILED]
    absent = [read.dataset for read in reads if read.status == ABSENT]
    parts = (
        "failed" if failed else "ok",
        counted(len(reads) - len(failed) - len(absent), "dataset"),
        counted(sum(read.frame.rows for read in reads if read.frame), "row"),
        counted(sum(written.get(read.dataset, 0) for read in reads), "observation") + " written",
        f"{sum(read.seconds for read in reads):.1f} s",
    )
    kept = [read.dataset for read in reads if read.unchanged]
    told = [
        f"; {what}: {', '.join(names)}"
        for what, names in (("failed", failed), ("not connected", absent), ("unchanged", kept))
        if names
    ]
    return f"{source}: {', '.join(parts)}{''.join(told)}"
