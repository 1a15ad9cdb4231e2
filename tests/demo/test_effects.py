"""The page judges Meridian's initiatives as they were planted: one works, one does not, one has no answer."""

from collections import Counter
from datetime import date

import duckdb
import pytest

from dashboard.board.desk import Desk
from dashboard.board.effect_exhibits import effects
from dashboard.board.gate import newest
from dashboard.board.panels import ExhibitPanel
from dashboard.board.texts import picked
from dashboard.board.view import View
from dashboard.definitions.derivation import ENTRY
from dashboard.definitions.effect_specs import Design, EffectSpec
from dashboard.definitions.model import Catalog, PanelKind, PanelSpec
from dashboard.demo import truths
from dashboard.demo.initiatives import INITIATIVES
from dashboard.demo.registry import GROUPINGS, group_key
from dashboard.ledger.figures import figure
from dashboard.periods import Grain, month_of
from tests.demo.kpis import Measured

QUARTER = View(Grain.QUARTER, date(2026, 9, 1))
TITLES = {item.key: item.title for item in INITIATIVES}


def panel_of(catalog: Catalog) -> PanelSpec:
    [found] = (each for each in catalog.page("initiatives").panels if each.kind is PanelKind.EFFECTS)
    return found


def plan(catalog: Catalog, trial: truths.Trial) -> EffectSpec:
    title = TITLES[trial.initiative]
    return next(each for each in panel_of(catalog).effects if each.title == title)


@pytest.fixture(scope="module")
def exhibits(whole: Measured) -> dict[str, ExhibitPanel]:
    """All of them under "", and the picture of each under its title."""
    desk = Desk(whole.catalog, whole.book, QUARTER, date(2026, 10, 15))
    found = effects(desk, panel_of(whole.catalog))
    return {each.choice: each for each in found if isinstance(each, ExhibitPanel)}


@pytest.mark.parametrize("trial", truths.TRIALS, ids=lambda trial: trial.verdict)
def test_the_plan_is_that_of_the_trial(small: Measured, trial: truths.Trial) -> None:
    found = plan(small.catalog, trial)
    assert (found.metric, found.begun) == (trial.kpi, trial.start)
    if trial is truths.NEW_PLATFORM:
        assert found.design is Design.NONE
        return
    treated, controls = (
        {group_key(*group) for group in groups} for groups in (found.treated, found.controls)
    )
    assert treated == set(trial.treated)
    assert controls == set(GROUPINGS) - treated


def row(exhibits: dict[str, ExhibitPanel], trial: truths.Trial) -> tuple[list[str], list[float | None]]:
    """What the table says of an initiative, and its effect with the limits, in points."""
    found = next(row for row in exhibits[""].sheet.rows if row[0].text == TITLES[trial.initiative])
    return [field.text for field in found], [field.value for field in found[3:6]]


@pytest.mark.slow
def test_the_initiative_that_works_is_found_with_an_interval_that_holds_its_effect(
    exhibits: dict[str, ExhibitPanel],
) -> None:
    told, (value, low, high) = row(exhibits, truths.ONE_CALL)
    assert value is not None
    assert low is not None
    assert high is not None
    assert 0 < low < 100 * truths.ONE_CALL.effect < high
    assert (told[2], told[1]) == ("DiD", f"raised by {value:.1f} points")
    assert told[-1] == "9 groups with it, 9 without; 24 months before, 12 with it"
    study = exhibits[TITLES[truths.ONE_CALL.initiative]]
    assert study.notices[0].startswith("Before it began the groups moved alike")
    assert "shows no effect, as it should" in study.notices[1]


@pytest.mark.slow
def test_the_initiative_that_does_not_work_has_no_detectable_effect(
    exhibits: dict[str, ExhibitPanel],
) -> None:
    told, (_, low, high) = row(exhibits, truths.SECOND_INSPECTION)
    assert low is not None
    assert high is not None
    assert low < 0 < high
    assert (told[2], told[1]) == ("DiD", "no detectable effect")


@pytest.mark.slow
def test_the_initiative_that_came_to_everyone_cannot_be_judged(exhibits: dict[str, ExhibitPanel]) -> None:
    told, numbers = row(exhibits, truths.NEW_PLATFORM)
    assert (told[2], told[1], numbers) == ("none", "cannot be judged", [None, None, None])
    assert TITLES[truths.NEW_PLATFORM.initiative] not in exhibits  # it has no picture


@pytest.mark.slow
def test_the_page_says_it_in_one_sentence(exhibits: dict[str, ExhibitPanel]) -> None:
    assert exhibits[""].sentence == (
        "One call, one answer raised first contact resolution by 2.5 points; Second inspection before "
        "delivery had no detectable effect; 4 can only be compared with the time before; New customer "
        "platform cannot be judged."
    )


def test_what_became_of_each_years_initiatives_is_counted(small: Measured) -> None:
    by_hand = Counter(
        (
            str(truths.month_start(item.month).year),
            "under way"
            if item.last_month is None
            else "achieved"
            if item.end_reason == "achieved"
            else "given up",
        )
        for item in INITIATIVES
    )
    cut, metric = ("started_in", "fate"), small.catalog.metric("initiatives_begun")
    september = month_of(date(2026, 9, 1))
    told = {
        member: figure(small.catalog, small.book, metric, september, cut, member).value
        for member in small.book.members(cut)
    }
    assert {member: count for member, count in told.items() if count} == by_hand


def test_the_milestones_stand_as_their_plans_say(small: Measured) -> None:
    """Of each milestone the newest entry until the end of September 2026, against the plans themselves."""
    derivation = small.catalog.derivations["milestones"]
    desk = Desk(small.catalog, small.book, QUARTER, date(2026, 10, 15))
    entries = newest((each.member, each.value) for each in picked(desk, derivation, ENTRY, 0, 99_999))
    with duckdb.connect(str(small.company), read_only=True) as connection:
        connection.execute("SET TimeZone = 'Europe/Amsterdam'")
        plans = connection.execute(
            """SELECT title || ', ' || milestone, due, met_at::DATE, "end"
               FROM initiative_period JOIN initiative USING (initiative_key)"""
        ).fetchall()
    assert len(entries) == len(plans) > 50
    for line, due, met, end in plans:
        wanted = "met" if met and met <= due else "met late" if met else "planned"
        if met is None and due < date(2026, 9, 30):
            wanted = "left" if end else "overdue"
        assert entries[line].status == wanted, line
        assert entries[line].evidence == f"due {due.day} {due:%B %Y}"
