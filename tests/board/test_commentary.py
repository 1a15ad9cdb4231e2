"""Commentary: figures stand in the text as the page has them, and what is wrong with them is told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dashboard.board.commentary import faults, filled, metrics_named
from dashboard.board.reading import read_metric
from dashboard.definitions.lineage import measures_of
from dashboard.ledger.book import Book
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from tests.board import company
from tests.board.test_assembly import CATALOG, CONSUMERS, record


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        record(ledger, answers=CONSUMERS)
        yield ledger.book(measures_of(CATALOG, CATALOG.metric("net_promoter_score")), {()}, scope=EVERYTHING)


def test_figures_stand_in_the_text_as_the_page_has_them(book: Book) -> None:
    reading = read_metric(CATALOG, book, CATALOG.metric("net_promoter_score"), company.LATEST)
    text = "NPS is {net_promoter_score.value} ({net_promoter_score.signal}), n {net_promoter_score.n}."
    shown = filled(text, {"net_promoter_score": reading}, escape=lambda figure: f"<{figure}>")
    assert shown.startswith("NPS is <22.")
    assert "(<no detectable change>)" in shown
    assert "{" not in shown


def test_a_metric_that_is_gone_is_told_as_missing() -> None:
    assert filled("Churn is {churn.value}.", {}, escape=str) == "Churn is n/a."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Fine {net_promoter_score.value} and {revenue.change}", ()),
        ("No figure at all: {curly} and {} and {{x}}", ()),
        (
            "{net_promoter_scor.value}",
            ("There is no metric 'net_promoter_scor'. Did you mean 'net_promoter_score'?",),
        ),
        ("{revenue.valu}", ("A metric has no 'valu'. Did you mean 'value'?",)),
    ],
)
def test_names_in_the_text_are_checked(text: str, told: tuple[str, ...]) -> None:
    assert faults(CATALOG, text) == told


def test_metrics_are_named_once_each() -> None:
    assert metrics_named("{b.value} {a.n} { b . change }") == ("b", "a")


def test_the_day_of_the_fixture_is_in_the_latest_quarter() -> None:
    assert company.LATEST.ending == date(2026, 9, 1)
