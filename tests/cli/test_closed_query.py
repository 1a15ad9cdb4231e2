"""`boardseat query` of closed periods, of past moments, and of what was restated."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from dashboard.ledger.store import Ledger
from dashboard.periods import FiscalCalendar
from tests.cli.conftest import Ask

ASKED = ("query", "revenue", "--from", "2024-08", "--format", "csv")


def change_a_row(shop: Path) -> None:
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE orders SET amount = amount + 1 WHERE order_id = 17")
    engine.dispose()


def test_a_past_answer_is_given_again_to_the_byte(boardseat: Ask, shop: Path) -> None:
    boardseat("refresh", "--config", shop)
    first = boardseat(*ASKED, "--config", shop).stdout
    with Ledger(f"sqlite:///{shop / 'ledger.sqlite'}") as ledger:
        moment = ledger.runs(1)[0].finished_at
        calendar = FiscalCalendar(1)
        period = calendar.parse("2024-09")
        ledger.closes.close("2024-09", period, author="Ann", now=moment + timedelta(microseconds=1))
    change_a_row(shop)
    metrics = shop / "metrics" / "finance.yaml"
    text = metrics.read_text(encoding="utf-8")
    boardseat("refresh", "--config", shop)
    assert "revenue,2024-09-01,125.0,,ok" in boardseat(*ASKED, "--config", shop).stdout
    assert "revenue,2024-09-01,126.0,,ok" in boardseat(*ASKED, "--config", shop, "--restated").stdout
    assert "revenue,2024-09-01,126.0,,ok" in boardseat(*ASKED, "--config", shop, "--live").stdout
    metrics.write_text(
        text.replace("formula: orders.revenue", "formula: 2 * orders.revenue"), encoding="utf-8"
    )
    boardseat("refresh", "--config", shop)
    now = boardseat(*ASKED, "--config", shop).stdout
    assert "revenue,2024-08-01,361.0,,ok" in now, "what is open follows the new formula"
    assert "revenue,2024-09-01,125.0,,ok" in now
    assert boardseat(*ASKED, "--config", shop, "--as-of", moment.isoformat()).stdout == first
