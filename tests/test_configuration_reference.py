"""The page of all keys is as the models are; each of its examples loads, is measured and tells the figure."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from dashboard.connections import readers
from dashboard.definitions.derivation import ENTRY, VOICE
from dashboard.deployment import load
from dashboard.ledger.book import Book
from dashboard.ledger.figures import figure
from dashboard.ledger.refresh import refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import month_of
from docs.configuration_reference import KINDS, configuration_reference

PAGE = Path(__file__).parents[1] / "docs" / "configuration-reference.md"
BOARD = """
organisation: Corner Shop
currency: EUR
locale: en_GB
time_zone: Europe/Amsterdam
minimum_group: 1
pages: []
"""
TABLES = """
create table orders as select * from (values
  (1, 1, date '2026-01-10', 100), (2, 2, date '2026-01-20', 50), (3, 1, date '2026-02-05', 30),
  (4, 3, date '2026-02-07', 80), (5, 2, date '2026-03-09', 20), (6, 1, date '2026-03-15', 60)
) t(id, customer_id, ordered_on, amount);
create table customers as select * from (values (1, 'N', 'Home'), (2, 'S', 'Home'), (3, 'N', 'Business'))
  t(id, region_code, segment);
create table regions as select * from (values ('N', 'Norway'), ('S', 'Spain')) t(code, country);
create table subscriptions as select * from (values
  (1, date '2026-01-01', null, 10), (2, date '2026-01-15', date '2026-03-01', 20),
  (3, date '2026-02-01', null, 30)
) t(customer_id, started_on, ended_on, price);
create table stock as select * from (values
  (date '2026-01-31', 'tea', 5), (date '2026-02-20', 'tea', 9), (date '2026-02-28', 'tea', 7),
  (date '2026-02-28', 'jam', 1)
) t(as_of, product, pieces);
create table visits as select * from (values
  (1, date '2026-01-01'), (2, date '2026-02-01'), (3, date '2026-02-01')) t(customer_id, visited_on);
create table goals as select * from (values
  (date '2026-02-01', 'Home', 40), (date '2026-02-01', 'Business', 70)) t(month, segment, turnover);
create table calls as select * from (values
  (1, 1, date '2026-02-03', 'Ask jo@example.com how long I waited.', 2, true),
  (2, 3, date '2026-02-04', 'It worked.', 9, true), (3, 2, date '2026-02-09', 'Never again.', 1, false)
) t(id, customer_id, called_on, said, score, may_be_quoted);
create table reviews as select * from (values
  (1, date '2026-02-03', 'open', null, 'Ann'), (1, date '2026-02-20', 'done', 'Report 7', 'Ann')
) t(step, reviewed_on, status, report, owner);
create table happened as select * from (values (date '2026-02-14', 'A fair', 'event')) t(day, what, kind);
create table finance as select * from (values
  (date '2026-02-01', 'sales', 'AC', 200), (date '2026-02-01', 'costs', 'AC', 150),
  (date '2026-02-01', 'sales', 'PL', 210), (date '2026-02-01', 'costs', 'PL', 130),
  (date '2026-03-01', 'sales', 'FC', 220)
) t(month, account, scenario, amount);
"""

# What is measured of February 2026: measure, slice, member -> value.
Place = tuple[str, tuple[str, ...], tuple[str, ...]]
FEBRUARY: Mapping[str, Mapping[Place, float]] = {
    "event": {
        ("orders.orders", (), ()): 2,
        ("orders.buyers", (), ()): 2,
        ("orders.turnover", (), ()): 110,
        ("orders.large_orders", (), ()): 1,
    },
    "look_ups": {
        ("orders.turnover", ("country",), ("Norway",)): 110,
        ("orders.turnover", ("segment", "country"), ("Business", "Norway")): 80,
    },
    "span": {
        (
            "subscriptions.active",
            (),
            (),
        ): 3,  # what ends with the first day of March ran to the end of February
        ("subscriptions.joined", (), ()): 1,
        ("subscriptions.monthly_revenue", (), ()): 60,
    },
    "snapshot": {("stock.pieces", (), ()): 8},
    "bridge": {
        ("revenue_bridge.opening", (), ()): 150,
        ("revenue_bridge.lost", (), ()): 50,
        ("revenue_bridge.contracted", (), ()): 70,
        ("revenue_bridge.new", (), ()): 80,
        ("revenue_bridge.closing", (), ()): 110,
    },
    "cohort": {("buyers_by_month.size", (), ()): 1, ("buyers_by_month.retained_1", (), ()): 1},
    "conversion": {("visit_to_order.entered", (), ()): 2, ("visit_to_order.converted", (), ()): 1},
    "frequency": {},
    "voices": {
        ("callers.texts", (), ()): 2,
        ("callers.texts", ("segment",), ("Home",)): 1,
        (
            "callers.texts",
            ("segment", *VOICE),
            ("Home", "unhappy", "2", "Ask [e-mail] how long I waited."),
        ): 3_679_581_017,  # its lot: the first eight digits of md5("callers 1")
    },
    "register": {
        ("review_steps.texts", (), ()): 2,
        ("review_steps.texts", ENTRY, ("1", "done", "Report 7", "Ann", "2026-02-20")): 1,
    },
    "targets": {("goals.turnover", ("segment",), ("Home",)): 40},
    "annotations": {("happened.marks", ("kind", "text"), ("event", "A fair")): 1},
    "scenarios": {("finance.profit", (), ()): 50, ("finance_plan.profit", (), ()): 80},
}
FIGURES: Mapping[str, Mapping[str, float]] = {
    "targets": {"turnover": 110},
    "annotations": {"turnover": 110},
    "scenarios": {"margin": 0.25, "above_plan": -30},
}


def test_the_page_is_written_anew() -> None:
    assert PAGE.read_text(encoding="utf-8") == configuration_reference(), "Run make docs."


def test_every_kind_has_figures_to_show() -> None:
    assert set(FEBRUARY) == set(KINDS)


def example(kind: str) -> dict[str, str]:
    """The files of an example, as the page shows them."""
    heading = f"### {kind.replace('_', '-').capitalize()}\n"
    shown = (
        PAGE.read_text(encoding="utf-8").partition(heading)[2].partition("```yaml\n")[2].partition("```")[0]
    )
    parts = re.split(r"^# config/(\S+)\n", shown, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_is_measured(kind: str, tmp_path: Path) -> None:
    for name, text in {
        "board.yaml": BOARD,
        "sources/shop.yaml": "url: duckdb:///shop.duckdb\n",
        **example(kind),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(TABLES)
    deployment = load(tmp_path, {})
    catalog = deployment.catalog
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger, readers(deployment) as found:
        report = refresh(catalog, found, ledger, now=lambda: datetime(2026, 4, 2, tzinfo=UTC), author="Ann")
        assert [read.message for read in report.failures] == []
        keys = {
            each.key: each.version for origin in catalog.origins.values() for each in origin.measures.values()
        }
        slices: set[tuple[str, ...]] = set()
        for origin in catalog.origins.values():
            slices.update(origin.slices)
        book = ledger.book(keys, slices, scope=EVERYTHING)
    declared = {name for name, origin in catalog.origins.items() if origin.measures}
    without_rows = {"finance_previous_year"}
    assert {key.partition(".")[0] for key, _, _ in book.tracks} == declared - without_rows
    assert {place: _value(book, place) for place in FEBRUARY[kind]} == FEBRUARY[kind]
    february = month_of(date(2026, 2, 1))
    figures = FIGURES.get(kind, {})
    told = {name: figure(catalog, book, catalog.metric(name), february).value for name in figures}
    assert told == figures


def _value(book: Book, place: Place) -> float | None:
    measure, cut, member = place
    found = book.observation(measure, month_of(date(2026, 2, 1)), cut, member)
    return None if found is None else found.value
