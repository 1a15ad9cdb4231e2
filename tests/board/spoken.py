"""A company of CSV files for texts: answers in words, who may be quoted, and the register of a review."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dashboard.board.assembly import assemble
from dashboard.board.panels import ExhibitPanel, Panel
from dashboard.board.view import View
from dashboard.connections import readers
from dashboard.definitions.model import Catalog
from dashboard.deployment import load
from dashboard.ledger.refresh import refresh
from dashboard.ledger.scope import EVERYTHING, Scope
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain
from tests.board.practices import write

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "texts"
NOW = datetime(2026, 10, 15, 8, tzinfo=UTC)
QUARTER = View(Grain.QUARTER, date(2026, 9, 1))
ANSWER = ("id", "answered_on", "customer", "segment", "region", "score", "may_be_quoted", "said")
REVIEW = ("step", "reviewed_on", "status", "report", "owner")
REVIEWS = (
    (1, "2025-12-01", "open", "", "Ann"),
    (1, "2026-03-01", "done", "Report on 200 interviews", "Ann"),
    (2, "2026-02-01", "open", "", "Bob"),
)


def answers() -> list[dict[str, Any]]:
    """Six of each segment and month of a quarter, scores 2, 7 and 10; of wholesalers too few to be shown."""
    found = []
    for month in (7, 8, 9):
        for segment, count in (("Home", 6), ("Work", 6), ("Wholesale", 2)):
            for place in range(count):
                number = len(found) + 1
                found.append(
                    {
                        "id": number,
                        "answered_on": date(2026, month, 3 + place),
                        "customer": f"c{number}",
                        "segment": segment,
                        "region": "North",
                        "score": (2, 7, 10)[place % 3],
                        "may_be_quoted": "true" if place < 4 or segment == "Wholesale" else "false",
                        "said": f"{segment} {number} says so",
                    }
                )
    return found


@dataclass(frozen=True)
class Company:
    """The company with its ledger; `measure` records its files as they are."""

    home: Path
    catalog: Catalog
    ledger: Ledger
    environ: Mapping[str, str]

    def measure(
        self, rows: Iterable[Mapping[str, Any]], reviews: Iterable[Sequence[object]] = REVIEWS
    ) -> None:
        write(self.home / "answers.csv", ANSWER, ([row[name] for name in ANSWER] for row in rows))
        write(self.home / "reviews.csv", REVIEW, reviews)
        with readers(load(CONFIGURATION, self.environ)) as found:
            report = refresh(self.catalog, found, self.ledger, now=lambda: NOW, author="test")
        assert not report.failures, report.failures

    def panel(self, page: str, view: View = QUARTER, **more: Any) -> Panel:
        asked: dict[str, Any] = {"scope": EVERYTHING, "today": NOW.date(), **more}
        [panel] = assemble(self.catalog, self.ledger, self.catalog.page(page), view, **asked).panels
        return panel

    def exhibit(self, page: str, view: View = QUARTER, **more: Any) -> ExhibitPanel:
        panel = self.panel(page, view, **more)
        assert isinstance(panel, ExhibitPanel), panel
        return panel


def of_group(segment: str) -> View:
    return replace(QUARTER, slice=("segment",), member=(segment,))


def limited(dimension: str, member: str) -> Scope:
    return Scope(((dimension, frozenset({member})),))


@contextmanager
def opened(home: Path) -> Iterator[Company]:
    """The company with nothing measured yet."""
    environ = {"EXPORTS_DIR": str(home), "BOARDSEAT_LEDGER": f"sqlite:///{home / 'ledger.sqlite'}"}
    write(home / "answers.csv", ANSWER, [])
    write(home / "reviews.csv", REVIEW, [])
    with Ledger(environ["BOARDSEAT_LEDGER"]) as ledger:
        yield Company(home, load(CONFIGURATION, environ).catalog, ledger, environ)
