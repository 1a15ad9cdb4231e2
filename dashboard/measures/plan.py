"""Which statements answer for a dataset: as few as its engine allows, each reading the rows once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.definitions.model import Catalog, Dataset, Slice
from dashboard.measures.event_time import EventTime, event_time
from dashboard.measures.joining import relation
from dashboard.measures.monthly import EXTREMES, MONTHLY, MonthlyStatement, monthly_statement
from dashboard.measures.relation import Relation
from dashboard.measures.sharing import Exact, exact_statements, today, together
from dashboard.measures.snapshot_plan import SnapshotPlan, snapshot_plan
from dashboard.measures.span_plan import SpanPlan, span_plan
from dashboard.measures.spans import first_asked
from dashboard.measures.types import Types
from dashboard.periods import Grain

Statement = MonthlyStatement | Exact


@dataclass(frozen=True)
class EventPlan:
    """The statements of one reading of events: those by month (the first tells the pulse), and others."""

    by_month: tuple[MonthlyStatement, ...]
    exact: tuple[Exact, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of them, in the order they are asked."""
        return (*self.by_month, *self.exact)


Plan = EventPlan | SpanPlan | SnapshotPlan


def plan(
    catalog: Catalog,
    dataset: Dataset,
    *,
    since: date | None,
    now: datetime,
    columns: Types,
    lookup_columns: Mapping[str, Types],
    dialect: str,
) -> Plan:
    """Plan one reading of a dataset.

    `since` None asks everything, a day every period that ends after it. `columns` are the dataset's real
    columns, `lookup_columns` those of each look-up by its name.
    """
    source = relation(catalog, dataset, dialect, columns, lookup_columns)
    tomorrow = today(catalog, now) + timedelta(days=1)
    sets = together(dataset.slices, dialect)
    measures = tuple(dataset.measures.values())
    if dataset.snapshot is not None:
        return snapshot_plan(source, dataset.snapshot, measures, sets, since=since, tomorrow=tomorrow)
    if dataset.span is not None:
        return span_plan(source, dataset.span, measures, sets, since=since, tomorrow=tomorrow)
    return event_plan(source, dataset.event or "", sets, since=since, tomorrow=tomorrow)


def event_plan(
    source: Relation,
    column: str,
    sets: tuple[tuple[Slice, ...], ...],
    *,
    since: date | None,
    tomorrow: date,
) -> EventPlan:
    """Plan one reading of a dataset of events, whose time is in `column`."""
    dataset, calendar = source.dataset, source.catalog.board.calendar
    measures = tuple(dataset.measures.values())
    monthly = tuple(each for each in measures if each.aggregate.kind in MONTHLY)
    longer = dataset.covers not in (None, Grain.MONTH) or any(
        each.aggregate.kind in EXTREMES for each in monthly
    )

    def time(grains: Sequence[Grain]) -> EventTime:
        return event_time(source, column, first=first_asked(calendar, grains, since), tomorrow=tomorrow)

    event = time(tuple(Grain) if longer else (Grain.MONTH,))
    by_month = tuple(
        monthly_statement(source, event, monthly, slices) for slices in (sets if monthly else (((),),))
    )
    return EventPlan(by_month, exact_statements(source, time(tuple(Grain)), measures, sets, since))
