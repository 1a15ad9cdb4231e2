"""A folder with something wrong in it: the file, the line or cell, and what to do, in the whole text."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.errors import SourceDataError, SourceError, SourceUnreachable
from tests.connectors.opening import opened, save_workbook


def failure(folder: Path, kind: type[SourceError] = SourceDataError) -> str:
    with opened(folder) as engine, pytest.raises(SourceError) as caught:
        engine.tables()
    assert type(caught.value) is kind
    return caught.value.message


AGAIN = "Correct that line, or export the file again."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "id,name\n1,a\n2,b,c\n3,d\n",
            f"seen.csv, line 3: the row has 3 values, the first line names 2. {AGAIN}",
        ),
        (
            "id,name\n1,a\n2\n3,d\n",
            f"seen.csv, line 3: the row has 1 values, the first line names 2. {AGAIN}",
        ),
        (
            "Report of 2026\n\nid,name\n1,a\n",
            f"seen.csv, line 3: the row has 2 values, the first line names 1. {AGAIN}",
        ),
        ('id,name\n1,a\n2,"b\n3,c\n', f"seen.csv, line 3: Value with unterminated quote found. {AGAIN}"),
        (
            "",
            "seen.csv, line 1: the names of the columns are missing. Put them into the first line.",
        ),
        ("id,,name\n1,2,3\n", "seen.csv, line 1: a column has no name. Name it."),
        ("id,name,id\n1,2,3\n", "seen.csv, line 1: the column 'id' stands twice. Rename one of them."),
        (
            "id,day\n1,01/02/2026\n2,01/03/2026\n",
            "seen.csv: the dates of 'day' may be day/month or month/day. Write them as 2024-12-31.",
        ),
        (
            "id,day\n1,1/2/2026 10:00:00 AM\n2,1/3/2026 11:00:00 AM\n",
            "seen.csv: the dates of 'day' may be day/month or month/day. Write them as 2024-12-31.",
        ),
        (
            "id,day\n1,01-02-26\n2,02-03-26\n",
            "seen.csv: the dates of 'day' have a year of two digits. Write them as 2024-12-31.",
        ),
    ],
)
def test_a_broken_csv_file(folder: Path, text: str, told: str) -> None:
    (folder / "seen.csv").write_text(text)
    assert failure(folder) == told


def test_a_row_that_breaks_far_below_is_named_when_it_is_read(folder: Path) -> None:
    numbers = "".join(f"{number},{number}\n" for number in range(1, 30_001))
    (folder / "seen.csv").write_text(f"id,amount\n{numbers}30001,n/a\n")
    with opened(folder) as engine:
        assert isinstance(engine.columns("seen")["amount"], sa.BigInteger)
        with pytest.raises(SourceDataError) as caught:
            engine.fetch(sa.text("SELECT sum(amount) AS total FROM seen"))
    assert str(caught.value) == (
        "Source 'billing': seen.csv, line 30002: Error when converting column \"amount\". "
        f"Could not convert string \"n/a\" to 'BIGINT'. {AGAIN}"
    )


def test_a_row_with_too_many_values_far_below(folder: Path) -> None:
    numbers = "".join(f"{number},{number}\n" for number in range(1, 30_001))
    (folder / "seen.csv").write_text(f"id,amount\n{numbers}30001,1,2\n")
    with opened(folder) as engine, pytest.raises(SourceDataError) as caught:
        engine.fetch(sa.text("SELECT sum(amount) AS total FROM seen"))
    assert caught.value.message == (
        f"seen.csv, line 30002: the row has 3 values, the first line names 2. {AGAIN}"
    )


def test_text_that_is_not_utf_8(folder: Path) -> None:
    (folder / "seen.csv").write_bytes("id,name\n1,Müller\n".encode("latin-1"))
    text = failure(folder)
    assert text.startswith("seen.csv, line 2: Invalid unicode (byte sequence mismatch) detected")
    assert text.endswith(f"This file is not utf-8 encoded. {AGAIN}")


@pytest.mark.parametrize("name", ["seen.parquet", "seen.xlsx", "seen.csv.gz"])
def test_a_file_that_is_not_what_it_is_called(folder: Path, name: str) -> None:
    (folder / name).write_text("<html>Please sign in</html>")
    text = failure(folder)
    assert text.startswith(f"{name} ")
    assert text.endswith((". Export the file again.", "Save it as .xlsx again."))


def test_two_files_of_one_name(folder: Path) -> None:
    (folder / "Orders.csv").write_text("id\n1\n")
    save_workbook(folder / "orders.xlsx", [["id"], [1]])
    assert failure(folder) == (
        "Orders.csv and orders.xlsx would both be the table 'orders'. Rename one of them."
    )


def test_an_empty_folder(folder: Path) -> None:
    (folder / "notes.txt").write_text("nothing here")
    assert failure(folder) == (
        f"the folder {folder} holds no .csv, .parquet or .xlsx file. "
        "Put one there, or correct files in sources/billing.yaml."
    )


def test_a_folder_that_is_not_there(folder: Path) -> None:
    assert failure(folder / "no", SourceUnreachable) == (
        f"there is no folder {folder / 'no'}. Create it, or correct files in sources/billing.yaml."
    )


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        ([], "seen.xlsx, row 1: the names of the columns are missing. Put them into the first row."),
        ([["id", None, "name"], [1, 2, 3]], "seen.xlsx, row 1: a column has no name. Correct that row."),
        ([["id", "id"], [1, 2]], "seen.xlsx, row 1: the column 'id' stands twice. Correct that row."),
        (
            [["id", "share"], [1, "#DIV/0!"]],
            "seen.xlsx, cell B2 holds the error #DIV/0!. Correct its formula.",
        ),
    ],
)
def test_a_broken_sheet(folder: Path, sheet: list[list[object]], told: str) -> None:
    save_workbook(folder / "seen.xlsx", sheet)
    assert failure(folder) == told


def test_values_beside_the_header_are_an_error(folder: Path) -> None:
    save_workbook(folder / "seen.xlsx", [["id"], [1, "stray"]])
    assert failure(folder) == ("seen.xlsx, row 2 has a value in a column that row 1 does not name. Name it.")
