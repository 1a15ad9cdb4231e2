"""The interval of a mean, from rows in a database through the ledger to what a board reads."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from functools import reduce
from pathlib import Path

import pytest
import sqlalchemy as sa
from scipy import stats

from dashboard.board.masking import read_masked
from dashboard.board.reading import Reading, read_metric
from dashboard.board.view import View
from dashboard.board.wording import detail_lines
from dashboard.connections import readers
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from dashboard.deployment import Deployment, load
from dashboard.errors import ConfigurationError
from dashboard.ledger.refresh import refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell, recorded
from dashboard.periods import Grain, month_of
from tests.board import company
from tests.engines import Database

NOW = company.RECORDED
QUARTER = View(Grain.QUARTER, date(2026, 9, 1))
CALLS = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("called_on", sa.Date()),
    sa.Column("segment", sa.String(20)),
    sa.Column("seconds", sa.Integer()),
    sa.Column("answered", sa.Integer()),
)
# Their squares are more than an integer of 32 bits holds.
SECONDS = [71_000 + 137 * (place % 11) - 410 * (place % 5) for place in range(40)]
FILES = {
    "datasets/calls.yaml": """
source: warehouse
table: calls
event: called_on
dimensions: {segment: segment}
slices: [segment]
measures:
  calls: count(*)
  seconds: avg(seconds) filter (where answered = 1)
  longest: avg(seconds)
""",
    "metrics/calls.yaml": """
call_seconds:
  name: Length of a call
  question: How long do we talk?
  why: Time is the customer's too.
  formula: calls.seconds
  unit: count
  better: lower
  side: customer
  interval: mean
  owner: Head of Service
  target: {none: a test}
  neighbour: {none: a test}
""",
}


def written(folder: Path, **changes: str) -> Path:
    """The configuration of a pair of metrics, with calls beside it."""
    config = shutil.copytree(company.CONFIGURATION, folder / "config", dirs_exist_ok=True)
    for name, text in FILES.items():
        changed = reduce(lambda done, change: done.replace(*change), changes.items(), text)
        (config / name).write_text(changed)
    return config


def catalog(folder: Path, **changes: str) -> Catalog:
    return load_catalog(written(folder, **changes), sources={"warehouse": ""})


@pytest.fixture
def deployed(database: Database, tmp_path: Path) -> Iterator[tuple[Deployment, Ledger]]:
    rows = [
        {
            "called_on": date(2026, 7 + place % 3, 10),
            "segment": "home" if place < 25 else "work",
            "seconds": seconds,
            "answered": 1,
        }
        for place, seconds in enumerate(SECONDS)
    ]
    unanswered = {"called_on": date(2026, 8, 3), "segment": "home", "seconds": 5, "answered": 0}
    unknown = {"called_on": date(2026, 8, 3), "segment": "work", "seconds": None, "answered": 1}
    database.fill(CALLS, [*rows, unanswered, unknown])
    config = written(tmp_path)
    (config / "sources" / "warehouse.yaml").write_text("url: ${CALLS_DATABASE}\nowner: Data\n")
    environ = {
        "CALLS_DATABASE": database.reader,
        "BOARDSEAT_LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
    }
    deployment = load(config, environ)
    with Ledger(deployment.ledger_url) as ledger, readers(deployment) as found:
        refresh(deployment.catalog, found, ledger, now=lambda: NOW, author="test")
        yield deployment, ledger


def read(found: Catalog, ledger: Ledger, view: View) -> Reading:
    metric = found.metric("call_seconds")
    book = read_masked(found, ledger, [metric], {(), view.slice}, scope=EVERYTHING)
    return read_metric(found, book, metric, view)


@pytest.mark.parametrize("segment", [None, "home", "work"])
def test_it_is_students_interval_of_the_rows(
    deployed: tuple[Deployment, Ledger], segment: str | None
) -> None:
    deployment, ledger = deployed
    rows = {None: SECONDS, "home": SECONDS[:25], "work": SECONDS[25:]}[segment]
    view = QUARTER if segment is None else View(QUARTER.grain, QUARTER.ending, ("segment",), (segment,))
    reading = read(deployment.catalog, ledger, view)
    wanted = stats.ttest_1samp(rows, 0).confidence_interval(0.95)
    assert reading.interval is not None
    assert (reading.interval.low, reading.interval.high) == pytest.approx((wanted.low, wanted.high), rel=1e-9)
    assert reading.interval.n == reading.figure.n == len(rows)
    assert any(line.startswith("95% interval 7") for line in detail_lines(reading))


def test_a_measure_without_such_a_metric_has_nothing_more_to_measure(tmp_path: Path) -> None:
    found = catalog(tmp_path)
    assert sorted(found.datasets["calls"].measures) == [
        *("calls", "longest", "seconds", "seconds.count", "seconds.squares"),
    ]
    squares = found.measure("calls.seconds.squares")
    assert squares.text == "sum(seconds / 1 * (seconds / 1)) filter (where answered = 1)"
    plain = catalog(tmp_path / "plain", **{"interval: mean": "interval: none"})
    assert sorted(plain.datasets["calls"].measures) == ["calls", "longest", "seconds"]
    for name, measure in plain.datasets["calls"].measures.items():
        assert found.datasets["calls"].measures[name] == measure
    assert plain.metric("call_seconds").version == found.metric("call_seconds").version


@pytest.mark.parametrize("values", [[1 / 3] * 7, [1 / 7] * 14], ids=str)
def test_equal_values_have_no_interval_for_all_the_rounding(tmp_path: Path, values: list[float]) -> None:
    found = catalog(tmp_path)
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        company.record(ledger, found, [company.frame("calls", quarter_of_calls(values), date(2026, 10, 1))])
        reading = read(found, ledger, QUARTER)
        assert reading.figure.value == pytest.approx(values[0])
        assert reading.interval is None


def quarter_of_calls(values: Sequence[float] = (2.0, 4.0, 6.0, 4.0, 5.0, 3.0)) -> list[Cell]:
    """The same calls in each month of the quarter, as they are recorded."""
    sums = {
        "seconds": sum(values),
        "seconds.count": float(len(values)),
        "seconds.squares": sum(each * each for each in values),
    }
    return [
        Cell(f"calls.{name}", month_of(date(2026, month, 1)), (), (), recorded(value), len(values))
        for month in (7, 8, 9)
        for name, value in sums.items()
    ]


@pytest.mark.parametrize("formula", ["calls.calls", "calls.seconds / 60", "2 * calls.seconds"])
def test_only_the_average_of_rows_has_one(tmp_path: Path, formula: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        catalog(tmp_path, **{"formula: calls.seconds": f"formula: {formula}"})
    assert (
        "The interval mean needs a formula of the form dataset.measure, the measure being avg(column). "
        "Write it so, or interval: none." in str(caught.value)
    )


def test_a_period_closed_before_the_squares_were_measured_has_no_interval(tmp_path: Path) -> None:
    before = catalog(tmp_path, **{"interval: mean": "interval: none"})
    now = catalog(tmp_path / "now")
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        calls = [cell for cell in quarter_of_calls() if cell.measure == "calls.seconds"]
        company.record(ledger, before, [company.frame("calls", calls, date(2026, 10, 1))])
        period = QUARTER.period(before.board.calendar)
        ledger.closes.close("2026-Q2", period, author="Secretary", now=NOW)
        company.record(ledger, now, [company.frame("calls", quarter_of_calls(), date(2026, 10, 1))])
        reading = read(now, ledger, QUARTER)
        assert (reading.figure.value, reading.interval) == (4.0, None)
