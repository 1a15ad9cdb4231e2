"""A configuration folder opened: its catalog, its sources and where its ledger is. Shared by both doors."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from connectors.sources import Source, load_sources
from dashboard.definitions.load import collect
from dashboard.definitions.model import Catalog
from dashboard.errors import ConfigurationError, DashboardError

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
