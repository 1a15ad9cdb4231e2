"""The effects of initiatives as Streamlit draws them: all with their table, and one looked closer at."""

from collections.abc import Iterator

import pytest

from dashboard.service import Service
from tests.board.initiatives import CONFIGURATION, opened
from tests.screens.test_overview import texts
from tests.screens.test_practices import charts, shown


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with opened(tmp_path_factory.mktemp("initiatives")) as company:
        found = Service(CONFIGURATION, company.environ)
        yield found
        found.close()


def test_all_are_drawn_with_their_table_and_the_first_is_looked_closer_at(service: Service) -> None:
    app = shown(service, "initiatives")
    assert charts(app) == 3  # of all, of the first, and of the one panel without an axis the small groups
    assert "One call raised solved at once by 4.7 points; Second look had no detectable effect" in texts(app)
    assert "One call raised solved at once by 4.7 points (95% interval +3.5 to +5.8 points)." in texts(app)
    assert "Before it began the groups moved alike" in texts(app)
    assert "Smaller vans had" not in texts(app)


def test_another_can_be_chosen(service: Service) -> None:
    app = shown(service, "initiatives")
    box = next(each for each in app.selectbox if each.key == "under-effects-one_call")
    assert box.options == ["One call", "Second look", "Smaller vans", "New rota"]
    box.select_index(2).run()
    assert not app.exception
    assert "Since the start of Smaller vans, cost of a visit" in texts(app)
    assert "One call raised solved at once by 4.7 points (95% interval" not in texts(app)


def test_the_menu_of_a_study_tells_where_its_figures_come_from(service: Service) -> None:
    app = shown(service, "initiatives", **{"about-study-one_call": True})
    assert "Is it solved at once?" in texts(app)
    assert len(app.dataframe) == 1
