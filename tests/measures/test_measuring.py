"""Measuring on each engine: what is asked, what is counted, and what is left out with a warning."""

from datetime import date

import sqlalchemy as sa

from tests.engines import Database
from tests.measures.building import measured, values

ANSWERS = sa.Table(
    "answers",
    sa.MetaData(),
    sa.Column("answered_on", sa.Date()),
    sa.Column("segment", sa.String(20)),
    sa.Column("score", sa.Integer()),
)


def test_counts_and_sums_by_month_and_slice(database: Database) -> None:
    database.fill(
        ANSWERS,
        [
            {"answered_on": date(2026, 3, 31), "segment": "home", "score": 9},
            {"answered_on": date(2026, 4, 1), "segment": "home", "score": 10},
            {"answered_on": date(2026, 4, 30), "segment": None, "score": 3},
            {"answered_on": date(2026, 4, 30), "segment": "work", "score": None},
        ],
    )
    answers = {
        "event": "answered_on",
        "dimensions": {"segment": "segment"},
        "slices": ["segment"],
        "measures": {
            "answers": "count(*)",
            "promoters": "count(*) filter (where score >= 9)",
            "total": "sum(score)",
        },
    }
    frame = measured(database, {"answers": answers})
    assert values(frame, "answers") == {"2026-03": 1, "2026-04": 3}
    assert values(frame, "promoters") == {"2026-03": 1, "2026-04": 1}
    assert values(frame, "total", ("segment",)) == {
        ("home", "2026-03"): 9,
        ("home", "2026-04"): 10,
        ("(unknown)", "2026-04"): 3,
        ("work", "2026-04"): None,
    }
    assert (frame.rows, frame.data_until, frame.warnings) == (4, date(2026, 5, 1), ())
