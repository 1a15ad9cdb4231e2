"""Tables into the database, one batch after the other, telling how far it is."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from dashboard.demo.schema import LOADED_BY, TABLES

_SYSTEMS: Mapping[str, str] = {
    "customer": "Billing",
    "customer_month": "Billing",
    "subscription": "Billing",
    "purchase": "Orders",
    "promise": "Orders",
    "contact": "Contact centre",
    "complaint": "Complaints",
    "journey_event": "Case notes",
    "exit_case": "Case notes",
    "survey_wave": "Surveys",
    "survey_response": "Surveys",
    "opportunity": "Sales",
    "employee_month": "People",
    "role_priority": "People",
    "protocol_review": "Board office",
    "initiative_period": "Programme office",
    "financial_month": "General ledger",
    "board_item": "Board office",
}


class Writer:
    """An unfinished database, filled batch by batch: one is written while the next is made."""

    def __init__(self, path: Path, *, steps: int, progress: Callable[[int, int, str], None] | None) -> None:
        self._path, self._steps, self._progress = path, steps, progress
        self._done = 0
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._under_way: Future[None] | None = None

    def __enter__(self) -> Self:
        self._connection = duckdb.connect(str(self._path))
        self._connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        for name, columns in TABLES.items():
            self._connection.execute(f"CREATE TABLE {name} ({columns})")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=True)
        self._connection.close()

    def write(self, name: str, rows: pa.Table) -> None:
        """Append rows to a table; columns that they do not have are null."""
        self._tell(name)
        self.wait()
        self._under_way = self._thread.submit(self._insert, name, rows)

    def wait(self) -> None:
        """Until all that was handed over is written; raises what went wrong with it."""
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None

    def _insert(self, name: str, rows: pa.Table) -> None:
        self._connection.register("arriving", rows)
        self._connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM arriving")  # noqa: S608 (names of ours)
        self._connection.unregister("arriving")

    def write_loads(self, checks: Mapping[str, str]) -> None:
        """The source loads, counted from the rows that name them. `checks` are those of some, as JSON."""
        self._tell("source_load")
        self.wait()
        self._connection.execute("CREATE TEMP TABLE checked (load_id VARCHAR, checks VARCHAR)")
        if checks:
            self._connection.executemany("INSERT INTO checked VALUES (?, ?)", list(checks.items()))
        for name, day in LOADED_BY.items():
            local = f"timezone('Europe/Amsterdam', {day})" if day.endswith("_at") or day == '"at"' else day
            self._connection.execute(
                f"""
                INSERT INTO source_load BY NAME
                SELECT source_load_id AS load_id, ? AS system,
                       md5(source_load_id || ':' || count(*)) AS file_hash, count(*) AS "rows",
                       min(({local})::DATE) AS period_from, max(({local})::DATE) AS period_to,
                       timezone('UTC', (split_part(source_load_id, '-', 2) || '-'
                           || split_part(source_load_id, '-', 3) || '-01')::TIMESTAMP
                           + INTERVAL 1 MONTH + INTERVAL 52 HOUR) AS loaded_at,
                       coalesce(any_value(checks), ?) AS checks
                FROM {name} LEFT JOIN checked ON load_id = source_load_id
                GROUP BY source_load_id ORDER BY source_load_id
                """,  # noqa: S608 (names of ours)
                [_SYSTEMS[name], json.dumps({"keys": "unique"})],
            )

    def sign(self, version: int, customers: int, seed: int) -> None:
        """Say in the file what it is."""
        self._connection.execute("CREATE TABLE simulation (version INTEGER, customers INTEGER, seed BIGINT)")
        self._connection.execute("INSERT INTO simulation VALUES (?, ?, ?)", [version, customers, seed])

    def _tell(self, name: str) -> None:
        if self._progress is not None:
            self._progress(self._done, self._steps, name)
        self._done = min(self._done + 1, self._steps)
