"""The database is the same whenever it is built, and is there whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dashboard.demo import company
from dashboard.demo.build import SIMULATION_VERSION, build, database_path, ensure, is_current
from dashboard.demo.schema import TABLES

TINY = 300

# They do not depend on chance.
FIXED = {
    "annotation",
    "channel",
    "department",
    "grouping",
    "incentive_weight",
    "initiative",
    "initiative_unit",
    "journey",
    "statement",
    "target",
}


def contents(path: Path) -> dict[str, tuple[int, int]]:
    """Rows and a hash of all rows, a table each; the order of the rows does not matter."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            name: connection.execute(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {name} AS t").fetchall()[0]
            for name in TABLES
        }


def in_order(path: Path, table: str) -> str:
    """A hash of the rows of a table as they lie."""
    with duckdb.connect(str(path), read_only=True) as connection:
        hashed = f"SELECT md5(string_agg(hash(t)::VARCHAR, ',' ORDER BY rowid)) FROM {table} AS t"
        return str(connection.execute(hashed).fetchall()[0][0])


def test_the_same_inputs_give_the_same_rows_in_the_same_order(tmp_path: Path) -> None:
    build(tmp_path / "one.duckdb", customers=TINY, seed=5)
    build(tmp_path / "two.duckdb", customers=TINY, seed=5)
    assert contents(tmp_path / "one.duckdb") == contents(tmp_path / "two.duckdb")
    for table in ("customer_month", "contact", "survey_response", "journey_event"):
        assert in_order(tmp_path / "one.duckdb", table) == in_order(tmp_path / "two.duckdb", table)


def test_an_older_processor_makes_the_same_rows(tmp_path: Path) -> None:
    """NumPy sorts and calculates otherwise on each; a row that hangs on that is not the same elsewhere."""
    build(tmp_path / "here.duckdb", customers=TINY, seed=5)
    words = "from pathlib import Path; from dashboard.demo.build import build; "
    words += f"build(Path({str(tmp_path / 'older.duckdb')!r}), customers={TINY}, seed=5)"
    environ = {**os.environ, "NPY_DISABLE_CPU_FEATURES": "X86_V3,X86_V4,AVX512_ICL"}
    subprocess.run([sys.executable, "-c", words], check=True, env=environ, timeout=300)
    assert contents(tmp_path / "here.duckdb") == contents(tmp_path / "older.duckdb")


def test_another_seed_is_another_history(tmp_path: Path) -> None:
    build(tmp_path / "one.duckdb", customers=TINY, seed=5)
    build(tmp_path / "two.duckdb", customers=TINY, seed=6)
    one, two = contents(tmp_path / "one.duckdb"), contents(tmp_path / "two.duckdb")
    assert {name for name in TABLES if one[name] == two[name]} - {"survey_question"} == FIXED


def test_every_table_has_rows(small_company: Path) -> None:
    assert all(rows > 0 for rows, _ in contents(small_company).values())


def test_a_company_of_many_parts_is_one_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(company, "PART", 200)
    path = tmp_path / "parts.duckdb"
    told: list[tuple[int, int, str]] = []
    build(path, customers=500, progress=lambda *step: told.append(step))
    assert [done for done, _, _ in told] == list(range(told[-1][1] + 1))
    with duckdb.connect(str(path), read_only=True) as connection:

        def one(sql: str) -> object:
            return connection.execute(sql).fetchall()[0][0]

        for table, key in (
            ("customer", "customer_key"),
            ("purchase", "purchase_key"),
            ("contact", "contact_key"),
            ("survey_response", "response_key || question_key"),
            ("exit_case", "case_key || reason"),
            ("journey_event", "journey_id || seq"),
        ):
            assert one(f"SELECT count(*) - count(DISTINCT {key}) FROM {table}") == 0
        assert one(
            "SELECT count(*) FROM customer_month WHERE active AND month = '2026-09-01'"
        ) == pytest.approx(500, rel=0.2)
        assert one("SELECT sum(revenue) FROM customer_month") == one(
            "SELECT sum(amount) FROM financial_month WHERE scenario = 'AC' AND account_group = 'revenue'"
        )


@pytest.mark.slow
def test_rows_grow_with_the_customers(tmp_path: Path, small_company: Path) -> None:
    build(tmp_path / "double.duckdb", customers=3_000)
    small, double = contents(small_company), contents(tmp_path / "double.duckdb")
    for name in ("customer_month", "contact", "purchase", "journey_event", "survey_response", "complaint"):
        assert double[name][0] / small[name][0] == pytest.approx(2.0, rel=0.12), name


@pytest.mark.slow
def test_the_demo_has_millions_of_rows(whole_company: Path) -> None:
    rows = {name: count for name, (count, _) in contents(whole_company).items()}
    assert 3_000_000 < sum(rows.values()) < 5_000_000
    assert rows["customer_month"] > 1_000_000


class KilledError(Exception):
    pass


def stop_while_writing(done: int, total: int, table: str) -> None:
    if done > 0.4 * total:
        raise KilledError(table)


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


def test_progress_goes_forward_step_by_step_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    build(tmp_path / "company.duckdb", customers=TINY, progress=lambda *step: told.append(step))
    total = company.steps(TINY)
    assert [(done, of) for done, of, _ in told] == [(done, total) for done in range(total + 1)]
    assert {table for _, _, table in told} == {*TABLES, "ready"}
    assert told[-1] == (total, total, "ready")


def test_the_name_tells_the_version_and_the_size(tmp_path: Path) -> None:
    assert database_path(tmp_path, customers=500).name == f"meridian-v{SIMULATION_VERSION}-500.duckdb"


def test_ensure_builds_what_is_absent_and_keeps_what_is_there(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there" / "yet"
    path = ensure(home, customers=TINY)
    assert path == database_path(home, customers=TINY)
    assert contents(path)["customer"][0] > TINY
    written = path.stat().st_mtime_ns
    assert ensure(home, customers=TINY) == path
    assert path.stat().st_mtime_ns == written


def test_a_database_of_another_version_is_built_anew(tmp_path: Path) -> None:
    path = ensure(tmp_path, customers=TINY)
    earlier = path.with_name(path.name.replace(f"-v{SIMULATION_VERSION}-", f"-v{SIMULATION_VERSION - 1}-"))
    path.rename(earlier)
    assert not is_current(path)
    assert ensure(tmp_path, customers=TINY) == path
    assert is_current(path)


def test_what_is_no_database_is_built_anew(tmp_path: Path) -> None:
    path = database_path(tmp_path, customers=TINY)
    path.write_text("half of something")
    assert not is_current(path)
    assert is_current(ensure(tmp_path, customers=TINY))
