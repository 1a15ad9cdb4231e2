"""The Overview as Streamlit draws it: figures, controls and every state a panel can be in."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ledger.store import Ledger
from dashboard.service import Service
from tests.board import company
from tests.board.test_assembly import CATALOG, CONSUMERS, QUARTER_END, lifted, record, steady_revenue

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


@dataclass
class Screen:
    """A served configuration: its folder, its ledger and the running script."""

    config: Path
    ledger: Ledger
    service: Service

    def open(self, *, now: datetime = NOW, **address: str) -> AppTest:
        app = AppTest.from_function(_script, args=(self.service, now), default_timeout=30)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()


def _script(service, moment) -> None:  # type: ignore[no-untyped-def]  # its text runs alone, without imports
    from dashboard.screens.shell import show

    show(service, now=lambda: moment)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    config = tmp_path / "config"
    shutil.copytree(company.CONFIGURATION, config)
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with Ledger(url) as ledger:
        service = Service(config, {"BOARDSEAT_LEDGER": url})
        yield Screen(config, ledger, service)
        service.close()


def texts(app: AppTest) -> str:
    found = [*app.title, *app.header, *app.caption, *app.markdown, *app.warning, *app.error]
    return "\n".join(element.value.replace("\\", "") for element in found)


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label.replace("\\", ""): metric.value for metric in app.metric}


def test_the_overview_shows_both_sides_of_the_pair(screen: Screen) -> None:
    record(screen.ledger, answers={**CONSUMERS, "Consumer": lifted})
    app = screen.open()
    assert not app.exception
    assert figures(app) == {
        "Net Promoter Score · customer": "35.0",
        "Revenue · financial": "€90.1M",
        "Consumer": "35.0",
        "Enterprise": "35.0",
    }
    told = texts(app)
    assert "Net Promoter Score improved, but with no detectable change in revenue." in told
    assert "Meridian Communications · quarter ended 30 September 2026" in told
    assert "Improved" in told


def test_choosing_a_span_and_a_group_changes_figures_and_address(screen: Screen) -> None:
    record(screen.ledger)
    app = screen.open()
    quarter = figures(app)
    app.button_group(key="span").set_value("twelve_months").run()
    app.selectbox(key="group").set_value("segment:Enterprise").run()
    assert figures(app)["Net Promoter Score · customer"] != quarter["Net Promoter Score · customer"]
    assert "Enterprise · 12 months ended 30 September 2026" in texts(app)
    assert "twelve_months" in app.query_params["span"]
    assert "segment:Enterprise" in app.query_params["group"]


def test_a_link_reproduces_the_view(screen: Screen) -> None:
    record(screen.ledger)
    app = screen.open(span="year_to_date", group="segment:Consumer", ending="2026-06")
    assert "Consumer · year to date ended 30 June 2026" in texts(app)


def test_nonsense_in_the_address_is_the_default(screen: Screen) -> None:
    record(screen.ledger)
    app = screen.open(span="'; drop table x; --", group="<script>", ending="2026-99")
    assert not app.exception
    assert figures(app) == figures(screen.open())


def test_a_small_group_is_not_shown(screen: Screen) -> None:
    record(screen.ledger, answers={**CONSUMERS, "Tiny": lambda _: (3, 2, 1)})
    app = screen.open(group="segment:Tiny")
    assert figures(app)["Net Promoter Score · customer"] == "Not shown"
    assert "protects groups of fewer than 10" in texts(app)


def test_stale_data_is_told_once_with_its_age(screen: Screen) -> None:
    record(screen.ledger)
    app = screen.open(now=datetime(2026, 12, 1, tzinfo=UTC))
    assert [expander.label for expander in app.expander] == [
        "One of 2 datasets is older than it should be\\."
    ]
    assert "62 days ago" in texts(app)


def test_a_failed_source_keeps_the_figures_with_a_banner(screen: Screen) -> None:
    record(screen.ledger)
    before = figures(screen.open())
    told = "Source 'warehouse': it does not answer. Start it."
    company.record(screen.ledger, CATALOG, [], failed={"survey": told})
    app = screen.open()
    assert figures(app) == before
    assert told in texts(app)


def test_a_panel_without_data_is_locked_and_names_what_is_missing(screen: Screen) -> None:
    empty = company.frame("finance", [], None)
    survey = company.frame("survey", list(company.survey(CONSUMERS, 36)), QUARTER_END)
    company.record(screen.ledger, CATALOG, [survey, empty])
    app = screen.open()
    assert not app.exception
    assert "finance" in texts(app)


def test_an_open_quarter_can_be_chosen_and_says_so(screen: Screen) -> None:
    frames = [
        company.frame("survey", list(company.survey(CONSUMERS, 38)), date(2026, 11, 12)),
        company.frame("finance", list(company.revenue(steady_revenue, 38)), date(2026, 11, 1)),
    ]
    company.record(screen.ledger, CATALOG, frames)
    app = screen.open(now=datetime(2026, 11, 13, tzinfo=UTC))
    labels = app.selectbox(key="ending").options
    assert labels[0] == "Jul–Sept 2026"
    assert "Oct–Dec 2026 (open)" in labels
    app.selectbox(key="ending").set_value("2026-12").run()
    assert "period still open: not compared" in texts(app)


def test_a_broken_configuration_keeps_the_last_good_one_with_a_banner(screen: Screen) -> None:
    record(screen.ledger)
    before = figures(screen.open())
    path = screen.config / "metrics" / "m.yaml"
    good = path.read_text()
    path.write_text(good.replace("better: higher", "beter: higher", 1))
    app = screen.open()
    assert figures(app) == before
    assert app.expander[0].label.replace("\\", "") == (
        "The configuration has 2 problems, the first at metrics/m.yaml:1:1; the last good one is shown."
    )
    assert "metrics/m.yaml:7:3" in texts(app)
    path.write_text(good)
    mended = screen.open()
    assert not mended.expander


def test_a_configuration_that_never_was_good_lists_its_problems(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(company.CONFIGURATION, config)
    (config / "board.yaml").write_text("organisation: [")
    service = Service(config, {})
    app = AppTest.from_function(_script, args=(service, NOW), default_timeout=30).run()
    assert not app.exception
    assert app.title[0].value == "The configuration cannot be used yet"
    assert "board.yaml:1:16" in texts(app)


def test_a_member_name_is_never_taken_for_markup(screen: Screen) -> None:
    name = "[x](javascript:alert(1)) <b>:red[hot]"
    record(screen.ledger, answers={name: company.steady(400, 160, 80)})
    app = screen.open()
    assert not app.exception
    assert name in figures(app)
    assert all("[x](" not in metric.label for metric in app.metric)
