"""Every figure of a pack as rows, and those of each panel as a CSV file."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, PairPanel, TrendPanel
from dashboard.board.sheet import Sheet
from dashboard.board.table import csv_bytes, table
from dashboard.board.wording import headline_text, signal_label
from dashboard.pack.model import BoardPack, PackPage

HEADLINE, MONTH, FIELD = "headline", "month", "field"
BETWEEN = " · "  # of the parts of a group


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure. `kind`: the headline of a panel, a month of its chart, or a field of an exhibit's table.

    `value`, `lower`, `mean`, `upper` and `target` are in the metric's unit, a percent as a fraction; `text`
    is the figure as the page says it. Of a headline `lower` and `upper` are its 95% interval, of a month the
    process limits. Of a field `name` is the column and `group` the row, by as many of its first
    columns as tell the rows apart; `unit` is empty for a text.
    """

    page: str
    panel: str
    kind: str
    metric: str
    name: str
    group: str
    start: date | None
    end: date | None
    unit: str
    value: float | None
    text: str
    n: float | None
    lower: float | None
    mean: float | None
    upper: float | None
    target: float | None
    status: str
    reading: str


def figure_rows(pack: BoardPack) -> tuple[FigureRow, ...]:
    """All figures, page by page and panel by panel."""
    return tuple(figures(pack))


def figures(pack: BoardPack) -> Iterator[FigureRow]:
    """The same one by one, for whoever need not hold ten thousand of them."""
    return (row for page in pack.pages for row in _of_page(page))


def _of_page(page: PackPage) -> Iterator[FigureRow]:
    name = page.shown.page.name
    for panel in page.shown.panels:
        match panel:
            case PairPanel() | TrendPanel():
                yield from _headlines(name, panel)
                yield from _months(name, panel)
            case ExhibitPanel():
                yield from _fields(name, panel.key, panel.sheet)
            case LockedPanel() | FailedPanel():
                continue


def _headlines(page: str, panel: PairPanel | TrendPanel) -> Iterator[FigureRow]:
    for place, reading in enumerate(panel.readings):
        interval = reading.interval
        yield FigureRow(
            page=page,
            panel=panel.key,
            kind=HEADLINE,
            metric=reading.metric.id,
            name=reading.metric.name,
            group=panel.labels[place] if panel.labels else BETWEEN.join(reading.view.member),
            start=reading.period.start,
            end=reading.period.last_day,
            unit=reading.metric.unit.value,
            value=reading.figure.value,
            text=headline_text(reading),
            n=reading.figure.n,
            lower=interval.low if interval else None,
            mean=None,
            upper=interval.high if interval else None,
            target=reading.target,
            status=reading.figure.status.value,
            reading=signal_label(reading),
        )


def _months(page: str, panel: PairPanel | TrendPanel) -> Iterator[FigureRow]:
    units = {reading.metric.id: reading.metric.unit.value for reading in panel.readings}
    ends = {
        point.period.start.isoformat(): point.period for reading in panel.readings for point in reading.points
    }
    for row in table(panel):
        yield FigureRow(
            page=page,
            panel=panel.key,
            kind=MONTH,
            metric=row.metric,
            name=row.name,
            group=row.group,
            start=ends[row.period].start,
            end=ends[row.period].last_day,
            unit=units[row.metric],
            value=row.value,
            text=row.value_text,
            n=row.n,
            lower=row.lower,
            mean=row.mean,
            upper=row.upper,
            target=row.target,
            status=row.status,
            reading=row.reading,
        )


def _heads(sheet: Sheet) -> int:
    """How many of the first columns it takes to tell the rows apart; 1 where no number of them does."""
    for count in range(1, len(sheet.columns)):
        if len({tuple(field.text for field in row[:count]) for row in sheet.rows}) == len(sheet.rows):
            return count
    return 1


def _groups(sheet: Sheet, heads: int) -> Iterator[str]:
    """What each row is of: `North · Consumer`; of rows that are called alike, the second has a (2)."""
    seen: Counter[str] = Counter()
    for row in sheet.rows:
        name = BETWEEN.join(field.text for field in row[:heads])
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _fields(page: str, panel: str, sheet: Sheet) -> Iterator[FigureRow]:
    heads = _heads(sheet)
    for row, group in zip(sheet.rows, _groups(sheet, heads), strict=True):
        for column, field in zip(sheet.columns[heads:], row[heads:], strict=True):
            unit = column.unit or field.unit
            yield FigureRow(
                page=page,
                panel=panel,
                kind=FIELD,
                metric="",
                name=column.name,
                group=group,
                start=None,
                end=None,
                unit=unit.value if unit else "",
                value=field.value,
                text=field.text,
                n=None,
                lower=None,
                mean=None,
                upper=None,
                target=None,
                status="",
                reading="",
            )


def csv_files(pack: BoardPack) -> Mapping[str, bytes]:
    """A CSV file for each panel that has figures, by file name."""
    made = {}
    for page in pack.pages:
        for panel in page.shown.panels:
            if isinstance(panel, PairPanel | TrendPanel):
                made[f"{file_stem(page, panel.key)}.csv"] = csv_bytes(panel)
            elif isinstance(panel, ExhibitPanel) and panel.sheet.rows:
                made[f"{file_stem(page, panel.key)}.csv"] = panel.sheet.csv_bytes()
    return made


def file_stem(page: PackPage, panel: str) -> str:
    """The name of a panel's files, without its ending: page and key, as the configuration spells them."""
    return f"{page.shown.page.name}-{panel}"
