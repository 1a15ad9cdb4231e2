"""A whole configuration: the small one, the demo's, the example's, and a large one."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dashboard.definitions.expressions import Calculation, Column, MeasureRef
from dashboard.definitions.load import collect, load_catalog
from dashboard.definitions.model import (
    Better,
    Catalog,
    IntervalKind,
    Lookup,
    Neighbour,
    PanelKind,
    PanelSpec,
    Side,
)
from dashboard.periods import FiscalCalendar, Grain
from dashboard.units import Unit
from tests.definitions.trees import without_places

ROOT = Path(__file__).parent.parent.parent
SMALL = ROOT / "tests" / "configurations" / "small"


@pytest.fixture
def small() -> Catalog:
    return load_catalog(SMALL, sources={"shop": "Finance Systems"})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(SMALL, tmp_path / "config")


def changed(config: Path, file: str, change: Callable[[str], str]) -> Path:
    path = config / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return config


def test_the_board(small: Catalog) -> None:
    board = small.board
    assert (board.organisation, board.currency, board.locale) == ("Anchor Line", "EUR", "en_GB")
    assert (board.time_zone, board.calendar) == ("Europe/Amsterdam", FiscalCalendar(4))
    assert (board.minimum_group, board.discount_rate, board.pages) == (5, 0.10, ("overview",))
    assert (board.rules.two_in_three, board.rules.trend_length, board.rules.minimum_points) == ("mdc", 7, 13)
    assert dict(small.sources) == {"shop": "Finance Systems"}


def test_a_dataset(small: Catalog) -> None:
    orders = small.datasets["orders"]
    assert (orders.source, orders.table, orders.query) == ("shop", "orders", None)
    assert (orders.event, orders.covers, orders.entity, orders.key) == (
        "ordered_at",
        None,
        "customer_id",
        "order_id",
    )
    assert dict(orders.lookups) == {
        "customers": Lookup("customers", "customers", "customer_id", "customer_id")
    }
    assert dict(orders.dimensions) == {
        "segment": Column("segment", "customers"),
        "channel": Column("channel"),
    }
    assert orders.slices == ((), ("segment",), ("channel",), ("segment", "channel"))
    assert list(orders.measures) == ["orders", "buyers", "revenue", "returned"]
    assert (orders.freshness_days, orders.restate_months, orders.file) == (35, 13, "datasets/orders.yaml")
    assert small.measure("orders.revenue").text == "sum(amount)"
    assert small.datasets["customers"].event is None


def test_a_metric(small: Catalog) -> None:
    score = small.metric("net_promoter_score")
    parts = tuple(MeasureRef("answers", name) for name in ("promoters", "detractors", "answers"))
    assert (score.unit, score.better, score.side) == (Unit.POINTS, Better.HIGHER, Side.CUSTOMER)
    assert (score.interval, without_places(score.interval_parts)) == (IntervalKind.NPS, parts)
    assert without_places(score.base) == parts[2]
    assert score.base_text == "answers.answers"
    assert score.targets == ((date(2025, 4, 1), 35.0), (date(2026, 4, 1), 40.0))
    assert score.neighbour == Neighbour("revenue", "plus", (2, 4), "Those who recommend us buy again.")
    rate = small.metric("return_rate")
    assert (rate.no_target, rate.targets, rate.interval_parts[1]) == (
        "The first year sets the level.",
        (),
        rate.base,
    )
    revenue = small.metric("revenue")
    assert (revenue.neighbour, revenue.base) == (None, None)
    assert revenue.no_neighbour == "It is what the customer figures are held against."
    assert small.metric("revenue_per_buyer").neighbour == Neighbour(
        "return_rate", "minus", None, "Who sends back is paid back."
    )


def test_a_page(small: Catalog) -> None:
    page = small.page("overview")
    assert page.title == "Overview"
    assert page.panels == (
        PanelSpec(PanelKind.PAIR, ("net_promoter_score",)),
        PanelSpec(PanelKind.TREND, ("return_rate",), ("segment",), "Returns by segment"),
        PanelSpec(PanelKind.TREND, ("revenue",)),
    )


def test_where_things_are_defined(small: Catalog) -> None:
    assert small.places["metrics.return_rate"] == "metrics/customers.yaml:16"
    assert small.places["datasets.orders"] == "datasets/orders.yaml:1"
    assert small.places["datasets.orders.revenue"] == "datasets/orders.yaml:13"


def test_the_long_forms(copy: Path) -> None:
    changed(
        copy,
        "datasets/orders.yaml",
        lambda text: text.replace("event: ordered_at", "event: {at: month, covers: quarter}"),
    )
    changed(
        copy,
        "datasets/answers.yaml",
        lambda text: text.replace("{customers: customer_id}", "{customers: {column: buyer}}")
        + 'time_zone: UTC\nwhere: >-\n  score between 0\n  and 10\n',
    )  # fmt: skip
    catalog = load_catalog(copy, sources={"shop": ""})
    orders, answers = catalog.datasets["orders"], catalog.datasets["answers"]
    assert (orders.event, orders.covers) == ("month", Grain.QUARTER)
    assert answers.lookups["customers"] == Lookup("customers", "customers", "buyer", "customer_id")
    assert (answers.time_zone, answers.where is not None) == ("UTC", True)


def test_a_look_up_may_have_another_name_and_leads_to_the_key(copy: Path) -> None:
    changed(
        copy,
        "datasets/answers.yaml",
        lambda text: text.replace(
            "{customers: customer_id}", "{buyer: {dataset: orders, column: order_id}}"
        ).replace("customers.segment", 'buyer."Sales Channel"'),
    )
    answers = load_catalog(copy, sources={"shop": ""}).datasets["answers"]
    assert answers.lookups["buyer"] == Lookup("buyer", "orders", "order_id", "order_id")
    assert answers.dimensions["segment"] == Column("Sales Channel", "buyer")


def test_columns_with_blanks(copy: Path) -> None:
    changed(
        copy,
        "datasets/orders.yaml",
        lambda text: (
            text.replace("entity: customer_id", "entity: Customer ID")
            .replace("event: ordered_at", "event: '\"Invoice Date\"'")
            .replace("channel: channel", "channel: Sales Channel")
        ),
    )
    orders = load_catalog(copy, sources={"shop": ""}).datasets["orders"]
    assert (orders.entity, orders.event) == ("Customer ID", "Invoice Date")
    assert orders.dimensions["channel"] == Column("Sales Channel")


def test_a_query_is_taken_as_it_is(copy: Path) -> None:
    sql = "-- one row an answer\nWITH a AS (SELECT * FROM answers)\nSELECT * FROM a WHERE note <> ';'"
    (copy / "datasets" / "answers.sql").write_text(f"\ufeff{sql};\n", encoding="utf-8")
    changed(copy, "datasets/answers.yaml", lambda text: text.replace("table: answers", "query: answers.sql"))
    answers = load_catalog(copy, sources={"shop": ""}).datasets["answers"]
    assert (answers.table, answers.query, answers.query_file) == (None, sql, "answers.sql")


def test_a_target_may_be_a_measure(copy: Path) -> None:
    changed(
        copy, "metrics/finance.yaml", lambda text: text.replace("unit:", "target: orders.orders\n  unit:", 1)
    )
    revenue = load_catalog(copy, sources={"shop": ""}).metric("revenue")
    assert (revenue.targets, revenue.target_measure) == ((), "orders.orders")


def test_rules_and_a_base_of_its_own(copy: Path) -> None:
    changed(
        copy,
        "board.yaml",
        lambda text: text + "rules: {two_in_three: r, trend_length: 6, minimum_points: 10}\n",
    )
    changed(
        copy,
        "metrics/customers.yaml",
        lambda text: text.replace("interval: nps", "base: answers.promoters + answers.detractors"),
    )
    catalog = load_catalog(copy, sources={"shop": ""})
    rules = catalog.board.rules
    assert (rules.two_in_three, rules.trend_length, rules.minimum_points) == ("r", 6, 10)
    assert isinstance(catalog.metric("net_promoter_score").base, Calculation)


def test_a_base_that_names_a_metric_made_of_this_one_is_no_circle(copy: Path) -> None:
    changed(copy, "metrics/finance.yaml", lambda text: text.replace("base: orders.buyers", "base: double"))
    revenue = (SMALL / "metrics" / "finance.yaml").read_text(encoding="utf-8").partition("\n\n")[0]
    double = revenue.replace("revenue:", "double:", 1).replace("orders.revenue", "2 * revenue_per_buyer")
    (copy / "metrics" / "double.yaml").write_text(double, encoding="utf-8")
    assert collect(copy, sources={"shop": ""})[1] == ()


def test_an_empty_metrics_file_is_no_problem(copy: Path) -> None:
    (copy / "metrics" / "later.yaml").write_text("# nothing yet\n")
    assert collect(copy, sources={"shop": ""})[1] == ()


def test_a_source_that_could_not_be_read_is_not_unknown(copy: Path) -> None:
    catalog, problems = collect(copy, sources={})
    assert problems == ()
    assert catalog is not None
    assert dict(catalog.sources) == {"shop": ""}


def test_other_files_beside_the_configuration_are_left_alone(copy: Path) -> None:
    (copy / "ledger.sqlite").write_bytes(b"SQLite format 3\x00")
    (copy / ".git").mkdir()
    (copy / ".git" / "config.yaml").write_text("a: [")
    (copy / "access.yaml").write_text("viewers: {}\n")
    assert collect(copy, sources={"shop": ""})[1] == ()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    catalog, problems = collect(tmp_path / "nowhere", sources={})
    assert catalog is None
    assert [str(problem) for problem in problems] == [
        f"board.yaml:1:1: There is no folder {tmp_path / 'nowhere'}. "
        "Make one: docs/configuration.md says how."
    ]


def test_loading_twice_gives_the_same(small: Catalog) -> None:
    again = load_catalog(SMALL, sources={"shop": "Finance Systems"})
    assert again == small
    assert again is not small


@pytest.mark.parametrize("folder", ["config", "docs/examples/online_retail"])
def test_what_we_ship_has_no_problem(folder: str) -> None:
    assert [str(problem) for problem in collect(ROOT / folder, sources={})[1]] == []


def test_seventy_metrics_over_twenty_datasets_are_loaded(tmp_path: Path) -> None:
    catalog = load_catalog(large_configuration(tmp_path), sources={"shop": ""})
    assert (len(catalog.metrics), sum(len(each.measures) for each in catalog.datasets.values())) == (70, 200)


def large_configuration(folder: Path) -> Path:
    """Seventy metrics over two hundred measures, written anew."""
    config = shutil.copytree(SMALL, folder / "large")
    for kind in ("datasets", "metrics"):
        for path in (config / kind).glob("*.yaml"):
            path.unlink()
    (config / "pages" / "overview.yaml").write_text("question: A?\npanels:\n  - pair: metric_0_0\n")
    for file in range(20):
        measures = "".join(
            f"  m{n}: count(distinct id) filter (where score_{file} >= {n} and channel in ('a', 'b{n}'))\n"
            for n in range(10)
        )
        text = f"source: shop\ntable: t{file}\nevent: at\nmeasures:\n{measures}"
        (config / "datasets" / f"d{file}.yaml").write_text(text)
    template = (SMALL / "metrics" / "customers.yaml").read_text().partition("\nreturn_rate")[0]
    for file in range(7):
        metrics = (
            template.replace("net_promoter_score:", f"metric_{file}_{n}:")
            .replace("metric: revenue", f"metric: metric_{(file + 1) % 7}_{n}")
            .replace("answers.promoters", f"d{file}.m{n}")
            .replace("answers.detractors", f"d{file + 6}.m{n}")
            .replace("answers.answers", f"d{file + 13}.m{n}")
            for n in range(10)
        )
        (config / "metrics" / f"f{file}.yaml").write_text("\n".join(metrics))
    return config
