"""The configuration of the demo: it loads, its pairs are mutual, and its formulas give plausible figures.

The measures are run as the SQL that they are, and the formulas as the arithmetic that they are: a second way
to the same figures.
"""

import re
from pathlib import Path

import duckdb
import numpy as np
import pytest

from connectors.sources import load_sources
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog, Metric, PanelKind
from dashboard.demo.timeline import Floats
from tests.demo.conftest import Ask

CONFIG = Path(__file__).parents[2] / "config"

# The values between which every month lies, at the size of the tests: what a board would not be surprised by.
PLAUSIBLE = {
    "net_promoter_score": (-20, 80),
    "revenue_growth": (-0.25, 0.45),
    "voluntary_churn_rate": (0.001, 0.022),
    "revenue_lost_to_churn": (500, 150_000),
    "customer_effort_score": (0.3, 1.0),
    "cost_to_serve_per_customer": (8, 20),
    "right_first_time_rate": (0.7, 1.0),
    "cost_of_poor_quality_ratio": (0.01, 0.09),
    "complaints_per_1000": (0.5, 18),
    "redress_paid": (0, 4_000),
    "trust_score": (0.2, 1.0),
    "customer_acquisition_cost": (250, 1_400),
    "employee_net_promoter_score": (-45, 70),
    "attrition_cost": (300, 50_000),
    "first_contact_resolution": (0.6, 0.9),
    "contact_cost": (6, 9),
}


@pytest.fixture(scope="module")
def catalog(small_company: Path) -> Catalog:
    sources, problems = load_sources(CONFIG, {"MERIDIAN_DATABASE": str(small_company)})
    assert problems == ()
    return load_catalog(CONFIG, sources={name: source.owner for name, source in sources.items()})


def test_the_overview_shows_eight_pairs_and_three_trends(catalog: Catalog) -> None:
    kinds = [panel.kind for panel in catalog.page("overview").panels]
    assert kinds == [PanelKind.PAIR] * 8 + [PanelKind.TREND] * 3
    shown = {panel.subjects[0] for panel in catalog.page("overview").panels if panel.kind is PanelKind.PAIR}
    neighbours = {pair.metric for name in shown if (pair := catalog.metric(name).neighbour)}
    assert shown | neighbours == set(catalog.metrics) == set(PLAUSIBLE)


@pytest.mark.parametrize("name", PLAUSIBLE)
def test_neighbours_name_each_other_and_believe_the_same(catalog: Catalog, name: str) -> None:
    metric = catalog.metric(name)
    assert metric.neighbour is not None
    back = catalog.metric(metric.neighbour.metric).neighbour
    assert back is not None
    assert back.metric == name
    assert (back.sign, back.lag) == (metric.neighbour.sign, metric.neighbour.lag)


@pytest.mark.parametrize("name", PLAUSIBLE)
def test_every_metric_says_why_who_and_what_then(catalog: Catalog, name: str) -> None:
    metric = catalog.metric(name)
    assert all((metric.why, metric.question, metric.owner, metric.action, metric.source, metric.pitfalls))
    assert metric.targets or metric.no_target


def test_the_targets_are_those_of_the_target_table(catalog: Catalog, ask: Ask) -> None:
    for name, valid_from, value in ask(
        "SELECT kpi_id, valid_from, value::DOUBLE FROM target WHERE scope = 'all'"
    ):
        assert (valid_from, value) in catalog.metric(name).targets


@pytest.mark.parametrize("name", PLAUSIBLE)
def test_every_month_is_plausible(catalog: Catalog, small_company: Path, name: str) -> None:
    with duckdb.connect(str(small_company), read_only=True) as company:
        months = figures(catalog, catalog.metric(name), company)
    low, high = PLAUSIBLE[name]
    assert len(months) == 60
    measured = months[12:] if "year_ago" in catalog.metric(name).formula_text else months
    assert np.isfinite(measured).all()
    assert low <= measured.min() and measured.max() <= high


def figures(catalog: Catalog, metric: Metric, company: duckdb.DuckDBPyConnection) -> Floats:
    """The 60 months of a metric."""
    text = re.sub(r"\b([a-z_]+)\.([a-z_]+)\b", r"measured('\1', '\2')", metric.formula_text)
    names = {
        "measured": lambda dataset, measure: measured(catalog, dataset, measure, company),
        "year_ago": lambda values: np.concatenate([np.full(12, np.nan), values[:-12]]),
    }
    months: Floats = eval(text, {"__builtins__": {}}, names)  # noqa: S307 (our own configuration)
    return months


def measured(catalog: Catalog, name: str, measure: str, company: duckdb.DuckDBPyConnection) -> Floats:
    dataset = catalog.datasets[name]
    where = re.search(r"^where: (.+)$", (CONFIG / dataset.file).read_text(encoding="utf-8"), re.MULTILINE)
    company.execute("SET TimeZone = 'Europe/Amsterdam'")
    rows = company.execute(f"""
        SELECT date_trunc('month', "{dataset.event}") AS month, ({dataset.measures[measure].text})::DOUBLE
        FROM {dataset.table} WHERE {where.group(1) if where else "true"} GROUP BY 1 ORDER BY 1
    """).fetchall()
    return np.array([np.nan if value is None else value for _, value in rows])
