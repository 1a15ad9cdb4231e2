"""A source cannot be written: tried on each engine with the rights of its owner, at three depths."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.errors import SourceError, SourceRefused
from tests.connectors.opening import opened
from tests.engines import Database


@pytest.fixture
def answers(database: Database) -> Database:
    database.run("CREATE TABLE answers (id INT, score INT)", "INSERT INTO answers VALUES (1, 9), (2, 4)")
    return database


def writes(folder: Path) -> tuple[str, ...]:
    return (
        "INSERT INTO answers VALUES (3, 1)",
        "UPDATE answers SET score = 0",
        "DELETE FROM answers",
        "CREATE TABLE copied (id INT)",
        "CREATE TABLE copied AS SELECT * FROM answers",
        "CREATE VIEW seen AS SELECT * FROM answers",
        "DROP TABLE answers",
        "DROP VIEW answers",
        "ALTER TABLE answers ADD COLUMN more INT",
        f"COPY answers TO '{folder}/copied.csv'",
        f"COPY answers TO '{folder}/answers.csv'",
        f"SELECT * FROM answers INTO OUTFILE '{folder}/copied.csv'",
        f"ATTACH '{folder}/other.db' AS other",
        f"EXPORT DATABASE '{folder}/all'",
        f"VACUUM INTO '{folder}/copied.db'",
        "SELECT 1; DELETE FROM answers",
        "SELECT 1) AS q; DELETE FROM answers; --",
        "SELECT 1; COMMIT; BEGIN READ WRITE; DELETE FROM answers; COMMIT",
        "WITH gone AS (DELETE FROM answers RETURNING *) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM answers",
    )


UNLOCKS = (
    "PRAGMA query_only = OFF",
    "SET default_transaction_read_only = off",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
    "SET SESSION TRANSACTION READ WRITE",
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SET GLOBAL read_only = 0",
    "SET lock_configuration = false",
    "SET enable_external_access = true",
    "COMMIT",
)


def rows(engine: SourceEngine) -> list[tuple[int, int]]:
    return sorted(engine.fetch(sa.text("SELECT * FROM answers")))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@contextmanager
def unharmed(place: str | Path, folder: Path) -> Iterator[SourceEngine]:
    """An engine; when the block ends the data, the tables and the files are what they were."""
    before = files(folder)
    with opened(place) as engine:
        names = engine.tables()
        yield engine
    with opened(place) as again:
        assert rows(again) == [(1, 9), (2, 4)]
        assert again.tables() == names == ["answers"]
    assert files(folder) == before


def test_fetch_asks_nothing_but_a_select(answers: Database, folder: Path) -> None:
    with unharmed(answers.admin, folder) as engine:
        for statement in writes(folder) + UNLOCKS[:-2]:
            if "set_config" not in statement:
                with pytest.raises(SourceError):
                    engine.fetch(sa.text(statement))


def test_a_connection_lets_no_statement_write(answers: Database, folder: Path) -> None:
    with unharmed(answers.admin, folder) as engine:
        for unlock in UNLOCKS:
            for statement in writes(folder):
                if "OUTFILE" in statement:  # the grammar of a sub-query alone forbids this one: see above
                    continue
                with suppress(SourceError), engine.connection() as connection:
                    with suppress(sa.exc.SQLAlchemyError, SourceError):
                        connection.exec_driver_sql(unlock)
                    connection.exec_driver_sql(statement)
                    pytest.fail(f"{statement} ran after {unlock}")


@pytest.mark.parametrize("statement", ["INSERT INTO answers VALUES (3, 1)", "CREATE TABLE copied (id INT)"])
def test_the_database_itself_refuses(answers: Database, folder: Path, statement: str) -> None:
    """Below SQLAlchemy and our own check, with the driver alone."""
    with unharmed(answers.admin, folder) as engine, engine.connection() as connection:
        driver = connection.connection.cursor()
        with pytest.raises(Exception, match=r"(?i)read.?only|not authorized"):
            driver.execute(statement)
        driver.close()


def test_a_query_writes_no_file_on_the_server(answers: Database, folder: Path) -> None:
    """The owner of a server may write its files, even when only reading: the grammar forbids it."""
    file = folder / "copied.csv"
    with unharmed(answers.admin, folder) as engine:
        for statement in (f"COPY answers TO '{file}'", f"SELECT * FROM answers INTO OUTFILE '{file}'"):
            with pytest.raises(SourceError, match=r"syntax error"):
                engine.fetch(sa.text(statement))


def test_a_transaction_only_reads_whatever_the_session_says(postgres: Database, folder: Path) -> None:
    postgres.run("CREATE TABLE answers (id INT, score INT)", "INSERT INTO answers VALUES (1, 9), (2, 4)")
    with unharmed(postgres.admin, folder) as engine, engine.connection() as connection:
        connection.exec_driver_sql("SELECT set_config('default_transaction_read_only', 'off', false)")
        connection.commit()
        with pytest.raises(sa.exc.DBAPIError, match="read-only transaction"):
            connection.exec_driver_sql("WITH gone AS (DELETE FROM answers RETURNING 1) SELECT * FROM gone")


def test_a_duckdb_file_opens_no_other_file(duckdb_database: Database, folder: Path) -> None:
    duckdb_database.run("CREATE TABLE answers AS SELECT * FROM (VALUES (1, 9), (2, 4))")
    with unharmed(duckdb_database.admin, folder) as engine, engine.connection() as connection:
        driver = connection.connection.cursor()
        for statement in (f"COPY answers TO '{folder}/copied.csv'", f"ATTACH '{folder}/other.db'"):
            with pytest.raises(Exception, match="disabled by configuration"):
                driver.execute(statement)
        with pytest.raises(Exception, match="has been locked"):
            driver.execute("SET enable_external_access = true")


def test_a_folder_is_not_written_and_opens_no_other_file(folder: Path, tmp_path: Path) -> None:
    (folder / "answers.csv").write_text("id,score\n1,9\n2,4\n")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with unharmed(folder, folder) as engine:
        for statement in writes(folder) + UNLOCKS:
            with pytest.raises(SourceError), engine.connection() as connection:
                connection.exec_driver_sql(statement)
        with pytest.raises(SourceError), engine.connection() as connection:
            connection.exec_driver_sql(f"SELECT * FROM read_csv('{tmp_path}/secret.csv')")
        with engine.connection() as connection:
            driver = connection.connection.cursor()
            for target in ("copied.csv", "answers.csv"):
                with pytest.raises(Exception, match="disabled by configuration"):
                    driver.execute(f"COPY (SELECT 1) TO '{folder}/{target}'")
            with pytest.raises(Exception, match="has been locked"):
                driver.execute("SET enable_external_access = true")


def test_what_is_told_about_a_statement_that_writes(answers: Database) -> None:
    with (
        opened(answers.admin) as engine,
        pytest.raises(SourceRefused) as told,
        engine.connection() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM answers")
    assert str(told.value) in (
        "Source 'billing': only one SELECT may run here. A source is read, never written.",
        "Source 'billing': the statement writes (not authorized). A source is only read: make it a SELECT.",
    )
