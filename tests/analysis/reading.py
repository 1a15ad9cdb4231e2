"""How the tests of analysis read a result that must be there."""

from dashboard.analysis.intervals import Difference, Insufficient, Interval


def bounds(found: Interval | Difference | Insufficient) -> tuple[float, float]:
    """The limits; a test fails where the data did not suffice."""
    assert not isinstance(found, Insufficient), found.reason
    return found.low, found.high
