"""What is out of balance is told with its place and a remedy, and a survey says how many answered."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.board.assembly import assemble
from dashboard.board.balance import remarks
from dashboard.board.panels import PairPanel, TrendPanel
from dashboard.board.survey_trust import said_of
from dashboard.board.wording import detail_lines
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog, SurveyCoverage
from dashboard.errors import ConfigurationError
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell
from dashboard.periods import add_months, month_of
from tests.board import company
from tests.board.test_assembly import CONSUMERS, QUARTER_END, steady_revenue

PAGE, METRICS = "pages/overview.yaml", "metrics/m.yaml"
NPS = "owner: Chief Customer Officer"  # a line that the score alone has
ASKED = """
asked:
  name: Response rate
  question: How many of those we ask answer?
  why: It says how far to trust the rest.
  formula: waves.completed / waves.delivered
  unit: percent
  better: higher
  side: customer
  interval: proportion
  owner: CCO
  activity: true
  target: {none: not set}
  neighbour: {none: It moves no money.}
"""
WAVES = """
source: warehouse
table: waves
event: {at: month, covers: month}
dimensions: {instrument: instrument}
slices: [instrument]
measures: {completed: sum(completed), delivered: sum(delivered)}
"""

Edit = Callable[..., Catalog]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The catalog of the pair, balanced, after replacements in its files."""
    folder = tmp_path / "config"
    shutil.copytree(company.CONFIGURATION, folder)
    _change(folder, METRICS, NPS, f"{NPS}\n  coverage: {{metric: asked, of: {{instrument: nps}}}}")
    (folder / METRICS).write_text((folder / METRICS).read_text() + ASKED)
    (folder / "datasets" / "waves.yaml").write_text(WAVES)

    def changed(*changes: tuple[str, str, str]) -> Catalog:
        for file, old, new in changes:
            _change(folder, file, old, new)
        return load_catalog(folder, sources={"warehouse": ""})

    return changed


def _change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))


def told(catalog: Catalog) -> list[str]:
    return [str(remark) for remark in remarks(catalog)]


PAIR = "  - pair: net_promoter_score\n"
COVERAGE = "coverage: {metric: asked, of: {instrument: nps}}"


def test_what_is_in_balance_has_no_remark(edited: Edit) -> None:
    assert told(edited()) == []


def test_a_page_of_customer_figures_alone(edited: Edit) -> None:
    assert told(edited((PAGE, PAIR, ""))) == [
        "pages/overview.yaml:1:1: The page shows no financial figure. "
        "Draw a metric with its neighbour: write pair, not trend."
    ]


def test_a_page_of_financial_figures_alone(edited: Edit) -> None:
    trend = "  - trend: net_promoter_score\n    by: segment\n"
    assert told(edited((PAGE, PAIR, ""), (PAGE, trend, "  - trend: revenue\n"))) == [
        "pages/overview.yaml:1:1: The page shows financial figures alone. "
        "Add a panel of a customer or a people metric."
    ]


def test_a_page_of_texts_needs_no_balance(edited: Edit) -> None:
    trend = "  - trend: net_promoter_score\n    by: segment\n"
    assert told(edited((PAGE, PAIR, ""), (PAGE, trend, "  - note: Read the appendix.\n"))) == []


def test_an_activity_needs_its_outcome_where_it_stands(edited: Edit) -> None:
    activity = (METRICS, "unit: currency", "activity: true\n  unit: currency")
    assert told(edited((METRICS, "activity: true", "activity: false"), activity)) == []
    trend = (PAGE, PAIR, "  - trend: revenue\n")
    nps = (PAGE, "  - trend: net_promoter_score\n    by: segment\n", "  - trend: asked\n")
    assert told(edited(trend, nps)) == [
        "pages/overview.yaml:3:1: The activity 'revenue' stands here without its outcome. "
        "Write pair: revenue, which draws 'net_promoter_score' with it."
    ]


def test_an_activity_without_neighbour_needs_any_outcome(edited: Edit) -> None:
    assert told(edited((PAGE, "trend: net_promoter_score\n    by: segment", "trend: asked"))) == []
    alone = edited((PAGE, PAIR, ""))
    assert told(alone)[1:] == [
        "pages/overview.yaml:3:1: The activity 'asked' stands here without its outcome. "
        "Add a metric that says what came of it."
    ]


def test_an_activity_whose_neighbour_is_one_too(edited: Edit) -> None:
    both = [(METRICS, f"unit: {unit}", f"activity: true\n  unit: {unit}") for unit in ("points", "currency")]
    assert told(edited(*both)) == [
        "pages/overview.yaml:3:1: The activity 'net_promoter_score' stands here without its outcome. "
        "Its neighbour 'revenue' is one, too: name an outcome in metrics/m.yaml.",
        "pages/overview.yaml:3:1: The activity 'revenue' stands here without its outcome. "
        "Its neighbour 'net_promoter_score' is one, too: name an outcome in metrics/m.yaml.",
    ]


def test_a_target_or_the_reason_for_none(edited: Edit) -> None:
    assert told(edited((METRICS, "  target: {none: set by the budget}\n", ""))) == [
        "metrics/m.yaml:15:1: The metric 'revenue' has no target. Write one, or target: {none: reason}."
    ]


def test_a_survey_says_how_many_answered(edited: Edit) -> None:
    lacking = (
        "metrics/m.yaml:1:1: The survey metric 'net_promoter_score' does not say how many answered. "
        "Write coverage: the metric that does, or {none: reason}."
    )
    assert told(edited((METRICS, f"  {COVERAGE}\n", ""))) == [lacking]
    assert told(edited((METRICS, "interval: nps", "interval: none"))) == []
    survey = ("datasets/survey.yaml", "event: answered_at", "event: answered_at\nsurvey: true")
    assert told(edited(survey)) == [lacking]
    reason = (METRICS, NPS, f"{NPS}\n  coverage: {{none: a panel that is paid}}")
    assert told(edited(reason)) == []


def test_pay_on_a_survey_invites_gaming(edited: Edit) -> None:
    assert told(edited((METRICS, NPS, f"{NPS}\n  feeds_pay: true"))) == [
        "metrics/m.yaml:1:1: Pay depends on the survey metric 'net_promoter_score', which invites gaming. "
        "Pay on a metric of behaviour instead."
    ]
    assert told(edited((METRICS, "feeds_pay: true", "feeds_pay: false"))) == []


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("askd", "There is no metric 'askd'. Did you mean 'asked'?"),
        ("revenue", "'revenue' is in currency, and a share is wanted. Name one in percent."),
        ("{metric: asked, of: {region: N}}", "'asked' is not recorded by region. Name a slice that is."),
        (
            "{of: {instrument: nps}}",
            "A coverage is a metric or a reason why there is none. Write survey_response_rate, "
            "{metric: survey_response_rate, of: {instrument: nps}} or {none: reason}.",
        ),
    ],
)
def test_a_coverage_that_cannot_be(edited: Edit, written: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        edited((METRICS, COVERAGE, f"coverage: {written}"))
    assert [each.message for each in caught.value.problems] == [problem]


def test_neither_key_makes_a_new_version(edited: Edit) -> None:
    before = edited()
    after = edited(
        (METRICS, COVERAGE, "coverage: asked\n  activity: true\n  feeds_pay: true"),
        ("datasets/survey.yaml", "event: answered_at", "event: answered_at\nsurvey: true"),
    )
    assert after.metric("net_promoter_score").coverage == SurveyCoverage("asked")
    assert {name: metric.version for name, metric in after.metrics.items()} == {
        name: metric.version for name, metric in before.metrics.items()
    }


def waves() -> Iterator[Cell]:
    """Of the score's survey a quarter answers, of all surveys together half."""
    for index in range(36):
        month = month_of(add_months(company.FIRST, index))
        for measure, nps, both in (("completed", 250.0, 1000.0), ("delivered", 1000.0, 2000.0)):
            yield Cell(f"waves.{measure}", month, (), (), both, 2)
            yield Cell(f"waves.{measure}", month, ("instrument",), ("nps",), nps, 1)


def test_the_small_print_tells_how_many_answered_and_that_pay_hangs_on_it(
    edited: Edit, tmp_path: Path
) -> None:
    catalog = edited((METRICS, NPS, f"{NPS}\n  feeds_pay: true"))
    frames = [
        company.frame("survey", list(company.survey(CONSUMERS, 36)), QUARTER_END),
        company.frame("finance", list(company.revenue(steady_revenue, 36)), QUARTER_END),
        company.frame("waves", list(waves()), QUARTER_END),
    ]
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        company.record(ledger, catalog, frames)
        pair, trend = company.page(ledger, catalog).panels
        whole = replace(catalog, metrics={**catalog.metrics, "net_promoter_score": _of_all(catalog)})
        of_all = assemble(
            whole, ledger, whole.page("overview"), company.LATEST, scope=EVERYTHING, today=company.TODAY
        ).panels[0]
    assert isinstance(pair, PairPanel)
    assert isinstance(trend, TrendPanel)
    assert isinstance(of_all, PairPanel)
    assert "25.0% of those asked answered" in detail_lines(pair.readings[0])
    assert "feeds pay: may be gamed" in detail_lines(pair.readings[0])
    assert pair.readings[1].trust == ()
    assert trend.readings[0].trust[0] == "25.0% of all who were asked answered"
    assert of_all.readings[0].trust == ("50.0% of those asked answered", "feeds pay: may be gamed")


def test_what_is_said_of_one_of_several_figures_names_it() -> None:
    asked, paid = "19.4% of those asked answered", "feeds pay: may be gamed"
    assert said_of(["NPS"], [(asked, paid)]) == (asked, paid)
    assert said_of(["NPS", "Effort"], [(asked,), (asked,)]) == (asked,)
    assert said_of(["NPS", "Effort", "Cost"], [(asked, paid), (asked,), ()]) == (
        f"NPS, Effort: {asked}",
        f"NPS: {paid}",
    )
    assert said_of([], []) == ()


def _of_all(catalog: Catalog):  # type: ignore[no-untyped-def]  # a Metric
    return replace(catalog.metric("net_promoter_score"), coverage=SurveyCoverage("asked"))


def test_what_was_never_measured_is_not_known(edited: Edit, tmp_path: Path) -> None:
    catalog = edited()
    frames = [
        company.frame("survey", list(company.survey(CONSUMERS, 36)), QUARTER_END),
        company.frame("finance", list(company.revenue(steady_revenue, 36)), QUARTER_END),
    ]
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        company.record(ledger, catalog, frames)
        pair = company.page(ledger, catalog).panels[0]
    assert isinstance(pair, PairPanel)
    assert pair.readings[0].trust == ("share that answered not known",)
