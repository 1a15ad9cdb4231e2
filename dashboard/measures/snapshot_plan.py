"""Which statements answer for a dataset of snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.definitions.model import Measure, Slice
from dashboard.measures.monthly import MONTHLY
from dashboard.measures.relation import Relation
from dashboard.measures.sharing import of_one_set, of_one_thing
from dashboard.measures.snapshot_quantiles import StateQuantiles, state_quantiles
from dashboard.measures.snapshot_state import StateItems, StateStatement, state_items, state_statement
from dashboard.measures.snapshot_time import snapshot_time
from dashboard.measures.spans import first_asked
from dashboard.periods import Grain


@dataclass(frozen=True)
class SnapshotPlan:
    """The statements of one reading; the first of `states` tells the pulse."""

    states: tuple[StateStatement, ...]
    exact: tuple[StateItems | StateQuantiles, ...]

    @property
    def statements(self) -> tuple[StateStatement | StateItems | StateQuantiles, ...]:
        """All of them, in the order they are asked."""
        return (*self.states, *self.exact)


def snapshot_plan(
    source: Relation,
    column: str,
    measures: Sequence[Measure],
    sets: tuple[tuple[Slice, ...], ...],
    *,
    since: date | None,
    tomorrow: date,
) -> SnapshotPlan:
    """Plan one reading."""
    covers, calendar = source.dataset.covers, source.catalog.board.calendar
    first = first_asked(calendar, (covers or Grain.MONTH,), since)
    time = snapshot_time(source, column, covers, first=first, tomorrow=tomorrow)
    grouped = [each for each in measures if each.aggregate.kind in MONTHLY]
    return SnapshotPlan(
        states=tuple(
            state_statement(source, time, grouped, each) for each in (sets if grouped else (((),),))
        ),
        exact=(
            *(state_items(source, time, those, each) for those in of_one_thing(measures) for each in sets),
            *(state_quantiles(source, time, those, each) for those in of_one_set(measures) for each in sets),
        ),
    )
