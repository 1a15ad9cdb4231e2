"""A ledger of schema 1, as the program of then made it: its DDL and its rows, frozen."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

REFUSAL = "The ledger is append-only: what was recorded is never changed"
TABLES = """
CREATE TABLE ledger_schema (version INTEGER NOT NULL, PRIMARY KEY (version));
CREATE TABLE ledger_runs (
    id INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    catalog_version TEXT NOT NULL,
    author TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE ledger_reads (
    run INTEGER NOT NULL,
    dataset TEXT NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    seconds FLOAT(53) NOT NULL,
    since DATE,
    data_until DATE,
    rows BIGINT,
    warnings TEXT NOT NULL,
    PRIMARY KEY (run, dataset)
);
CREATE INDEX ledger_reads_version ON ledger_reads (dataset, version, status);
CREATE INDEX ledger_reads_newest ON ledger_reads (dataset, status, run);
CREATE TABLE ledger_series (
    id INTEGER NOT NULL,
    measure TEXT NOT NULL,
    version TEXT NOT NULL,
    slice TEXT NOT NULL,
    grain TEXT NOT NULL,
    member TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (measure, version, slice, grain, member)
);
CREATE TABLE ledger_observations (
    series INTEGER NOT NULL,
    start_month INTEGER NOT NULL,
    end_month INTEGER NOT NULL,
    run INTEGER NOT NULL,
    value FLOAT(53),
    n BIGINT,
    PRIMARY KEY (series, start_month, end_month, run)
);
CREATE TABLE ledger_latest (series INTEGER NOT NULL, packed BLOB NOT NULL, PRIMARY KEY (series));
"""
APPEND_ONLY = ("runs", "reads", "observations")
# The third run was recorded with a clock that had gone back an hour.
ROWS = """
INSERT INTO ledger_schema VALUES (1);
INSERT INTO ledger_runs VALUES
    (1, 1782885540000000, 1782885600000000, 'c1', 'Ann'),
    (2, 1782892740000000, 1782892800000000, 'c1', 'Ann'),
    (3, 1782889140000000, 1782889200000000, 'c1', 'Ann'),
    (4, 1782896340000000, 1782896400000000, 'c1', 'Ann');
INSERT INTO ledger_reads VALUES
    (1, 'sales', 'v1', 'shop', 'ok', '', 0.1, NULL, '2026-07-01', 3, '[]'),
    (2, 'sales', 'v1', 'shop', 'ok', '', 0.1, NULL, '2026-07-01', 2, '[]'),
    (3, 'sales', 'v1', 'shop', 'ok', '', 0.1, NULL, '2026-07-01', 1, '[]'),
    (4, 'sales', 'v1', 'shop', 'failed', 'Source ''shop'' is away.', 2.0, NULL, NULL, NULL, '[]');
INSERT INTO ledger_series VALUES
    (1, 'sales.total', 'v1', '[]', 'month', '[]'),
    (2, 'sales.total', 'v1', '["plan"]', 'month', '["Zürich"]');
INSERT INTO ledger_observations VALUES
    (1, 24315, 24316, 1, 10.5, 3),
    (1, 24315, 24316, 3, NULL, -1),
    (1, 24316, 24317, 1, 12.0, 4),
    (1, 24316, 24317, 2, 13.0, 5),
    (1, 24316, 24317, 3, 13.5, 5),
    (2, 24316, 24317, 1, NULL, 0);
INSERT INTO ledger_latest VALUES
    (1, X'fc5e0000fd5e00000000000000002b400500000000000000'),
    (2, X'fc5e0000fd5e0000000000000000f87f0000000000000000');
"""


def write_version_1(url: str) -> None:
    """Make the ledger at `url`, where none is yet."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _write_file(Path(str(parsed.database)))
    else:
        _write_server(url)


def _write_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        file.executescript(
            TABLES.replace(
                "run)\n);\nCREATE TABLE ledger_latest", "run)\n) WITHOUT ROWID;\nCREATE TABLE ledger_latest"
            )
        )
        for table, verb in _guarded():
            file.execute(
                f"CREATE TRIGGER ledger_{table}_no_{verb.lower()} BEFORE {verb} ON ledger_{table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        file.executescript(ROWS)


def _write_server(url: str) -> None:
    engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        run = connection.exec_driver_sql
        run(
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        run(TABLES.replace("BLOB", "BYTEA"))
        for table, verb in _guarded():
            run(
                f"CREATE TRIGGER ledger_{table}_no_{verb.lower()} BEFORE {verb} ON ledger_{table} "
                "EXECUTE FUNCTION ledger_refuse()"
            )
        run(ROWS.replace("X'", r"'\x"))
    engine.dispose()


def _guarded() -> list[tuple[str, str]]:
    return [(table, verb) for table in APPEND_ONLY for verb in ("UPDATE", "DELETE")]
