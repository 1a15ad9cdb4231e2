"""The effects of initiatives from a CSV file through the ledger: what was planted is found, and no more."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import fmean

import pytest

from dashboard.board.assembly import assemble
from dashboard.board.effect_drawings import Effects, EventStudy, Interrupted
from dashboard.board.panels import ExhibitPanel
from dashboard.board.view import View
from dashboard.deployment import load
from dashboard.ledger.scope import EVERYTHING
from dashboard.periods import Grain
from tests.board.initiatives import (
    CONFIGURATION,
    EFFECT,
    ONE_CALL,
    REGIONS,
    SAVED,
    in_points_alone,
    opened,
    rows,
)
from tests.board.practices import NOW, QUARTER, Company, told


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(tmp_path_factory.mktemp("initiatives")) as found:
        yield found


def exhibits(company: Company, view: View = QUARTER) -> list[ExhibitPanel]:
    panels = company.page("initiatives", view).panels
    assert all(isinstance(panel, ExhibitPanel) for panel in panels), panels
    return [panel for panel in panels if isinstance(panel, ExhibitPanel)]


def verdicts(panel: ExhibitPanel) -> dict[str, str]:
    place = [column.name for column in panel.sheet.columns].index("Verdict")
    return {row[0].text: row[place].text for row in panel.sheet.rows}


def by_hand() -> float:
    """The change of the odd regions less that of the even ones; each region and each month counts alike."""
    shares: dict[tuple[str, bool], list[float]] = {}
    for month, region, _, visits, solved, _, _ in rows():
        if region in REGIONS:
            shares.setdefault((region, month >= ONE_CALL), []).append(solved / visits)
    changes = [fmean(shares[region, True]) - fmean(shares[region, False]) for region in REGIONS]
    return fmean(changes[::2]) - fmean(changes[1::2])


def test_each_initiative_has_its_verdict_by_its_design(company: Company) -> None:
    panel = exhibits(company)[0]
    assert panel.key == "effects-one_call"
    assert panel.sentence == (
        "One call raised solved at once by 4.7 points; Second look had no detectable effect; "
        "2 can only be compared with the time before; New platform cannot be judged."
    )
    assert told(panel) == [
        ["One call", "raised by 4.7 points", "randomised", "+4.7 points", "+3.5 points", "+5.8 points",
         "points", "Solved at once", "Oct 2025", "",
         "6 groups with it, 6 without; 24 months before, 12 with it"],
        ["Second look", "no detectable effect", "DiD", "−0.3 points", "−1.2 points", "+0.5 points", "points",
         "Punctuality", "Jul 2025", "", "6 groups with it, 6 without; 12 months before, 6 with it"],
        ["Smaller vans", "lower by €5.55 than expected", "ITS, no counterfactual", "−€5.55", "−€6.58",
         "−€4.52", "currency", "Cost of a visit", "Jan 2025", "", "15 months before, 21 with it"],
        ["New rota", "no detectable change", "ITS, no counterfactual", "±0.0 points", "−0.9 points",
         "+1.0 points", "points", "Punctuality", "Jan 2025", "held for 12 months",
         "15 months before, 21 with it"],
        ["New platform", "cannot be judged", "none", "n/a", "n/a", "n/a", "points",
         "Solved at once", "May 2025", "", "It came to everyone on one day"],
    ]  # fmt: skip


def test_a_unit_that_all_share_is_told_once_in_the_head(company: Company) -> None:
    mixed = exhibits(company)[0].sheet
    assert [column.name for column in mixed.columns][3:7] == ["Effect", "95% from", "95% to", "In"]
    panel = in_points_alone(company)
    assert [column.name for column in panel.sheet.columns][3:7] == [
        "Effect, points", "95% from", "95% to", "Metric",
    ]  # fmt: skip
    assert [row[3:6] for row in told(panel)] == [
        ["+4.7", "+3.5", "+5.8"], ["−0.3", "−1.2", "+0.5"], ["±0.0", "−0.9", "+1.0"], ["n/a", "n/a", "n/a"],
    ]  # fmt: skip
    assert [[field.value for field in row] for row in panel.sheet.rows] == [
        [field.value for field in row if field.text != "points"]
        for row in mixed.rows
        if row[0].text != "Smaller vans"
    ]


def test_the_effect_is_that_worked_out_by_hand_and_its_interval_holds_the_planted_one(
    company: Company,
) -> None:
    effect, low, high = (field.value for field in exhibits(company)[0].sheet.rows[0][3:6])
    assert effect == pytest.approx(100 * by_hand())
    assert low is not None
    assert high is not None
    assert low < 100 * EFFECT < high


def test_before_against_after_claims_no_cause(company: Company) -> None:
    vans = next(panel for panel in exhibits(company) if panel.choice == "Smaller vans")
    assert isinstance(vans.drawing, Interrupted)
    assert -vans.drawing.found.average.high < SAVED < -vans.drawing.found.average.low
    assert "Whatever else happened then is in it: this is no proof." in vans.sentence
    for word in ("raised", "lowered", "effect of"):
        assert word not in vans.sentence


def test_what_cannot_be_judged_says_why(company: Company) -> None:
    panel = next(panel for panel in exhibits(company) if panel.sentence == "What cannot be judged")
    assert set(verdicts(panel).values()) == {"cannot be judged"}
    assert {row[0]: row[-1] for row in told(panel)} == {
        "Not begun": "No whole month with it is known yet.",
        "Just begun": "There are 5 periods from the start; at least 8 are needed.",
        "Long ago": "No month before it is known.",
        "Small groups": "2 groups with it and 2 without are too few to tell an effect from chance.",
        "Unknown groups": "There is 1 treated unit with every period; at least 2 are needed.",
        "Old script": "Nobody noted where",
        "Long visits": "Nobody noted where",
        "Stopped at once": "Nobody noted where",
    }
    assert panel.drawing is None


def test_groups_that_are_kept_back_or_unknown_are_left_out_and_told(company: Company) -> None:
    """A month of the Isle has six visits, fewer than may be shown; that of the Lagoon would give it away."""
    study = next(panel for panel in exhibits(company) if panel.choice == "Small groups")
    assert "Left out for missing periods: Isle, Lagoon." in study.notices
    assert "A group of which one month is missing or kept back is left out whole." in study.notices


def test_those_that_can_be_drawn_share_an_axis_of_points_and_others_stand_in_the_table(
    company: Company,
) -> None:
    panel = exhibits(company)[0]
    assert isinstance(panel.drawing, Effects)
    assert [(row.label, row.figure, row.counts, row.compared) for row in panel.drawing.rows] == [
        ("One call (randomised)", "+4.7", True, True),
        ("Second look (DiD)", "−0.3", False, True),
        ("New rota (ITS)", "±0.0", False, False),
        ("New platform (none)", "not judged", False, False),
    ]
    assert "in another unit, and so in the table alone: Smaller vans" in panel.small_print


def test_a_study_tells_of_the_trend_before_in_words(company: Company) -> None:
    study = next(panel for panel in exhibits(company) if panel.choice == "One call")
    assert isinstance(study.drawing, EventStudy)
    assert [each.relative for each in study.drawing.found.events] == list(range(-8, 4))
    assert study.under == "effects-one_call"
    assert study.key == "study-one_call"
    assert re.match(r"Before it began the groups moved alike: their trends differ by ", study.notices[0])
    assert re.match(r"Judged as if it had begun in Oct 2024, it shows no effect", study.notices[1])
    assert study.notices[0] in study.text
    assert [row[0] for row in told(study)][:2] == ["−24", "−21"]


def test_the_plan_says_which_months_count(company: Company) -> None:
    study = next(panel for panel in exhibits(company) if panel.choice == "Second look")
    assert "6 groups with it, 6 without; 12 months before, 6 with it" in study.small_print


def test_an_earlier_span_knows_no_later_months(company: Company) -> None:
    panel = exhibits(company, View(Grain.QUARTER, date(2025, 12, 1)))[0]
    assert told(panel)[0][-1] == "6 groups with it, 6 without; 24 months before, 3 with it"
    assert verdicts(exhibits(company, View(Grain.QUARTER, date(2025, 6, 1)))[0])["One call"] == (
        "cannot be judged"
    )


def test_the_group_of_the_page_changes_nothing(company: Company) -> None:
    of_one = replace(QUARTER, slice=("region",), member=("R2",))
    assert exhibits(company, of_one)[0] == exhibits(company)[0]


def test_the_example_of_the_documentation_is_judged(company: Company, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    example = text.partition("# config/pages/initiatives.yaml\n")[2].partition("```")[0]
    config = shutil.copytree(CONFIGURATION, tmp_path / "config")
    (config / "pages" / "initiatives.yaml").write_text(example, encoding="utf-8")
    catalog = load(config, company.environ).catalog
    page = catalog.page("initiatives")
    made = assemble(catalog, company.ledger, page, QUARTER, scope=EVERYTHING, today=NOW.date())
    first = made.panels[0]
    assert isinstance(first, ExhibitPanel)
    assert first.sentence == (
        "One call raised solved at once by 4.7 points; 1 can only be compared with the time before; "
        "New platform cannot be judged."
    )


def test_what_has_ended_is_watched_for_a_year(company: Company) -> None:
    """Since October 2025 more is solved, and since January 2025 less is spent on a visit."""
    panel = next(panel for panel in exhibits(company) if panel.sentence == "What cannot be judged")
    after = {row[0]: row[-2] for row in told(panel)}
    assert {title: text for title, text in after.items() if text} == {
        "Old script": "got better from Oct 2025 on",
        "Long visits": "fell back from Jan 2025 on",
        "Stopped at once": "cannot be told",
    }
    study = next(panel for panel in exhibits(company) if panel.choice == "New rota")
    assert "It ended in Oct 2025, and punctuality held for 12 months." in study.notices


def test_the_year_after_the_end_is_known_as_far_as_the_span_goes(company: Company) -> None:
    studies = exhibits(company, View(Grain.QUARTER, date(2025, 12, 1)))
    study = next(panel for panel in studies if panel.choice == "New rota")
    assert (
        "It ended in Oct 2025; whether it held cannot be told: "
        "There are 3 periods after its end; at least 7 are needed."
    ) in study.notices
