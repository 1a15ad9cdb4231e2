"""The same rows give the same numbers on DuckDB, SQLite, PostgreSQL and MariaDB: those of a slow model.

A table of engines and cases is printed at the end of the run (conftest.py).
"""

import pytest

from tests.engines import Database
from tests.measures import (
    conformance_derivations,
    conformance_events,
    conformance_snapshots,
    conformance_spans,
)
from tests.measures.brute_force import unlike
from tests.measures.conformance import Case, told

CASES = (
    *conformance_events.CASES,
    *conformance_spans.CASES,
    *conformance_snapshots.CASES,
    *conformance_derivations.CASES,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_numbers_are_those_of_the_model(database: Database, case: Case) -> None:
    found, wanted = told(case.cells(case.frame(database))), told(case.wanted())
    assert len(wanted) > 40
    assert unlike(found, wanted) == {}
