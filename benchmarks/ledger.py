"""What a page costs to read from a ledger of years: 70 measures, 60 months, 20 members and 100 runs.

Each run asks the last 14 months again; the newest month is new in all series, and two in a hundred of the
other values have changed. Goals on SQLite: at most 30 ms for a page's read, and a file below 200 MB.

    python -m benchmarks.ledger [--runs 100] [--pages 40] [--url URL]
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dashboard.ledger.months import as_period, number
from dashboard.ledger.recording import DatasetRead
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell, MeasureFrame

GOAL_MS, GOAL_MB = 30.0, 200.0
MEASURES, MONTHS, MEMBERS, HORIZON, CHANGED = 70, 60, 20, 14, 0.02
ON_A_PAGE = 16  # eight pairs of a measure each, or fewer metrics of more measures
BY = ("segment",)
SLICES = ((), BY)
LAST = number(date(2026, 9, 1))
START = datetime(2024, 10, 1, tzinfo=UTC)
CUTS = (((), ()), *((BY, (f"member {place:02}",)) for place in range(MEMBERS)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--url", help="A ledger to fill instead of a SQLite file; it must be empty.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        with Ledger(asked.url or f"sqlite:///{path}") as ledger:
            spent = list(_fill(ledger, asked.runs))
            pages = [_page(place) for place in range(asked.pages)]
            now = _times(lambda page: ledger.book(page, SLICES, scope=EVERYTHING), pages)
            then = START + timedelta(days=7 * (asked.runs // 2))
            past = _times(lambda page: ledger.book(page, SLICES, scope=EVERYTHING, as_of=then), pages[:10])
            began = time.perf_counter()
            found = ledger.verify()
            verified = time.perf_counter() - began
        size = sum(file.stat().st_size for file in Path(folder).glob("ledger.sqlite*")) / 1e6
    print(f"observations:                    {found.observations:11,} in {found.runs} runs")
    print(f"recording a run:                 {1000 * statistics.median(spent[1:] or spent):11.1f} ms, median")
    print(f"verifying all:                   {verified:11.1f} s, {len(found.problems)} problems")
    print(f"a page's read as of half way:    {1000 * statistics.median(past):11.1f} ms, median")
    print(f"a page's read, 95th percentile:  {1000 * sorted(now)[int(0.95 * len(now))]:11.1f} ms")
    if not asked.url:
        print(f"file {size:.0f} MB  (goal below {GOAL_MB:.0f})")
    print(f"a page's read {1000 * statistics.median(now):.1f} ms  (goal at most {GOAL_MS:.0f})")


def _fill(ledger: Ledger, runs: int) -> Iterator[float]:
    """Record the runs a week apart, and give the seconds that each took."""
    chance = random.Random(7)  # noqa: S311
    values: dict[tuple[int, int, int], float] = {}
    for run in range(runs):
        last = LAST - (runs - 1 - run) * 3 // 13  # thirteen weeks are three months
        first = LAST - MONTHS + 1 if not run else last - HORIZON + 1
        cells = tuple(_cells(values, chance, first, last))
        frame = MeasureFrame(
            "sales", cells, as_period((first, first + 1)).start if run else None, None, 1, ()
        )
        reading = DatasetRead("sales", "v1", "shop", "ok", "", 1.0, frame, _page(0, MEASURES), SLICES)
        moment = START + timedelta(days=7 * run)
        began = time.perf_counter()
        ledger.record(moment, moment, "benchmark", "c1", [reading])
        yield time.perf_counter() - began


def _cells(
    values: dict[tuple[int, int, int], float], chance: random.Random, first: int, last: int
) -> Iterator[Cell]:
    for month in range(first, last + 1):
        period = as_period((month, month + 1))
        for measure in range(MEASURES):
            for place, (cut, member) in enumerate(CUTS):
                key = (measure, place, month)
                if key not in values or month == last or chance.random() < CHANGED:
                    values[key] = round(chance.uniform(0, 1e6), 2)
                yield Cell(f"sales.m{measure}", period, cut, member, values[key], 100)


def _page(place: int, measures: int = ON_A_PAGE) -> dict[str, str]:
    return {f"sales.m{(place * 5 + step) % MEASURES}": "v1" for step in range(measures)}


def _times(read: Callable[[dict[str, str]], object], pages: list[dict[str, str]]) -> list[float]:
    """Seconds for each page, the best of three: what else the machine does is not the ledger's."""
    return [min(_time(read, page) for _ in range(3)) for page in pages]


def _time(read: Callable[[dict[str, str]], object], page: dict[str, str]) -> float:
    began = time.perf_counter()
    read(page)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
