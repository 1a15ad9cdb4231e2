"""The value of a customer base is worked out when its cohorts are measured, and recorded with them.

So a closed quarter keeps the value that was shown, a later one is a restatement, and a formula may name it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dashboard.analysis.customer_base import Base, Told, retention_models, value_base
from dashboard.analysis.customer_equity import LINES
from dashboard.definitions.derivation import AGE, EQUITY, EQUITY_CUSTOMERS, EQUITY_IF, Cohort, Derivation
from dashboard.definitions.model import Catalog, Slice
from dashboard.ledger import months
from dashboard.ledger.coverage import MONTHS_COVERED
from dashboard.measures.frame import Cell, MeasureFrame, recorded
from dashboard.measures.spans import Asked

MINOR_UNITS = 100
Group = tuple[Slice, tuple[str, ...]]


def valued(catalog: Catalog, derivation: Derivation, frame: MeasureFrame) -> MeasureFrame:
    """The frame of a cohort derivation with the value of its customers, where that is asked for."""
    rule = derivation.rule
    if not isinstance(rule, Cohort) or rule.margin_per is None:
        return frame
    grid = _read(derivation, rule, frame)
    everybody = grid.bases.get(((), ()))
    if everybody is None or catalog.board.discount_rate is None:
        return frame
    a_year = 12 // grid.length
    models = retention_models(
        everybody if catalog.datasets[derivation.dataset].span is not None else _without_first(everybody),
        periods_a_year=a_year,
        first_month=(grid.first - catalog.board.calendar.first_month + 1) % 3,
    )
    if not models:
        told = f"{derivation.name}: too few were lost to tell a retention, so that nobody is valued."
        return replace(frame, warnings=(*frame.warnings, told))
    yearly = catalog.board.discount_rate
    cells = [
        cell
        for group, base in grid.bases.items()
        for cell in grid.cells(
            group, value_base(base, models, yearly=yearly, periods_a_year=a_year), catalog, derivation
        )
    ]
    return replace(frame, cells=(*frame.cells, *cells))


def _without_first(base: Base) -> Base:
    """States do not tell since when those were there with whom the data begin: no model is fitted to them."""
    return Base({place: counts for place, counts in base.there.items() if place[0]})


@dataclass(frozen=True)
class _Grid:
    """Who was there, by group. Periods count from the month `first`, each `length` months long."""

    bases: Mapping[Group, Base]
    first: int
    length: int

    def cells(
        self, group: Group, told: Mapping[int, Told], catalog: Catalog, derivation: Derivation
    ) -> Iterator[Cell]:
        """The cells of one group: values at the end of each period, and lines of each period and longer."""
        asked = Asked(
            catalog.board.calendar, None, self._month(max(told, default=0) + 1) - 1, derivation.covers
        )
        grain = next(grain for grain, length in MONTHS_COVERED.items() if length == self.length)
        for period, found in told.items():
            span = catalog.board.calendar.containing(grain, months.first_day(self._month(period)))
            for name, value in _standing(found):
                yield Cell(f"{derivation.name}.{name}", span, *group, value, found.customers)
        lines = {period: found.statement for period, found in told.items() if found.statement is not None}
        starts = [self._month(period) for period in lines]
        for each in asked.additive_grains():
            for span, begin, end in asked.periods(each, starts):
                if (end - begin) * self.length < len(span.months):
                    continue  # a part of a year would not lead from its opening to its closing
                inside = list(lines.values())[begin:end]
                customers = inside[-1].customers_closing
                for line in LINES:
                    value = float(sum(getattr(one, line) for one in inside)) / MINOR_UNITS
                    yield Cell(f"{derivation.name}.{EQUITY}_{line}", span, *group, recorded(value), customers)

    def _month(self, period: int) -> int:
        return self.first + period * self.length


def _standing(found: Told) -> Iterator[tuple[str, float | None]]:
    moved = found.moved
    values = (
        found.value,
        moved.discount_rate_lower,
        moved.discount_rate_higher,
        moved.retention_lower,
        moved.retention_higher,
        found.multiple,
    )
    yield EQUITY_CUSTOMERS, float(found.customers)
    for name, value in zip((EQUITY, *EQUITY_IF), values, strict=True):
        yield name, None if value is None else recorded(round(float(value)) / MINOR_UNITS)


def _read(derivation: Derivation, rule: Cohort, frame: MeasureFrame) -> _Grid:
    """The cells by age of the frame, as customers and their margin a period in minor units."""
    length = MONTHS_COVERED[rule.by]
    scale = float(MINOR_UNITS)
    if rule.margin_per is not None and rule.by is not rule.margin_per:
        scale = MINOR_UNITS * length / MONTHS_COVERED[rule.margin_per]
    names = {f"{derivation.name}.active": 0, f"{derivation.name}.value": 1}
    found: dict[Group, dict[tuple[int, int], list[float]]] = {}
    aged = [
        cell
        for cell in frame.cells
        if cell.measure in names and cell.period.grain is rule.by and cell.slice[:1] == (AGE,)
    ]
    first = min((months.number(cell.period.start) for cell in aged), default=0)
    for cell in aged:
        cohort = (months.number(cell.period.start) - first) // length
        place = cohort, int(cell.member[0])
        counts = found.setdefault((cell.slice[1:], cell.member[1:]), {}).setdefault(place, [0.0, 0.0])
        counts[names[cell.measure]] = cell.value or 0.0
    bases = {
        group: Base({place: (round(there), value * scale) for place, (there, value) in cells.items()})
        for group, cells in found.items()
    }
    return _Grid(bases, first, length)
