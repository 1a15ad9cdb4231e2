"""A company of CSV files for the exhibits of practices, through its own ledger: who joined, and who left."""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.board.assembly import assemble
from dashboard.board.panels import BoardPage, ExhibitPanel
from dashboard.board.view import View
from dashboard.connections import readers
from dashboard.definitions.model import Catalog
from dashboard.deployment import load
from dashboard.ledger.refresh import refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain, add_months

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "practices"
NOW = datetime(2026, 10, 15, 8, tzinfo=UTC)
QUARTER = View(Grain.QUARTER, date(2026, 9, 1))
FIRST, QUARTERS = date(2024, 1, 1), 11  # the last cohort joins in July 2026

# Segment -> how many join in each quarter, and how many of them are still there after 0, 1, 2 … quarters.
JOINING = {
    "Consumer": (100, (100, 80, 70, 64, 60, 57, 55, 53, 52, 51, 50)),
    "Business": (60, (60, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49)),
}
MONTHS = 60
FEW = 4  # wholesalers, who join in the first quarter alone and stay


def write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)


def subscriptions() -> Iterator[tuple[object, ...]]:
    """Everybody joins on the 10th of the first month of a quarter, and leaves on the 20th of the second."""
    for segment, (joining, there) in JOINING.items():
        for cohort in range(QUARTERS):
            begin = add_months(FIRST, 3 * cohort).replace(day=10)
            for n in range(joining):
                left = next((age for age, left in enumerate(there) if n >= left), None)
                end = "" if left is None else add_months(begin, 3 * left + 1).replace(day=20)
                gone = end if end and end < NOW.date() else ""
                yield begin, gone, f"{segment}-{cohort}-{n}", segment, 20 if segment == "Consumer" else 50
    yield date(2026, 10, 5), "", "Consumer-new", "Consumer", 20
    for n in range(FEW):
        yield FIRST.replace(day=10), "", f"Wholesale-{n}", "Wholesale", 500


def purchases() -> Iterator[tuple[object, ...]]:
    """In each quarter twenty customers buy for the first time; half of them buy again two quarters later."""
    for cohort in range(QUARTERS):
        for n in range(20):
            yield add_months(FIRST, 3 * cohort).replace(day=5), f"{cohort}-{n}"
            if n < 10 and cohort + 2 < QUARTERS:
                yield add_months(FIRST, 3 * cohort + 6).replace(day=5), f"{cohort}-{n}"
    yield date(2026, 10, 5), "0-0"


def months() -> Iterator[tuple[object, ...]]:
    """Sixty months: complaints come before redress by three, and trust has nothing to do with revenue."""
    draw = random.Random(7)  # noqa: S311
    complaints = [100 + round(draw.gauss(0, 12)) for _ in range(MONTHS)]
    for month in range(MONTHS):
        redress = 500 + 10 * complaints[max(0, month - 3)] + draw.gauss(0, 40)
        revenue = 9000 + draw.gauss(0, 300)
        trust = 60 + draw.gauss(0, 3)
        yield add_months(date(2021, 10, 1), month), complaints[month], round(redress), round(revenue), trust


def fill(home: Path) -> None:
    """All the files of the company."""
    heads = ("started_on", "ended_on", "customer", "segment", "monthly_margin")
    write(home / "subscriptions.csv", heads, subscriptions())
    write(home / "purchases.csv", ("bought_at", "customer"), purchases())
    write(home / "months.csv", ("month", "complaints", "redress", "revenue", "trust"), months())


@dataclass(frozen=True)
class Company:
    """The company measured once: its catalog, its ledger, and pages as they are assembled."""

    catalog: Catalog
    ledger: Ledger
    environ: dict[str, str]

    def page(self, name: str, view: View = QUARTER) -> BoardPage:
        page = self.catalog.page(name)
        return assemble(self.catalog, self.ledger, page, view, scope=EVERYTHING, today=NOW.date())

    def exhibit(self, name: str, place: int, view: View = QUARTER) -> ExhibitPanel:
        panel = self.page(name, view).panels[place]
        assert isinstance(panel, ExhibitPanel), panel
        return panel


@contextmanager
def opened(home: Path) -> Iterator[Company]:
    """The company with its files in `home`, refreshed."""
    fill(home)
    environ = {"EXPORTS_DIR": str(home), "BOARDSEAT_LEDGER": f"sqlite:///{home / 'ledger.sqlite'}"}
    with Ledger(environ["BOARDSEAT_LEDGER"]) as ledger:
        yield Company(measured(environ, ledger, NOW), ledger, environ)


def measured(environ: dict[str, str], ledger: Ledger, now: datetime) -> Catalog:
    """Refresh from the files as they are now."""
    deployment = load(CONFIGURATION, environ)
    with readers(deployment) as found:
        report = refresh(deployment.catalog, found, ledger, now=lambda: now, author="test")
    assert not report.failures
    return deployment.catalog


def told(panel: ExhibitPanel) -> list[list[str]]:
    """The table as a reader sees it."""
    return [[field.text for field in row] for row in panel.sheet.rows]
