"""A presentation, read back from its file: it says what the screen says, and what it draws is data."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from pptx.chart.chart import Chart
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn

from dashboard.analysis.change import Signal
from dashboard.board.assembly import assemble
from dashboard.board.drawings import DotPlot, Waterfall
from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, PairPanel, TrendPanel
from dashboard.board.wording import change_text, headline_text, signal_label
from dashboard.ledger.figures import Status
from dashboard.ledger.scope import EVERYTHING
from dashboard.pack.slides.counting import Drawings, drawings
from dashboard.pack.slides.deck import deck
from dashboard.pack.slides.native_trend import trend_chart
from tests.pack.company import NOW
from tests.pack.conftest import Made
from tests.pack.number_reading import shown
from tests.pack.package_rules import faults


def texts(slide: Any) -> str:
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    found += [cell.text for table in tables for row in table.rows for cell in row.cells]
    return "\n".join(found)


def charts(made: Made) -> Iterator[tuple[Any, Chart]]:
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.has_chart:
                yield shape, shape.chart


def rows_of(slide: Any) -> list[list[str]]:
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    return [[cell.text for cell in row.cells] for row in table.rows]


def titled(made: Made, title: str) -> Any:
    """The slide of an exhibit; its page may be answered with the same sentence."""
    found = [slide for slide in made.slides if slide.shapes.title.text_frame.text == title]
    return next(slide for slide in found if "What the exhibits say" not in texts(slide))


def sheet_of(chart: Chart) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    return [tuple(row) for row in book["Data"].iter_rows(values_only=True)]


def number(cell: Any) -> Any:
    """A month as the spreadsheet counts it."""
    return (cell.date() - date(1899, 12, 30)).days if isinstance(cell, datetime) else cell


def test_figures_changes_and_signals_read_as_on_the_screen(made: Made) -> None:
    told = 0
    for page in made.pack.pages:
        spec = made.catalog.page(page.shown.page.name)
        screen = assemble(made.catalog, made.ledger, spec, made.pack.view, scope=EVERYTHING, today=NOW.date())
        for panel in screen.panels:
            if isinstance(panel, PairPanel | TrendPanel):
                said = texts(titled(made, panel.sentence)).split("\n")
                for reading in panel.readings:
                    place = said.index(headline_text(reading))
                    assert said[place + 1] == f"{change_text(reading)} · {signal_label(reading)}"
                    told += 1
    assert told == 5


def test_tables_read_as_on_the_screen(made: Made) -> None:
    page = made.pack.pages[2].shown
    statement = next(panel for panel in page.panels if panel.key.startswith("statement"))
    assert isinstance(statement, ExhibitPanel)
    tables = [shape.table for slide in made.slides for shape in slide.shapes if shape.has_table]
    table = next(table for table in tables if table.cell(1, 0).text == "Opening")
    told = [[cell.text for cell in row.cells] for row in table.rows]
    assert told[0] == [column.name for column in statement.sheet.columns]
    assert told[1:] == [[field.text for field in row] for row in statement.sheet.rows]


def test_every_native_chart_has_its_series_in_its_workbook(made: Made) -> None:
    seen = 0
    for _, chart in charts(made):
        rows = sheet_of(chart)
        for series in chart._chartSpace.iter("{*}ser"):
            for reference in series.iter("{*}numRef"):
                found = re.fullmatch(r"Data!\$([A-Z]+)\$(\d+):\$\1\$(\d+)", reference.find("{*}f").text)
                assert found
                index = openpyxl.utils.column_index_from_string(found[1]) - 1
                held = [number(rows[row - 1][index]) for row in range(int(found[2]), int(found[3]) + 1)]
                drawn = {int(each.get("idx")): float(each[0].text) for each in reference.iter("{*}pt")}
                assert {
                    place: value for place, value in enumerate(held) if value is not None
                } == pytest.approx(drawn)
                seen += 1
    assert seen > 60


def test_a_trend_holds_every_month_of_the_screen(made: Made) -> None:
    panel = made.pack.pages[0].shown.panels[2]
    assert isinstance(panel, TrendPanel)
    shape = next(shape for shape in titled(made, panel.sentence).shapes if shape.has_chart)
    head, *rows = sheet_of(shape.chart)
    column = head.index("Complaints")
    points = panel.readings[0].points
    assert [row[0].date() for row in rows] == [point.period.start for point in points]
    assert [row[column] for row in rows] == [point.figure.value for point in points]


def test_a_waterfall_is_of_stacked_bars_and_its_labels_are_those_of_the_screen(made: Made) -> None:
    panel = made.pack.pages[2].shown.panels[0]
    assert isinstance(panel, ExhibitPanel)
    assert isinstance(panel.drawing, Waterfall)
    chart = next(shape.chart for shape in titled(made, panel.sentence).shapes if shape.has_chart)
    plot = chart._chartSpace.find(".//{*}barChart")
    assert plot.find("{*}grouping").get("val") == "stacked"
    head, *rows = sheet_of(chart)
    amount = head.index("Amount")
    codes = [label.find("{*}numFmt").get("formatCode") for label in chart._chartSpace.iter("{*}dLbl")]
    told = [shown(row[amount], code) for row, code in zip(rows, codes, strict=True)]
    assert told == [step.text for step in panel.drawing.steps]
    for row, step in zip(rows, panel.drawing.steps, strict=True):
        bar = sum(row[head.index(name)] or 0.0 for name in head[2:-1])
        assert (row[1], row[1] + bar) == pytest.approx(tuple(sorted((step.start, step.end))))


def test_an_interval_is_a_line_from_end_to_end(made: Made) -> None:
    panel = made.pack.pages[1].shown.panels[0]
    assert isinstance(panel, ExhibitPanel)
    assert isinstance(panel.drawing, DotPlot)
    chart = next(shape.chart for shape in titled(made, panel.sentence).shapes if shape.has_chart)
    head, *rows = sheet_of(chart)
    column = head.index("95% interval")
    ends = [row[column] for row in rows]
    dots = panel.drawing.dots
    told = [end for dot in dots for end in (dot.low, dot.high, None)]
    assert ends[: len(told) - 1] == [None if end is None else pytest.approx(end) for end in told[:-1]]


def test_most_drawings_are_native(made: Made) -> None:
    found = drawings(made.blob)
    shapes = [shape for slide in made.slides for shape in slide.shapes]
    assert found.charts == sum(shape.has_chart for shape in shapes) > 10
    assert found.tables == sum(shape.has_table for shape in shapes) > 5
    assert found.pictures == sum(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in shapes)
    assert found.native >= 0.9
    assert Drawings(9, 0, 1).line == ("9 charts and 0 tables can be edited, 1 are pictures: 90% native.")


def test_a_summary_leads_to_the_pages_and_a_page_to_its_exhibits(made: Made) -> None:
    summary = made.slides[1]
    assert summary.shapes.title.text_frame.text == "Summary"
    rows = rows_of(summary)
    assert rows[0] == ["Page", "Answer", "Slide"]
    assert [row[0] for row in rows[1:]] == [page.shown.page.title for page in made.pack.pages]
    for (_, answer, number), page in zip(rows[1:], made.pack.pages, strict=True):
        opener = made.slides[int(number) - 1]
        assert answer == (page.shown.answer or page.shown.page.question)
        assert opener.shapes.title.text_frame.text == answer
        for (sentence, signal, place), panel in zip(rows_of(opener)[1:], page.shown.panels, strict=True):
            title = made.slides[int(place) - 1].shapes.title.text_frame.text
            assert title.startswith(sentence[:40])
            if isinstance(panel, PairPanel | TrendPanel):
                for reading in panel.readings:
                    changed = reading.signal in (Signal.IMPROVED, Signal.WORSENED)
                    assert (signal_label(reading) in signal) == changed


def test_numbers_of_slides_lead_there(made: Made) -> None:
    linked = 0
    for slide in made.slides:
        for link in slide._element.iter("{*}hlinkClick"):
            number = link.getparent().getparent().find("{*}t").text
            target = slide.part.related_part(link.get(qn("r:id"))).slide
            if number.isdigit():
                assert target.slide_id == made.slides[int(number) - 1].slide_id
                linked += 1
    assert linked == len(made.pack.pages) + sum(len(page.shown.panels) for page in made.pack.pages)


def test_pages_and_appendices_are_sections(made: Made) -> None:
    listed = made.presentation.part._element.findall(".//{*}section")
    assert [each.get("name") for each in listed] == [
        "Summary",
        *(page.shown.page.title for page in made.pack.pages),
        *("Definitions", "Restatements", "Method notes"),
    ]


def test_a_figure_is_written_where_no_other_line_is(made: Made) -> None:
    """The newest point of a falling line has its figure below: above it, the line itself would cross it."""
    panel = made.pack.pages[0].shown.panels[2]
    assert isinstance(panel, TrendPanel)
    reading = panel.readings[0]
    last = max(place for place, each in enumerate(reading.points) if each.figure.status is Status.OK)
    sides = []
    for before in (1e9, -1e9):
        neighbour = replace(
            reading.points[last - 1], figure=replace(reading.points[last - 1].figure, value=before)
        )
        points = [*reading.points[: last - 1], neighbour, replace(reading.points[last], target=None)]
        drawn = trend_chart(replace(reading, points=tuple(points), marks=()), name="n", title="t")
        (label,) = (each for each in drawn.series[-1].labels.values())
        sides.append(label.position)
    assert sides == ["b", "t"]


def test_the_file_follows_the_rules_of_its_format(made: Made) -> None:
    assert faults(made.blob) == []


def test_the_same_pack_is_the_same_file(made: Made) -> None:
    assert deck(made.pack, None) == made.blob


def test_every_object_has_a_text_and_its_place_in_the_order_of_reading(made: Made) -> None:
    for slide in made.slides:
        shapes = list(slide.shapes)
        for shape in shapes:
            assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), (shape.name, texts(slide))
        names = [shape.name for shape in shapes]
        assert names[0] == "Title"
        assert names[-1] == "Footer"
        if "Question" in names:
            assert names.index("Question") == 1


def test_the_foot_says_whose_of_when_as_of_when_and_where(made: Made) -> None:
    count = len(made.slides)
    for number, slide in enumerate(made.slides, start=1):
        foot = next(shape for shape in slide.shapes if shape.name == "Footer").text_frame.text
        assert foot == (
            "Meridian Communications · 2026-Q2 (Jul–Sept 2026) · as of 15 October 2026, 10:00 · run 1 · "
            f"definitions {made.catalog.version} · page {number} of {count}"
        )


def test_what_is_locked_or_failed_is_stated(made: Made) -> None:
    panels = [panel for page in made.pack.pages for panel in page.shown.panels]
    locked = next(panel for panel in panels if isinstance(panel, LockedPanel))
    failed = next(panel for panel in panels if isinstance(panel, FailedPanel))
    told = texts(titled(made, "Store visits: not connected yet"))
    assert f"It needs data that is not connected: {locked.datasets[0]}." in told
    assert failed.message in texts(titled(made, f"{failed.title}: could not be made"))


def test_what_is_kept_back_on_the_screen_is_nowhere_in_the_file(made: Made) -> None:
    for _, chart in charts(made):
        assert not any("East" in str(cell) for row in sheet_of(chart) for cell in row)


def test_notes_tell_where_a_figure_comes_from(made: Made) -> None:
    panel = made.pack.pages[0].shown.panels[0]
    assert isinstance(panel, PairPanel)
    notes = titled(made, panel.sentence).notes_slide.notes_text_frame.text
    for part in (
        "Formula: 100 * (answers.promoters - answers.detractors) / answers.count",
        "n: answers.count",
        "Owner: Chief Customer Officer",
        "Source: answers.promoters = count(*) filter (where score >= 9), of answers in exports",
        "Filters: All customers; period 2026-Q2 (Jul–Sept 2026), ended 30 September 2026.",
        "As of 15 October 2026, 10:00, run 1, definitions",
        "The period is not closed: its figures may still change.",
    ):
        assert part in notes


def test_structure_matches_golden(made: Made, golden: Callable[[str, str], None]) -> None:
    lines = []
    for number, slide in enumerate(made.slides, start=1):
        lines.append(f"=== {number} {slide.slide_layout.name}")
        for shape in slide.shapes:
            lines.append(f"[{shape.name}]")
            if shape.has_text_frame:
                lines += shape.text_frame.text.split("\n")
            elif shape.has_table:
                lines += [" | ".join(cell.text for cell in row.cells) for row in shape.table.rows]
            elif shape.has_chart:
                lines += [" | ".join(map(str, row)) for row in _rounded(sheet_of(shape.chart))]
    text = re.sub(r"definitions [0-9a-f]{16}", "definitions <hash>", "\n".join(lines)) + "\n"
    golden("pack/slides.txt", re.sub(r"\b[0-9a-f]{12,16}\b", "<version>", text))


def _rounded(rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield tuple(_told(cell) for cell in row)


def _told(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m}"
    return f"{cell:.6g}" if isinstance(cell, float | int) else cell or ""
