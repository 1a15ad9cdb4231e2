"""Which statements answer for a dataset of spans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.definitions.model import At, Measure, Slice, Span
from dashboard.measures.event_time import EventTime, event_time
from dashboard.measures.monthly import EXTREMES, MONTHLY, MonthlyStatement, monthly_statement
from dashboard.measures.relation import Relation
from dashboard.measures.sharing import Exact, exact_statements, of_one_thing
from dashboard.measures.span_distinct import StandingItems, standing_items
from dashboard.measures.span_stock import StockStatement, stock_statement
from dashboard.measures.span_time import SpanTime, span_time
from dashboard.measures.spans import first_asked
from dashboard.periods import Grain

SpanStatement = StockStatement | StandingItems | MonthlyStatement | Exact


@dataclass(frozen=True)
class SpanPlan:
    """The statements of one reading.

    The first of `stocks` tells the pulse. `moving` are extremes, distinct counts and percentiles of what
    starts or ends, which are asked as those of events are.
    """

    stocks: tuple[StockStatement, ...]
    standing: tuple[StandingItems, ...]
    moving: tuple[MonthlyStatement | Exact, ...]

    @property
    def statements(self) -> tuple[SpanStatement, ...]:
        """All of them, in the order they are asked."""
        return (*self.stocks, *self.standing, *self.moving)


def span_plan(
    source: Relation,
    span: Span,
    measures: Sequence[Measure],
    sets: tuple[tuple[Slice, ...], ...],
    *,
    since: date | None,
    tomorrow: date,
) -> SpanPlan:
    """Plan one reading; what is running is always worked out from the beginning."""
    time = span_time(source, span, tomorrow=tomorrow)
    added = [each for each in measures if each.aggregate.additive]
    standing = [each for each in measures if each.at in (At.OPEN, At.CLOSE)]
    return SpanPlan(
        stocks=tuple(stock_statement(source, time, added, each) for each in (sets if added else (((),),))),
        standing=tuple(
            standing_items(source, time, counted, each) for counted in of_one_thing(standing) for each in sets
        ),
        moving=tuple(_moving(source, span, time, measures, sets, since, tomorrow)),
    )


def _moving(
    source: Relation,
    span: Span,
    time: SpanTime,
    measures: Sequence[Measure],
    sets: tuple[tuple[Slice, ...], ...],
    since: date | None,
    tomorrow: date,
) -> Iterator[MonthlyStatement | Exact]:
    first = first_asked(source.catalog.board.calendar, tuple(Grain), since)
    for at, column in ((At.START, span.start), (At.END, span.end)):
        those = [each for each in measures if each.at is at and not each.aggregate.additive]
        event = _of_those_that_count(event_time(source, column, first=first, tomorrow=tomorrow), time)
        extremes = [each for each in those if each.aggregate.kind in EXTREMES]
        if extremes:
            yield from (monthly_statement(source, event, extremes, each) for each in sets)
        rest = [each for each in those if each.aggregate.kind not in MONTHLY]
        yield from exact_statements(source, event, rest, sets, since)


def _of_those_that_count(event: EventTime, time: SpanTime) -> EventTime:
    kept = (*event.dated, *time.counted)
    return replace(event, asked=kept, dated=kept)
