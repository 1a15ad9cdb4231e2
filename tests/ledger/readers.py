"""Readers that give what a test has laid out, and can fail, wait and be interrupted as sources do."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.frame import MeasureFrame
from tests.ledger.frames import cell, month

Answer = Callable[[date | None], MeasureFrame]


@dataclass
class Shelf:
    """Gives the answer of each dataset, and remembers what was asked."""

    answers: Mapping[str, Answer]
    asked: list[tuple[str, date | None, datetime]] = field(default_factory=list)

    def measure(
        self, catalog: Catalog, dataset: Dataset, *, since: date | None, now: datetime
    ) -> MeasureFrame:
        self.asked.append((dataset.name, since, now))
        return self.answers[dataset.name](since)


@dataclass
class Stuck:
    """Answers nothing until it is cancelled."""

    begun: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    def measure(
        self, catalog: Catalog, dataset: Dataset, *, since: date | None, now: datetime
    ) -> MeasureFrame:
        self.asked.append(dataset.name)
        self.begun.set()
        assert self.cancelled.wait(30), "nobody cancelled"
        return found(f"{dataset.name}.revenue", 1.0)(since)

    def cancel(self) -> None:
        self.cancelled.set()


def found(measure: str, *values: float, until: date | None = date(2026, 7, 1)) -> Answer:
    """A measure's values from January 2026 on, restricted to what is asked."""

    def answer(since: date | None) -> MeasureFrame:
        cells = [cell(measure, month("2026-01").shifted(n), value) for n, value in enumerate(values)]
        asked = tuple(each for each in cells if since is None or each.period.end > since)
        return MeasureFrame(measure.partition(".")[0], asked, since, until, len(asked), ())

    return answer


def failing(error: BaseException) -> Answer:
    def answer(since: date | None) -> MeasureFrame:
        raise error

    return answer


@dataclass
class Clock:
    """An hour later at every look."""

    hour: int = 0

    def __call__(self) -> datetime:
        self.hour += 1
        return datetime(2026, 7, 1, self.hour, tzinfo=UTC)
