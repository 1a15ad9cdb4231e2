"""What a reader is warned of beside a figure with an interval."""

from dashboard.analysis.proportions import FEW, reliable
from dashboard.board.reading import Reading
from dashboard.definitions.model import IntervalKind


def care_lines(reading: Reading) -> list[str]:
    """That a figure rests on few answers, or is too rare a share for those that there are."""
    interval, share = reading.interval, reading.figure.value
    if interval is None or share is None:
        return []
    if interval.n < FEW:
        return [f"fewer than {FEW} answers: read with care"]
    error = interval.standard_error
    if reading.metric.interval is not IntervalKind.PROPORTION or error is None or reliable(share, error):
        return []
    return ["too rare to be told from so few: read with care"]
