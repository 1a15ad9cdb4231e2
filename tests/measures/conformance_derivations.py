"""The conformance cases of derivations: each kind against the slow model that its own tests explain."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any

from dashboard.definitions.derivation import ENTRY, FREQUENCY_SLICE
from dashboard.measures.frame import MeasureFrame
from dashboard.periods import FiscalCalendar, Grain
from tests.derivations import test_bridge as bridges
from tests.derivations import test_cohort as cohorts
from tests.derivations import test_conversion as conversions
from tests.derivations import test_frequency as frequencies
from tests.derivations import test_texts as texts
from tests.derivations.building import INVOICES, company, derived
from tests.derivations.slow_bridge import slow_bridge
from tests.derivations.slow_cohort import slow_cohort
from tests.engines import Database
from tests.measures.brute_force import Key, Result
from tests.measures.conformance import Case

SEED = 5
ALL_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3}


def _key(line: str, cut: tuple[str, ...], member: tuple[str, ...], start: date, grain: Grain) -> Key:
    month = start.year * 12 + start.month - 1
    return line, cut, member, grain.value, month, month + ALL_MONTHS[grain]


def _cells(frame: MeasureFrame, grain: Grain, *, n: bool) -> dict[Key, Result]:
    """The cells of one grain; without n where the model does not tell it."""
    return {
        _key(cell.measure.partition(".")[2], cell.slice, cell.member, cell.period.start, grain): (
            cell.value,
            (cell.n or 0) if n else 0,
        )
        for cell in frame.cells
        if cell.period.grain is grain
    }


def _of_invoices(database: Database, rows: list[dict[str, Any]], rule: Mapping[str, Any]) -> MeasureFrame:
    database.fill(INVOICES, rows)
    return derived(database, company({"asked": rule}), "asked")


def _bridge(database: Database, over: int) -> MeasureFrame:
    rows = bridges.random_rows(SEED, 160)
    return _of_invoices(database, rows, bridges.bridge(over, **bridges.ALL))


@lru_cache
def _slow_bridge(over: int) -> dict[Key, Result]:
    members = bridges.SPLIT["members"]
    rows = bridges.random_rows(SEED, 160)
    found = slow_bridge(rows, over=over, slices=bridges.SLICES, split="origin", members=list(members))
    return {
        _key(line, cut, member, day, Grain.MONTH): (value, n or 0)
        for (line, cut, member, day), (value, n) in found.items()
    }


def _cohort(database: Database, by: Grain) -> MeasureFrame:
    rule = {"dataset": "invoices", "by": by.value, "ages": [1, 3], "value": "sum(amount)"}
    return _of_invoices(database, cohorts.random_rows(SEED, 160), {"cohort": rule})


@lru_cache
def _slow_cohort(by: Grain) -> dict[Key, Result]:
    rows = cohorts.random_rows(SEED, 160)
    until = max(row["day"] for row in rows) + timedelta(days=1)
    found = slow_cohort(
        rows, by=by, ages=[1, 3], dimension="segment", until=until, calendar=FiscalCalendar(1)
    )
    return {_key(line, cut, member, day, by): (value, 0) for (line, cut, member, day), value in found.items()}


def _conversion_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    draw = random.Random(SEED)  # noqa: S311
    return conversions.random_complaints(draw), conversions.random_purchases(draw)


def _conversion(database: Database) -> MeasureFrame:
    complaints, purchases = _conversion_rows()
    database.fill(conversions.COMPLAINTS, complaints)
    database.fill(conversions.PURCHASES, purchases)
    datasets: Mapping[str, Any] = conversions.DATASETS
    catalog = company({"asked": {"conversion": conversions.RULE}}, datasets)
    return derived(database, catalog, "asked")


@lru_cache
def _slow_conversion() -> dict[Key, Result]:
    found: dict[Key, Result] = {}
    for (line, topic, month), count in conversions.slow_conversion(*_conversion_rows()).items():
        cut, member = ((), ()) if topic is None else (("topic",), (topic,))
        found[_key(line, cut, member, date.fromisoformat(f"{month}-01"), Grain.MONTH)] = (count, 0)
    return found


def _frequency(database: Database) -> MeasureFrame:
    rule = {"dataset": "invoices", "every": "day", "value": "sum(amount)"}
    return _of_invoices(database, frequencies.random_rows(SEED), {"frequency": rule})


@lru_cache
def _slow_frequency() -> dict[Key, Result]:
    month, found = frequencies.END.replace(day=1), dict[Key, Result]()
    told = frequencies.slow(frequencies.random_rows(SEED), "day")
    whole = sum(count for count, _ in told.values()), sum(worth for _, worth in told.values())
    for cut, member, (count, worth) in (
        ((), (), whole),
        *((FREQUENCY_SLICE, member, counted) for member, counted in told.items()),
    ):
        found[_key("entities", cut, member, month, Grain.MONTH)] = (count, count)
        found[_key("value", cut, member, month, Grain.MONTH)] = (worth, count)
    return found


def _voices(database: Database) -> MeasureFrame:
    database.fill(texts.ANSWERS, _answers())
    rule = {"asked": {"voices": texts.VOICES}}
    return derived(database, company(rule, texts.DATASETS, minimum_group=texts.MINIMUM), "asked")


def _answers() -> list[dict[str, Any]]:
    return texts.random_answers(SEED, 900)


@lru_cache
def _slow_voices() -> dict[Key, Result]:
    found = texts.slow_voices(_answers(), "asked")
    return {
        _key("texts", texts.WIDE, place[1:], place[0], Grain.MONTH): result for place, result in found.items()
    }


def _register(database: Database) -> MeasureFrame:
    database.fill(texts.REVIEWS, texts.random_entries(SEED))
    return derived(database, company({"asked": {"register": texts.REGISTER}}, texts.DATASETS), "asked")


@lru_cache
def _slow_register() -> dict[Key, Result]:
    found = texts.slow_register(texts.random_entries(SEED))
    return {_key("texts", ENTRY, place[1:], place[0], Grain.MONTH): result for place, result in found.items()}


def _texts(frame: MeasureFrame) -> dict[Key, Result]:
    """The texts alone, not how many there are of each slice."""
    return {key: result for key, result in _cells(frame, Grain.MONTH, n=True).items() if len(key[1]) > 1}


def _case(
    name: str,
    frame: Callable[[Database], MeasureFrame],
    wanted: Callable[[], Mapping[Key, Result]],
    grain: Grain = Grain.MONTH,
    *,
    n: bool = True,
) -> Case:
    return Case(name, frame, wanted, partial(_cells, grain=grain, n=n))


CASES = (
    _case("bridge", partial(_bridge, over=1), partial(_slow_bridge, 1)),
    _case("bridge-of-3-months", partial(_bridge, over=3), partial(_slow_bridge, 3)),
    _case("cohort", partial(_cohort, by=Grain.MONTH), partial(_slow_cohort, Grain.MONTH), n=False),
    _case(
        "cohort-of-quarters",
        partial(_cohort, by=Grain.QUARTER),
        partial(_slow_cohort, Grain.QUARTER),
        Grain.QUARTER,
        n=False,
    ),
    _case("conversion", _conversion, _slow_conversion, n=False),
    _case("frequency", _frequency, _slow_frequency),
    Case("voices", _voices, _slow_voices, _texts),
    Case("register", _register, _slow_register, _texts),
)
