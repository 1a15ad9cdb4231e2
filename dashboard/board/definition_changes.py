"""Changed definitions: marked on every trend from the day they came into force, and told line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from dashboard.definitions.model import Annotation, AnnotationKind, Catalog, Metric
from dashboard.ledger.defining import METRIC, Defined, difference
from dashboard.ledger.store import Ledger
from dashboard.units import format_day


@dataclass(frozen=True)
class DefinitionChange:
    """A metric's definition became another on `day`; `lines` say what changed, with - and +."""

    metric: str
    day: date
    before: str
    after: str
    lines: str

    def title(self, *, locale: str) -> str:
        """`Changed on 10 October 2026, from version 1a2b to 3c4d`."""
        return f"Changed on {format_day(self.day, locale=locale)}, from version {self.before} to {self.after}"


def definition_changes(
    catalog: Catalog, ledger: Ledger, metrics: Sequence[Metric], *, as_of: datetime | None
) -> Mapping[str, tuple[DefinitionChange, ...]]:
    """The changes of each metric that has any, oldest first, as far as the ledger knew them at `as_of`."""
    zone = ZoneInfo(catalog.board.time_zone)
    found = ledger.definitions.histories(METRIC, [metric.id for metric in metrics], as_of=as_of)
    return {
        name: tuple(_change(name, before, after, zone) for before, after in pairwise(history))
        for name, history in found.items()
        if len(history) > 1
    }


def _change(name: str, before: Defined, after: Defined, zone: ZoneInfo) -> DefinitionChange:
    return DefinitionChange(
        metric=name,
        day=after.at.astimezone(zone).date(),
        before=before.definition.version,
        after=after.definition.version,
        lines=difference(before.definition, after.definition),
    )


def as_annotations(changes: Mapping[str, Sequence[DefinitionChange]]) -> tuple[Annotation, ...]:
    """The changes as marks on the trends of their metrics; control limits begin anew with them."""
    return tuple(
        Annotation(each.day, "Definition changed", AnnotationKind.DEFINITION, (name,))
        for name, found in changes.items()
        for each in found
    )
