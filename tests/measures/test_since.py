"""Asking again only what ends after a day gives what asking everything gives for it."""

from datetime import date

import pytest

from dashboard.measures.frame import MeasureFrame
from dashboard.periods import Grain
from tests.engines import Database
from tests.measures.brute_force import cells_of, unlike
from tests.measures.building import measured
from tests.measures.conformance_events import ENTRIES, fill, orders

KINDS = ("orders", "won", "mean_score", "least", "customers", "happy", "p90")
MEASURES = {name: text for name, text in ENTRIES["orders"]["measures"].items() if name in KINDS}
FEW = {**ENTRIES, "orders": {**ENTRIES["orders"], "slices": ["plan"], "measures": MEASURES}}


def test_a_part_is_the_same_as_in_the_whole(database: Database) -> None:
    fill(database, orders(4))
    whole = measured(database, FEW, fiscal_year_start=4)
    part = measured(database, FEW, fiscal_year_start=4, since=date(2025, 8, 31))
    _alike(part, whole, date(2025, 8, 31))


@pytest.mark.parametrize(
    "since", [date(2024, 12, 31), date(2025, 1, 1), date(2025, 4, 1), date(2025, 12, 31)]
)
def test_it_is_so_for_any_day(duckdb_database: Database, since: date) -> None:
    fill(duckdb_database, orders(4))
    whole = measured(duckdb_database, FEW, fiscal_year_start=4)
    _alike(measured(duckdb_database, FEW, fiscal_year_start=4, since=since), whole, since)


def _alike(part: MeasureFrame, whole: MeasureFrame, since: date) -> None:
    month = since.year * 12 + since.month - 1
    wanted = {key: value for key, value in cells_of(whole).items() if key[5] > month}
    assert len(wanted) > 100
    assert unlike(cells_of(part), wanted) == {}
    assert part.since == since


def test_no_period_that_ends_by_the_day_is_asked(duckdb_database: Database) -> None:
    fill(duckdb_database, orders(4))
    part = measured(duckdb_database, FEW, since=date(2025, 7, 1))
    first = {
        grain: min(cell.period.end for cell in part.cells if cell.period.grain is grain) for grain in Grain
    }
    assert first == {
        Grain.MONTH: date(2025, 9, 1),  # July has no rows
        Grain.QUARTER: date(2025, 10, 1),
        Grain.YEAR: date(2026, 1, 1),
        Grain.YEAR_TO_DATE: date(2025, 8, 1),
        Grain.TWELVE_MONTHS: date(2025, 8, 1),
    }


def test_nothing_since_is_a_warning_not_an_error(duckdb_database: Database) -> None:
    fill(duckdb_database, orders(4))
    counted = {**ENTRIES["orders"], "measures": {"orders": "count(*)"}}
    part = measured(duckdb_database, {**ENTRIES, "orders": counted}, since=date(2026, 9, 1))
    assert part.warnings == ("orders has no rows since 2026-09-01.",)
    assert (part.rows, part.cells, part.data_until) == (0, (), None)
