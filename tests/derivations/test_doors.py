"""Derivations through the command line: checked, refreshed, queried, and explained."""

import csv
import io
from pathlib import Path

import click.testing
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.cli import cli
from tests.cli.shop import open_shop

DERIVATIONS = """\
revenue_bridge:
  bridge: {dataset: orders, value: sum(amount), over: 1 month, slices: [segment]}
retention:
  cohort: {dataset: orders, by: month, ages: [1], slices: [segment]}
"""
METRIC = """\
{name}:
  name: {name}
  question: Do they stay?
  why: It is cheaper to keep a customer than to win one.
  formula: {formula}
  unit: {unit}
  better: higher
  side: customer
  owner: Chief Customer Officer
  neighbour: {{none: It is a test.}}
"""
RETENTION = (
    "(revenue_bridge.opening - revenue_bridge.lost - revenue_bridge.contracted + revenue_bridge.expanded)"
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    config = open_shop(tmp_path)
    (config / "derivations").mkdir()
    (config / "derivations" / "customers.yaml").write_text(DERIVATIONS)
    metrics = [
        ("kept", f"{RETENTION} / revenue_bridge.opening", "percent"),
        ("closing", "revenue_bridge.closing", "currency"),
        ("lost", "revenue_bridge.lost", "currency"),
        ("back", "retention.retained_1 / retention.starting_1", "percent"),
        ("triangle", "retention.active", "count"),
    ]
    text = "".join(METRIC.format(name=name, formula=formula, unit=unit) for name, formula, unit in metrics)
    (config / "metrics" / "derived.yaml").write_text(text)
    board = config / "board.yaml"
    board.write_text(board.read_text().replace("minimum_group: 5", "minimum_group: 1"))
    return config


def boardseat(shop: Path, *arguments: str) -> click.testing.Result:
    environment = {"BOARDSEAT_NOW": "2024-10-15T12:00:00+00:00", "BOARDSEAT_LEDGER": ""}
    return CliRunner().invoke(cli, [*arguments, "--config", str(shop)], env=environment)


def asked(shop: Path, *arguments: str) -> list[tuple[str, ...]]:
    told = boardseat(shop, "query", *arguments, "--format", "csv")
    assert told.exit_code == 0, told.output
    rows = list(csv.reader(io.StringIO(told.stdout)))[1:]
    return [tuple(row) for row in rows]


def test_figures_of_the_shop_can_be_told_by_hand(shop: Path) -> None:
    """In August 10, 20, 40, 50 and 60 of July came again, 30 did not, and one paid 10.50."""
    assert asked(shop, "kept", "--from", "2024-08", "--to", "2024-08") == [
        ("kept", "2024-08-01", "0.859523809524", "", "ok")
    ]
    assert asked(shop, "lost", "--from", "2024-08", "--to", "2024-09") == [
        ("lost", "2024-08-01", "30.0", "1", "ok"),
        ("lost", "2024-09-01", "110.0", "2", "ok"),
    ]
    [(_, _, value, _, _)] = asked(shop, "back", "--from", "2024-08", "--to", "2024-08")
    assert float(value) == pytest.approx(5 / 6)


def test_money_of_few_customers_is_kept_back_as_their_number_is(shop: Path) -> None:
    board = shop / "board.yaml"
    board.write_text(board.read_text().replace("minimum_group: 1", "minimum_group: 5"))
    assert asked(shop, "lost", "--from", "2024-08", "--to", "2024-08") == [
        ("lost", "2024-08-01", "", "", "suppressed")
    ]


def test_a_quarter_takes_flows_together_and_shows_its_own_end(shop: Path) -> None:
    found = asked(shop, "lost", "closing", "--grain", "quarter", "--from", "2024-08", "--to", "2024-08")
    told = {metric: (float(value), status) for metric, _, value, _, status in found}
    assert told == {"lost": (140.0, "partial"), "closing": (125.0, "ok")}


def test_cohorts_are_asked_by_age(shop: Path) -> None:
    rows = asked(shop, "triangle", "--by", "age", "--from", "2024-07", "--to", "2024-07")
    assert [(row[2], float(row[3])) for row in rows] == [("0", 6.0), ("1", 5.0), ("2", 4.0)]


def test_a_second_refresh_writes_nothing(shop: Path) -> None:
    assert boardseat(shop, "refresh").exit_code == 0
    assert ", 0 observations written, " in boardseat(shop, "refresh", "--full").output


def refreshed(shop: Path, now: str = "2024-10-15T12:00:00+00:00") -> set[str]:
    """The datasets and derivations that a refresh did not ask."""
    environment = {"BOARDSEAT_NOW": now, "BOARDSEAT_LEDGER": ""}
    told = CliRunner().invoke(cli, ["refresh", "--config", str(shop)], env=environment)
    assert told.exit_code == 0, told.output
    return set(told.stdout.strip().partition("; unchanged: ")[2].split(", ")) - {""}


def test_of_files_that_nobody_wrote_to_no_derivation_is_asked(shop: Path) -> None:
    everything = {"answers", "orders", "revenue_bridge", "retention"}
    assert refreshed(shop) == set()
    before = asked(shop, "kept", "back", "triangle", "--from", "2024-07", "--to", "2024-09")
    assert refreshed(shop) == everything
    assert asked(shop, "kept", "back", "triangle", "--from", "2024-07", "--to", "2024-09") == before
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("update orders set amount = amount + 1 where order_id = 1")
    engine.dispose()
    assert refreshed(shop) == set()
    assert asked(shop, "kept", "--from", "2024-08", "--to", "2024-08") != before[:1]
    assert refreshed(shop, "2024-10-16T12:00:00+00:00") == set()  # another day


def test_a_derivation_is_asked_again_alone_when_it_alone_is_another(shop: Path) -> None:
    refreshed(shop)
    file = shop / "derivations" / "customers.yaml"
    file.write_text(file.read_text().replace("over: 1 month", "over: 2 months"))
    assert refreshed(shop) == {"answers", "orders", "retention"}


def test_a_derivation_of_rows_that_look_at_the_clock_is_always_asked(shop: Path) -> None:
    dataset = shop / "datasets" / "orders.yaml"
    dataset.write_text(dataset.read_text().replace("table: orders", "query: orders.sql"))
    (shop / "datasets" / "orders.sql").write_text("select * from orders where ordered_at <= current_date")
    refreshed(shop)
    assert refreshed(shop) == {"answers"}


def test_it_is_explained_with_its_dataset_and_its_sql(shop: Path) -> None:
    told = boardseat(shop, "explain", "back")
    assert told.exit_code == 0, told.output
    assert "  retention: derived from table orders of source shop (duckdb, Finance Systems)\n" in told.stdout
    assert "    retention.starting_1 = customer_id whose first row of orders is 1 month back\n" in told.stdout
    assert "-- retention, SELECT 2 of 2, duckdb\n" in told.stdout


def test_all_that_it_asks_is_explained(shop: Path) -> None:
    told = boardseat(shop, "explain", "kept")
    assert told.exit_code == 0, told.output
    plan = told.stdout.partition("\nPlan\n")[2].partition("\n\n--")[0].splitlines()
    assert [line for line in plan if "_count" not in line] == [
        "  revenue_bridge: about 18 rows, read 2 times",
        "  revenue_bridge, SELECT 1 of 2",
        "    measures  reach of orders, rows without customer_id, total of the value",
        "    slices    all",
        "  revenue_bridge, SELECT 2 of 2",
        "    slices    all; segment",
    ]
    assert told.stdout.count("-- revenue_bridge, SELECT ") == 2


def test_check_counts_derivations(shop: Path) -> None:
    told = boardseat(shop, "check")
    assert told.output.startswith("ok: 1 source, 3 datasets, 2 derivations, 9 metrics, 1 page\n")


def test_check_tells_a_column_that_is_not_there(shop: Path) -> None:
    file = shop / "derivations" / "customers.yaml"
    file.write_text(file.read_text().replace("sum(amount)", "sum(amuont)"))
    told = boardseat(shop, "check")
    assert told.exit_code == 1
    assert told.output == (
        "derivations/customers.yaml:2:40: The dataset 'orders' has no column 'amuont'. "
        "Did you mean 'amount'?\n"
    )
