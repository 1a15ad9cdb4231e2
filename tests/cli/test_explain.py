from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Ask

Golden = Callable[[str, str], None]


def statements(output: str) -> list[str]:
    """The SQL of an explanation, a statement each."""
    parts = output.split("\n\n-- ")[1:]
    return [part.split("\n", 1)[1].strip().removesuffix(";") for part in parts]


def test_the_meaning_and_the_plan(boardseat: Ask, shop: Path, golden: Golden) -> None:
    result = boardseat("explain", "net_promoter_score", "--config", shop)
    assert result.exit_code == 0
    golden("cli/explain.txt", result.stdout.split("\n\n-- ")[0] + "\n")


def test_a_metric_over_metrics_names_every_measure(boardseat: Ask, shop: Path) -> None:
    output = boardseat("explain", "revenue_per_buyer", "--config", shop).stdout
    assert "    orders.revenue = sum(amount)\n" in output
    assert "    orders.buyers = count(distinct customer_id)\n" in output
    assert "columns: ordered_at, status, customer_id, amount\n" in output


def test_the_sql_runs_and_gives_what_is_measured(boardseat: Ask, shop: Path) -> None:
    """The rows of the whole company are those in which no member is told; each holds the month's revenue."""
    (sql, *_) = statements(boardseat("explain", "revenue", "--config", shop).stdout)
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.connect() as connection:
        found = connection.exec_driver_sql(sql).mappings().all()
    engine.dispose()
    totals = [row for row in found if all(row[key] is None for key in row if str(key).startswith("by_"))]
    assert {210.0, 180.5, 125.0} <= {value for row in totals for value in row.values()}
    assert len(totals) == 3


@pytest.mark.parametrize(
    ("dialect", "spelling"),
    [
        ("duckdb", "GROUPING SETS"),
        ("postgresql", "GROUPING SETS"),
        ("sqlite", "STRFTIME("),
        ("mysql", "`orders`"),
        ("mariadb", "`orders`"),
    ],
)
def test_the_sql_is_written_in_the_dialect_asked(
    boardseat: Ask, shop: Path, dialect: str, spelling: str
) -> None:
    result = boardseat("explain", "return_rate", "--config", shop, "--dialect", dialect)
    assert result.exit_code == 0
    assert f", {dialect}\n" in result.stdout
    assert spelling in "\n".join(statements(result.stdout))


def test_without_its_source_the_types_are_assumed_and_that_is_said(boardseat: Ask, shop: Path) -> None:
    there = boardseat("explain", "return_rate", "--config", shop).stdout
    (shop / "shop.duckdb").unlink()
    away = boardseat("explain", "return_rate", "--config", shop)
    assert away.exit_code == 0
    assert "-- The types of columns are assumed. Source 'shop': there is no file " in away.stdout
    assert len(statements(away.stdout)) == len(statements(there))


def test_a_dataset_is_no_metric_and_names_those_made_of_it(boardseat: Ask, shop: Path) -> None:
    told = boardseat("explain", "orders", "--config", shop)
    assert (told.exit_code, told.stderr) == (
        1,
        "Error: 'orders' is a dataset, and no metric. "
        "Explain one of the metrics made of it: return_rate, revenue, revenue_per_buyer.\n",
    )


def test_unknown_names(boardseat: Ask, shop: Path) -> None:
    metric = boardseat("explain", "return_rat", "--config", shop)
    assert (metric.exit_code, metric.stderr) == (
        1,
        "Error: There is no metric 'return_rat'. Did you mean 'return_rate'?\n",
    )
    dialect = boardseat("explain", "return_rate", "--config", shop, "--dialect", "postgres")
    assert (dialect.exit_code, dialect.stderr) == (
        1,
        "Error: There is no SQL dialect 'postgres'. Did you mean 'postgresql'?\n",
    )
