"""Which SQLAlchemy drivers are there, and which package brings one that is not."""

import importlib.util
from importlib.metadata import entry_points

from sqlalchemy import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from yamlfiles.problems import did_you_mean

# What people write before "://" -> the package that brings the dialect.
PACKAGES = {
    "athena": "PyAthena[SQLAlchemy]",
    "awsathena": "PyAthena[SQLAlchemy]",
    "bigquery": "sqlalchemy-bigquery",
    "clickhouse": "clickhouse-sqlalchemy",
    "clickhousedb": "clickhouse-connect",
    "cockroachdb": "sqlalchemy-cockroachdb",
    "databricks": "databricks-sqlalchemy",
    "db2": "ibm_db_sa",
    "exa": "sqlalchemy-exasol",
    "hana": "sqlalchemy-hana",
    "hive": "pyhive[hive]",
    "presto": "pyhive[presto]",
    "redshift": "sqlalchemy-redshift",
    "snowflake": "snowflake-sqlalchemy",
    "teradatasql": "teradatasqlalchemy",
    "trino": "trino[sqlalchemy]",
    "vertica": "sqlalchemy-vertica-python",
}
# A dialect that is here, with a Python driver that is not -> the package, where its name differs.
DRIVER_PACKAGES = {"MySQLdb": "mysqlclient", "psycopg2": "psycopg2-binary"}
TESTED = ("duckdb", "mariadb+pymysql", "mysql+pymysql", "postgresql+psycopg", "sqlite")
INSTEAD = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}


def driver_problem(url: URL) -> str | None:
    """What hinders SQLAlchemy from connecting with this driver, and what to do; None when nothing does."""
    name = url.drivername
    backend = name.partition("+")[0]
    try:
        dialect = url.get_dialect()
    except (NoSuchModuleError, ArgumentError):
        return _unknown(name, backend)
    except ImportError as error:
        return _not_installed(name, backend, error)
    if dialect.is_async:
        return f"The driver {name!r} is asynchronous. {_instead(backend) or 'Name another driver.'}"
    try:
        dialect.import_dbapi()
    except ImportError as error:
        return _not_installed(name, backend, error)
    return None


def problem_before_connecting(url: URL) -> str | None:
    """As `driver_problem`, but a dialect that another package brings is not imported if it is installed.

    DuckDB's takes a tenth of a second and 30 MB, which who only reads the ledger need not spend. Who connects
    asks `driver_problem`.
    """
    named = entry_points(group="sqlalchemy.dialects", name=url.drivername.replace("+", "."))
    if any(importlib.util.find_spec(each.module.partition(".")[0]) is not None for each in named):
        return None
    return driver_problem(url)


def _unknown(name: str, backend: str) -> str:
    if backend == "postgres":
        return f"The dialect 'postgres' is called 'postgresql'. {_instead(backend)}"
    if backend in PACKAGES:
        return f"The dialect {backend!r} is not installed. Run: pip install {PACKAGES[backend]!r}"
    if backend in INSTEAD:
        return f"The driver {name!r} is not known. {_instead(backend)}"
    return f"The dialect {name!r} is not known. {did_you_mean(name, (*TESTED, *PACKAGES))}"


def _not_installed(name: str, backend: str, error: ImportError) -> str:
    module = (error.name or name.partition("+")[2] or backend).partition(".")[0]
    package = DRIVER_PACKAGES.get(module, module)
    instead = _instead(backend)
    run = f"{instead} Or run" if instead else "Run"
    return f"The driver of {name!r} is not installed. {run}: pip install {package!r}"


def _instead(backend: str) -> str:
    return f"Write {INSTEAD[backend]}://." if backend in INSTEAD else ""
