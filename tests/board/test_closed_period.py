"""What a page tells of a closed period: figures restated since, and never those that are kept back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.board.panels import BoardPage
from dashboard.ledger.store import Ledger
from dashboard.periods import add_months
from tests.board import company

MONTHS = 36


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened:
        yield opened


def told(ledger: Ledger, before: company.Answers, after: company.Answers, segment: str) -> tuple[str, ...]:
    """The restatements on a page of one segment: the quarter was closed with `before`."""
    found = company.catalog()
    until = add_months(company.FIRST, MONTHS)
    company.record(ledger, found, [company.frame("survey", tuple(company.survey(before, MONTHS)), until)])
    quarter = company.LATEST.period(found.board.calendar)
    ledger.closes.close("2026-Q2", quarter, author="Secretary", now=company.RECORDED)
    company.record(ledger, found, [company.frame("survey", tuple(company.survey(after, MONTHS)), until)])
    view = replace(company.LATEST, slice=("segment",), member=(segment,))
    page: BoardPage = company.page(ledger, found, view)
    assert page.closed is not None
    return page.closed.restated


STEADY = company.steady(300, 120, 60)
LIFTED = company.steady(300, 150, 60)


def test_a_segment_tells_what_was_restated(ledger: Ledger) -> None:
    others = {"Business": STEADY, "Wholesale": STEADY}
    found = told(ledger, {**others, "Consumer": STEADY}, {**others, "Consumer": LIFTED}, "Consumer")
    assert len(found) == 1
    assert found[0].startswith("Net Promoter Score: ")


def test_what_protects_a_small_neighbour_is_not_told_as_restated(ledger: Ledger) -> None:
    """Its figure is kept back so that the small one does not follow from the total; so is how it changed."""
    few = {"Tiny": lambda month: (2, 1, 0)}
    assert told(ledger, {**few, "Consumer": STEADY}, {**few, "Consumer": LIFTED}, "Consumer") == ()
