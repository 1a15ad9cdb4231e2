"""The configuration of the demo: it loads, and every KPI has all that a board needs to use it."""

from pathlib import Path

import pytest

from connectors.sources import load_sources
from dashboard.board.balance import remarks
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog, PanelKind, Side
from dashboard.units import Unit
from tests.demo.conftest import Ask
from tests.demo.kpis import CONFIG

ASSET = {
    "active_customers",
    "customers_acquired",
    "customer_retention_rate",
    "voluntary_churn_rate",
    "customer_lifetime_value",
    "customer_equity",
    "customer_equity_change",
}
LOYALTY = {
    "net_promoter_score",
    "brand_nps",
    "customer_satisfaction",
    "bottom_box_share",
    "survey_response_rate",
    "closed_loop_rate",
    "net_revenue_retention",
    "gross_revenue_retention",
    "earned_growth_rate",
    "perception_gap",
    "listening_balance",
}
EFFORT = {
    "customer_effort_score",
    "first_contact_resolution",
    "right_first_time_rate",
    "failure_demand_share",
    "cycle_time_p90",
}
FINANCE = {
    "revenue_growth",
    "gross_margin_pct",
    "operating_margin_pct",
    "cost_to_serve_per_customer",
    "cost_of_poor_quality_ratio",
    "customer_acquisition_cost",
    "promotion_to_operations_ratio",
    "revenue_at_risk",
}
KPIS = sorted(ASSET | LOYALTY | EFFORT | FINANCE)

# Pairs that are not of two sides: what customers do with their money, and what the company earns by it.
BOTH_IN_MONEY = {
    "net_revenue_retention",
    "gross_revenue_retention",
    "earned_growth_rate",
    "revenue_growth",
    "operating_margin_pct",
}


@pytest.fixture(scope="module")
def catalog(small_company: Path) -> Catalog:
    sources, problems = load_sources(CONFIG, {"MERIDIAN_DATABASE": str(small_company)})
    assert problems == ()
    return load_catalog(CONFIG, sources={name: source.owner for name, source in sources.items()})


def test_the_overview_shows_ten_pairs_three_trends_and_three_lists(catalog: Catalog) -> None:
    kinds = [panel.kind for panel in catalog.page("overview").panels]
    assert kinds == [PanelKind.PAIR] * 10 + [PanelKind.TREND] * 3 + [PanelKind.CHECKLIST] * 3


def test_the_pairs_of_the_overview_have_a_customer_or_people_side_and_a_financial_one(
    catalog: Catalog,
) -> None:
    for panel in catalog.page("overview").panels:
        if panel.kind is PanelKind.PAIR:
            metric = catalog.metric(panel.subjects[0])
            assert metric.neighbour is not None
            assert metric.side in (Side.CUSTOMER, Side.PEOPLE) or metric.id in BOTH_IN_MONEY
            assert catalog.metric(metric.neighbour.metric).side is Side.FINANCIAL


def test_the_milestones_of_the_initiatives_are_listed(catalog: Catalog) -> None:
    kinds = {panel.kind: panel.subjects for panel in catalog.page("initiatives").panels}
    assert kinds[PanelKind.LINES] == ("milestones",)


def test_nothing_is_out_of_balance(catalog: Catalog) -> None:
    assert remarks(catalog) == ()


@pytest.mark.parametrize("name", KPIS)
def test_every_kpi_says_why_who_and_what_then(catalog: Catalog, name: str) -> None:
    metric = catalog.metric(name)
    assert all((metric.why, metric.question, metric.owner, metric.action, metric.source, metric.pitfalls))
    assert metric.targets or metric.no_target


@pytest.mark.parametrize("name", KPIS)
def test_every_kpi_has_a_neighbour_on_the_other_side_or_says_why_not(catalog: Catalog, name: str) -> None:
    metric = catalog.metric(name)
    if metric.neighbour is None:
        assert metric.no_neighbour
        return
    assert metric.neighbour.because
    assert metric.neighbour.sign == "none" or metric.neighbour.lag is not None
    other = catalog.metric(metric.neighbour.metric)
    assert (other.side is metric.side) == (name in BOTH_IN_MONEY)


@pytest.mark.parametrize("name", KPIS)
def test_every_customer_kpi_tells_what_it_rests_on(catalog: Catalog, name: str) -> None:
    metric = catalog.metric(name)
    assert metric.base is not None or metric.side is Side.FINANCIAL


def test_the_targets_are_those_of_the_target_table(catalog: Catalog, ask: Ask) -> None:
    for name, valid_from, value in ask(
        "SELECT kpi_id, valid_from, value::DOUBLE FROM target WHERE scope = 'all'"
    ):
        assert (valid_from, value) in catalog.metric(name).targets


def test_shares_are_held_as_fractions(catalog: Catalog) -> None:
    for name in KPIS:
        metric = catalog.metric(name)
        if metric.unit is Unit.PERCENT:
            assert all(-1 <= value <= 1.5 for _, value in metric.targets), name
