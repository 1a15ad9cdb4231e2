"""A derivation is asked, and its answers become a MeasureFrame, as a dataset's do."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeVar

from connectors.engines import SourceEngine
from dashboard.definitions.derivation import (
    Bridge,
    Cohort,
    Conversion,
    Derivation,
    Frequency,
    Register,
    Voices,
)
from dashboard.definitions.expressions import Aggregate, Expression
from dashboard.definitions.model import Catalog
from dashboard.errors import MeasuringError
from dashboard.measures.bridge_footing import bridge_values
from dashboard.measures.cells import recorded_cells, rows_told
from dashboard.measures.cohort_ages import Periods, cohort_values
from dashboard.measures.derived_cohort import LENGTHS
from dashboard.measures.derived_frequency import frequency_statement
from dashboard.measures.derived_plan import (
    DerivedStatement,
    Sources,
    bridge_statements,
    cohort_statements,
    conversion_statements,
)
from dashboard.measures.derived_rows import NAMELESS, TOTAL, DerivedRows, open_rows
from dashboard.measures.derived_texts import text_statements
from dashboard.measures.frame import MeasureFrame, Value
from dashboard.measures.sharing import today
from dashboard.measures.spans import Asked, number, period_of

MOST_GROUPS = 250_000  # rows of one answer; what has more was cut by something that is no dimension
Measured = Callable[..., MeasureFrame]
Asking = TypeVar("Asking", bound=DerivedStatement)


@dataclass(frozen=True)
class Beside:
    """What the rows of a derivation are asked by themselves: how far they reach, and their sum by month."""

    frame: MeasureFrame
    totals: Mapping[int, float]
    months: tuple[int, ...]  # those with rows, ascending
    nameless: int

    @property
    def last(self) -> int:
        """The newest month with rows; 0 where there is none."""
        return self.months[-1] if self.months else 0


@dataclass(frozen=True)
class Found:
    """Values, the day after which periods were asked, and the first day that the data do not cover."""

    values: Iterable[Value]
    since: date | None
    until: date | None


@dataclass(frozen=True)
class DerivedReading:
    """One reading of a derivation. `measure` measures a dataset.

    The whole history of every entity is read each time; `since` says which periods are recorded.
    """

    catalog: Catalog
    derivation: Derivation
    engine: SourceEngine
    since: date | None
    now: datetime
    measure: Measured

    def frame(self) -> MeasureFrame:
        """Every measure, over all slices."""
        derivation, rule = self.derivation, self.derivation.rule
        rows = self._rows(derivation.dataset, derivation.entity, derivation.where)
        beside = self._beside(rows, rule.value if isinstance(rule, Bridge) else None)
        match rule:
            case Bridge():
                found = self._bridge(rule, rows, beside)
            case Cohort():
                found = self._cohort(rule, rows, beside)
            case Conversion():
                found = self._conversion(rule, rows, beside)
            case Frequency():
                found = self._frequency(rule, rows, beside)
            case Voices() | Register():
                found = self._texts(rule, rows, beside)
        cells, warnings = recorded_cells(found.values)
        return MeasureFrame(
            dataset=derivation.name,
            cells=cells,
            since=found.since,
            data_until=found.until,
            rows=beside.frame.rows,
            warnings=(*beside.frame.warnings, *self._nameless(beside.nameless), *warnings),
        )

    def _bridge(self, rule: Bridge, rows: DerivedRows, beside: Beside) -> Found:
        statements = bridge_statements(self.derivation, rule, rows)
        months, totals = told_months(rows, rule, beside)
        asked = self._asked(beside, self.since)
        answers = self._answers(statements)
        values = bridge_values(self.derivation, rule, answers, months, totals, asked)
        return Found(values, self.since, beside.frame.data_until)

    def _cohort(self, rule: Cohort, rows: DerivedRows, beside: Beside) -> Found:
        """All periods are recorded each time, for an old cohort, too, comes of age."""
        asked = self._asked(beside, None)
        answers = self._answers(cohort_statements(self.derivation, rule, rows))
        values = cohort_values(self.derivation, rule, answers, self._periods(rule, beside, asked), asked)
        return Found(values, None, beside.frame.data_until)

    def _conversion(self, rule: Conversion, rows: DerivedRows, beside: Beside) -> Found:
        """A month is not over before the time of its last entity is, so it is asked again until then."""
        others = self._rows(rule.to_dataset, rule.to_entity, rule.to_where)
        until = self._beside(others, None).frame.data_until
        asked = self._asked(beside, _earlier(self.since, rule.within_days))
        if until is None:
            until = date.min
        statements = conversion_statements(self.derivation, rule, Sources(rows, others, until))
        found = (each.values(self.derivation, answer, asked) for each, answer in self._answers(statements))
        reached = [day for day in (beside.frame.data_until, _earlier(until, rule.within_days)) if day]
        return Found(chain.from_iterable(found), asked.since, min(reached, default=None))

    def _frequency(self, rule: Frequency, rows: DerivedRows, beside: Beside) -> Found:
        """The newest month that is over alone is told; what was recorded of earlier ones stays."""
        until = beside.frame.data_until
        if until is None or number(until) <= beside.months[0]:
            return Found((), self.since, None if until is None else until.replace(day=1))
        period = Sources(rows, None, until).newest
        statement = frequency_statement(rows, rule, period)
        [(_, answer)] = self._answers((statement,))
        return Found(statement.values(self.derivation, rule, answer), period.start, period.end)

    def _texts(self, rule: Voices | Register, rows: DerivedRows, beside: Beside) -> Found:
        """All months are recorded each time, for consent may be withdrawn at any time."""
        asked = self._asked(beside, None)
        statements = text_statements(self.derivation, rule, rows, minimum=self.catalog.board.minimum_group)
        found = (each.values(self.derivation, answer, asked) for each, answer in self._answers(statements))
        return Found(chain.from_iterable(found), None, beside.frame.data_until)

    def _rows(self, dataset: str, entity: str, where: Expression | None) -> DerivedRows:
        return open_rows(
            self.catalog,
            self.derivation,
            self.catalog.datasets[dataset],
            entity,
            where,
            tomorrow=today(self.catalog, self.now) + timedelta(days=1),
            engine=self.engine,
        )

    def _beside(self, rows: DerivedRows, value: Aggregate | None) -> Beside:
        dataset = rows.beside(value)
        datasets = MappingProxyType({**self.catalog.datasets, dataset.name: dataset})
        catalog = replace(self.catalog, datasets=datasets)
        frame = self.measure(catalog, dataset.name, self.engine, since=None, now=self.now)
        found: dict[str, dict[int, float]] = {NAMELESS: {}, TOTAL: {}}
        for cell in frame.cells:
            found[cell.measure.partition(".")[2]][number(cell.period.start)] = cell.value or 0.0
        nameless = int(sum(found[NAMELESS].values()))
        return Beside(frame, found[TOTAL], tuple(sorted(found[NAMELESS])), nameless)

    def _answers(self, statements: Iterable[Asking]) -> Iterator[tuple[Asking, Sequence[Sequence[Any]]]]:
        for statement in statements:
            answer = self.engine.fetch(statement.select.limit(MOST_GROUPS + 1))
            if len(answer) > MOST_GROUPS:
                raise MeasuringError(too_many(self.derivation))
            yield statement, answer

    def _asked(self, beside: Beside, since: date | None) -> Asked:
        return Asked(self.catalog.board.calendar, since, beside.last, self.derivation.covers)

    def _periods(self, rule: Cohort, beside: Beside, asked: Asked) -> Periods | None:
        """The periods of the data; the newest is over when the data have passed its end."""
        until = beside.frame.data_until
        if not beside.months or until is None:
            return None
        first, last = (period_of(asked.calendar, rule.by, each) for each in (beside.months[0], beside.last))
        open_ = 0 if until >= last.end else LENGTHS[rule.by]
        return Periods(number(first.start), number(last.start), number(last.start) - open_)

    def _nameless(self, count: int) -> Iterator[str]:
        if count:
            told = f"{rows_told(count)} of {self.derivation.dataset} without {self.derivation.entity}"
            yield f"{told}: in no figure of {self.derivation.name}."


def told_months(rows: DerivedRows, rule: Bridge, beside: Beside) -> tuple[Sequence[int], Mapping[int, float]]:
    """The months that a bridge is told for, those whose both ends the data cover, and the value at each."""
    if not beside.months:
        return (), {}
    first = beside.months[0]
    if rows.dataset.span is not None:  # before the first of them there was none
        return range(first, beside.last + 1), beside.totals
    if rows.dataset.snapshot is not None:
        known = set(beside.months)
        return [month for month in beside.months if month - rule.over in known], beside.totals
    totals = {
        month: sum(beside.totals.get(month - back, 0.0) for back in range(rule.over))
        for month in range(first + 2 * rule.over - 1, beside.last + 1)
    }
    return list(totals), totals


def too_many(derivation: Derivation) -> str:
    """What to do about an answer that is no summary any more."""
    told = f"The derivation {derivation.name!r} has more than {MOST_GROUPS:,} groups, which is no summary."
    if isinstance(derivation.rule, Frequency):
        return f"{told} Count in longer units: every: month."
    return f"{told} Slice it by fewer dimensions, or by one with fewer members."


def _earlier(day: date | None, days: int) -> date | None:
    return None if day is None or day == date.min else day - timedelta(days=days)
