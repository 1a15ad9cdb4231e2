"""The hundred claims of the source documents, each to the KPI, page or rule that shows it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.sources import load_sources
from dashboard.board.shown import shown_metrics
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog, PanelKind
from tests.demo.kpis import CONFIG
from tests.demo.seventy import SEVENTY

ROOT = CONFIG.parent
TRACE: Mapping[str, Any] = yaml.safe_load((CONFIG / "trace.yaml").read_text(encoding="utf-8"))
ROWS: Mapping[int, Mapping[str, Any]] = TRACE["rows"]
SHOWN = ("kpis", "rules")

# KPIs that the source trace itself names for a row, of those that the configuration has.
NAMED = {
    1: "customer_lifetime_value",
    9: "policy_blocked_rate",
    10: "customer_linked_incentive_share",
    16: "internal_customer_ease",
    17: "initiative_npv",
    18: "benefit_realisation_rate",
    24: "statement_metric_alignment",
    26: "handoffs_per_journey",
    29: "revenue_at_risk",
    33: "frontline_belief_score",
    37: "customer_equity",
    38: "ninety_day_plan_completion",
    39: "board_customer_airtime",
    42: "initiative_persistence",
    44: "long_horizon_share",
    45: "owner_concentration",
    65: "line_of_sight_rate",
    73: "former_customer_contact_rate",
    74: "lost_prospect_contact_rate",
    75: "unexplained_stall_rate",
    76: "protocol_inspection_rate",
    77: "churn_reason_coverage",
    78: "role_priority_alignment",
    79: "line_of_sight_rate",
    87: "public_complaint_share",
    89: "perception_gap",
    92: "complaints_per_1000",
    93: "promotion_to_operations_ratio",
    94: "cycle_time_p90",
    95: "online_information_coverage",
    97: "segment_experience_gap",
    98: "trust_score",
}


@pytest.fixture(scope="module")
def catalog(small_company: Path) -> Catalog:
    sources, _ = load_sources(CONFIG, {"MERIDIAN_DATABASE": str(small_company)})
    return load_catalog(CONFIG, sources={name: source.owner for name, source in sources.items()})


@pytest.fixture(scope="module")
def shown(catalog: Catalog) -> Mapping[str, set[str]]:
    """The metrics that stand on each page."""
    return {
        name: {metric.id for metric in shown_metrics(catalog, page)} for name, page in catalog.pages.items()
    }


def test_there_are_all_hundred_rows_and_no_other() -> None:
    assert list(ROWS) == list(range(1, 101))
    assert set(TRACE) == {"rules", "rows"}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_shown_by_a_kpi_or_a_rule_or_says_why_not(row: int) -> None:
    entry = ROWS[row]
    assert set(entry) <= {"asks", "kpis", "pages", "rules", "waits", "left_out"}
    assert entry["asks"]
    assert any(entry.get(way) for way in SHOWN) or entry.get("waits") or entry.get("left_out")


@pytest.mark.parametrize("row", ROWS)
def test_each_name_of_a_row_is_one_of_the_catalog(catalog: Catalog, row: int) -> None:
    entry = ROWS[row]
    assert set(entry.get("kpis", ())) <= set(catalog.metrics)
    assert set(entry.get("pages", ())) <= set(catalog.pages)
    assert set(entry.get("rules", ())) <= set(TRACE["rules"])
    assert not entry.get("kpis") or entry.get("pages"), "a KPI is shown on a page"


@pytest.mark.parametrize("row", ROWS)
def test_what_a_row_asks_for_stands_on_its_pages(shown: Mapping[str, set[str]], row: int) -> None:
    """In a panel, as the neighbour of one, or as an item of a checklist; and no page is named for nothing."""
    kpis, pages = set(ROWS[row].get("kpis", ())), ROWS[row].get("pages", ())
    assert kpis <= set().union(*(shown[page] for page in pages))
    assert not kpis or all(kpis & shown[page] for page in pages)


def test_each_of_the_seventy_stands_on_a_page(shown: Mapping[str, set[str]]) -> None:
    assert len(SEVENTY) == 70
    assert set().union(*shown.values()) >= SEVENTY.keys()


@pytest.mark.parametrize("row", NAMED)
def test_the_kpi_that_a_row_asks_for_is_the_one_that_shows_it(row: int) -> None:
    assert NAMED[row] in ROWS[row]["kpis"]


@pytest.mark.parametrize("rule", TRACE["rules"])
def test_each_rule_is_somewhere_and_answers_a_row(rule: str) -> None:
    entry = TRACE["rules"][rule]
    assert entry["says"].endswith(".")
    assert (ROOT / entry["in"]).is_file()
    assert any(rule in row.get("rules", ()) for row in ROWS.values())


def test_no_row_waits_for_anything_to_show_it() -> None:
    waiting = [row for row, entry in ROWS.items() if not any(entry.get(way) for way in SHOWN)]
    assert waiting == []


def test_stories_stand_on_the_pages_that_row_31_names(catalog: Catalog) -> None:
    told = [
        name
        for name, page in catalog.pages.items()
        if any(panel.kind is PanelKind.VOICES for panel in page.panels)
    ]
    assert sorted(told) == sorted(ROWS[31]["pages"])


def test_the_gate_stands_on_the_pages_that_row_80_names(catalog: Catalog) -> None:
    gated = {
        name: panel.gate.lines
        for name, page in catalog.pages.items()
        for panel in page.panels
        if panel.gate is not None
    }
    assert set(gated) == {"overview", "evidence"}
    assert set(gated) <= set(ROWS[80]["pages"])  # the cost of the platform stands on one more
    assert set(gated.values()) == {("1", "2", "3", "4", "5", "6")}
