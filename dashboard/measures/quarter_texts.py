"""Quarters written as text, as regulators publish them: `Q4 2017`, `2017-Q4`, `2017Q4`, `2017 q4`, `Q4/2017`.

They are quarters of the calendar. What is written otherwise is no time: such rows are told, and in no period.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

Element = ColumnElement[Any]
_DIGITS = tuple("0123456789")
_FIRST_MONTHS = {"1": "01", "2": "04", "3": "07", "4": "10"}


def first_day(text: Element) -> Element:
    """The first day of the quarter as ISO text; null where the text is no quarter."""
    packed: Element = sa.func.upper(sa.func.trim(text))
    for sign in (" ", "-", "/"):
        packed = sa.func.replace(packed, sign, "")
    leads = sa.func.substr(packed, 1, 1) == "Q"
    year = sa.case((leads, sa.func.substr(packed, 3, 4)), else_=sa.func.substr(packed, 1, 4))
    letter = sa.case((leads, "Q"), else_=sa.func.substr(packed, 5, 1))
    quarter = sa.case((leads, sa.func.substr(packed, 2, 1)), else_=sa.func.substr(packed, 6, 1))
    written = sa.and_(
        sa.func.length(packed) == 6,
        letter == "Q",
        sa.func.substr(year, 1, 1).in_(("1", "2")),  # a year 0017 is no year, and engines differ on it
        *(sa.func.substr(year, place, 1).in_(_DIGITS) for place in (2, 3, 4)),
    )
    named = sa.type_coerce(year, sa.String())
    found = [
        (sa.and_(written, quarter == number), named.concat(f"-{month}-01"))
        for number, month in _FIRST_MONTHS.items()
    ]
    return sa.case(*found, else_=sa.null())
