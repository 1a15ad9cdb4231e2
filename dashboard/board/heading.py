"""The line under a page's question: whose figures, of when, compared with what."""

from dashboard.board.view import View, group_label
from dashboard.definitions.model import Catalog
from dashboard.periods import Grain
from dashboard.units import describe_span, format_day

_SAME = {
    Grain.QUARTER: "the same quarter a year before",
    Grain.YEAR_TO_DATE: "the same months a year before",
    Grain.TWELVE_MONTHS: "the 12 months before",
}


def summary(catalog: Catalog, view: View) -> str:
    """`Meridian · quarter ended 30 September 2026 · compared with the same quarter a year before`."""
    period = view.period(catalog.board.calendar)
    parts = [
        catalog.board.organisation,
        f"{describe_span(view.grain)} ended {format_day(period.last_day, locale=catalog.board.locale)}",
        f"compared with {_SAME[view.grain]}",
    ]
    if view.slice:
        parts.insert(1, group_label(view.slice, view.member))
    return " · ".join(parts)


LEGEND = (
    "Figures are of the whole span, charts by month. Blue diamond: a change for the better; orange square: "
    "for the worse; dashed: the limits of usual variation; grey line: the mean; hollow: a month still open."
)


def stale_line(stale: int, datasets: int) -> str:
    """How many of a page's datasets are older than their owners allow."""
    if stale == 1:
        return f"One of {datasets} datasets is older than it should be."
    return f"{stale} of {datasets} datasets are older than they should be."
