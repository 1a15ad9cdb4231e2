"""Voices and the gate as Streamlit draws them: texts stay texts, whatever they hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.screens.text import literal
from dashboard.service import Service
from tests.board.spoken import CONFIGURATION, answers, opened
from tests.screens.test_overview import texts
from tests.screens.test_practices import shown

HOSTILE = "<b>=1+1</b> [x](http://a.example) $y$ :red[z]"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with opened(tmp_path) as company:
        company.measure([row | {"said": HOSTILE} for row in answers()])
        found = Service(CONFIGURATION, company.environ)
        yield found
        found.close()


def test_what_was_said_stands_as_it_is_with_whose_it_is(service: Service) -> None:
    app = shown(service, "heard")
    told = texts(app)
    assert "Unhappy · " in told
    assert "score 2" in told
    drawn = "\n".join(each.value for each in app.markdown)
    assert drawn.count("“" + literal("<b>=1+1</b> [x](")) == 3
    assert "<b>" not in drawn


def test_the_gate_says_how_every_step_stands_and_flags_the_spend(service: Service) -> None:
    app = shown(service, "review")
    told = texts(app)
    assert "The gate is not passed" in told
    assert "Flagged: Spent on the platform" in told
    assert "Bob" in app.table[0].value.to_string()


@pytest.mark.parametrize(("first", "kept_wide"), [("Former customers were asked", True), ("Price", False)])
def test_a_first_column_of_long_texts_is_not_broken_after_every_word(first: str, kept_wide: bool) -> None:
    def draw(first: str) -> None:
        from dashboard.screens.text import table

        table(["Step", "Figure"], [[first, "17.4%"]], figures=("Figure",))

    app = AppTest.from_function(draw, args=(first,)).run()
    styles = app.table[0].proto.arrow_data.styler.styles
    assert ("min-width: clamp(" in styles) is kept_wide
    assert "text-align: right" in styles
