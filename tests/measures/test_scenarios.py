"""One table of financial months by account and scenario: what happened, and beside it plan and forecast."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.errors import ConfigurationError
from dashboard.measures.frame import MeasureFrame
from dashboard.measures.measuring import measure
from tests.engines import Database
from tests.measures.building import NOW, asking, catalog, values

FINANCE: Mapping[str, Any] = {
    "event": {"at": "month", "covers": "month"},
    "dimensions": {"entity": "entity"},
    "slices": ["entity"],
    "scenario": {"column": "scenario", "actual": "AC", "previous_year": "PY", "plan": "PL", "forecast": "FC"},
    "signs": {"of": "amount", "by": "account_group", "minus": ["cogs", "service"]},
    "measures": {
        "profit": "sum(amount)",
        "revenue": "sum(amount) filter (where account_group = 'revenue')",
        "bookings": "count(*) filter (where amount > 0)",
    },
}

ROWS = [  # month, entity, account group, scenario, amount
    (9, "NL", "revenue", "AC", 100.0),
    (9, "NL", "cogs", "AC", 40.0),
    (9, "BE", "revenue", "AC", 50.0),
    (9, "BE", "service", "AC", 10.0),
    (9, "NL", "revenue", "PL", 110.0),
    (9, "NL", "cogs", "PL", 30.0),
    (10, "NL", "revenue", "PL", 120.0),
    (10, "NL", "revenue", "FC", 95.0),
    (9, "NL", "revenue", "PY", 90.0),
    (12, "NL", "revenue", "PL", 999.0),
]


def fill(database: Database) -> None:
    text = sa.String(20)
    table = sa.Table(
        *("finance", sa.MetaData(), sa.Column("month", sa.Date()), sa.Column("entity", text)),
        *(sa.Column("account_group", text), sa.Column("scenario", text), sa.Column("amount", sa.Double())),
        sa.Column("sign", sa.Integer()),
    )
    names = ("month", "entity", "account_group", "scenario", "amount", "sign")
    rows = [
        (date(2026, month, 1), *rest, -1 if rest[1] in ("cogs", "service") else 1) for month, *rest in ROWS
    ]
    database.fill(table, [dict(zip(names, row, strict=True)) for row in rows])


def of(database: Database, name: str, entry: Mapping[str, Any] = FINANCE) -> MeasureFrame:
    known = catalog({"finance": entry})
    with asking(database) as engine:
        return measure(known, name, engine, since=None, now=NOW)


def test_each_scenario_is_a_dataset_beside_the_actual_one(database: Database) -> None:
    fill(database)
    assert values(of(database, "finance"), "profit") == {"2026-09": 100.0}
    assert values(of(database, "finance_plan"), "profit") == {"2026-09": 80.0, "2026-10": 120.0}
    assert values(of(database, "finance_forecast"), "profit") == {"2026-10": 95.0}
    assert values(of(database, "finance_previous_year"), "revenue") == {"2026-09": 90.0}


def test_a_plan_to_december_does_not_close_october(duckdb_database: Database) -> None:
    fill(duckdb_database)
    actual, planned = of(duckdb_database, "finance"), of(duckdb_database, "finance_plan")
    assert (actual.data_until, planned.data_until) == (date(2026, 10, 1), date(2026, 10, 16))
    assert planned.warnings == ("1 row of finance_plan later than 2026-10-15: in no period yet.",)


def test_costs_are_taken_off_and_conditions_see_what_was_booked(database: Database) -> None:
    fill(database)
    frame = of(database, "finance")
    assert values(frame, "profit", ("entity",)) == {("NL", "2026-09"): 60.0, ("BE", "2026-09"): 40.0}
    assert values(frame, "bookings") == {"2026-09": 4}


def test_signs_from_a_column(database: Database) -> None:
    fill(database)
    entry = {**FINANCE, "signs": {"of": "amount", "column": "sign"}}
    assert values(of(database, "finance", entry), "profit") == {"2026-09": 100.0}


def test_each_scenario_has_a_version_of_its_own() -> None:
    known = catalog({"finance": FINANCE})
    versions = {
        known.datasets[name].measures["profit"].version
        for name in ("finance", "finance_plan", "finance_forecast")
    }
    other = catalog({"finance": {**FINANCE, "scenario": {**FINANCE["scenario"], "plan": "BU"}}})
    assert len(versions) == 3
    assert other.measure("finance.profit").version == known.measure("finance.profit").version
    assert other.measure("finance_plan.profit").version not in versions
    without = {key: value for key, value in FINANCE.items() if key != "signs"}
    assert catalog({"finance": without}).measure("finance.profit").version not in versions


def test_a_missing_column_is_told_of_each(duckdb_database: Database) -> None:
    fill(duckdb_database)
    duckdb_database.run("alter table finance rename column scenario to scenarios")
    for name in ("finance", "finance_plan"):
        try:
            of(duckdb_database, name)
        except Exception as error:
            assert str(error).endswith(
                f"The dataset '{name}' has no column 'scenario'. Did you mean 'scenarios'?"
            )
        else:
            raise AssertionError(name)


def test_a_dataset_of_the_scenarios_name_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        catalog({"finance": FINANCE, "finance_plan": {"key": "id"}})
    assert str(caught.value).endswith(
        "Its plan would be the dataset 'finance_plan', which there is already. Name that file otherwise."
    )
