from pathlib import Path

from tests.cli.conftest import Ask


def test_all_is_well(boardseat: Ask, shop: Path) -> None:
    boardseat("refresh", "--config", shop)
    result = boardseat("doctor", "--config", shop)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert all(line.startswith("ok       ") for line in lines)
    assert lines[0].startswith("ok       Python: 3.")
    assert f"ok       Source shop: duckdb:///{shop / 'shop.duckdb'} answers, 3 tables" in lines
    assert lines[-1].startswith(f"ok       Ledger: {shop / 'ledger.sqlite'}, run 1 of 20")


def test_what_is_amiss_is_told_and_the_rest_is_still_looked_at(boardseat: Ask, shop: Path) -> None:
    (shop / "shop.duckdb").unlink()
    result = boardseat("doctor", "--config", shop)
    assert result.exit_code == 1
    assert "PROBLEM  Source shop: Source 'shop': there is no file" in result.stdout
    assert result.stdout.splitlines()[-1] == f"ok       Ledger: {shop / 'ledger.sqlite'}, no run yet"


def test_a_configuration_with_problems_is_one_line(boardseat: Ask, shop: Path) -> None:
    (shop / "board.yaml").unlink()
    result = boardseat("doctor", "--config", shop)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].startswith(f"PROBLEM  Configuration: {shop}: board.yaml:1:1: ")
