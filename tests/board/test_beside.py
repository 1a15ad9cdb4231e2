"""Targets by period and group, plan beside actual, and annotations that mark trends and restart limits."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.analysis.process_behaviour import Assurance
from dashboard.board.panels import PairPanel, TrendPanel
from dashboard.board.reading import Point, Reading
from dashboard.board.wording import detail_lines, mark_lines, point_text, text_equivalent
from dashboard.charts.exhibit import chart_spec
from dashboard.charts.images import svg
from dashboard.charts.theme import DARK, LIGHT, Palette
from dashboard.commands.asking import Question, answers, read_scenario
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog, Side
from dashboard.ledger.figures import Status
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell
from dashboard.periods import Grain, add_months, month_of
from tests.board import company
from tests.charts.schema import taken

ANSWERS = {"Business": company.steady(300, 120, 60), "Consumer": company.steady(400, 160, 80)}
MONTHS = 36
LAST = date(2026, 9, 30)
FEW_MONTH = 23  # September 2025
FILES = {
    "datasets/finance.yaml": """
source: warehouse
table: finance
event: {at: month, covers: month}
scenario: {column: scenario, actual: AC, plan: PL, forecast: FC, previous_year: PY}
measures:
  revenue: sum(amount)
""",
    "datasets/goals.yaml": """
source: warehouse
table: goals
event: {at: month, covers: month}
dimensions: {segment: segment}
slices: [segment]
measures:
  nps: avg(nps)
  level: max(nps)
  revenue: sum(revenue)
""",
    "datasets/happened.yaml": """
source: warehouse
table: happened
annotations: {at: day, text: what, kind: kind, scope: metric}
""",
    "annotations.yaml": """
- {at: 2026-04, text: Prices up by 4 %, kind: price, scope: revenue}
- {at: 2025-10-12, text: New survey provider, kind: rebase, scope: [net_promoter_score]}
- {at: 2020-01, text: Long ago}
""",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened:
        yield opened


def load(folder: Path, target: str = "goals.nps", annotations: str | None = None) -> Catalog:
    config = shutil.copytree(company.CONFIGURATION, folder / "config", dirs_exist_ok=True)
    for name, text in FILES.items():
        (config / name).write_text(text)
    if annotations is not None:
        (config / "annotations.yaml").write_text(annotations)
    metrics = config / "metrics" / "m.yaml"
    metrics.write_text(
        metrics.read_text()
        .replace("target: {2024-04: 40, 2026-04: 45}", f"target: {target}")
        .replace("target: {none: set by the budget}", "target: goals.revenue")
    )
    return load_catalog(config, sources={"warehouse": "Data office"})


def cells(
    key: str, values: dict[str, tuple[float, int]], cut: tuple[str, ...] = (), member: tuple[str, ...] = ()
) -> list[Cell]:
    return [
        Cell(key, month_of(date.fromisoformat(f"{month}-01")), cut, member, value, n)
        for month, (value, n) in values.items()
    ]


def record(ledger: Ledger, found: Catalog, *extra: list[Cell]) -> None:
    until = add_months(company.FIRST, MONTHS)
    names = {each[0].measure.partition(".")[0] for each in extra}
    frames = [
        company.frame("survey", tuple(company.survey(ANSWERS, MONTHS)), until),
        company.frame(
            "finance", tuple(company.revenue(lambda index: 1e6 + 1e4 * (index % 5), MONTHS)), until
        ),
        *(
            company.frame(
                name,
                tuple(cell for part in extra for cell in part if cell.measure.startswith(f"{name}.")),
                until,
            )
            for name in sorted(names)
        ),
    ]
    company.record(ledger, found, frames)


def panels(ledger: Ledger, found: Catalog) -> tuple[Reading, Reading, dict[str, Reading]]:
    pair, trend = company.page(ledger, found).panels
    assert isinstance(pair, PairPanel)
    assert isinstance(trend, TrendPanel)
    return pair.readings[0], pair.readings[1], dict(zip(trend.labels, trend.readings, strict=True))


def at(reading: Reading, month: str) -> Point:
    return next(point for point in reading.points if f"{point.period.start:%Y-%m}" == month)


def test_a_measured_target_is_of_its_month_and_of_its_group(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path)
    nps = {"2026-07": (38.0, 2), "2026-08": (20.0, 1), "2026-09": (22.0, 1)}
    business = {"2026-07": (30.0, 1), "2026-09": (34.0, 1)}
    record(
        ledger,
        found,
        cells("goals.nps", nps),
        cells("goals.nps", business, ("segment",), ("Business",)),
        cells("goals.revenue", {"2026-07": (1e6, 1), "2026-08": (2e6, 1), "2026-09": (3e6, 1)}),
    )
    score, revenue, by = panels(ledger, found)
    assert [at(score, month).target for month in ("2026-06", "2026-07", "2026-09")] == [None, 19, 22]
    assert score.target == 20  # of the quarter: (38 + 20 + 22) / 4
    assert revenue.target == 6e6  # amounts add up
    assert at(by["Business"], "2026-09").target == 34
    assert by["Business"].target is None  # August has none, so the quarter has none
    assert at(by["Consumer"], "2026-09").target is None
    assert "target 20.0" in detail_lines(score)


def test_a_target_in_force_stands_until_the_next(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, "{in_force: goals.level}", annotations="- {at: 2020-01, text: Long ago}")
    record(ledger, found, cells("goals.level", {"2025-01": (30.0, 1), "2026-08": (36.0, 1)}))
    score, _, by = panels(ledger, found)
    assert [at(score, month).target for month in ("2024-12", "2025-01", "2026-07", "2026-08", "2026-09")] == [
        *(None, 30, 30, 36, 36)
    ]
    assert score.target == 36
    assert score.assurance is not Assurance.NONE
    assert by["Business"].target is None


def test_members_may_have_targets_of_their_own_in_yaml(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, "{2024-04: 40, segment: {Business: {2024-04: 25, 2026-09: 28}}}")
    record(ledger, found)
    score, _, by = panels(ledger, found)
    assert (score.target, by["Business"].target, by["Consumer"].target) == (40, 28, None)
    assert at(by["Business"], "2026-08").target == 25


def test_a_target_of_all_holds_for_every_member(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, "{2024-04: 40}")
    record(ledger, found)
    _, _, by = panels(ledger, found)
    assert {reading.target for reading in by.values()} == {40}


def test_the_plan_stands_beside_the_actual_and_is_no_group(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path)
    plan = {f"2026-{month:02}": (1.2e6, 1) for month in range(1, 11)}
    record(
        ledger,
        found,
        cells("finance_plan.revenue", plan),
        cells("finance_previous_year.revenue", {"2026-09": (9e5, 1)}),
    )
    score, revenue, _ = panels(ledger, found)
    assert dict(at(revenue, "2026-09").scenarios) == {"plan": 1.2e6, "previous_year": 9e5}
    assert dict(at(revenue, "2025-12").scenarios) == {}
    assert all(not point.scenarios for point in score.points)
    assert point_text(revenue, at(revenue, "2026-09")).endswith("; plan €1.2M; previous year €900K")
    assert detail_lines(revenue)[-3:-1] == ("outlined: plan", "lighter: previous year")


MARKS = ("1 Oct 2025: New survey provider (rebase)", "2 May 2026: A rival closes (competitor)")


def test_annotations_mark_the_trends_they_are_about(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path)
    by = ("kind", "scope", "text")
    record(
        ledger,
        found,
        cells("happened.marks", {"2026-05": (1, 1)}, by, ("Competitor", "all", "A rival closes")),
        cells("happened.marks", {"2026-06": (1, 1)}, by, ("no such kind", "revenue", "A fire")),
    )
    score, revenue, groups = panels(ledger, found)
    assert mark_lines(score) == MARKS
    assert mark_lines(groups["Business"]) == MARKS
    assert mark_lines(revenue) == (
        "1 Apr 2026: Prices up by 4 % (price)",
        "2 May 2026: A rival closes (competitor)",
        "3 Jun 2026: A fire (event)",
    )
    assert point_text(score, at(score, "2026-05")).endswith("; 2 A rival closes")
    assert f"Marked: {'; '.join(MARKS)}." in text_equivalent(score)
    assert detail_lines(score)[-2:] == MARKS


def test_a_rebase_begins_the_limits_anew_and_a_price_does_not(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path)
    rise = {name: lambda index, of=of: _raised(of(index), index) for name, of in ANSWERS.items()}
    until = add_months(company.FIRST, MONTHS)
    money = tuple(company.revenue(lambda index: 1e6, MONTHS))
    frames = [company.frame("survey", tuple(company.survey(rise, MONTHS)), until)]
    company.record(ledger, found, [*frames, company.frame("finance", money, until)])
    score, _, _ = panels(ledger, found)
    before, after = at(score, "2025-09").limits, at(score, "2025-10").limits
    assert before is not None
    assert after is not None
    assert after.centre > before.centre + 10
    assert {point.limits for point in score.points if point.period.start < date(2025, 10, 1)} == {before}
    plain = load(tmp_path, annotations="- {at: 2025-10, text: Prices, kind: price}")
    score, _, _ = panels(ledger, plain)
    assert len({point.limits for point in score.points}) == 1


def _raised(counts: Any, index: int) -> company.Counts:
    answers, promoters, detractors = counts
    return answers, promoters + (60 if index >= 24 else 0), detractors


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_all_of_it_is_drawn(ledger: Ledger, tmp_path: Path, palette: Palette) -> None:
    found = load(tmp_path)
    some = {f"2026-{month:02}": (1.2e6, 1) for month in range(1, 10)}
    record(
        ledger,
        found,
        *(cells(f"finance_{name}.revenue", some) for name in ("plan", "forecast", "previous_year")),
    )
    _, revenue, _ = panels(ledger, found)
    spec = taken(chart_spec(revenue, palette))
    marks = [layer["mark"] for layer in spec["layer"]]
    assert [mark["opacity"] for mark in marks if mark["type"] == "line" and mark.get("opacity")] == [0.35]
    assert any(mark.get("strokeDash") == [5, 3] for mark in marks)
    outlines = [mark for mark in marks if mark.get("shape") == "square"]
    assert [(mark["fill"], mark["stroke"]) for mark in outlines] == [(palette.paper, palette.muted)]
    assert [
        layer["data"]["values"][0]["text"] for layer in spec["layer"] if layer["mark"]["type"] == "text"
    ] == ["1"]
    assert b"<svg" in svg({**spec, "width": 400})
    bare = chart_spec(
        replace(revenue, marks=(), points=tuple(replace(p, scenarios={}) for p in revenue.points)), palette
    )
    assert len(bare["layer"]) == len(spec["layer"]) - 6


SURVEY_OF_LAST_YEAR = """
source: warehouse
table: survey
event: answered_at
slices: [segment]
dimensions: {segment: segment}
scenario: {column: scenario, actual: AC, plan: PL, previous_year: PY}
measures:
  responses: count(*)
  promoters: count(*) filter (where score >= 9)
  detractors: count(*) filter (where score <= 6)
freshness: 35 days
"""


def of_scenario(name: str, month: str, answers: dict[str, company.Counts]) -> list[Cell]:
    """Answers, promoters and detractors of a month by segment, and of all."""
    found: list[Cell] = []
    for place, measure in enumerate(("responses", "promoters", "detractors")):
        key, total = f"survey_{name}.{measure}", sum(counts[place] for counts in answers.values())
        found += cells(key, {month: (total, total)})
        for segment, counts in answers.items():
            told = {month: (counts[place], counts[place])}
            found += cells(key, told, ("segment",), (segment,))
    return found


def test_the_previous_year_of_a_small_group_is_kept_back_with_its_neighbour(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FILES, "datasets/survey.yaml", SURVEY_OF_LAST_YEAR)
    found = load(tmp_path)
    many, few = (300, 120, 60), (4, 2, 1)
    record(
        ledger,
        found,
        of_scenario("previous_year", "2026-08", {"Business": many, "Consumer": many})
        + of_scenario("previous_year", "2026-09", {"Business": few, "Consumer": many}),
        of_scenario("plan", "2026-09", {"Business": few, "Consumer": many}),
    )
    score, _, by = panels(ledger, found)
    assert {name: sorted(at(reading, "2026-08").scenarios) for name, reading in by.items()} == {
        "Business": ["previous_year"],
        "Consumer": ["previous_year"],
    }
    # The few could be worked out from all and the others; what was planned is of nobody.
    assert {name: sorted(at(reading, "2026-09").scenarios) for name, reading in by.items()} == {
        "Business": ["plan"],
        "Consumer": ["plan"],
    }
    assert sorted(at(score, "2026-09").scenarios) == ["plan", "previous_year"]
    asked = read_scenario((found.metric("net_promoter_score"),), "previous_year")
    told = answers(
        found, ledger, Question(asked, ("segment",), Grain.MONTH, LAST, LAST, None, scenario="previous_year")
    )
    assert {each.figure.status for each in told} == {Status.SUPPRESSED}


def test_what_is_planned_of_few_members_of_staff_is_kept_back(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FILES, "datasets/survey.yaml", SURVEY_OF_LAST_YEAR)
    loaded = load(tmp_path)
    people = replace(loaded.metric("net_promoter_score"), side=Side.PEOPLE)
    found = replace(loaded, metrics={**loaded.metrics, people.id: people})
    record(ledger, found, of_scenario("plan", "2026-09", {"Business": (4, 2, 1), "Consumer": (300, 120, 60)}))
    score, _, by = panels(ledger, found)
    assert all(not at(reading, "2026-09").scenarios for reading in by.values())
    assert sorted(at(score, "2026-09").scenarios) == ["plan"]


def test_a_year_before_that_is_kept_back_is_none_to_stand_beside(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a table of the previous year without counts, the figures of that year say who is too few."""
    monkeypatch.setitem(FILES, "datasets/survey.yaml", SURVEY_OF_LAST_YEAR)
    monkeypatch.setitem(
        ANSWERS, "Business", lambda month: (300, 120, 60) if month != FEW_MONTH else (4, 2, 1)
    )
    loaded = load(tmp_path)
    countless = replace(loaded.metric("net_promoter_score"), scenario_bases={})
    found = replace(loaded, metrics={**loaded.metrics, countless.id: countless})
    many = {"Business": (300, 120, 60), "Consumer": (300, 120, 60)}
    record(
        ledger,
        found,
        of_scenario("previous_year", "2026-08", many) + of_scenario("previous_year", "2026-09", many),
    )
    _, _, by = panels(ledger, found)
    assert [sorted(at(by["Business"], month).scenarios) for month in ("2026-08", "2026-09")] == [
        ["previous_year"],
        [],
    ]
