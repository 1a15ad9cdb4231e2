"""Names of sheets that every spreadsheet takes."""

import re
from collections.abc import Collection

from dashboard.pack.plain_text import single_line

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_RESERVED = "history"


def sheet_name(wanted: str, taken: Collection[str], *, ending: str = "") -> str:
    """`wanted` and `ending` as a legal name that is not taken, whatever the case; it is kept in its end."""
    clean = _FORBIDDEN.sub(" ", single_line(wanted))
    clean = " ".join(clean.split()).strip("'") or "Page"
    if (clean + ending).lower() == _RESERVED:
        clean += " page"
    lower = {name.lower() for name in taken}
    for number in range(1, len(lower) + 2):
        tail = ending if number == 1 else f"{ending} ({number})"
        name = clean[: LONGEST - len(tail)].rstrip("' ") + tail
        if name.lower() not in lower:
            return name
    raise AssertionError("there is one number more than there are names")
