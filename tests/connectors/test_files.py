"""A folder as a database: which files are tables, the types they get, what is told about a broken one."""

import csv
import datetime as dt
import gzip
import tempfile
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.engines import SourceEngine
from tests.connectors.opening import opened, save_workbook

WORDS = st.text(st.sampled_from("ab #,;|\t\n'\"\\é"), max_size=8).map(lambda text: f"x{text}x")
RETAIL = Path(__file__).parents[2] / ".." / "shared" / "data" / "online_retail_II"


def rows(engine: SourceEngine, table: str) -> list[tuple[object, ...]]:
    return engine.fetch(sa.text(f'SELECT * FROM "{table}"'))


def kinds(engine: SourceEngine, table: str) -> dict[str, str]:
    return {name: str(kind).partition("(")[0] for name, kind in engine.columns(table).items()}


def test_each_file_is_a_table(folder: Path) -> None:
    (folder / "Order Lines-2026.csv").write_text("id,amount\n1,2.5\n")
    (folder / "refunds.csv.gz").write_bytes(gzip.compress(b"id\n7\n"))
    save_workbook(folder / "Branches.XLSX", [["branch"], ["Utrecht"]])
    duckdb.sql("SELECT 3 AS id").write_parquet(str(folder / "visits.parquet"))
    (folder / "read me.txt").write_text("not a table")
    (folder / ".hidden.csv").write_text("a\n1\n")
    (folder / "~$Branches.xlsx").write_text("lock")
    (folder / "folder.csv").mkdir()
    with opened(folder) as engine:
        assert engine.tables() == ["branches", "order_lines_2026", "refunds", "visits"]
        assert rows(engine, "order_lines_2026") == [(1, 2.5)]
        assert rows(engine, "refunds") == [(7,)]
        assert rows(engine, "branches") == [("Utrecht",)]
        assert rows(engine, "visits") == [(3,)]


def test_csv_values_get_types(folder: Path) -> None:
    (folder / "seen.csv").write_text(
        "id,amount,day,at,zoned,open,word\n"
        "1,2.5,2026-01-31,2026-01-31 10:30:00,2026-01-31T10:30:00Z,true,a\n"
        "2,,2026-02-28,2026-02-28 10:30:00,2026-02-28T10:30:00Z,false,\n"
    )
    with opened(folder) as engine:
        assert kinds(engine, "seen") == {
            "id": "BIGINT",
            "amount": "DOUBLE",
            "day": "DATE",
            "at": "TIMESTAMP",
            "zoned": "TIMESTAMP",
            "open": "BOOLEAN",
            "word": "VARCHAR",
        }
        zoned = engine.columns("seen")["zoned"]
        assert isinstance(zoned, sa.DateTime)
        assert zoned.timezone
        first, second = rows(engine, "seen")
        assert first[1:4] == (2.5, dt.date(2026, 1, 31), dt.datetime(2026, 1, 31, 10, 30))  # noqa: DTZ001
        assert (second[1], second[6]) == (None, None)


def test_text_among_numbers_makes_the_column_text(folder: Path) -> None:
    (folder / "seen.csv").write_text("amount\n1\nn/a\n3\n")
    with opened(folder) as engine:
        assert kinds(engine, "seen") == {"amount": "VARCHAR"}
        assert rows(engine, "seen") == [("1",), ("n/a",), ("3",)]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ('id;name\n1;"a;b"\n', [(1, "a;b")]),
        ("id\tname\n1\ta, b\n", [(1, "a, b")]),
        ("id|name\n1|a\n", [(1, "a")]),
        ('"id","last, first"\n1,x\n', [(1, "x")]),
        ("\ufeffid,name\r\n1,a\r\n", [(1, "a")]),
        ('id,name\n1,"two\nlines and a "" quote"\n', [(1, 'two\nlines and a " quote')]),
        ("id,name\n\n1,a\n\n", [(1, "a")]),
        ("id,name\n1,#a\n#2,b\n", [("1", "#a"), ("#2", "b")]),
        ("id\n1\n2\n", [(1,), (2,)]),
        ("id,name\n", []),
        ("it's,name\n1,a", [(1, "a")]),
    ],
)
def test_csv_forms(folder: Path, text: str, table: list[tuple[object, ...]]) -> None:
    (folder / "seen.csv").write_text(text, newline="", encoding="utf-8")
    with opened(folder) as engine:
        assert rows(engine, "seen") == table


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=5), st.sampled_from([csv.excel, csv.unix_dialect]))
def test_any_text_is_read_as_it_was_written(table: list[tuple[str, str]], form: type[csv.Dialect]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "seen.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, form).writerows([("first", "second"), *table])
        with opened(Path(folder)) as engine:
            assert rows(engine, "seen") == table


def test_names_with_quotes_are_only_names(folder: Path) -> None:
    (folder / 'it\'s "odd".csv').write_text('it\'s,"a ""b"""\n1,2\n')
    save_workbook(folder / "that's.xlsx", [["it's", 'a "b"'], [1, 2]])
    duckdb.sql("SELECT 3 AS id").write_parquet(str(folder / "who's.parquet"))
    with opened(folder) as engine:
        assert engine.tables() == ["it_s_odd", "that_s", "who_s"]
        for table in ("it_s_odd", "that_s"):
            assert list(engine.columns(table)) == ["it's", 'a "b"']
            assert rows(engine, table) == [(1, 2)]


def test_a_file_that_grows_is_read_again(folder: Path) -> None:
    path = folder / "seen.csv"
    path.write_text("id\n1\n")
    with opened(folder) as engine:
        assert rows(engine, "seen") == [(1,)]
        path.write_text("id\n1\n2\n")
        assert rows(engine, "seen") == [(1,), (2,)]


def test_days_above_twelve_settle_what_a_date_means(folder: Path) -> None:
    (folder / "dutch.csv").write_text("day\n01/02/2026\n28/02/2026\n")
    (folder / "american.csv").write_text("day\n02/01/2026\n02/28/2026\n")
    with opened(folder) as engine:
        expected = [(dt.date(2026, 2, 1),), (dt.date(2026, 2, 28),)]
        assert rows(engine, "dutch") == expected
        assert rows(engine, "american") == expected


def test_a_sheet_has_the_types_of_its_values(folder: Path) -> None:
    moment = dt.datetime(2026, 1, 31, 10, 30)  # noqa: DTZ001
    day = dt.datetime(2026, 1, 31)  # noqa: DTZ001
    save_workbook(
        folder / "seen.xlsx",
        [
            ["id", "amount", "day", "at", "open", "mixed", "empty", None],
            [1, 2, day, moment, True, "A1", None],
            [],
            [2, 2.5, day, day, False, 12, None],
            [3, None, None, None, None, None],
        ],
    )
    with opened(folder) as engine:
        assert kinds(engine, "seen") == {
            "id": "BIGINT",
            "amount": "DOUBLE",
            "day": "DATE",
            "at": "TIMESTAMP",
            "open": "BOOLEAN",
            "mixed": "VARCHAR",
            "empty": "VARCHAR",
        }
        assert rows(engine, "seen") == [
            (1, 2.0, day.date(), moment, True, "A1", None),
            (2, 2.5, day.date(), day, False, "12", None),
            (3, None, None, None, None, None, None),
        ]


def test_a_real_export_of_a_shop() -> None:
    if not RETAIL.exists():
        pytest.skip("the shared data set Online Retail II is not beside the project")
    with opened(RETAIL, timeout_seconds=60) as engine:
        assert engine.tables() == [
            "cohort_or1_golden",
            "invoices",
            "monthly_golden",
            "online_retail_ii_dedup",
        ]
        assert engine.fetch(sa.text("SELECT count(*) AS c FROM invoices")) == [(53_628,)]
        assert engine.fetch(sa.text("SELECT count(*) AS c FROM online_retail_ii_dedup")) == [(1_044_847,)]
        types = engine.columns("online_retail_ii_dedup")
        assert isinstance(types["InvoiceDate"], sa.DateTime)
