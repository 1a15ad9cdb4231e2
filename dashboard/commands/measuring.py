"""Measuring from the terminal: what is asked, with its progress, into a ledger."""

from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType

from dashboard.commands.progress import Bar
from dashboard.commands.wording import counted
from dashboard.connections import readers
from dashboard.deployment import Deployment
from dashboard.ledger.refresh import Progress, RunReport, missing, refresh
from dashboard.ledger.store import Ledger


def measure(
    deployment: Deployment,
    ledger: Ledger,
    *,
    title: str,
    author: str,
    full: bool = False,
    only: Collection[str] | None = None,
) -> RunReport:
    """Measure all datasets, or only those named, telling how far it is; the run is recorded in `ledger`."""
    narrowed = deployment if only is None else _narrowed(deployment, only)
    with Bar(title) as bar, readers(narrowed) as found:

        def tell(progress: Progress) -> None:
            rows = "failed" if progress.rows is None else counted(progress.rows, "row")
            rows = "unchanged" if progress.unchanged else rows
            bar.tell(f"{progress.source}: {progress.dataset}, {rows}", progress.done / progress.total)

        return refresh(
            narrowed.catalog,
            found,
            ledger,
            now=deployment.now,
            author=author,
            full=full,
            progress=tell,
        )


def measure_missing(
    deployment: Deployment, ledger: Ledger, *, title: str, author: str, only: Collection[str] | None = None
) -> RunReport | None:
    """Measure what was never measured as it is defined now; None where there is nothing to do."""
    wanted = [name for name in missing(deployment.catalog, ledger) if only is None or name in only]
    if not wanted:
        return None
    return measure(deployment, ledger, title=title, author=author, only=wanted)


def _narrowed(deployment: Deployment, only: Collection[str]) -> Deployment:
    """The deployment with only these datasets to measure; the others can still be looked up in."""
    catalog = deployment.catalog
    datasets = {
        name: dataset if name in only else replace(dataset, measures=MappingProxyType({}))
        for name, dataset in catalog.datasets.items()
    }
    derivations = {name: each for name, each in catalog.derivations.items() if name in only}
    sources = {catalog.origin(name).source for name in only}
    return replace(
        deployment,
        catalog=replace(
            catalog, datasets=MappingProxyType(datasets), derivations=MappingProxyType(derivations)
        ),
        sources={name: source for name, source in deployment.sources.items() if name in sources},
    )
