"""Which tables a source has, which columns and about how many rows; asked over an open connection."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import ischema_names as postgresql_types
from sqlalchemy.types import NullType, TypeEngine

Typing = Callable[[sa.Connection, Any], TypeEngine[Any]]  # type code of a driver -> type
SYSTEM_SCHEMAS = frozenset({"information_schema", "pg_catalog", "pg_toast"})
# Where a database has few schemas of its own. Elsewhere a schema is another database, of which there may be
# thousands.
MANY_SCHEMAS = frozenset({"duckdb", "postgresql"})


def names(connection: sa.Connection) -> list[str]:
    """Tables and views, sorted: bare in the default schema; DuckDB and PostgreSQL give "schema.table" too."""
    inspector = sa.inspect(connection)
    default = inspector.default_schema_name
    found = {*inspector.get_table_names(), *inspector.get_view_names()}
    if connection.dialect.name not in MANY_SCHEMAS:
        return sorted(found)
    for schema in inspector.get_schema_names():
        bare = schema.rpartition(".")[2].strip('"')  # DuckDB says database.schema
        if bare in SYSTEM_SCHEMAS or bare == default or schema.startswith(("system.", "temp.")):
            continue
        tables = (*inspector.get_table_names(schema), *inspector.get_view_names(schema))
        found.update(f"{bare}.{table}" for table in tables)
    return sorted(found)


def columns(connection: sa.Connection, table: str) -> Mapping[str, TypeEngine[Any]]:
    """Column -> declared type; empty where there is no such table."""
    schema, _, name = table.rpartition(".")
    try:
        found = sa.inspect(connection).get_columns(name, schema=schema or None)
    except sa.exc.NoSuchTableError:
        return {}
    return {column["name"]: column["type"] for column in found}


def query_columns(connection: sa.Connection, sql: str) -> Mapping[str, TypeEngine[Any]]:
    """Column -> type of the result of `sql`. A result of SQLite has no types: there some rows tell."""
    rows_asked = "LIMIT 1000" if connection.dialect.name == "sqlite" else "WHERE 1 = 0"
    asked = f"SELECT * FROM (\n{sql.strip().rstrip(';')}\n) source_query {rows_asked}"  # noqa: S608
    result = connection.execution_options(no_parameters=True).exec_driver_sql(asked)
    described = tuple(result.cursor.description) if result.cursor is not None else ()
    rows = result.all()
    if connection.dialect.name == "sqlite":
        by_column = zip(*rows, strict=True) if rows else ((),) * len(described)
        return {column[0]: _sqlite_type(values) for column, values in zip(described, by_column, strict=True)}
    typed: Typing = TYPED.get(connection.dialect.driver, _unknown_type)
    return {column[0]: typed(connection, column[1]) for column in described}


def estimated_rows(connection: sa.Connection, table: str) -> int | None:
    """About how many rows, from the database's own statistics; None where it has none."""
    schema, _, name = table.rpartition(".")
    statement = ESTIMATES.get(connection.dialect.name)
    if statement is None:
        return None
    found = connection.execute(sa.text(statement), {"name": name, "schema": schema or None}).scalar()
    return None if found is None or found < 0 else int(found)


ESTIMATES = {
    "duckdb": "SELECT estimated_size FROM duckdb_tables() "
    "WHERE table_name = :name AND schema_name = coalesce(:schema, current_schema())",
    "postgresql": "SELECT c.reltuples::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relname = :name AND n.nspname = coalesce(CAST(:schema AS text), current_schema())",
    "mysql": "SELECT table_rows FROM information_schema.tables "
    "WHERE table_name = :name AND table_schema = coalesce(:schema, database())",
}
ESTIMATES["mariadb"] = ESTIMATES["mysql"]


def held_unique(connection: sa.Connection, table: str, column: str) -> bool:
    """Whether the database itself keeps a value from standing twice in the column. Asked of PostgreSQL alone.

    SQLite's constraints may have been written to from outside, MariaDB's may be switched off for a load.
    """
    if connection.dialect.name != "postgresql":
        return False
    schema, _, name = table.rpartition(".")
    asked = {"name": name, "schema": schema or None, "column": column}
    return bool(connection.execute(sa.text(HELD_UNIQUE), asked).scalar())


# A constraint of a table does not hold over the tables that inherit from it, and those are read with it;
# over partitions it does.
HELD_UNIQUE = """
SELECT EXISTS (
  SELECT 1 FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  WHERE c.conrelid = to_regclass(concat(quote_ident(CAST(:schema AS text)) || '.', quote_ident(:name)))
  AND c.contype IN ('p', 'u') AND cardinality(c.conkey) = 1 AND a.attname = :column
  AND (t.relkind = 'p' OR NOT t.relhassubclass))
"""


def _sqlite_type(values: tuple[Any, ...]) -> TypeEngine[Any]:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return sa.Integer()
    if kinds and kinds <= {int, float}:
        return sa.Float()
    return sa.Text() if kinds == {str} else NullType()


def _unknown_type(_connection: sa.Connection, _code: object) -> TypeEngine[Any]:
    return sa.types.NULLTYPE


DUCKDB_TYPES: Mapping[str, TypeEngine[Any]] = {
    "BOOLEAN": sa.Boolean(),
    "TINYINT": sa.SmallInteger(),
    "SMALLINT": sa.SmallInteger(),
    "INTEGER": sa.Integer(),
    "BIGINT": sa.BigInteger(),
    "HUGEINT": sa.BigInteger(),
    "UTINYINT": sa.SmallInteger(),
    "USMALLINT": sa.Integer(),
    "UINTEGER": sa.BigInteger(),
    "UBIGINT": sa.BigInteger(),
    "UHUGEINT": sa.BigInteger(),
    "FLOAT": sa.Float(),
    "DOUBLE": sa.Double(),
    "DECIMAL": sa.Numeric(),
    "VARCHAR": sa.String(),
    "ENUM": sa.String(),
    "UUID": sa.Uuid(),
    "DATE": sa.Date(),
    "TIME": sa.Time(),
    "TIMESTAMP": sa.DateTime(),
    "TIMESTAMP_S": sa.DateTime(),
    "TIMESTAMP_MS": sa.DateTime(),
    "TIMESTAMP_NS": sa.DateTime(),
    "TIMESTAMP WITH TIME ZONE": sa.DateTime(timezone=True),
}


def _duckdb_type(_connection: sa.Connection, code: object) -> TypeEngine[Any]:
    text = str(code)
    if text.endswith("]"):
        return NullType()
    return DUCKDB_TYPES.get(re.sub(r"\(.*\)", "", text), NullType())


def _postgresql_type(connection: sa.Connection, code: int) -> TypeEngine[Any]:
    raw: Any = connection.connection.dbapi_connection
    known = raw.adapters.types.get(code)
    if known is None or known.array_oid == code:
        return NullType()
    if known.regtype == "timestamp with time zone":
        return sa.DateTime(timezone=True)
    kind = postgresql_types.get(known.regtype) or postgresql_types.get(known.name)
    return kind() if kind is not None else NullType()


# Field types of the MySQL protocol, as PyMySQL gives them in a cursor's description.
MYSQL_TYPES: Mapping[int, TypeEngine[Any]] = {
    0: sa.Numeric(),
    1: sa.SmallInteger(),
    2: sa.SmallInteger(),
    3: sa.Integer(),
    4: sa.Float(),
    5: sa.Double(),
    7: sa.DateTime(),
    8: sa.BigInteger(),
    9: sa.Integer(),
    10: sa.Date(),
    11: sa.Time(),
    12: sa.DateTime(),
    13: sa.Integer(),
    15: sa.String(),
    16: sa.Integer(),
    246: sa.Numeric(),
    247: sa.String(),
    248: sa.String(),
    249: sa.Text(),
    250: sa.Text(),
    251: sa.Text(),
    252: sa.Text(),
    253: sa.String(),
    254: sa.String(),
}
TYPED: Mapping[str, Typing] = {
    "duckdb_sqlalchemy": _duckdb_type,
    "psycopg": _postgresql_type,
    "pymysql": lambda _connection, code: MYSQL_TYPES.get(code, NullType()),
}
