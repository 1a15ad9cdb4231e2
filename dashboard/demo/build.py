"""Builds the database of Meridian Communications: the same inputs give the same rows, on any day."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

SIMULATION_VERSION = 8  # raise it whenever any row changes
DEFAULT_CUSTOMERS = 20_000
DEFAULT_SEED = 2026

_CHECKSUM, _MARK = bytes(8), b"DUCK"  # how a DuckDB file begins
TODAY = datetime(2026, 10, 15, 8, tzinfo=UTC)  # the day on which the demo is looked at, whatever the real one

Progress = Callable[[int, int, str], None]  # steps done, of how many, and the table at work


def build(
    path: Path,
    *,
    customers: int = DEFAULT_CUSTOMERS,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> None:
    """Write the whole company to a DuckDB file; about `customers` of them are active in the last month.

    It is made in parts of 25,000 customers, so that memory does not grow with the company, and beside `path`,
    to be put there in one step: a killed build leaves no half of a database.
    """
    from dashboard.demo.company import simulate, steps  # noqa: PLC0415 - most often it stands there already
    from dashboard.demo.writing import Writer  # noqa: PLC0415 - as above

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.stem}-", dir=path.parent) as folder:
        unfinished = Path(folder) / "unfinished.duckdb"
        with Writer(unfinished, steps=steps(customers), progress=progress) as writer:
            simulate(writer, customers, seed)
            writer.sign(SIMULATION_VERSION, customers, seed)
        unfinished.replace(path)
    if progress is not None:
        progress(steps(customers), steps(customers), "ready")


def database_path(home: Path, *, customers: int = DEFAULT_CUSTOMERS) -> Path:
    """Where the database of that size is kept; the name holds the version of the simulation."""
    return home / f"meridian-v{SIMULATION_VERSION}-{customers}.duckdb"


def ensure(home: Path, *, customers: int = DEFAULT_CUSTOMERS, progress: Progress | None = None) -> Path:
    """The database's path; it is built when it is not there, or is not what this version would build."""
    path = database_path(home, customers=customers)
    if not is_current(path):
        build(path, customers=customers, progress=progress)
    return path


def is_current(path: Path) -> bool:
    """Whether the file is a whole database of this version.

    Only a whole one has been given that name, which holds the version. To open it would cost every command
    the driver, which those that read the ledger do without.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(_CHECKSUM) + len(_MARK)).endswith(_MARK)
    except FileNotFoundError:
        return False
