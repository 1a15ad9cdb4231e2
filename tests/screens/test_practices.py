"""The exhibits of practices as Streamlit draws them: headings, tables, reasons, and the menu of each."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.service import Service
from tests.board.practices import CONFIGURATION, NOW, opened
from tests.screens.test_overview import texts


def _script(service, name, moment) -> None:  # type: ignore[no-untyped-def]  # its text runs alone, without imports
    from dashboard.screens.board_page import show_page

    show_page(service, name, now=lambda: moment)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with opened(tmp_path_factory.mktemp("practices")) as company:
        found = Service(CONFIGURATION, company.environ)
        yield found
        found.close()


def shown(service: Service, name: str, **state: object) -> AppTest:
    app = AppTest.from_function(_script, args=(service, name, NOW), default_timeout=30)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, app.exception
    assert not app.error, [error.value for error in app.error]
    return app


def charts(app: AppTest) -> int:
    return len(app.get("vega_lite_chart"))


def test_cohorts_and_curves_are_drawn_and_those_of_events_explained(service: Service) -> None:
    app = shown(service, "retention")
    told = texts(app)
    assert charts(app) == 4  # of the curves of events none
    assert "71.9% of those who joined in Jul–Sept 2025 were still there 4 quarters later" in told
    assert "nobody is known to be lost, and no survival curve is drawn" in told


@pytest.mark.parametrize("key", ["cohort-subscribers", "survival-subscribers-by-segment", "survival-buyers"])
def test_the_menu_tells_where_cohorts_come_from(service: Service, key: str) -> None:
    app = shown(service, "retention", **{f"about-{key}": True})
    told = texts(app)
    assert "How many of those who joined are still there?" in told
    assert any("SELECT" in code.value for code in app.code)
    assert len(app.dataframe) == 1


def test_beliefs_are_drawn_and_one_that_cannot_be_judged_says_why(service: Service) -> None:
    app = shown(service, "evidence")
    told = texts(app)
    assert charts(app) == 3
    assert "Of 5 declared beliefs, the data support 1, show" in told
    assert "Insufficient: Complaints over a year adds up several months" in told


def test_the_menu_of_a_belief_tells_of_both_sides(service: Service) -> None:
    app = shown(service, "evidence", **{"about-evidence-trust": True})
    assert "Do customers trust us?" in texts(app)
    assert "What do we earn?" in texts(app)


def test_the_menu_of_all_beliefs_has_the_table(service: Service) -> None:
    app = shown(service, "evidence", **{"about-evidence": True})
    assert next(iter(app.dataframe[0].value["Verdict"])) == "supported"


def test_the_asset_is_laid_out_as_a_table_and_a_waterfall(service: Service) -> None:
    app = shown(service, "asset")
    told = texts(app)
    line, *amounts = (cell.replace("\\", "") for cell in app.table[0].value.iloc[0])
    assert line == "Opening"
    assert [round(float(each.replace(",", "")) / 1000, 1) for each in amounts] == [2.3, 2.6, 3.0, 3.3, 3.6]
    assert "amounts in € thousand; files hold them in full" in told
    assert "the margin multiple gives €1.6M: an explanation is due" in told
    assert charts(app) == 4  # the waterfall and three trends


def test_practices_are_a_table_with_their_scores(service: Service) -> None:
    app = shown(service, "practices")
    told = texts(app)
    assert "1 of 2 practices reach their target and 1 has none" in told
    assert ["Be trusted", "Trust with a target", r"62\.1"] in app.table[0].value.iloc[
        :, :3
    ].to_numpy().tolist()
