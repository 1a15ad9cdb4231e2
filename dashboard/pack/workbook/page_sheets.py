"""A page of the board as a sheet: each panel's figures as numbers, its charts, and their series beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dashboard.board.commentary import Commentary
from dashboard.board.drawings import Butterfly, Waterfall
from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, PairPanel, Panel, TrendPanel
from dashboard.board.reading import Reading
from dashboard.board.sheet import Sheet
from dashboard.board.wording import comparison_text, detail_lines, headline_text, signal_label
from dashboard.charts.theme import LIGHT
from dashboard.definitions.model import PanelKind
from dashboard.ledger.notes import NoteState
from dashboard.pack.markdown import paragraphs
from dashboard.pack.model import BoardPack, PackPage
from dashboard.pack.number_formats import PROBABILITY, value_code
from dashboard.pack.slides.bodies import Body, exhibit_body, readings_body
from dashboard.pack.slides.chart_model import Form, NativeChart
from dashboard.pack.slides.chart_table import ChartTable
from dashboard.pack.slides.fitting import Room
from dashboard.pack.slides.plan import Charts
from dashboard.pack.workbook.book import LINE, Book, Page
from dashboard.pack.workbook.charts import Block, spread, write_chart
from dashboard.units import MINUS, Unit, format_day

WIDTHS = (36, 13, 14, 18, 22, 10, 12, 12, 12, 26, 70)
SERIES_WIDTHS = (30, *(18,) * 24)
FIGURES = (1, 2, 5, 6, 7, 8)
HEADS = ("Figure", "Value", "Change", "Compared with", "Signal", "n", "95% from", "95% to", "Target", "Owner")
TOLD = "Small print"
ROW_PIXELS = 20
EVERYTHING = Room(1e6, 1e6)  # a sheet has no end, so no chart is split over several
WIDE, HALF, HIGH = 760, 500, 280
ITEM_PIXELS, MOST_PIXELS = 34, 1400


def page_sheet(book: Book, pack: BoardPack, page: PackPage) -> None:
    """Write one page, and the series of its charts on a sheet that follows it."""
    shown = page.shown
    sheet = book.sheet(shown.page.title, widths=WIDTHS)
    series = book.sheet(shown.page.title, ending=" series", widths=SERIES_WIDTHS, charted=True)
    sheet.line(shown.page.question, bold=True, font_size=16)
    closed = (shown.closed.line, shown.closed.restated_line) if shown.closed else ()
    for line in (shown.summary, *closed, *shown.failures, *shown.stale):
        if line:
            sheet.line(line, font_color=LIGHT.muted)
    _commentary(sheet, pack, page.notes_of(""))
    for panel in shown.panels:
        sheet.row += 1
        _panel(sheet, series, panel)
        _commentary(sheet, pack, page.notes_of(panel.key))


def _panel(sheet: Page, series: Page, panel: Panel) -> None:
    match panel:
        case LockedPanel(_, title, datasets):
            sheet.line(title, bold=True, font_size=12)
            sheet.line(f"Locked. This exhibit opens as soon as this data is measured: {', '.join(datasets)}.")
        case FailedPanel(_, title, message):
            sheet.line(title, bold=True, font_size=12)
            sheet.line(message)
        case ExhibitPanel():
            _message(sheet, panel.sentence, panel.notices)
            if panel.kind is not PanelKind.NOTE:
                exhibit_table(sheet, panel.sheet)
            for line in panel.small_print:
                sheet.line(line, font_color=LIGHT.muted)
            _charts(sheet, series, exhibit_charts(panel))
        case PairPanel() | TrendPanel():
            _message(sheet, panel.sentence, panel.notices)
            _readings(sheet, panel)
            _charts(sheet, series, _native(readings_body(panel)))


def _native(body: Body) -> list[NativeChart]:
    return [chart for part in body.parts if isinstance(part, Charts) for chart in part.charts]


def exhibit_charts(panel: ExhibitPanel) -> list[NativeChart]:
    """The charts of an exhibit, labelled with the texts of its drawing.

    On a slide each label has a number format of its own; XlsxWriter has one format for a series.
    """
    if panel.drawing is None:
        return []
    charts = _native(exhibit_body(panel, EVERYTHING, EVERYTHING))
    match panel.drawing:
        case Waterfall(steps=steps):
            return [
                _worded(chart, {len(chart.series) - 1: [step.text for step in steps]}) for chart in charts
            ]
        case Butterfly(gaps=gaps):
            sides = {0: [gap.left_text for gap in gaps], 1: [gap.right_text for gap in gaps]}
            return [_worded(chart, sides) for chart in charts]
    return charts


def _worded(chart: NativeChart, texts: Mapping[int, Sequence[str]]) -> NativeChart:
    """The chart with these texts at the labels of some of its series."""
    series = tuple(
        replace(each, labels={at: replace(label, text=texts[place][at]) for at, label in each.labels.items()})
        if place in texts
        else each
        for place, each in enumerate(chart.series)
    )
    return replace(chart, series=series)


def _message(sheet: Page, sentence: str, notices: Sequence[str]) -> None:
    sheet.line(sentence, bold=True, font_size=12)
    for notice in notices:
        sheet.line(notice, font_color=LIGHT.muted)


def _readings(sheet: Page, panel: PairPanel | TrendPanel) -> None:
    sheet.heads((*HEADS, TOLD), FIGURES)
    for place, reading in enumerate(panel.readings):
        label = panel.labels[place] if panel.labels and reading.view.slice else reading.metric.name
        _reading(sheet, reading, label)
    if not panel.readings:
        sheet.line("No group has been measured in this slice yet.")
    if isinstance(panel, TrendPanel) and panel.left_out:
        sheet.line(f"The {len(panel.readings)} largest groups are drawn, {panel.left_out} more are not.")


def _reading(sheet: Page, reading: Reading, label: str) -> None:
    row, unit, board = sheet.row, reading.metric.unit, reading.board
    interval = reading.interval
    bounds = (None, None) if interval is None else (interval.low, interval.high)
    sheet.text(row, 0, label)
    sheet.number(
        row, 1, reading.figure.value, value_code(reading.figure.value, unit, board), headline_text(reading)
    )
    _change(sheet, row, reading)
    sheet.text(row, 3, comparison_text(reading) if reading.change is not None else "", align="left", indent=1)
    sheet.text(row, 4, signal_label(reading))
    sheet.number(row, 5, reading.figure.n, "#,##0")
    for place, value in enumerate((*bounds, reading.target)):
        sheet.number(row, 6 + place, value, value_code(value, unit, board))
    sheet.text(row, 9, reading.metric.owner, align="left", indent=1)
    told = " · ".join(detail_lines(reading))
    sheet.text(row, 10, told, font_color=LIGHT.muted, text_wrap=True)
    sheet.sheet.set_row(row, LINE * (1 + len(told) // int(WIDTHS[10])))
    sheet.row += 1


def _change(sheet: Page, row: int, reading: Reading) -> None:
    """A change of percentages is in points, which no format of a spreadsheet makes of a fraction."""
    change, unit = reading.change, reading.metric.unit
    if unit is Unit.PERCENT:
        plain = '#,##0.0" points"'
        value = None if change is None else 100 * change
    else:
        plain = value_code(change, unit, reading.board).partition(";")[0]
        plain += '" points"' if unit is Unit.POINTS else ""
        value = change
    sheet.number(row, 2, value, f'"+"{plain};"{MINUS}"{plain};"±"{plain}')


def exhibit_table(sheet: Page, table: Sheet) -> None:
    """A table with its numbers in the formats of their columns, and the words where there is no number."""
    units = [
        [column.unit or field.unit for column, field in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    figures = [
        place
        for place, column in enumerate(table.columns)
        if column.unit is not None or any(row[place] is not None for row in units)
    ]
    sheet.heads([column.name for column in table.columns], figures)
    board_code = sheet.book.code
    for row, row_units in zip(table.rows, units, strict=True):
        for place, (unit, field) in enumerate(zip(row_units, row, strict=True)):
            if unit is None or field.value is None:
                sheet.text(sheet.row, place, field.text, **({} if unit is None else {"align": "right"}))
                continue
            rare = table.columns[place].probability
            code = PROBABILITY if rare else board_code(field.value, unit)
            sheet.number(sheet.row, place, field.value, code)
        sheet.row += 1


def _charts(sheet: Page, series: Page, charts: Sequence[NativeChart]) -> None:
    """Two charts beside one another; the rows under them are left free."""
    half = len(charts) > 1
    for place, chart in enumerate(charts):
        wide = spread(chart)
        block = write_table(series, wide.title or sheet.name, wide.table)
        height = HIGH
        if chart.form is not Form.LINE:
            height = min(MOST_PIXELS, max(HIGH, 110 + ITEM_PIXELS * len(chart.table.labels)))
        made = write_chart(sheet, wide, block)
        made.set_size({"width": HALF if half else WIDE, "height": height})
        options = {
            "x_offset": 4 + (HALF + 12) * (place % 2),
            "y_offset": 6,
            "description": chart.description,
            "object_position": 2,
        }
        sheet.sheet.insert_chart(sheet.row, 0, made, options)
        if place % 2 or place == len(charts) - 1:
            sheet.row += height // ROW_PIXELS + 2


def write_table(series: Page, title: str, table: ChartTable) -> Block:
    """The series of a chart under their title."""
    series.line(title, bold=True)
    top = series.row
    names = [table.corner, *(column.name for column in table.columns)]
    series.heads(names, range(1, len(names)))
    for place in range(max([len(table.labels), *(len(column.values) for column in table.columns)])):
        if place < len(table.labels):
            series.text(series.row, 0, table.labels[place])
        for column, told in enumerate(table.columns):
            value = told.values[place] if place < len(told.values) else None
            if value is not None:
                series.number(series.row, column + 1, value, told.code)
        series.row += 1
    series.row += 1
    return Block(series.name, top, table)


def _commentary(sheet: Page, pack: BoardPack, notes: Sequence[Commentary]) -> None:
    for each in notes:
        note = each.note
        day = format_day(note.at.date(), locale=pack.board.locale)
        draft = ", draft" if note.state is NoteState.DRAFT else ""
        sheet.line(f"Commentary of {note.author}, {day}{draft}", italic=True)
        for paragraph in paragraphs(each.text):
            sheet.line(f"• {paragraph.text}" if paragraph.bullet else paragraph.text)
