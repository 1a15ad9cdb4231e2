"""`boardseat pack` at the terminal: what it writes, enters in the ledger, refuses, and leaves behind."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pptx import Presentation

from dashboard.charts.engines import begin
from dashboard.cli import cli
from dashboard.ledger.store import Ledger
from dashboard.pack.slides.counting import drawings
from tests.pack.company import CONFIGURATION, NOW, deployed, environ, measured, written
from tests.pack.test_slides import texts

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = written(tmp_path_factory.mktemp("shop"))
    deployment = deployed(home)
    with Ledger(deployment.ledger_url) as ledger:
        measured(deployment, ledger)
    return home


def run(home: Path, out: Path, *words: str, period: str = "2026-Q2", forms: str = "pptx") -> Result:
    told = ["pack", "--config", str(CONFIGURATION), "--period", period, "--out", str(out), "--format", forms]
    return CliRunner().invoke(cli, [*told, *words], env=environ(home))


def test_a_pack_is_written_with_its_manifest_and_entered(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    result = run(home, out, "--author", "Ada")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{out / 'board-2026-Q2.pptx'}\n{out / 'manifest.json'}\n"
    assert result.stderr.splitlines()[-2:] == [
        "1 file of 2026-Q2 (Jul–Sept 2026), as of 15 October 2026, 10:00, run 1.",
        drawings((out / "board-2026-Q2.pptx").read_bytes()).line,
    ]
    assert sorted(path.name for path in out.iterdir()) == ["board-2026-Q2.pptx", "manifest.json"]
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((out / "board-2026-Q2.pptx").read_bytes()).hexdigest()
    assert told["files"][0]["sha256"] == digest
    assert (told["period"], told["run"], told["as_of"]) == ("2026-Q2", 1, NOW.isoformat())
    with Ledger(environ(home)["BOARDSEAT_LEDGER"]) as ledger:
        (entry,) = ledger.exports.newest(1)
    assert (entry.what, entry.author, entry.at.replace(microsecond=0), entry.digest) == (
        "pack board-2026-Q2.pptx",
        "Ada",
        NOW,
        digest,
    )
    assert (entry.period, entry.run) == ("2026-Q2", 1)


def test_a_pack_of_one_page_and_one_group(home: Path, tmp_path: Path) -> None:
    result = run(home, tmp_path, "--page", "loyalty", "--by", "segment=Consumer")
    assert result.exit_code == 0, result.output
    told = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (told["pages"], told["group"]) == (["loyalty"], {"segment": "Consumer"})
    assert (tmp_path / "board-2026-Q2-segment-consumer.pptx").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["--page", "trust"],
            "The pack 'board' has no page 'trust'. It has loyalty, voices, customer_asset.",
        ),
        (["--pack", "bord"], "There is no pack 'bord'. Did you mean 'board'?"),
        (
            ["--as-of", "2020-01-01"],
            "Nothing was measured by then, so there is nothing to pack. Refresh first.",
        ),
        (
            ["--by", "segmant=Consumer"],
            "The figures of the pack are not cut by 'segmant'. Did you mean 'segment'?",
        ),
        (
            ["--template", "none.pptx"],
            "The template none.pptx cannot be read: No such file or directory. "
            "Name another file with --template.",
        ),
    ],
)
def test_what_is_refused(home: Path, tmp_path: Path, words: list[str], told: str) -> None:
    result = run(home, tmp_path, *words)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == f"Error: {told}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("period", "told"),
    [
        (
            "2026-08",
            "A pack is of a fiscal quarter or a fiscal year, as its pages are; 2026-08 is a month in the "
            "charts of 2026-Q2. Write a quarter as 2026-Q2, a year as 2026.",
        ),
        ("2031-Q1", "2031-Q1 has not begun. Name a period that has."),
    ],
)
def test_periods_that_have_no_pack(home: Path, tmp_path: Path, period: str, told: str) -> None:
    assert run(home, tmp_path, period=period).stderr.splitlines()[-1] == f"Error: {told}"


def test_an_unknown_format(home: Path, tmp_path: Path) -> None:
    result = run(home, tmp_path, forms="ppt")
    assert result.stderr.splitlines()[-1] == "Error: There is no format 'ppt'. Did you mean 'pptx'?"


def test_a_folder_that_cannot_be_written(home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "packs"
    assert run(home, out).stderr.splitlines()[-1] == (
        f"Error: The folder {out} cannot be written: Not a directory. Name another folder with --out."
    )


def test_a_full_disk_leaves_nothing_half_written(home: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: writing fails in the middle, as it would."""
    out = tmp_path / "out"
    program = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "from dashboard.pack.storing import store; from dashboard.pack.renderers import PackFile; "
        "from pathlib import Path; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); "
        f"store(Path({str(out)!r}), [PackFile('a.csv', b'x' * 10), PackFile('b.pptx', b'x' * 100_000)])"
    )
    out.mkdir()
    (out / "b.pptx").write_bytes(b"the pack of yesterday")
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert found.stderr.splitlines()[-1] == (
        f"dashboard.errors.DashboardError: b.pptx could not be written to {out}: File too large. "
        "Nothing of the pack was kept. Make room, or name another folder with --out."
    )
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"b.pptx": b"the pack of yesterday"}


def test_a_closed_period_is_packed_as_it_was_closed(home: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(home, tmp_path / "copy")
    deployment = deployed(copy)
    period = deployment.catalog.board.calendar.parse("2026-Q2")
    with Ledger(deployment.ledger_url) as ledger:
        ledger.closes.close("2026-Q2", period, author="Ada", now=NOW)
    with (copy / "answers.csv").open("a", newline="", encoding="utf-8") as file:
        file.write("2026-09-29,North,Consumer,1\r\n" * 300)
    with Ledger(deployment.ledger_url) as ledger:
        measured(deployment, ledger)
    out = tmp_path / "out"
    assert run(copy, out).exit_code == 0
    slides = list(Presentation(str(out / "board-2026-Q2.pptx")).slides)
    told = [texts(slide) for slide in slides]
    assert "Closed on 15 October 2026 by Ada." in told[0]
    assert any("\n16.5\n" in text for text in told[1:6])
    restated = next(text for text in told if text.startswith("Restatements"))
    assert "Net Promoter Score\n16.5" in restated
    assert "late rows" in restated
    notes = [slide.notes_slide.notes_text_frame.text for slide in slides]
    assert any("2 figures restated since then." in each for each in notes)


def test_a_year_that_is_not_over_is_packed_as_far_as_it_is(home: Path, tmp_path: Path) -> None:
    assert run(home, tmp_path, period="2026").exit_code == 0
    told = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (told["period"], told["start"], told["end"]) == ("2026", "2026-04-01", "2026-09-30")
    cover = texts(next(iter(Presentation(str(tmp_path / "board-2026.pptx")).slides)))
    assert "Apr–Sept 2026 · 2026" in cover


def test_a_year_that_is_over_is_packed_whole(home: Path, tmp_path: Path) -> None:
    assert run(home, tmp_path, period="2025", forms="csv").exit_code == 0
    told = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (told["start"], told["end"]) == ("2025-04-01", "2026-03-31")


def test_formats_made_side_by_side_are_those_made_one_by_one(home: Path, tmp_path: Path) -> None:
    """In a process of its own: this one has drawn already, and is not divided any more."""
    forms = "csv,pptx,pdf,xlsx"
    # Of two ledgers, since a second pack of one would mark what changed since the first.
    first, second = (shutil.copytree(home, tmp_path / name) for name in ("first", "second"))
    where = ["--config", str(CONFIGURATION), "--out", str(tmp_path / "both")]
    which = ["--period", "2026-Q2", "--format", forms, "--page", "loyalty"]
    found = subprocess.run(
        [sys.executable, "-m", "dashboard", "pack", *where, *which],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environ(first)},
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert "Making the pack: 30%, csv, pptx, pdf, xlsx" in found.stderr
    begin()
    assert run(second, tmp_path / "each", "--page", "loyalty", forms=forms).exit_code == 0
    each, both = (
        {file["name"]: file["sha256"] for file in json.loads(path.read_text(encoding="utf-8"))["files"]}
        for path in (tmp_path / "each" / "manifest.json", tmp_path / "both" / "manifest.json")
    )
    assert list(each) == list(both)
    # A workbook is zipped by the clock; all else is equal byte by byte.
    assert {name for name in each if each[name] != both[name]} <= {"board-2026-Q2.xlsx"}
