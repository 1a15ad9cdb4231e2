"""Bridges of events: the numbers of a slow model on every engine; they foot, also where they are cut."""

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.derivations.building import INVOICES, by_place, company, derived
from tests.derivations.slow_bridge import slow_bridge
from tests.engines import Database, duckdb_file

SPLIT = {"dimension": "origin", "members": ["earned", "bought"]}
SLICES = [(), ("segment",), ("segment", "origin"), ("origin",)]
COLUMNS = ("day", "customer", "amount", "segment", "origin")


def bridge(over: int, **more: Any) -> dict[str, Any]:
    unit = "month" if over == 1 else "months"
    return {"bridge": {"dataset": "invoices", "value": "sum(amount)", "over": f"{over} {unit}", **more}}


ALL = {"slices": ["segment", ["segment", "origin"]], "split_new_by": SPLIT}


def rows_of(*rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, (date.fromisoformat(row[0]), *row[1:]), strict=True)) for row in rows]


def random_rows(seed: int, count: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)  # noqa: S311
    customers = [f"c{place}" for place in range(12)] + [None]
    return [
        {
            "day": date(2024 + draw.randrange(2), draw.randint(1, 12), draw.randint(1, 28)),
            "customer": draw.choice(customers),
            "amount": draw.choice([10.0, 20.5, 33.33, 0.0, -10.0, -33.33, 0.01]),
            "segment": draw.choice(["home", "office", None]),
            "origin": draw.choice(["earned", "bought", "other", None]),
        }
        for _ in range(count)
    ]


def agree(found: Mapping[Any, Any], wanted: Mapping[Any, Any]) -> None:
    assert found.keys() == wanted.keys()
    for place, (value, n) in wanted.items():
        assert found[place][0] == pytest.approx(value, abs=1e-6), place
        assert found[place][1] == n, place


@pytest.mark.parametrize("over", [1, 3])
def test_it_is_that_of_the_slow_model_on_every_engine(database: Database, over: int) -> None:
    rows = random_rows(seed=over, count=220)
    database.fill(INVOICES, rows)
    found = by_place(derived(database, company({"revenue": bridge(over, **ALL)}), "revenue"))
    members = SPLIT["members"]
    agree(found, slow_bridge(rows, over=over, slices=SLICES, split="origin", members=members))


AMOUNTS = st.sampled_from([-20.0, -0.01, 0.0, 0.01, 10.0, 20.0, 1e9])
ROW = st.builds(
    lambda month, customer, amount, segment, origin: {
        "day": date(2025 + month // 12, month % 12 + 1, 1 + month % 28),
        "customer": customer,
        "amount": amount,
        "segment": segment,
        "origin": origin,
    },
    st.integers(0, 9),
    st.sampled_from(["a", "b", "c", None]),
    AMOUNTS,
    st.sampled_from(["home", "office"]),
    st.sampled_from(["earned", "bought", None]),
)


@pytest.mark.slow
@settings(max_examples=60)
@given(rows=st.lists(ROW, max_size=30), over=st.integers(1, 4))
def test_any_table_foots_and_is_that_of_the_slow_model(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], over: int
) -> None:
    database = duckdb_file(tmp_path_factory.mktemp("bridge"))
    database.fill(INVOICES, rows)
    found = by_place(derived(database, company({"revenue": bridge(over, **ALL)}), "revenue"))
    agree(found, slow_bridge(rows, over=over, slices=SLICES, split="origin", members=SPLIT["members"]))
    foots(found)


def foots(found: Mapping[Any, Any]) -> None:
    """Every member of every slice foots, and members add up to the whole, line by line."""
    places = {place[1:] for place in found}
    for place in places:
        line = {name: found[name, *place][0] for name in ("opening", "lost", "contracted", "expanded")}
        line |= {name: found[name, *place][0] for name in ("reactivated", "new", "moved", "closing")}
        gone, came = line["lost"] + line["contracted"], line["expanded"] + line["reactivated"] + line["new"]
        reached = line["opening"] - gone + came + line["moved"]
        assert reached == pytest.approx(line["closing"], abs=0.005), place
