"""A small company, and ledgers on both engines: a SQLite file, and a schema of its own in PostgreSQL."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from dashboard.definitions.model import Catalog
from dashboard.ledger.store import Ledger
from tests.engines import Database, postgres_database
from tests.ledger.company import load_company


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return load_company(tmp_path_factory.mktemp("config"))


@pytest.fixture(scope="session")
def ledger_server() -> Iterator[Database]:
    with postgres_database() as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place for a ledger, where none is yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    server: Database = request.getfixturevalue("ledger_server")
    schema = f"ledger_{secrets.token_hex(5)}"
    engine = sa.create_engine(server.admin, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        yield f"{server.admin}?options=-csearch_path%3D{schema}"
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    with Ledger(ledger_url) as opened:
        yield opened


@pytest.fixture
def file_ledger(tmp_path: Path) -> Iterator[Ledger]:
    """For what does not depend on the engine."""
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened
