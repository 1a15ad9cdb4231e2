"""How often a dataset is read: once for all that adds up, once for each thing that does not."""

from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.measures.measuring import real_columns
from dashboard.measures.plan import Plan, plan
from tests.engines import Database
from tests.measures.building import NOW, asking, catalog

COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "at": sa.Date(),
    "segment": sa.String(),
    "plan": sa.String(),
    "customer": sa.String(),
    "score": sa.Integer(),
    "days": sa.Integer(),
}


def planned(dialect: str, **measures: str) -> Plan:
    entry = {
        "event": "at",
        "dimensions": {"segment": "segment", "plan": "plan"},
        "slices": ["segment", "plan", ["segment", "plan"]],
        "measures": measures,
    }
    known = catalog({"answers": entry})
    return plan(
        known,
        known.datasets["answers"],
        since=None,
        now=NOW,
        columns=COLUMNS,
        lookup_columns={},
        dialect=dialect,
    )


@pytest.mark.parametrize(
    ("dialect", "readings"), [("duckdb", 1), ("postgresql", 1), ("sqlite", 4), ("mariadb", 4)]
)
def test_all_that_adds_up_is_one_reading_or_one_a_slice(dialect: str, readings: int) -> None:
    made = planned(
        dialect,
        answers="count(*)",
        promoters="count(*) filter (where score >= 9)",
        mean="avg(score)",
        total="sum(days)",
        least="min(days)",
    )
    assert len(made.statements) == readings
    assert {measure.name for each in made.statements for measure in each.measures} == {
        *("answers", "promoters", "mean", "total", "least")
    }
    assert [cut for each in made.statements for cut in each.slices] == [
        (),
        ("segment",),
        ("plan",),
        ("segment", "plan"),
    ]


def test_counts_of_one_thing_share_a_reading() -> None:
    made = planned(
        "duckdb",
        customers="count(distinct customer)",
        happy="count(distinct customer) filter (where score >= 9)",
        segments="count(distinct segment)",
    )
    assert [[measure.name for measure in each.measures] for each in made.exact] == [
        ["customers", "happy"],
        ["segments"],
    ]


def test_percentiles_of_the_same_values_share_a_reading() -> None:
    made = planned(
        "duckdb",
        middle="median(days)",
        p90="percentile(days, 0.9)",
        middle_of_some="median(days) filter (where score >= 9)",
    )
    assert [[measure.name for measure in each.measures] for each in made.exact] == [
        ["middle", "p90"],
        ["middle_of_some"],
    ]


def test_parts_that_measures_share_are_asked_once() -> None:
    made = planned(
        "duckdb", answers="count(*)", all="count(*)", mean="avg(score)", total="sum(score)", n="count(score)"
    )
    [statement] = made.by_month
    assert [column.name for column in statement.select.selected_columns] == [
        *("by_segment", "by_plan", "month", "row_count", "latest", "count_1", "sum_1")
    ]


def test_without_sums_the_dataset_is_still_asked_how_far_it_reaches() -> None:
    [pulse] = planned("sqlite", middle="median(days)").by_month
    assert (pulse.measures, pulse.slices) == ((), ((),))


def test_values_are_bound_and_names_quoted(database: Database) -> None:
    made = planned(database.engine, odd="count(*) filter (where segment = '''; drop table answers; --')")
    with asking(database) as engine:
        text = str(made.statements[0].select.compile(dialect=engine.dialect))
    assert "drop" not in text
    assert ("`answers`.`at`" if database.engine == "mariadb" else '"answers"."at"') in text


def test_real_columns_are_told_in_six_words(database: Database) -> None:
    table = sa.Table(
        "answers",
        sa.MetaData(),
        sa.Column("whole", sa.Integer()),
        sa.Column("part", sa.Numeric(10, 2)),
        sa.Column("double", sa.Double()),
        sa.Column("text", sa.String(20)),
        sa.Column("day", sa.Date()),
        sa.Column("moment", sa.DateTime()),
        sa.Column("blob", sa.LargeBinary()),
    )
    database.fill(table, [])
    entries = {
        "answers": {"event": "day", "measures": {"n": "count(*)"}},
        "asked": {"key": "d", "sql": "select day as d, whole as w from answers"},
    }
    with asking(database) as engine:
        found = real_columns(catalog(entries), {"crm": engine})
        only = real_columns(catalog(entries), {"crm": engine}, only="answers")
    assert found["answers"] == {
        "whole": "number",
        "part": "number",
        "double": "number",
        "text": "text",
        "day": "date",
        "moment": "timestamp",
        "blob": "other",
    }
    untyped = database.engine == "sqlite"  # a query of no rows tells nothing of types there
    assert found["asked"] == {"d": "other" if untyped else "date", "w": "other" if untyped else "number"}
    assert list(only) == ["answers"]
