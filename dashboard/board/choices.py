"""What may be chosen on a page: the quarters that have ended, and the groups large enough to have a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.board.view import group_label, latest_complete
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Catalog, Slice
from dashboard.periods import Grain
from dashboard.units import format_period

MOST_GROUPS = 200
ALL = "all"


@dataclass(frozen=True)
class Choices:
    """Codes for the address and labels for people; the first of each is the default."""

    endings: Mapping[str, str]
    groups: Mapping[str, str]
    members: Mapping[str, tuple[Slice, tuple[str, ...]]]


def choices(
    catalog: Catalog,
    *,
    covered: Sequence[tuple[date, date]],
    members: Mapping[Slice, Sequence[tuple[str, ...]]],
    today: date,
) -> Choices:
    """Offer endings and groups.

    Args:
        covered: for each metric of the page that was measured, the first day and the first day without data.
        members: for each slice that the page's metrics are cut by, its members.
        today: in the company's own zone.
    """
    groups = {ALL: group_label((), ())}
    named: dict[str, tuple[Slice, tuple[str, ...]]] = {ALL: ((), ())}
    for slice_, found in members.items():
        for member in list(found)[:MOST_GROUPS]:
            code = f"{'.'.join(slice_)}:{'.'.join(member)}"
            groups[code] = group_label(slice_, member)
            named[code] = (slice_, member)
    return Choices(_endings(catalog, covered, today), groups, named)


def slices_of(catalog: Catalog, metrics: Sequence[str]) -> tuple[Slice, ...]:
    """The slices by which at least one of the metrics can be cut in full, fewest dimensions first."""
    found: set[Slice] = set()
    for name in metrics:
        cuts = [set(catalog.origin(dataset).slices) for dataset in datasets_of(catalog, catalog.metric(name))]
        found |= set.intersection(*cuts) if cuts else set()
    return tuple(sorted(found - {()}, key=lambda slice_: (len(slice_), slice_)))


def _endings(catalog: Catalog, covered: Sequence[tuple[date, date]], today: date) -> dict[str, str]:
    calendar, locale = catalog.board.calendar, catalog.board.locale
    first = min((start for start, _ in covered), default=today)
    until = max((end for _, end in covered), default=today)
    default = latest_complete(calendar, until)
    quarters = list(calendar.between(Grain.QUARTER, first, date.fromordinal(until.toordinal() - 1)))
    ordered = sorted(
        quarters, key=lambda quarter: (quarter.last_month.start != default, -quarter.start.toordinal())
    )
    return {
        f"{quarter.last_month.start:%Y-%m}": format_period(quarter, locale=locale)
        + (" (open)" if quarter.end > until else "")
        for quarter in ordered
    } or {f"{default:%Y-%m}": format_period(calendar.containing(Grain.QUARTER, default), locale=locale)}
