"""Whatever is changed behind the ledger's back is found and named; what is exported can be put back."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from dashboard.errors import LedgerError
from dashboard.ledger.decisions import Expectation, Resolution
from dashboard.ledger.notes import Place
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START, cell, frame, month, quarter, read, record

HOUR = timedelta(hours=1)
HERE = Place("overview", "", "2026-Q2")


def fill(ledger: Ledger) -> None:
    """Three runs with a value that is missing, one that is gone and a member with accents, and some acts."""
    cells = [
        cell("sales.total", "2026-04", 10.5, 3),
        cell("sales.total", "2026-05", -0.0, 4),
        cell("sales.total", "2026-05", None, None, by=("plan",), member=("Zürich \u0000",)),
    ]
    record(ledger, read(frame(*cells)))
    record(ledger, read(frame(cell("sales.total", "2026-05", 13.25, 5)), slices=((),)), at=1)
    record(ledger, at=2)
    ledger.closes.close("2026-Q2", quarter("2026-05"), author="Ann", now=START + 3 * HOUR)
    ledger.notes.write(HERE, "Up.", author="Ann", now=START + 3 * HOUR, based_on=0)
    ledger.notes.write(HERE, "Up, by plan.", author="Ben", now=START + 4 * HOUR, based_on=1)
    ledger.decisions.add(
        Resolution("Listen", "Ann", START.date(), Expectation("nps", -0.5, START.date())),
        author="Ann",
        now=START + 5 * HOUR,
    )
    ledger.exports.add("pack", digest="ab", author="Ann", now=START + 6 * HOUR, run=3)


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    fill(ledger)
    return ledger


def tamper(ledger: Ledger, *statements: str) -> None:
    """As somebody would who has the database's own rights: without the triggers."""
    with ledger._database.writing() as connection:
        sqlite = ledger._database.is_sqlite
        for statement in statements:
            table = next(word for word in statement.split() if word.startswith("ledger_"))
            triggers: list[tuple[str, str]] = []
            if sqlite:
                found = connection.exec_driver_sql(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
                )
                triggers = [(row[0], row[1]) for row in found]
                for name, _ in triggers:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            else:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.exec_driver_sql(statement)
            for _, text in triggers:
                connection.exec_driver_sql(text)


def test_a_ledger_as_it_was_written_is_well(filled: Ledger) -> None:
    found = filled.verify()
    assert found.problems == ()
    assert (found.runs, found.observations, found.acts) == (3, 5, 5)
    assert len(found.seal) == 64
    record(filled, at=9)
    assert filled.verify().seal != found.seal


def test_an_empty_ledger_is_well(ledger: Ledger) -> None:
    found = ledger.verify()
    assert (found.runs, found.seal, found.problems) == (0, "", ())


CURRENT = "The current values of sales.total (version v1, by month) are not those of its observations."


@pytest.mark.parametrize(
    ("statement", "problems"),
    [
        (
            "UPDATE ledger_observations SET value = 11 WHERE value = 10.5",
            ["Run 1 is not as it was recorded."],
        ),
        (
            "UPDATE ledger_observations SET value = 14 WHERE value = 13.25",
            ["Run 2 is not as it was recorded.", CURRENT],
        ),
        ("UPDATE ledger_observations SET n = 9 WHERE n = 4", ["Run 1 is not as it was recorded."]),
        ("DELETE FROM ledger_observations WHERE value = 10.5", ["Run 1 is not as it was recorded."]),
        (
            "INSERT INTO ledger_observations VALUES (1, 1, 2, 3, 7.0, 1)",
            ["Run 3 is not as it was recorded.", CURRENT],
        ),
        ("UPDATE ledger_runs SET author = 'Eve' WHERE id = 2", ["Run 2 is not as it was recorded."]),
        ("UPDATE ledger_reads SET rows = 99 WHERE run = 1", ["Run 1 is not as it was recorded."]),
        ("DELETE FROM ledger_runs WHERE id = 2", ["Run 2 is missing."]),
        ("DELETE FROM ledger_runs WHERE id = 3", ["Run 3 is missing."]),
        ("DELETE FROM ledger_seals WHERE run = 3", ["Run 3 has no seal."]),
        (
            "UPDATE ledger_series SET member = '[\"Bern\"]' WHERE member LIKE '%%rich%%'",
            ["Run 1 is not as it was recorded."],
        ),
        ("DELETE FROM ledger_latest WHERE series = 1", [CURRENT]),
        (
            "UPDATE ledger_notes SET text = 'Down.' WHERE version = 1",
            ["Entry 1 of ledger_notes is not as it was written, or one before it is missing."],
        ),
        (
            "DELETE FROM ledger_notes WHERE version = 1",
            ["Entry 2 of ledger_notes is not as it was written, or one before it is missing."],
        ),
        (
            "UPDATE ledger_closes SET run = 1",
            ["Entry 1 of ledger_closes is not as it was written, or one before it is missing."],
        ),
    ],
)
def test_what_was_changed_is_named(filled: Ledger, statement: str, problems: list[str]) -> None:
    tamper(filled, statement.replace("%%", "%") if filled._database.is_sqlite else statement)
    assert list(filled.verify().problems) == problems


def test_a_seal_that_was_made_anew_breaks_the_next(filled: Ledger) -> None:
    tamper(filled, "UPDATE ledger_seals SET hash = 'ff' WHERE run = 1")
    assert filled.verify().problems == (
        "Run 1 is not as it was recorded.",
        "Run 2 is not as it was recorded.",
    )


def test_current_values_of_nothing_are_named(filled: Ledger) -> None:
    tamper(filled, "INSERT INTO ledger_latest SELECT 77, packed FROM ledger_latest WHERE series = 1")
    assert filled.verify().problems == (
        "There are current values of series 77, which has no name, but no observations.",
    )


def told(ledger: Ledger) -> object:
    book = ledger.book({"sales.total": "v1"}, [("plan",)], scope=EVERYTHING)
    return (
        ledger.runs(9),
        book,
        ledger.book_of_run({"sales.total": "v1"}, [("plan",)], scope=EVERYTHING, run=1),
        ledger.closes.history(),
        ledger.notes.history(HERE),
        ledger.decisions.all(),
        ledger.exports.newest(9),
        ledger.verify(),
    )


def test_what_is_exported_can_be_put_back_on_either_engine(filled: Ledger, tmp_path: Path) -> None:
    files = filled.export_to(tmp_path / "out")
    assert [path.name for path in files] == sorted(
        [
            "manifest.json",
            *(f"ledger_{name}.json" for name in ("runs", "reads", "seals", "definitions")),
            *(f"ledger_{name}.json" for name in ("closes", "notes", "decisions", "exports")),
            "ledger_series.parquet",
            "ledger_observations.parquet",
        ]
    )
    with Ledger(f"sqlite:///{tmp_path / 'other.db'}") as other:
        other.import_from(tmp_path / "out")
        assert told(other) == told(filled)
        assert record(other, read(frame(cell("sales.total", "2026-05", 14.0, 5))), at=9).id == 4
        assert other.verify().problems == ()


def test_a_file_is_put_back_into_a_server(file_ledger: Ledger, ledger: Ledger, tmp_path: Path) -> None:
    if ledger._database.is_sqlite:
        pytest.skip("The same ledger twice.")
    fill(file_ledger)
    file_ledger.export_to(tmp_path / "out")
    ledger.import_from(tmp_path / "out")
    assert told(ledger) == told(file_ledger)


def drop_last_run(folder: Path) -> None:
    for name in ("runs", "seals"):
        path = folder / f"ledger_{name}.json"
        path.write_text(json.dumps(json.loads(path.read_text())[:-1]))


def change_value(folder: Path) -> None:
    path = folder / "ledger_observations.parquet"
    found = pq.read_table(path)
    place = found.schema.get_field_index("value")
    pq.write_table(found.set_column(place, found.schema.field(place), pc.add(found["value"], 1.0)), path)


def change_schema(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"schema": 99, "seal": ""}')


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (change_value, "were changed: Run 1 is not as it was recorded. Run 2 is not as it was recorded."),
        (drop_last_run, "were changed: Runs at the end are missing. Nothing was imported."),
        (change_schema, "are of schema 99, and this program reads schema 2. Import them with the version"),
        (lambda folder: (folder / "ledger_runs.json").unlink(), "cannot be read: No such file or directory."),
        (lambda folder: (folder / "ledger_runs.json").write_text("{"), "is no JSON: "),
        (lambda folder: (folder / "ledger_series.parquet").write_text("{"), "cannot be read: "),
    ],
)
def test_files_that_were_changed_are_refused_whole(
    file_ledger: Ledger, tmp_path: Path, change: Callable[[Path], object], text: str
) -> None:
    fill(file_ledger)
    file_ledger.export_to(tmp_path / "out")
    change(tmp_path / "out")
    with Ledger(f"sqlite:///{tmp_path / 'other.db'}") as other:
        with pytest.raises(LedgerError) as error:
            other.import_from(tmp_path / "out")
        assert text in str(error.value)
        assert other.verify().runs == 0
        assert other.closes.history() == ()


def test_a_ledger_that_holds_something_is_not_filled(filled: Ledger, tmp_path: Path) -> None:
    filled.export_to(tmp_path / "out")
    with pytest.raises(LedgerError) as error:
        filled.import_from(tmp_path / "out")
    assert str(error.value) == (
        "The ledger is not empty. Import into a new one: set BOARDSEAT_LEDGER to its address."
    )
    with pytest.raises(LedgerError) as error:
        filled.export_to(tmp_path / "out")
    assert str(error.value) == f"The folder {tmp_path / 'out'} is not empty. Name another."


def test_a_damaged_file_names_its_last_backup(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(f"sqlite:///{path}") as ledger:
        fill(ledger)
        copy = ledger.backup()
        ledger.notes.write(HERE, "Down.", author="Ann", now=START + 9 * HOUR, based_on=2)
    assert copy == str(tmp_path / "ledger-backup-2-20260701T080000Z.sqlite")
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    with pytest.raises(LedgerError) as error:
        Ledger(f"sqlite:///{path}")
    assert str(error.value) == (
        f"Ledger '{path}' is damaged: database disk image is malformed. "
        f"Its last backup is '{copy}': put that in its place, or move it away and refresh into a new one."
    )
    for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(copy, path)
    with Ledger(f"sqlite:///{path}") as ledger:
        assert ledger.verify().problems == ()
        assert [note.text for note in ledger.notes.history(HERE)] == ["Up, by plan.", "Up."]


def test_bytes_that_rot_are_found(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(f"sqlite:///{path}") as ledger:
        cells = (cell("sales.total", month("1900-01").shifted(n), n / 7) for n in range(2000))
        record(ledger, read(frame(*cells)))
        assert ledger.verify().problems == ()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    path.write_bytes(bytes(content))
    with Ledger(f"sqlite:///{path}") as ledger:
        try:
            assert ledger.verify().problems
        except LedgerError as error:
            assert "is damaged" in str(error)


def test_a_server_is_copied_into_tables_beside_its_own(filled: Ledger) -> None:
    if filled._database.is_sqlite:
        pytest.skip("A file is copied as a file.")
    name = filled.backup()
    assert name == "backup_2_20260701t080000z"
    assert filled.backup() == f"{name}_2"
    with filled._database.reading() as connection:
        count = sa.text(f"SELECT count(*) FROM {name}_notes")
        assert connection.execute(count).scalar() == 2
