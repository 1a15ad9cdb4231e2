"""`drivers:` of a dataset -> the sums from which it is worked out how much each driver goes with an outcome.

What a regression needs of its rows are counts, sums and sums of products. They add up over months, so the
source is asked for them as for any measure, and no row leaves it.
"""

from collections.abc import Iterator
from itertools import combinations_with_replacement

from dashboard.definitions.dataset_columns import Expressions
from dashboard.definitions.entries import DriversEntry
from dashboard.definitions.grammar import quoted_name
from dashboard.definitions.origins import Drivers

MOST_DRIVERS = 10  # beyond it the shares of all subsets are too many to work out
ANSWERS = "driver_answers"  # the measure: how many rows have the outcome and every driver


def sum_name(place: int) -> str:
    """The measure that adds up a variable: 0 is the outcome, 1 and on are the drivers."""
    return f"driver_sum_{place}"


def product_name(one: int, other: int) -> str:
    """The measure that adds up the products of two variables, or the squares of one."""
    return f"driver_product_{min(one, other)}_{max(one, other)}"


def driver_measures(drivers: Drivers) -> Iterator[tuple[str, str]]:
    """Every measure with its expression: over the rows in which nothing is missing."""
    columns = [quoted_name(name) for name in drivers.variables]
    complete = " and ".join(f"{column} is not null" for column in columns)
    yield ANSWERS, f"count(*) filter (where {complete})"
    for place, column in enumerate(columns):
        yield sum_name(place), f"sum({column}) filter (where {complete})"
    for one, other in combinations_with_replacement(range(len(columns)), 2):
        product = f"{columns[one]} * {columns[other]}"
        yield product_name(one, other), f"sum({product}) filter (where {complete})"


def read_drivers(entry: DriversEntry | None, *, event: bool, reader: Expressions) -> Drivers | None:
    """The drivers of a dataset; None, with every fault told at its place, where they cannot be."""
    if entry is None:
        return None
    reader.column(("drivers", "outcome"), entry.outcome, {}, "number", "outcome")
    for place, name in enumerate(entry.among):
        reader.column(("drivers", "among", place), name, {}, "number", f"driver {name!r}")
    if not event:
        told = "Drivers are looked for in what happened. Add event: the column with the day, or take it out."
        reader.refuse(("drivers",), told, key=True)
        return None
    sound = True
    if len(entry.among) > MOST_DRIVERS:
        told = f"There are {len(entry.among)} drivers, and at most {MOST_DRIVERS} can be told apart. "
        told += "Leave out those that matter least."
        reader.refuse(("drivers", "among"), told, key=True)
        sound = False
    for place, name in enumerate(entry.among):
        if name == entry.outcome:
            reader.refuse(
                ("drivers", "among", place), f"{name!r} is the outcome. Take it out of its drivers."
            )
            sound = False
        elif name in entry.among[:place]:
            reader.refuse(("drivers", "among", place), f"The driver {name!r} stands twice. Keep one of them.")
            sound = False
    return Drivers(entry.outcome, tuple(entry.among)) if sound else None
