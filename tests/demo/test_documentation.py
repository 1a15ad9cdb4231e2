"""docs/meridian.md tells every truth in the words of the simulation, and every table."""

from pathlib import Path

import pytest

from dashboard.demo import truths
from dashboard.demo.schema import TABLES

TEXT = (Path(__file__).parents[2] / "docs" / "meridian.md").read_text(encoding="utf-8")
TOLD = (
    *truths.SHIFTS, *truths.LEADS, *truths.UNRELATED, *truths.LEVELS, *truths.TRIALS,
    truths.KNOWS_WHAT_I_NEED, truths.SATISFACTION_SKEW, truths.PRICE_RECODED,
    *truths.LOYALTY_DRIVERS,
)  # fmt: skip


@pytest.mark.parametrize("truth", TOLD, ids=lambda truth: truth.text[:30])
def test_every_truth_is_told(truth: truths.Shift) -> None:
    assert truth.text in TEXT


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_described(table: str) -> None:
    assert f"`{table}`" in TEXT
