"""The KPIs of the demo by the public path, and by SQL that owes nothing to the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from dashboard.board.cohorts import age_slice
from dashboard.connections import readers
from dashboard.definitions.derivation import ENTRY
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog
from dashboard.deployment import Deployment, load
from dashboard.ledger.book import Book
from dashboard.ledger.figures import Figure, Status, figure
from dashboard.ledger.refresh import refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain, Period, add_months, month_of

CONFIG = Path(__file__).parents[2] / "config"
NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
MONTHS = tuple(month_of(add_months(date(2021, 10, 1), count)) for count in range(60))
LAST_DAY = date(2026, 9, 30)
LEDGER = "ledger.sqlite"
ROUNDING = 1e-9  # the ledger keeps twelve digits

# A group by which the SQL is cut: what stands for {g}, of the tables that have such a key.
GROUPS = {
    "": "'all'",
    "segment": "customer.segment",
    "region": "customer.region",
    "department": "department_key",
    "journey": "journey_key",
}


@dataclass(frozen=True)
class Kpi:
    """A KPI by hand: SELECT {g}, month, numerator, denominator GROUP BY ALL.

    Over a quarter it is its numerators by its denominators (`ratio`), their sum (`total`), what it is in the
    last month (`stock`), or nothing that its months say (`own`). `cuts` are slices by which it is recorded.
    """

    sql: str
    over: str = "ratio"
    cuts: tuple[str, ...] = ("segment", "region")


@dataclass(frozen=True)
class Measured:
    """The demo after a refresh, and its tables."""

    company: Path
    catalog: Catalog
    book: Book

    def figure(self, metric: str, period: Period, cut: str = "", member: str = "") -> Figure:
        """The metric's figure, in total or for a member of a slice."""
        where = ((cut,), (member,)) if cut else ((), ())
        return figure(self.catalog, self.book, self.catalog.metric(metric), period, *where)

    def by_hand(self, kpi: Kpi, cut: str = "") -> Mapping[tuple[str, date], tuple[float, float]]:
        """Numerator and denominator by member and month; 'all' stands for the company."""
        with duckdb.connect(str(self.company), read_only=True) as connection:
            connection.execute("SET TimeZone = 'Europe/Amsterdam'")
            rows = connection.execute(
                kpi.sql.replace("{g}", GROUPS[cut]).replace("{entity}", "entity" if cut else "'all'")
            ).fetchall()
        return {(group, month): (float(top or 0), float(base or 0)) for group, month, top, base in rows}


def measured(company: Path, folder: Path) -> Measured:
    """Refresh the configuration of the demo over a company, into a fresh ledger in `folder`."""
    ledger_file = folder / LEDGER
    deployment = _deployment(company, ledger_file)
    with readers(deployment) as sources, Ledger(deployment.ledger_url) as ledger:
        report = refresh(deployment.catalog, sources, ledger, now=lambda: NOW, author="test", full=True)
        assert report.failures == ()
    return recorded(company, ledger_file)


def _deployment(company: Path, ledger: Path) -> Deployment:
    environment = {"MERIDIAN_DATABASE": str(company), "BOARDSEAT_LEDGER": f"sqlite:///{ledger}"}
    return load(CONFIG, environment)


def recorded(company: Path, ledger_file: Path) -> Measured:
    """What a ledger holds of a company that the configuration of the demo has measured."""
    deployment = _deployment(company, ledger_file)
    catalog = deployment.catalog
    with Ledger(deployment.ledger_url) as ledger:
        wanted: dict[str, str] = {}
        for metric in catalog.metrics.values():
            wanted |= measures_of(catalog, metric)
        for derivation in catalog.derivations.values():  # also the lines that no metric names
            wanted |= {each.key: each.version for each in derivation.measures.values()}
        cuts = (
            (),
            *((name,) for name in GROUPS if name),
            ("segment", "region"),
            ("started_in", "fate"),
            ("band",),
            age_slice(("band",)),
            ENTRY,
        )
        return Measured(company, catalog, ledger.book(wanted, cuts, scope=EVERYTHING))


def assert_months(found: Measured, metric: str, kpi: Kpi, cut: str, *, least: int) -> None:
    """Every month by hand is the ledger's; at least `least` months of each member could be compared."""
    compared: dict[str, int] = {}
    for (group, month), (top, base) in found.by_hand(kpi, cut).items():
        told = found.figure(metric, month_of(month), cut, group)
        compared.setdefault(group, 0)
        if told.status is Status.SUPPRESSED:
            continue
        wanted = pytest.approx(top / base, rel=ROUNDING, abs=ROUNDING) if base else None
        assert told.value == wanted, (metric, group, month)
        compared[group] += base != 0
    assert compared and min(compared.values()) >= least, compared


def assert_quarters(found: Measured, metric: str, kpi: Kpi) -> None:
    """Each of the last eight quarters is made of its months in the way of the KPI."""
    hand = found.by_hand(kpi)
    for place in range(36, 60, 3):
        months = [hand.get(("all", MONTHS[place + step].start), (0.0, 0.0)) for step in range(3)]
        if kpi.over == "stock":
            months = months[-1:]
        base = 1.0 if kpi.over == "total" else sum(base for _, base in months)
        wanted = sum(top for top, _ in months) / base
        told = found.figure(metric, quarter_of(found, MONTHS[place].start))
        assert told.value == pytest.approx(wanted, rel=ROUNDING, abs=ROUNDING), (metric, MONTHS[place])


def assert_told(found: Measured, metric: str) -> None:
    """The last quarter has a figure, for which all the data are there."""
    told = found.figure(metric, quarter_of(found, LAST_DAY))
    assert (told.status, told.reason) == (Status.OK, None), metric


def quarter_of(found: Measured, day: date) -> Period:
    """The fiscal quarter of a day."""
    return found.catalog.board.calendar.containing(Grain.QUARTER, day)
