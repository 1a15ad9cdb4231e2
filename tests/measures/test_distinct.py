"""Where members follow from what is counted, slices are cut out of the counts and not out of the items."""

from typing import Any

from tests.engines import Database
from tests.measures.brute_force import cells_of, unlike
from tests.measures.building import measured
from tests.measures.conformance_events import ENTRIES, fill, orders


def test_people_counted_by_what_they_are_looked_up_by_are_those_of_each_member(database: Database) -> None:
    """Region follows from the customer, so customers of regions add up; channel does not."""
    fill(database, orders(4))
    follows: dict[str, Any] = {
        **ENTRIES["orders"],
        "dimensions": {"region": "customers.region"},
        "slices": ["region"],
    }
    entries = {**ENTRIES, "orders": follows}
    mixed = {**follows, "dimensions": ENTRIES["orders"]["dimensions"], "slices": ["region", "plan"]}
    alone, beside = measured(database, entries), measured(database, {**ENTRIES, "orders": mixed})
    wanted = {key: value for key, value in cells_of(beside).items() if key[1] in ((), ("region",))}
    assert unlike(cells_of(alone), wanted) == {}
