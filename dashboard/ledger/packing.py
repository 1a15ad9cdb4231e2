"""All last known values of a series in one cell of the database, so that a page reads few rows."""

import math
from collections.abc import Mapping
from struct import Struct

from dashboard.ledger.book import Recorded
from dashboard.ledger.months import Span

Values = dict[Span, Recorded]

_ENTRY = Struct("<iidq")  # first month, month after the last, value, n
_NO_NUMBER = -1  # n is never negative


def pack(values: Mapping[Span, Recorded]) -> bytes:
    """The values in order of their spans. A missing value is written as not-a-number, which no value is."""
    return b"".join(
        _ENTRY.pack(start, end, math.nan if value is None else value, _NO_NUMBER if n is None else n)
        for (start, end), (value, n) in sorted(values.items())
    )


def unpack(packed: bytes) -> Values:
    """What `pack` was given."""
    return {
        (start, end): (None if math.isnan(value) else value, None if n == _NO_NUMBER else n)
        for start, end, value, n in _ENTRY.iter_unpack(packed)
    }
