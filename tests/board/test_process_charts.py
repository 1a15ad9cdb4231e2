"""Which chart judges a metric's months, from the key in its configuration to the line that a board reads."""

import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from dashboard.analysis.capability import Capability, target_capability
from dashboard.analysis.process_behaviour import Assurance, Limits, Mark, process_behaviour
from dashboard.analysis.rate_charts import RateChart, rate_chart
from dashboard.analysis.seasonal_behaviour import SeasonalBehaviour, seasonal_behaviour
from dashboard.board.masking import read_masked
from dashboard.board.provenance import provenance
from dashboard.board.reading import Reading, drawn_limits, read_metric
from dashboard.board.view import View
from dashboard.board.wording import detail_lines, text_equivalent
from dashboard.charts.images import svg
from dashboard.charts.theme import LIGHT
from dashboard.charts.trend import trend
from dashboard.definitions.chart_kinds import ChartKind, rate_parts
from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from dashboard.errors import ConfigurationError
from dashboard.ledger.figures import Status
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain, add_months
from tests.board import company
from tests.definitions.trees import without_places

MONTHS = 36
METRIC = """
{name}:
  name: {name}
  question: How many?
  why: A test.
  formula: {formula}
  unit: {unit}
  better: {better}
  side: {side}
  chart: {chart}
  interval: {interval}
  owner: Ann
  target: {target}
  neighbour: {{none: a test}}
"""
SHARE = {"formula": "survey.promoters / survey.responses", "unit": "percent", "interval": "proportion"}
MONEY = {"formula": "finance.revenue", "unit": "currency", "side": "financial"}
PLAIN = {
    "unit": "ratio",
    "better": "higher",
    "side": "customer",
    "interval": "none",
    "target": "{none: a test}",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened:
        yield opened


def load(folder: Path, **entry: str) -> Catalog:
    config = shutil.copytree(company.CONFIGURATION, folder / "config", dirs_exist_ok=True)
    told = {**PLAIN, **entry}
    (config / "metrics" / "judged.yaml").write_text(METRIC.format(name="judged", **told))
    return load_catalog(config, sources={"warehouse": ""})


def record(
    ledger: Ledger,
    found: Catalog,
    counts: Callable[[int], company.Counts],
    amount: Callable[[int], float] = lambda _: 1e6,
    months: int = MONTHS,
) -> None:
    until = add_months(company.FIRST, MONTHS)
    early = MONTHS - months
    survey = list(company.survey({"Consumer": counts}, MONTHS))
    money = list(company.revenue(amount, MONTHS))
    since = add_months(company.FIRST, early)
    frames = [
        company.frame(name, [cell for cell in cells if cell.period.start >= since], until)
        for name, cells in (("survey", survey), ("finance", money))
    ]
    company.record(ledger, found, frames)


def read(ledger: Ledger, found: Catalog, view: View = company.LATEST) -> Reading:
    metric = found.metric("judged")
    return read_metric(found, read_masked(found, ledger, [metric], scope=EVERYTHING), metric, view)


def flagged(reading: Reading) -> list[str]:
    return [
        f"{point.period.start:%Y-%m}"
        for point in reading.points
        if point.signal is not None and point.signal.mark is not Mark.COMMON
    ]


def seen(limits: Sequence[Limits | None]) -> list[float]:
    return [bound for each in limits if each for bound in (each.lower, each.centre, each.upper)]


def few_in_spring(month: int) -> company.Counts:
    """A quarter of those who answer; in April 2026 they are 20, of whom half."""
    if month == 30:
        return 20, 10, 1
    answers = 400 + 30 * (month % 3)
    return answers, round(0.25 * answers) + (4, -5, 2, -3, 6)[month % 5], 10


def test_a_share_of_few_is_judged_by_wider_limits(ledger: Ledger, tmp_path: Path) -> None:
    plain, by_number = (load(tmp_path / chart, **SHARE, chart=chart) for chart in ("xmr", "p"))
    record(ledger, plain, few_in_spring)
    assert flagged(read(ledger, plain)) == ["2026-04"]
    reading = read(ledger, by_number)
    assert flagged(reading) == []
    counts = [few_in_spring(month) for month in range(MONTHS - 24, MONTHS)]
    wanted = rate_chart([n[1] for n in counts], [n[0] for n in counts], kind="p")
    assert isinstance(wanted, RateChart)
    limits = [point.limits for point in reading.points]
    assert [(each.lower, each.centre, each.upper) for each in limits if each] == [
        pytest.approx((each.lower, each.centre, each.upper)) for each in wanted.behaviour.limits if each
    ]
    april = limits[18]
    assert april is not None and april.lower < 0
    assert drawn_limits(reading, april)[0] == 0
    told = "p-chart: the limits are wider where fewer are counted"
    assert (reading.chart, wanted.kind) == (f"{told}.", "p")
    assert told in detail_lines(reading)
    assert f". {told}" in text_equivalent(reading)
    assert b"<svg" in svg(trend(reading, LIGHT, width=400))


def mostly(month: int) -> company.Counts:
    """Nine in ten of few, up and down so much that the limits reach beyond all of them."""
    return 10, (10, 7, 10, 9, 10, 6)[month % 6], 0


def test_the_limits_of_a_share_are_drawn_to_all_of_it_at_most_without_a_declared_interval(
    ledger: Ledger, tmp_path: Path
) -> None:
    found = load(tmp_path, **{**SHARE, "interval": "none", "chart": "xmr"})
    record(ledger, found, mostly)
    reading = read(ledger, found)
    limits = reading.points[-1].limits
    assert limits is not None and limits.upper > 1
    assert drawn_limits(reading, limits) == (limits.lower, 1)
    assert ", limits 17.3% to 100.0%" in text_equivalent(reading)


def test_a_share_that_passed_all_of_it_is_not_said_to_be_unable_to(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, **{**SHARE, "interval": "none", "chart": "xmr"})
    record(ledger, found, lambda month: (10, 15, 0) if month == 30 else mostly(month))
    reading = read(ledger, found)
    limits = reading.points[-1].limits
    assert limits is not None and limits.upper > 1.5
    assert drawn_limits(reading, limits)[1] == 1.5


def test_a_rate_per_thousand_that_varies_beyond_chance_has_its_limits_widened(
    ledger: Ledger, tmp_path: Path
) -> None:
    found = load(
        tmp_path, formula="1000 * survey.detractors / survey.responses", unit="per_thousand", chart="u"
    )

    def counts(month: int) -> company.Counts:
        return 50_000, 100, 400 + (90, -120, 60, -40, 110, -100)[month % 6]

    record(ledger, found, counts)
    reading = read(ledger, found)
    assert flagged(reading) == []
    assert reading.chart is not None
    assert reading.chart.startswith("u′-chart: the limits are wider where fewer are counted; ")
    assert reading.chart.endswith(" times as wide as chance alone makes them.")
    last = reading.points[-1].limits
    assert last is not None
    assert last.centre == pytest.approx(8, abs=0.5)  # per thousand, as the figure is


def test_an_open_month_of_a_rate_has_no_limits_yet(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, **SHARE, chart="p")
    record(ledger, found, few_in_spring)
    reading = read(ledger, found, View(Grain.QUARTER, date(2026, 12, 1)))
    assert [point.figure.status for point in reading.points][-1] is not Status.OK
    assert reading.points[-1].limits is None


def winter(month: int) -> float:
    """October is month 0: winters are high; in August 2026 somebody forgot to send the bills."""
    wobble = (0.0, 3e4, -2e4, 1e4, -3e4, 2e4, -1e4)[month % 7]
    return 1e6 + 4e5 * math.cos(2 * math.pi * (month - 3) / 12) + wobble - (3e5 if month == 34 else 0)


def test_a_season_is_taken_out_and_drawn_around(ledger: Ledger, tmp_path: Path) -> None:
    plain, seasonal = (load(tmp_path / chart, **MONEY, chart=chart) for chart in ("xmr", "seasonal"))
    record(ledger, plain, few_in_spring, winter)
    assert len(flagged(read(ledger, plain))) > 10
    reading = read(ledger, seasonal)
    assert flagged(reading) == ["2026-08"]
    wanted = seasonal_behaviour([winter(month) for month in range(MONTHS)], declared=True)
    assert isinstance(wanted, SeasonalBehaviour)
    assert seen([point.limits for point in reading.points]) == pytest.approx(
        seen(wanted.limits_as_seen()[-24:])
    )
    told = "without the yearly pattern of 36 periods: the rules judge what is left"
    assert told in detail_lines(reading)
    january, july = (reading.points[place].limits for place in (15, 21))
    assert january is not None and july is not None
    assert january.lower > july.upper


def test_the_months_after_the_last_have_the_limits_of_their_season(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, **MONEY, chart="seasonal")
    record(ledger, found, few_in_spring, winter)
    reading = read(ledger, found, View(Grain.QUARTER, date(2026, 12, 1)))
    by_month = {f"{point.period.start:%Y-%m}": point.limits for point in reading.points}
    assert by_month["2026-12"] == by_month["2025-12"]


def test_who_misses_a_target_in_summer_alone_misses_it_in_summer_alone(
    ledger: Ledger, tmp_path: Path
) -> None:
    found = load(tmp_path, **MONEY, chart="seasonal", target="{2020-01: 1000000}")
    record(ledger, found, few_in_spring, lambda month: winter(month) + (3e5 if month == 34 else 0))
    reading = read(ledger, found)
    assert reading.capability is not None
    assert reading.capability.expected == pytest.approx(6, abs=0.5)
    assert (
        "target €1M: will be missed in about 6 of the next 12 months unless the process changes"
        in detail_lines(reading)
    )


def test_a_season_of_too_few_months_is_left_in_and_that_is_said(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, **MONEY, chart="seasonal")
    record(ledger, found, few_in_spring, winter, months=20)
    reading = read(ledger, found)
    plain = process_behaviour([winter(month) for month in range(MONTHS - 20, MONTHS)])
    assert seen([point.limits for point in reading.points]) == pytest.approx(seen(plain.limits))
    assert reading.chart == "Plain limits: a yearly pattern needs 24 periods; 20 are measured."


def test_a_new_baseline_leaves_the_season_in(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, **MONEY, chart="seasonal")
    (tmp_path / "config" / "annotations.yaml").write_text("- {at: 2025-03, text: New system, kind: rebase}\n")
    found = load(tmp_path, **MONEY, chart="seasonal")
    record(ledger, found, few_in_spring, winter)
    reading = read(ledger, found)
    assert reading.chart == "Plain limits: the limits begin anew, so no yearly pattern is taken out."
    assert len({point.limits for point in reading.points}) == 2


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((100, 0, 0), "Plain limits: nothing happened."),
        ((100, 100, 0), "Plain limits: it happened every time."),
        ((100, 130, 0), "Plain limits: what is counted is no number of rows in every month."),
    ],
)
def test_a_rate_that_is_none_is_judged_by_plain_limits(
    ledger: Ledger, tmp_path: Path, counts: company.Counts, told: str
) -> None:
    found = load(tmp_path, **SHARE, chart="p")
    record(ledger, found, lambda _: counts)
    assert read(ledger, found).chart == told


def test_a_new_baseline_begins_the_limits_of_a_rate_anew(ledger: Ledger, tmp_path: Path) -> None:
    load(tmp_path, **SHARE, chart="p")
    (tmp_path / "config" / "annotations.yaml").write_text("- {at: 2025-10, text: New form, kind: rebase}\n")
    found = load(tmp_path, **SHARE, chart="p")
    record(ledger, found, lambda month: (400, (100 if month < 24 else 200) + (3, -4, 1, 2, -3)[month % 5], 1))
    reading = read(ledger, found)
    assert [round(point.limits.centre, 2) for point in reading.points if point.limits] == [0.25] * 12 + [
        0.5
    ] * 12
    assert flagged(reading) == []


def test_the_card_tells_how_often_a_target_will_be_missed(ledger: Ledger, tmp_path: Path) -> None:
    found = load(tmp_path, **SHARE, chart="xmr", target="{2020-01: 0.255}")

    def counts(month: int) -> company.Counts:
        return 400, 100 + (9, -8, 5, -3, 2, -6, 4)[month % 7], 10

    record(ledger, found, counts)
    reading = read(ledger, found)
    assert reading.assurance is Assurance.HIT_OR_MISS
    shown = [counts(month)[1] / 400 for month in range(MONTHS - 24, MONTHS)]
    wanted = target_capability(process_behaviour(shown), 0.255, "higher")
    assert isinstance(wanted, Capability) and reading.capability is not None
    assert reading.capability.expected == pytest.approx(wanted.expected)
    lines = detail_lines(reading)
    count = round(wanted.expected)
    assert (
        f"target 25.5%: will be missed in about {count} of the next 12 months unless the process changes"
        in lines
    )
    met = load(tmp_path, **SHARE, chart="xmr", target="{2020-01: 0.1}")
    assert not any("of the next 12" in line for line in detail_lines(read(ledger, met)))


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        ("xmr", "Process-behaviour limits of the months shown; rules: "),
        ("seasonal", "Process-behaviour limits without the yearly pattern of up to three years; rules: "),
        ("p", "Limits of a p-chart, by the number counted in each month (widened after Laney); rules: "),
        ("u", "Limits of a u-chart, by the number counted in each month (widened after Laney); rules: "),
    ],
)
def test_about_says_which_chart_it_is(tmp_path: Path, chart: str, told: str) -> None:
    found = load(tmp_path, **SHARE, chart=chart)
    assert provenance(found, {}, found.metric("judged"), company.TODAY).rules.startswith(told)


E, N = "survey.detractors", "survey.responses"


@pytest.mark.parametrize(
    ("kind", "formula", "parts"),
    [
        (ChartKind.P, f"{E} / {N}", (E, N)),
        (ChartKind.P, f"1 - {E} / {N}", (f"{N} - {E}", N)),
        (ChartKind.P, f"100 * {E} / {N}", ()),
        (ChartKind.P, E, ()),
        (ChartKind.U, f"{E} / {N}", (E, N)),
        (ChartKind.U, f"1000 * {E} / {N}", (E, f"{N} / 1000")),
        (ChartKind.U, f"{E} * 1000 / {N}", (E, f"{N} / 1000")),
        (ChartKind.U, f"1000 * ({E} / {N})", (E, f"{N} / 1000")),
        (ChartKind.U, f"{E} + {N}", ()),
        (ChartKind.XMR, f"{E} / {N}", ()),
        (ChartKind.SEASONAL, f"{E} / {N}", ()),
    ],
)
def test_a_rate_is_made_of_what_is_counted(kind: ChartKind, formula: str, parts: tuple[str, ...]) -> None:
    found = rate_parts(kind, parse_formula(formula))
    assert without_places(found) == tuple(without_places(parse_formula(part)) for part in parts)


def test_a_chart_of_rates_needs_a_rate(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, **MONEY, chart="p")
    assert str(caught.value).endswith(
        "The chart p needs a formula of the form part / whole, or 1 - part / whole, of numbers that are "
        "counted. Write it so, or chart: xmr."
    )
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, **MONEY, chart="u")
    assert str(caught.value).endswith(
        "The chart u needs a formula of the form events / number, or 1000 * events / number, of events that "
        "are counted. Write it so, or chart: xmr."
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((9, 4, 1), ["fewer than 30 answers: read with care"]),
        ((20, 1, 1), ["too rare to be told from so few: read with care"]),
        ((400, 100, 1), []),
    ],
)
def test_a_figure_of_few_answers_is_read_with_care(
    ledger: Ledger, tmp_path: Path, counts: company.Counts, told: list[str]
) -> None:
    found = load(tmp_path, **SHARE, chart="xmr")
    record(ledger, found, lambda _: counts)
    lines = detail_lines(read(ledger, found))  # of three months
    assert [line for line in lines if "read with care" in line] == told
