"""All seventy KPIs are there, and each is held against a calculation by hand, which knows no formula."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from connectors.sources import load_sources
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from tests.demo import (
    test_kpis_asset,
    test_kpis_effort,
    test_kpis_exits,
    test_kpis_finance,
    test_kpis_initiatives,
    test_kpis_journeys,
    test_kpis_loyalty,
    test_kpis_people,
    test_kpis_trust,
    test_kpis_value,
)
from tests.demo.kpis import CONFIG
from tests.demo.seventy import QUESTIONS, SEVENTY

# Where each is worked out by hand. Values rest on a model, which test_kpis_worth.py fits anew.
BY_HAND: Mapping[str, Collection[str]] = {
    "asset": test_kpis_asset.KPIS,
    "value": test_kpis_value.KPIS,
    "loyalty": (*test_kpis_loyalty.KPIS, *test_kpis_loyalty.WHOLE_COMPANY, test_kpis_loyalty.BY_QUARTER),
    "effort": test_kpis_effort.KPIS,
    "trust": test_kpis_trust.KPIS,
    "journeys": test_kpis_journeys.KPIS,
    "exits": test_kpis_exits.KPIS,
    "people": test_kpis_people.KPIS,
    "finance": test_kpis_finance.KPIS,
    "initiatives": test_kpis_initiatives.KPIS,
}


@pytest.fixture(scope="module")
def catalog(small_company: Path) -> Catalog:
    sources, _ = load_sources(CONFIG, {"MERIDIAN_DATABASE": str(small_company)})
    return load_catalog(CONFIG, sources={name: source.owner for name, source in sources.items()})


def test_there_are_seventy_of_nine_questions() -> None:
    assert [len(names) for names in QUESTIONS.values()] == [7, 11, 5, 8, 8, 6, 11, 8, 6]
    assert len(SEVENTY) == 70


@pytest.mark.parametrize("name", SEVENTY)
def test_each_is_configured_and_worked_out_by_hand_once(catalog: Catalog, name: str) -> None:
    assert name in catalog.metrics
    assert sum(name in names for names in BY_HAND.values()) == 1
