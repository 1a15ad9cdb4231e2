"""The customer asset from a CSV file through the ledger: it foots in every span and group, as one figure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dashboard.board.drawings import Waterfall
from dashboard.board.equity import equity_metric
from dashboard.board.masking import read_masked
from dashboard.board.panels import TrendPanel
from dashboard.board.view import View
from dashboard.definitions.derivation import EQUITY, EQUITY_CUSTOMERS
from dashboard.ledger.figures import figure
from dashboard.ledger.scope import EVERYTHING
from dashboard.periods import Grain
from tests.board.practices import QUARTER, Company, opened, told

STATEMENT, BRIDGE, WORTH = 0, 1, 2
MOVEMENTS = slice(1, 13)
SEGMENTS = ("Business", "Consumer", "Wholesale")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(tmp_path_factory.mktemp("practices")) as found:
        yield found


def amounts(company: Company, view: View = QUARTER) -> list[list[float | None]]:
    """The lines of the statement, a list a line, of the five spans."""
    return [
        [field.value for field in row[1:]] for row in company.exhibit("asset", STATEMENT, view).sheet.rows
    ]


def test_the_statement_tells_what_became_of_the_asset(company: Company) -> None:
    panel = company.exhibit("asset", STATEMENT)
    assert panel.sentence == (
        "Customer asset: €3.6M became €4M; new customers brought €334K, losses took €161.8K, "
        "and those who stayed are worth €167.7K more."
    )
    rows = told(panel)
    assert [row[0] for row in rows][:3] == ["Opening", "New customers", "Customers who came back"]
    assert ["Customers valued", "883", "988", "1,091", "1,192", "1,291"] in rows
    assert panel.small_print == (
        "amounts in € thousand; files hold them in full",
        "discounted at 10.0% a year; before tax, and without customers who have yet to come",
        "with a discount rate a point higher or lower: €3.7M to €4.4M",
        "with a retention a point a year lower or higher: €3.6M to €4.4M",
        "the margin multiple gives €1.6M: an explanation is due",
    )


@pytest.mark.parametrize("grain", [Grain.QUARTER, Grain.YEAR_TO_DATE, Grain.TWELVE_MONTHS])
@pytest.mark.parametrize("member", [None, "Consumer"])
def test_it_foots_in_every_span_and_group(company: Company, grain: Grain, member: str | None) -> None:
    view = replace(QUARTER, grain=grain)
    if member is not None:
        view = replace(view, slice=("segment",), member=(member,))
    found = amounts(company, view)
    whole = [column for column in zip(*found, strict=True) if None not in column]
    assert whole
    for column in whole:
        cents = [round((value or 0.0) * 100) for value in column]
        assert cents[0] + sum(cents[MOVEMENTS]) == cents[13]


def test_each_span_begins_where_the_one_before_ended(company: Company) -> None:
    found = amounts(company)
    assert found[0][1:] == found[13][:-1]


def test_groups_add_up_to_everybody(company: Company) -> None:
    derivation = company.catalog.derivations["customer_asset"]
    metrics = [equity_metric(derivation, name) for name in (EQUITY, EQUITY_CUSTOMERS)]
    metrics = [replace(metric, base=None) for metric in metrics]  # the small group is looked at for the sum
    book = read_masked(company.catalog, company.ledger, metrics, {(), ("segment",)}, scope=EVERYTHING)
    quarter = company.catalog.board.calendar.containing(Grain.QUARTER, QUARTER.ending)
    for metric, within in zip(metrics, (2000.0, 0.0), strict=True):
        parts = [
            figure(company.catalog, book, metric, quarter, ("segment",), (segment,)).value or 0.0
            for segment in SEGMENTS
        ]
        whole = figure(company.catalog, book, metric, quarter).value
        assert sum(parts) == pytest.approx(whole, abs=within)


@pytest.mark.parametrize("member", ["Wholesale", "Business"])  # four people, and what would give them away
def test_a_small_group_is_not_valued_in_sight(company: Company, member: str) -> None:
    panel = company.exhibit("asset", STATEMENT, replace(QUARTER, slice=("segment",), member=(member,)))
    assert {field.text for row in panel.sheet.rows for field in row[1:]} == {"not shown"}
    assert all(field.value is None for row in panel.sheet.rows for field in row[1:])


def test_the_waterfall_has_the_same_ends(company: Company) -> None:
    drawing = company.exhibit("asset", BRIDGE).drawing
    assert isinstance(drawing, Waterfall)
    found = amounts(company)
    assert (drawing.steps[0].end, drawing.steps[-1].end) == (found[0][-1], found[13][-1])
    assert drawing.steps[-2].end == pytest.approx(drawing.steps[-1].end)
    assert [step.label for step in drawing.steps] == [
        "Opening",
        "New customers",
        "Came back",
        "Lost",
        "Change in value of those who stayed",
        "Closing",
    ]


def test_a_kpi_over_it_is_the_same_figure_month_by_month(company: Company) -> None:
    page = company.page("asset")
    worth, each, change = (panel for panel in page.panels[WORTH : WORTH + 3] if isinstance(panel, TrendPanel))
    closing = company.exhibit("asset", 5).sheet.rows[13][-1].value
    assert worth.readings[0].figure.value == closing
    customers = company.exhibit("asset", 5).sheet.rows[14][-1].value
    assert each.readings[0].figure.value == pytest.approx((closing or 0.0) / (customers or 1.0))
    opening = company.exhibit("asset", 5).sheet.rows[0][-1].value
    assert change.readings[0].figure.value == pytest.approx((closing or 0.0) - (opening or 0.0))
    assert sum(point.figure.value is not None for point in worth.readings[0].points) >= 20


def test_before_a_model_can_be_fitted_nothing_is_valued(company: Company) -> None:
    panel = company.exhibit("asset", STATEMENT, replace(QUARTER, ending=date(2024, 3, 1)))
    assert panel.sentence == "Customer asset cannot be valued for this span."
    assert {row[-1] for row in told(panel)} == {"n/a"}
