"""What a board reads: sentences, figures, signals and states, from months written by the test."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.analysis.change import Signal
from dashboard.board.panels import FailedPanel, LockedPanel, PairPanel, TrendPanel
from dashboard.board.reading import State
from dashboard.board.sheet import plain
from dashboard.board.table import csv_bytes, table
from dashboard.board.wording import (
    change_text,
    comparison_text,
    detail_lines,
    headline_text,
    signal_label,
    text_equivalent,
)
from dashboard.ledger.figures import Status
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain
from tests.board import company

MONTHS = 36
QUARTER_END = date(2026, 10, 1)
CATALOG = company.catalog()
CONSUMERS = {"Consumer": company.steady(400, 160, 80), "Enterprise": company.steady(60, 30, 9)}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened:
        yield opened


def steady_revenue(month: int) -> float:
    return 30e6 + (0, 2e5, -1e5, 3e5, -2e5)[month % 5]


def record(ledger: Ledger, **changes: object) -> None:
    answers = changes.get("answers", CONSUMERS)
    months = changes.get("months", MONTHS)
    frames = [
        company.frame("survey", list(company.survey(answers, months)), changes.get("until", QUARTER_END)),
        company.frame(
            "finance", list(company.revenue(changes.get("revenue", steady_revenue), months)), QUARTER_END
        ),
    ]
    company.record(ledger, CATALOG, frames)


def pair(ledger: Ledger, view: company.View = company.LATEST) -> PairPanel:
    panel = company.page(ledger, CATALOG, view).panels[0]
    assert isinstance(panel, PairPanel)
    return panel


def lifted(month: int) -> company.Counts:
    """Promoters rise by a third in the last eight months."""
    answers, promoters, detractors = company.steady(400, 160, 80)(month)
    return answers, promoters + (60 if month >= MONTHS - 8 else 0), detractors


def test_a_lift_that_the_rules_support_is_called_improved(ledger: Ledger) -> None:
    record(ledger, answers={"Consumer": lifted, "Enterprise": company.steady(60, 30, 9)})
    panel = pair(ledger)
    nps, revenue = panel.readings
    assert nps.signal is Signal.IMPROVED
    assert revenue.signal is Signal.NO_DETECTABLE_CHANGE
    assert panel.sentence == "Net Promoter Score improved, but with no detectable change in revenue."
    assert headline_text(nps) == "35.0"
    assert change_text(nps) == "+13.0 points"
    assert comparison_text(nps) == "vs Jul–Sept 2025"


def test_two_points_apart_are_no_change_without_a_signal(ledger: Ledger) -> None:
    record(ledger)
    panel = pair(ledger)
    assert [reading.signal for reading in panel.readings] == [Signal.NO_DETECTABLE_CHANGE] * 2
    assert panel.sentence == "No detectable change in Net Promoter Score or revenue."


def test_a_quarter_is_the_ratio_of_sums_not_the_mean_of_months(ledger: Ledger) -> None:
    sizes = {33: (100, 100, 0), 34: (100, 0, 0), 35: (800, 0, 400)}
    record(ledger, answers={"Consumer": lambda month: sizes.get(month, (100, 50, 20))})
    assert pair(ledger).readings[0].figure.value == pytest.approx(100 * (100 - 400) / 1000)


def test_the_small_print_tells_interval_n_and_target(ledger: Ledger) -> None:
    record(ledger)
    lines = detail_lines(pair(ledger).readings[0])
    assert lines[0] == "vs Jul–Sept 2025"
    assert lines[1].startswith("95% interval ")
    assert lines[2] == "n\u00a01,380"
    assert lines[3] == (
        "target 45.0: will be missed in nearly all of the next 12 months unless the process changes"
    )


def test_an_open_quarter_is_shown_and_not_compared(ledger: Ledger) -> None:
    record(ledger, until=date(2026, 9, 12))
    reading = pair(ledger).readings[0]
    assert reading.figure.status is Status.OPEN
    assert reading.change is None
    assert "period still open: not compared" in detail_lines(reading)
    last = reading.points[-1]
    assert last.figure.status is Status.OPEN
    assert last.signal is None


def test_a_dataset_never_measured_locks_its_side_of_the_pair_and_is_named(ledger: Ledger) -> None:
    frames = [company.frame("survey", list(company.survey(CONSUMERS, MONTHS)), QUARTER_END)]
    company.record(ledger, CATALOG, frames)
    panels = company.page(ledger, CATALOG).panels
    assert isinstance(panels[0], TrendPanel)
    assert [reading.metric.id for reading in panels[0].readings] == ["net_promoter_score"]
    assert panels[0].labels == ("Net Promoter Score · customer",)
    assert panels[0].notices == ("Revenue is locked. It opens as soon as this data is measured: finance.",)
    assert isinstance(panels[1], TrendPanel)


def test_an_empty_ledger_locks_every_panel_and_fails_none(ledger: Ledger) -> None:
    panels = company.page(ledger, CATALOG).panels
    assert [type(panel) for panel in panels] == [LockedPanel, LockedPanel]


def test_a_group_below_the_minimum_is_shown_nowhere(ledger: Ledger) -> None:
    record(ledger, answers={"Consumer": company.steady(400, 160, 80), "Tiny": lambda _: (3, 2, 1)})
    view = replace(company.LATEST, slice=("segment",), member=("Tiny",))
    reading = pair(ledger, view).readings[0]
    assert reading.state is State.TOO_SMALL
    assert headline_text(reading) == "Not shown"
    assert reading.interval is None
    assert all(point.figure.value is None for point in reading.points)
    exported = csv_bytes(pair(ledger, view)).decode("utf-8-sig")
    assert all(
        row.split(",")[4] == "" for row in exported.splitlines() if row.startswith("net_promoter_score")
    )


def test_stale_data_is_named_with_its_age(ledger: Ledger) -> None:
    record(ledger)
    stale = company.page(ledger, CATALOG, today=date(2026, 12, 1)).stale
    assert stale == ("survey: the newest data is of 30 September 2026, 62 days ago; at most 35 are allowed.",)


def test_a_failed_refresh_keeps_the_figures_and_says_so(ledger: Ledger) -> None:
    record(ledger)
    before = pair(ledger)
    company.record(
        ledger, CATALOG, [], failed={"survey": "Source 'warehouse': it does not answer. Start it."}
    )
    made = company.page(ledger, CATALOG)
    assert made.failures == ("Source 'warehouse': it does not answer. Start it.",)
    after = made.panels[0]
    assert isinstance(after, PairPanel)
    assert [reading.figure for reading in after.readings] == [reading.figure for reading in before.readings]
    assert "The last refresh of survey failed; the figures are those known before." in after.notices


def test_a_trend_by_segment_draws_every_group_and_names_those_that_changed(ledger: Ledger) -> None:
    record(ledger, answers={"Consumer": lifted, "Enterprise": company.steady(60, 30, 9)})
    trend = company.page(ledger, CATALOG).panels[1]
    assert isinstance(trend, TrendPanel)
    assert trend.labels == ("Consumer", "Enterprise")
    assert trend.sentence == "Net Promoter Score improved for Consumer."


def test_many_members_are_cut_to_the_largest_and_counted(ledger: Ledger) -> None:
    answers = {f"Member {number:03}": company.steady(100 + number, 40, 20) for number in range(40)}
    record(ledger, answers=answers)
    trend = company.page(ledger, CATALOG).panels[1]
    assert isinstance(trend, TrendPanel)
    assert trend.labels == tuple(f"Member {number:03}" for number in range(34, 40))
    assert trend.left_out == 34


def test_year_to_date_begins_with_the_fiscal_year(ledger: Ledger) -> None:
    record(ledger)
    reading = pair(ledger, replace(company.LATEST, grain=Grain.YEAR_TO_DATE)).readings[1]
    assert reading.figure.value == pytest.approx(sum(steady_revenue(month) for month in range(30, 36)))
    assert comparison_text(reading) == "vs Apr–Sept 2025"


def test_the_text_equivalent_says_what_the_chart_shows(ledger: Ledger) -> None:
    record(ledger)
    told = text_equivalent(pair(ledger).readings[1])
    assert told.startswith("Revenue: €90.1M in Jul–Sept 2026, ")
    assert "Line chart of 24 months, limits " in told


def test_a_table_has_every_point_and_a_csv_cell_is_never_a_formula(ledger: Ledger) -> None:
    record(ledger, answers={"=cmd()": company.steady(400, 160, 80)})
    view = replace(company.LATEST, slice=("segment",), member=("=cmd()",))
    panel = company.page(ledger, CATALOG, view).panels[1]
    assert isinstance(panel, TrendPanel)
    assert len(table(panel)) == 24
    assert b",'=cmd()," in csv_bytes(panel)
    assert plain("-5 in words") == "'-5 in words"
    assert plain(-5.0) == "-5.0"


def test_the_same_inputs_give_the_same_page(ledger: Ledger) -> None:
    record(ledger)
    assert company.page(ledger, CATALOG) == company.page(ledger, CATALOG)


def test_a_fault_in_one_panel_leaves_the_others_standing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record(ledger)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("dashboard.board.assembly.pair_sentence", broken)
    failed, trend = company.page(ledger, CATALOG).panels
    assert isinstance(failed, FailedPanel)
    assert isinstance(trend, TrendPanel)
    reference = re.search(r"reference, ([0-9A-F]{6})", failed.message)
    assert reference is not None
    assert failed.message == (
        "This is a fault of Boardseat's own, not of yours. "
        f"Give its reference, {reference[1]}, to whoever runs the server: the log has the details."
    )
    assert reference[1] in caplog.text
    assert "ZeroDivisionError: a bug" in caplog.text


def test_nothing_is_claimed_of_an_open_span(ledger: Ledger) -> None:
    record(ledger, answers={"Consumer": lifted}, until=date(2026, 9, 12))
    panel = pair(ledger)
    assert signal_label(panel.readings[0]) == "Period open"
    assert panel.sentence.startswith("No verdict yet on Net Promoter Score, ")


def test_the_past_is_not_judged_by_what_came_after_it(ledger: Ledger) -> None:
    record(ledger)
    view = replace(company.LATEST, ending=date(2026, 6, 1))
    assert pair(ledger, view).readings[0].points[-1].period.start == date(2026, 6, 1)


def test_a_metric_that_is_not_recorded_by_the_slice_says_so_and_draws_nothing(ledger: Ledger) -> None:
    record(ledger)
    view = replace(company.LATEST, slice=("segment",), member=("Consumer",))
    revenue = pair(ledger, view).readings[1]
    assert headline_text(revenue) == "n/a"
    assert detail_lines(revenue)[0] == "not measured by segment"
