"""What is drawn of a card is kept by its content: all of the content must count, and nothing must be lost."""

from dataclasses import fields, replace
from typing import Any

import pytest

from dashboard.board.drawings import BeliefRow, Register
from dashboard.board.panels import ExhibitPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.charts.theme import LIGHT
from dashboard.definitions.model import PanelKind
from dashboard.screens.cards import TALL, Card, FigureCard, card, rows
from tests.board import company
from tests.screens.test_overview import Screen, figures, record, screen, texts  # noqa: F401

FIGURE = FigureCard(
    "NPS", "35.0", "+3.0", "Improved", "blue", ":material/check_circle:", {}, "A chart.", "n 100"
)
CARD = Card("pair-nps", "It improved.", ("Stale.",), (FIGURE,), None, None)
BELOW: dict[str, Any] = {
    "quotes": ("It was quick\\.",),
    "notes": (),
    "figures": (replace(FIGURE, chart_text="Another chart."),),
    "error": "It failed.",
    "exhibit": {"layer": []},
    "exhibit_text": "A bridge.",
    "small_print": "n 200",
    "table": Sheet((Column("Cause"),), ((Field("Price"),),)),
}


@pytest.mark.parametrize("field", BELOW)
def test_whatever_differs_below_the_heading_is_drawn_anew(field: str) -> None:
    assert replace(CARD, **{field: BELOW[field]}).content != CARD.content


def test_nothing_below_the_heading_is_forgotten() -> None:
    above_or_under = {"key", "heading", "panel", "choice", "under"}
    assert {field.name for field in fields(Card)} - BELOW.keys() == above_or_under


def test_equal_content_is_drawn_once() -> None:
    assert replace(CARD, key="trend-nps", heading="It did.").content == CARD.content


def test_a_page_that_is_drawn_again_is_the_same(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    first, again = screen.open(), screen.open()
    for kind in ("vega_lite_chart", "markdown", "metric"):
        drawn = [element.proto for element in first.get(kind)]
        assert drawn
        assert [element.proto for element in again.get(kind)] == drawn
    assert all(chart.proto.alt for chart in again.get("vega_lite_chart"))


def test_another_group_after_it_has_its_own_figures(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    everybody = screen.open()
    consumers = screen.open(group="segment:Consumer")
    assert figures(consumers) != figures(everybody)
    assert "Consumer · quarter ended" in texts(consumers)


@pytest.mark.parametrize(("beliefs", "wide"), [(16, False), (17, True)])
def test_a_high_drawing_has_a_row_of_its_own(beliefs: int, wide: bool) -> None:
    belief = BeliefRow("Supported: one → another", "expected: rise together", 0.5, 0.3, "0.50", "0.50", True)
    drawing = Register((belief,) * beliefs, company.catalog().board)
    panel = ExhibitPanel(
        "evidence-all", PanelKind.EVIDENCE, "Said.", drawing, Sheet((), ()), "Text.", (), (), ()
    )
    found = card(panel, LIGHT)
    assert found.exhibit is not None
    assert (found.exhibit["height"] > TALL) is wide
    assert found.wide is wide


def stood(kinds: str) -> str:
    """How cards are put into rows: each is a letter, in capitals figures, else a drawing; `|` needs a row."""
    drawing: dict[str, Any] = {"layer": [], "height": 180}
    found = []
    for place, kind in enumerate(kinds):
        shown = {
            "figures": (FIGURE,) if kind.isupper() else (),
            "exhibit": None if kind.isupper() else drawing,
        }
        quotes = ("It was quick.",) if kind == "|" else ()
        found.append(replace(CARD, key=f"{kind}{place}", quotes=quotes, **shown))
    return " ".join("".join(each.key[0] for each in row) for row in rows(found))


@pytest.mark.parametrize(
    ("kinds", "stands"),
    [
        ("ABCD", "AB CD"),
        ("ABabCD", "AB ab CD"),
        ("AaBb", "AB ab"),
        ("aABC", "a AB C"),  # no other drawing: it fills its row
        ("aABCb", "a AB C b"),  # one too far away
        ("A|B", "AB |"),
        ("||A", "| | A"),
    ],
)
def test_cards_of_a_kind_stand_side_by_side_and_in_order(kinds: str, stands: str) -> None:
    assert stood(kinds) == stands
