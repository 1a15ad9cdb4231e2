"""Cohorts of events: the numbers of a slow model on every engine; an age that is not over is not told."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from dashboard.periods import FiscalCalendar, Grain
from tests.derivations.building import INVOICES, company, derived
from tests.derivations.slow_cohort import slow_cohort
from tests.engines import Database


def random_rows(seed: int, count: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)  # noqa: S311
    return [
        {
            "day": date(2024, 1, 1) + timedelta(days=draw.randrange(540)),
            "customer": draw.choice([*(f"c{place}" for place in range(25)), None]),
            "amount": draw.choice([10.0, 20.5, 0.0, -10.0]),
            "segment": draw.choice(["home", "office", None]),
            "origin": "earned",
        }
        for _ in range(count)
    ]


def at_grain(frame: Any, grain: Grain) -> dict[tuple[Any, ...], float | None]:
    return {
        (cell.measure.partition(".")[2], cell.slice, cell.member, cell.period.start): cell.value
        for cell in frame.cells
        if cell.period.grain is grain
    }


@pytest.mark.parametrize("by", [Grain.MONTH, Grain.QUARTER])
def test_it_is_that_of_the_slow_model_on_every_engine(database: Database, by: Grain) -> None:
    rows = random_rows(seed=3, count=160)
    database.fill(INVOICES, rows)
    rule = {"dataset": "invoices", "by": by.value, "ages": [1, 3], "value": "sum(amount)"}
    catalog = company({"retention": {"cohort": rule}}, fiscal_year_start=2)
    frame = derived(database, catalog, "retention")
    until = max(row["day"] for row in rows) + timedelta(days=1)
    assert frame.data_until == until
    wanted = slow_cohort(
        rows, by=by, ages=[1, 3], dimension="segment", until=until, calendar=FiscalCalendar(2)
    )
    agree(at_grain(frame, by), wanted)


def agree(found: Mapping[Any, float | None], wanted: Mapping[Any, float]) -> None:
    """A member that nobody is in may be left out: it counts as none."""
    assert found.keys() <= wanted.keys() | {place for place, value in found.items() if not value}
    for place in wanted.keys() | found.keys():
        assert (found.get(place) or 0) == pytest.approx(wanted.get(place, 0), abs=1e-6), place
    assert {place for place in found if not place[1]} == {place for place in wanted if not place[1]}
