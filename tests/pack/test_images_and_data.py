"""Pictures, CSV and Parquet of a pack, read back; and the same figures wherever they stand."""

import csv
import io
import struct
from dataclasses import replace
from xml.etree import ElementTree as ET

import openpyxl
import pyarrow.parquet as pq
import pypdf
import pytest

from dashboard.board.drawings import Waterfall
from dashboard.board.panels import ExhibitPanel, PairPanel, TrendPanel
from dashboard.board.wording import headline_text
from dashboard.pack.data import FIELD, HEADLINE, MONTH, csv_files, figure_rows
from dashboard.pack.delivery import files_of
from dashboard.pack.document.compiling import document
from dashboard.pack.images import images
from dashboard.pack.model import BoardPack
from dashboard.pack.parquet_file import parquet
from dashboard.pack.renderers import Choices
from dashboard.pack.workbook.making import workbook
from tests.pack.packed import bound, exhibit, readings, with_exhibit, with_panels


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> BoardPack:
    return bound(tmp_path_factory.mktemp("company"))


def drawn_panels(pack: BoardPack) -> list[str]:
    return [
        f"{page.shown.page.name}-{panel.key}"
        for page in pack.pages
        for panel in page.shown.panels
        if (isinstance(panel, ExhibitPanel) and panel.drawing is not None)
        or isinstance(panel, PairPanel | TrendPanel)
    ]


@pytest.mark.slow
def test_every_drawn_panel_is_a_picture_that_says_what_it_is_of(pack: BoardPack) -> None:
    made = images(pack, "svg")
    assert list(made) == [f"{name}.svg" for name in drawn_panels(pack)]
    assert len(made) == 10
    for content in made.values():
        told = "".join(ET.fromstring(content).itertext())  # noqa: S314 - our own file
        assert "Meridian Communications · 2026-Q2" in told.replace("\xa0", " ")


@pytest.mark.slow
def test_equal_packs_give_equal_pictures_and_tables(pack: BoardPack) -> None:
    assert images(pack, "svg") == images(pack, "svg")
    assert csv_files(pack) == csv_files(pack)
    assert parquet(pack) == parquet(pack)


def test_pictures_of_both_kinds_are_those_of_each(pack: BoardPack) -> None:
    first = replace(pack, pages=pack.pages[:1])
    apart = [*images(first, "png").items(), *images(first, "svg").items()]
    assert list(images(first, "png", "svg").items()) == apart
    together = files_of(first, ["png", "csv", "svg"], Choices())
    assert [(each.name, each.content) for each in together if each.name.startswith("images/")] == [
        (f"images/{name}", content) for name, content in apart
    ]
    assert any(each.name.endswith(".csv") for each in together)


def test_a_png_has_twice_the_pixels(pack: BoardPack) -> None:
    first = replace(pack, pages=(replace(pack.pages[2], commentary=()),))
    (name, content), *_ = images(first, "png").items()
    vector = images(first, "svg")[name.replace(".png", ".svg")]
    width = float(ET.fromstring(vector).attrib["width"])  # noqa: S314 - our own file
    assert struct.unpack(">I", content[16:20])[0] == pytest.approx(2 * width, abs=2)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "<b>&amp;</b>", "קבוצה 🎉", "x" * 200, "a\x00b"])
def test_a_name_breaks_no_picture_and_no_table(pack: BoardPack, text: str) -> None:
    panels = tuple(
        replace(panel, sentence=text, labels=(text,) * len(panel.labels))
        for panel in pack.pages[0].shown.panels
        if isinstance(panel, TrendPanel)
    )
    hostile = with_panels(replace(pack, pages=pack.pages[:1]), panels[:1])
    for content in images(hostile, "svg").values():
        ET.fromstring(content)  # noqa: S314 - our own file
    rows = [
        row
        for content in csv_files(hostile).values()
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))
    ]
    assert not [field for row in rows for field in row if field.startswith("=")]


@pytest.mark.parametrize("label", ["a\x00b\x1bc", "a\\x00", "a\\u0000b", "\ud800", '"quoted\\"', "x" * 200])
def test_a_name_on_an_axis_does_not_end_the_process(pack: BoardPack, label: str) -> None:
    """Names on an axis stand in an expression; a null character in one would end the process."""
    bridge = exhibit(pack, "bridge-revenue_bridge").drawing
    assert isinstance(bridge, Waterfall)
    steps = (replace(bridge.steps[0], label=label), *bridge.steps[1:])
    changed = with_exhibit(pack, "bridge-revenue_bridge", drawing=replace(bridge, steps=steps))
    only = replace(changed, pages=changed.pages[2:])
    content = images(only, "svg")["customer_asset-bridge-revenue_bridge.svg"]
    told = "".join(ET.fromstring(content).itertext())  # noqa: S314 - our own file
    assert "Opening" not in told
    assert "Closing" in told


def test_parquet_has_every_figure_with_what_it_is_of(pack: BoardPack) -> None:
    table = pq.read_table(io.BytesIO(parquet(pack)))
    told = figure_rows(pack)
    assert table.num_rows == len(told)
    assert table.column("value").to_pylist() == [row.value for row in told]
    assert table.schema.metadata[b"boardseat"].decode() == pack.origin
    assert table.schema.metadata[b"run"] == b"1"


def test_a_field_is_told_by_as_many_columns_as_it_takes(pack: BoardPack) -> None:
    """Else a region's fields would hide one another where two packs are compared."""
    fields = [row for row in figure_rows(pack) if row.kind == FIELD]
    keys = [(row.page, row.panel, row.name, row.group) for row in fields]
    assert len(set(keys)) == len(keys)
    matrix = {row.group for row in fields if row.panel.startswith("matrix-") and row.name == "n"}
    assert {"North · Consumer", "East · Consumer"} <= matrix
    ranking = {row.group for row in fields if row.panel == "ranking-net_promoter_score-by-region"}
    assert "North" in ranking


@pytest.mark.slow
def test_the_same_figures_stand_on_page_paper_sheet_and_table(pack: BoardPack) -> None:
    """Read back from each file, every headline is what the page shows."""
    paper = "".join(
        "".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(document(pack))).pages
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(pack)))
    sheet = [cell.value for row in book["Loyalty"].iter_rows() for cell in row]
    rows = pq.read_table(io.BytesIO(parquet(pack))).to_pylist()
    headlines = [row for row in rows if row["kind"] == HEADLINE]
    shown = readings(pack)
    assert len(headlines) == len(shown) >= 5
    for reading, row in zip(shown, headlines, strict=True):
        assert row["value"] == reading.figure.value
        assert row["text"] == headline_text(reading)
        assert "".join(headline_text(reading).split()) in paper
        assert [
            value
            for value in sheet
            if isinstance(value, float | int) and value == pytest.approx(row["value"])
        ]
    months = [row for row in rows if row["kind"] == MONTH and row["panel"] == "pair-net_promoter_score"]
    content = csv_files(pack)["loyalty-pair-net_promoter_score.csv"].decode("utf-8-sig")
    assert [row["value"] for row in months] == [
        float(line["value"]) for line in csv.DictReader(io.StringIO(content))
    ]


def test_what_is_kept_back_on_the_page_is_in_no_file(pack: BoardPack) -> None:
    kept = [row for row in figure_rows(pack) if row.group in ("East", "Centre") and "not shown" in row.text]
    assert kept
    assert all(row.value is None for row in kept)
    told = csv_files(pack)["voices-ranking-net_promoter_score-by-region.csv"].decode("utf-8-sig")
    east = next(line for line in told.splitlines() if line.startswith("East"))
    assert not [sign for sign in east if sign.isdigit()]


def test_a_statement_without_a_drawing_is_a_table_alone(pack: BoardPack) -> None:
    changed = with_exhibit(pack, "bridge-revenue_bridge", drawing=None)
    assert "customer_asset-bridge-revenue_bridge.svg" not in images(changed, "svg")
    assert "customer_asset-bridge-revenue_bridge.csv" in csv_files(changed)
