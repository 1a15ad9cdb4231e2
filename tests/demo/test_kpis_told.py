"""The KPIs of trust, journeys, exits, people and initiatives have all that a board needs to use them."""

from pathlib import Path

import pytest

from connectors.sources import load_sources
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog, Side
from tests.demo import (
    test_kpis_exits,
    test_kpis_initiatives,
    test_kpis_journeys,
    test_kpis_people,
    test_kpis_trust,
)
from tests.demo.kpis import CONFIG

FILES = {
    "trust": test_kpis_trust.KPIS,
    "journeys": test_kpis_journeys.KPIS,
    "lost": test_kpis_exits.KPIS,
    "people": test_kpis_people.KPIS,
    "initiatives": test_kpis_initiatives.KPIS,
}
KPIS = [name for kpis in FILES.values() for name in kpis]

# They speak of journeys, roles, milestones and minutes: no people stand behind them who need protection.
OF_THINGS = {
    "cross_functional_ownership_rate",
    "online_information_coverage",
    "customer_linked_incentive_share",
    "statement_metric_alignment",
    "protocol_inspection_rate",
    "owner_concentration",
    "board_customer_airtime",
    "ninety_day_plan_completion",
    "initiative_persistence",
}
# They are in money themselves.
IN_MONEY = {
    "initiative_npv",
    "initiative_roi",
    "benefit_realisation_rate",
    "long_horizon_share",
}


@pytest.fixture(scope="module")
def catalog(small_company: Path) -> Catalog:
    sources, _ = load_sources(CONFIG, {"MERIDIAN_DATABASE": str(small_company)})
    return load_catalog(CONFIG, sources={name: source.owner for name, source in sources.items()})


def test_there_are_39_and_each_stands_in_the_file_of_its_question(catalog: Catalog) -> None:
    assert [len(kpis) for kpis in FILES.values()] == [8, 8, 6, 11, 6]
    for file, kpis in FILES.items():
        found = {name for name, metric in catalog.metrics.items() if metric.file == f"metrics/{file}.yaml"}
        assert found == set(kpis)


@pytest.mark.parametrize("name", KPIS)
def test_each_says_why_who_what_then_and_how_it_may_mislead(catalog: Catalog, name: str) -> None:
    metric = catalog.metric(name)
    assert all((metric.why, metric.question, metric.owner, metric.action, metric.source, metric.pitfalls))
    assert metric.targets or metric.no_target


@pytest.mark.parametrize("name", KPIS)
def test_each_has_a_neighbour_on_the_financial_side_or_says_why_not(catalog: Catalog, name: str) -> None:
    metric = catalog.metric(name)
    if metric.neighbour is None:
        assert metric.no_neighbour
        return
    assert metric.neighbour.because
    assert metric.neighbour.lag is not None
    assert catalog.metric(metric.neighbour.metric).side is Side.FINANCIAL
    assert (metric.side is Side.FINANCIAL) == (name in IN_MONEY)


@pytest.mark.parametrize("name", KPIS)
def test_each_tells_how_many_people_it_rests_on_where_there_are_any(catalog: Catalog, name: str) -> None:
    metric = catalog.metric(name)
    assert (metric.base is None) == (name in OF_THINGS or metric.side is Side.FINANCIAL)
