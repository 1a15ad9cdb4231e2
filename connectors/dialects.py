"""The few things that SQL dialects disagree on, as SQLAlchemy constructs with one meaning on every engine.

Everything that distinguishes two constructs is a clause of theirs, never an attribute: a clause is in the
cache key of a compiled statement, an attribute is not, and two questions would share one answer.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement

GROUPING_SETS = frozenset({"duckdb", "postgresql"})

Element = ColumnElement[Any]


class month_number(FunctionElement[int]):  # noqa: N801 - named as it reads in SQL
    """Months since the year 0 of a date or time: 12 * year + month - 1."""

    type = sa.Integer()
    name = "month_number"
    inherit_cache = True


@compiles(month_number)
def _month_number(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"(year({moment}) * 12 + month({moment}) - 1)"


@compiles(month_number, "postgresql")
def _month_number_postgresql(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    # EXTRACT gives decimals, and to reckon with these takes twice the time of all the rest of a count
    return f"CAST(date_part('year', {moment}) * 12 + date_part('month', {moment}) - 1 AS INTEGER)"


@compiles(month_number, "sqlite")
def _month_number_sqlite(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    year, month = (f"CAST(strftime('%{part}', {moment}) AS INTEGER)" for part in "Ym")
    return f"({year} * 12 + {month} - 1)"


class day_number(FunctionElement[int]):  # noqa: N801
    """Days since Monday 1 January of the year 1."""

    type = sa.Integer()
    name = "day_number"
    inherit_cache = True


@compiles(day_number)
def _day_number(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    return f"(CAST({compiler.process(element.clauses, **kw)} AS DATE) - DATE '0001-01-01')"


@compiles(day_number, "sqlite")
def _day_number_sqlite(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(julianday(date({compiler.process(element.clauses, **kw)})) - 1721425.5 AS INTEGER)"


@compiles(day_number, "mysql", "mariadb")
def _day_number_mysql(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    return f"DATEDIFF({compiler.process(element.clauses, **kw)}, '0001-01-01')"


class second_number(FunctionElement[int]):  # noqa: N801
    """Whole seconds since midnight of 1 January of the year 1."""

    type = sa.BigInteger()
    name = "second_number"
    inherit_cache = True


@compiles(second_number)
def _second_number(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"CAST(floor(EXTRACT(epoch FROM {moment})) + 62135596800 AS BIGINT)"


@compiles(second_number, "sqlite")
def _second_number_sqlite(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    return f"(CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER) + 62135596800)"


@compiles(second_number, "mysql", "mariadb")
def _second_number_mysql(element: FunctionElement[int], compiler: SQLCompiler, **kw: Any) -> str:
    return f"TIMESTAMPDIFF(SECOND, '0001-01-01', {compiler.process(element.clauses, **kw)})"


def elapsed(unit: str, start: Element, end: Element) -> Element:
    """How many times a `unit` began after `start` until `end`, as DATE_DIFF counts; weeks begin on Monday.

    `unit` is one of ELAPSED_UNITS; ValueError otherwise.
    """
    return _number(unit, end) - _number(unit, start)


def _number(unit: str, moment: Element) -> Element:
    for number, lengths in _LENGTHS.items():
        if unit in lengths:
            return number(moment) // lengths[unit] if lengths[unit] > 1 else number(moment)
    raise ValueError(f"{unit!r} is none of {', '.join(ELAPSED_UNITS)}")


_LENGTHS: Mapping[type[FunctionElement[int]], Mapping[str, int]] = {
    second_number: {"second": 1, "minute": 60, "hour": 3600},
    day_number: {"day": 1, "week": 7},
    month_number: {"month": 1, "quarter": 3, "year": 12},
}
ELAPSED_UNITS = tuple(unit for lengths in _LENGTHS.values() for unit in lengths)


class quotient(FunctionElement[float]):  # noqa: N801
    """True division, also of integers, and to the last digit of a double; null where the second is 0."""

    type = sa.Double()
    name = "quotient"
    inherit_cache = True


def _two(element: FunctionElement[Any], compiler: SQLCompiler, **kw: Any) -> list[str]:
    return [compiler.process(clause, **kw) for clause in element.clauses]


@compiles(quotient)
def _quotient(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    left, right = _two(element, compiler, **kw)
    return f"(CAST({left} AS DOUBLE PRECISION) / CAST(nullif({right}, 0) AS DOUBLE PRECISION))"


@compiles(quotient, "mysql", "mariadb")
def _quotient_mysql(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    left, right = _two(element, compiler, **kw)  # they cut a quotient of decimals to four more digits
    return f"(({left} + 0e0) / nullif({right}, 0))"


class remainder(FunctionElement[float]):  # noqa: N801
    """What is left of a division, with the sign of the first number; null where the second is 0."""

    type = sa.Numeric(asdecimal=False)
    name = "remainder"
    inherit_cache = True


@compiles(remainder)
def _remainder(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    left, right = _two(element, compiler, **kw)
    return f"mod({left}, nullif({right}, 0))"


@compiles(remainder, "postgresql")
def _remainder_postgresql(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    left, right = _two(element, compiler, **kw)  # PostgreSQL has no remainder of doubles
    return f"mod(CAST({left} AS NUMERIC), nullif(CAST({right} AS NUMERIC), 0))"


@compiles(remainder, "sqlite")
def _remainder_sqlite(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    left, right = _two(element, compiler, **kw)  # SQLite's % cuts both sides to integers first
    return f"({left} - {right} * CAST(CAST({left} AS REAL) / nullif({right}, 0) AS INTEGER))"


class half_up(FunctionElement[float]):  # noqa: N801
    """Rounded to a number of decimals, halves away from zero."""

    type = sa.Numeric(asdecimal=False)
    name = "half_up"
    inherit_cache = True


@compiles(half_up)
def _half_up(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    value, digits = _two(element, compiler, **kw)
    return f"round({value}, {digits})"


@compiles(half_up, "postgresql")
def _half_up_postgresql(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    value, digits = _two(element, compiler, **kw)  # doubles would be rounded half to even
    return f"round(CAST({value} AS NUMERIC), {digits})"


@compiles(half_up, "mysql", "mariadb")
def _half_up_mysql(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    value, digits = _two(element, compiler, **kw)
    return f"round(CAST({value} AS DECIMAL(65, 15)), {digits})"


class exact_text(FunctionElement[str]):  # noqa: N801
    """Text that equals only itself: MySQL and MariaDB would take `smb`, `SMB` and `smb ` for one."""

    type = sa.String()
    name = "exact_text"
    inherit_cache = True


@compiles(exact_text)
def _exact_text(element: FunctionElement[str], compiler: SQLCompiler, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


@compiles(exact_text, "mysql", "mariadb")
def _exact_text_mysql(element: FunctionElement[str], compiler: SQLCompiler, **kw: Any) -> str:
    mariadb = getattr(compiler.dialect, "is_mariadb", False)
    collation = "utf8mb4_nopad_bin" if mariadb else "utf8mb4_0900_bin"
    return f"CONVERT({compiler.process(element.clauses, **kw)} USING utf8mb4) COLLATE {collation}"


class lot(FunctionElement[str]):  # noqa: N801
    """The lot that a text draws: its MD5, by which rows stand in an order that nobody chose.

    SQLite has no such function; `sessions` gives it one.
    """

    type = sa.String()
    name = "lot"
    inherit_cache = True


@compiles(lot)
def _lot(element: FunctionElement[str], compiler: SQLCompiler, **kw: Any) -> str:
    return f"md5({compiler.process(element.clauses, **kw)})"


class matches(FunctionElement[bool]):  # noqa: N801
    """LIKE that minds case and knows no escape: `%` is any text, `_` any letter, all else itself."""

    type = sa.Boolean()
    name = "matches"
    inherit_cache = True


@compiles(matches)
def _matches(element: FunctionElement[bool], compiler: SQLCompiler, **kw: Any) -> str:
    value, pattern = _two(element, compiler, **kw)
    return f"({value} LIKE {pattern})"


@compiles(matches, "postgresql", "mysql", "mariadb")
def _matches_unescaped(element: FunctionElement[bool], compiler: SQLCompiler, **kw: Any) -> str:
    value, pattern = _two(
        element, compiler, **kw
    )  # they escape with a backslash unless told another character
    return f"({value} LIKE replace({pattern}, '|', '||') ESCAPE '|')"


@compiles(matches, "sqlite")
def _matches_sqlite(element: FunctionElement[bool], compiler: SQLCompiler, **kw: Any) -> str:
    value, pattern = _two(element, compiler, **kw)  # SQLite's LIKE takes a for A; GLOB does not
    for sign, meant in (("[", "[[]"), ("*", "[*]"), ("?", "[?]"), ("%", "*"), ("_", "?")):
        pattern = f"replace({pattern}, '{sign}', '{meant}')"
    return f"({value} GLOB {pattern})"
