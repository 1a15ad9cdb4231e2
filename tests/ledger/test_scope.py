"""A restricted viewer sees his members, totals over them alone, and nothing that depends on the others."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.definitions.model import Catalog, Slice
from dashboard.definitions.origins import INDIVISIBLE
from dashboard.ledger.book import Book, Observation
from dashboard.ledger.figures import Status, figure
from dashboard.ledger.scope import EVERYTHING, Scope
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell
from tests.ledger.company import metric
from tests.ledger.frames import book, cell, company_read, frame, month, quarter, read, record

NORTH = Scope((("region", frozenset({"north"})),))
NORTH_SOUTH = Scope((("region", frozenset({"north", "south"})),))
JUNE = month("2026-06")
BOTH = ("segment", "region")

Sales = dict[tuple[str, str], float]  # (segment, region) -> value


def cells(measure: str, sales: Sales, *, slices: tuple[Slice, ...], period: str = "2026-06") -> list[Cell]:
    """The sales summed to each slice, as measuring gives them."""
    found = []
    for by in slices:
        totals: dict[tuple[str, ...], list[float]] = {}
        for (segment, region), value in sales.items():
            where = {"segment": segment, "region": region}
            totals.setdefault(tuple(where[name] for name in by), []).append(value)
        found += [
            cell(measure, period, sum(parts), len(parts), by=by, member=member)
            for member, parts in totals.items()
        ]
    return found


ALL_SLICES: tuple[Slice, ...] = ((), ("segment",), ("region",), BOTH)
SALES: Sales = {
    ("home", "north"): 1.0,
    ("home", "south"): 2.0,
    ("firm", "north"): 4.0,
    ("firm", "west"): 8.0,
}


def seen(ledger: Ledger, scope: Scope, *slices: Slice) -> Book:
    return ledger.book({"sales.total": "v1", "sales.people": "v1"}, slices, scope=scope)


@pytest.fixture
def sold(file_ledger: Ledger) -> Ledger:
    distinct = [
        cell("sales.people", span, 5.0, by=by, member=member)
        for span in (JUNE, quarter("2026-06"))
        for by, member in (((), ()), (("region",), ("north",)), (("region",), ("south",)))
    ]
    record(file_ledger, read(frame(*cells("sales.total", SALES, slices=ALL_SLICES), *distinct)))
    return file_ledger


@pytest.mark.parametrize(
    ("scope", "by", "expected"),
    [
        (EVERYTHING, (), {(): (15.0, 4)}),
        (NORTH, (), {(): (5.0, 2)}),
        (NORTH_SOUTH, (), {(): (7.0, 3)}),
        (NORTH, ("region",), {("north",): (5.0, 2)}),
        (NORTH, ("segment",), {("home",): (1.0, 1), ("firm",): (4.0, 1)}),
        (NORTH_SOUTH, ("segment",), {("home",): (3.0, 2), ("firm",): (4.0, 1)}),
        (NORTH, BOTH, {("home", "north"): (1.0, 1), ("firm", "north"): (4.0, 1)}),
        (Scope((("region", frozenset()),)), (), {}),
        (Scope((("region", frozenset({"nowhere"})),)), (), {}),
        (Scope((("country", frozenset({"nl"})),)), (), {}),
        (
            Scope((("region", frozenset({"north", "south"})), ("segment", frozenset({"home"})))),
            (),
            {(): (3.0, 2)},
        ),
    ],
)
def test_totals_are_over_the_members_that_may_be_seen(
    sold: Ledger, scope: Scope, by: Slice, expected: dict[tuple[str, ...], tuple[float, int]]
) -> None:
    found = seen(sold, scope, by)
    assert {
        member: track[24317, 24318]
        for (measure, cut, member), track in found.tracks.items()
        if measure == "sales.total" and cut == by
    } == expected
    assert sold.members({"sales.total": "v1"}, by, scope) == tuple(sorted(expected))


def test_what_does_not_add_up_is_shown_for_one_member_alone(sold: Ledger) -> None:
    assert seen(sold, NORTH).observation("sales.people", JUNE) == Observation(5.0, 1)
    both = seen(sold, NORTH_SOUTH, ("region",))
    assert both.observation("sales.people", JUNE) is None
    assert both.observation("sales.people", JUNE, ("region",), ("south",)) == Observation(5.0, 1)
    assert ("sales.people", ()) in both.hidden


def test_a_distinct_stock_is_not_added_up_over_members(file_ledger: Ledger) -> None:
    counted = [
        cell("sales.people", JUNE, 5.0, by=by, member=member)
        for by, member in (((), ()), (("region",), ("north",)), (("region",), ("south",)))
    ]
    version = f"v1{INDIVISIBLE}"
    record(file_ledger, read(frame(*counted), measures={"sales.people": version}))
    found = file_ledger.book({"sales.people": version}, [("region",)], scope=NORTH_SOUTH)
    assert ("sales.people", ()) in found.hidden
    assert found.observation("sales.people", JUNE, ("region",), ("south",)) == Observation(5.0, 1)


def test_a_hidden_figure_is_missing_and_says_why(company: Catalog, file_ledger: Ledger) -> None:
    record(file_ledger, company_read(company, cell("accounts.revenue", JUNE, 9.0)))
    record(file_ledger, company_read(company, *cells("survey.answers", SALES, slices=ALL_SLICES)), at=1)
    found = book(company, file_ledger, scope=NORTH)
    shown = figure(company, found, company.metric("revenue"), JUNE)
    assert (shown.value, shown.status, shown.reason) == (None, Status.MISSING, "Outside what you may see.")
    assert figure(company, found, metric(company, "survey.answers"), JUNE).value == 5.0
    nobody = book(company, file_ledger, scope=Scope((("region", frozenset({"east"})),)))
    assert figure(company, nobody, metric(company, "survey.answers"), JUNE).value == 0.0


values = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
places = list(product(("home", "firm"), ("north", "south", "west")))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sales=st.fixed_dictionaries(dict.fromkeys(places, values)),
    others=st.fixed_dictionaries(dict.fromkeys(places, values)),
    allowed=st.sets(st.sampled_from(["north", "south", "west"])),
    slices=st.sampled_from([ALL_SLICES, ((), ("region",)), ((), ("segment",), BOTH), ((), ("segment",))]),
)
def test_nothing_that_is_seen_depends_on_what_may_not_be_seen(
    file_ledger: Ledger, sales: Sales, others: Sales, allowed: set[str], slices: tuple[Slice, ...]
) -> None:
    scope = Scope((("region", frozenset(allowed)),))
    mixed = {place: value if place[1] in allowed else others[place] for place, value in sales.items()}
    books = []
    for world in (sales, mixed):
        run = record(file_ledger, read(frame(*cells("sales.total", world, slices=slices)), slices=ALL_SLICES))
        found = seen(file_ledger, scope, *ALL_SLICES)
        assert found.run == run.id
        books.append(found.tracks)
    assert books[0] == books[1]
