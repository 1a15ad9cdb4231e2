from datetime import date

import sqlalchemy as sa

from tests.engines import Database
from tests.measures.building import measured, values

SUBS = sa.Table(
    "subs",
    sa.MetaData(),
    sa.Column("c", sa.String(10)),
    sa.Column("plan", sa.String(10)),
    sa.Column("price", sa.Numeric(10, 2, asdecimal=False)),
    sa.Column("s", sa.Date()),
    sa.Column("e", sa.Date()),
)
ENTRY = {
    "subs": {
        "span": {"start": "s", "end": "e"},
        "entity": "c",
        "dimensions": {"plan": "plan"},
        "slices": ["plan"],
        "measures": {
            "active": {"value": "count(distinct c)", "at": "close"},
            "opened": {"value": "count(distinct c)", "at": "open"},
            "rows": {"value": "count(*)", "at": "close"},
            "mrr": {"value": "sum(price)", "at": "close"},
            "joined": {"value": "count(distinct c)", "at": "start"},
            "left": {"value": "count(*)", "at": "end"},
            "dearest": {"value": "max(price)", "at": "start"},
        },
    }
}


def test_spans_are_counted_by_month(database: Database) -> None:
    def row(c, plan, price, s, e=None):
        return {
            "c": c,
            "plan": plan,
            "price": price,
            "s": s and date.fromisoformat(s),
            "e": e and date.fromisoformat(e),
        }

    database.fill(
        SUBS,
        [
            row("a", "x", 10.5, "2026-01-10"),
            row("b", "x", 5.0, "2026-01-10", "2026-03-01"),
            row("b", "y", 7.0, "2026-02-10", "2026-05-02"),
            row("c", "y", 7.0, "2026-04-10", "2026-04-02"),
            row("d", "y", 7.0, None, "2026-04-02"),
            row("e", "y", 7.0, "2026-12-02"),
        ],
    )
    frame = measured(database, ENTRY)
    assert values(frame, "active") == {"2026-01": 2, "2026-02": 2, "2026-03": 2, "2026-04": 2, "2026-05": 1}
    assert values(frame, "opened") == {"2026-01": 0, "2026-02": 2, "2026-03": 2, "2026-04": 2, "2026-05": 2}
    assert values(frame, "mrr") == {
        "2026-01": 15.5,
        "2026-02": 22.5,
        "2026-03": 17.5,
        "2026-04": 17.5,
        "2026-05": 10.5,
    }
