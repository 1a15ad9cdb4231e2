"""The trap of quarters written as text: each is its quarter however it is written, or it is told."""

from datetime import date

import pytest
import sqlalchemy as sa

from dashboard.errors import MeasuringError
from dashboard.periods import Grain
from tests.engines import Database
from tests.measures.building import measured, values
from tests.measures.test_traps import TEXT, fill

WRITTEN = ("Q4 2017", "2017-Q4", "2017Q4", " 2017 q4 ", "Q4/2017", "q4-2017")


def test_quarters_written_as_text(database: Database) -> None:
    rows = [(text, 1.0) for text in WRITTEN] + [("2018-Q1", 5.0), ("Q1 2018", 7.0)]
    fill(database, "rates", {"quarter": TEXT, "rate": sa.Double()}, rows)
    entry = {"event": {"at": "quarter", "covers": "quarter"}, "measures": {"total": "sum(rate)"}}
    frame = measured(database, {"rates": entry})
    assert values(frame, "total", grain=Grain.QUARTER) == {"2017-12": 6, "2018-03": 12}
    assert frame.data_until == date(2018, 4, 1)
    assert frame.warnings == ()
    part = measured(database, {"rates": entry}, since=date(2018, 1, 1))
    assert values(part, "total", grain=Grain.QUARTER) == {"2018-03": 12}


@pytest.mark.parametrize("engine", ["duckdb_database", "postgres", "mariadb"])
def test_a_text_that_is_no_quarter_is_in_no_period_and_told(
    engine: str, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue(engine)
    odd = ("Q5 2017", "4th quarter", "20x7-Q1", "17-Q1", "", "2017-10-01", None)
    fill(
        database,
        "rates",
        {"quarter": TEXT, "rate": sa.Double()},
        [("2018-Q1", 5.0), *((each, 1.0) for each in odd)],
    )
    entry = {"event": {"at": "quarter", "covers": "quarter"}, "measures": {"total": "sum(rate)"}}
    frame = measured(database, {"rates": entry})
    assert values(frame, "total", grain=Grain.QUARTER) == {"2018-03": 5}
    assert frame.warnings == ("7 rows of rates without quarter: in no period.",)


def test_a_text_that_is_no_quarter_is_refused_where_there_are_no_types(sqlite_database: Database) -> None:
    fill(
        sqlite_database, "rates", {"quarter": TEXT}, [("2018-Q1",), ("Q5 2017",), ("soon",), ("2017-10-01",)]
    )
    entry = {"event": {"at": "quarter", "covers": "quarter"}, "measures": {"rows": "count(*)"}}
    with pytest.raises(MeasuringError) as caught:
        measured(sqlite_database, {"rates": entry})
    assert str(caught.value) == (
        "The dataset 'rates' of the source 'crm' cannot be measured. 2 values of 'quarter' cannot be read as "
        "a quarter or a date (such as 2026-Q2 or 2026-04-01). Correct the rows, or leave them out in a query."
    )


def test_a_month_written_as_text_is_refused(duckdb_database: Database) -> None:
    fill(duckdb_database, "rates", {"month": TEXT}, [("2018-01",)])
    entry = {"event": {"at": "month", "covers": "month"}, "measures": {"rows": "count(*)"}}
    with pytest.raises(MeasuringError) as caught:
        measured(duckdb_database, {"rates": entry})
    assert str(caught.value).endswith(
        "The column 'month' holds a text, where event takes a date or time. Name another column, or cast it "
        "in a query."
    )
