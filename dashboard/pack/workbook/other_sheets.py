"""The sheets beside the pages: summary, all figures, definitions, lineage, restatements and method."""

from collections.abc import Mapping, Sequence

from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, Panel
from dashboard.board.wording import signal_label
from dashboard.pack.data import FigureRow, figures
from dashboard.pack.model import BoardPack
from dashboard.pack.slides.chart_table import EPOCH
from dashboard.pack.workbook.book import Book, Page
from dashboard.units import Unit


def summary_sheet(book: Book, pack: BoardPack) -> None:
    """What it is, of when, and the one-sentence answers."""
    widths = (40, 90, 34)
    sheet = book.sheet("Summary", widths=widths)
    sheet.line(pack.spec.cover.title, bold=True, font_size=18)
    facts = {
        "Organisation": pack.board.organisation,
        "Period": pack.period_text,
        "Group": pack.group,
        "As of": pack.known_text,
        "State": pack.state_text,
        "Run": "none" if pack.run is None else str(pack.run),
        "Definitions": pack.version,
        "About": pack.spec.cover.text,
        "Recipients": pack.spec.recipients,
    }
    for name, text in facts.items():
        if text:
            sheet.wrapped((name, text), widths[:2])
    sheet.row += 1
    sheet.heads(("Question", "Answer", "Signal"))
    for page in pack.pages:
        for place, panel in enumerate(page.shown.panels):
            question = page.shown.page.question if place == 0 else ""
            sheet.wrapped((question, _sentence(panel), _signals(panel)), widths)


def _sentence(panel: Panel) -> str:
    if isinstance(panel, LockedPanel):
        return f"{panel.title}: not measured yet."
    return f"{panel.title}: could not be made." if isinstance(panel, FailedPanel) else panel.sentence


def _signals(panel: Panel) -> str:
    if isinstance(panel, LockedPanel | FailedPanel | ExhibitPanel):
        return ""
    return ", ".join(dict.fromkeys(signal_label(reading) for reading in panel.readings))


def figures_sheet(book: Book, pack: BoardPack) -> None:
    """Every figure of the pack in one table that can be filtered."""
    widths = (16, 34, 10, 26, 30, 22, 11, 11, 12, 14, 14, 10, 12, 12, 12, 12, 12, 34)
    sheet = book.sheet("All figures", widths=widths)
    heads = (
        *("Page", "Panel", "Kind", "Metric", "Name", "Group", "From", "To", "Unit", "Value", "As shown", "n"),
        *("Lower", "Mean", "Upper", "Target", "Status", "Reading"),
    )
    sheet.heads(heads)
    for each in figures(pack):
        _figure(sheet, each)
    sheet.sheet.freeze_panes(1, 0)
    sheet.sheet.repeat_rows(0)
    sheet.sheet.autofilter(0, 0, max(1, sheet.row - 1), len(heads) - 1)


def _figure(sheet: Page, each: FigureRow) -> None:
    """The row of one figure: what it is, its dates, its numbers in its own format, and what they mean."""
    row = sheet.row
    for place, text in enumerate((each.page, each.panel, each.kind, each.metric, each.name, each.group)):
        sheet.text(row, place, text)
    for place, day in ((6, each.start), (7, each.end)):
        if day is not None:
            sheet.number(row, place, (day - EPOCH).days, "yyyy-mm-dd")
    sheet.text(row, 8, each.unit)
    sheet.text(row, 10, each.text, align="right")
    code = sheet.book.code(each.value, Unit(each.unit)) if each.unit else "General"
    numbers = ((9, each.value), (12, each.lower), (13, each.mean), (14, each.upper), (15, each.target))
    for place, value in numbers:
        if value is not None:
            sheet.number(row, place, value, code)
    if each.n is not None:
        sheet.number(row, 11, each.n, "#,##0")
    sheet.text(row, 16, each.status)
    sheet.text(row, 17, each.reading)
    sheet.row += 1


def since_sheet(book: Book, pack: BoardPack) -> None:
    """What changed since the last pack of the period; nothing for the first."""
    if pack.since is None:
        return
    heads = {"Figure": 40, "Group": 26, "Page": 20, "Last pack": 16, "Now": 16}
    rows = [(each.figure, each.group, each.page, each.then, each.now) for each in pack.since.changed]
    _listed(book, "Since the last pack", heads, rows)


def definitions_sheet(book: Book, pack: BoardPack) -> None:
    """What each metric means."""
    heads = {
        **{"Metric": 30, "Question": 34, "Why": 44, "Formula": 44, "Unit": 12, "Direction": 20, "Owner": 24},
        **{"Neighbour": 44, "What we do": 40, "Read with care": 40, "Definition from": 30, "Version": 20},
        "Changed": 40,
    }
    rows = [
        (
            about.metric.name,
            about.metric.question,
            about.metric.why,
            about.metric.formula_text,
            about.metric.unit.value,
            about.direction,
            about.metric.owner,
            about.neighbour or "",
            about.metric.action or "",
            about.metric.pitfalls or "",
            about.metric.source or "",
            about.metric.version,
            "; ".join(change.title(locale=about.locale) for change in about.changes),
        )
        for about in pack.definitions
    ]
    _listed(book, "Definitions", heads, rows)


def lineage_sheet(book: Book, pack: BoardPack) -> None:
    """What each metric is made of, where that comes from, and how fresh it is."""
    heads = {
        **{"Metric": 30, "Measure": 34, "Expression": 50, "Dataset": 22, "Table or query": 28, "Source": 16},
        **{"Owner": 20, "Version": 20, "Freshness": 60},
    }
    rows = []
    for about in pack.definitions:
        fresh = {state.dataset: state.line for state in about.freshness}
        rows += [
            (
                about.metric.name,
                item.key,
                item.text,
                item.dataset,
                item.origin,
                item.source,
                item.source_owner,
                item.version,
                fresh.get(item.dataset, ""),
            )
            for item in about.ingredients
        ]
    _listed(book, "Lineage", heads, rows)


def restatements_sheet(book: Book, pack: BoardPack) -> None:
    """Closed figures that are known otherwise now."""
    heads = {
        **{"Period": 26, "Figure": 34, "Closed": 14, "Now": 14, "Difference": 16, "Likely cause": 50},
        "Closed as of run": 16,
    }
    rows = [
        (each.period, each.metric, each.then, each.now, each.difference, each.causes, str(each.run))
        for each in pack.restated
    ]
    _listed(book, "Restatements", heads, rows)


def methods_sheet(book: Book, pack: BoardPack) -> None:
    """How figures are made and judged."""
    rows = [(each.title, each.text) for each in pack.methods]
    _listed(book, "Method", {"What": 28, "How": 120}, rows)


def _listed(book: Book, name: str, heads: Mapping[str, float], rows: Sequence[Sequence[str]]) -> None:
    """A sheet that is one table of texts; `heads` have the widths of their columns."""
    widths = tuple(heads.values())
    sheet = book.sheet(name, widths=widths)
    sheet.heads(tuple(heads))
    for row in rows:
        sheet.wrapped(row, widths)
    if not rows:
        sheet.line("None.")
    sheet.sheet.freeze_panes(1, 1)
    sheet.sheet.repeat_rows(0)
