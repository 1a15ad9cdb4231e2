"""The sources of a deployment, connected: they are measured, or what their tables are like is checked.

Apart from the deployment, since many a command reads the ledger alone and needs no database driver.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.errors import SourceError, SourceUnreachable
from dashboard.board.equity_recording import valued
from dashboard.board.risk_recording import with_risk
from dashboard.definitions.columns import check_columns
from dashboard.definitions.derivation import Derivation
from dashboard.definitions.model import Catalog, Origin
from dashboard.deployment import Deployment
from dashboard.errors import MeasuringError
from dashboard.measures.checks import key_problems
from dashboard.measures.connected import measure_connected as measure
from dashboard.measures.currencies import currency_problems
from dashboard.measures.frame import MeasureFrame
from dashboard.measures.measuring import real_columns
from yamlfiles.problems import Problem


@dataclass(frozen=True)
class SourceReader:
    """Measures the datasets of one source through one engine."""

    engine: SourceEngine

    def measure(self, catalog: Catalog, origin: Origin, *, since: date | None, now: datetime) -> MeasureFrame:
        """Measure one dataset or derivation now; SourceError or MeasuringError when that cannot be."""
        frame = measure(catalog, origin.name, self.engine, since=since, now=now)
        if not isinstance(origin, Derivation):
            return frame
        return with_risk(origin, valued(catalog, origin, frame))

    def mark(self) -> str | None:
        """A mark of what the source holds, another after any write; None where it has none."""
        return self.engine.state()

    def cancel(self) -> None:
        """Stop the statement that is running; callable from any thread."""
        self.engine.cancel()


@contextmanager
def readers(deployment: Deployment) -> Iterator[Mapping[str, SourceReader]]:
    """Readers of every source, closed together at the end."""
    with ExitStack() as stack:
        yield {
            name: SourceReader(stack.enter_context(SourceEngine(source)))
            for name, source in deployment.sources.items()
        }


def online_problems(deployment: Deployment) -> tuple[Problem, ...]:
    """What the real tables say against the configuration.

    No connection, missing tables, wrong columns, keys that stand in several rows, and other currencies.
    """
    problems: list[Problem] = []
    columns: dict[str, Mapping[str, str]] = {}
    untyped: set[str] = set()
    for name, source in deployment.sources.items():
        datasets = [item for item in deployment.catalog.datasets.values() if item.source == name]
        try:
            with SourceEngine(source) as engine:
                engine.fetch(sa.select(sa.literal(1)))  # who is refused is told once, not for every dataset
                if engine.dialect.name == "sqlite":
                    untyped |= {dataset.name for dataset in datasets}
                for dataset in datasets:
                    try:
                        columns |= real_columns(deployment.catalog, {name: engine}, only=dataset.name)
                    except SourceUnreachable:
                        raise  # the next dataset would not find it either
                    except SourceError as error:
                        problems.append(Problem(dataset.file, *dataset.rows_at, str(error)))
        except SourceError as error:
            problems.append(Problem(source.file, 1, 1, str(error)))
    wrong = check_columns(deployment.catalog, columns, untyped=untyped)
    return (*problems, *wrong, *_wrong_rows(deployment, columns.keys()))


def _wrong_rows(deployment: Deployment, there: Collection[str]) -> Iterator[Problem]:
    """Keys in several rows and rows in another currency, of datasets whose tables have all their columns."""
    catalog = deployment.catalog
    for source in deployment.sources.values():
        keyed = [
            dataset
            for dataset in catalog.datasets.values()
            if dataset.source == source.name
            and (dataset.key or dataset.lookups or dataset.currency)
            and {dataset.name, *(lookup.dataset for lookup in dataset.lookups.values())} <= set(there)
        ]
        if not keyed:
            continue
        with SourceEngine(source) as engine:
            for dataset in keyed:
                try:
                    yield from key_problems(catalog, dataset, engine)
                    yield from currency_problems(catalog, dataset, engine)
                except MeasuringError:  # a column is missing or of another type, which has been told
                    continue
                except SourceError as error:
                    yield Problem(dataset.file, *dataset.rows_at, str(error))
