"""The database is the same whenever it is built, and is there whole or not at all."""

from pathlib import Path

import duckdb
import pytest

from dashboard.demo.build import SIMULATION_VERSION, build, database_path, ensure
from dashboard.demo.schema import TABLES

TINY = 300


def contents(path: Path) -> dict[str, tuple[int, int]]:
    """Rows and a hash of all rows, a table each; the order of the rows does not matter."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            name: connection.execute(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {name} AS t").fetchall()[0]
            for name in TABLES
        }


def test_the_same_inputs_give_the_same_rows(tmp_path: Path) -> None:
    build(tmp_path / "one.duckdb", customers=TINY, seed=5)
    build(tmp_path / "two.duckdb", customers=TINY, seed=5)
    assert contents(tmp_path / "one.duckdb") == contents(tmp_path / "two.duckdb")


def test_another_seed_is_another_history(tmp_path: Path) -> None:
    build(tmp_path / "one.duckdb", customers=TINY, seed=5)
    build(tmp_path / "two.duckdb", customers=TINY, seed=6)
    one, two = contents(tmp_path / "one.duckdb"), contents(tmp_path / "two.duckdb")
    fixed = {"grouping", "channel", "department", "survey_question", "annotation", "target"}
    assert {name for name in TABLES if one[name] == two[name]} == fixed


def test_every_table_has_rows(small_company: Path) -> None:
    assert all(rows > 0 for rows, _ in contents(small_company).values())


class KilledError(Exception):
    pass


def stop_while_writing(what: str, share: float) -> None:
    if share > 0.7:
        raise KilledError(what)


def test_a_killed_build_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KilledError):
        build(tmp_path / "company.duckdb", customers=TINY, progress=stop_while_writing)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_build_leaves_the_old_database(tmp_path: Path) -> None:
    path = tmp_path / "company.duckdb"
    build(path, customers=TINY)
    before = contents(path)
    with pytest.raises(KilledError):
        build(path, customers=TINY, seed=9, progress=stop_while_writing)
    assert contents(path) == before


def test_progress_goes_forward_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    build(
        tmp_path / "company.duckdb", customers=TINY, progress=lambda what, share: told.append((what, share))
    )
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == ("Meridian Communications is ready", 1.0)


def test_the_name_tells_the_version_and_the_size(tmp_path: Path) -> None:
    assert database_path(tmp_path, customers=500).name == f"meridian-v{SIMULATION_VERSION}-500.duckdb"


def test_ensure_builds_what_is_absent_and_keeps_what_is_there(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there" / "yet"
    path = ensure(home, customers=TINY)
    assert path == database_path(home, customers=TINY)
    assert contents(path)["customer"][0] > TINY
    path.write_text("whatever is there stays")
    assert ensure(home, customers=TINY) == path
    assert path.read_text() == "whatever is there stays"
