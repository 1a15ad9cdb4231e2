"""The same lines in SQLite, PostgreSQL and MariaDB give the same figures: only the URL is another."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg
import pymysql
import pytest
import sqlalchemy as sa

from dashboard.ledger.figures import Figure
from dashboard.periods import Grain
from dashboard.units import Unit
from tests.engines import Database, mariadb_database, postgres_database, sqlite_file
from tests.examples.retail import CENT, CONFIG, DATA, LINES, MONTHS, Shop, golden, measured, needs_data

pytestmark = [needs_data, pytest.mark.slow]

# Description is left empty: nothing reads it, and it is a third of the bytes.
COLUMNS = (
    "Invoice, StockCode, NULL AS Description, Quantity, "
    "strftime(InvoiceDate, '%Y-%m-%d %H:%M:%S') AS InvoiceDate, "
    'Price, "Customer ID", Country, sheet, CAST(amount AS DECIMAL(14, 3)) AS amount'
)
TABLE = """CREATE TABLE online_retail_ii_dedup (
    "Invoice" VARCHAR(10), "StockCode" VARCHAR(20), "Description" VARCHAR(60), "Quantity" INTEGER,
    "InvoiceDate" {moment}, "Price" {money}, "Customer ID" INTEGER, "Country" VARCHAR(30), sheet VARCHAR(10),
    amount {money})"""


def fill_sqlite(database: Database, _folder: Path) -> None:
    marks = ", ".join("?" * 10)
    file = sa.make_url(database.admin).database
    with closing(sqlite3.connect(str(file))) as connection, duckdb.connect() as lines:
        connection.execute(TABLE.format(moment="DATETIME", money="REAL"))
        rows = lines.execute(f"SELECT {COLUMNS.replace('DECIMAL(14, 3)', 'DOUBLE')} FROM '{LINES}'")
        while batch := rows.fetchmany(50_000):
            connection.executemany(f"INSERT INTO online_retail_ii_dedup VALUES ({marks})", batch)
        connection.commit()


def fill_postgres(database: Database, folder: Path) -> None:
    url = sa.make_url(database.admin).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(TABLE.format(moment="TIMESTAMP", money="NUMERIC(14, 3)"))
        with cursor.copy("COPY online_retail_ii_dedup FROM STDIN (FORMAT csv)") as copy:
            copy.write(_csv(folder).read_bytes())


def fill_mariadb(database: Database, folder: Path) -> None:
    url = sa.make_url(database.admin)
    place = {"host": url.host, "port": url.port or 3306, "user": url.username, "database": url.database}
    with closing(pymysql.connect(**place, charset="utf8mb4", local_infile=True)) as connection:
        with connection.cursor() as cursor:
            table = TABLE.format(moment="DATETIME", money="DECIMAL(14, 3)").replace('"', "`")
            cursor.execute(f"{table} ENGINE=Aria TRANSACTIONAL=0")  # a third of InnoDB's time to fill it
            cursor.execute(
                f"LOAD DATA LOCAL INFILE '{_csv(folder)}' INTO TABLE online_retail_ii_dedup "
                "CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' "
                "(Invoice, StockCode, @none, Quantity, InvoiceDate, Price, @customer, Country, sheet, amount)"
                " SET `Customer ID` = nullif(@customer, '')"
            )
        connection.commit()


def _csv(folder: Path) -> Path:
    path = folder / "lines.csv"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {COLUMNS} FROM '{LINES}') TO '{path}' (FORMAT csv, HEADER false)")
    return path


@pytest.fixture(scope="module")
def from_files(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return measured(tmp_path_factory.mktemp("files"), CONFIG, {"ONLINE_RETAIL_DIR": str(DATA)})


def test_sqlite_gives_the_same_figures(tmp_path: Path, from_files: Shop) -> None:
    database = sqlite_file(tmp_path)
    fill_sqlite(database, tmp_path)
    assert_same(measured(tmp_path, _config(tmp_path), {"ONLINE_RETAIL_URL": database.reader}), from_files)


def test_postgresql_gives_the_same_figures(tmp_path: Path, from_files: Shop) -> None:
    with postgres_database() as database:
        fill_postgres(database, tmp_path)
        assert_same(measured(tmp_path, _config(tmp_path), {"ONLINE_RETAIL_URL": database.reader}), from_files)


def test_mariadb_gives_the_same_figures(tmp_path: Path, from_files: Shop) -> None:
    with mariadb_database() as database:
        fill_mariadb(database, tmp_path)
        assert_same(measured(tmp_path, _config(tmp_path), {"ONLINE_RETAIL_URL": database.reader}), from_files)


def _config(folder: Path) -> Path:
    """The example with one line of one file changed."""
    config = shutil.copytree(CONFIG, folder / "config")
    source = config / "sources" / "shop.yaml"
    text = source.read_text(encoding="utf-8")
    changed = text.replace("\nfiles: ${ONLINE_RETAIL_DIR}\n", "\nurl: ${ONLINE_RETAIL_URL}\n")
    assert changed != text
    source.write_text(changed, encoding="utf-8")
    return config


def assert_same(shop: Shop, from_files: Shop) -> None:
    """Every metric in every period, and in every country in every month, with its n and status."""
    assert shop.countries == from_files.countries
    states = shop.book.states
    assert {name: state.rows for name, state in states.items()} == {
        name: state.rows for name, state in from_files.book.states.items()
    }
    assert (states["first_purchases"].rows, states["lines"].rows) == (5_942, 1_044_847)
    for metric in shop.catalog.metrics:
        for here, there in zip(_figures(shop, metric), _figures(from_files, metric), strict=True):
            assert (here.period, here.n, here.status) == (there.period, there.n, there.status), metric
            tolerance = CENT if shop.catalog.metrics[metric].unit is Unit.CURRENCY else 1e-9
            assert here.value == pytest.approx(there.value, abs=tolerance), metric
    for found, month in zip(shop.values("net_revenue"), golden(), strict=True):
        assert found == pytest.approx(month["net_revenue"], abs=CENT)


def _figures(shop: Shop, metric: str) -> Iterator[Figure]:
    for period in shop.periods(*Grain):
        yield shop.figure(metric, period)
    for country in shop.countries:
        for month in MONTHS:
            yield shop.figure(metric, month, country)
