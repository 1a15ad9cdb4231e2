"""Queries beside a dataset: one SELECT in whichever SQL the source speaks, and nothing that writes."""

# ruff: noqa: E501 - a table is read a row a line

from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from dashboard.definitions.queries import read_query

ONE_SELECT = [
    "select 1 as a",
    "select * from orders where note = 'a; b'",
    "SELECT a FROM t; -- the end",
    "/* what it is */ select a from t",
    "with a as (select 1 as b), c as (select * from a) select * from c",
    "select a from t union all select a from u",
    "(select a from t)",
    "select a, row_number() over (partition by b order by c) as n from t",
    "select * exclude (a) from t qualify row_number() over (order by b) = 1",  # DuckDB
    "select distinct on (a) a, b::date, c ->> 'd' from t order by a, b desc",  # PostgreSQL
    "select `a`, date_format(b, '%Y-%m') from t use index (x)",  # MariaDB
    "select strftime('%Y', a), iif(b, 1, 0) from t",  # SQLite
    "select date_trunc('month', a), explode(b) from t lateral view explode(c) d as e",  # Spark
    'select update, "insert" from t where "drop" = \'delete\'',
]

REFUSED = {
    "": "a.sql holds 0 statements.",
    "select 1; select 2": "a.sql holds 2 statements.",
    "select 1;; drop table t": "a.sql holds 2 statements.",
    "drop table t": "a.sql is not a SELECT but DROP.",
    "insert into t select * from u": "a.sql is not a SELECT but INSERT.",
    "update t set a = 1": "a.sql is not a SELECT but UPDATE.",
    "create table t as select 1": "a.sql is not a SELECT but CREATE.",
    "attach 'x.db' as y": "a.sql is not a SELECT but ATTACH.",
    "pragma query_only = off": "a.sql is not a SELECT but PRAGMA.",
    "call p()": "a.sql is not a SELECT but COMMAND.",
    "with a as (insert into t values (1) returning *) select * from a": "a.sql does more than select: INSERT.",
    "with a as (update t set b = 1 returning *) select * from a": "a.sql does more than select: UPDATE.",
    "select * into u from t": "a.sql does more than select: INTO.",
    "select * from t for update": "a.sql does more than select: LOCK.",
    "select 1 /*! union select 2 */": "a.sql holds a comment that MySQL would run (/*!).",
    "select 'a\\'; drop table t; -- '": "a.sql holds 2 statements.",
    "selec 1 from": "a.sql cannot be read as SQL.",
}


def written(folder: Path, text: str) -> Path:
    (folder / "a.sql").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("text", ONE_SELECT)
def test_one_select_is_taken_in_any_dialect(text: str, tmp_path: Path) -> None:
    assert read_query(written(tmp_path, f"{text}\n"), "a.sql") == text.partition("; --")[0]


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        read_query(written(tmp_path, text), "a.sql")
    assert caught.value.message() == f"{REFUSED[text]} Write exactly one SELECT."


def test_nothing_is_logged_beside_the_problem(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PydanticCustomError):
        read_query(written(tmp_path, "call p()"), "a.sql")
    assert caplog.text == ""


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(PydanticCustomError, match=r"The file b\.sql is missing\. There is no \.sql file"):
        read_query(tmp_path, "b.sql")
    (tmp_path / "b.sql").write_bytes(b"select '\xe9'")
    with pytest.raises(PydanticCustomError, match=r"b\.sql cannot be read \(UnicodeDecodeError\)"):
        read_query(tmp_path, "b.sql")
    with pytest.raises(PydanticCustomError, match=r"The file c\.sql is missing\. There are: b\.sql\."):
        read_query(tmp_path, "c.sql")
