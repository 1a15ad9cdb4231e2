"""What may be chosen on a page: the quarters that have ended, and the groups large enough to have a name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.board.view import group_label, latest_complete
from dashboard.definitions.lineage import datasets_of, groupings
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.periods import Grain
from dashboard.units import format_day, format_period

MOST_GROUPS = 200
ALL = "all"
NOW = "now"
MOST_DAYS = 60


@dataclass(frozen=True)
class Choices:
    """Codes for the address and labels for people; the first of each is the default."""

    endings: Mapping[str, str]
    groups: Mapping[str, str]
    members: Mapping[str, tuple[Slice, tuple[str, ...]]]
    known: Mapping[str, str]
    moments: Mapping[str, date | None]


def choices(
    catalog: Catalog,
    *,
    covered: Sequence[tuple[date, date]],
    members: Mapping[Slice, Sequence[tuple[str, ...]]],
    today: date,
    closed: Sequence[tuple[str, date]] = (),
    measured: Sequence[date] = (),
) -> Choices:
    """Offer endings, groups, and the days as of which the figures were known.

    Args:
        covered: for each metric of the page that was measured, the first day and the first day without data.
        members: for each slice that the page's metrics are cut by, its members.
        today: in the company's own zone.
        closed: names of periods with the day on which each was closed, oldest first.
        measured: the days on which a refresh ended, oldest first.
    """
    groups = {ALL: group_label((), ())}
    named: dict[str, tuple[Slice, tuple[str, ...]]] = {ALL: ((), ())}
    for slice_, found in members.items():
        for member in list(found)[:MOST_GROUPS]:
            code = f"{'.'.join(slice_)}:{'.'.join(member)}"
            groups[code] = group_label(slice_, member)
            named[code] = (slice_, member)
    known, moments = _known(catalog, closed, measured, today)
    return Choices(_endings(catalog, covered, today), groups, named, known, moments)


def _known(
    catalog: Catalog, closed: Sequence[tuple[str, date]], measured: Sequence[date], today: date
) -> tuple[dict[str, str], dict[str, date | None]]:
    """Now first, then the closes, then other days on which something was measured; newest first."""
    labels, moments = {NOW: "Now"}, {NOW: None}
    days: dict[date, str] = {}
    for day in measured:
        if day < today:
            days[day] = format_day(day, locale=catalog.board.locale)
    for name, day in closed:
        days[day] = f"{format_day(day, locale=catalog.board.locale)}, {name} closed"
    found: dict[str, date | None] = dict(moments)
    for day in sorted(days, reverse=True)[:MOST_DAYS]:
        labels[day.isoformat()], found[day.isoformat()] = days[day], day
    return labels, found


def slices_of(catalog: Catalog, metrics: Sequence[Metric]) -> tuple[Slice, ...]:
    """The slices by which the page can be cut, fewest dimensions first.

    A slice by which few of the metrics can be cut is left to the panels that show it: the page would be all
    but empty. It must serve half as many metrics as the slice that serves most.
    """
    found: Counter[Slice] = Counter()
    for metric in metrics:
        cuts = [set(groupings(catalog, dataset)) for dataset in datasets_of(catalog, metric)]
        found.update((set.intersection(*cuts) if cuts else set()) - {()})
    most = max(found.values(), default=0)
    kept = (slice_ for slice_, served in found.items() if 2 * served >= most)
    return tuple(sorted(kept, key=lambda slice_: (len(slice_), slice_)))


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
