"""A server's mark: the same while nobody writes, another after a write, none where it cannot be trusted."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from connectors.engines import SourceEngine
from connectors.errors import SourceUnreachable
from connectors.sources import Source
from tests.engines import Database

TRIES = 1_000  # other tests write to the same server at the same time


@pytest.fixture
def engine(postgres: Database) -> Iterator[SourceEngine]:
    postgres.run("CREATE TABLE fact (amount integer)")
    with reader(postgres) as opened:
        yield opened


def reader(database: Database) -> SourceEngine:
    return SourceEngine(Source("crm", sa.make_url(database.reader), None))


def marked(engine: SourceEngine) -> str:
    """The mark, as soon as nobody writes."""
    return next(mark for _ in range(TRIES) if (mark := engine.state()) is not None)


def test_it_is_the_same_while_nobody_writes(engine: SourceEngine) -> None:
    assert any(engine.state() == marked(engine) for _ in range(TRIES))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO fact VALUES (1)",
        "TRUNCATE fact",
        "ALTER TABLE fact RENAME COLUMN amount TO price",
        "CREATE TABLE another (amount integer)",
    ],
)
def test_it_is_another_after_a_write(engine: SourceEngine, postgres: Database, statement: str) -> None:
    before = marked(engine)
    postgres.run(statement)
    assert marked(engine) != before


def test_there_is_none_while_an_older_write_is_under_way(engine: SourceEngine, postgres: Database) -> None:
    with sa.create_engine(postgres.admin, poolclass=NullPool).connect() as writing:
        writing.execute(sa.text("INSERT INTO fact VALUES (1)"))
        postgres.run("INSERT INTO fact VALUES (2)")
        assert engine.state() is None


def test_there_is_none_where_rows_come_from_elsewhere(engine: SourceEngine, postgres: Database) -> None:
    postgres.run(
        "CREATE FOREIGN DATA WRAPPER elsewhere",
        "CREATE SERVER there FOREIGN DATA WRAPPER elsewhere",
        "CREATE FOREIGN TABLE theirs (amount integer) SERVER there",
    )
    try:
        assert all(engine.state() is None for _ in range(20))
    finally:
        postgres.run("DROP FOREIGN DATA WRAPPER elsewhere CASCADE")


def test_other_servers_have_none(mariadb: Database) -> None:
    with reader(mariadb) as engine:
        assert engine.state() is None


def test_a_server_that_does_not_answer_is_told_at_once() -> None:
    nowhere = sa.make_url("postgresql+psycopg://127.0.0.1:1/nothing")
    with SourceEngine(Source("crm", nowhere, None, retries=0)) as engine, pytest.raises(SourceUnreachable):
        engine.state()
