"""The gate, through the ledger: passed when evidence that is recent enough answers every step."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.board.gate import Entry, Standing, is_passed, newest, oldest_day, standing
from dashboard.board.panels import LockedPanel
from tests.board.practices import told
from tests.board.spoken import QUARTER, REVIEWS, Company, answers, opened

DONE = (2, "2026-09-15", "done", "Twelve of twelve roles", "Bob")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with opened(tmp_path) as found:
        yield found


def test_it_is_not_passed_while_a_step_is_open_and_the_spend_is_flagged(company: Company) -> None:
    company.measure(answers())
    panel = company.exhibit("review")
    assert panel.sentence == (
        "The gate is not passed: 1 of 2 steps are answered by evidence of the last 12 months."
    )
    asked, inspected = told(panel)
    assert asked[:5] == [
        *("Those who left were asked", "answered", "Report on 200 interviews", "1 March 2026", "Ann"),
    ]
    assert asked[5:] == ["Score", "6.07", "3.00, reached"]
    assert inspected[:5] == ["Protocols were inspected", "open", "n/a", "1 February 2026", "Bob"]
    assert inspected[5:] == ["Answers", "42", "no target"]
    assert panel.notices[1] == (
        "Flagged: Spent on the platform is €255.00 in Jul–Sept 2026, while the gate is not passed."
    )


def test_it_is_passed_when_every_step_is_answered_and_nothing_is_flagged(company: Company) -> None:
    company.measure(answers(), [*REVIEWS, DONE])
    panel = company.exhibit("review")
    assert panel.sentence.startswith("The gate is passed: 2 of 2 steps")
    assert len(panel.notices) == 1


def test_evidence_grows_old(company: Company) -> None:
    company.measure(answers(), [*REVIEWS[:1], (1, "2025-09-30", "done", "Old report", "Ann"), DONE])
    assert told(company.exhibit("review"))[0][1] == "open"  # the newer entry says that it is open again
    company.measure(answers(), [(1, "2025-09-30", "done", "Old report", "Ann"), DONE])
    panel = company.exhibit("review")
    assert told(panel)[0][1] == "done, but the evidence is too old"
    assert "not passed" in panel.sentence


def test_an_earlier_quarter_knows_nothing_of_what_came_later(company: Company) -> None:
    company.measure(answers(), [*REVIEWS, DONE])
    panel = company.exhibit("review", replace(QUARTER, ending=date(2026, 3, 1)))
    assert [row[1] for row in told(panel)] == ["answered", "open"]
    panel = company.exhibit("review", replace(QUARTER, ending=date(2025, 12, 1)))
    assert [row[1:5] for row in told(panel)] == [
        ["open", "n/a", "1 December 2025", "Ann"],
        ["no entry", "n/a", "n/a", "n/a"],
    ]


def test_before_anything_is_measured_it_is_locked(company: Company) -> None:
    panel = company.panel("review")
    assert isinstance(panel, LockedPanel)
    assert panel.datasets == ("steps",)


def entry(day: date, *, done: bool = True, evidence: str = "Report") -> Entry:
    return Entry("done" if done else "open", evidence, "Ann", day, done)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (None, Standing.NO_ENTRY),
        (entry(date(2026, 1, 1), done=False), Standing.NOT_DONE),
        (entry(date(2026, 1, 1), evidence=""), Standing.NO_EVIDENCE),
        (entry(date(2025, 9, 30)), Standing.TOO_OLD),
        (entry(date(2025, 10, 1)), Standing.ANSWERED),
    ],
)
def test_how_a_line_stands(found: Entry | None, wanted: Standing) -> None:
    assert standing(found, date(2025, 10, 1)) is wanted


def test_the_day_from_which_evidence_counts() -> None:
    assert oldest_day(date(2026, 10, 1), 12) == date(2025, 10, 1)
    assert oldest_day(date(2026, 3, 31), 1) == date(2026, 2, 28)


def test_of_no_lines_nothing_is_passed() -> None:
    assert not is_passed([])


def test_of_two_entries_the_newer_one_counts() -> None:
    texts = [
        (("1", "done", "A", "Ann", "2026-03-01"), 1.0),
        (("1", "open", "", "Ann", "2026-04-01"), 0.0),
        (("1", "done", "B", "Ann", "2025-04-01"), 1.0),
    ]
    assert newest(texts)["1"] == Entry("open", "", "Ann", date(2026, 4, 1), done=False)
