"""Voices on a page, through the ledger: drawn by lot, of those who agreed, the same again and as closed."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.board.panels import LockedPanel
from tests.board.practices import told
from tests.board.spoken import NOW, QUARTER, Company, answers, limited, of_group, opened


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with opened(tmp_path) as found:
        yield found


def lot(row: dict[str, Any]) -> str:
    return hashlib.md5(f"heard {row['id']}".encode(), usedforsecurity=False).hexdigest()


def drawn(rows: list[dict[str, Any]], score: int, segments: tuple[str, ...] = ("Home", "Work")) -> str:
    """What a reader expects: the lowest lot of those with the score who may be quoted."""
    able = [
        row
        for row in rows
        if row["score"] == score and row["may_be_quoted"] == "true" and row["segment"] in segments
    ]
    return str(min(able, key=lot)["said"])


def said(panel: Any) -> list[str]:
    return [row[3] for row in told(panel)]


def test_one_of_each_stratum_is_drawn_with_whose_it_is(company: Company) -> None:
    rows = answers()
    company.measure(rows)
    panel = company.exhibit("heard")
    assert said(panel) == [drawn(rows, score) for score in (2, 7, 10)]
    assert panel.sentence == "Heard: three in their own words (unhappy, in between, happy)."
    unhappy = told(panel)[0]
    row = next(row for row in rows if row["said"] == unhappy[3])
    month = {7: "July 2026", 8: "Aug 2026", 9: "Sept 2026"}[row["answered_on"].month]
    assert unhappy[:3] == [f"Unhappy · {row['segment']}", month, "2"]
    assert panel.small_print[0] == (
        "drawn by lot, not chosen: one of each kind among 30 texts of those who agreed, from 42 answers"
    )
    assert panel.small_print[1].startswith("the lot is the MD5 of 'heard' and the answer's key")
    assert "Unhappy" in panel.text
    assert panel.drawing is None


def test_a_group_that_is_chosen_is_heard_alone(company: Company) -> None:
    rows = answers()
    company.measure(rows)
    panel = company.exhibit("heard", of_group("Work"))
    assert said(panel) == [drawn(rows, score, ("Work",)) for score in (2, 7, 10)]


def test_a_group_that_is_too_small_is_not_quoted(company: Company) -> None:
    company.measure(answers())
    panel = company.exhibit("heard", of_group("Wholesale"))
    assert said(panel) == []
    assert panel.sentence == "Heard: nobody is quoted for this span."
    assert panel.notices == (
        "Nobody who agreed to be quoted said anything in Jul–Sept 2026, in a group of at least 5 answers.",
    )
    assert panel.small_print == ()


def test_a_slice_that_is_not_drawn_by_shows_none(company: Company) -> None:
    company.measure(answers())
    panel = company.exhibit("heard", replace(QUARTER, slice=("region",), member=("North",)))
    assert said(panel) == []
    assert panel.notices == (
        "Texts are not drawn by region, so that small groups stay hidden. "
        "Choose all customers, or a segment.",
    )


def test_a_viewer_hears_no_other_group(company: Company) -> None:
    rows = answers()
    company.measure(rows)
    mine = company.exhibit("heard", scope=limited("segment", "Home"))
    assert said(mine) == [drawn(rows, score, ("Home",)) for score in (2, 7, 10)]
    assert mine.small_print[0].endswith(
        "one of each kind among 12 texts of those who agreed, from 18 answers"
    )
    none = company.exhibit("heard", scope=limited("region", "North"))
    assert said(none) == []
    assert none.notices == (
        "Not shown: your access is limited by something that these texts are not drawn by.",
    )


def test_a_quarter_has_the_texts_of_its_own_months(company: Company) -> None:
    rows = answers()
    company.measure(rows)
    assert said(company.exhibit("heard", replace(QUARTER, ending=date(2026, 6, 1)))) == []
    august = [row for row in rows if row["answered_on"].month == 8]
    company.measure(august)
    panel = company.exhibit("heard")
    assert said(panel) == [drawn(august, score) for score in (2, 7, 10)]
    assert {row[1] for row in told(panel)} == {"Aug 2026"}


def test_who_withdraws_is_gone_now_and_stays_in_what_was_known(company: Company) -> None:
    rows = answers()
    company.measure(rows)
    [before] = company.ledger.runs(1)
    shown = said(company.exhibit("heard"))
    later = [row | {"may_be_quoted": "false"} if row["said"] == shown[0] else row for row in rows]
    company.measure(later)
    now = said(company.exhibit("heard"))
    assert now[0] == drawn(later, 2) != shown[0]
    assert now[1:] == shown[1:]
    assert said(company.exhibit("heard", as_of=before.finished_at)) == shown
    assert company.ledger.verify().problems == ()


def test_a_closed_period_keeps_what_was_shown(company: Company) -> None:
    rows = answers()
    company.measure(rows)
    shown = said(company.exhibit("heard"))
    period = QUARTER.period(company.catalog.board.calendar)
    company.ledger.closes.close(
        company.catalog.board.calendar.code(period), period, run=1, author="Ann", now=NOW
    )
    company.measure([row | {"said": f"{row['said']} now"} for row in rows])
    assert said(company.exhibit("heard")) == shown
    assert said(company.exhibit("heard", restated=True)) != shown
    assert company.ledger.verify().problems == ()


def test_the_same_files_write_nothing_twice(company: Company) -> None:
    company.measure(answers())
    count = company.ledger.verify().observations
    company.measure([*answers()[::-1]])
    assert company.ledger.verify().observations == count


def test_texts_move_with_the_ledger(company: Company, tmp_path: Path) -> None:
    from dashboard.ledger.store import Ledger

    company.measure(answers())
    shown = said(company.exhibit("heard"))
    company.ledger.export_to(tmp_path / "exported")
    with Ledger(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        other.import_from(tmp_path / "exported")
        moved = replace(company, ledger=other)
        assert said(moved.exhibit("heard")) == shown
        assert other.verify().problems == ()


def test_before_anything_is_measured_it_is_locked(company: Company) -> None:
    panel = company.panel("heard")
    assert isinstance(panel, LockedPanel)
    assert (panel.title, panel.datasets) == ("Heard", ("heard",))
