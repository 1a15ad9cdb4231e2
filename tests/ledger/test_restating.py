"""What differs from what was closed is told with its size and its cause, and nothing else is."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from math import isclose
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.definitions.model import Catalog
from dashboard.ledger.closing import read_metrics
from dashboard.ledger.defining import definitions_of
from dashboard.ledger.figures import figure
from dashboard.ledger.restating import Cause, Restatement, restated_line, restatements
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from tests.ledger.company import load_company, metric
from tests.ledger.frames import START, cell, company_read, month

HOUR = timedelta(hours=1)
Counts = tuple[int, int, int]  # answers, promoters, detractors


def refresh(
    ledger: Ledger, company: Catalog, at: int, *, answers: Counts, revenue: float, n: int = 5
) -> None:
    """A run that finds these in June."""
    names = ("survey.answers", "survey.promoters", "survey.detractors")
    survey = [cell(name, "2026-06", value, value) for name, value in zip(names, answers, strict=True)]
    accounts = cell("accounts.revenue", "2026-06", revenue, n)
    reads = [company_read(company, *survey), company_read(company, accounts)]
    moment = START + at * HOUR
    ledger.record(moment, moment, "Ann", company.version, reads, definitions_of(company))


def close(ledger: Ledger, at: int = 1) -> None:
    ledger.closes.close("2026-06", month("2026-06"), author="Ann", now=START + at * HOUR)


def told(ledger: Ledger, company: Catalog) -> list[Restatement]:
    (standing,) = ledger.closes.standing()
    return list(restatements(company, ledger, standing, scope=EVERYTHING))


def summary(ledger: Ledger, company: Catalog) -> list[tuple[object, ...]]:
    return [
        (each.metric.id, each.then.value, each.now.value, each.size, each.causes, each.rows)
        for each in told(ledger, company)
    ]


@pytest.fixture
def closed(ledger: Ledger, company: Catalog) -> Ledger:
    refresh(ledger, company, 0, answers=(100, 50, 10), revenue=900.0)
    close(ledger)
    return ledger


def test_what_is_the_same_is_no_restatement(closed: Ledger, company: Catalog) -> None:
    refresh(closed, company, 2, answers=(100, 50, 10), revenue=900.0)
    assert told(closed, company) == []
    assert restated_line(()) == "No figure restated"


@pytest.mark.parametrize(
    ("answers", "revenue", "n", "expected"),
    [
        ((200, 160, 10), 900.0, 5, [("nps", 40.0, 75.0, 35.0, (Cause.LATE_ROWS,), 110)]),
        ((100, 45, 15), 900.0, 5, [("nps", 40.0, 30.0, -10.0, (Cause.CHANGED_ROWS,), 0)]),
        ((50, 25, 10), 900.0, 5, [("nps", 40.0, 30.0, -10.0, (Cause.REMOVED_ROWS,), -50)]),
        ((100, 50, 10), 950.0, 5, [("revenue", 900.0, 950.0, 50.0, (Cause.CHANGED_ROWS,), 0)]),
        ((100, 50, 10), 950.0, 7, [("revenue", 900.0, 950.0, 50.0, (Cause.LATE_ROWS,), 2)]),
        (
            (200, 160, 10),
            800.0,
            4,
            [
                ("nps", 40.0, 75.0, 35.0, (Cause.LATE_ROWS,), 110),
                ("revenue", 900.0, 800.0, -100.0, (Cause.REMOVED_ROWS,), -1),
            ],
        ),
    ],
)
def test_value_then_value_now_and_why(
    closed: Ledger,
    company: Catalog,
    answers: Counts,
    revenue: float,
    n: int,
    expected: list[tuple[object, ...]],
) -> None:
    refresh(closed, company, 2, answers=answers, revenue=revenue, n=n)
    assert summary(closed, company) == expected
    figures = "1 figure restated" if len(expected) == 1 else "2 figures restated"
    assert restated_line(told(closed, company)) == figures


def test_a_figure_that_is_gone_is_restated(closed: Ledger, company: Catalog) -> None:
    moment = START + 2 * HOUR
    closed.record(
        moment, moment, "Ann", "c", [company_read(company, cell("accounts.revenue", "2026-07", 1.0))]
    )
    assert summary(closed, company) == [("revenue", 900.0, None, None, (Cause.REMOVED_ROWS,), -5)]


def test_a_changed_formula_or_filter_is_a_changed_definition(
    closed: Ledger, company: Catalog, tmp_path: Path
) -> None:
    for place, change in enumerate(
        ({"score >= 9": "score >= 8"}, {"formula: accounts.revenue": "formula: 2 * accounts.revenue"})
    ):
        changed = load_company(tmp_path / f"config{place}", **change)
        refresh(closed, changed, 2 + place, answers=(100, 60, 10), revenue=900.0)
        causes = {each.metric.id: each.causes for each in told(closed, changed)}
        assert causes["revenue" if place else "nps"] == (Cause.DEFINITION,)


def test_another_table_is_a_changed_source(closed: Ledger, company: Catalog, tmp_path: Path) -> None:
    moved = load_company(tmp_path / "config", **{"table: accounts": "table: ledger_accounts"})
    refresh(closed, moved, 2, answers=(100, 50, 10), revenue=905.0)
    assert summary(closed, moved) == [("revenue", 900.0, 905.0, 5.0, (Cause.SOURCE,), 0)]


def test_a_new_definition_with_the_same_figure_is_no_restatement(
    closed: Ledger, company: Catalog, tmp_path: Path
) -> None:
    moved = load_company(tmp_path / "config", **{"table: accounts": "table: ledger_accounts"})
    refresh(closed, moved, 2, answers=(100, 50, 10), revenue=900.0)
    assert told(closed, moved) == []


@pytest.mark.parametrize(
    ("revenue", "restated"), [(903.0, False), (905.0, False), (905.01, True), (895.0, False), (894.9, True)]
)
def test_what_lies_within_the_tolerance_is_no_restatement(
    closed: Ledger, tmp_path: Path, revenue: float, restated: bool
) -> None:
    tolerant = load_company(tmp_path / "config", **{"unit: currency": "unit: currency\n  tolerance: 5"})
    assert tolerant.metric("revenue").tolerance == 5.0
    refresh(closed, tolerant, 2, answers=(100, 50, 10), revenue=revenue)
    assert bool(told(closed, tolerant)) is restated


def test_a_formula_that_looks_back_finds_what_changed_there(ledger: Ledger, company: Catalog) -> None:
    growth = replace(metric(company, "accounts.revenue - prior(accounts.revenue)"), id="revenue")
    company = replace(company, metrics={"revenue": growth})
    for at, may in enumerate((400.0, 450.0)):
        cells = [
            cell("accounts.revenue", "2026-05", may, 5 + at),
            cell("accounts.revenue", "2026-06", 900.0, 5),
        ]
        moment = START + 2 * at * HOUR
        ledger.record(moment, moment, "Ann", "c", [company_read(company, *cells)])
        if not at:
            close(ledger)
    assert summary(ledger, company) == [("revenue", 500.0, 450.0, -50.0, (Cause.LATE_ROWS,), 1)]


def test_members_are_compared_where_they_are_asked_for(ledger: Ledger, company: Catalog) -> None:
    for at, (north, south) in enumerate(((1.0, 2.0), (1.5, 1.5))):
        cells = [cell("accounts.revenue", "2026-06", 3.0, 9)]
        cells += [
            cell("accounts.revenue", "2026-06", value, 9, by=("segment",), member=(name,))
            for name, value in (("north", north), ("south", south))
        ]
        moment = START + 2 * at * HOUR
        ledger.record(moment, moment, "Ann", "c", [company_read(company, *cells)])
        if not at:
            close(ledger)
    (standing,) = ledger.closes.standing()
    found = restatements(company, ledger, standing, scope=EVERYTHING, slices=[(), ("segment",)])
    assert [(each.member, each.size) for each in found] == [(("north",), 0.5), (("south",), -0.5)]
    assert restated_line(found) == "1 figure restated"


months = st.sampled_from([3, 4, 5, 6])
worlds = st.dictionaries(months, st.tuples(st.integers(1, 40), st.integers(1, 3)), max_size=4)
moves = st.lists(st.one_of(worlds, st.sampled_from(["close", "reopen"])), min_size=1, max_size=8)
numbers = count(1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
def test_closes_and_restatements_agree_with_a_plain_model(
    file_ledger: Ledger, company: Catalog, moves: list[dict[int, tuple[int, int]] | str]
) -> None:
    """Each example has years of its own, as nothing is ever deleted from the ledger."""
    first = month("1000-01").shifted(12 * next(numbers))
    span = {n: first.shifted(n - 1) for n in (3, 4, 5, 6)}
    at, world, closed = count(), {}, None
    revenue = company.metric("revenue")
    sofar = file_ledger.closes.count()
    for move in moves:
        now = START + next(at) * HOUR
        if isinstance(move, dict):
            world = move
            cells = [
                cell("accounts.revenue", span[n], float(value), rows) for n, (value, rows) in move.items()
            ]
            reading = (
                company_read(company, *cells)
                if cells
                else company_read(company, cell("accounts.revenue", first, 1.0))
            )
            file_ledger.record(now, now, "Ann", "c", [reading], definitions_of(company))
        elif move == "close" and closed is None and file_ledger.newest_run():
            file_ledger.closes.close("t", span[6], author="Ann", now=now)
            closed = world
        elif move == "reopen" and closed is not None:
            file_ledger.closes.reopen("t", span[6], author="Ann", now=now, reason="because")
            closed = None
        standing = [each for each in file_ledger.closes.standing() if each.period == span[6]]
        assert bool(standing) is (closed is not None)
        book = read_metrics(company, file_ledger, [revenue], scope=EVERYTHING)
        shown = figure(company, book, revenue, span[6]).value
        basis = world if closed is None else closed
        assert shown == (float(basis[6][0]) if 6 in basis else None)
        if closed is not None:
            found = restatements(company, file_ledger, standing[0], scope=EVERYTHING, metrics=[revenue])
            then, there = closed.get(6, (None, 0)), world.get(6, (None, 0))
            assert bool(found) is (then[0] != there[0])
            for each in found:
                assert (each.then.value, each.now.value, each.rows) == (then[0], there[0], there[1] - then[1])
                assert each.size is None or isclose(each.size, there[0] - then[0])
    if closed is not None:
        file_ledger.closes.reopen("t", span[6], author="Ann", now=START, reason="the example is over")
    assert file_ledger.closes.count() >= sofar
