"""A version changes with everything that determines a number, and with nothing else."""

# ruff: noqa: E501 - a table is read a row a line

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog

SMALL = Path(__file__).parent.parent / "configurations" / "small"
MEASURES = ("orders.revenue", "orders.buyers", "answers.answers")
METRICS = ("revenue", "revenue_per_buyer", "net_promoter_score")


def loaded(folder: Path, **files: Callable[[str], str]) -> Catalog:
    """The small configuration with files changed: `datasets__orders=lambda text: ...`."""
    config = shutil.copytree(SMALL, folder / "config")
    for name, change in files.items():
        path = config / f"{name.replace('__', '/')}.yaml"
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before, f"{name} was not changed"
        path.write_text(after, encoding="utf-8")
    return load_catalog(config, sources={"shop": "", "crm": ""})


def versions(catalog: Catalog) -> dict[str, str]:
    return {
        **{key: catalog.measure(key).version for key in MEASURES},
        **{name: catalog.metric(name).version for name in METRICS},
    }


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


@pytest.fixture
def before() -> Catalog:
    return load_catalog(SMALL, sources={"shop": "", "crm": ""})


REVENUE = {"orders.revenue", "revenue", "revenue_per_buyer"}
ORDERS = REVENUE | {"orders.buyers"}
ANSWERS = {"answers.answers", "net_promoter_score"}

CHANGES = {
    "aggregate": ({"datasets__orders": swap("sum(amount)", "sum(amount - tax)")}, REVENUE),
    "argument of a count": ({"datasets__orders": swap("(distinct customer_id)", "(distinct buyer_id)")}, {"orders.buyers", "revenue_per_buyer"}),
    "filter": ({"datasets__orders": swap("sum(amount)", "sum(amount) filter (where paid)")}, REVENUE),
    "where": ({"datasets__orders": swap("'cancelled'", "'void'")}, ORDERS),
    "table": ({"datasets__orders": swap("table: orders", "table: public.orders")}, ORDERS),
    "source": ({"datasets__orders": swap("source: shop", "source: crm"), "datasets__customers": swap("source: shop", "source: crm"), "datasets__answers": swap("source: shop", "source: crm")}, ORDERS | ANSWERS),
    "event": ({"datasets__orders": swap("ordered_at", "paid_at")}, ORDERS),
    "covers": ({"datasets__orders": swap("event: ordered_at", "event: {at: ordered_at, covers: month}")}, ORDERS),
    "key of a look-up": ({"datasets__customers": swap("entity: customer_id", "entity: customer_key")}, ORDERS | ANSWERS),
    "table of a look-up": ({"datasets__customers": swap("table: customers", "table: clients")}, ORDERS | ANSWERS),
    "column of a look-up": ({"datasets__answers": swap("{customers: customer_id}", "{customers: buyer}")}, ANSWERS),
    "dimension": ({"datasets__orders": swap("channel: channel", "channel: shop")}, ORDERS),
    "slice": ({"datasets__orders": swap(", [segment, channel]]", "]")}, ORDERS),
    "zone of the company": ({"board": swap("Europe/Amsterdam", "Europe/London")}, ORDERS | ANSWERS),
    "zone of the dataset": ({"datasets__orders": lambda text: text + "time_zone: UTC\n"}, ORDERS),
    "fiscal year": ({"board": swap("fiscal_year_start: 4", "fiscal_year_start: 1")}, ORDERS | ANSWERS),
    "formula": ({"metrics__finance": swap("formula: revenue / orders.buyers", "formula: 2 * revenue / orders.buyers")}, {"revenue_per_buyer"}),
    "formula of a metric within": ({"metrics__finance": swap("formula: orders.revenue", "formula: 2 * orders.revenue")}, {"revenue", "revenue_per_buyer"}),
}  # fmt: skip

NO_CHANGES = {
    "comment": {"datasets__orders": lambda text: "# About orders\n" + text},
    "spelling": {"datasets__orders": swap("sum(amount)", "SUM( (amount) )")},
    "another measure": {"datasets__orders": lambda text: text.replace("measures:", "measures:\n  taxed: sum(tax)")},
    "order of measures": {"datasets__answers": swap("  answers: count(score)\n  promoters: count(*) filter (where score >= 9)\n", "  promoters: count(*) filter (where score >= 9)\n  answers: count(score)\n")},
    "a dimension that nothing is sliced by": {"datasets__orders": swap("channel: channel}", "channel: channel, shop: shop_id}")},
    "a look-up that nothing uses": {"datasets__orders": swap("{customers: customer_id}", "{customers: customer_id, answers: {dataset: customers, column: agent}}")},
    "freshness and restatement": {"datasets__orders": lambda text: text.replace("35 days", "7 days").replace("13 months", "2 months")},
    "entity and key": {"datasets__orders": lambda text: text.replace("key: order_id\n", "")},
    "wording of a metric": {"metrics__finance": lambda text: text.replace("Do we grow?", "Is there more?").replace("unit: currency", "unit: count")},
    "minimum group": {"board": swap("minimum_group: 5", "minimum_group: 10")},
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_determines_a_number_changes_its_version(change: str, before: Catalog, tmp_path: Path) -> None:
    files, expected = CHANGES[change]
    old, new = versions(before), versions(loaded(tmp_path, **files))
    assert {key for key in old if old[key] != new[key]} == expected


@pytest.mark.parametrize("change", NO_CHANGES)
def test_what_does_not_leaves_it(change: str, before: Catalog, tmp_path: Path) -> None:
    after = loaded(tmp_path, **NO_CHANGES[change])
    assert versions(after) == versions(before)
    assert after.version != before.version


def test_a_version_is_sixteen_digits(before: Catalog) -> None:
    for version in (before.version, *versions(before).values()):
        assert len(version) == 16
        int(version, 16)


def test_a_changed_query_is_another_version(tmp_path: Path) -> None:
    config = shutil.copytree(SMALL, tmp_path / "config")
    path = config / "datasets" / "orders.yaml"
    path.write_text(path.read_text().replace("table: orders", "query: orders.sql"))
    found = set()
    for sql in ("select * from orders", "select * from orders where paid"):
        (config / "datasets" / "orders.sql").write_text(sql)
        found.add(load_catalog(config, sources={"shop": ""}).measure("orders.revenue").version)
    assert len(found) == 2


def test_the_catalog_version_knows_names_and_bytes(tmp_path: Path, before: Catalog) -> None:
    config = shutil.copytree(SMALL, tmp_path / "config")
    assert load_catalog(config, sources={"shop": "", "crm": ""}).version == before.version
    (config / "metrics" / "finance.yaml").rename(config / "metrics" / "money.yaml")
    assert load_catalog(config, sources={"shop": "", "crm": ""}).version != before.version
