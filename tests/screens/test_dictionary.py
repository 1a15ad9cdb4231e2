"""The dictionary as Streamlit draws it: found by any word, told in full, with its history."""

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.board.dictionary import dictionary, matching, matching_pages
from dashboard.definitions.load import load_catalog
from dashboard.ledger.defining import definitions_of
from dashboard.service import Service
from tests.board.test_assembly import CATALOG, record
from tests.screens.test_overview import Screen, screen, texts

__all__ = ["screen"]


def _script(service) -> None:  # type: ignore[no-untyped-def]  # its text runs alone, without imports
    import streamlit as st

    from dashboard.screens.dictionary_page import show_dictionary

    pages = {name: st.Page(lambda: None, title=name, url_path=name) for name in service.catalog.board.pages}
    st.navigation(list(pages.values()), position="hidden")
    show_dictionary(service, pages)


def opened(service: Service, **address: str) -> AppTest:
    app = AppTest.from_function(_script, args=(service,), default_timeout=30)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def names(app: AppTest) -> list[str]:
    return [each.label.replace("\\", "") for each in app.expander]


def test_every_kpi_is_listed_by_file_and_none_is_drawn(screen: Screen) -> None:
    app = opened(screen.service)
    assert not app.exception
    assert names(app) == ["Net Promoter Score · M", "Revenue · M"]
    assert "2 of 2 KPIs." in texts(app)
    assert not app.code


def test_a_search_that_finds_one_opens_it_with_all_that_is_known(screen: Screen) -> None:
    record(screen.ledger)
    app = opened(screen.service)
    app.text_input(key="search").set_value("recommend officer").run()
    assert names(app) == ["Net Promoter Score · M"]
    assert "recommend officer" in app.query_params["search"]
    told = texts(app)
    assert "1 of 2 KPIs." in told
    for text in (
        "Why: Customers who recommend us stay longer",
        "Owner: Chief Customer Officer",
        "Direction: higher is better",
        "Target: 40.0 from 1 April 2024, 45.0 from 1 April 2026",
        "Neighbour: Expected to rise together, after 2 to 4 quarters: Revenue. What they say",
        "dataset survey: survey, source warehouse, Data",
        "Where it is used",
    ):
        assert text in told.replace("**", ""), text
    assert app.code[0].value == "100 * (survey.promoters - survey.detractors) / survey.responses"


def test_a_link_reproduces_the_search(screen: Screen) -> None:
    assert names(opened(screen.service, search="revenue pay")) == ["Revenue · M"]


def test_nothing_found_says_what_to_do(screen: Screen) -> None:
    app = opened(screen.service, search="gibberish")
    assert names(app) == []
    assert "None of 2 KPIs. Search for fewer words." in texts(app)


def test_what_is_written_is_never_taken_for_markup(screen: Screen) -> None:
    app = opened(screen.service, search="<script>:red[x]")
    assert not app.exception


@pytest.mark.parametrize(("asked", "found"), [("NET", 1), ("net_promoter", 1), ("pay give", 0), ("", 2)])
def test_every_word_must_be_found(asked: str, found: int) -> None:
    assert len(matching(dictionary(CATALOG), asked)) == found


def test_pages_are_found_by_their_question() -> None:
    assert [page.name for page in matching_pages(CATALOG, "creating VALUE")] == ["overview"]
    assert matching_pages(CATALOG, "silo") == ()


def test_a_changed_definition_is_told_line_by_line(screen: Screen) -> None:

    first = definitions_of(CATALOG)
    path = screen.config / "metrics" / "m.yaml"
    path.write_text(path.read_text().replace("formula: finance.revenue", "formula: 2 * finance.revenue"))
    changed = load_catalog(screen.config, sources={"warehouse": ""})
    for day, found in ((3, first), (4, definitions_of(changed))):
        at = datetime(2026, 10, day, 8, tzinfo=UTC)
        screen.ledger.record(at, at, "test", "v", (), found)
    app = opened(screen.service, search="revenue pay")
    told = texts(app)
    assert "in force since 3 October 2026" in told
    assert "in force since 4 October 2026" in told
    diffs = [code.value for code in app.code if code.language == "diff"]
    assert len(diffs) == 1
    assert "-formula: finance.revenue" in diffs[0]
    assert "+formula: 2 * finance.revenue" in diffs[0]
