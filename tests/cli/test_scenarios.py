"""Plan and actual in a shop: scenarios of its finance table, asked by query and used in a formula."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Ask

FINANCE = """
source: shop
table: finance
event: {at: month, covers: month}
dimensions: {entity: entity}
slices: [entity]
scenario: {column: scenario, actual: AC, plan: PL}
signs: {of: amount, by: account, minus: [costs]}
measures: {profit: sum(amount)}
"""
METRIC = """
{name}:
  name: Profit
  question: Do we earn?
  why: It pays.
  formula: {formula}
  unit: {unit}
  better: higher
  side: financial
  owner: CFO
  neighbour: {{none: It stands alone.}}
"""
ROWS = (
    *("('2024-08-01', 'NL', 'sales', 'AC', 100)", "('2024-08-01', 'NL', 'costs', 'AC', 30)"),
    *("('2024-08-01', 'NL', 'sales', 'PL', 90)", "('2024-08-01', 'NL', 'costs', 'PL', 20)"),
    *("('2024-09-01', 'NL', 'sales', 'PL', 95)", "('2024-08-01', 'BE', 'sales', 'PL', 5)"),
)


@pytest.fixture
def books(shop: Path) -> Path:
    """The shop, with a finance table of actual and planned months."""
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        columns = "month date, entity varchar, account varchar, scenario varchar, amount double"
        connection.exec_driver_sql(f"create table finance ({columns})")
        connection.exec_driver_sql(f"insert into finance values {', '.join(ROWS)}")
    engine.dispose()
    (shop / "datasets" / "finance.yaml").write_text(FINANCE)
    metrics = (
        ("profit", "finance.profit", "currency"),
        ("above_plan", "profit - plan(profit)", "currency"),
        ("planned_again", "plan(2 * profit)", "currency"),
    )
    text = "".join(METRIC.format(name=name, formula=formula, unit=unit) for name, formula, unit in metrics)
    (shop / "metrics" / "profit.yaml").write_text(text)
    return shop


def told(boardseat: Ask, *words: str | Path) -> str:
    result = boardseat("query", *words, "--format", "csv")
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def test_the_plan_is_asked_by_its_name(boardseat: Ask, books: Path) -> None:
    assert told(boardseat, "profit", "--config", books) == (
        "metric,period,value,n,status\nprofit,2024-08-01,70.0,,ok\n"
    )
    assert told(boardseat, "profit", "--scenario", "plan", "--config", books) == (
        "metric,period,value,n,status\nplan(profit),2024-08-01,75.0,,ok\nplan(profit),2024-09-01,95.0,,ok\n"
    )
    assert told(boardseat, "profit", "--scenario", "plan", "--by", "entity", "--config", books) == (
        "metric,period,entity,value,n,status\n"
        "plan(profit),2024-08-01,BE,5.0,,ok\nplan(profit),2024-08-01,NL,70.0,,ok\n"
        "plan(profit),2024-09-01,BE,0.0,,ok\nplan(profit),2024-09-01,NL,95.0,,ok\n"
    )


def test_a_formula_may_hold_the_plan_against_what_happened(boardseat: Ask, books: Path) -> None:
    assert "above_plan,2024-08-01,-5.0,,ok\n" in told(boardseat, "above_plan", "--config", books)
    assert "planned_again,2024-08-01,150.0,,ok\n" in told(boardseat, "planned_again", "--config", books)


@pytest.mark.parametrize(
    ("metric", "scenario", "told_"),
    [
        ("profit", "forecast", "profit has no forecast. It has plan."),
        ("revenue", "plan", "revenue has no plan. Its datasets have none."),
    ],
)
def test_a_scenario_that_there_is_not(
    boardseat: Ask, books: Path, metric: str, scenario: str, told_: str
) -> None:
    result = boardseat("query", metric, "--scenario", scenario, "--config", books)
    assert (result.exit_code, result.stderr) == (1, f"Error: {told_}\n")


def test_the_past_is_read_with_the_plan_written_out(boardseat: Ask, books: Path) -> None:
    told(boardseat, "above_plan", "--config", books)
    assert "above_plan,2024-08-01,-5.0,,ok\n" in told(
        boardseat, "above_plan", "--as-of", "2099-01-01", "--config", books
    )
    metrics = books / "metrics" / "profit.yaml"
    metrics.write_text(metrics.read_text().replace("profit - plan(profit)", "plan(profit) - profit"))
    assert "above_plan,2024-08-01,-5.0,,ok\n" in told(
        boardseat, "above_plan", "--as-of", "2099-01-01", "--config", books
    )
