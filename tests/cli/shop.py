"""The small company of tests/configurations/small, with so few rows that every figure can be told by hand.

Revenue is 210, 180.50 and 125 in July, August and September 2024; 1 of 6, 2 of 5 and 1 of 6 orders came back;
nobody answered in August, and answers end on 20 September, so that September is open for them.
"""

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "small"

TABLES = sa.MetaData()
CUSTOMERS = sa.Table(
    "customers",
    TABLES,
    sa.Column("customer_id", sa.Integer, autoincrement=False, primary_key=True),
    sa.Column("segment", sa.String(20)),
)
ORDERS = sa.Table(
    "orders",
    TABLES,
    sa.Column("order_id", sa.Integer, autoincrement=False, primary_key=True),
    sa.Column("customer_id", sa.Integer),
    sa.Column("ordered_at", sa.Date),
    sa.Column("amount", sa.Float(53)),
    sa.Column("status", sa.String(20)),
    sa.Column("channel", sa.String(20)),
    sa.Column("returned_on", sa.Date),
)
ANSWERS = sa.Table(
    "answers",
    TABLES,
    sa.Column("customer_id", sa.Integer),
    sa.Column("answered_on", sa.Date),
    sa.Column("score", sa.Integer),
)

_ORDERS = (  # customer, month, day, amount, channel, came back; @counter could begin a formula
    (1, 7, 1, 10.0, "web", True),
    (2, 7, 2, 20.0, "web", False),
    (3, 7, 3, 30.0, "@counter", False),
    (4, 7, 4, 40.0, "web", False),
    (5, 7, 5, 50.0, "@counter", False),
    (6, 7, 31, 60.0, "web", False),
    (1, 8, 1, 10.5, "web", False),
    (2, 8, 2, 20.0, "web", False),
    (4, 8, 3, 40.0, "web", True),
    (5, 8, 4, 50.0, "@counter", True),
    (6, 8, 31, 60.0, "web", False),
    (1, 9, 1, 5.0, "web", False),
    (2, 9, 2, 5.0, "web", False),
    (3, 9, 3, 5.0, "web", False),
    (1, 9, 4, 5.0, "@counter", False),
    (2, 9, 5, 5.0, "@counter", True),
    (4, 9, 30, 100.0, "web", False),
)
_ANSWERS = {7: (10, 9, 8, 6, 10), 9: (10, 10, 2, 9, 5, 7)}


def rows() -> Mapping[sa.Table, Sequence[Mapping[str, object]]]:
    """The rows of every table."""
    orders = [
        {
            "order_id": place,
            "customer_id": customer,
            "ordered_at": date(2024, month, day),
            "amount": amount,
            "status": "paid",
            "channel": channel,
            "returned_on": date(2024, 10, 1) if back else None,
        }
        for place, (customer, month, day, amount, channel, back) in enumerate(_ORDERS, start=1)
    ]
    cancelled = {**orders[0], "order_id": 99, "amount": 999.0, "status": "cancelled"}
    answers = [
        {"customer_id": place % 6 + 1, "answered_on": date(2024, month, 20), "score": score}
        for month, scores in _ANSWERS.items()
        for place, score in enumerate(scores)
    ]
    segments = {1: "Home", 2: "Home", 3: "Home", 4: "Business", 5: "Business", 6: "Business"}
    customers = [{"customer_id": number, "segment": segment} for number, segment in segments.items()]
    return {CUSTOMERS: customers, ORDERS: [*orders, cancelled], ANSWERS: answers}


def open_shop(folder: Path, url: str | None = None) -> Path:
    """The configuration of a shop in `folder`; without the `url` of a source, a DuckDB file is made."""
    config = folder / "config"
    shutil.copytree(CONFIGURATION, config)
    if url is None:
        fill(f"duckdb:///{config / 'shop.duckdb'}")
    else:
        write_source(config, url)
    return config


def write_source(config: Path, url: str) -> None:
    (config / "sources" / "shop.yaml").write_text(f"url: {url}\nowner: Finance Systems\n")


def fill(url: str) -> None:
    """Make the tables, and put the rows into them."""
    engine = sa.create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        TABLES.create_all(connection)
        for table, of_table in rows().items():
            connection.execute(table.insert(), of_table)
    engine.dispose()
