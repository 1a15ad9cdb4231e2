"""How often a table is scanned, as the database itself plans it: once for all figures that add up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from dashboard.measures.plan import plan
from tests.engines import Database
from tests.measures.building import NOW, asking, catalog

MARKS = {"duckdb": "SEQ_SCAN", "postgresql": "Seq Scan on"}
ENTRY: Mapping[str, Any] = {
    "event": "at",
    "dimensions": {"segment": "segment", "region": "region"},
    "slices": ["segment", "region", ["segment", "region"]],
    "measures": {
        **{f"kpi_{number}": f"count(*) filter (where score >= {number})" for number in range(10)},
        **{f"sum_{number}": f"sum({number} * score)" for number in range(1, 9)},
        "mean": "avg(score)",
        "least": "min(score)",
    },
}


def scans(database: Database, **measures: str) -> list[int]:
    """The scans of the table in each statement of a full refresh."""
    table = sa.Table(
        *("answers", sa.MetaData(), sa.Column("at", sa.Date()), sa.Column("segment", sa.String(20))),
        *(
            sa.Column("region", sa.String(20)),
            sa.Column("score", sa.Integer()),
            sa.Column("who", sa.Integer()),
        ),
    )
    rows = [
        {"at": date(2026, 4, 1 + n % 28), "segment": f"s{n % 3}", "region": "r", "score": n % 11, "who": n}
        for n in range(500)
    ]
    database.fill(table, rows)
    known = catalog({"answers": {**ENTRY, "measures": {**ENTRY["measures"], **measures}}})
    found: list[int] = []
    with asking(database) as engine:
        made = plan(
            known,
            known.datasets["answers"],
            since=None,
            now=NOW,
            columns=engine.columns("answers"),
            lookup_columns={},
            dialect=engine.dialect.name,
        )
        texts = [
            str(each.select.compile(dialect=engine.dialect, compile_kwargs={"literal_binds": True}))
            for each in made.statements
        ]
    admin = sa.create_engine(database.admin, poolclass=NullPool)  # a source answers to SELECT alone
    with admin.connect() as connection:
        for text in texts:
            told = connection.exec_driver_sql(f"EXPLAIN {text}").all()
            found.append("\n".join(str(part) for row in told for part in row).count(MARKS[database.engine]))
    return found


@pytest.mark.parametrize("engine", ["duckdb_database", "postgres"])
def test_twenty_figures_in_four_slices_are_one_scan(engine: str, request: pytest.FixtureRequest) -> None:
    assert len(ENTRY["measures"]) == 20
    assert scans(request.getfixturevalue(engine)) == [1]


@pytest.mark.parametrize("engine", ["duckdb_database", "postgres"])
def test_what_does_not_add_up_is_a_statement_more(engine: str, request: pytest.FixtureRequest) -> None:
    found = scans(
        request.getfixturevalue(engine),
        people="count(distinct who)",
        others="count(distinct who) filter (where score > 3)",
    )
    assert len(found) == 2
    assert found[0] == 1
