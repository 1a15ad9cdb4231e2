"""What a driver raised -> the kind of failure, by the codes and classes of each engine."""

import re
import sqlite3
from collections.abc import Mapping
from enum import StrEnum

import duckdb
import psycopg
import pymysql


class Failure(StrEnum):
    """The kinds of failure that every engine knows under its own name."""

    UNREACHABLE = "unreachable"
    BROKEN = "broken"
    WRONG_USER = "wrong_user"
    NO_DATABASE = "no_database"
    WRONG_OPTION = "wrong_option"
    NO_PERMISSION = "no_permission"
    READ_ONLY = "read_only"
    BUSY = "busy"
    TOO_MANY = "too_many"
    STOPPED = "stopped"
    NO_TABLE = "no_table"
    BAD_DATA = "bad_data"
    BAD_FILE = "bad_file"
    NO_MEMORY = "no_memory"
    QUERY = "query"


NO_TABLE = re.compile(
    r"Table with name (?P<duckdb>.+?) does not exist|no such table: (?P<sqlite>\S+)"
    r"|relation \"(?P<postgresql>.+?)\" does not exist|Table '(?:[^'.]*\.)?(?P<mysql>[^']+)' doesn't exist"
)


def classify(error: BaseException) -> tuple[Failure, str]:
    """The kind of failure and the driver's own text."""
    text = str(error)
    if isinstance(error, duckdb.Error):
        return _duckdb(error, text), text
    if isinstance(error, sqlite3.Error):
        return _sqlite(error, text), text
    if isinstance(error, psycopg.Error):
        return _postgresql(error, text), text
    if isinstance(error, pymysql.err.MySQLError):
        code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        return _mysql(code), str(error.args[-1] if error.args else "")
    others = {
        OSError: Failure.UNREACHABLE,
        TypeError: Failure.WRONG_OPTION,
    }  # options are arguments in PyMySQL
    return next((failure for kind, failure in others.items() if isinstance(error, kind)), Failure.QUERY), text


def _duckdb(error: duckdb.Error, text: str) -> Failure:
    if isinstance(error, duckdb.IOException):
        if "Could not set lock" in text:
            return Failure.BUSY
        invalid = "not a valid DuckDB" in text or "version number" in text or "orrupt" in text
        return Failure.BAD_FILE if invalid else Failure.UNREACHABLE
    rules = (
        (duckdb.InterruptException, Failure.STOPPED),
        (duckdb.CatalogException, Failure.NO_TABLE if NO_TABLE.search(text) else Failure.QUERY),
        (duckdb.PermissionException, Failure.READ_ONLY),
        (duckdb.OutOfMemoryException, Failure.NO_MEMORY),
        (duckdb.ConnectionException, Failure.BUSY),
        (duckdb.InvalidInputException, _duckdb_input(text)),
        (duckdb.DataError, Failure.BAD_DATA),
        (duckdb.BinderException, Failure.QUERY),
        (duckdb.SerializationException, Failure.BAD_FILE),
    )
    return next((failure for kind, failure in rules if isinstance(error, kind)), Failure.QUERY)


def _duckdb_input(text: str) -> Failure:
    if "read-only mode" in text:
        return Failure.READ_ONLY
    return Failure.WRONG_OPTION if "options were not recognized" in text else Failure.BAD_DATA


def _sqlite(error: sqlite3.Error, text: str) -> Failure:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    rules = {
        sqlite3.SQLITE_BUSY: Failure.BUSY,
        sqlite3.SQLITE_LOCKED: Failure.BUSY,
        sqlite3.SQLITE_INTERRUPT: Failure.STOPPED,
        sqlite3.SQLITE_READONLY: Failure.READ_ONLY,
        sqlite3.SQLITE_AUTH: Failure.READ_ONLY,
        sqlite3.SQLITE_CANTOPEN: Failure.BAD_FILE,
        sqlite3.SQLITE_NOTADB: Failure.BAD_FILE,
        sqlite3.SQLITE_CORRUPT: Failure.BAD_FILE,
        sqlite3.SQLITE_IOERR: Failure.BAD_FILE,
        sqlite3.SQLITE_FULL: Failure.NO_MEMORY,
        sqlite3.SQLITE_NOMEM: Failure.NO_MEMORY,
        sqlite3.SQLITE_MISMATCH: Failure.BAD_DATA,
    }
    return Failure.NO_TABLE if NO_TABLE.search(text) else rules.get(code, Failure.QUERY)


# SQLSTATE, whole or its class of two characters; PostgreSQL, Appendix A.
SQLSTATES: Mapping[str, Failure] = {
    "08": Failure.BROKEN,
    "22": Failure.BAD_DATA,
    "25006": Failure.READ_ONLY,
    "28": Failure.WRONG_USER,
    "3D000": Failure.NO_DATABASE,
    "40": Failure.BUSY,
    "42501": Failure.NO_PERMISSION,
    "42P01": Failure.NO_TABLE,
    "53300": Failure.TOO_MANY,
    "53": Failure.NO_MEMORY,
    "55P03": Failure.BUSY,
    "57014": Failure.STOPPED,
    "57P": Failure.BROKEN,
}
# Before a session exists libpq gives a text and no SQLSTATE.
CONNECTING = (
    (re.compile(r"database \".*\" does not exist"), Failure.NO_DATABASE),
    (re.compile(r"authentication failed|role \".*\" |pg_hba|no password"), Failure.WRONG_USER),
    (re.compile(r"too many (clients|connections)|remaining connection slots"), Failure.TOO_MANY),
    (re.compile(r"invalid (connection option|dsn|\w+ value)"), Failure.WRONG_OPTION),
    (re.compile(r"server closed the connection|consuming input failed|connection is lost"), Failure.BROKEN),
)


def _postgresql(error: psycopg.Error, text: str) -> Failure:
    if error.sqlstate is None:
        lost = Failure.UNREACHABLE if isinstance(error, psycopg.OperationalError) else Failure.QUERY
        return next((failure for pattern, failure in CONNECTING if pattern.search(text)), lost)
    for length in (5, 3, 2):
        if failure := SQLSTATES.get(error.sqlstate[:length]):
            return failure
    return Failure.QUERY


# Error numbers of MariaDB and MySQL; those from 2000 are the client's.
MYSQL_ERRORS: Mapping[Failure, tuple[int, ...]] = {
    Failure.UNREACHABLE: (2002, 2003, 2005),
    Failure.BROKEN: (0, 1053, 2006, 2013, 2014),
    Failure.WRONG_USER: (1044, 1045, 1698, 2059),
    Failure.NO_DATABASE: (1049,),
    Failure.NO_PERMISSION: (1142, 1143, 1227, 1370),
    Failure.READ_ONLY: (1290, 1792, 1836),
    Failure.BUSY: (1205, 1213),
    Failure.TOO_MANY: (1040, 1203, 1226),
    Failure.STOPPED: (1317, 1969, 3024),
    Failure.NO_TABLE: (1146,),
    Failure.BAD_DATA: (1264, 1292, 1365, 1366, 1406, 1411, 1690),
    Failure.NO_MEMORY: (1037, 1038, 1041, 1114),
}


def _mysql(code: int) -> Failure:
    return next((failure for failure, codes in MYSQL_ERRORS.items() if code in codes), Failure.QUERY)
