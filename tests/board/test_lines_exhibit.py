"""The lines of a register as a list, through the ledger: what is open, and what was done in the span."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.board.panels import LockedPanel
from tests.board.practices import told
from tests.board.spoken import QUARTER, REVIEWS, Company, answers, opened

DONE = (2, "2026-09-15", "done", "Twelve of twelve roles", "Bob")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with opened(tmp_path) as found:
        yield found


def test_what_is_open_comes_first_and_what_was_done_before_the_span_is_counted(company: Company) -> None:
    company.measure(answers())
    panel = company.exhibit("register")
    assert panel.sentence == "Steps: 1 is open, 0 were done in Jul–Sept 2026."
    assert told(panel) == [["2", "open", "n/a", "1 February 2026", "Bob"]]
    assert panel.small_print == ("1 done before are not listed",)
    assert panel.text == f"{panel.sentence} Table of 1 lines."


def test_what_was_done_in_the_span_is_listed(company: Company) -> None:
    company.measure(answers(), [*REVIEWS, DONE])
    panel = company.exhibit("register")
    assert panel.sentence == "Steps: 0 are open, 1 was done in Jul–Sept 2026."
    assert told(panel) == [["2", "done", "Twelve of twelve roles", "15 September 2026", "Bob"]]


def test_an_earlier_span_knows_nothing_of_what_came_later(company: Company) -> None:
    company.measure(answers(), [*REVIEWS, DONE])
    panel = company.exhibit("register", replace(QUARTER, ending=date(2025, 12, 1)))
    assert [row[:2] for row in told(panel)] == [["1", "open"]]


def test_before_there_is_an_entry_it_says_so(company: Company) -> None:
    company.measure(answers())
    panel = company.exhibit("register", replace(QUARTER, ending=date(2025, 9, 1)))
    assert panel.notices == ("Nothing is entered yet.",)


def test_before_anything_is_measured_it_is_locked(company: Company) -> None:
    panel = company.panel("register")
    assert isinstance(panel, LockedPanel)
    assert panel.datasets == ("steps",)
