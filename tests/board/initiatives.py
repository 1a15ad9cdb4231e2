"""A company of CSV files with initiatives whose effects are planted, through its own ledger."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from dashboard.board.assembly import assemble
from dashboard.board.panels import ExhibitPanel
from dashboard.connections import readers
from dashboard.deployment import load
from dashboard.ledger.refresh import refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import add_months
from tests.board.practices import NOW, QUARTER, Company, write

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "effects"
FIRST, MONTHS = date(2023, 10, 1), 36
REGIONS = tuple(f"R{number}" for number in range(1, 13))
ONE_CALL, EFFECT = date(2025, 10, 1), 0.05  # in the odd regions
SMALLER_VANS, SAVED = date(2025, 1, 1), 6.0  # everywhere, in euro
VISITS, FEW, FEWER_VISITS = 400, 6, 300

Row = tuple[date, str, str, int, int, int, float]


def rows() -> Iterator[Row]:
    """A row a region and month. One of the Isle has too few visits, and the Lagoon would give it away."""
    draw = random.Random(11)  # noqa: S311
    for place, region in enumerate((*REGIONS, "Isle", "Lagoon")):
        for age in range(MONTHS):
            month = add_months(FIRST, age)
            visits = VISITS if region in REGIONS else FEW if region == "Isle" and age == 20 else FEWER_VISITS
            helped = region in REGIONS[::2] and month >= ONE_CALL
            solved = 0.7 + place / 200 + (EFFECT if helped else 0.0) + draw.gauss(0, 0.02)
            cost = 80 - (SAVED if month >= SMALLER_VANS else 0.0) + draw.gauss(0, 2)
            on_time = 0.8 + draw.gauss(0, 0.02)
            yield month, region, "A", visits, round(visits * solved), round(visits * on_time), visits * cost


@contextmanager
def opened(home: Path) -> Iterator[Company]:
    """The company with its file in `home`, refreshed."""
    write(home / "visits.csv", ("month", "region", "team", "visits", "solved", "on_time", "cost"), rows())
    environ = {"EXPORTS_DIR": str(home), "BOARDSEAT_LEDGER": f"sqlite:///{home / 'ledger.sqlite'}"}
    with Ledger(environ["BOARDSEAT_LEDGER"]) as ledger:
        deployment = load(CONFIGURATION, environ)
        with readers(deployment) as found:
            report = refresh(deployment.catalog, found, ledger, now=lambda: NOW, author="test")
        assert not report.failures
        yield Company(deployment.catalog, ledger, environ)


def in_points_alone(company: Company) -> ExhibitPanel:
    """The initiatives whose effects are all in points."""
    page = company.catalog.page("initiatives")
    first, *_ = page.panels
    chosen = tuple(each for each in first.effects if each.title != "Smaller vans")
    alone = replace(page, panels=(replace(first, effects=chosen),))
    made = assemble(
        company.catalog, company.ledger, alone, QUARTER, scope=EVERYTHING, today=NOW.date()
    ).panels[0]
    assert isinstance(made, ExhibitPanel), made
    return made
