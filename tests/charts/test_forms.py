"""Every form of chart is rendered, in both themes: with one item and many, long and odd names."""

import random
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from dashboard.analysis.difference_in_differences import Experiment, difference_in_differences
from dashboard.analysis.interrupted_time_series import Interruption, interrupted_time_series
from dashboard.analysis.lead_lag import LeadLag, lead_lag
from dashboard.analysis.panel import UnitMean
from dashboard.analysis.survival import Stay, SurvivalCurve, survival_curve
from dashboard.board.drawings import (
    Ages,
    AgesCell,
    BeliefRow,
    BulletRow,
    Bullets,
    Butterfly,
    Correlogram,
    Curve,
    Dot,
    DotPlot,
    Drawing,
    Dumbbell,
    Gap,
    Matrix,
    MatrixCell,
    Pareto,
    Register,
    Role,
    Share,
    Step,
    Survival,
    Waterfall,
)
from dashboard.board.effect_drawings import EffectRow, Effects, EventStudy, Interrupted
from dashboard.charts.forms import FORMS, drawing_spec
from dashboard.charts.images import svg
from dashboard.charts.theme import DARK, LIGHT
from dashboard.definitions.model import Board, Rules, Side
from dashboard.periods import FiscalCalendar, add_months, month_of
from dashboard.units import Unit, format_value

BOARD = Board("Meridian", "EUR", "en_GB", "Europe/Amsterdam", FiscalCalendar(4), 10, 0.1, (), Rules())
NAMES = ("Consumer", "A very long name of a group that has to be broken", "=1+1", "客户 <b>", "x" * 60)


def shown(value: float, unit: Unit) -> str:
    return format_value(value, unit, locale=BOARD.locale, currency=BOARD.currency)


def a_waterfall() -> Waterfall:
    amounts = [
        ("Opening", 41.2e6),
        ("Lost", -3.1e6),
        ("Contracted", -1.4e6),
        ("Expanded", 2.2e6),
        ("New", 4.0e6),
    ]
    at = [0.0]
    for _, amount in amounts:
        at.append(at[-1] + amount)
    steps = [
        Step(name, start, end, shown(end - start, Unit.CURRENCY), Role.RISE if end > start else Role.FALL)
        for (name, _), (start, end) in zip(amounts[1:], list(pairwise(at))[1:], strict=True)
    ]
    first = Step("Opening", 0, at[1], shown(at[1], Unit.CURRENCY), Role.TOTAL)
    last = Step("Closing", 0, at[-1], shown(at[-1], Unit.CURRENCY), Role.TOTAL)
    return Waterfall((first, *steps, last), Unit.CURRENCY, BOARD, Side.FINANCIAL)


def a_ranking(names: tuple[str, ...] = NAMES) -> DotPlot:
    found = tuple(
        Dot(name, 30.0 + n, shown(30.0 + n, Unit.POINTS), 25.0 + n, 36.0 + n, f"{100 + n}")
        for n, name in enumerate(names)
    )
    return DotPlot(found, Dot("All", 31.0, "31.0", None, None, "1,204"), Unit.POINTS, BOARD, Side.CUSTOMER)


def a_pareto() -> Pareto:
    values = (40.0, 30.0, 15.0, 10.0, 5.0)
    total = 0.0
    shares = []
    for name, value in zip(NAMES, values, strict=True):
        total += value / 100
        shares.append(
            Share(name, value, f"{value:.0f}", total, shown(total, Unit.PERCENT), name == NAMES[-1])
        )
    return Pareto(tuple(shares), Unit.COUNT, BOARD, Side.CUSTOMER)


def a_matrix() -> Matrix:
    columns = ("Sales", "Service", "Finance and billing")
    cells = [
        MatrixCell(row, column, None if row == column else float(i + j), f"{i + j}", "120")
        for i, row in enumerate(NAMES)
        for j, column in enumerate(columns)
    ]
    cells[0] = MatrixCell(NAMES[0], columns[0], None, "too few", "")
    return Matrix(NAMES, columns, tuple(cells), "Journey", "Department", Unit.COUNT, BOARD, Side.CUSTOMER)


def some_gaps() -> tuple[Gap, ...]:
    found = []
    for n, name in enumerate(NAMES[:-1]):
        left, right = 0.61 - n / 50, 0.22 + n / 20
        texts = shown(left, Unit.PERCENT), shown(right, Unit.PERCENT)
        found.append(Gap(name, left, texts[0], right, texts[1], f"{100 * (left - right):+.0f}"))
    return (*found, Gap("Nobody asked", None, "n/a", 0.3, "30.0%", "n/a"))


def some_bullets() -> Bullets:
    rows = (
        BulletRow("First call resolution", 2.1, "2.1", 2.0, "2.0", 1.4, 2.8, "DiD"),
        BulletRow("New loyalty scheme", -0.4, "−0.4", 3.0, "3.0", -1.6, 0.8, "DiD"),
        BulletRow("Rebranding", None, "n/a", 1.0, "1.0", None, None, "none"),
    )
    return Bullets(rows, Unit.POINTS, BOARD, "Measured", "Planned")


def some_ages(rows: int = 5, columns: int = 4) -> Ages:
    cells = [
        AgesCell(
            row, age, 0.9 - age / 10 if row + age < rows else None, "90%" if row + age < rows else "", "why"
        )
        for row in range(rows)
        for age in range(columns)
    ]
    names = tuple(NAMES[row % len(NAMES)] for row in range(rows))
    return Ages(names, tuple(str(age) for age in range(columns)), tuple(cells), "Joined in", "Months", BOARD)


def some_curves(groups: int = 2) -> Survival:
    found = survival_curve([Stay(until=age, lost=5, still_here=20) for age in range(6)])
    assert isinstance(found, SurvivalCurve)
    return Survival(tuple(Curve(name, found) for name in NAMES[:groups]), "Months since joining", BOARD)


def some_beliefs(rows: int = 5) -> Register:
    found = [
        BeliefRow(
            f"Supported: {NAMES[n % 5]}", "rise together", 0.9 - n / 4, 0.3, "0.90", "0.90 at +3", n < 2
        )
        for n in range(rows)
    ]
    return Register(
        (*found, BeliefRow("Insufficient", "no lag", None, None, "", "insufficient", False)), BOARD
    )


def some_lags() -> Correlogram:
    draw = random.Random(3)  # noqa: S311
    first = [draw.gauss(0, 1) for _ in range(60)]
    second = [first[max(0, n - 2)] + draw.gauss(0, 1) for n in range(60)]
    found = lead_lag(first, second, window=(0, 6))
    assert isinstance(found, LeadLag)
    return Correlogram(found, "month", BOARD)


def some_effects() -> Effects:
    rows = [
        EffectRow(
            f"{name} (DiD)", "Score", n - 1.0, n - 2.5, n + 0.5, f"raised by {n}", f"+{n}", n > 2, n < 4
        )
        for n, name in enumerate(NAMES)
    ]
    return Effects(
        (*rows, EffectRow("x (none)", "Score", None, None, None, "cannot be", "not judged", False, False)),
        BOARD,
    )


def a_study(unit: Unit = Unit.PERCENT) -> EventStudy:
    draw = random.Random(4)  # noqa: S311
    means = [
        UnitMean(f"shop {unit}", span, 0.5 + draw.gauss(0, 0.02) + (0.1 if unit < 5 and span > 5 else 0))
        for unit in range(10)
        for span in range(12)
    ]
    found = difference_in_differences(means, [f"shop {n}" for n in range(5)], 6, selection="random")
    assert isinstance(found, Experiment)
    return EventStudy(found, 3, unit, BOARD)


def an_interruption() -> Interrupted:
    draw = random.Random(5)  # noqa: S311
    values = [0.8 + (0.05 if n >= 14 else 0) + draw.gauss(0, 0.01) for n in range(30)]
    found = interrupted_time_series([None, *values[1:]], 14)
    assert isinstance(found, Interruption)
    months = tuple(month_of(add_months(date(2024, 1, 1), n)) for n in range(30))
    return Interrupted(months, (None, *values[1:]), found, 14, Unit.PERCENT, BOARD, Side.CUSTOMER)


DRAWINGS: dict[str, Drawing] = {
    "effects": some_effects(),
    "a study of shares": a_study(),
    "a study of scores": a_study(Unit.POINTS),
    "before and after": an_interruption(),
    "waterfall": a_waterfall(),
    "ranking": a_ranking(),
    "ranking of one": a_ranking(NAMES[:1]),
    "ranking of forty": a_ranking(tuple(f"Group {n}" for n in range(40))),
    "pareto": a_pareto(),
    "matrix": a_matrix(),
    "dumbbell": Dumbbell(some_gaps(), "Company", "Customers", Unit.PERCENT, BOARD),
    "butterfly": Butterfly(some_gaps(), "Stated priority", "Weight in pay", Unit.PERCENT, BOARD),
    "bullets": some_bullets(),
    "cohorts": some_ages(),
    "one cohort": some_ages(1, 1),
    "twenty-four cohorts": some_ages(24, 12),
    "curves": some_curves(),
    "one curve": some_curves(1),
    "beliefs": some_beliefs(),
    "forty beliefs": some_beliefs(40),
    "no belief tested": some_beliefs(0),
    "lags": some_lags(),
}


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_form_is_rendered(name: str, palette: object) -> None:
    picture = svg(drawing_spec(DRAWINGS[name], palette, width=520)).decode()  # type: ignore[arg-type]
    assert "NaN" not in picture
    assert "undefined" not in picture
    assert "<path" in picture


def test_each_form_is_among_them() -> None:
    assert {type(drawing) for drawing in DRAWINGS.values()} == set(FORMS)


def test_an_effect_is_filled_where_it_counts_and_round_where_groups_were_compared() -> None:
    spec = drawing_spec(some_effects(), LIGHT, width=520)
    points = next(each for each in spec["layer"] if each["mark"]["type"] == "point")
    drawn = spec["datasets"][points["data"]["name"]]
    assert [(row["counts"], row["shape"]) for row in drawn] == [
        (False, "circle"), (False, "circle"), (False, "circle"), (True, "circle"), (True, "diamond"),
    ]  # fmt: skip
    picture = svg(spec).decode()
    assert "not judged" in picture


def test_a_study_of_shares_is_drawn_in_points_by_months() -> None:
    spec = drawing_spec(a_study(), LIGHT, width=520)
    points = next(each for each in spec["layer"] if each["mark"]["type"] == "point")
    drawn = spec["datasets"][points["data"]["name"]]
    assert [row["relative"] for row in drawn] == list(range(-18, 18, 3))
    assert drawn[5]["value"] == 0
    assert 5 < drawn[-1]["value"] < 15
    assert "Difference, points" in svg(spec).decode()


def test_the_line_before_is_carried_on_after_the_start_alone() -> None:
    whole = an_interruption()
    spec = drawing_spec(whole, LIGHT, width=520)
    dashed = next(each for each in spec["layer"] if each["mark"].get("strokeDash") == [5, 4])
    assert [row["month"] for row in spec["datasets"][dashed["data"]["name"]]] == list(range(14, 30))
    points = next(each for each in spec["layer"] if each["mark"]["type"] == "point")
    assert len(spec["datasets"][points["data"]["name"]]) == 29  # the missing month is none


def test_a_bridge_hangs_each_movement_on_the_one_before() -> None:
    steps = a_waterfall().steps
    assert all(above.end == below.start for above, below in pairwise(steps[:-1]))
    assert steps[-1].end == steps[-2].end


def test_a_bridge_whose_movements_are_small_beside_its_totals_is_drawn_broken() -> None:
    whole = a_waterfall()
    assert whole.begins == 3.3e7
    assert all(step.end > whole.begins for step in whole.steps)
    spec = drawing_spec(whole, LIGHT, width=520)
    bars = next(each for each in spec["layer"] if each["mark"]["type"] == "bar")
    starts = [row["from"] for row in spec["datasets"][bars["data"]["name"]]]
    assert min(starts) == starts[0] == whole.begins
    cuts = [each for each in spec["layer"] if each["mark"].get("shape", "").startswith("M-")]
    assert [len(spec["datasets"][each["data"]["name"]]) for each in cuts] == [2]  # opening and closing


def test_a_bridge_with_large_movements_or_below_zero_begins_at_zero() -> None:
    whole = a_waterfall()
    first, *others = whole.steps
    small = replace(first, end=4e6)
    assert replace(whole, steps=(small, *others)).begins == 0
    assert replace(whole, steps=(replace(first, end=-1e6), *others)).begins == 0


def test_a_bridge_below_zero_is_drawn_where_its_movements_are() -> None:
    whole = a_waterfall()
    below = [
        replace(step, start=step.start - 4e7 * (step.role is not Role.TOTAL), end=step.end - 4e7)
        for step in whole.steps
    ]
    spec = drawing_spec(replace(whole, steps=tuple(below)), LIGHT, width=520)
    bars = next(each for each in spec["layer"] if each["mark"]["type"] == "bar")
    drawn = spec["datasets"][bars["data"]["name"]]
    assert [row["from"] for row in drawn] == [step.start for step in below]
    assert min(row["to"] for row in drawn) < 0
    assert bars["encoding"]["x"]["scale"]["domain"][0] < min(row["to"] for row in drawn)


@pytest.mark.parametrize("name", ["waterfall", "ranking", "pareto", "bullets"])
def test_the_figures_are_written_beside_the_marks(name: str) -> None:
    picture = svg(drawing_spec(DRAWINGS[name], LIGHT, width=520)).decode()
    expected = {"waterfall": "€41.2M", "ranking": "30.0", "pareto": "40 · 40.0%", "bullets": "First call"}[
        name
    ]
    assert expected in picture


def axis_of(drawing: Drawing) -> dict[str, Any]:
    return next(
        layer["encoding"]["x"]["axis"]
        for layer in drawing_spec(drawing, LIGHT)["layer"]
        if "x" in layer["encoding"]
    )


def test_the_heads_of_many_columns_stand_aslant_and_whole() -> None:
    assert axis_of(a_matrix())["labelAngle"] == 0
    departments = ("Billing", "Business sales", "Customer service", "Field operations", "Marketing", "Staff")
    cells = tuple(MatrixCell(NAMES[0], each, 1.0, "1", "120") for each in departments)
    axis = axis_of(replace(a_matrix(), columns=departments, cells=cells))
    assert axis["labelAngle"] == -40
    assert '["Customer service"]' in axis["labelExpr"]
    assert axis_of(some_ages(24, 20))["labelAngle"] == 0  # numbers


def test_what_the_axis_of_beliefs_says_fits_under_the_half_of_a_phone() -> None:
    assert max(map(len, axis_of(some_beliefs())["title"])) <= 32


def test_two_long_names_stand_below_each_other() -> None:
    def columns(left: str, right: str) -> int:
        spec = drawing_spec(Dumbbell(some_gaps(), left, right, Unit.POINTS, BOARD), LIGHT)
        legends = {
            layer["encoding"]["shape"]["legend"]["columns"]
            for layer in spec["layer"]
            if "shape" in layer["encoding"]
        }
        return legends.pop()

    assert columns("Managers", "Customers") == 2
    assert columns("Managers who believe it", "Customers") == 1
    assert columns("Score of the contact on the way", "End-to-end score") == 1


def test_no_line_strikes_a_figure_of_a_ranking_through() -> None:
    layers = drawing_spec(a_ranking(), LIGHT)["layer"]
    texts = [layer for layer in layers if layer["encoding"].get("text", {}).get("field") == "text"]
    below, above = texts[-2:]
    assert below["mark"]["stroke"] == LIGHT.paper
    assert "stroke" not in above["mark"]
    assert below["data"] == above["data"]


def test_a_layer_without_rows_is_not_drawn() -> None:
    whole = a_ranking()
    dots = tuple(replace(dot, low=None, high=None) for dot in whole.dots)
    spec = drawing_spec(replace(whole, dots=dots), LIGHT)
    assert all(spec["datasets"][layer["data"]["name"]] for layer in spec["layer"])
    assert len(spec["layer"]) == len(drawing_spec(whole, LIGHT)["layer"]) - 1


def test_names_are_text_and_never_marks_of_the_picture() -> None:
    picture = svg(drawing_spec(DRAWINGS["ranking"], LIGHT, width=520)).decode()
    assert "<b>" not in picture
    assert "=1+1" in picture
