"""Percentiles are exact and interpolated, also where values are many, few, or equal."""

import random
from datetime import date

import numpy as np
import pytest
import sqlalchemy as sa

from dashboard.measures.quantiles import BANDS
from tests.engines import Database
from tests.measures.building import measured, values

PARTS = (0.001, 0.1, 0.25, 0.29, 0.5, 0.75, 0.9, 0.999)
DELAYS = sa.Table("delays", sa.MetaData(), sa.Column("day", sa.Date()), sa.Column("minutes", sa.Double()))
ENTRY = {
    "event": "day",
    "measures": {f"p_{place}": f"percentile(minutes, {part})" for place, part in enumerate(PARTS)},
}


def percentiles(database: Database, minutes: list[float]) -> list[float | None]:
    database.fill(
        DELAYS,
        [{"day": date(2026, 4, 1 + place % 30), "minutes": each} for place, each in enumerate(minutes)],
    )
    frame = measured(database, {"delays": ENTRY})
    return [values(frame, f"p_{place}")["2026-04"] for place in range(len(PARTS))]


def test_many_values_fall_into_few_bands(database: Database) -> None:
    draw = random.Random(7)  # noqa: S311
    minutes = [round(draw.lognormvariate(3, 2), 2) for _ in range(3 * BANDS)] + [12.5] * BANDS
    assert percentiles(database, minutes) == pytest.approx(list(np.quantile(minutes, PARTS)), rel=1e-11)


@pytest.mark.parametrize(
    "minutes",
    [
        [3.0],
        [3.0, 3.0, 3.0],
        [1.0, 2.0],
        [-5.0, 0.0, 5.0, 1e9],
        [float(n) for n in range(101)],
        [0.0] * 99 + [1.0],
    ],
)
def test_few_values(duckdb_database: Database, minutes: list[float]) -> None:
    assert percentiles(duckdb_database, minutes) == pytest.approx(
        list(np.quantile(minutes, PARTS)), rel=1e-11
    )
