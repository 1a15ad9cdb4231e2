"""A derivation is asked, and its answers become a MeasureFrame, as a dataset's do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from connectors.engines import SourceEngine
from dashboard.definitions.derivation import Bridge, Derivation
from dashboard.definitions.expressions import Aggregate
from dashboard.definitions.model import Catalog
from dashboard.measures.bridge_footing import bridge_values
from dashboard.measures.cells import recorded_cells, rows_told
from dashboard.measures.derived_bridge import bridge_statement
from dashboard.measures.derived_rows import NAMELESS, TOTAL, DerivedRows, open_rows
from dashboard.measures.frame import MeasureFrame, Value
from dashboard.measures.sharing import today, together
from dashboard.measures.spans import Asked, number

Measured = Callable[..., MeasureFrame]


@dataclass(frozen=True)
class Beside:
    """What the rows of a derivation are asked by themselves: how far they reach, and their sum by month."""

    frame: MeasureFrame
    totals: Mapping[int, float]
    months: tuple[int, ...]  # those with rows, ascending
    nameless: int


def measure_derivation(
    catalog: Catalog,
    derivation: Derivation,
    engine: SourceEngine,
    *,
    since: date | None,
    now: datetime,
    measure: Measured,
) -> MeasureFrame:
    """Measure every measure of a derivation, over all its slices; `measure` measures a dataset.

    The whole history of every entity is read each time; `since` says which periods are recorded: all where it
    is None, else those that end after it.
    """
    dataset, tomorrow = catalog.datasets[derivation.dataset], today(catalog, now) + timedelta(days=1)
    rows = open_rows(
        catalog, derivation, dataset, derivation.entity, derivation.where, tomorrow=tomorrow, engine=engine
    )
    rule = derivation.rule
    match rule:
        case Bridge():
            beside = _beside(catalog, rows, rule.value, engine, now, measure)
            asked = Asked(catalog.board.calendar, since, beside.months[-1] if beside.months else 0, None)
            values = _bridge(derivation, rule, rows, beside, asked, engine)
    cells, warnings = recorded_cells(values)
    return MeasureFrame(
        dataset=derivation.name,
        cells=cells,
        since=since,
        data_until=beside.frame.data_until,
        rows=beside.frame.rows,
        warnings=(*beside.frame.warnings, *_nameless(derivation, beside.nameless), *warnings),
    )


def _beside(
    catalog: Catalog,
    rows: DerivedRows,
    value: Aggregate | None,
    engine: SourceEngine,
    now: datetime,
    measure: Measured,
) -> Beside:
    dataset = rows.beside(value)
    datasets = MappingProxyType({**catalog.datasets, dataset.name: dataset})
    frame = measure(replace(catalog, datasets=datasets), dataset.name, engine, since=None, now=now)
    found: dict[str, dict[int, float]] = {NAMELESS: {}, TOTAL: {}}
    for cell in frame.cells:
        found[cell.measure.partition(".")[2]][number(cell.period.start)] = cell.value or 0.0
    return Beside(frame, found[TOTAL], tuple(sorted(found[NAMELESS])), int(sum(found[NAMELESS].values())))


def _bridge(
    derivation: Derivation,
    rule: Bridge,
    rows: DerivedRows,
    beside: Beside,
    asked: Asked,
    engine: SourceEngine,
) -> Iterator[Value]:
    statements = [
        bridge_statement(rows, rule, slices) for slices in together(derivation.slices, rows.relation.dialect)
    ]
    answers = ((statement, engine.fetch(statement.select)) for statement in statements)
    months, totals = _told(rows, rule, beside)
    return bridge_values(derivation, rule, answers, months, totals, asked)


def _told(rows: DerivedRows, rule: Bridge, beside: Beside) -> tuple[list[int], Mapping[int, float]]:
    """The months that a bridge is told for, those whose both ends the data cover, and the value at each."""
    if not beside.months:
        return [], {}
    first, last = beside.months[0], beside.months[-1]
    if rows.dataset.span is not None:
        return list(range(first, last + 1)), beside.totals
    if rows.dataset.snapshot is not None:
        known = set(beside.months)
        return [month for month in beside.months if month - rule.over in known], beside.totals
    totals = {
        month: sum(beside.totals.get(month - back, 0.0) for back in range(rule.over))
        for month in range(first + 2 * rule.over - 1, last + 1)
    }
    return list(totals), totals


def _nameless(derivation: Derivation, count: int) -> Iterator[str]:
    if count:
        told = f"{rows_told(count)} of {derivation.dataset} without {derivation.entity}"
        yield f"{told}: in no figure of {derivation.name}."
