"""Survival, correlogram and event study: rendered in both themes, with axis names, units and n."""

import math

import numpy as np
import pytest

from dashboard.analysis.difference_in_differences import Experiment, difference_in_differences
from dashboard.analysis.lead_lag import LeadLag, lead_lag
from dashboard.analysis.panel import UnitMean
from dashboard.analysis.survival import Stay, SurvivalCurve, survival_curve
from dashboard.board.drawings import Curve
from dashboard.charts.correlogram import correlogram
from dashboard.charts.event_study import event_study
from dashboard.charts.images import svg
from dashboard.charts.survival import survival
from dashboard.charts.theme import DARK, LIGHT, Palette, vega_config
from dashboard.definitions.model import Board, Rules
from dashboard.periods import FiscalCalendar
from dashboard.units import Unit

BOARD = Board("Meridian", "EUR", "en_GB", "Europe/Amsterdam", FiscalCalendar(4), 10, 0.1, (), Rules())
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def drawn(chart: object, palette: Palette) -> str:
    picture = svg({**chart.to_dict(), "config": vega_config(palette)}).decode()  # type: ignore[attr-defined]
    assert "NaN" not in picture and "undefined" not in picture
    return picture


def curve(yearly: float, customers: int = 1000) -> SurvivalCurve:
    left, stays = customers, []
    for month in range(1, 25):
        lost = round(left * (1 - yearly ** (1 / 12)))
        stays.append(Stay(until=month, lost=lost, still_here=0))
        left -= lost
    found = survival_curve([*stays, Stay(until=24, lost=0, still_here=left)])
    assert isinstance(found, SurvivalCurve)
    return found


@PALETTES
def test_survival_curves_have_names_n_and_those_at_risk(palette: Palette) -> None:
    curves = [Curve("Complained", curve(0.6)), Curve("Did not", curve(0.85, 2000))]
    picture = drawn(survival(curves, palette, BOARD, age="Months since joining", width=480), palette)
    for text in ("Months since joining", "Still here", "Complained (n 1,000)", "Did not (n 2,000)", "100%"):
        assert text in picture, text
    at_risk = next(step.at_risk for step in curves[1].curve.steps if step.age >= 5)
    assert f"{at_risk:,}" in picture


@PALETTES
def test_one_curve_that_ends_at_once_and_none_are_drawn(palette: Palette) -> None:
    short = survival_curve([Stay(until=1, lost=5, still_here=20)])
    assert isinstance(short, SurvivalCurve)
    drawn(survival([Curve("x" * 60, short)], palette, BOARD, age="Months", width=400), palette)
    nobody_lost = survival_curve([Stay(until=12, lost=0, still_here=20)])
    assert isinstance(nobody_lost, SurvivalCurve)
    drawn(survival([Curve("客户", nobody_lost)], palette, BOARD, age="Months", width=400), palette)
    drawn(survival([], palette, BOARD, age="Months", width=400), palette)


def led(by: float = 1.0, noise: float = 0.5) -> LeadLag:
    rng = np.random.default_rng(2)
    customer = rng.normal(0, 1, 80)
    financial = by * np.concatenate([np.zeros(3), customer[:-3]]) + rng.normal(0, noise, 80)
    found = lead_lag(customer.tolist(), financial.tolist(), window=(1, 6), shown=(-8, 8))
    assert isinstance(found, LeadLag)
    return found


@PALETTES
def test_a_correlogram_shows_every_lag_and_names_those_that_pass(palette: Palette) -> None:
    found = led()
    picture = drawn(correlogram(found, palette, BOARD, period="months", width=480), palette)
    assert "Lag in months (right of 0: the customer metric comes first)" in picture
    assert f"Correlation r (n {found.pairs})" in picture
    assert f"+3: {found.strongest.r:.2f}" in picture
    for lag in range(1, 9):
        assert f">+{lag}<" in picture


def test_a_lag_that_moves_against_is_named_below_its_stem_and_above_the_lags() -> None:
    found = led(-1.0, 0.15)
    assert found.strongest.r < -0.9
    chart = correlogram(found, LIGHT, BOARD, period="months", width=480).to_dict()
    layers = [layer for layer in chart["layer"] if layer["mark"]["type"] == "text"]
    told = {layer["mark"]["dy"]: chart["datasets"][layer["data"]["name"]] for layer in layers}
    assert [row["text"] for row in told[13]] == [f"+3: \N{MINUS SIGN}{-found.strongest.r:.2f}"]
    assert told[-13] == []
    low, high = layers[0]["encoding"]["y"]["scale"]["domain"]
    assert (found.strongest.r - low) / (high - low) * chart[
        "height"
    ] > 20  # pixels: the label fits above the lags
    assert max(layers[0]["encoding"]["y"]["axis"]["values"]) <= 1


def tried() -> Experiment:
    rng = np.random.default_rng(6)
    means = [
        UnitMean(
            f"shop {unit}",
            month,
            50 + unit + 0.2 * month + float(rng.normal(0, 0.4)) + (2.1 if unit < 6 and month >= 8 else 0.0),
        )
        for unit in range(14)
        for month in range(16)
    ]
    found = difference_in_differences(means, [f"shop {unit}" for unit in range(6)], 8, selection="random")
    assert isinstance(found, Experiment), found
    return found


@PALETTES
def test_an_event_study_shows_before_and_after(palette: Palette) -> None:
    found = tried()
    picture = drawn(event_study(found, palette, BOARD, unit=Unit.POINTS, period="months", width=480), palette)
    assert "Months since the start (6 treated, 8 controls)" in picture
    assert "Difference, points" in picture
    assert palette.target in picture
    assert not math.isnan(found.effect.value)
