"""The register of beliefs from a CSV file through the ledger: what leads is found, what does not is not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dashboard.board.assembly import assemble
from dashboard.board.beliefs import _family, declared, rolling
from dashboard.board.drawings import Correlogram, Register
from dashboard.board.shown import metrics_known, shown_metrics
from dashboard.definitions.expressions import MeasureRef, TimeShift
from dashboard.definitions.model import Catalog, Page, PanelKind, PanelSpec
from dashboard.ledger.scope import EVERYTHING
from tests.board.practices import NOW, QUARTER, Company, opened, told

ALL, COMPLAINTS, TRUST, OVER_A_YEAR = range(4)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(tmp_path_factory.mktemp("practices")) as found:
        yield found


def test_the_register_has_a_verdict_on_every_belief(company: Company) -> None:
    panel = company.exhibit("evidence", ALL)
    assert panel.sentence == (
        "Of 5 declared beliefs, the data support 1, show no sign of 2, contradict 1 and cannot judge 1."
    )
    rows = {(row[0], row[2]): row for row in told(panel)}
    supported = rows["Complaints", "rise together, 0–2 quarters later"]
    assert supported[3:8] == ["0 to 6 months", "60", "0.79", "+3 months", "±0.34"]
    assert supported[8:10] == ["< 0.001", "supported"]
    assert supported[11] == (
        "Supported: a rise in complaints was followed by a rise in redress 3 months later (r = 0.79, "
        "p < 0.001 over 60 months, corrected for 7 lags from 0 to 6 months). This is an association, "
        "not a cause."
    )
    verdicts = {row[0]: row[9] for row in told(panel)}
    assert verdicts == {
        "Complaints": "supported",
        "Trust": "not detected",
        "Revenue": "not detected",
        "Complaints, as wished": "contradicted",
        "Complaints over a year": "insufficient",
    }
    gains = {row[0].text: row[10].value for row in panel.sheet.rows}
    assert (gains["Complaints"] or 0) > 0.3
    assert (gains["Trust"] or 0) < 0


def test_the_drawing_fills_only_what_counts(company: Company) -> None:
    drawing = company.exhibit("evidence", ALL).drawing
    assert isinstance(drawing, Register)
    assert [row.label for row in drawing.rows if row.counts] == [
        "Supported: Complaints → Redress",
        "Contradicted: Complaints, as wished → Redress",
    ]
    assert all(row.r is not None for row in drawing.rows)


def test_a_single_belief_shows_every_lag_and_the_verdict_of_the_register(company: Company) -> None:
    panel = company.exhibit("evidence", TRUST)
    assert panel.sentence == next(
        row[11] for row in told(company.exhibit("evidence", ALL)) if row[0] == "Trust"
    )
    assert isinstance(panel.drawing, Correlogram)
    assert [row[0] for row in told(panel)] == [
        *(f"−{n}" for n in range(6, 0, -1)),
        "0",
        *(f"+{n}" for n in range(1, 7)),
    ]
    assert [row[3] for row in told(panel)].count("yes") == 4
    assert panel.small_print[:2] == (
        "expected: rise together, 1–2 quarters later",
        "Forecasts of revenue were no better with trust (27 forecasts).",
    )
    assert [about.metric.id for about in panel.about] == ["trust", "revenue"]


def test_a_figure_of_overlapping_months_is_not_judged(company: Company) -> None:
    panel = company.exhibit("evidence", OVER_A_YEAR)
    assert panel.drawing is None
    assert panel.sentence == (
        "Insufficient: Complaints over a year adds up several months, so that one month tells of the month "
        "before it."
    )


def test_too_few_months_are_shown_and_get_no_verdict(company: Company) -> None:
    panel = company.exhibit("evidence", ALL, replace(QUARTER, ending=date(2024, 6, 1)))
    assert {row[0]: row[9] for row in told(panel)}["Complaints"] == "exploratory"  # 33 months
    first = company.exhibit("evidence", ALL, replace(QUARTER, ending=date(2022, 6, 1)))
    assert first.drawing is None
    assert first.sentence == "Of 5 declared beliefs, the data cannot judge 5."


def test_a_belief_that_both_sides_declare_is_one_and_customers_come_first(company: Company) -> None:
    pairs = [(pair.customer.id, pair.financial.id) for pair in declared(company.catalog)]
    assert pairs == [
        ("complaints", "redress"),
        ("complaints_over_a_year", "redress"),
        ("trust", "revenue"),
        ("revenue", "redress"),
        ("complaints_wished", "redress"),
    ]


def test_one_belief_on_a_page_reads_all_and_shows_its_own(company: Company) -> None:
    page = Page("one", "One", "Why?", (PanelSpec(PanelKind.EVIDENCE, ("trust",)),))
    assert [metric.id for metric in shown_metrics(company.catalog, page)] == ["trust", "revenue"]
    assert len(metrics_known(company.catalog, page)) == 6


def test_sums_over_months_are_rolling_and_moved_ones_are_not(company: Company) -> None:
    measure = MeasureRef("months", "trust")
    assert rolling(company.catalog, TimeShift("trailing", measure, 12))
    assert rolling(company.catalog, TimeShift("to_date", measure))
    assert not rolling(company.catalog, TimeShift("year_ago", measure))


def many_beliefs(catalog: Catalog) -> Catalog:
    """Forty beliefs over the same five series."""
    metrics = dict(catalog.metrics)
    for number in range(35):
        name = f"belief_{number}"
        metric = catalog.metrics["trust"]
        belief = replace(metric.neighbour, lag=(number % 4, number % 4 + 2)) if metric.neighbour else None
        metrics[name] = replace(metric, id=name, name=f"Belief {number}", neighbour=belief)
    return replace(catalog, metrics=metrics)


def test_forty_beliefs_are_judged_together(company: Company) -> None:
    catalog = many_beliefs(company.catalog)
    _family.cache_clear()
    page = Page("all", "All", "Why?", (PanelSpec(PanelKind.EVIDENCE, ()),))
    made = assemble(catalog, company.ledger, page, QUARTER, scope=EVERYTHING, today=NOW.date())
    [panel] = made.panels
    assert "Of 40 declared beliefs" in panel.sentence  # type: ignore[union-attr]
    assert "the data support 1," in panel.sentence  # type: ignore[union-attr]
