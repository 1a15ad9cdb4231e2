"""Which measures and slices one statement answers for."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.dialects import GROUPING_SETS
from dashboard.definitions.expressions import AggregateKind, Expression
from dashboard.definitions.model import Catalog, Measure, Slice
from dashboard.measures.distinct import DistinctStatement, distinct_statement
from dashboard.measures.event_time import EventTime
from dashboard.measures.expressions import plain
from dashboard.measures.monthly import MONTHLY
from dashboard.measures.quantiles import QuantileStatement, quantile_statement
from dashboard.measures.relation import Relation
from dashboard.measures.spans import number

Exact = DistinctStatement | QuantileStatement


def today(catalog: Catalog, now: datetime) -> date:
    """The day that it is where the company is."""
    return now.astimezone(ZoneInfo(catalog.board.time_zone)).date()


def together(slices: tuple[Slice, ...], dialect: str) -> tuple[tuple[Slice, ...], ...]:
    """The slices that one statement answers."""
    return (slices,) if dialect in GROUPING_SETS else tuple((each,) for each in slices)


def of_one_thing(measures: Sequence[Measure]) -> tuple[tuple[Measure, ...], ...]:
    """Distinct counts, those of one argument together."""
    counts: dict[Expression | None, list[Measure]] = {}
    for measure in measures:
        if measure.aggregate.kind is AggregateKind.COUNT_DISTINCT:
            counts.setdefault(plain(measure.aggregate.argument), []).append(measure)
    return tuple(map(tuple, counts.values()))


def of_one_set(measures: Sequence[Measure]) -> tuple[tuple[Measure, ...], ...]:
    """Medians and percentiles, those of the same values together."""
    quantiles: dict[tuple[Expression | None, Expression | None], list[Measure]] = {}
    for measure in measures:
        argument, where = plain(measure.aggregate.argument), plain(measure.aggregate.where)
        if measure.aggregate.kind not in MONTHLY | {AggregateKind.COUNT_DISTINCT}:
            quantiles.setdefault((argument, where), []).append(measure)
    return tuple(map(tuple, quantiles.values()))


def exact_statements(
    source: Relation,
    event: EventTime,
    measures: Sequence[Measure],
    sets: tuple[tuple[Slice, ...], ...],
    since: date | None,
) -> tuple[Exact, ...]:
    """Statements for what cannot be added up: one for counts of one thing, one for each set of values."""
    oldest = None if since is None else number(since)
    return (
        *(
            distinct_statement(source, event, counted, each)
            for counted in of_one_thing(measures)
            for each in sets
        ),
        *(
            quantile_statement(source, event, of_one, each, oldest=oldest)
            for of_one in of_one_set(measures)
            for each in sets
        ),
    )
