"""Presentation and workbook held against the schemas of Office, as its own SDK has them."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from dashboard.pack.workbook.making import workbook
from tests.pack.conftest import Made
from tests.pack.packed import restated


@pytest.fixture(scope="module")
def sheets(made: Made) -> bytes:
    return workbook(restated(made.pack))


def breaches(folder: Path, name: str, content: bytes) -> list[str]:
    """What a schema forbids, and what Office would repair, part by part."""
    path = folder / name
    path.write_bytes(content)
    found = OpenXmlValidator(max_errors=0).validate(path)
    return [f"{each.part_uri} {each.path}: {each.description}" for each in found.errors]


def altered(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            new.writestr(name, change(held) if name == part else held)
    return out.getvalue()


def test_a_presentation_breaks_no_schema(made: Made, tmp_path: Path) -> None:
    assert breaches(tmp_path, "board.pptx", made.blob) == []


def test_a_workbook_breaks_no_schema(sheets: bytes, tmp_path: Path) -> None:
    assert breaches(tmp_path, "board.xlsx", sheets) == []


def test_the_workbooks_behind_the_charts_break_no_schema(made: Made, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(made.blob)) as package:
        books = [package.read(name) for name in package.namelist() if name.startswith("ppt/embeddings/")]
    assert len(books) > 10
    assert [fault for book in books for fault in breaches(tmp_path, "data.xlsx", book)] == []


def test_a_chart_out_of_order_is_found(made: Made, tmp_path: Path) -> None:
    """The check can fail: an element where the schema has none, as PowerPoint would repair it."""
    part = next(name for name in zipfile.ZipFile(io.BytesIO(made.blob)).namelist() if "charts/chart" in name)
    moved = altered(
        made.blob,
        part,
        lambda xml: xml.replace(b'<c:plotVisOnly val="1"/>', b"").replace(
            b"<c:plotArea>", b'<c:plotVisOnly val="1"/><c:plotArea>', 1
        ),
    )
    found = breaches(tmp_path, "moved.pptx", moved)
    assert any(f"/{part}" in each for each in found), found
