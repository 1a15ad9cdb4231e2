"""Practices scored by metrics, through the ledger: reached, missed, without a target, and not connected."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.board.assembly import assemble
from dashboard.board.panels import LockedPanel
from dashboard.deployment import load
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from tests.board.practices import CONFIGURATION, NOW, QUARTER, Company, opened, told


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(tmp_path_factory.mktemp("practices")) as found:
        yield found


def test_every_practice_has_its_figure_signal_score_and_owner(company: Company) -> None:
    panel = company.exhibit("practices", 0)
    assert panel.sentence == "1 of 2 practices reach their target and 1 has none; no detectable change."
    complaints, trust, revenue = told(panel)
    assert complaints[:2] == ["Minimise complaints", "Complaints with a target"]
    assert complaints[3:] == ["No detectable change", "200", "not reached", "Chief Customer Officer"]
    assert trust[4:6] == ["30.0", "reached"]
    assert revenue[4:6] == ["n/a", "no target"]
    assert [about.metric.id for about in panel.about] == [
        "complaints_with_target",
        "trust_with_target",
        "revenue",
    ]


def test_where_no_practice_has_a_target_none_is_scored(company: Company) -> None:
    panel = company.exhibit("practices", 1)
    assert panel.sentence == "None of 2 practices has a target; no detectable change."
    assert [column.name for column in panel.sheet.columns] == [
        "Practice",
        "Scored by",
        "Figure",
        "Change",
        "Owner",
    ]
    assert [row[-1] for row in told(panel)] == ["Chief Financial Officer", "Chief Financial Officer"]


def test_an_open_span_is_not_scored(company: Company) -> None:
    panel = company.exhibit("practices", 0, replace(QUARTER, ending=date(2026, 12, 1)))
    assert panel.sentence == "No practice can be scored yet and 1 has none; no detectable change."


def test_what_is_not_connected_is_locked(tmp_path: Path) -> None:
    environ = {"EXPORTS_DIR": str(tmp_path), "BOARDSEAT_LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}"}
    catalog = load(CONFIGURATION, environ).catalog
    with Ledger(environ["BOARDSEAT_LEDGER"]) as ledger:
        page = catalog.page("practices")
        panel = assemble(catalog, ledger, page, QUARTER, scope=EVERYTHING, today=NOW.date()).panels[0]
    assert isinstance(panel, LockedPanel)
    assert panel.datasets == ("months",)
