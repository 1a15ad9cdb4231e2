from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Ask
from tests.cli.shop import write_source

ROOT = Path(__file__).parents[2]

REMARKS = (
    "metrics/customers.yaml:1:1: The survey metric 'net_promoter_score' does not say how many answered. "
    "Write coverage: the metric that does, or {none: reason}.",
    "metrics/finance.yaml:1:1: The metric 'revenue' has no target. Write one, or target: {none: reason}.",
    "metrics/finance.yaml:12:1: The metric 'revenue_per_buyer' has no target. "
    "Write one, or target: {none: reason}.",
)


def test_a_sound_configuration_is_counted(boardseat: Ask, shop: Path) -> None:
    result = boardseat("check", "--config", shop)
    assert (result.exit_code, result.stdout) == (0, "ok: 1 source, 3 datasets, 4 metrics, 1 page\n")
    assert result.stderr == "".join(f"remark: {each}\n" for each in REMARKS)


def test_strictly_a_remark_is_a_problem(boardseat: Ask, shop: Path) -> None:
    result = boardseat("check", "--config", shop, "--strict")
    assert (result.exit_code, result.stdout) == (1, "".join(f"remark: {each}\n" for each in REMARKS))
    customers, finance = shop / "metrics" / "customers.yaml", shop / "metrics" / "finance.yaml"
    finance.write_text(finance.read_text().replace("  owner:", "  target: {none: reason}\n  owner:"))
    customers.write_text(
        customers.read_text().replace("  owner: C", "  coverage: {none: reason}\n  owner: C")
    )
    result = boardseat("check", "--config", shop, "--strict")
    assert (result.exit_code, result.output) == (0, "ok: 1 source, 3 datasets, 4 metrics, 1 page\n")


def test_every_problem_is_told_with_its_place_in_order(boardseat: Ask, shop: Path) -> None:
    (shop / "metrics" / "finance.yaml").write_text("revenu:\n  nam: Revenue\n")
    (shop / "board.yaml").write_text("organisation: X\n")
    result = boardseat("check", "--config", shop, "--offline")
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert result.stderr == ""
    assert "metrics/finance.yaml:2:3: Unknown key 'nam'. Did you mean 'name'?" in lines
    assert any(line.startswith("board.yaml:1:") for line in lines)
    places = [
        (file, int(row), int(column)) for file, row, column, _ in (line.split(":", 3) for line in lines)
    ]
    assert places == sorted(places)
    assert len(places) == len(set(lines)) > 3


def test_offline_does_not_connect(boardseat: Ask, shop: Path) -> None:
    (shop / "shop.duckdb").unlink()
    assert boardseat("check", "--config", shop, "--offline").exit_code == 0
    result = boardseat("check", "--config", shop)
    assert (result.exit_code, result.stdout) == (
        1,
        f"sources/shop.yaml:1:1: Source 'shop': there is no file {shop / 'shop.duckdb'}. Put it there, or "
        "correct url in sources/shop.yaml.\n",
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("table: ordres", "2:8: Source 'shop': there is no table 'ordres'. Did you mean 'orders'?"),
        ("query: all.sql", "2:8: Source 'shop': "),
    ],
)
def test_rows_that_are_not_there_are_told_where_they_are_named(
    boardseat: Ask, shop: Path, rows: str, told: str
) -> None:
    dataset = shop / "datasets" / "orders.yaml"
    (shop / "datasets" / "all.sql").write_text("select * from nowhere")
    dataset.write_text(dataset.read_text().replace("table: orders", rows))
    result = boardseat("check", "--config", shop)
    assert result.exit_code == 1
    assert f"datasets/orders.yaml:{told}" in result.stdout


def test_online_names_the_column_that_is_not_there(boardseat: Ask, shop: Path) -> None:
    dataset = shop / "datasets" / "orders.yaml"
    dataset.write_text(dataset.read_text().replace("sum(amount)", "sum(amont)"))
    result = boardseat("check", "--config", shop)
    assert (result.exit_code, result.stdout) == (
        1,
        "datasets/orders.yaml:13:16: The dataset 'orders' has no column 'amont'. Did you mean 'amount'?\n",
    )


def test_online_finds_keys_that_stand_in_several_rows(boardseat: Ask, shop: Path) -> None:
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        for table, repeated in (("customers", "customer_id < 3"), ("orders", "order_id = 1")):
            connection.exec_driver_sql(f"create table loose as select * from {table}")
            connection.exec_driver_sql(f"insert into loose select * from {table} where {repeated}")
            connection.exec_driver_sql(f"drop table {table}")
            connection.exec_driver_sql(f"alter table loose rename to {table}")
    engine.dispose()
    result = boardseat("check", "--config", shop)
    several = (
        "The look-up 'customers' has 2 values of 'customer_id' in several rows: what belongs to them would "
        "be counted several times (fan-out). Make the key unique, or write a query."
    )
    assert (result.exit_code, result.stdout.splitlines()) == (
        1,
        [
            f"datasets/answers.yaml:4:22: {several}",
            "datasets/orders.yaml:5:6: It has 1 value of its key 'order_id' in several rows. Leave the "
            "repeated rows out in a query, or take key out of datasets/orders.yaml.",
            f"datasets/orders.yaml:7:22: {several}",
        ],
    )


def test_online_finds_rows_in_another_currency(boardseat: Ask, shop: Path) -> None:
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("alter table orders add column money varchar")
        connection.exec_driver_sql("update orders set money = if(order_id < 3, 'USD', 'EUR')")
    engine.dispose()
    orders = shop / "datasets" / "orders.yaml"
    orders.write_text(orders.read_text().replace("table: orders\n", "table: orders\ncurrency: money\n"))
    result = boardseat("check", "--config", shop)
    assert (result.exit_code, result.stdout) == (
        1,
        "datasets/orders.yaml:3:11: 2 rows are not in EUR by the column 'money': USD (2). "
        "A sum would mix currencies: convert them in a query, or leave them out by where.\n",
    )


def test_a_driver_that_is_not_installed_is_told(boardseat: Ask, shop: Path) -> None:
    write_source(shop, "oracle+oracledb://reader@host/crm")
    result = boardseat("check", "--config", shop)
    assert result.exit_code == 1
    assert "The driver of 'oracle+oracledb' is not installed." in result.stdout


@pytest.mark.parametrize("command", [("check",), ("refresh",), ("query", "revenue"), ("explain", "revenue")])
def test_a_folder_that_is_not_there(boardseat: Ask, tmp_path: Path, command: tuple[str, ...]) -> None:
    result = boardseat(*command, "--config", tmp_path / "nowhere")
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        f"Error: There is no folder {tmp_path / 'nowhere'}. Name that of the configuration with --config DIR "
        "or BOARDSEAT_CONFIG, or see the demo company with --demo.\n",
    )


def test_the_configuration_of_the_demo_without_its_database(
    boardseat: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a checkout, where it lies in ./config."""
    monkeypatch.chdir(ROOT)
    result = boardseat("check")
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "Error: config is the configuration of the demo company. See it with --demo, or name a folder of "
        "your own with --config DIR or BOARDSEAT_CONFIG.\n",
    )


def test_the_environment_names_the_folder(
    boardseat: Ask, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOARDSEAT_CONFIG", str(shop))
    assert boardseat("check", "--offline").exit_code == 0


def test_demo_and_config_exclude_each_other(boardseat: Ask, shop: Path) -> None:
    result = boardseat("check", "--demo", "--config", shop)
    assert result.exit_code == 2
    assert "Error: --demo brings its own configuration. Leave --config out." in result.stderr


def test_schemas_are_written_where_asked(boardseat: Ask, tmp_path: Path) -> None:
    result = boardseat("schema", tmp_path / "new" / "schemas")
    written = [Path(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert {path.name for path in written} >= {"board.schema.json", "metrics.schema.json"}
    assert all(path.is_file() for path in written)


def test_schemas_cannot_be_written_into_a_file(boardseat: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = boardseat("schema", tmp_path / "file" / "schemas")
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {tmp_path / 'file' / 'schemas'} cannot be written: Not a directory. Name another folder.\n",
    )
