"""For random spans: stocks are those of the model, movements foot, members of additive measures add up."""

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.measures.frame import MeasureFrame
from tests.engines import duckdb_file
from tests.measures.brute_force import cells_of, unlike
from tests.measures.building import measured
from tests.measures.conformance import told
from tests.measures.conformance_spans import ENTRIES, fill, model

days = st.integers(0, 420).map(lambda count: date(2025, 11, 20) + timedelta(days=count))
lengths = st.one_of(st.none(), st.sampled_from([-40, -1, 0, 1, 30, 31]), st.integers(0, 300))


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    start, length = draw(st.one_of(st.none(), days, days, days)), draw(lengths)
    return {
        "customer": draw(st.sampled_from(["a", "b", "c", None])),
        "plan": draw(st.sampled_from(["x", "y", None])),
        "region": draw(st.sampled_from(["n", "s"])),
        "price": draw(st.one_of(st.none(), st.integers(0, 10000).map(lambda cents: cents / 100))),
        "started_on": start,
        "ended_on": None if length is None or start is None else start + timedelta(days=length),
    }


@pytest.mark.slow
@settings(max_examples=10)
@given(table=st.lists(rows(), min_size=1, max_size=14), back=st.integers(0, 14))
def test_any_spans(table: Sequence[dict[str, Any]], back: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = duckdb_file(Path(folder))
        fill(database, table)
        whole = measured(database, ENTRIES, fiscal_year_start=4)
        again = measured(database, ENTRIES, fiscal_year_start=4)
        since = date(2026, 10, 15) - timedelta(days=31 * back)
        part = measured(database, ENTRIES, fiscal_year_start=4, since=since)
    assert set(again.cells) == set(whole.cells)
    found = cells_of(whole)
    assert unlike(told(found), told(model(table))) == {}
    later = {key: value for key, value in found.items() if key[5] > since.year * 12 + since.month - 1}
    assert unlike(cells_of(part), later) == {}
    assert_movements_foot(whole)
    assert_members_add_up(whole)


def assert_movements_foot(frame: MeasureFrame) -> None:
    """Opening + what starts - what ends = closing, for counts and sums, in every slice and month."""
    found = cells_of(frame)
    for name in ("contracts", "dear"):
        for (measure, *where), (closing, _) in found.items():
            if measure == f"{name}_close":
                opening, started, ended = (
                    found.get((f"{name}_{at}", *where), (0.0, 0))[0] or 0.0 for at in ("open", "start", "end")
                )
                assert opening + started - ended == pytest.approx(closing or 0.0, abs=1e-9)


def assert_members_add_up(frame: MeasureFrame) -> None:
    """The members of a slice come to the whole."""
    totals: dict[tuple[Any, ...], float] = {}
    for (name, cut, _, *when), (value, _) in cells_of(frame).items():
        if name in ("contracts_close", "contracts_open", "contracts_end"):
            totals[name, cut, *when] = totals.get((name, cut, *when), 0.0) + (value or 0.0)
    for (name, cut, *when), total in totals.items():
        assert total == totals[name, (), *when], (name, cut, when)
