"""The page of evidence finds what goes with recommendation as it was planted, and agrees with the rows."""

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from pathlib import Path

import duckdb
import numpy as np
import pytest

from dashboard.board.assembly import assemble
from dashboard.board.panels import ExhibitPanel
from dashboard.board.view import View
from dashboard.definitions.model import PanelKind
from dashboard.demo import truths
from dashboard.demo.timeline import Floats
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain
from tests.demo.conftest import opened
from tests.demo.kpis import Measured

pytestmark = pytest.mark.slow

NAMES = [driver.question for driver in truths.LOYALTY_DRIVERS]
QUARTER = View(Grain.QUARTER, date(2026, 9, 1))
SEGMENTS = [
    View(Grain.YEAR_TO_DATE, date(2026, 9, 1), ("segment",), (name,))
    for name in ("Consumer", "Small business", "Enterprise")
]
LEFT_OF_IT = 0.96  # of a weight: five boxes take the rest
SPANS = {Grain.QUARTER: "2026-07-01", Grain.YEAR_TO_DATE: "2026-04-01"}  # the first day


@pytest.fixture(scope="module")
def company(whole_company: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(whole_company) as connection:
        yield connection


def answers(company: duckdb.DuckDBPyConnection, first: str, segment: str = "") -> Floats:
    """A row a long sheet: the recommendation, then its drivers."""
    columns = ", ".join(
        f"max(score) FILTER (WHERE question_key = '{key}')::DOUBLE" for key in ("nps_recommend", *NAMES)
    )
    found = company.execute(
        f"""SELECT {columns} FROM survey_response JOIN customer USING (customer_key)
            WHERE answered_at >= ?::TIMESTAMPTZ AND answered_at < '2026-10-01'::TIMESTAMPTZ
              AND (? = '' OR segment = ?)
            GROUP BY response_key HAVING count(*) FILTER (WHERE question_key = 'network_works') = 1
            ORDER BY response_key""",
        [first, segment, segment],
    ).fetchall()
    return np.array(found)


def explained(rows: Floats, drivers: tuple[int, ...]) -> float:
    """R² of an ordinary regression on these columns."""
    outcome = rows[:, 0] - rows[:, 0].mean()
    design = np.column_stack([np.ones(len(rows)), rows[:, list(drivers)]])
    left = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    return 1 - float(left @ left / (outcome @ outcome))


def shares(rows: Floats) -> dict[str, float]:
    """The gain in R² of each driver, averaged over every order of entry, one order after the other."""
    orders = list(permutations(range(1, len(NAMES) + 1)))
    known: dict[frozenset[int], float] = {}
    gains = dict.fromkeys(range(1, len(NAMES) + 1), 0.0)
    for order in orders:
        for place, driver in enumerate(order):
            sets = [frozenset(order[:place]), frozenset(order[: place + 1])]
            for each in sets:
                if each not in known:
                    known[each] = explained(rows, tuple(each))
            gains[driver] += known[sets[1]] - known[sets[0]]
    return {NAMES[driver - 1]: gain / len(orders) for driver, gain in gains.items()}


def panel(whole: Measured, whole_company: Path, view: View) -> ExhibitPanel:
    page = whole.catalog.page("evidence")
    [place] = [place for place, each in enumerate(page.panels) if each.kind is PanelKind.DRIVERS]
    with Ledger(f"sqlite:///{whole_company.with_suffix('.sqlite')}") as ledger:
        made = assemble(whole.catalog, ledger, page, view, scope=EVERYTHING, today=date(2026, 10, 15))
    found = made.panels[place]
    assert isinstance(found, ExhibitPanel), found
    return found


@pytest.mark.parametrize("views", [[QUARTER], SEGMENTS], ids=["all", "segments"])
def test_the_page_says_what_the_rows_say(
    whole: Measured, whole_company: Path, company: duckdb.DuckDBPyConnection, views: list[View]
) -> None:
    told = [(view, found) for view in views if (found := panel(whole, whole_company, view)).sheet.rows]
    assert told  # a segment of few is kept back, and another with it
    for view, found in told:
        rows = answers(company, SPANS[view.grain], *view.member)
        expected = {name.replace("_", " ").capitalize(): share for name, share in shares(rows).items()}
        assert {row[0].text: row[1].value for row in found.sheet.rows} == pytest.approx(expected, abs=1e-9)
        assert f"of {len(rows):,} answers" in found.small_print[0]


def test_what_was_planted_is_found_in_its_order(whole: Measured, whole_company: Path) -> None:
    """The share itself is compared with the rows above: processors differ in a logarithm's last digit."""
    found = panel(whole, whole_company, QUARTER)
    assert found.sentence == (
        f"“Network works” goes most with “Would recommend”: {found.sheet.rows[0][1].text} of its variation; "
        "of those that go with it, “Bills are clear” scores lowest; “Shops are pleasant” cannot be told from "
        "chance."
    )


def test_over_all_answers_each_weight_is_found(company: duckdb.DuckDBPyConnection) -> None:
    rows = answers(company, "2021-10-01")
    found = shares(rows)
    by_weight = sorted(truths.LOYALTY_DRIVERS, key=lambda driver: -driver.weight)
    assert sorted(found, key=lambda name: -found[name]) == [driver.question for driver in by_weight]
    for place, driver in enumerate(truths.LOYALTY_DRIVERS, start=1):
        correlation = np.corrcoef(rows[:, 0], rows[:, place])[0, 1]
        assert correlation == pytest.approx(LEFT_OF_IT * driver.weight, abs=0.04)
        assert (rows[:, place] >= 4).mean() == pytest.approx(driver.level, abs=0.06)
