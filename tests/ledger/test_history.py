"""For any history, reading as of a moment equals replaying the runs; equal values are written once."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from math import fsum, isclose

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.definitions.model import Slice
from dashboard.ledger import months
from dashboard.ledger.packing import pack, unpack
from dashboard.ledger.schema import observations
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell
from dashboard.periods import Grain, Period
from tests.ledger.frames import CALENDAR, START, cell, frame, month, read, record

MEMBERS: list[tuple[Slice, tuple[str, ...]]] = [((), ()), (("plan",), ("A",)), (("plan",), ("B",))]
MONTHS = [month("2026-01").shifted(n) for n in range(5)]
SPANS = [*MONTHS, *(CALENDAR.containing(Grain.TWELVE_MONTHS, each.start) for each in MONTHS)]
Known = dict[tuple[str, Slice, tuple[str, ...]], dict[Period, tuple[float | None, int | None]]]

values = st.tuples(st.one_of(st.none(), st.floats(-10, 10)), st.one_of(st.none(), st.integers(0, 3)))
places = st.tuples(st.sampled_from(["total", "people"]), st.sampled_from(MEMBERS), st.sampled_from(SPANS))


@dataclass(frozen=True)
class Step:
    """One run: what it finds, and since when it asks; None is from the beginning."""

    found: dict[tuple[str, tuple[Slice, tuple[str, ...]], Period], tuple[float | None, int | None]]
    since: date | None


steps = st.builds(
    Step,
    found=st.dictionaries(places, values, max_size=12),
    since=st.one_of(st.none(), st.sampled_from([each.start for each in MONTHS])),
)
numbers = count()
in_one_ledger = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def asked(step: Step, dataset: str) -> list[Cell]:
    return [
        cell(f"{dataset}.{name}", span, value, n, by=by, member=member)
        for (name, (by, member), span), (value, n) in step.found.items()
        if step.since is None or span.end > step.since
    ]


def replayed(history: list[Step]) -> Known:
    """What is known after the runs: each forgets what it asks, and learns what it finds."""
    known: Known = {}
    for step in history:
        for track in known.values():
            for span in [span for span in track if step.since is None or span.end > step.since]:
                del track[span]
        for each in asked(step, "sales"):
            key = (each.measure.partition(".")[2], each.slice, each.member)
            known.setdefault(key, {})[each.period] = (each.value, each.n)
    return {key: track for key, track in known.items() if track}


def told(ledger: Ledger, dataset: str, at: int | None) -> Known:
    """The same, as the ledger knows it."""
    moment = None if at is None else START + timedelta(hours=at)
    measures = {f"{dataset}.total": "v1", f"{dataset}.people": "v1"}
    book = ledger.book(measures, [("plan",)], scope=EVERYTHING, as_of=moment)
    spans = {months.span(span): span for span in SPANS}
    assert len(spans) == len(SPANS)
    return {
        (measure.partition(".")[2], by, member): {spans[span]: value for span, value in track.items()}
        for (measure, by, member), track in book.tracks.items()
    }


@in_one_ledger
@given(history=st.lists(steps, min_size=1, max_size=6))
def test_as_of_equals_a_replay(ledger: Ledger, history: list[Step]) -> None:
    dataset = f"sales{next(numbers)}"
    first = len(ledger.runs(100_000)) + 1
    for at, step in enumerate(history, first):
        measures = {f"{dataset}.total": "v1", f"{dataset}.people": "v1"}
        reading = frame(*asked(step, dataset), since=step.since)
        record(ledger, read(reading, measures=measures, slices=((), ("plan",))), at=at)
    for runs in range(len(history) + 1):
        assert told(ledger, dataset, first - 1 + runs) == replayed(history[:runs])
    assert told(ledger, dataset, None) == replayed(history)


@in_one_ledger
@given(step=steps)
def test_equal_values_are_written_once(file_ledger: Ledger, step: Step) -> None:
    def rows() -> int:
        with file_ledger._database.reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(observations)).scalar_one()

    dataset = f"sales{next(numbers)}"
    reading = read(frame(*asked(step, dataset), since=step.since))
    before = rows()
    record(file_ledger, reading)
    assert rows() - before == len(asked(step, dataset))
    record(file_ledger, reading, at=1)
    assert rows() - before == len(asked(step, dataset))


@in_one_ledger
@given(
    found=st.dictionaries(
        st.sampled_from(MONTHS), st.tuples(st.floats(-1e9, 1e9), st.integers(0, 99)), min_size=1
    )
)
@pytest.mark.parametrize("grain", [Grain.QUARTER, Grain.YEAR, Grain.YEAR_TO_DATE, Grain.TWELVE_MONTHS])
def test_months_add_up_to_every_longer_span(
    file_ledger: Ledger, grain: Grain, found: dict[Period, tuple[float, int]]
) -> None:
    measure = f"sales{next(numbers)}.total"
    record(file_ledger, read(frame(*(cell(measure, span, value, n) for span, (value, n) in found.items()))))
    book = file_ledger.book({measure: "v1"}, scope=EVERYTHING)
    for span in CALENDAR.between(grain, MONTHS[0].start, MONTHS[-1].start):
        inside = [found[each] for each in span.months if each in found]
        total = book.observation(measure, span)
        assert (total is None) == (not inside)
        if total is not None and total.value is not None:
            expected = fsum(value for value, _ in inside)
            assert isclose(total.value, expected, rel_tol=1e-11, abs_tol=1e-3)
            assert total.n == sum(n for _, n in inside)


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 99999), st.integers(0, 99999)),
        st.tuples(
            st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
            st.one_of(st.none(), st.integers(0, 2**62)),
        ),
    )
)
def test_packing_keeps_every_value(found: dict[tuple[int, int], tuple[float | None, int | None]]) -> None:
    assert unpack(pack(found)) == found
