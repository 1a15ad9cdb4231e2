"""Every drawing is made, serialised and rendered; what it shows is read back from the picture."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError

from dashboard.board.panels import BoardPage, PairPanel, TrendPanel
from dashboard.charts.axis import nice_ticks
from dashboard.charts.exhibit import chart_spec, footer_text, panel_spec
from dashboard.charts.images import png, svg
from dashboard.charts.theme import DARK, LIGHT, Palette
from dashboard.ledger.store import Ledger
from tests.board import company
from tests.board.test_assembly import CATALOG, CONSUMERS, lifted, record
from tests.charts.schema import taken

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened:
        yield opened


def board_page(ledger: Ledger) -> BoardPage:
    record(ledger, answers={**CONSUMERS, "Consumer": lifted})
    return company.page(ledger, CATALOG)


def panels(ledger: Ledger) -> tuple[PairPanel, TrendPanel]:
    pair, trend = board_page(ledger).panels
    assert isinstance(pair, PairPanel)
    assert isinstance(trend, TrendPanel)
    return pair, trend


@PALETTES
def test_both_panels_are_drawn_with_their_message_and_origin(ledger: Ledger, palette: Palette) -> None:
    page = replace(board_page(ledger), run=7)
    for panel in page.panels:
        assert isinstance(panel, PairPanel | TrendPanel)
        spec = taken(panel_spec(panel, palette, footer=footer_text(panel, page)))
        drawn = svg(spec).decode()
        assert panel.sentence.split(" ")[0] in drawn
        assert "quarter ended 30 September 2026" in drawn
        assert "run 7" in drawn
        assert png(spec).startswith(b"\x89PNG")


def test_the_same_panel_gives_the_same_bytes(ledger: Ledger) -> None:
    pair, _ = panels(ledger)
    spec = panel_spec(pair, LIGHT, footer="footer")
    assert svg(spec) == svg(json.loads(json.dumps(spec)))
    assert png(spec) == png(spec)


def test_axis_labels_come_from_the_one_formatter(ledger: Ledger) -> None:
    pair, _ = panels(ledger)
    drawn = svg(chart_fixed(pair, 1)).decode()
    assert "€30M" in drawn
    assert "Sept 26" in drawn


def test_a_low_chart_keeps_the_labels_between_the_ends_of_its_axis(ledger: Ledger) -> None:
    pair, _ = panels(ledger)
    spec = chart_fixed(pair, 0)
    ticks = spec["layer"][-1]["encoding"]["y"]["axis"]["values"]
    drawn = svg({**spec, "height": 70}).decode()
    assert len(ticks) > 2
    assert all(f">{tick:.0f}</text>" in drawn for tick in ticks)


def chart_fixed(panel: PairPanel, index: int) -> dict[str, Any]:
    return {**chart_spec(panel.readings[index], LIGHT), "width": 400}


def test_a_part_that_vega_lite_does_not_know_is_found_here(ledger: Ledger) -> None:
    pair, _ = panels(ledger)
    spec = taken(chart_spec(pair.readings[0], LIGHT))
    spec["layer"][-1]["encoding"]["shape"]["scales"] = {}
    with pytest.raises(ValidationError, match="scales"):
        taken(spec)


def test_a_signal_has_a_shape_of_its_own_beside_its_colour(ledger: Ledger) -> None:
    pair, _ = panels(ledger)
    kinds = [row["kind"] for row in points(chart_spec(pair.readings[0], LIGHT))]
    assert kinds[-8:] == ["improvement"] * 8
    assert LIGHT.improvement in svg(chart_fixed(pair, 0)).decode()


def points(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return list(spec["layer"][-1]["data"]["values"])


def test_missing_months_are_gaps_and_never_zero(ledger: Ledger) -> None:
    record(ledger, answers={"Consumer": lambda month: None if month == 30 else (400, 160, 80)})
    pair = company.page(ledger, CATALOG).panels[0]
    assert isinstance(pair, PairPanel)
    spec = taken(chart_spec(pair.readings[0], LIGHT))
    assert len(points(spec)) == 23
    svg({**spec, "width": 400})


def test_text_in_data_stays_text(ledger: Ledger) -> None:
    name = "\"]}<script>'; drop table x; -- \\u0022 \u200f\u05e2\u05d1\u05e8 \U0001f600"
    record(ledger, answers={name: company.steady(400, 160, 80)})
    trend = company.page(ledger, CATALOG).panels[1]
    assert isinstance(trend, TrendPanel)
    drawn = svg(panel_spec(trend, LIGHT, footer=name)).decode()
    assert "<script>" not in drawn


@PALETTES
def test_one_point_and_no_point_are_drawn_too(ledger: Ledger, palette: Palette) -> None:
    pair, _ = panels(ledger)
    reading = pair.readings[0]
    for kept in (reading.points[-1:], ()):
        few = replace(pair, readings=(replace(reading, points=kept), pair.readings[1]))
        assert svg(panel_spec(few, palette, footer="f"))


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 100.0, (0.0, 50.0, 100.0)),
        (27.9, 33.4, (28.0, 30.0, 32.0)),
        (0.0301, 0.0362, (0.032, 0.034, 0.036)),
        (-5.0, 5.0, (-5.0, 0.0, 5.0)),
        (5.0, 5.0, (5.0,)),
        (0.0, 1e9, (0.0, 5e8, 1e9)),
    ],
)
def test_ticks_are_round_and_few(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert nice_ticks(low, high) == pytest.approx(ticks)


def test_the_theme_of_the_app_and_of_the_charts_agree() -> None:
    import tomllib

    theme = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())["theme"]
    for name, palette in (("light", LIGHT), ("dark", DARK)):
        assert theme[name]["backgroundColor"] == palette.paper
        assert theme[name]["textColor"] == palette.ink
        assert theme[name]["borderColor"] == palette.rule
        assert theme[name]["primaryColor"] == palette.customer
