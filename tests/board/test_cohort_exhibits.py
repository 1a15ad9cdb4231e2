"""Cohort grids and survival curves from CSV files through the ledger: young, small and returning cohorts."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard.board.assembly import assemble
from dashboard.board.cohorts import drawn_ages
from dashboard.board.drawings import Ages, Survival
from dashboard.board.panels import FailedPanel, LockedPanel
from dashboard.deployment import load
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain
from dashboard.service import _choices
from tests.board.practices import CONFIGURATION, JOINING, NOW, QUARTER, Company, measured, opened, told

GRID, CURVE, CURVES, BUYERS, NO_CURVE = range(5)
LATER = datetime(2026, 10, 16, tzinfo=UTC)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(tmp_path_factory.mktemp("practices")) as found:
        yield found


def test_a_grid_tells_the_newest_cohort_of_a_year_against_those_before(company: Company) -> None:
    panel = company.exhibit("retention", GRID)
    assert panel.sentence == (
        "71.9% of those who joined in Jul–Sept 2025 were still there 4 quarters later, "
        "and 72.0% of those who joined before: no detectable difference."
    )
    rows = told(panel)
    assert rows[1] == ["Jan–Mar 2024", "164", "1", "142", "86.6%"]  # 80 + 58 + the 4 wholesalers
    shares = {(row[0].text, row[2].text): row[4].value for row in panel.sheet.rows}
    for age, (consumer, business) in enumerate(zip(*(there for _, there in JOINING.values()), strict=True)):
        found = shares["Oct–Dec 2024", str(age)]
        assert found == (pytest.approx((consumer + business) / 160) if age <= 7 else None)


def test_an_age_that_is_not_over_is_empty_with_the_reason(company: Company) -> None:
    panel = company.exhibit("retention", GRID)
    assert ["Jul–Sept 2026", "160", "1", "not over yet", "not over yet"] in told(panel)
    assert isinstance(panel.drawing, Ages)
    newest = [cell for cell in panel.drawing.cells if cell.row == len(panel.drawing.rows) - 1]
    assert {(cell.value, cell.text, cell.why) for cell in newest} == {(None, "", "not over yet")}
    assert panel.small_print[0] == "an empty field is an age that is not over for all of a row"


def test_an_earlier_span_knows_nothing_of_what_came_later(company: Company) -> None:
    panel = company.exhibit("retention", GRID, replace(QUARTER, ending=date(2025, 3, 1)))
    rows = told(panel)
    assert rows[-1][0] == "Jan–Mar 2025"
    assert ["Apr–Jun 2024", "160", "4", "not over yet", "not over yet"] in rows
    assert ["Apr–Jun 2024", "160", "3", "120", "75.0%"] in rows


def test_a_small_cohort_is_kept_back_with_what_would_give_it_away(company: Company) -> None:
    wholesale = company.exhibit(
        "retention", GRID, replace(QUARTER, slice=("segment",), member=("Wholesale",))
    )
    business = company.exhibit("retention", GRID, replace(QUARTER, slice=("segment",), member=("Business",)))
    for panel in (wholesale, business):
        first = [row for row in panel.sheet.rows if row[0].text == "Jan–Mar 2024"]
        assert {row[1].text for row in first} == {row[4].text for row in first} == {"not shown"}
        assert all(row[place].value is None for row in first for place in (1, 3, 4))
    assert told(business)[11][1] == "60"
    assert "1 rows are not shown, to protect groups of fewer than 10" in business.small_print


def test_there_again_is_said_of_events(company: Company) -> None:
    panel = company.exhibit("retention", BUYERS)
    assert panel.sentence == (
        "0.0% of those who joined in Jul–Sept 2025 were there again 4 quarters later, "
        "and 0.0% of those who joined before: no detectable difference."
    )
    assert ["Apr–Jun 2025", "20", "2", "10", "50.0%"] in told(panel)


def test_a_curve_is_that_of_all_cohorts_together(company: Company) -> None:
    panel = company.exhibit("retention", CURVE)
    assert panel.sentence == "72.0% of those who joined are still here 4 quarters after joining."
    assert isinstance(panel.drawing, Survival)
    [curve] = panel.drawing.curves
    for step in curve.curve.steps[:8]:
        there = sum(here[int(step.age)] for _, here in JOINING.values())
        assert step.survival == pytest.approx(there / 160, abs=0.01)  # the wholesalers all stay
    assert all(before.at_risk > after.at_risk for before, after in pairwise(curve.curve.steps))


def test_curves_of_groups_are_tested_and_the_table_has_those_at_risk(company: Company) -> None:
    panel = company.exhibit("retention", CURVES)
    assert panel.sentence == (
        "The groups do not stay alike: 60.0% of Consumer and 91.7% of Business are still here "
        "4 quarters after joining (log-rank p < 0.001)."
    )
    assert ["Consumer", "1", "1,000", "200", "80.0%", "77.4%", "82.3%"] in told(panel)
    assert "Wholesale: not shown, to protect groups of fewer than 10." in panel.small_print
    content = list(csv.DictReader(io.StringIO(panel.sheet.csv_bytes().decode("utf-8-sig"))))
    assert float(content[0]["Still here"]) == pytest.approx(0.8)


def test_curves_of_events_are_not_drawn_and_the_reason_is_told(company: Company) -> None:
    panel = company.exhibit("retention", NO_CURVE)
    assert panel.drawing is None
    assert panel.sentence == "Buyers are not survival curves."
    assert panel.notices == (
        "These cohorts are of events: who was not there in one period may be there again in the next, so "
        "nobody is known to be lost, and no survival curve is drawn. The cohort grid shows them; curves need "
        "spans or snapshots.",
    )


def test_a_group_that_is_not_recorded_fails_with_what_to_do(company: Company) -> None:
    view = replace(QUARTER, slice=("segment",), member=("Consumer",))
    panel = company.page("retention", view).panels[BUYERS]
    assert isinstance(panel, FailedPanel)
    assert panel.message == (
        "Buyers is not recorded by segment. Choose another group, or add slices: [segment] to it in "
        "derivations/customers.yaml."
    )


def test_an_age_is_no_group_to_choose(company: Company) -> None:
    page = company.catalog.page("retention")
    found = _choices(company.catalog, company.ledger, page, EVERYTHING, NOW.date())
    assert list(found.groups) == ["all", "segment:Business", "segment:Consumer", "segment:Wholesale"]


def test_what_was_closed_stays_as_it_was_known(tmp_path: Path) -> None:
    with opened(tmp_path) as company:
        before = told(company.exhibit("retention", GRID))
        period = company.catalog.board.calendar.containing(Grain.QUARTER, QUARTER.ending)
        company.ledger.closes.close("2026-Q2", period, run=1, author="Secretary", now=LATER)
        file = tmp_path / "subscriptions.csv"
        file.write_text(
            file.read_text().replace("2024-04-10,,Consumer-1-0,", "2024-04-10,2024-05-02,Consumer-1-0,")
        )
        measured(company.environ, company.ledger, LATER)
        page = company.page("retention")
        assert page.closed is not None
        assert page.closed.restated == ()
        assert told(company.exhibit("retention", GRID)) == before
        open_ = told(company.exhibit("retention", GRID, replace(QUARTER, ending=date(2026, 6, 1))))
        assert ["Apr–Jun 2024", "160", "3", "119", "74.4%"] in open_


def test_nothing_measured_is_locked(tmp_path: Path) -> None:
    environ = {"EXPORTS_DIR": str(tmp_path), "BOARDSEAT_LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}"}
    deployment = load(CONFIGURATION, environ)
    with Ledger(deployment.ledger_url) as ledger:
        page = deployment.catalog.page("retention")
        made = assemble(deployment.catalog, ledger, page, QUARTER, scope=EVERYTHING, today=NOW.date())
    assert [panel.datasets for panel in made.panels if isinstance(panel, LockedPanel)][:4] == [
        ("subscribers",),
        ("subscribers",),
        ("subscribers",),
        ("buyers",),
    ]


@pytest.mark.parametrize(
    ("ages", "drawn"),
    [
        (1, []),
        (2, [1]),
        (13, list(range(1, 13))),
        (20, [1, 2, 4, 6, 8, 10, 12, 14, 16, 18]),
        (60, [1, 6, 12, 18, 24, 30, 36, 42, 48, 54]),
    ],
)
def test_so_many_ages_are_drawn(ages: int, drawn: list[int]) -> None:
    assert list(drawn_ages(ages, 12)) == drawn
