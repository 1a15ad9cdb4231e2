"""A configuration folder opened: its catalog, its sources and where its ledger is. Shared by both doors."""

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.errors import SourceError, SourceUnreachable
from connectors.sources import Source, load_sources
from dashboard.board.equity_recording import valued
from dashboard.board.risk_recording import with_risk
from dashboard.definitions.columns import check_columns
from dashboard.definitions.derivation import Derivation
from dashboard.definitions.load import collect
from dashboard.definitions.model import Catalog, Origin
from dashboard.errors import ConfigurationError, DashboardError, MeasuringError
from dashboard.measures.checks import key_problems
from dashboard.measures.connected import measure_connected as measure
from dashboard.measures.currencies import currency_problems
from dashboard.measures.frame import MeasureFrame
from dashboard.measures.measuring import real_columns
from yamlfiles.problems import Problem

LEDGER_FILE = "ledger.sqlite"


@dataclass(frozen=True)
class Deployment:
    """What a folder of YAML describes, loaded and checked. `sources` hold secrets: never shown."""

    config: Path
    catalog: Catalog
    sources: Mapping[str, Source]
    ledger_url: str
    now: Callable[[], datetime] = field(compare=False)


def load(config: Path, environ: Mapping[str, str]) -> Deployment:
    """Load a configuration without connecting to anything; ConfigurationError with every problem at once."""
    sources, source_problems = load_sources(config, environ)
    names = {path.stem: "" for path in sorted((config / "sources").glob("*.yaml"))}
    names |= {name: source.owner for name, source in sources.items()}
    catalog, problems = collect(config, sources=names)
    if catalog is None or problems or source_problems:
        raise ConfigurationError((*source_problems, *problems))
    return Deployment(config, catalog, sources, ledger_url(config, environ), clock(environ))


def ledger_url(config: Path, environ: Mapping[str, str]) -> str:
    """BOARDSEAT_LEDGER, or a SQLite file beside the configuration."""
    return environ.get("BOARDSEAT_LEDGER") or f"sqlite:///{(config / LEDGER_FILE).resolve()}"


def clock(environ: Mapping[str, str]) -> Callable[[], datetime]:
    """The clock both doors read: the real one, or, with BOARDSEAT_NOW, one that stands still at that moment.

    The demo company lives in a month of its own: on the real calendar its data would age. DashboardError
    where the moment cannot be read.
    """
    told = environ.get("BOARDSEAT_NOW")
    if not told:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise DashboardError(
            f"BOARDSEAT_NOW is {told!r}, which is no moment. "
            "Write it as 2026-10-15T08:00:00+00:00, or unset it."
        ) from None
    fixed = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return lambda: fixed


def fingerprint(config: Path) -> str:
    """Changes when a file of the configuration does; cheap enough to ask at each page view."""
    digest = hashlib.sha256()
    for path, status in sorted(_files(str(config))):
        digest.update(f"{path}\0{status.st_mtime_ns}\0{status.st_size}\n".encode())
    return digest.hexdigest()


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """The files below a folder that a configuration is read from. One that is being replaced is not there."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            elif entry.name.endswith((".yaml", ".sql")):
                with suppress(FileNotFoundError):
                    yield entry.path, entry.stat()


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
