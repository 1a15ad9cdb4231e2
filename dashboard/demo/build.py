"""Builds the database of Meridian Communications: the same inputs give the same rows, on any day."""

import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from dashboard.demo import customers as customers_part
from dashboard.demo import finance, people, service, surveys
from dashboard.demo.schema import CHANNELS, REGIONS, SEGMENTS, TABLES
from dashboard.demo.truths import SHIFTS

SIMULATION_VERSION = 1  # raise it whenever any row changes
DEFAULT_CUSTOMERS = 20_000
DEFAULT_SEED = 2026

TODAY = datetime(2026, 10, 15, 8, tzinfo=UTC)  # the day on which the demo is looked at, whatever the real one

Progress = Callable[[str, float], None]


def build(
    path: Path,
    *,
    customers: int = DEFAULT_CUSTOMERS,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> None:
    """Write the whole company to a DuckDB file; about `customers` of them are active in the last month.

    It is written beside `path` and put there in one step: a killed build leaves no half of a database.
    `progress` is told what is being done, and how far along it is (0 to 1).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tell = progress or (lambda _what, _share: None)
    with tempfile.TemporaryDirectory(prefix=f".{path.stem}-", dir=path.parent) as folder:
        unfinished = Path(folder) / "unfinished.duckdb"
        tables = simulate(customers, seed, tell)
        _write(unfinished, tables, tell)
        unfinished.replace(path)
    tell("Meridian Communications is ready", 1.0)


def database_path(home: Path, *, customers: int = DEFAULT_CUSTOMERS) -> Path:
    """Where the database of that size is kept; the name holds the version of the simulation."""
    return home / f"meridian-v{SIMULATION_VERSION}-{customers}.duckdb"


def ensure(home: Path, *, customers: int = DEFAULT_CUSTOMERS, progress: Progress | None = None) -> Path:
    """The database's path; it is built when it is not there yet."""
    path = database_path(home, customers=customers)
    if not path.exists():
        build(path, customers=customers, progress=progress)
    return path


def simulate(customers: int, seed: int, tell: Progress) -> Mapping[str, pa.Table]:
    """Every table by name, in memory."""
    tell("Customers come and go", 0.0)
    lifecycle = customers_part.simulate(seed, customers)
    staff = people.employ(seed, customers)
    tell("Deliveries, contacts and complaints", 0.1)
    deliveries = service.deliver(seed, lifecycle)
    contacts = service.contact(seed, lifecycle)
    complaints, redress = service.complaint_table(seed, lifecycle)
    tell("Customers pay", 0.3)
    loyalty = surveys.loyalty_path(seed)
    subscription = customers_part.spending(seed, lifecycle, loyalty)
    orders = finance.by_cell(deliveries.customer, deliveries.month, deliveries.amount, lifecycle.status.shape)
    work = finance.Operations(lifecycle, subscription + orders, orders, deliveries, contacts, redress, staff)
    cost, serving = finance.serve(seed, work)
    tell("Customers and staff answer surveys", 0.4)
    answers = surveys.answer(seed, customers, lifecycle, staff, loyalty)
    count = len(lifecycle.entry)
    tell("The books are closed", 0.5)
    return {
        "customer": customers_part.customer_table(seed, lifecycle),
        "customer_month": customers_part.month_table(lifecycle, work.revenue, cost),
        "exit_case": customers_part.exit_table(seed, lifecycle, subscription),
        "purchase": service.purchase_table(deliveries, count),
        "contact": service.contact_table(seed, contacts, count),
        "complaint": complaints,
        "survey_question": surveys.question_table(),
        "survey_wave": surveys.wave_table(seed, answers),
        "survey_response": surveys.response_table(answers, count, staff),
        "employee_month": people.employee_table(staff),
        "financial_month": finance.financial_table(finance.keep_books(seed, work, serving)),
        "department": people.department_table(),
        "channel": _channel_table(),
        "grouping": _grouping_table(),
        "annotation": _annotation_table(),
        "target": _target_table(),
    }


def _write(path: Path, tables: Mapping[str, pa.Table], tell: Progress) -> None:
    connection = duckdb.connect(str(path))
    try:
        for done, (name, table) in enumerate(tables.items()):
            tell(f"Writing {name.replace('_', ' ')}", 0.6 + 0.4 * done / len(tables))
            connection.execute(f"CREATE TABLE {name} ({TABLES[name]})")
            connection.register("arriving", table)
            connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM arriving")  # noqa: S608 (names of ours)
            connection.unregister("arriving")
    finally:
        connection.close()


def _channel_table() -> pa.Table:
    labels = ["Web and app", "Shops", "Phone", "Chat", "Field", "Partners", "Social media"]
    return pa.table(
        {
            "channel_key": list(CHANNELS),
            "label": labels,
            "kind": list(CHANNELS),
            "public": [channel == "social" for channel in CHANNELS],
        }
    )


def _grouping_table() -> pa.Table:
    rows: list[tuple[str, str, str, str | None]] = [
        (segment.lower().replace(" ", "-"), "segment", segment, None) for segment in SEGMENTS
    ]
    for segment, _, label, _ in rows[:]:
        rows += [
            (customers_part.group_key(label, region), "segment and region", f"{label}, {region}", segment)
            for region in REGIONS
        ]
    key, scheme, label_of, parent = zip(*rows, strict=True)
    since = np.full(len(rows), np.datetime64("2013-10-01"))
    return pa.table(
        {
            "grouping_key": key,
            "scheme": scheme,
            "label": label_of,
            "parent_key": parent,
            "valid_from": since,
            "valid_to": pa.nulls(len(rows), pa.date32()),
        }
    )


def _annotation_table() -> pa.Table:
    return pa.table(
        {
            "scope": [shift.subject for shift in SHIFTS],
            "at": pa.array([shift.start for shift in SHIFTS], pa.date32()),
            "text": [shift.text for shift in SHIFTS],
            "kind": ["event"] * len(SHIFTS),
        }
    )


def _target_table() -> pa.Table:
    targets = (
        ("net_promoter_score", 38.0, "Chief Customer Officer"),
        ("voluntary_churn_rate", 0.008, "Chief Commercial Officer"),
        ("customer_effort_score", 0.70, "Director of Customer Service"),
        ("right_first_time_rate", 0.88, "Chief Operating Officer"),
        ("complaints_per_1000", 6.0, "Chief Operating Officer"),
        ("first_contact_resolution", 0.80, "Director of Customer Service"),
    )
    kpi, value, owner = zip(*targets, strict=True)
    return pa.table(
        {
            "kpi_id": kpi,
            "scope": ["all"] * len(targets),
            "valid_from": pa.array([date(2026, 4, 1)] * len(targets), pa.date32()),
            "value": value,
            "owner": owner,
        }
    )
