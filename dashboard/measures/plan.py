"""Which statements answer for a dataset: as few as its engine allows, each reading the rows once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.dialects import GROUPING_SETS
from dashboard.definitions.expressions import AggregateKind, Expression
from dashboard.definitions.model import Catalog, Dataset, Measure, Slice
from dashboard.measures.distinct import DistinctStatement, distinct_statement
from dashboard.measures.event_time import EventTime, event_time
from dashboard.measures.expressions import plain
from dashboard.measures.joining import relation
from dashboard.measures.monthly import EXTREMES, MONTHLY, MonthlyStatement, monthly_statement
from dashboard.measures.quantiles import QuantileStatement, quantile_statement
from dashboard.measures.relation import Relation
from dashboard.measures.spans import first_asked, number
from dashboard.measures.types import Types
from dashboard.periods import Grain

Exact = DistinctStatement | QuantileStatement
Statement = MonthlyStatement | DistinctStatement | QuantileStatement


@dataclass(frozen=True)
class Plan:
    """The statements of one reading: those by month, of which the first tells the pulse, and others."""

    by_month: tuple[MonthlyStatement, ...]
    exact: tuple[Exact, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All of them, in the order they are asked."""
        return (*self.by_month, *self.exact)


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
    measures = tuple(dataset.measures.values())
    monthly = tuple(each for each in measures if each.aggregate.kind in MONTHLY)
    longer = dataset.covers not in (None, Grain.MONTH) or any(
        each.aggregate.kind in EXTREMES for each in monthly
    )

    def time(grains: Sequence[Grain]) -> EventTime:
        first = first_asked(catalog.board.calendar, grains, since)
        return event_time(source, first=first, tomorrow=tomorrow)

    event = time(tuple(Grain) if longer else (Grain.MONTH,))
    together = _together(dataset.slices, dialect)
    by_month = tuple(
        monthly_statement(source, event, monthly, slices) for slices in (together if monthly else (((),),))
    )
    return Plan(by_month, _exact(source, time(tuple(Grain)), measures, together, since))


def today(catalog: Catalog, now: datetime) -> date:
    """The day that it is where the company is."""
    return now.astimezone(ZoneInfo(catalog.board.time_zone)).date()


def _together(slices: tuple[Slice, ...], dialect: str) -> tuple[tuple[Slice, ...], ...]:
    """The slices that one statement answers."""
    return (slices,) if dialect in GROUPING_SETS else tuple((each,) for each in slices)


def _exact(
    source: Relation,
    event: EventTime,
    measures: Sequence[Measure],
    together: tuple[tuple[Slice, ...], ...],
    since: date | None,
) -> tuple[Exact, ...]:
    """Statements for what cannot be added up: one for counts of one thing, one for each set of values."""
    counts: dict[Expression | None, list[Measure]] = {}
    quantiles: dict[tuple[Expression | None, Expression | None], list[Measure]] = {}
    for measure in measures:
        argument, where = plain(measure.aggregate.argument), plain(measure.aggregate.where)
        if measure.aggregate.kind is AggregateKind.COUNT_DISTINCT:
            counts.setdefault(argument, []).append(measure)
        elif measure.aggregate.kind not in MONTHLY:
            quantiles.setdefault((argument, where), []).append(measure)
    oldest = None if since is None else number(since)
    return (
        *(distinct_statement(source, event, of_one, each) for of_one in counts.values() for each in together),
        *(
            quantile_statement(source, event, of_one, each, oldest=oldest)
            for of_one in quantiles.values()
            for each in together
        ),
    )
