"""The example of the online retailer gives the numbers known for its data, through the whole stack."""

import csv
import os
import re
import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from dashboard.cli import cli
from dashboard.definitions.lineage import datasets_of
from dashboard.ledger.figures import Status
from dashboard.periods import Grain, Period
from tests.examples.retail import (
    CENT,
    CONFIG,
    DATA,
    LINES,
    MONTHS,
    OPEN_MONTH,
    Shop,
    asked,
    golden,
    measured,
    needs_data,
)

pytestmark = needs_data

# metric -> the column of the published table that it must give
GOLDEN = {
    "net_revenue": "net_revenue",
    "customers": "customers",
    "invoices": "invoices",
    "gross_sales": "gross_sales",
    "cancellation_value": "cancel_value",
    "cancelled_share": "cancel_invoice_rate",
}
CANCELLED = "starts_with(invoice, 'C')"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return measured(tmp_path_factory.mktemp("shop"), CONFIG, {"ONLINE_RETAIL_DIR": str(DATA)})


def test_the_published_table_is_what_the_lines_say() -> None:
    rows = asked(
        f"""SELECT sum(amount), count(DISTINCT customer), count(DISTINCT invoice),
                   sum(amount) FILTER (WHERE NOT {CANCELLED}), sum(amount) FILTER (WHERE {CANCELLED}),
                   count(DISTINCT invoice) FILTER (WHERE {CANCELLED}) / count(DISTINCT invoice)
            FROM line GROUP BY date_trunc('month', moment) ORDER BY date_trunc('month', moment)"""
    )
    for row, month in zip(rows, golden(), strict=True):
        assert row == pytest.approx(tuple(month.values()), rel=1e-12)


def test_the_refresh_reads_all_and_warns_of_nothing(shop: Shop) -> None:
    states = {name: state for name, state in shop.book.states.items() if name in shop.catalog.datasets}
    assert {name: state.rows for name, state in states.items()} == {
        "lines": 1_044_847,
        "first_purchases": 5_942,
    }
    assert all(not state.warnings and state.failure is None for state in states.values())


@pytest.mark.parametrize(("metric", "column"), GOLDEN.items())
def test_every_month_is_the_published_one(shop: Shop, metric: str, column: str) -> None:
    tolerance = 1e-12 if column == "cancel_invoice_rate" else CENT
    for found, month in zip(shop.values(metric), golden(), strict=True):
        assert found == pytest.approx(month[column], abs=tolerance)


def test_net_revenue_foots(shop: Shop) -> None:
    for period in shop.periods(*Grain):
        parts = [shop.figure(name, period).value for name in ("gross_sales", "cancellation_value")]
        assert shop.figure("net_revenue", period).value == pytest.approx(sum(parts), abs=CENT)


def test_the_last_month_is_open_and_the_others_are_closed(shop: Shop) -> None:
    for name, metric in shop.catalog.metrics.items():
        if set(datasets_of(shop.catalog, metric)) & shop.catalog.derivations.keys():
            continue  # of what needs a history, not every month can be told
        found = {month: shop.figure(name, month) for month in MONTHS}
        last = found.pop(OPEN_MONTH)
        assert {figure.status for figure in found.values()} == {Status.OK}, name
        assert (last.status, last.reason) == (Status.OPEN, "The data ends on 9 December 2011."), name


def test_the_quarter_that_the_last_month_begins_is_open(shop: Shop) -> None:
    found = [shop.figure("net_revenue", quarter) for quarter in shop.periods(Grain.QUARTER)]
    assert [figure.status for figure in found] == [Status.OK] * 8 + [Status.OPEN]


def test_customers_of_a_longer_period_are_counted_once(shop: Shop) -> None:
    periods = shop.periods(Grain.QUARTER, Grain.YEAR, Grain.YEAR_TO_DATE, Grain.TWELVE_MONTHS)
    spans = ", ".join(f"({at}, DATE '{each.start}', DATE '{each.end}')" for at, each in enumerate(periods))
    rows = asked(
        f"""WITH seen AS (SELECT DISTINCT date_trunc('month', moment) AS month, customer, invoice FROM line)
            SELECT count(DISTINCT customer), count(DISTINCT invoice),
                   count(DISTINCT invoice) FILTER (WHERE {CANCELLED})
            FROM (VALUES {spans}) AS span (place, first, until)
            JOIN seen ON month >= first AND month < until GROUP BY place ORDER BY place"""
    )
    for period, (customers, invoices, cancellations) in zip(periods, rows, strict=True):
        assert shop.figure("customers", period).value == customers
        assert shop.figure("invoices", period).value == invoices
        assert shop.figure("cancelled_share", period).value == pytest.approx(cancellations / invoices)


def test_first_time_and_returning_customers(shop: Shop) -> None:
    rows = asked(
        """WITH seen AS (SELECT date_trunc('month', moment) AS month, customer,
                                date_trunc('month', min(moment) OVER (PARTITION BY customer)) AS first
                         FROM line WHERE customer IS NOT NULL)
           SELECT count(DISTINCT customer) FILTER (WHERE first = month),
                  count(DISTINCT customer) FILTER (WHERE first < month)
           FROM seen GROUP BY month ORDER BY month"""
    )
    for month, (first, returning) in zip(MONTHS, rows, strict=True):
        assert shop.figure("new_customers", month).value == first
        assert shop.figure("returning_customers", month).value == returning
        share = shop.figure("returning_share", month).value
        assert share == pytest.approx(returning / (first + returning))
    assert shop.figure("new_customers", MONTHS[0]).value == 1045, "the data begin: everybody is new"
    assert sum(first for first, _ in rows) == 5_942


def test_ratios_are_the_ratios_of_the_sums(shop: Shop) -> None:
    rows = asked(
        f"""SELECT sum(amount) FILTER (WHERE NOT {CANCELLED}),
                   count(DISTINCT invoice) FILTER (WHERE NOT {CANCELLED}),
                   sum(amount) FILTER (WHERE NOT {CANCELLED} AND customer IS NOT NULL),
                   count(DISTINCT customer) FILTER (WHERE NOT {CANCELLED}),
                   count(customer), count(*)
            FROM line GROUP BY date_trunc('month', moment) ORDER BY date_trunc('month', moment)"""
    )
    for month, (gross, orders, of_buyers, buyers, known, all_lines) in zip(MONTHS, rows, strict=True):
        assert shop.figure("average_order_value", month).value == pytest.approx(gross / orders, abs=CENT)
        assert shop.figure("revenue_per_customer", month).value == pytest.approx(of_buyers / buyers, abs=CENT)
        assert shop.figure("identified_share", month).value == pytest.approx(known / all_lines)


def test_charges_are_the_lines_whose_code_is_no_product(shop: Shop) -> None:
    goods = "'^([0-9]{5}|DCGS|gift_|GIFT|PADS|SP1002|TEST)'"
    rows = asked(
        f"""SELECT sum(amount) FILTER (WHERE NOT regexp_matches(code, {goods})) FROM line
            GROUP BY date_trunc('month', moment) ORDER BY date_trunc('month', moment)"""
    )
    assert shop.values("charges") == pytest.approx([value for (value,) in rows], abs=CENT)


@pytest.mark.parametrize(
    "metric", ["net_revenue", "gross_sales", "cancellation_value", "charges", "invoices", "new_customers"]
)
def test_countries_add_up_to_the_total_in_every_month(shop: Shop, metric: str) -> None:
    for month in MONTHS:
        parts = [shop.figure(metric, month, country).value for country in shop.countries]
        assert sum(part for part in parts if part is not None) == pytest.approx(
            shop.figure(metric, month).value, abs=CENT
        )


def test_every_country_is_the_one_in_the_lines(shop: Shop) -> None:
    rows = asked(
        """SELECT country, CAST(date_trunc('month', moment) AS DATE), sum(amount), count(DISTINCT customer),
                  count(DISTINCT invoice) FROM line GROUP BY ALL"""
    )
    expected: dict[str, dict[date, tuple[float, ...]]] = defaultdict(dict)
    for country, month, *values in rows:
        expected[country][month] = tuple(values)
    assert set(shop.countries) == set(expected)
    assert len(expected) == 43
    for country, by_month in expected.items():
        for month in MONTHS:
            found = [shop.figure(name, month, country) for name in ("net_revenue", "customers", "invoices")]
            wanted = by_month.get(month.start, (0, 0, 0))  # a country without trade in a month has 0
            assert [figure.value for figure in found] == pytest.approx(wanted, abs=CENT)


# All of the first sheet of the original workbook in one period: each line is given the day of the last.
FIRST_SHEET_SQL = """
WITH trade (
    invoice, stock_code, description, quantity, invoice_date, price, customer_id, country, sheet, amount
) AS (
    SELECT * FROM online_retail_ii_dedup
)
SELECT invoice, customer_id, amount, MAX(invoice_date) OVER () AS sheet_until FROM trade
WHERE invoice_date < '2010-12-10'
"""
FIRST_SHEET = """
source: shop
query: first_sheet.sql
event: sheet_until
where: customer_id is not null and invoice not like 'C%'
measures:
  customers: count(distinct customer_id)
  sales: sum(amount)
"""
PUBLISHED = """
published_customers:
  {name: Customers, question: How many?, why: Published., formula: first_sheet.customers, unit: count,
   better: higher, side: customer, owner: Test, neighbour: {none: Published.}}
published_revenue_per_customer:
  {name: Revenue, question: How much?, why: Published., formula: first_sheet.sales / first_sheet.customers,
   unit: currency, better: higher, side: financial, owner: Test, neighbour: {none: Published.}}
"""


def test_the_published_figures_of_the_first_sheet(tmp_path: Path) -> None:
    ((customers, sales),) = asked(
        f"""SELECT count(DISTINCT customer), sum(amount) FROM line
            WHERE customer IS NOT NULL AND NOT {CANCELLED} AND moment < '2010-12-10'"""
    )
    assert (customers, round(sales / customers, 2)) == (4_314, 2_047.29)
    config = shutil.copytree(CONFIG, tmp_path / "config")
    (config / "datasets" / "first_sheet.sql").write_text(FIRST_SHEET_SQL, encoding="utf-8")
    (config / "datasets" / "first_sheet.yaml").write_text(FIRST_SHEET, encoding="utf-8")
    (config / "metrics" / "published.yaml").write_text(PUBLISHED, encoding="utf-8")
    shop = measured(tmp_path, config, {"ONLINE_RETAIL_DIR": str(DATA)})
    december = Period(date(2010, 12, 1), date(2011, 1, 1), Grain.MONTH)
    assert shop.figure("published_customers", december).value == 4_314
    assert shop.figure("published_revenue_per_customer", december).value == pytest.approx(2_047.29, abs=CENT)


def test_the_command_prints_the_published_months(tmp_path: Path) -> None:
    environ = {"ONLINE_RETAIL_DIR": str(DATA), "BOARDSEAT_LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}"}
    command = ["query", "net_revenue", "--config", str(CONFIG), "--grain", "month", "--format", "csv"]
    result = CliRunner().invoke(cli, command, env=environ)
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert list(rows[0]) == ["metric", "period", "value", "n", "status"]
    for row, month, known in zip(rows, MONTHS, golden(), strict=True):
        assert (row["metric"], row["period"]) == ("net_revenue", f"{month.start}")
        assert float(row["value"]) == pytest.approx(known["net_revenue"], abs=CENT)
        assert row["status"] == ("open" if month == OPEN_MONTH else "ok")


def test_the_readme_loads_the_lines_into_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", (CONFIG / "README.md").read_text(encoding="utf-8"), re.S)
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM '{LINES}' LIMIT 3000) TO '{tmp_path / LINES.name}'")
    monkeypatch.setenv("ONLINE_RETAIL_DIR", str(tmp_path))
    monkeypatch.setenv("ONLINE_RETAIL_URL", f"sqlite:///{tmp_path / 'shop.sqlite'}")
    exec(snippet, {})  # noqa: S102
    config = shutil.copytree(CONFIG, tmp_path / "config")
    (config / "sources" / "shop.yaml").write_text("url: ${ONLINE_RETAIL_URL}\n", encoding="utf-8")
    shop = measured(tmp_path, config, dict(os.environ))
    ((net, customers),) = asked("SELECT sum(amount), count(DISTINCT customer) FROM (FROM line LIMIT 3000)")
    assert shop.figure("net_revenue", MONTHS[0]).value == pytest.approx(net, abs=CENT)
    assert shop.figure("customers", MONTHS[0]).value == customers
