"""The simulated company at a size that is built in a second."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.demo.build import build

SMALL = 1_500
Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def small_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("meridian") / "small.duckdb"
    build(path, customers=SMALL)
    return path


@pytest.fixture
def ask(small_company: Path) -> Iterator[Ask]:
    with duckdb.connect(str(small_company), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()
