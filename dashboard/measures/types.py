"""What a column holds, in six words; databases know many more."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import NullType, TypeEngine

Types = Mapping[str, TypeEngine[Any]]
MYSQL = frozenset({"mysql", "mariadb"})

_CLASSES: tuple[tuple[tuple[type[TypeEngine[Any]], ...], str], ...] = (
    ((sa.Boolean,), "boolean"),
    ((sa.Integer, sa.Numeric, sa.Float), "number"),
    ((sa.String, sa.Uuid), "text"),
    ((sa.DateTime,), "timestamp"),
    ((sa.Date,), "date"),
)


def type_class(type_: TypeEngine[Any]) -> str:
    """number, text, date, timestamp, boolean or other."""
    return next((name for kinds, name in _CLASSES if isinstance(type_, kinds)), "other")


def simple_type(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type a column takes part with: those of a database bring conversions of their own."""
    plain: Mapping[str, TypeEngine[Any]] = {
        "boolean": sa.Boolean(),
        "number": sa.Numeric(asdecimal=False),
        "text": sa.String(),
        "timestamp": sa.DateTime(timezone=bool(getattr(type_, "timezone", False))),
        "date": sa.Date(),
    }
    return plain.get(type_class(type_), NullType())


def is_instant(type_: TypeEngine[Any], dialect: str) -> bool:
    """Whether a time stamp names a moment, and not the reading of some clock.

    MySQL's TIMESTAMP does, too; it is given in the time zone of the session, which is UTC.
    """
    if dialect in MYSQL:
        return type(type_).__name__ == "TIMESTAMP"
    return bool(getattr(type_, "timezone", False))


def needs_cast(type_: TypeEngine[Any]) -> bool:
    """Enumerations and UUIDs are no text to a database that minds types."""
    return isinstance(type_, sa.Enum | sa.Uuid)
