"""Runs go in whole; only what differs is appended; what is gone is known to be gone."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger.book import Observation
from dashboard.ledger.packing import Values, unpack
from dashboard.ledger.recording import DatasetRead
from dashboard.ledger.schema import GONE, latest, observations, runs
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START, cell, frame, month, quarter, read, record

TOTAL = {"sales.total": "v1"}


def rows(ledger: Ledger) -> int:
    with ledger._database.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(observations)).scalar_one()


def value(ledger: Ledger, period: str, *, at: int | None = None) -> float | None:
    as_of = None if at is None else START + timedelta(hours=at)
    found = ledger.book(TOTAL, scope=EVERYTHING, as_of=as_of).observation("sales.total", month(period))
    return found.value if found else None


def months(*values: float, since: date | None = None) -> DatasetRead:
    """A reading of sales.total from January 2026 on."""
    cells = (cell("sales.total", f"2026-{n:02}", number) for n, number in enumerate(values, 1))
    return read(frame(*cells, since=since))


def test_a_run_is_numbered_and_listed_newest_first(ledger: Ledger) -> None:
    first = record(ledger, months(10.0))
    second = record(ledger, at=1)
    assert (first.id, second.id) == (1, 2)
    assert ledger.runs(10) == (second, first)
    assert ledger.runs(1) == (second,)
    assert ledger.runs(10, as_of=START) == (first,)
    assert ledger.runs(10, as_of=START - timedelta(days=1)) == ()
    moments = (None, START, START - timedelta(days=1))
    assert [ledger.newest_run(moment) for moment in moments] == [2, 1, None]


def test_only_what_differs_is_written(ledger: Ledger) -> None:
    record(ledger, months(10.0, 12.0))
    assert rows(ledger) == 2
    record(ledger, months(10.0, 13.0), at=1)
    assert rows(ledger) == 3
    more = frame(cell("sales.total", "2026-01", 10.0, 2), cell("sales.total", "2026-02", 13.0))
    record(ledger, read(more), at=2)
    assert rows(ledger) == 4, "another n is another observation"


def test_earlier_moments_keep_what_was_known_then(ledger: Ledger) -> None:
    record(ledger, months(10.0))
    record(ledger, months(11.0), at=1)
    assert [value(ledger, "2026-01", at=at) for at in (None, 1, 0, -1)] == [11.0, 11.0, 10.0, None]


def test_a_value_that_is_not_found_any_more_is_gone(ledger: Ledger) -> None:
    record(ledger, months(10.0, 12.0))
    record(ledger, months(10.0), at=1)
    assert value(ledger, "2026-02") is None
    assert value(ledger, "2026-02", at=0) == 12.0
    before = rows(ledger)
    record(ledger, months(10.0), at=2)
    assert rows(ledger) == before, "what is gone is told once"
    record(ledger, months(10.0, 12.0), at=3)
    assert value(ledger, "2026-02") == 12.0


def test_only_periods_that_were_asked_can_be_gone(ledger: Ledger) -> None:
    record(ledger, months(1.0, 2.0, 3.0, 4.0, 5.0, 6.0))
    record(ledger, read(frame(cell("sales.total", "2026-06", 6.0), since=date(2026, 5, 1))), at=1)
    assert [value(ledger, f"2026-0{n}") for n in range(1, 7)] == [1.0, 2.0, 3.0, 4.0, None, 6.0]


def test_only_measures_and_slices_that_were_asked_can_be_gone(ledger: Ledger) -> None:
    by_plan = cell("sales.total", "2026-05", 3.0, by=("plan",), member=("A",))
    other = cell("sales.count", "2026-05", 7.0)
    record(ledger, read(frame(cell("sales.total", "2026-05", 3.0), by_plan, other)))
    record(ledger, read(frame(), measures=TOTAL, slices=((),)), at=1)
    book = ledger.book(TOTAL | {"sales.count": "v1"}, [("plan",)], scope=EVERYTHING)
    assert book.observation("sales.total", month("2026-05")) is None
    assert book.observation("sales.total", month("2026-05"), ("plan",), ("A",)) == Observation(3.0, 1)
    assert book.observation("sales.count", month("2026-05")) == Observation(7.0, 1)


def test_a_missing_value_is_not_a_gone_one(ledger: Ledger) -> None:
    record(ledger, read(frame(cell("sales.total", "2026-05", None, 0))))
    book = ledger.book(TOTAL, scope=EVERYTHING)
    assert book.observation("sales.total", month("2026-05")) == Observation(None, 0)


def test_versions_of_a_measure_are_apart(ledger: Ledger) -> None:
    for at, version in enumerate(("old", "new")):
        found = frame(cell("sales.total", "2026-05", float(at)))
        record(ledger, read(found, measures={"sales.total": version}), at=at)
    for expected, version in enumerate(("old", "new")):
        book = ledger.book({"sales.total": version}, scope=EVERYTHING)
        assert book.observation("sales.total", month("2026-05")) == Observation(float(expected), 1)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("a,b", "c"), ("a", "b,c")),
        (('a"', "b"), ("a", '"b')),
        (("a", ""), ("", "a")),
        (("Zürich 🙂", "\\"), ("Zürich", "🙂\\")),
        (("null\x00", "x"), ("null", "\x00x")),
    ],
)
def test_members_are_never_taken_for_one_another(
    ledger: Ledger, one: tuple[str, ...], two: tuple[str, ...]
) -> None:
    by = ("city", "plan")
    cells = [cell("sales.total", "2026-05", float(k), by=by, member=who) for k, who in enumerate((one, two))]
    record(ledger, read(frame(*cells)))
    book = ledger.book(TOTAL, [by], scope=EVERYTHING)
    assert book.members(by) == tuple(sorted((one, two)))
    found = [book.observation("sales.total", month("2026-05"), by, who) for who in (one, two)]
    assert found == [Observation(0.0, 1), Observation(1.0, 1)]


def test_a_frame_that_contradicts_itself_is_refused_whole(ledger: Ledger) -> None:
    twice = frame(cell("sales.total", "2026-05", 10.0), cell("sales.total", "2026-05", 11.0))
    with pytest.raises(ValueError, match="twice"):
        record(ledger, read(twice))
    with pytest.raises(ValueError, match="no number"):
        record(ledger, months(1.0, float("nan")))
    assert ledger.runs(10) == ()
    assert rows(ledger) == 0


@pytest.mark.parametrize("table", [runs, observations])
@pytest.mark.parametrize("verb", ["delete", "update"])
def test_the_database_refuses_to_change_what_was_recorded(ledger: Ledger, table: sa.Table, verb: str) -> None:
    record(ledger, months(10.0))
    first = next(iter(table.c))
    statement = table.delete() if verb == "delete" else table.update().values({first: 7})
    with pytest.raises(LedgerError, match="append-only"), ledger._database.writing() as connection:
        connection.execute(statement)


def test_the_latest_values_are_those_of_the_observations(ledger: Ledger) -> None:
    record(ledger, months(1.0, 2.0, 3.0))
    record(ledger, months(1.0, 5.0), at=1)
    record(ledger, months(1.0, 5.0, 4.0, 6.0), at=2)
    with ledger._database.reading() as connection:
        last: dict[int, Values] = {}
        for row in connection.execute(sa.select(observations).order_by(observations.c.run)):
            last.setdefault(row.series, {})[row.start_month, row.end_month] = (row.value, row.n)
        known = {row.series: unpack(row.packed) for row in connection.execute(sa.select(latest))}
    kept = {
        number: {at: found for at, found in values.items() if found[1] != GONE}
        for number, values in last.items()
    }
    assert known == kept


def test_months_add_up_and_exact_grains_do_not(ledger: Ledger) -> None:
    added = [cell("sales.total", f"2026-0{n}", float(n), n) for n in (4, 5, 6)]
    spans = (month("2026-04"), month("2026-05"), quarter("2026-01"))
    distinct = [cell("sales.customers", span, 5.0, None) for span in spans]
    record(ledger, read(frame(*added, *distinct)))
    book = ledger.book(TOTAL | {"sales.customers": "v1"}, scope=EVERYTHING)
    assert book.observation("sales.total", quarter("2026-04")) == Observation(15.0, 15)
    assert book.observation("sales.customers", quarter("2026-04")) is None
    assert book.observation("sales.customers", quarter("2026-01")) == Observation(5.0, None)


def test_states_keep_the_last_good_reading_beside_a_failure(ledger: Ledger) -> None:
    record(ledger, months(10.0))
    record(ledger, DatasetRead("sales", "v1", "shop", "failed", "Source 'shop' is away.", 2.0, None), at=1)
    state = ledger.reads(None)["sales"]
    assert (state.last_ok_at, state.data_until, state.rows) == (START, date(2026, 7, 1), 1)
    assert (state.failed_at, state.failure) == (START + timedelta(hours=1), "Source 'shop' is away.")
    assert ledger.reads(START)["sales"].failure is None
    record(ledger, read(frame(since=date(2026, 5, 1), until=None)), at=2)
    state = ledger.reads(None)["sales"]
    assert (state.failure, state.data_until) == (None, date(2026, 7, 1)), "no row in the range moves no end"
    assert ledger.book(TOTAL, scope=EVERYTHING).states == ledger.reads(None)


def test_a_dataset_that_only_failed_was_never_read(ledger: Ledger) -> None:
    record(ledger, DatasetRead("sales", "v1", "shop", "failed", "Source 'shop' is away.", 2.0, None))
    state = ledger.reads(None)["sales"]
    assert (state.last_ok_at, state.data_until, state.failed_at) == (None, None, START)
    assert ledger.were_read([("sales", "v1")]) == frozenset()


def test_a_version_that_was_read_once_is_known(ledger: Ledger) -> None:
    record(ledger, months(10.0))
    asked = [("sales", "v1"), ("sales", "v2"), ("stock", "v1")]
    assert ledger.were_read(asked) == {("sales", "v1")}
    assert ledger.were_read([]) == frozenset()


def test_states_of_many_datasets_are_apart(ledger: Ledger) -> None:
    for at, name in enumerate(("b", "a", "c", "a")):
        status = "failed" if at == 3 else "ok"
        record(
            ledger, DatasetRead(name, f"v{at}", "shop", status, "broken" if at == 3 else "", 0.1, None), at=at
        )
    states = ledger.reads(None)
    assert {name: (state.version, state.failure) for name, state in states.items()} == {
        "a": ("v1", "broken"),
        "b": ("v0", None),
        "c": ("v2", None),
    }
    assert set(ledger.reads(START)) == {"b"}


def test_members_are_those_that_have_values(ledger: Ledger) -> None:
    cells = [
        cell("sales.total", "2026-05", 1.0, by=("plan",), member=(who,)) for who in ("B", "A", "(unknown)")
    ]
    record(ledger, read(frame(*cells)))
    record(ledger, read(frame(*cells[1:])), at=1)
    assert ledger.members(TOTAL, ("plan",), EVERYTHING) == (("(unknown)",), ("A",))
    assert ledger.members(TOTAL, ("plan",), EVERYTHING, START) == (("(unknown)",), ("A",), ("B",))


def test_nothing_is_read_from_an_empty_ledger(ledger: Ledger) -> None:
    book = ledger.book(TOTAL, [("plan",)], scope=EVERYTHING)
    assert (book.run, book.observation("sales.total", month("2026-05")), book.states) == (None, None, {})
