"""The simulated company at a size that is built in a second, and at the size the demo has."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.demo.build import build
from tests.demo.kpis import LEDGER, Measured, measured, recorded
from tests.once import made_once

SMALL = 1_500
Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def small_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be read alone, for all workers share it."""
    made = made_once(
        tmp_path_factory, "small-meridian", lambda folder: build(folder / "small.duckdb", customers=SMALL)
    )
    return made / "small.duckdb"


@pytest.fixture(scope="session")
def whole_company(demo_home: Path) -> Path:
    """For slow tests alone."""
    [path] = demo_home.glob("*.duckdb")
    return path


@pytest.fixture(scope="session")
def small(small_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """The small company after a refresh of the demo's configuration."""
    folder = made_once(tmp_path_factory, "small-ledger", lambda folder: measured(small_company, folder))
    return recorded(small_company, folder / LEDGER)


@pytest.fixture(scope="session")
def whole(whole_company: Path) -> Measured:
    """The demo itself after a refresh: for slow tests alone."""
    return recorded(whole_company, whole_company.with_suffix(".sqlite"))


@pytest.fixture
def ask(small_company: Path) -> Iterator[Ask]:
    with opened(small_company) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def opened(path: Path) -> duckdb.DuckDBPyConnection:
    """A reader on the company's clocks."""
    connection = duckdb.connect(str(path), read_only=True)
    connection.execute("SET TimeZone = 'Europe/Amsterdam'")
    return connection
